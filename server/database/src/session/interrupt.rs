//! Stopping a statement that runs, from another task.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::address::Address;
use crate::error::Error;

use super::{Access, Backend, Session, Timeouts};

/// A handle that stops what its session runs. It outlives the session, and does nothing then.
#[derive(Clone, Debug)]
pub struct Interrupt {
    pub(crate) address: Address,
    pub(crate) timeouts: Timeouts,
    pub(crate) way: Way,
}

#[derive(Clone, Debug)]
pub(crate) enum Way {
    /// SQLite asks this every few thousand steps.
    Watch(Arc<Watch>),
    /// The server knows the session by this number.
    Number(u64),
}

/// What SQLite is to look at while it runs.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    stops: AtomicBool,
    until: Mutex<Option<Instant>>,
    is_late: AtomicBool,
}

impl Watch {
    /// A statement begins, which may take until then.
    pub(crate) fn begin(&self, until: Option<Instant>) {
        self.stops.store(false, Ordering::Relaxed);
        self.is_late.store(false, Ordering::Relaxed);
        *self.until.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }

    /// Whether it may go on.
    pub(crate) fn goes_on(&self) -> bool {
        let until = *self.until.lock().unwrap_or_else(PoisonError::into_inner);
        let is_late = until.is_some_and(|until| Instant::now() >= until);
        self.is_late.fetch_or(is_late, Ordering::Relaxed);
        !is_late && !self.stops.load(Ordering::Relaxed)
    }

    /// Whether it was stopped by the clock.
    pub(crate) fn is_late(&self) -> bool {
        self.is_late.load(Ordering::Relaxed)
    }
}

impl Session {
    /// A handle for another task.
    pub fn interrupt(&self) -> Interrupt {
        Interrupt { address: self.address.clone(), timeouts: self.timeouts, way: self.way.clone() }
    }
}

impl Interrupt {
    /// Stops the running statement, which fails with [`crate::ErrorKind::Cancelled`]. Nothing happens where none runs.
    ///
    /// # Errors
    /// [`Error`] when the server cannot be reached to say so.
    pub async fn stop(&self) -> Result<(), Error> {
        let number = match &self.way {
            Way::Watch(watch) => {
                watch.stops.store(true, Ordering::Relaxed);
                return Ok(());
            }
            Way::Number(number) => number,
        };
        let sql = match self.address.backend() {
            Backend::Postgresql => format!("SELECT pg_catalog.pg_cancel_backend({number})"),
            _ => format!("KILL QUERY {number}"),
        };
        let mut session = Session::open(&self.address, Access::Change, &self.timeouts).await?;
        let stopped = session.run(&sql).await;
        session.close().await;
        match stopped {
            // Whoever has gone cannot be stopped.
            Err(error) if error.code.as_deref() == Some("1094") => Ok(()),
            other => other.map(drop),
        }
    }
}

impl Interrupt {
    /// Ends the session, with what it runs, where the server knows it by a number; a SQLite session ends
    /// with whoever has it, and what it runs is stopped.
    ///
    /// # Errors
    /// As [`end_session`].
    pub async fn end(&self) -> Result<(), Error> {
        match self.way {
            Way::Watch(_) => self.stop().await,
            Way::Number(number) => end_session(&self.address, &self.timeouts, number).await,
        }
    }
}

/// How long an ended session is waited for.
const GOING: Duration = Duration::from_secs(2);

/// Ends another session of the same database by the number that the server knows it by, and waits until it has gone;
/// nothing happens where it has gone already, and on SQLite, which has none.
///
/// # Errors
/// [`Error`] when the server cannot be reached to say so, or does not let this user do it.
pub async fn end_session(address: &Address, timeouts: &Timeouts, number: u64) -> Result<(), Error> {
    let (ends, is_there) = match address.backend() {
        Backend::Sqlite => return Ok(()),
        Backend::Postgresql => {
            let own = format!(
                "FROM pg_catalog.pg_stat_activity \
                 WHERE pid = {number} AND datname = pg_catalog.current_database()"
            );
            (
                format!("SELECT pg_catalog.pg_terminate_backend(pid) {own}"),
                format!("SELECT 1 {own}"),
            )
        }
        Backend::Mysql => (
            format!("KILL {number}"),
            format!("SELECT 1 FROM information_schema.processlist WHERE id = {number}"),
        ),
    };
    let mut session = Session::open(address, Access::Change, timeouts).await?;
    let ended = async {
        session.run(&ends).await?;
        let until = Instant::now() + GOING;
        while session.value(&is_there).await?.is_some() && Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    };
    let ended: Result<(), Error> = ended.await;
    session.close().await;
    match ended {
        // Whoever has gone cannot be ended.
        Err(error) if error.code.as_deref() == Some("1094") => Ok(()),
        other => other,
    }
}
