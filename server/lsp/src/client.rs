//! The client, as the session speaks to it: plain data in, messages out, in order.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use revline_lint::Finding;
use revline_text::FileId;
use revline_vfs::Files;
use tokio::sync::mpsc;
use tower_lsp::{Bounded, Cancellable, Client, NotCancellable, OngoingProgress, Unbounded};
use tracing::{debug, warn};

use crate::event::Event;
use crate::features::Features;
use crate::outgoing::{self, Outgoing};
use crate::session::Mailbox;

type Message = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The client. Notifications leave in the order in which they were given; nothing here waits.
#[derive(Clone)]
pub(crate) struct Editor {
    client: Client,
    outbox: mpsc::UnboundedSender<Message>,
}

/// How something is said to a person.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Tone {
    /// It went well.
    Information,
    /// Something else is wanted first.
    Warning,
    /// It did not.
    Error,
}

/// A progress of a run, with a button that cancels it.
pub(crate) struct RunShown(OngoingProgress<Bounded, Cancellable>);

impl RunShown {
    /// How far it is, in percent, and what goes on.
    pub(crate) async fn report(&self, percent: u32, message: String) {
        self.0.report_with_message(message, percent, Some(true)).await;
    }

    /// Takes it away.
    pub(crate) async fn end(self) {
        self.0.finish().await;
    }
}

/// A progress that the client shows.
pub(crate) struct Shown(OngoingProgress<Unbounded, NotCancellable>);

impl Shown {
    /// Takes it away.
    pub(crate) async fn end(self) {
        self.0.finish().await;
    }
}

impl Editor {
    pub(crate) fn new(client: Client) -> Self {
        let (outbox, mut messages) = mpsc::unbounded_channel::<Message>();
        tokio::spawn(async move {
            while let Some(message) = messages.recv().await {
                message.await;
            }
        });
        Self { client, outbox }
    }

    fn send(&self, message: impl Future<Output = ()> + Send + 'static) {
        if self.outbox.send(Box::pin(message)).is_err() {
            debug!("a message after the end of the session");
        }
    }

    /// Publishes the findings of a file.
    pub(crate) fn publish(
        &self,
        files: &Files,
        features: &Features,
        file: FileId,
        findings: Arc<Vec<Finding>>,
    ) {
        let Some(uri) = outgoing::uri(&files.path(file)) else { return };
        let outgoing = Outgoing::new(files, features);
        let diagnostics = findings.iter().map(|finding| outgoing.diagnostic(finding)).collect();
        let version = files.document(file).map(|document| document.version);
        let client = self.client.clone();
        self.send(async move { client.publish_diagnostics(uri, diagnostics, version).await });
    }

    /// Tells the client to ask again for what it pulled.
    pub(crate) fn refresh(&self, features: &Features) {
        if features.pull_diagnostics && features.refresh_diagnostics {
            let client = self.client.clone();
            tokio::spawn(async move {
                if let Err(error) = client.workspace_diagnostic_refresh().await {
                    debug!(%error, "the client does not refresh diagnostics");
                }
            });
        }
        if features.refresh_lenses {
            let client = self.client.clone();
            tokio::spawn(async move {
                if let Err(error) = client.code_lens_refresh().await {
                    debug!(%error, "the client does not refresh lenses");
                }
            });
        }
    }

    /// The client is ready: watches are registered, and its settings asked for.
    pub(crate) fn ready(&self, features: &Features, mailbox: &Mailbox) {
        if features.watch_files {
            let client = self.client.clone();
            tokio::spawn(async move {
                if let Err(error) = client.register_capability(outgoing::watches()).await {
                    warn!(%error, "the client refused to watch files");
                }
            });
        }
        self.ask_settings(features, mailbox);
    }

    /// Asks for the settings; the answer comes as an event.
    pub(crate) fn ask_settings(&self, features: &Features, mailbox: &Mailbox) {
        if !features.configuration {
            return;
        }
        let (client, mailbox) = (self.client.clone(), mailbox.clone());
        tokio::spawn(async move {
            match client.configuration(outgoing::settings_wanted()).await {
                Ok(answers) => {
                    if let Some(settings) = answers.into_iter().find(serde_json::Value::is_object) {
                        mailbox.post(Event::Settings(Some(settings)));
                    }
                }
                Err(error) => debug!(%error, "the client did not tell its settings"),
            }
        });
    }

