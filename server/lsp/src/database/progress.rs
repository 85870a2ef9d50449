//! A progress that a person can cancel.

use revline_apply::CancellationToken;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tracing::error;

use super::Act;

/// A progress that is shown from its beginning until [`Progress::end`].
pub(super) struct Progress {
    /// Hears when the person wants it to stop.
    pub(super) cancel: CancellationToken,
    /// Takes how far it is, in percent, and what goes on.
    pub(super) says: mpsc::UnboundedSender<(u32, String)>,
    token: String,
    shown: JoinHandle<()>,
}

impl Progress {
    /// Begins one, where the client shows any; in any case it can be listened to and told.
    pub(super) fn begin(act: &Act, title: String) -> Self {
        let token = format!("revline.run.{}", uuid::Uuid::new_v4());
        let cancel = act.runs.begin(&token);
        let (says, mut hears) = mpsc::unbounded_channel::<(u32, String)>();
        let (editor, features) = (act.editor.clone(), act.world.features.clone());
        let own = token.clone();
        let shown = tokio::spawn(async move {
            let Some(progress) = editor.begin_run(&features, own, title).await else { return };
            while let Some((percent, message)) = hears.recv().await {
                progress.report(percent, message).await;
            }
            progress.end().await;
        });
        Self { cancel, says, token, shown }
    }

    /// Takes it away.
    pub(super) async fn end(self, act: &Act) {
        drop(self.says);
        act.runs.end(&self.token);
        if let Err(panic) = self.shown.await {
            error!(%panic, "the progress of a run failed");
        }
    }
}
