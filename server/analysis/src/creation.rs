//! The statements that make a schema on an empty database: types, tables in the order in which they
//! refer to each other, indexes, and last the foreign keys that point in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use revline_schema::{
    AddConstraint, Column, Constraint, CreateIndex, CreateTable, EnumFlavour, EnumType, Index, Key,
    Op, Options, Schema, SqlType, Step, Table, TableItem, TypeKind, TypeOp,
};
use revline_sql::{Cx, Dialect, Mode, Settings, StatementKind, Status, render};

/// The text that makes a schema on an empty database. What is in doubt, and what cannot be printed,
/// stands in it as comments with the reasons.
pub fn creation(schema: &Schema, dialect: &'static dyn Dialect, settings: &Settings) -> String {
    let mut script = Script { text: String::new(), dialect, settings };
    if let Some(doubt) = &schema.doubt {
        script.comment("uncertain", &doubt.why);
    }
    script.schemas(schema);
    let enums = if dialect.facts().native_enum { enums(schema) } else { BTreeMap::new() };
    for type_ in enums.into_values() {
        let type_ = SqlType::new(TypeKind::Enum(type_));
        let op = TypeOp { type_, checkfirst: Some(false), ..TypeOp::default() };
        script.steps(&[Op::CreateType(op).into()]);
    }
    let mut made: BTreeSet<Key> = BTreeSet::new();
    let mut last: Vec<Step> = Vec::new();
    for table in in_order(schema) {
        if let Some(doubt) = &table.doubt {
            script.comment(&format!("{} is uncertain", table.name), &doubt.why);
        }
        made.insert(Key::from(&table.name));
        // Without ALTER every key stands in its table; such a database does not ask whether the
        // other table is there yet.
        let is_inline = |constraint: &Constraint| match constraint {
            Constraint::ForeignKey(key) if dialect.facts().supports_alter => {
                !key.use_alter && made.contains(&Key::from(&key.referent))
            }
            _ => true,
        };
        let (inline, later): (Vec<&Constraint>, Vec<&Constraint>) =
            table.constraints.iter().map(|constraint| &**constraint).partition(|c| is_inline(c));
        script.steps(&table_steps(table, &inline));
        last.extend(later.into_iter().map(|constraint| {
            let (table, constraint) = (table.name.clone(), constraint.clone());
            Op::AddConstraint(Box::new(AddConstraint { table, constraint })).into()
        }));
    }
    for step in last {
        script.steps(&[step]);
    }
    script.text
}

struct Script<'a> {
    text: String,
    dialect: &'static dyn Dialect,
    settings: &'a Settings,
}

impl Script<'_> {
    fn comment(&mut self, what: &str, why: &str) {
        let why: Vec<&str> = why.split_whitespace().collect();
        self.text.push_str(&format!("-- {what}: {}\n\n", why.join(" ")));
    }

    fn steps(&mut self, steps: &[Step]) {
        let rendered = render(steps, self.dialect, Mode::Execute, self.settings);
        for statement in &rendered.statements {
            let end = match statement.kind {
                StatementKind::Sql | StatementKind::Transaction => self.dialect.facts().terminator,
                StatementKind::Comment | StatementKind::Unknown => "",
            };
            self.text
                .push_str(&format!("{}{end}\n\n", statement.text.trim().replace('\t', "    ")));
        }
        if rendered.status == Status::Refused {
            rendered.unknowns.iter().for_each(|unknown| self.comment("not printed", &unknown.why));
        }
    }

    fn schemas(&mut self, schema: &Schema) {
        // SQLite's schemas are files that are attached.
        if self.dialect.facts().name == "sqlite" {
            return;
        }
        let cx = Cx { dialect: self.dialect, settings: self.settings, mode: Mode::Execute };
        let named = schema.tables.values().filter_map(|table| table.name.schema.as_ref());
        let named: BTreeSet<String> =
            named.filter(|name| !name.text.is_empty()).map(|name| cx.quote(name)).collect();
        for name in named {
            let end = self.dialect.facts().terminator;
            self.text.push_str(&format!("CREATE SCHEMA IF NOT EXISTS {name}{end}\n\n"));
        }
    }
}