    /// Shows that something goes on.
    pub(crate) async fn begin_progress(
        &self,
        features: &Features,
        title: &'static str,
    ) -> Option<Shown> {
        if !features.progress {
            return None;
        }
        let token = outgoing::progress_token();
        self.client.create_work_done_progress(token.clone()).await.ok()?;
        Some(Shown(self.client.progress(token, title).begin().await))
    }

    /// Shows that a run goes on; its token comes back when the person cancels it.
    pub(crate) async fn begin_run(
        &self,
        features: &Features,
        token: String,
        title: String,
    ) -> Option<RunShown> {
        if !features.progress {
            return None;
        }
        let token = outgoing::token(token);
        self.client.create_work_done_progress(token.clone()).await.ok()?;
        let progress = self.client.progress(token, title).with_percentage(0).with_cancel_button();
        Some(RunShown(progress.begin().await))
    }

    /// Says something to the person.
    pub(crate) fn tell(&self, tone: Tone, message: String) {
        let client = self.client.clone();
        self.send(async move { client.show_message(outgoing::tone(tone), message).await });
    }

    /// Asks the person; the answer that they chose, none where they went away.
    pub(crate) async fn ask(
        &self,
        tone: Tone,
        question: String,
        answers: &[&str],
    ) -> Option<String> {
        let (tone, answers) = (outgoing::tone(tone), outgoing::answers(answers));
        match self.client.show_message_request(tone, question, Some(answers)).await {
            Ok(answer) => answer.map(|item| item.title),
            Err(error) => {
                debug!(%error, "the client did not ask the person");
                None
            }
        }
    }

    /// Asks the client to make a change; whether it did.
    pub(crate) async fn apply(
        &self,
        files: &Files,
        features: &Features,
        change: &revline_text::SourceChange,
    ) -> Result<(), String> {
        let edit = Outgoing::new(files, features)
            .workspace_edit(change)
            .ok_or("a path of the change has no URI")?;
        match self.client.apply_edit(edit).await {
            Ok(answer) if answer.applied => Ok(()),
            Ok(answer) => {
                Err(answer.failure_reason.unwrap_or_else(|| "the editor refused".to_owned()))
            }
            Err(error) => Err(error.to_string()),
        }
    }

    /// Tells the client to ask again for a document of the scheme `revline`.
    pub(crate) fn renew_document(&self, uri: String) {
        let client = self.client.clone();
        tokio::spawn(async move {
            let params = serde_json::json!({ "uri": uri });
            if let Err(error) = client.send_request::<outgoing::RenewDocument>(params).await {
                debug!(%error, "the client does not renew documents");
            }
        });
    }

    /// Warns the person of each thing.
    pub(crate) fn warn(&self, sentences: Vec<String>) {
        for sentence in sentences {
            let client = self.client.clone();
            self.send(async move { client.show_message(outgoing::WARNING, sentence).await });
        }
    }

    /// Tells how the server stands.
    pub(crate) fn tell_status(&self, status: serde_json::Value) {
        let client = self.client.clone();
        self.send(async move { client.send_notification::<outgoing::Status>(status).await });
    }

    /// Tells that graphs changed.
    pub(crate) fn tell_graph_changed(&self) {
        let client = self.client.clone();
        let params = serde_json::json!({});
        self.send(async move { client.send_notification::<outgoing::GraphChanged>(params).await });
    }

    /// Asks the client to show a document of the scheme `revline`.
    pub(crate) async fn show_document(&self, features: &Features, uri: &str) {
        if !features.show_document || !features.documents {
            return;
        }
        if let Some(show) = outgoing::show_uri(uri)
            && let Err(error) = self.client.show_document(show).await
        {
            debug!(%error, "the client did not show the document");
        }
    }

    /// Asks the client to show a file.
    pub(crate) async fn show(&self, features: &Features, path: &std::path::Path) {
        if !features.show_document {
            return;
        }
        if let Some(show) = outgoing::show(path)
            && let Err(error) = self.client.show_document(show).await
        {
            debug!(%error, "the client did not show the file");
        }
    }
}
