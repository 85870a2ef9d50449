//! What a person asks of a database: to connect to it, or to run migrations on it.

use std::time::Duration;

use revline_analysis::{FailedRun, Project};
use revline_apply::{
    Connection, Denied, Event as Happened, Failure, Kind, Plan, Request, Run, listed,
};
use revline_history::RevisionId;
use revline_text::{Encoding, Span};
use serde_json::Value;
use tracing::error;

use super::progress::Progress;
use super::{Access, Runs};
use crate::client::{Editor, Tone};
use crate::event::Event;
use crate::requests;
use crate::session::Mailbox;
use crate::world::World;

/// How long the project's own Alembic may take.
const PATIENCE: Duration = Duration::from_secs(1800);

/// How many steps are named in a question.
const NAMED: usize = 8;

/// What a command asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Wish {
    /// Agree to a database that was discovered.
    Connect,
    /// Look where the database stands.
    Look,
    /// Compare the models with the database.
    Compare,
    /// Write the revision that the models ask for, with this message.
    Generate(String),
    /// Run migrations.
    Run(Request),
}

/// The wish behind a command of the client; `None` for a command that is about no database.
pub(crate) fn wish(command: &str, argument: &Value) -> Option<Wish> {
    let text = |key: &str| argument.get(key).and_then(Value::as_str).map(str::to_owned);
    let run = |kind, target: &str| {
        let targets = vec![text("target").unwrap_or_else(|| target.to_owned())];
        Wish::Run(Request { kind, targets })
    };
    let wish = match command {
        "revline.autogenerate" => {
            Wish::Generate(text("message").unwrap_or_else(|| "model changes".to_owned()))
        }
        "revline.check" => Wish::Compare,
        "revline.connect" => Wish::Connect,
        "revline.status" => Wish::Look,
        "revline.upgrade" => run(Kind::Upgrade, "heads"),
        "revline.downgrade" => run(Kind::Downgrade, "-1"),
        "revline.stamp" => run(Kind::Stamp { purge: false }, "heads"),
        _ => return None,
    };
    Some(wish)
}

/// A wish on its way.
pub(crate) struct Act {
    pub(crate) world: World,
    pub(crate) editor: Editor,
    pub(crate) mailbox: Mailbox,
    pub(crate) runs: Runs,
    /// What the client said beside the command.
    pub(crate) argument: Value,
    pub(crate) wish: Wish,
}

impl Act {
    /// Begins it as a task of its own; what came of it is told to the person.
    pub(crate) fn begin(self) {
        let editor = self.editor.clone();
        tokio::spawn(async move {
            let runtime = tokio::runtime::Handle::current();
            let done = tokio::task::spawn_blocking(move || runtime.block_on(self.done())).await;
            match done {
                Ok(Ok(None)) => {}
                Ok(Ok(Some(said))) => editor.tell(Tone::Information, said),
                Ok(Err(why)) => editor.tell(Tone::Error, why),
                Err(panic) => {
                    error!(%panic, "a command about a database panicked");
                    editor.tell(Tone::Error, "Revline failed; its log says more".to_owned());
                }
            }
        });
    }

    pub(super) fn access(&self) -> &Access {
        &self.world.access
    }

