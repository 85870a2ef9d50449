//! What the native runner knows of a plan, and why it would not run it.

use std::sync::Arc;

use revline_analysis::{Direction, Execution, Project, Snapshot};
use revline_database::{Backend, Session};
use revline_history::{Node, RevisionId, Step};
use revline_schema::Schema;
use revline_sql::{Dialect, Memory, Settings, StatementKind, Status};
use revline_text::Span;

use super::{PlannedStep, Reason};
use crate::connect::Connection;
use crate::{lost, observe};

/// The schema on its way through a plan.
pub(crate) struct Walk<'a> {
    snapshot: &'a Snapshot,
    project: &'a Project,
    pub(crate) dialect: &'static dyn Dialect,
    pub(crate) settings: Settings,
    /// What the history says that the database holds.
    followed: Arc<Schema>,
    memory: Memory,
}

impl<'a> Walk<'a> {
    /// A walk from the rows of a version table; why there is none.
    pub(crate) fn new(
        snapshot: &'a Snapshot,
        project: &'a Project,
        connection: &Connection,
        rows: &[RevisionId],
    ) -> Result<Self, String> {
        let name = connection.address.backend().dialect();
        let dialect = revline_sql::dialect(name)
            .filter(|_| connection.address.backend() != Backend::Mysql)
            .ok_or_else(|| format!("Revline itself runs nothing on {name} yet"))?;
        let history = project.history();
        let nodes: Vec<Node> = rows.iter().filter_map(|row| history.find(row.as_str())).collect();
        Ok(Self {
            snapshot,
            project,
            dialect,
            settings: snapshot.execution_settings(project, &connection.believed),
            followed: snapshot.schema_of_rows(project, &nodes, dialect),
            memory: Memory::default(),
        })
    }

    /// What a step executes. Where that rests on the schema, the session's database is looked at.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn step(
        &mut self,
        step: &Step,
        session: Option<&mut Session>,
    ) -> Result<Execution, revline_database::Error> {
        let (node, direction) = match step {
            Step::Upgrade(node) => (*node, Direction::Upgrade),
            Step::Downgrade(node) => (*node, Direction::Downgrade),
            // Nothing is run for it.
            Step::Stamp(_) => return Ok(self.nothing()),
        };
        let mut memory = self.memory.clone();
        let mut execution = self.evaluated(node, direction, &self.followed.clone(), &mut memory);
        if !execution.rests_on.is_empty()
            && let Some(session) = session
        {
            let seen =
                observe::observed(session, &self.followed, self.dialect, &self.settings).await?;
            memory = self.memory.clone();
            execution = self.evaluated(node, direction, &seen, &mut memory);
        }
        self.memory = memory;
        self.followed = execution.after.clone();
        Ok(execution)
    }

    fn evaluated(
        &self,
        node: Node,
        direction: Direction,
        before: &Arc<Schema>,
        memory: &mut Memory,
    ) -> Execution {
        self.snapshot.execution(
            self.project,
            (node, direction),
            self.dialect,
            &self.settings,
            (before, memory),
        )
    }

    fn nothing(&self) -> Execution {
        Execution {
            rendered: revline_sql::Rendered::default(),
            migration: None,
            after: self.followed.clone(),
            rests_on: std::collections::BTreeSet::new(),
        }
    }
}

/// Fills in the statements of each step, and why not all of it could be run.
pub(super) async fn fill(
    mut walk: Walk<'_>,
    session: Option<&mut Session>,
    steps: &mut [PlannedStep],
    reasons: &mut Vec<Reason>,
) -> Result<(), revline_database::Error> {
    // The database is as the first step meets it; the others are walked to from there.
    let mut session = session;
    for planned in steps {
        let mut execution = walk.step(&planned.step, session.take()).await?;
        if let Some(migration) = &execution.migration {
            planned.lost = lost::lost(&migration.steps);
        }
        reasons.extend(objection(&execution, walk.dialect).map(|(why, span)| Reason {
            step: Some(planned.label.clone()),
            why,
            span,
        }));
        planned.status = execution.rendered.status;
        planned.statements = std::mem::take(&mut execution.rendered.statements);
    }
    Ok(())
}

/// Why the environment as a whole is not run natively.
pub(super) fn environment(connection: &Connection) -> Vec<Reason> {
    let believed = &connection.believed;
    let mut reasons: Vec<Reason> = believed
        .beside
        .iter()
        .map(|beside| Reason { step: None, why: beside.why.to_string(), span: Some(beside.span) })
        .collect();
    if connection.address.backend() == Backend::Postgresql
        && matches!(believed.transactional_ddl, Ok(Some(false)))
    {
        let why = "env.py says that PostgreSQL's DDL is outside of transactions".to_owned();
        reasons.push(Reason { step: None, why, span: None });
    }
    let unknowns = [
        ("transaction_per_migration", believed.transaction_per_migration.as_ref().err()),
        ("transactional_ddl", believed.transactional_ddl.as_ref().err()),
    ];
    for (name, unknown) in unknowns {
        reasons.extend(unknown.map(|unknown| Reason {
            step: None,
            why: format!("`{name}` is not known: {}", unknown.why),
            span: Some(unknown.span),
        }));
    }
    reasons
}

/// Why a step is not run natively.
pub(crate) fn objection(
    execution: &Execution,
    dialect: &'static dyn Dialect,
) -> Option<(String, Option<Span>)> {
    let rendered = &execution.rendered;
    if rendered.status > Status::Derived || !rendered.unknowns.is_empty() {
        let first = rendered.unknowns.first();
        let why = first.map_or("not all of it is known", |unknown| &unknown.why);
        return Some((why.to_owned(), first.and_then(|unknown| unknown.origin.span())));
    }
    if let Some(deed) = execution.migration.iter().flat_map(|it| &it.beside).next() {
        return Some((deed.why.to_string(), Some(deed.span)));
    }
    if observe::beyond(&execution.rests_on) {
        let why = "it asks for a table of another schema, which is not looked at";
        return Some((why.to_owned(), None));
    }
    for statement in rendered.statements.iter().filter(|it| it.kind == StatementKind::Sql) {
        for range in revline_sql::statements(&statement.text, dialect) {
            let text = range.slice(&statement.text).unwrap_or_default();
            let word = text.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
            if let Some(why) = kept_out(&word.to_uppercase(), dialect.facts().name) {
                return Some((format!("`{}` {why}", word.to_uppercase()), statement.origin));
            }
        }
    }
    let odd = rendered.statements.iter().find(|it| it.kind != StatementKind::Sql);
    odd.map(|statement| (statement.text.clone(), statement.origin))
}

/// Statements that mean something else inside of the runner's own transactions.
fn kept_out(word: &str, dialect: &str) -> Option<&'static str> {
    const TRANSACTION: &str = "begins or ends a transaction by itself";
    match (word, dialect) {
        ("BEGIN" | "COMMIT" | "ROLLBACK" | "SAVEPOINT" | "RELEASE" | "END" | "ABORT", _) => {
            Some(TRANSACTION)
        }
        ("START" | "PREPARE", "postgresql") => Some(TRANSACTION),
        ("COPY", "postgresql") => Some("talks to its client"),
        ("PRAGMA", "sqlite") => Some("has no effect inside of a transaction, or lasts beyond it"),
        ("VACUUM" | "ATTACH" | "DETACH", "sqlite") => Some("is not possible in a transaction"),
        _ => None,
    }
}
