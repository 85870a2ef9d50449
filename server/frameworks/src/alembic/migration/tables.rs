//! `Table(…).create(bind)` and `.drop(bind)`: what `op.create_table` does, by the table's own metadata; and
//! what a table is given after it was made.

use revline_python::value::{Argument, Arguments, Object, Term};
use revline_python::{Answer, Heap, Kind, Value, View};
use revline_schema::{
    DropTable, Key, NamingConvention, Op, Opaque, Options, Sight, TableName, Touch, Touched,
};
use revline_sql::Mode;
use revline_text::Span;

use super::Part;
use super::host::Surroundings;
use super::inspector::shown;
use crate::alembic::operations::described;
use crate::alembic::sqlalchemy::Reader;

impl Surroundings<'_> {
    /// Whether a value is a `Table(…)`.
    pub(super) fn is_table(&self, heap: &Heap, value: &Value) -> bool {
        let reader = Reader::new(heap, &self.overridden);
        reader.construct(value).is_some_and(|(name, _)| name == "Table")
            || self.grown_name(value).is_some()
    }

    /// The name of a table that was given something after it was made: it stays known where the rest is not.
    fn grown_name(&self, value: &Value) -> Option<&TableName> {
        let Kind::Term(id) = value.kind else { return None };
        self.grown.get(&id)
    }

    /// `table.append_column(…)` and `table.append_constraint(…)`: the table has it from here on, as if it had been
    /// given to the constructor. Nothing for any other call.
    pub(super) fn grow_table(
        &mut self,
        heap: &mut Heap,
        table: &Value,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Option<Answer> {
        if !matches!(name, "append_column" | "append_constraint") || !self.is_table(heap, table) {
            return None;
        }
        let given = match arguments.positional.as_slice() {
            [only] if arguments.keywords.is_empty() && arguments.unknown.is_none() => only.clone(),
            _ => Argument { value: Value::unknown(span, "what the table is given"), span },
        };
        self.grow(heap, table, given);
        Some(Answer::none(span))
    }

    /// The table has one more argument from here on.
    pub(super) fn grow(&mut self, heap: &mut Heap, table: &Value, given: Argument) {
        let Kind::Term(id) = table.kind else { return };
        let reader = Reader::new(heap, &self.overridden).on(self.steps.schema());
        if let Ok(described) = described(&reader, table) {
            self.grown.insert(id, described.table);
        }
        if let Some(Object::Term(Term::Call(call))) = heap.change(id) {
            call.arguments.positional.push(given);
        }
    }

    /// What stands in `table.columns` and its kin, to go over one by one: objects that do nothing by themselves.
    pub(super) fn parts_of_table(&self, heap: &Heap, parts: &Value, span: Span) -> Answer {
        const PARTS: &[&str] = &["c", "columns", "constraints", "foreign_keys", "indexes"];
        match heap.view(parts) {
            View::Term(Term::Attribute { object, name })
                if PARTS.contains(&&**name) && self.is_table(heap, object) =>
            {
                Answer::Value(Value::unknown_data(span, format!("the {name} of a table")))
            }
            _ => Answer::Unclaimed,
        }
    }

    /// `table.create(bind, checkfirst)` or `table.drop(bind, checkfirst)`.
    pub(super) fn table_op(
        &mut self,
        heap: &Heap,
        table: &Value,
        create: bool,
        arguments: &Arguments,
        span: Span,
    ) -> Answer {
        let op = self.read_table_op(heap, table, create, arguments, span);
        match op {
            Ok(Some(op)) => self.steps.push(op, span),
            Ok(None) => {}
            Err(touched) => self.steps.push(*touched, span),
        }
        Answer::none(span)
    }

    /// What it does, nothing where the database is as wanted; an error is the part in doubt.
    fn read_table_op(
        &mut self,
        heap: &Heap,
        table: &Value,
        create: bool,
        arguments: &Arguments,
        span: Span,
    ) -> Result<Option<Op>, Box<Op>> {
        let reader = Reader::new(heap, &self.overridden).on(self.steps.schema());
        let described = described(&reader, table).map_err(|why| match self.grown_name(table) {
            Some(name) => {
                Box::new(Op::Touch(Touch { part: Touched::Definition(name.clone()), why }))
            }
            None => Box::new(Op::Opaque(why)),
        })?;
        let name = described.table.clone();
        let doubt = |name: TableName, why: &str| {
            let part = Touched::Definition(name);
            Box::new(Op::Touch(Touch { part, why: Opaque::at(why, span) }))
        };
        let checks = match arguments.get(1, "checkfirst") {
            None => Some(false),
            Some(value) => reader.truth(value).ok(),
        };
        let Some(checks) = checks.filter(|_| arguments.unknown.is_none()) else {
            return Err(doubt(name, "the arguments are not understood"));
        };
        // Offline it prints, whatever is there; but what Alembic names by a convention is not known
        // before the environment is.
        let schema = self.steps.schema().filter(|_| self.target.mode == Mode::Execute);
        let Some(schema) = schema else {
            self.needs_database();
            return Err(doubt(
                name,
                "whether a naming convention concerns this table is not known",
            ));
        };
        if create && *schema.naming != NamingConvention::sqlalchemy_default() {
            return Err(doubt(
                name,
                "a naming convention does not concern this table's constraints",
            ));
        }
        let make = || match create {
            true => Op::CreateTable(described.clone()),
            false => Op::DropTable(DropTable {
                table: name.clone(),
                if_exists: false,
                options: Options::default(),
            }),
        };
        if !checks {
            return Ok(Some(make()));
        }
        let key = Key::from(&name);
        let is_there = match schema.look(&key) {
            Sight::Present(_) => true,
            Sight::Absent => false,
            Sight::Uncertain(why) => {
                let part = Touched::Definition(name.clone());
                return Err(Box::new(Op::Touch(Touch { part, why: why.clone() })));
            }
        };
        let next = (is_there != create).then(make);
        self.parts.insert(Part::Table(key.clone()));
        let word = if is_there { "exists" } else { "is absent" };
        self.fact(format!("table {} {word}", shown(&key)), span);
        Ok(next)
    }
}
