//! The text that `alembic upgrade --sql` prints: statements with their terminators, transactions,
//! the version table and its rows.

use revline_schema::{
    Column, Constraint, CreateTable, KeyConstraint, Name, SqlType, TableItem, TableName,
};

use crate::build;
use crate::ddl;
use crate::dialect::Dialect;
use crate::identifier;
use crate::literal;
use crate::print::Cx;
use crate::rendered::{Mode, Rendered, StatementKind};
use crate::settings::Settings;

/// One change of the version table's rows.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum VersionChange {
    /// A revision becomes a head.
    Insert(String),
    /// A revision is no head any more.
    Delete(String),
    /// One head moves.
    Update {
        /// The revision before.
        from: String,
        /// The revision after.
        to: String,
    },
}

/// One step of a run: a revision, what it prints and what it does to the version table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScriptStep {
    /// What follows `-- Running `: `upgrade a, b -> c`; base is the empty text.
    pub label: String,
    /// The body.
    pub body: Rendered,
    /// The version table's rows after the body, in order.
    pub changes: Vec<VersionChange>,
}

/// The script of a run. `heads_before` is the number of rows that the version table has at its
/// start: with none, the table is created first.
pub fn script(
    steps: &[ScriptStep],
    heads_before: usize,
    dialect: &'static dyn Dialect,
    settings: &Settings,
) -> String {
    let cx = Cx { dialect, settings, mode: Mode::Script };
    let terminator = dialect.facts().terminator;
    let transactional = settings.transactional_ddl.unwrap_or(dialect.facts().transactional_ddl);
    let per_migration = settings.transaction_per_migration;
    let mut out = String::new();
    let mut statement = |text: &str, terminator: &str| {
        out.push_str(text);
        out.push_str(terminator);
        out.push_str("\n\n");
    };
    if transactional && !per_migration {
        statement("BEGIN", terminator);
    }
    let mut heads = heads_before;
    for step in steps {
        if transactional && per_migration {
            statement("BEGIN", terminator);
        }
        if heads == 0 {
            statement(&version_table(cx), terminator);
        }
        statement(&format!("-- Running {}", step.label), "");
        for part in &step.body.statements {
            match part.kind {
                StatementKind::Sql | StatementKind::Transaction => {
                    statement(&part.text, terminator)
                }
                StatementKind::Comment | StatementKind::Unknown => statement(&part.text, ""),
            }
        }
        for change in &step.changes {
            heads = match change {
                VersionChange::Insert(_) => heads.saturating_add(1),
                VersionChange::Delete(_) => heads.saturating_sub(1),
                VersionChange::Update { .. } => heads,
            };
            statement(&version_statement(cx, change), terminator);
        }
        if transactional && per_migration {
            statement("COMMIT", terminator);
        }
    }
    if transactional && !per_migration {
        statement("COMMIT", terminator);
    }
    out
}

/// The statement of one change of the version table, without terminator.
pub fn version_statement(cx: Cx<'_>, change: &VersionChange) -> String {
    let table = identifier::table(cx, &version_table_name(cx.settings));
    match change {
        VersionChange::Insert(id) => {
            let asks = cx.settings.version_table_pk;
            let returning = if asks { cx.dialect.version_returning(&table) } else { String::new() };
            let id = literal::string(cx, id);
            format!("INSERT INTO {table} (version_num) VALUES ({id}){returning}")
        }
        VersionChange::Delete(id) => {
            let id = literal::string(cx, id);
            format!("DELETE FROM {table} WHERE {table}.version_num = {id}")
        }
        VersionChange::Update { from, to } => {
            let (from, to) = (literal::string(cx, from), literal::string(cx, to));
            format!("UPDATE {table} SET version_num={to} WHERE {table}.version_num = {from}")
        }
    }
}

/// `CREATE TABLE alembic_version`, without terminator.
pub fn version_table(cx: Cx<'_>) -> String {
    let column =
        Column { nullable: Some(false), ..Column::new("version_num", SqlType::string(32)) };
    let mut items = vec![TableItem::from(column)];
    if cx.settings.version_table_pk {
        let name = Name::new(format!("{}_pkc", cx.settings.version_table));
        items.push(TableItem::from(Constraint::PrimaryKey(KeyConstraint {
            name: Some(name),
            columns: vec!["version_num".into()],
            ..KeyConstraint::default()
        })));
    }
    let table = version_table_name(cx.settings);
    let op = CreateTable { table, items, ..CreateTable::default() };
    // The version table stands in a `MetaData` of its own, which no naming convention reaches.
    let settings = Settings { naming_convention: None, ..cx.settings.clone() };
    let cx = Cx { settings: &settings, ..cx };
    match build::table(cx, &op).and_then(|table| ddl::create_table(cx, &table, false)) {
        Ok(text) => text.replace('\t', "    "),
        Err(_) => "-- not known: the version table".to_owned(),
    }
}

fn version_table_name(settings: &Settings) -> TableName {
    TableName {
        schema: settings.version_table_schema.as_deref().map(Name::new),
        name: Name::new(settings.version_table.clone()),
    }
}
