//! A table of the simulated schema as SQLAlchemy's inspector describes it.

use revline_python::{Heap, Value};
use revline_schema::{
    Autoincrement, CheckConstraint, Column, Constraint, ForeignKeyConstraint, Index, IndexElement,
    KeyConstraint, Name, Schema, ServerDefault, SqlType, Table, TypeKind,
};
use revline_sql::spell::reflected_type;
use revline_sql::{Cx, Halt, Mode, Settings};
use revline_text::Span;

use super::inspector::listed;
use super::types;

/// A table that is certainly like this, for one dialect's inspector.
#[derive(Clone, Copy)]
pub(super) struct Reflected<'a> {
    pub(super) table: &'a Table,
    pub(super) schema: &'a Schema,
    pub(super) dialect: &'a str,
    pub(super) span: Span,
}

/// An answer and the fact that it rests on, or why there is none.
type Told = Result<(Value, String), String>;

impl Reflected<'_> {
    /// The answer of an inspector's method; `None` for a method that is not known here.
    pub(super) fn answer(&self, heap: &mut Heap, method: &str) -> Option<Told> {
        if !matches!(self.dialect, "postgresql" | "sqlite") && method != "get_columns" {
            return None;
        }
        let told = match method {
            "get_columns" => Ok(self.columns(heap)),
            "get_pk_constraint" => Ok(self.primary_key(heap)),
            "get_indexes" => self.indexes(heap),
            "get_unique_constraints" => self.uniques(heap),
            "get_foreign_keys" => self.foreign_keys(heap),
            "get_check_constraints" => self.checks(heap),
            "get_table_comment" if self.is_postgresql() => Ok(self.comment(heap)),
            _ => return None,
        };
        Some(told.map(|(value, fact)| (value, format!("table {} {fact}", self.table.name))))
    }

    /// Whether an index of that name is listed.
    pub(super) fn has_index(&self, name: &str) -> Result<bool, String> {
        Ok(self.listed_indexes()?.iter().any(|one| one.name == name))
    }

    fn is_postgresql(&self) -> bool {
        self.dialect == "postgresql"
    }

    fn text(&self, text: &str) -> Value {
        Value::str(text, self.span)
    }

    fn none(&self) -> Value {
        Value::none(self.span)
    }

    fn unknown(&self, why: &str) -> Value {
        Value::unknown_data(self.span, why)
    }

    fn names(&self, heap: &mut Heap, names: &[Name]) -> Value {
        let items = names.iter().map(|name| self.text(name.as_str())).collect();
        heap.list(items, self.span)
    }

    fn named(&self, name: Option<&Name>) -> Value {
        match name.filter(|name| !name.text.is_empty()) {
            Some(name) => self.text(name.as_str()),
            None if self.is_postgresql() => self.unknown("the name that PostgreSQL gave it"),
            None => self.none(),
        }
    }

    fn columns(&self, heap: &mut Heap) -> (Value, String) {
        let key = self.table.primary_key().to_vec();
        let mut items = Vec::new();
        for column in &self.table.columns {
            let type_ = self.column_type(heap, column);
            let nullable = match (column.is_nullable(), column.primary_key) {
                (true, true) if self.is_postgresql() => Value::bool(false, self.span),
                (true, true) => self.unknown("whether this key takes NULL"),
                (nullable, _) => Value::bool(nullable, self.span),
            };
            let name = self.text(column.name.as_str());
            let default = self.default(column);
            let mut entries = vec![("name", name), ("type", type_), ("nullable", nullable)];
            if self.dialect == "sqlite" {
                let place = key.iter().position(|name| *name == column.name);
                let place = place.map_or(0, |place| place as i128 + 1);
                entries.push(("default", default));
                entries
                    .push(("primary_key", Value::new(revline_python::Kind::Int(place), self.span)));
            } else {
                entries.push(("default", default));
                entries.push(("autoincrement", self.autoincrement(column)));
                entries.push((
                    "comment",
                    match &column.comment {
                        Some(comment) => self.text(comment.as_str()),
                        None => self.none(),
                    },
                ));
            }
            match &column.server_default {
                Some(ServerDefault::Computed(_)) => {
                    entries.push(("computed", self.unknown("the expression as it is reflected")));
                }
                Some(ServerDefault::Identity(_)) if self.is_postgresql() => {
                    entries.push(("identity", self.unknown("the options as they are reflected")));
                }
                _ => {}
            }
            items.push(self.record(heap, entries));
        }
        let names: Vec<&str> =
            self.table.columns.iter().map(|column| column.name.as_str()).collect();
        (heap.list(items, self.span), format!("has the columns {}", listed(&names)))
    }

    fn column_type(&self, heap: &mut Heap, column: &Column) -> Value {
        let Some(dialect) = revline_sql::dialect(self.dialect) else {
            return self.unknown("nothing is known of the dialect");
        };
        let settings = Settings::default();
        let cx = Cx { dialect, settings: &settings, mode: Mode::Execute };
        match reflected_type(cx, &column.type_, self.schema) {
            Ok(type_) => types::value(heap, &type_, self.span)
                .unwrap_or_else(|| self.unknown("the type as it is reflected")),
            Err(Halt::Unknown(why)) => Value::unknown_data(self.span, why.why),
            Err(Halt::Refused(why)) => Value::unknown_data(self.span, why),
        }
    }

    fn record(&self, heap: &mut Heap, entries: Vec<(&str, Value)>) -> Value {
        let mut dict = revline_python::value::Dict::default();
        for (name, value) in entries {
            dict.insert(
                revline_python::value::Key::Str(name.into()),
                Value::str(name, self.span),
                value,
            );
        }
        heap.dict(dict, self.span)
    }

    /// A key that counts by itself has a default that its sequence gave it.
    fn counts(&self, column: &Column) -> Option<bool> {
        if column.autoincrement == Autoincrement::True
            || matches!(column.server_default, Some(ServerDefault::Identity(_)))
        {
            return None;
        }
        if !column.primary_key || column.autoincrement == Autoincrement::False {
            return Some(false);
        }
        match &column.type_.kind {
            TypeKind::String(_)
            | TypeKind::Text(_)
            | TypeKind::Unicode(_)
            | TypeKind::UnicodeText(_)
            | TypeKind::Uuid { .. }
            | TypeKind::Date
            | TypeKind::DateTime { .. }
            | TypeKind::Boolean(_)
            | TypeKind::Enum(_) => Some(false),
            _ => None,
        }
    }

    fn default(&self, column: &Column) -> Value {
        let counts = if self.is_postgresql() { self.counts(column) } else { Some(false) };
        match (&column.server_default, counts) {
            (None, Some(false)) => self.none(),
            (None, _) => self.unknown("whether a sequence gives the default"),
            (Some(_), _) => self.unknown("the default as the database spells it"),
        }
    }

    fn autoincrement(&self, column: &Column) -> Value {
        match (self.counts(column), self.is_postgresql()) {
            (Some(counts), true) if column.server_default.is_none() => {
                Value::bool(counts, self.span)
            }
            _ => self.unknown("whether the column counts by itself"),
        }
    }

    fn primary_key(&self, heap: &mut Heap) -> (Value, String) {
        let found = self.table.constraints.iter().find_map(|one| match &**one {
            Constraint::PrimaryKey(key) if !key.columns.is_empty() => Some(key),
            _ => None,
        });
        let Some(key) = found else {
            let columns = heap.list(Vec::new(), self.span);
            let entries = vec![("constrained_columns", columns), ("name", self.none())];
            return (self.record(heap, entries), "has no primary key".to_owned());
        };
        let columns = self.names(heap, &key.columns);
        let mut entries =
            vec![("constrained_columns", columns), ("name", self.named(key.name.as_ref()))];
        if self.is_postgresql() {
            entries.push(("comment", self.key_comment(key)));
            entries.push(("dialect_options", self.included(heap, key, false)));
        }
        let names: Vec<&str> = key.columns.iter().map(Name::as_str).collect();
        (self.record(heap, entries), format!("has the primary key {}", listed(&names)))
    }

    fn key_comment(&self, key: &KeyConstraint) -> Value {
        key.comment.as_ref().map_or_else(|| self.none(), |comment| self.text(comment.as_str()))
    }

    fn included(&self, heap: &mut Heap, key: &KeyConstraint, is_unique: bool) -> Value {
        if !key.options.is_empty() {
            return self.unknown("the options as they are reflected");
        }
        let none = heap.list(Vec::new(), self.span);
        let mut entries = vec![("postgresql_include", none)];
        if is_unique {
            entries.push(("postgresql_nulls_not_distinct", Value::bool(false, self.span)));
        }
        self.record(heap, entries)
    }

    /// Sorted by name where the database sorts, which needs all names. Of several of SQLite that say the
    /// same, SQLAlchemy's `get_foreign_keys` and `get_unique_constraints` tell the first one alone.
    fn told_in_order<'t, T>(
        &self,
        mut items: Vec<&'t T>,
        name: impl Fn(&'t T) -> Option<&'t Name>,
        is_same: impl Fn(&T, &T) -> bool,
        what: &str,
    ) -> Result<Vec<&'t T>, String> {
        if !self.is_postgresql() {
            let mut first: Vec<&'t T> = Vec::with_capacity(items.len());
            for item in items {
                if !first.iter().any(|other| is_same(other, item)) {
                    first.push(item);
                }
            }
            return Ok(first);
        }
        if items.len() > 1 {
            if items.iter().any(|item| name(item).is_none()) {
                return Err(format!("the names that PostgreSQL gave to {what} are not known"));
            }
            items.sort_by_key(|item| name(item).map(|name| name.text.clone()));
        }
        Ok(items)
    }

    fn uniques(&self, heap: &mut Heap) -> Told {
        let keys = self.table.constraints.iter().filter_map(|one| match &**one {
            Constraint::Unique(key) => Some(key),
            _ => None,
        });
        let is_same = |one: &KeyConstraint, other: &KeyConstraint| one.columns == other.columns;
        let what = "the unique constraints";
        let keys = self.told_in_order(keys.collect(), |key| key.name.as_ref(), is_same, what)?;
        let mut items = Vec::new();
        let mut facts = Vec::new();
        for key in keys {
            let columns = self.names(heap, &key.columns);
            let mut entries =
                vec![("column_names", columns), ("name", self.named(key.name.as_ref()))];
            if self.is_postgresql() {
                entries.push(("comment", self.key_comment(key)));
                entries.push(("dialect_options", self.included(heap, key, true)));
            } else {
                entries.reverse();
            }
            items.push(self.record(heap, entries));
            facts.push(told(key.name.as_ref(), &key.columns));
        }
        Ok((heap.list(items, self.span), fact("unique constraints", &facts)))
    }

    fn foreign_keys(&self, heap: &mut Heap) -> Told {
        let keys = self.table.constraints.iter().filter_map(|one| match &**one {
            Constraint::ForeignKey(key) => Some(key),
            _ => None,
        });
        let is_same = |one: &ForeignKeyConstraint, other: &ForeignKeyConstraint| {
            one.columns == other.columns
                && one.referent == other.referent
                && one.referent_columns == other.referent_columns
        };
        let what = "the foreign keys";
        let keys = self.told_in_order(keys.collect(), |key| key.name.as_ref(), is_same, what)?;
        let mut items = Vec::new();
        let mut facts = Vec::new();
        for key in keys {
            let columns = self.names(heap, &key.columns);
            let referred = self.referred(heap, key);
            let schema = match &key.referent.schema {
                Some(schema) if !schema.text.is_empty() => self.text(schema.as_str()),
                _ => self.none(),
            };
            let options = self.rules(heap, key);
            let mut entries = vec![
                ("name", self.named(key.name.as_ref())),
                ("constrained_columns", columns),
                ("referred_schema", schema),
                ("referred_table", self.text(key.referent.name.as_str())),
                ("referred_columns", referred),
                ("options", options),
            ];
            if self.is_postgresql() {
                entries.push((
                    "comment",
                    match &key.comment {
                        Some(comment) => self.text(comment.as_str()),
                        None => self.none(),
                    },
                ));
            }
            items.push(self.record(heap, entries));
            facts.push(told(key.name.as_ref(), &key.columns));
        }
        Ok((heap.list(items, self.span), fact("foreign keys", &facts)))
    }

    /// The columns that a foreign key points to: the primary key where none was named.
    fn referred(&self, heap: &mut Heap, key: &ForeignKeyConstraint) -> Value {
        if !key.referent_columns.is_empty() {
            return self.names(heap, &key.referent_columns);
        }
        match self.schema.look(&revline_schema::Key::from(&key.referent)) {
            revline_schema::Sight::Present(table) => self.names(heap, table.primary_key()),
            _ => self.unknown("the key of the table that is referred to"),
        }
    }

    /// As the dialects parse them back: `NO ACTION` is left out, words in capitals.
    fn rules(&self, heap: &mut Heap, key: &ForeignKeyConstraint) -> Value {
        let rules = &key.rules;
        let upper = |text: &str| text.to_ascii_uppercase();
        let mut entries = Vec::new();
        for (name, action) in [("onupdate", &rules.on_update), ("ondelete", &rules.on_delete)] {
            if let Some(action) = action.as_deref().map(upper).filter(|one| one != "NO ACTION") {
                entries.push((name, self.text(&action)));
            }
        }
        // PostgreSQL prints what differs from its defaults alone.
        if let Some(initially) = rules.deferral.initially.as_deref().map(upper)
            && (!self.is_postgresql() || initially == "DEFERRED")
        {
            entries.push(("initially", self.text(&initially)));
        }
        if let Some(deferrable) = rules.deferral.deferrable
            && (!self.is_postgresql() || deferrable)
        {
            entries.push(("deferrable", Value::bool(deferrable, self.span)));
        }
        if let Some(matched) = rules.match_.as_deref().map(upper)
            && self.is_postgresql()
            && matched != "SIMPLE"
        {
            entries.push(("match", self.text(&matched)));
        }
        self.record(heap, entries)
    }

    fn checks(&self, heap: &mut Heap) -> Told {
        if self.table.columns.iter().any(|column| brings_check(&column.type_, self.dialect)) {
            return Err("a type of this table may bring a CHECK along".to_owned());
        }
        let checks = self.table.constraints.iter().filter_map(|one| match &**one {
            Constraint::Check(check) => Some(check),
            _ => None,
        });
        let checks: Vec<&CheckConstraint> = checks.collect();
        if checks.len() > 1 && checks.iter().any(|check| check.name.is_none()) {
            return Err("the names of the CHECK constraints are not known".to_owned());
        }
        let mut checks = checks;
        checks.sort_by_key(|check| check.name.as_ref().map(|name| name.text.clone()));
        let mut items = Vec::new();
        let mut facts = Vec::new();
        for check in checks {
            let text = self.unknown("the condition as the database spells it");
            let mut entries = vec![("name", self.named(check.name.as_ref())), ("sqltext", text)];
            if self.is_postgresql() {
                entries.push((
                    "comment",
                    match &check.comment {
                        Some(comment) => self.text(comment.as_str()),
                        None => self.none(),
                    },
                ));
            }
            items.push(self.record(heap, entries));
            facts.push(told(check.name.as_ref(), &[]));
        }
        Ok((heap.list(items, self.span), fact("CHECK constraints", &facts)))
    }

    fn comment(&self, heap: &mut Heap) -> (Value, String) {
        let text = match &self.table.comment {
            Some(comment) => self.text(comment.as_str()),
            None => self.none(),
        };
        let told = match &self.table.comment {
            Some(comment) => format!("has the comment {:?}", comment.as_str()),
            None => "has no comment".to_owned(),
        };
        (self.record(heap, vec![("text", text)]), told)
    }

    fn indexes(&self, heap: &mut Heap) -> Told {
        let mut items = Vec::new();
        let mut facts = Vec::new();
        for one in self.listed_indexes()? {
            let columns = match &one.columns {
                Some(columns) => self.names(heap, columns),
                None => self.unknown("the columns of an index over expressions"),
            };
            let unique = match self.is_postgresql() {
                true => Value::bool(one.unique, self.span),
                false => Value::new(revline_python::Kind::Int(i128::from(one.unique)), self.span),
            };
            let mut entries = vec![("name", self.text(&one.name))];
            if self.is_postgresql() {
                entries.push(("unique", unique));
                entries.push(("column_names", columns));
                if one.columns.is_none() {
                    entries.push(("expressions", self.unknown("the expressions of an index")));
                    entries.push(("column_sorting", self.unknown("the order of an index")));
                }
                if one.of_constraint {
                    entries.push(("duplicates_constraint", self.text(&one.name)));
                }
            } else {
                entries.push(("column_names", columns));
                entries.push(("unique", unique));
            }
            let options = if one.has_options {
                self.unknown("the options as they are reflected")
            } else if self.is_postgresql() {
                let none = heap.list(Vec::new(), self.span);
                self.record(heap, vec![("postgresql_include", none)])
            } else {
                self.record(heap, Vec::new())
            };
            entries.push(("dialect_options", options));
            items.push(self.record(heap, entries));
            facts.push(told(
                Some(&Name::new(one.name.as_str())),
                one.columns.as_deref().unwrap_or_default(),
            ));
        }
        Ok((heap.list(items, self.span), fact("indexes", &facts)))
    }

    fn listed_indexes(&self) -> Result<Vec<Listed>, String> {
        let unnamed = || "the name of an index is not known".to_owned();
        let mut all = Vec::new();
        for index in &self.table.indexes {
            let name = index.name.as_ref().ok_or_else(unnamed)?.text.to_string();
            let columns = columns_of(index);
            if columns.is_none() && !self.is_postgresql() {
                return Err("SQLite's inspector may pass over an index on expressions".to_owned());
            }
            all.push(Listed {
                name,
                columns,
                unique: index.unique,
                of_constraint: false,
                has_options: !index.options.is_empty(),
            });
        }
        // On PostgreSQL a constraint that is kept by an index is listed with the indexes; SQLite's
        // automatic ones are left out.
        for constraint in self.table.constraints.iter().filter(|_| self.is_postgresql()) {
            match &**constraint {
                Constraint::Unique(key) => all.push(Listed {
                    name: key.name.as_ref().ok_or_else(unnamed)?.text.to_string(),
                    columns: Some(key.columns.clone()),
                    unique: true,
                    of_constraint: true,
                    has_options: !key.options.is_empty(),
                }),
                Constraint::Exclude(_) => {
                    return Err("an exclusion constraint is listed as an index".to_owned());
                }
                _ => {}
            }
        }
        all.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(all)
    }
}

/// An index as the inspector lists it.
struct Listed {
    name: String,
    /// None where it is made of more than columns.
    columns: Option<Vec<Name>>,
    unique: bool,
    of_constraint: bool,
    has_options: bool,
}

fn columns_of(index: &Index) -> Option<Vec<Name>> {
    index.elements.iter().map(|element| IndexElement::column(element).cloned()).collect()
}

/// Whether a type may come with a CHECK of its own.
fn brings_check(type_: &SqlType, dialect: &str) -> bool {
    match type_.on(dialect) {
        TypeKind::Boolean(boolean) => boolean.create_constraint,
        TypeKind::Enum(enum_) => enum_.create_constraint,
        TypeKind::Opaque(_) | TypeKind::Decorated { .. } => true,
        _ => false,
    }
}

fn told(name: Option<&Name>, columns: &[Name]) -> String {
    let columns: Vec<&str> = columns.iter().map(Name::as_str).collect();
    match name {
        Some(name) => name.text.to_string(),
        None => format!("({})", columns.join(", ")),
    }
}

fn fact(what: &str, names: &[String]) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    if names.is_empty() {
        format!("has no {what}")
    } else {
        format!("has the {what} {}", names.join(", "))
    }
}
