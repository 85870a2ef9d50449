//! What `upgrade`, `downgrade` and `stamp` share: the plan, the question, the run, and what is told.

mod events;
mod own;
mod script;
mod shown;

use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::time::Duration;

use revline_analysis::Depth;
use revline_analysis::settings::Runner;
use revline_apply::{Kind, Person, Plan, PlanError, Request, Run, listed};

use crate::database::{Chosen, INTERRUPTED, connection, interrupted, runtime};
use crate::output::{Failure, ask, heading, print, warn};
use crate::project::{Globals, Opened, check, open, place};
use events::Teller;

pub(crate) use own::passed_through;

/// The options of the commands that change a database.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct Applying {
    /// Print the SQL instead of running it; no database is opened.
    #[arg(long)]
    pub(crate) sql: bool,
    /// Show the plan and change nothing.
    #[arg(long, conflicts_with = "sql")]
    dry_run: bool,
    /// Who runs it: auto, native or alembic; as the settings say unless given.
    #[arg(long, value_name = "RUNNER")]
    runner: Option<String>,
    /// Print an object a line: the plan, and what happens.
    #[arg(long)]
    json: bool,
    /// How long the project's own Alembic may take, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 1800)]
    timeout: u64,
    #[command(flatten)]
    chosen: Chosen,
}

/// A run, and what was said on the command line.
struct Applied<'a> {
    arguments: &'a Applying,
    request: Request,
    opened: &'a Opened,
    run: Run<'a>,
    runner: Option<Runner>,
}

pub(crate) fn run(
    arguments: &Applying,
    request: Request,
    globals: &Globals,
) -> anyhow::Result<ExitCode> {
    let opened = open(globals, Depth::Graph)?;
    let project = opened.only()?;
    check(&opened, project)?;
    if arguments.sql {
        return script::run(&opened, project, &request);
    }
    let person = Person::here();
    let connection = connection(&opened, project, globals, &arguments.chosen, &person)?;
    let named = match &arguments.runner {
        Some(name) => Some(Runner::named(name).ok_or_else(|| {
            let known = ["auto", "native", "alembic"];
            Failure::Ours(revline_analysis::unknown_word("runner", name, known))
        })?),
        None => None,
    };
    let run = Run {
        snapshot: &opened.snapshot,
        project,
        connection: &connection,
        person: &person,
        timeout: Some(Duration::from_secs(arguments.timeout)),
        cancel: None,
    };
    runtime()?.block_on(Applied { arguments, request, opened: &opened, run, runner: named }.all())
}

impl Applied<'_> {
    async fn all(&self) -> anyhow::Result<ExitCode> {
        if self.arguments.dry_run {
            let foreseen = self.run.foresee(&self.request, self.runner).await;
            let plan = foreseen.map_err(Failure::from)?;
            self.show(&plan);
            return Ok(ExitCode::from(u8::from(plan.runner.is_err())));
        }
        if self.arguments.chosen.yes {
            let lock = self.lock().await?;
            let plan = self.plan().await?;
            self.show(&plan);
            let code = self.carry_out(&plan).await?;
            drop(lock);
            return Ok(code);
        }
        let shown = self.plan().await?;
        self.show(&shown);
        if let Err(why) = &shown.runner {
            return Err(Failure::Ours(why.clone()).into());
        }
        if !std::io::stdin().is_terminal() {
            let what = "nobody can be asked without a terminal; give --yes to run this plan, or \
                        --dry-run to see it alone";
            return Err(Failure::Ours(what.to_owned()).into());
        }
        if !shown.is_empty() && !ask(&format!("{} {}?", verb(&shown), shown.address)) {
            return Err(Failure::Ours("nothing was changed".to_owned()).into());
        }
        let lock = self.lock().await?;
        let plan = self.plan().await?;
        if plan != shown {
            warn("somebody moved the database meanwhile; this is the plan now");
            self.show(&plan);
            if !plan.is_empty() && !ask(&format!("{} {}?", verb(&plan), plan.address)) {
                return Err(Failure::Ours("nothing was changed".to_owned()).into());
            }
        }
        let code = self.carry_out(&plan).await?;
        drop(lock);
        Ok(code)
    }

    async fn lock(&self) -> Result<revline_apply::Lock, Failure> {
        let connection = self.run.connection;
        let error = match connection.lock().await {
            Ok(lock) => return Ok(lock),
            Err(error) => error,
        };
        let stands = match revline_apply::standing(self.run.project, connection).await {
            Ok(standing) => format!("; the database stands at {}", listed(&standing.rows)),
            Err(_) => String::new(),
        };
        Err(Failure::Ours(format!("{error}{stands}. Nothing was changed")))
    }

    async fn plan(&self) -> Result<Plan, Failure> {
        self.run.plan(&self.request, self.runner).await.map_err(Failure::from)
    }

    fn show(&self, plan: &Plan) {
        for warning in &plan.warnings {
            warn(warning);
        }
        if self.arguments.json {
            crate::output::print_line(&shown::json(self.opened, self.run.project, plan));
        } else {
            let title = format!("{} {}", plan.request.word(), plan.request.targets.join(" "));
            let at = |span| place(&self.opened.snapshot, span);
            print(&(heading(&title) + &plan.text(self.arguments.dry_run, &at)));
        }
    }

    async fn carry_out(&self, plan: &Plan) -> anyhow::Result<ExitCode> {
        if let Err(why) = &plan.runner {
            return Err(Failure::Ours(why.clone()).into());
        }
        let mut teller = Teller::new(self.opened, self.arguments.json);
        let cancel = interrupted();
        let run = Run { cancel: Some(&cancel), ..self.run };
        let done = run.carry_out(plan, &mut |event| teller.hear(&event)).await;
        match done {
            Ok(rows) => {
                teller.done(&rows);
                Ok(ExitCode::SUCCESS)
            }
            Err(failure) => {
                teller.failed(&failure);
                Ok(ExitCode::from(if failure.is_cancelled { INTERRUPTED } else { 1 }))
            }
        }
    }
}

impl From<PlanError> for Failure {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::History(error) => error.into(),
            PlanError::Database(error) => Self::Ours(format!("{error}. Nothing was changed")),
        }
    }
}

/// What a plan does, as a question begins.
fn verb(plan: &Plan) -> &'static str {
    match plan.request.kind {
        Kind::Upgrade => "Upgrade",
        Kind::Downgrade => "Downgrade",
        Kind::Stamp { .. } => "Stamp",
    }
}
