//! Starting a child, hearing what it prints, and its end.

use std::ffi::OsString;
use std::io;
use std::process::Stdio;

use process_wrap::tokio::{ChildWrapper, CommandWrap};
use tokio::io::AsyncWriteExt as _;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::lines::heard;
use crate::{Ended, Line, Task};

/// How long the rest of what a child printed is waited for after its end: somebody whom it started
/// may hold its output open for ever.
const REST: std::time::Duration = std::time::Duration::from_secs(2);

/// A group of processes that does not outlive its owner.
struct Group(Box<dyn ChildWrapper>);

impl Drop for Group {
    fn drop(&mut self) {
        // A group of which nobody is left cannot be killed, and need not.
        drop(self.0.start_kill());
    }
}

/// Runs a child to its end and hands out its lines as they come. Dropping the future kills it, with
/// everything that it started.
///
/// # Errors
/// As the operating system gives them: where there is no such program, or no such folder.
pub async fn run(task: &Task, mut hear: impl FnMut(Line)) -> io::Result<Ended> {
    let deadline = task.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
    let kept = if cfg!(unix) { task.keeper.as_slice() } else { &[] };
    let mut group = Group(match spawn(task, kept) {
        // The program that this is may have been taken away since it was started, by an update.
        Err(error) if error.kind() == io::ErrorKind::NotFound => spawn(task, &[])?,
        other => other?,
    });
    let mut input = group.0.stdin().take();
    let mut not_started = None;
    let mut hear = |line: Line| {
        #[cfg(unix)]
        if !task.keeper.is_empty()
            && let Some(error) = crate::keeper::not_started(line.text())
        {
            not_started = Some(error);
            return;
        }
        hear(line);
    };
    let (send, mut lines) = mpsc::channel(64);
    if let Some(out) = group.0.stdout().take() {
        tokio::spawn(heard(out, Line::Out, send.clone()));
    }
    if let Some(err) = group.0.stderr().take() {
        tokio::spawn(heard(err, Line::Err, send.clone()));
    }
    drop(send);
    if let (Some(input), Some(first)) = (&mut input, &task.input) {
        // A child that has gone already says so by its exit.
        let written = async {
            input.write_all(first.as_bytes()).await?;
            input.write_all(b"\n").await?;
            input.flush().await
        };
        drop(written.await);
    }
    let ended = {
        let over = async {
            match deadline {
                Some(deadline) => sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::pin!(over);
        let waiting = group.0.inner_mut().wait();
        tokio::pin!(waiting);
        loop {
            tokio::select! {
                biased;
                Some(line) = lines.recv() => hear(line),
                status = &mut waiting => break Ended::Exited(status?.code()),
                () = &mut over => break Ended::TimedOut,
            }
        }
    };
    // Whoever is left of the group ends with its leader, and lets go of the output.
    drop(group.0.start_kill());
    if ended == Ended::TimedOut {
        drop(group.0.inner_mut().wait().await);
    }
    let rest = async {
        while let Some(line) = lines.recv().await {
            hear(line);
        }
    };
    drop(tokio::time::timeout(REST, rest).await);
    drop(input);
    match not_started {
        Some(error) => Err(error),
        None => Ok(ended),
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the door that the others are sent to")]
fn spawn(task: &Task, keeper: &[OsString]) -> io::Result<Box<dyn ChildWrapper>> {
    let own =
        std::iter::once(task.program.as_os_str()).chain(task.arguments.iter().map(|it| &**it));
    let mut words = keeper.iter().map(|it| &**it).chain(own);
    let mut command = std::process::Command::new(words.next().unwrap_or_default());
    command
        .args(words)
        .current_dir(&task.folder)
        .env_clear()
        .envs(task.environment.iter().map(|(name, value)| (name, value)))
        .stdin(if task.input.is_some() || !keeper.is_empty() {
            Stdio::piped()
        } else {
            Stdio::null()
        })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut wrap = CommandWrap::from(tokio::process::Command::from(command));
    #[cfg(unix)]
    wrap.wrap(process_wrap::tokio::ProcessGroup::leader());
    #[cfg(windows)]
    wrap.wrap(process_wrap::tokio::JobObject);
    wrap.spawn()
}
