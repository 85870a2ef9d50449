//! Steps to statements. Each directive does what Alembic's `toimpl` and `DefaultImpl` do for it, in
//! the same order; the first thing that Alembic refuses ends the rendering, as its exception does.

use std::collections::BTreeSet;
use std::sync::Arc;

use revline_schema::{
    AddColumn, AddConstraint, AlterColumn, BulkInsert, Constraint, ConstraintKind, CreateIndex,
    CreateTable, DropConstraint, DropIndex, DropTable, EnumType, Execute, Expr, ForeignKey, Index,
    Insert, Literal, Name, Op, Opaque, Origin, Outcome, Statement as Body, Step, TableComment,
    TableName, TextClause, Through, TypeOp,
};
use revline_text::Span;

use crate::build::{self, BuiltTable, Piece};
use crate::dialect::{Dialect, Objection};
use crate::naming::{self, Subject};
use crate::print::{Cx, Halt, Print};
use crate::rendered::{Assumption, Mode, Rendered, Statement, StatementKind, Status, Unknown};
use crate::settings::Settings;
use crate::{
    batch, ddl, dml, expr, identifier, index, keywords, literal, select, text_clause, types,
};

/// How deep batches and blocks may be nested before rendering gives up.
const MAX_DEPTH: usize = 16;

/// What one rendering leaves for the next one of the same run: Alembic makes a type once.
#[derive(Clone, Default, Debug)]
pub struct Memory {
    types: BTreeSet<(Option<Arc<str>>, Arc<str>)>,
}

/// Renders steps on their own, as a run of exactly this one revision does.
pub fn render(
    steps: &[Step],
    dialect: &'static dyn Dialect,
    mode: Mode,
    settings: &Settings,
) -> Rendered {
    render_after(&mut Memory::default(), steps, dialect, mode, settings)
}

/// Renders steps as part of a run over several revisions.
pub fn render_after(
    memory: &mut Memory,
    steps: &[Step],
    dialect: &'static dyn Dialect,
    mode: Mode,
    settings: &Settings,
) -> Rendered {
    let cx = Cx { dialect, settings, mode };
    let transactional = settings.transactional_ddl.unwrap_or(dialect.facts().transactional_ddl);
    let mut renderer =
        Renderer { cx, out: Rendered::default(), memory, origin: None, transactional, depth: 0 };
    // A refusal is already noted where it happened.
    let _ = renderer.steps(steps);
    renderer.out
}

/// The rendering of a revision stopped.
pub(crate) struct Stopped;

/// Collects the statements of a rendering.
pub struct Renderer<'a> {
    pub(crate) cx: Cx<'a>,
    out: Rendered,
    memory: &'a mut Memory,
    origin: Option<Span>,
    transactional: bool,
    depth: usize,
}

