//! What the session does about files that change on disk without a word from the client.

use std::time::Duration;

use tracing::error;

use super::Session;
use crate::event::Event;
use crate::work::Lane;

/// How long a change on disk may go unseen where the client watches no files. A look at ten thousand
/// files takes some tens of milliseconds in the background.
const LOOK: Duration = Duration::from_secs(2);

impl Session {
    /// Where the client does not tell of changes on disk, they are looked for while it lives.
    pub(super) fn look_now_and_then(&self) {
        if self.features.watch_files {
            return;
        }
        let mailbox = self.mailbox.downgrade();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOK).await;
                if !mailbox.post_if_alive(Event::CheckDisk) {
                    return;
                }
            }
        });
    }

    /// Looks for changes on disk where the client does not tell of them.
    pub(super) fn check_disk(&mut self) {
        if self.features.watch_files || !self.indexed {
            return;
        }
        let check = self.disk.begin(self.inputs.snapshot());
        let (mailbox, lanes) = (self.mailbox.clone(), self.lanes.clone());
        tokio::spawn(async move {
            match lanes.run(Lane::Background, move |_| check.changed()).await {
                Ok(paths) if !paths.is_empty() => mailbox.post(Event::Touched(paths)),
                Ok(_) => {}
                Err(failure) => error!(?failure, "looking for changes on disk failed"),
            }
        });
    }
}