/// Every enumeration that has to be there as a type: those that were made, and those of columns.
fn enums(schema: &Schema) -> BTreeMap<Key, Arc<EnumType>> {
    let mut all: BTreeMap<Key, Arc<EnumType>> =
        schema.enums.iter().map(|(key, type_)| (key.clone(), type_.clone())).collect();
    for column in schema.tables.values().flat_map(|table| &table.columns) {
        let type_ = match &column.type_.kind {
            TypeKind::Array(array) => &array.item.kind,
            kind => kind,
        };
        let TypeKind::Enum(type_) = type_ else { continue };
        let is_native = type_.native_enum || type_.flavour == EnumFlavour::Postgresql;
        if let Some(name) = type_.name.as_ref().filter(|_| is_native) {
            let schema = type_.schema.as_ref().map(|schema| schema.text.clone());
            all.entry(Key { schema, name: name.text.clone() }).or_insert_with(|| type_.clone());
        }
    }
    all
}

fn table_steps(table: &Table, constraints: &[&Constraint]) -> Vec<Step> {
    let columns = table.columns.iter().map(|column| TableItem::from(without_type(column)));
    let constraints = constraints.iter().map(|constraint| TableItem::from((*constraint).clone()));
    let create = CreateTable {
        table: table.name.clone(),
        items: columns.chain(constraints).collect(),
        comment: table.comment.clone(),
        options: table.options.clone(),
        ..CreateTable::default()
    };
    let mut steps: Vec<Step> = vec![Op::CreateTable(create).into()];
    steps.extend(table.indexes.iter().map(|index| {
        let mut options = Options::default();
        // On an empty database nobody waits, and it may not stand in a transaction.
        options.0.extend(
            index
                .options
                .0
                .iter()
                .filter(|(name, _)| &***name != "postgresql_concurrently")
                .map(|(name, value)| (name.clone(), value.clone())),
        );
        let index = Index { options, ..(**index).clone() };
        let create = CreateIndex { table: table.name.clone(), index, if_not_exists: false };
        Step::from(Op::CreateIndex(create))
    }));
    steps
}

/// The column with types that are not made once more.
fn without_type(column: &Column) -> Column {
    let mut column = column.clone();
    let kind = match &mut column.type_.kind {
        TypeKind::Array(array) => &mut Arc::make_mut(array).item.kind,
        kind => kind,
    };
    if let TypeKind::Enum(type_) = kind {
        Arc::make_mut(type_).create_type = false;
    }
    column
}

/// The tables so that each stands after those that it refers to, as far as that can be; the rest in
/// the order of their names.
fn in_order(schema: &Schema) -> Vec<&Arc<Table>> {
    let mut waiting: Vec<(&Key, &Arc<Table>)> = schema.tables.iter().collect();
    let mut placed: BTreeSet<&Key> = BTreeSet::new();
    let mut order = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let is_ready = |key: &Key, table: &Table| {
            table.constraints.iter().all(|constraint| match &**constraint {
                Constraint::ForeignKey(foreign) => {
                    let referent = Key::from(&foreign.referent);
                    referent == *key
                        || placed.contains(&referent)
                        || schema.tables.get(&referent).is_none()
                }
                _ => true,
            })
        };
        let ready: Vec<usize> = (0..waiting.len())
            .filter(|at| waiting.get(*at).is_some_and(|(key, table)| is_ready(key, table)))
            .collect();
        // In a circle any may be the first.
        let chosen = if ready.is_empty() { vec![0] } else { ready };
        let mut rest = Vec::with_capacity(waiting.len());
        for (at, (key, table)) in waiting.into_iter().enumerate() {
            if chosen.binary_search(&at).is_ok() {
                placed.insert(key);
                order.push(table);
            } else {
                rest.push((key, table));
            }
        }
        waiting = rest;
    }
    order
}