impl Renderer<'_> {
    /// Adds a statement.
    pub(crate) fn sql(&mut self, text: impl Into<String>) {
        let text = text.into();
        let text = match self.cx.mode {
            Mode::Script => text.replace('\t', "    ").trim().to_owned(),
            Mode::Execute => text,
        };
        self.push(text, StatementKind::Sql);
    }

    fn push(&mut self, text: String, kind: StatementKind) {
        self.out.statements.push(Statement {
            text,
            kind,
            origin: self.origin,
            transactional: self.transactional,
        });
    }

    fn worsen(&mut self, status: Status) {
        self.out.status = self.out.status.max(status);
    }

    fn unknown(&mut self, opaque: Opaque) {
        self.worsen(Status::Partial);
        let origin = opaque.origin.span().or(self.origin);
        let shown: Vec<_> = opaque.why.split_whitespace().collect();
        self.push(format!("-- not known: {}", shown.join(" ")), StatementKind::Unknown);
        self.out.unknowns.push(Unknown { why: opaque.why, origin: Origin(origin) });
    }

    pub(crate) fn steps(&mut self, steps: &[Step]) -> Result<(), Stopped> {
        for step in steps {
            let outer = self.origin;
            self.origin = step.span.span().or(outer);
            let result = self.step(step);
            self.origin = outer;
            result?;
        }
        Ok(())
    }

    fn step(&mut self, step: &Step) -> Result<(), Stopped> {
        for guard in &step.guards {
            match guard.outcome {
                Outcome::Assumed => {
                    self.worsen(Status::Derived);
                    let assumption = Assumption { fact: guard.fact.clone(), origin: guard.origin };
                    if !self.out.assumes.contains(&assumption) {
                        self.out.assumes.push(assumption);
                    }
                }
                Outcome::Unknown => {
                    let why = format!("whether {} runs: {}", ddl::kind_of(&step.op), guard.fact);
                    self.unknown(Opaque { why: why.into(), origin: guard.origin });
                    return Ok(());
                }
            }
        }
        self.op(&step.op)
    }

    /// One operation. An unknown is noted and the next one goes on; a refusal stops.
    pub(crate) fn op(&mut self, op: &Op) -> Result<(), Stopped> {
        let result = match op {
            Op::Batch(batch) => return batch::render(self, batch),
            Op::AutocommitBlock(block) => return self.autocommit(&block.steps),
            Op::CreateTable(op) => self.create_table(op),
            Op::DropTable(op) => self.drop_table(op),
            Op::RenameTable(op) => {
                let from = identifier::altered_table(self.cx, &op.table);
                self.sql(format!("ALTER TABLE {from} RENAME TO {}", self.cx.quote(&op.new_name)));
                Ok(())
            }
            Op::TableComment(op) => {
                self.table_comment(op);
                Ok(())
            }
            Op::AddColumn(op) => self.add_column(op),
            Op::DropColumn(op) => {
                let table = identifier::altered_table(self.cx, &op.table);
                let exists = if op.if_exists { "IF EXISTS " } else { "" };
                let column = self.cx.quote(&op.column);
                self.sql(format!("ALTER TABLE {table} DROP COLUMN {exists}{column}"));
                Ok(())
            }
            Op::AlterColumn(op) => self.alter_column(op),
            Op::CreateIndex(op) => self.create_index(op),
            Op::DropIndex(op) => self.drop_index(op),
            Op::AddConstraint(op) => self.add_given_constraint(op),
            Op::DropConstraint(op) => self.drop_given_constraint(op),
            Op::Execute(op) => self.execute(op),
            Op::BulkInsert(op) => self.bulk_insert(op),
            Op::CreateType(op) => self.create_type(op),
            Op::DropType(op) => self.drop_type(op),
            Op::Opaque(opaque) => Err(opaque.clone().into()),
        };
        self.settle(result)
    }

    /// Notes an outcome.
    pub(crate) fn settle(&mut self, result: Print<()>) -> Result<(), Stopped> {
        match result {
            Ok(()) => Ok(()),
            Err(Halt::Unknown(opaque)) => {
                self.unknown(opaque);
                Ok(())
            }
            Err(Halt::Refused(why)) => {
                self.worsen(Status::Refused);
                self.out.unknowns.push(Unknown { why: why.into(), origin: Origin(self.origin) });
                Err(Stopped)
            }
        }
    }

    /// Runs something one level deeper.
    pub(crate) fn nested(
        &mut self,
        run: impl FnOnce(&mut Self) -> Result<(), Stopped>,
    ) -> Result<(), Stopped> {
        if self.depth >= MAX_DEPTH {
            self.unknown(Opaque::new("blocks are nested too deeply"));
            return Ok(());
        }
        self.depth += 1;
        let result = run(self);
        self.depth -= 1;
        result
    }

    fn autocommit(&mut self, steps: &[Step]) -> Result<(), Stopped> {
        let outer = self.transactional;
        if outer && self.cx.mode == Mode::Script {
            self.push("COMMIT".to_owned(), StatementKind::Transaction);
        }
        self.transactional = false;
        let result = self.nested(|render| render.steps(steps));
        self.transactional = outer;
        if outer && self.cx.mode == Mode::Script {
            self.push("BEGIN".to_owned(), StatementKind::Transaction);
        }
        result
    }

    fn create_table(&mut self, op: &CreateTable) -> Print<()> {
        keywords::check_table(op)?;
        let table = build::table(self.cx, op)?;
        for column in &table.columns {
            if let Some(enum_) = self.cx.dialect.before_table(self.cx, &column.column) {
                self.make_type_once(enum_)?;
            }
        }
        let statement = ddl::create_table(self.cx, &table, op.if_not_exists)?;
        self.sql(statement);
        for index in &table.indexes {
            let statement = self.cx.dialect.create_index(self.cx, &op.table, index, false)?;
            self.sql(statement);
        }
        if self.cx.dialect.facts().comments {
            if let Some(comment) = &table.comment {
                let comment = literal::string(self.cx, comment.as_str());
                let table = identifier::table(self.cx, &op.table);
                self.sql(format!("COMMENT ON TABLE {table} IS {comment}"));
            }
            for column in &table.columns {
                self.column_comment(&op.table, &column.column);
            }
        }
        Ok(())
    }

    fn make_type_once(&mut self, enum_: &EnumType) -> Print<()> {
        let name = enum_.name.as_ref().map(|name| name.text.clone()).unwrap_or_default();
        let schema = enum_.schema.as_ref().map(|schema| schema.text.clone());
        if self.memory.types.insert((schema, name))
            && let Some(statement) = self.cx.dialect.create_type(self.cx, enum_)?
        {
            self.sql(statement);
        }
        Ok(())
    }

    fn column_comment(&mut self, table: &TableName, column: &revline_schema::Column) {
        if let Some(comment) = &column.comment {
            let comment = literal::string(self.cx, comment.as_str());
            let table = identifier::table(self.cx, table);
            let column = self.cx.quote(&column.name);
            self.sql(format!("COMMENT ON COLUMN {table}.{column} IS {comment}"));
        }
    }

    fn drop_table(&mut self, op: &DropTable) -> Print<()> {
        let exists = if op.if_exists { "IF EXISTS " } else { "" };
        self.sql(format!("DROP TABLE {exists}{}", identifier::table(self.cx, &op.table)));
        Ok(())
    }

    fn table_comment(&mut self, op: &TableComment) {
        let comment = match &op.comment {
            Some(comment) if !op.is_drop => literal::string(self.cx, comment.as_str()),
            _ => "NULL".to_owned(),
        };
        self.sql(format!(
            "COMMENT ON TABLE {} IS {comment}",
            identifier::table(self.cx, &op.table)
        ));
    }

    fn add_column(&mut self, op: &AddColumn) -> Print<()> {
        let cx = self.cx;
        let table = build::around_column(cx, &op.table, &op.column)?;
        let Some(column) = table.columns.first() else { return Ok(()) };
        let mut text = format!(
            "ALTER TABLE {} ADD COLUMN {}{}",
            identifier::altered_table(cx, &op.table),
            if op.if_not_exists { "IF NOT EXISTS " } else { "" },
            cx.dialect.column_spec(cx, &table, column)?
        );
        if op.inline_primary_key && column.primary_key {
            text.push_str(" PRIMARY KEY");
        }
        let inline = match op.column.foreign_keys.as_slice() {
            [only] if op.inline_references => Some(only),
            _ => None,
        };
        if let Some(key) = inline {
            text.push_str(&inline_reference(cx, key)?);
        }
        for check in &column.checks {
            text.push_str(&format!(" {}", ddl::check(cx, check)?));
        }
        self.sql(text);
        for piece in &table.pieces {
            let is_inline =
                inline.is_some() && matches!(piece, Piece::Constraint(Constraint::ForeignKey(_)));
            if !is_inline {
                self.add_constraint(&table, piece)?;
            }
        }
        for index in &table.indexes {
            let statement = cx.dialect.create_index(cx, &op.table, index, false)?;
            self.sql(statement);
        }
        if cx.dialect.facts().comments {
            self.column_comment(&op.table, &op.column);
        }
        Ok(())
    }

    /// `ALTER TABLE … ADD constraint`, or Alembic's objection.
    fn add_constraint(&mut self, table: &BuiltTable, piece: &Piece) -> Print<()> {
        let cx = self.cx;
        match cx.dialect.refuses_constraints(matches!(piece, Piece::Implicit(_))) {
            Some(Objection::Raise(sentence)) => return Err(Halt::Refused(sentence.to_owned())),
            Some(Objection::Skip) => return Ok(()),
            None => {}
        }
        if let Some(clause) = cx.dialect.constraint(cx, table, piece)? {
            self.sql(format!("ALTER TABLE {} ADD {clause}", identifier::table(cx, &table.name)));
        }
        Ok(())
    }

    fn add_given_constraint(&mut self, op: &AddConstraint) -> Print<()> {
        keywords::check_constraint(&op.constraint)?;
        let constraint = build::named(self.cx, &op.table, &op.constraint)?;
        let table = bare_table(&op.table);
        self.add_constraint(&table, &Piece::Constraint(constraint))
    }

    fn drop_given_constraint(&mut self, op: &DropConstraint) -> Print<()> {
        let key = match op.kind {
            Some(ConstraintKind::Check) => Some("ck"),
            Some(ConstraintKind::Unique) => Some("uq"),
            Some(ConstraintKind::ForeignKey) => Some("fk"),
            Some(ConstraintKind::PrimaryKey) => Some("pk"),
            Some(ConstraintKind::Exclude) | None => None,
        };
        let name = match key {
            Some(key) => {
                let has_convention = self.cx.settings.naming_convention.is_some();
                if op.name.is_none() && has_convention {
                    return Err(Halt::unknown(
                        "what a naming convention calls a constraint without name or columns",
                    ));
                }
                let subject = Subject {
                    key,
                    name: op.name.as_ref(),
                    table: &op.table,
                    columns: Vec::new(),
                    referent: None,
                };
                naming::resolve(self.cx, &subject)?
            }
            None => op.name.clone(),
        };
        self.drop_constraint(&op.table, name.as_ref(), op.if_exists, false, op.kind)
    }

    fn drop_constraint(
        &mut self,
        table: &TableName,
        name: Option<&Name>,
        if_exists: bool,
        is_implicit: bool,
        kind: Option<ConstraintKind>,
    ) -> Print<()> {
        let cx = self.cx;
        match cx.dialect.refuses_constraints(is_implicit) {
            Some(Objection::Raise(sentence)) => return Err(Halt::Refused(sentence.to_owned())),
            Some(Objection::Skip) => return Ok(()),
            None => {}
        }
        let Some(name) = name else {
            let class = match kind {
                Some(ConstraintKind::Check) => "CheckConstraint",
                Some(ConstraintKind::Unique) => "UniqueConstraint",
                Some(ConstraintKind::ForeignKey) => "ForeignKeyConstraint",
                Some(ConstraintKind::PrimaryKey) => "PrimaryKeyConstraint",
                Some(ConstraintKind::Exclude) | None => "Constraint",
            };
            return Err(Halt::Refused(format!(
                "Can't emit DROP CONSTRAINT for constraint {class}(…); it has no name"
            )));
        };
        let name = identifier::bounded(cx, name)?;
        let exists = if if_exists { "IF EXISTS " } else { "" };
        self.sql(format!(
            "ALTER TABLE {} DROP CONSTRAINT {exists}{name}",
            identifier::table(cx, table)
        ));
        Ok(())
    }

    fn alter_column(&mut self, op: &AlterColumn) -> Print<()> {
        let cx = self.cx;
        if let (Some(old), Some(_)) = (&op.existing_type, &op.type_)
            && let Some(check) = build::type_check(cx, &op.table, &op.column, old)?
        {
            let kind = Some(ConstraintKind::Check);
            self.drop_constraint(&op.table, check.name.as_ref(), false, true, kind)?;
        }
        cx.dialect.alter_column(self, op)?;
        if let Some(new) = &op.type_
            && let Some(check) = build::type_check(cx, &op.table, &op.column, new)?
        {
            let table = bare_table(&op.table);
            self.add_constraint(&table, &Piece::Implicit(check))?;
        }
        Ok(())
    }

    fn create_index(&mut self, op: &CreateIndex) -> Print<()> {
        keywords::check_index(&op.index.options)?;
        let index = build::named_index(self.cx, &op.table, &op.index)?;
        let statement =
            self.cx.dialect.create_index(self.cx, &op.table, &index, op.if_not_exists)?;
        self.sql(statement);
        Ok(())
    }

    fn drop_index(&mut self, op: &DropIndex) -> Print<()> {
        let cx = self.cx;
        keywords::check_index(&op.options)?;
        if op.name.is_none() {
            return Err(Halt::unknown("what the naming convention calls an index without a name"));
        }
        let table = TableName {
            schema: op.schema.clone(),
            name: op.table.clone().unwrap_or_else(|| Name::new("no_table")),
        };
        let given = Index { name: op.name.clone(), ..Index::default() };
        let index = build::named_index(cx, &table, &given)?;
        let name = index::name(cx, &index, "DROP")?;
        let name = match &op.schema {
            Some(schema) if !schema.text.is_empty() => format!("{}.{name}", cx.quote(schema)),
            _ => name,
        };
        self.sql(cx.dialect.drop_index(&name, &op.options, op.if_exists));
        Ok(())
    }

    fn execute(&mut self, op: &Execute) -> Print<()> {
        let cx = self.cx;
        if op.through == Through::Driver && cx.mode == Mode::Script {
            return Err(Halt::Refused(
                "'MockConnection' object has no attribute 'exec_driver_sql'".to_owned(),
            ));
        }
        let literal_binds = cx.settings.literal_binds;
        let text = match &op.statement {
            Body::Text(clause) => self.text(clause, op.through, literal_binds)?,
            Body::Insert(insert) => dml::insert(cx, insert, false)?,
            Body::Update(update) => dml::update(cx, update)?,
            Body::Delete(delete) => dml::delete(cx, delete)?,
            Body::Select(query) => select::print(expr::Scope::statement(cx), query)?,
            Body::CreateSequence(sequence) => {
                self.needs_sequences()?;
                let name =
                    TableName { schema: sequence.schema.clone(), name: sequence.name.clone() };
                let mut text = format!("CREATE SEQUENCE {}", identifier::table(cx, &name));
                if let Some(type_) = &sequence.data_type {
                    text.push_str(&format!(" AS {}", cx.dialect.type_text(cx, type_)?));
                }
                let options = ddl::sequence_options(&sequence.options);
                if !options.is_empty() {
                    text.push_str(&format!(" {options}"));
                }
                text
            }
            Body::DropSequence(sequence) => {
                self.needs_sequences()?;
                let name =
                    TableName { schema: sequence.schema.clone(), name: sequence.name.clone() };
                format!("DROP SEQUENCE {}", identifier::table(cx, &name))
            }
            Body::Ddl(text) => self.ddl_text(text.as_str())?,
            Body::Expr(expr) => expr::Scope::statement(cx).print(expr)?,
            Body::Opaque(opaque) => return Err(opaque.clone().into()),
        };
        self.sql(text);
        Ok(())
    }

    fn text(&self, clause: &TextClause, through: Through, literal_binds: bool) -> Print {
        if through == Through::Driver {
            return Ok(clause.text.as_str().to_owned());
        }
        text_clause::print(self.cx, clause, literal_binds)
    }

    fn needs_sequences(&self) -> Print<()> {
        if self.cx.dialect.facts().name == "postgresql" {
            return Ok(());
        }
        Err(Halt::unknown("whether this dialect prints a sequence is not known"))
    }

    /// `sa.DDL`: Python's `%` formatting with nothing to put in.
    fn ddl_text(&self, text: &str) -> Print {
        let reduced = text.replace("%%", "\0");
        if reduced.contains('%') {
            return Err(Halt::unknown("what stands for % in this DDL is not known"));
        }
        Ok(reduced.replace('\0', if self.cx.doubles_percent() { "%%" } else { "%" }))
    }

    fn bulk_insert(&mut self, op: &BulkInsert) -> Print<()> {
        for row in &op.rows {
            if let Some((key, _)) =
                row.iter().find(|(key, _)| !op.table.columns.iter().any(|(name, _)| name == key))
            {
                return Err(Halt::Refused(identifier::python_repr(key.as_str())));
            }
            let values = row
                .iter()
                .map(|(key, value)| {
                    let value = match value {
                        Literal::Expr(expr) => (**expr).clone(),
                        value => {
                            Expr::Bind(revline_schema::Bind { value: value.clone(), type_: None })
                        }
                    };
                    (key.clone(), value)
                })
                .collect();
            let insert =
                Insert { table: op.table.clone(), rows: vec![values], ..Insert::default() };
            let statement = dml::insert(self.cx, &insert, true)?;
            self.sql(statement);
        }
        Ok(())
    }

    fn create_type(&mut self, op: &TypeOp) -> Print<()> {
        if let Some(enum_) = self.named_type(op)? {
            self.guard_online(op)?;
            if let Some(statement) = self.cx.dialect.create_type(self.cx, enum_)? {
                self.sql(statement);
            }
        }
        Ok(())
    }

    fn drop_type(&mut self, op: &TypeOp) -> Print<()> {
        if let Some(enum_) = self.named_type(op)? {
            self.guard_online(op)?;
            if let Some(statement) = self.cx.dialect.drop_type(self.cx, enum_)? {
                self.sql(statement);
            }
        }
        Ok(())
    }

    /// Online, `checkfirst` asks the database; the printed script never does.
    fn guard_online(&self, op: &TypeOp) -> Print<()> {
        if self.cx.mode == Mode::Execute && op.checkfirst != Some(false) {
            return Err(Halt::unknown("whether the type exists already is asked of the database"));
        }
        Ok(())
    }

    fn named_type<'t>(&self, op: &'t TypeOp) -> Print<Option<&'t EnumType>> {
        use revline_schema::TypeKind;
        match types::resolve(self.cx, &op.type_) {
            TypeKind::Enum(_) if !self.cx.dialect.facts().native_enum => Ok(None),
            TypeKind::Enum(enum_) => Ok(enum_.native_enum.then_some(&**enum_)),
            TypeKind::Opaque(opaque) => Err(opaque.clone().into()),
            _ => Err(Halt::unknown("what making this type prints is not known")),
        }
    }
}

fn bare_table(name: &TableName) -> BuiltTable {
    BuiltTable {
        name: name.clone(),
        columns: Vec::new(),
        primary_key: None,
        pieces: Vec::new(),
        indexes: Vec::new(),
        options: revline_schema::Options::default(),
        comment: None,
        prefixes: Vec::new(),
    }
}

fn inline_reference(cx: Cx<'_>, key: &ForeignKey) -> Print {
    let Some(column) = &key.referent_column else {
        return Err(Halt::unknown("the column that this foreign key points to is not named"));
    };
    Ok(format!(
        " REFERENCES {} ({}){}",
        identifier::table(cx, &key.referent),
        cx.quote(column),
        ddl::reference_rules(cx, &key.rules)?
    ))
}