    /// What runs on a database that may be opened.
    pub(super) fn run_on<'a>(
        &'a self,
        project: &'a Project,
        connection: &'a Connection,
    ) -> Run<'a> {
        let (snapshot, person) = (&self.world.snapshot, &self.access().person);
        Run { snapshot, project, connection, person, timeout: Some(PATIENCE), cancel: None }
    }

    /// What is said to the person in the end; an error is said as one.
    async fn done(&self) -> Result<Option<String>, String> {
        let project = requests::project(&self.world, &self.argument)?;
        if !self.access().trusted {
            let why = "This folder is not trusted: no database is opened and nothing is run.";
            return Err(why.to_owned());
        }
        let Some(connection) = self.connection(project).await? else { return Ok(None) };
        let said = match &self.wish {
            Wish::Connect => Ok(Some(format!("Connected to {}", connection.address))),
            Wish::Look => self.standing(project, &connection).await.map(Some),
            Wish::Compare => self.compare(project, &connection).await,
            Wish::Generate(message) => self.generate(project, &connection, message).await,
            Wish::Run(request) => self.run(project, &connection, request).await,
        };
        self.mailbox.post(Event::Look(Some(project.environment.script_location.clone())));
        said
    }

    /// The database, where it may be opened; none where the person says so.
    async fn connection(&self, project: &Project) -> Result<Option<Connection>, String> {
        let (snapshot, person) = (&self.world.snapshot, &self.access().person);
        let files = snapshot.files();
        let believed = self
            .access()
            .believed(snapshot, project)
            .map_err(|none| format!("No database is known: {}; {}", none.why, none.way_out))?;
        let connect = || {
            let hosts = self.access().hosts(files, project);
            person.connect(files, project, &believed, &hosts)
        };
        let denied = match connect() {
            Ok(connection) => return Ok(Some(connection)),
            Err(denied) => denied,
        };
        let (question, yes) = match &denied {
            Denied::Unasked { address } => {
                (format!("Connect to {address}? The project's env.py leads there."), "Connect")
            }
            Denied::Host { host, one_word: true, address } => (
                format!(
                    "{address} is not on this machine. `{host}` is a name such as the services of \
                     a compose file have: allow it for this project, and connect?"
                ),
                "Allow and connect",
            ),
            Denied::Host { .. } if self.world.features.show_document => {
                return self.refused(denied.to_string()).await.map(|()| None);
            }
            denied => return Err(denied.to_string()),
        };
        if self.editor.ask(Tone::Information, question, &[yes, "Not now"]).await.as_deref()
            != Some(yes)
        {
            return Ok(None);
        }
        let kept = match &denied {
            Denied::Host { host, address, .. } => person
                .allow_host(files, project, host)
                .and_then(|()| person.agree(files, project, address)),
            Denied::Unasked { address } => person.agree(files, project, address),
            _ => Ok(()),
        };
        kept.map_err(|error| {
            format!("Nothing was connected to, since your answer cannot be remembered: {error}")
        })?;
        connect().map(Some).map_err(|denied| denied.to_string())
    }

    /// Says that a host is refused, with the way to the settings in which it could be allowed.
    async fn refused(&self, why: String) -> Result<(), String> {
        let opens = "Open my settings";
        if self.editor.ask(Tone::Warning, why, &[opens, "Close"]).await.as_deref() != Some(opens) {
            return Ok(());
        }
        let person = &self.access().person;
        let path = person
            .settings_file(self.world.snapshot.files())
            .map_err(|error| format!("Your own settings cannot be written: {error}"))?;
        let path = path.ok_or("This machine has no folder for your own settings")?;
        self.editor.show(&self.world.features, &path).await;
        Ok(())
    }

    async fn standing(&self, project: &Project, connection: &Connection) -> Result<String, String> {
        let standing = revline_apply::standing(project, connection).await;
        let standing = standing.map_err(|error| error.to_string())?;
        let pending = match standing.pending.len() {
            0 => "nothing is pending".to_owned(),
            1 => "1 revision is pending".to_owned(),
            count => format!("{count} revisions are pending"),
        };
        Ok(format!("{} stands at {}; {pending}", connection.address, listed(&standing.rows)))
    }

    async fn run(
        &self,
        project: &Project,
        connection: &Connection,
        request: &Request,
    ) -> Result<Option<String>, String> {
        let run = self.run_on(project, connection);
        let plan = run.plan(request, None).await.map_err(|error| error.to_string())?;
        if plan.is_empty() {
            let rows = listed(&plan.rows);
            return Ok(Some(format!("Nothing to do: {} stands at {rows}", plan.address)));
        }
        if let Err(why) = &plan.runner {
            return Err(format!("Nothing was run: {why}"));
        }
        if !self.is_wanted(project, &plan).await {
            return Ok(None);
        }
        let lock = connection.lock().await.map_err(|error| error.to_string())?;
        let again = run.plan(request, None).await.map_err(|error| error.to_string())?;
        if again != plan {
            return Err(format!(
                "Nothing was run: somebody moved {} to {} meanwhile",
                plan.address,
                listed(&again.rows)
            ));
        }
        let outcome = self.carried_out(run, &plan).await;
        drop(lock);
        self.outcome(project, &plan, outcome)
    }

    /// Shows a plan and asks.
    async fn is_wanted(&self, project: &Project, plan: &Plan) -> bool {
        let (verb, shows) = (verb(plan), "Show the plan");
        loop {
            let features = &self.world.features;
            let can_show = features.documents && features.show_document;
            let choices: &[&str] =
                if can_show { &[verb, shows, "Cancel"] } else { &[verb, "Cancel"] };
            match self.editor.ask(Tone::Information, question(plan), choices).await.as_deref() {
                Some(answer) if answer == verb => return true,
                Some(answer) if answer == shows => {
                    let text = plan.text(true, &|span| self.place(span));
                    let uri = self.runs.keep_plan(project.name(), text);
                    self.editor.show_document(features, &uri).await;
                }
                _ => return false,
            }
        }
    }

    /// A place as people say it: `b.py:12`.
    fn place(&self, span: Span) -> String {
        let snapshot = &self.world.snapshot;
        let path = snapshot.files().path(span.file);
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into());
        let line = snapshot
            .text(span.file)
            .map_or(0, |text| text.position(span.range.start(), Encoding::Utf8).line);
        format!("{name}:{}", line + 1)
    }

    /// Runs a plan under a progress that can be cancelled.
    async fn carried_out(&self, run: Run<'_>, plan: &Plan) -> Result<Vec<RevisionId>, Failure> {
        let title = format!("{} {}", verb(plan), plan.address);
        let progress = Progress::begin(self, title);
        let says = progress.says.clone();
        let mut hear = move |event| {
            if let Happened::Began { number, of, label, title } = event {
                let percent = u32::try_from((number - 1) * 100 / of.max(1)).unwrap_or(100);
                // Whoever shows the progress may have gone away.
                let _heard = says.send((percent, format!("{number}/{of} {label} {title}")));
            }
        };
        let run = Run { cancel: Some(&progress.cancel), ..run };
        let outcome = run.carry_out(plan, &mut hear).await;
        drop(hear);
        progress.end(self).await;
        outcome
    }

    /// Tells what came of a run.
    fn outcome(
        &self,
        project: &Project,
        plan: &Plan,
        outcome: Result<Vec<RevisionId>, Failure>,
    ) -> Result<Option<String>, String> {
        let here = project.environment.script_location.clone();
        match outcome {
            Ok(rows) => {
                self.mailbox.post(Event::Ran(here, None, Some(rows.clone())));
                Ok(Some(format!("{} stands at {}", plan.address, listed(&rows))))
            }
            Err(failure) => {
                let at = failure.span.and_then(|span| {
                    let text = self.world.snapshot.text_identity(project, span.file)?;
                    Some(FailedRun { span, text, message: failure.message.clone() })
                });
                self.mailbox.post(Event::Ran(here, at, failure.rows.clone()));
                let step = failure.step.map(|step| format!(" in {step}")).unwrap_or_default();
                let stands = failure.rows.map_or_else(
                    || "where it stands now could not be read".to_owned(),
                    |rows| format!("it stands at {}", listed(&rows)),
                );
                if failure.is_cancelled {
                    let rest = "what was finished stays, the step that was running is taken back \
                                where the database can";
                    return Err(format!(
                        "The run on {} was cancelled: {rest}; {stands}",
                        plan.address
                    ));
                }
                // The errors of a database begin with its address.
                let address = format!("{}: ", plan.address);
                let why = failure.message.strip_prefix(&address).unwrap_or(&failure.message);
                Err(format!("The run on {} failed{step}: {why}; {stands}", plan.address))
            }
        }
    }
}

/// What a plan does, as a button says it.
fn verb(plan: &Plan) -> &'static str {
    match plan.request.kind {
        Kind::Upgrade => "Upgrade",
        Kind::Downgrade => "Downgrade",
        Kind::Stamp { .. } => "Stamp",
    }
}

/// A plan as a question.
fn question(plan: &Plan) -> String {
    let mut text = format!(
        "{} {} from {} to {}?",
        verb(plan),
        plan.address,
        listed(&plan.rows),
        listed(&plan.after)
    );
    for step in plan.steps.iter().take(NAMED) {
        text.push_str(&format!("\n{} {}", step.label, step.title));
    }
    if let Some(more) = plan.steps.len().checked_sub(NAMED).filter(|more| *more > 0) {
        text.push_str(&format!("\nand {more} more"));
    }
    for lost in plan.lost() {
        text.push_str(&format!("\nLost: {lost}"));
    }
    for warning in &plan.warnings {
        text.push_str(&format!("\n{warning}"));
    }
    if let Ok(runner) = &plan.runner {
        text.push_str(&format!("\nRun by {}: {}", runner.as_str(), plan.why));
    }
    text
}
