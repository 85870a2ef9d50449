//! Where computation runs: two bounded lanes beside the protocol's task.
//!
//! What a keystroke waits for runs in [`Lane::Interactive`], the rest in [`Lane::Background`]; an
//! unbounded pool on two cores would let a workspace pull starve a hover. A panic ends the one
//! computation, never the server.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Semaphore;

/// Which queue a computation waits in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Lane {
    /// A person waits for the answer.
    Interactive,
    /// Nobody looks at the screen for it.
    Background,
}

/// Why a computation gave no value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Failure {
    /// Whoever asked went away.
    Cancelled,
    /// It panicked; the message of the panic.
    Panicked(String),
}

/// A flag that a long computation looks at between steps.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Whether to stop.
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Asks the computation to stop.
    pub(crate) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Sets the flag when the future that waits for the answer is dropped: `$/cancelRequest` does that.
struct CancelOnDrop(Cancel);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.set();
    }
}

/// The two lanes.
#[derive(Clone)]
pub(crate) struct Lanes {
    interactive: Arc<Semaphore>,
    background: Arc<Semaphore>,
}

impl Lanes {
    /// Lanes for a machine with `cores` processors.
    pub(crate) fn new(cores: usize) -> Self {
        Self {
            interactive: Arc::new(Semaphore::new(cores.max(2))),
            background: Arc::new(Semaphore::new((cores / 2).max(1))),
        }
    }

    /// Runs `compute` off the protocol's task and returns its value, or why there is none. Dropping
    /// the returned future sets the computation's [`Cancel`].
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        lane: Lane,
        compute: impl FnOnce(&Cancel) -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let semaphore = match lane {
            Lane::Interactive => self.interactive.clone(),
            Lane::Background => self.background.clone(),
        };
        let cancel = Cancel::default();
        let guard = CancelOnDrop(cancel.clone());
        // The lanes are never closed; a closed one could only mean that the server is going down.
        let permit = semaphore.acquire_owned().await.map_err(|_| Failure::Cancelled)?;
        let task = tokio::task::spawn_blocking(move || {
            // Held by the thread, not by the future: a cancelled computation that still runs counts.
            let _permit = permit;
            if cancel.is_set() {
                return Err(Failure::Cancelled);
            }
            catch_unwind(AssertUnwindSafe(|| compute(&cancel)))
                .map_err(|payload| Failure::Panicked(message(&*payload)))
        });
        let result = match task.await {
            Ok(result) => result,
            Err(error) if error.is_panic() => Err(Failure::Panicked(error.to_string())),
            Err(_) => Err(Failure::Cancelled),
        };
        drop(guard);
        result
    }
}

fn message(payload: &(dyn Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "a panic without a message".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_failure_and_the_lane_goes_on() {
        let lanes = Lanes::new(1);
        let failed = lanes.run(Lane::Background, |_| panic!("on purpose")).await;
        assert_eq!(failed, Err::<(), _>(Failure::Panicked("on purpose".to_owned())));
        assert_eq!(lanes.run(Lane::Background, |_| 7).await, Ok(7));
    }

    #[tokio::test]
    async fn dropping_the_answer_cancels_the_computation() {
        let lanes = Lanes::new(1);
        let (started, wait_started) = tokio::sync::oneshot::channel();
        let (ended, wait_ended) = tokio::sync::oneshot::channel();
        let task = tokio::spawn(async move {
            let run = lanes.run(Lane::Background, move |cancel| {
                let _ = started.send(());
                while !cancel.is_set() {
                    std::thread::yield_now();
                }
                let _ = ended.send(());
            });
            run.await
        });
        wait_started.await.expect("the computation starts");
        task.abort();
        wait_ended.await.expect("the computation saw the cancel flag");
    }
}
