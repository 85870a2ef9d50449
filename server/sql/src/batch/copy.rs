//! A batch that copies its table: the new table, the statements in their order, and the table that
//! the database has afterwards.

use std::sync::Arc;

use revline_schema::{
    Batch, Column, Constraint, Expr, Index, IndexElement, KeyConstraint, Literal, Name,
    PythonDefault, Schema, ServerDefault, SqlType, Table, TableItem, TableName,
};

use super::calls;
use super::checks::{implied, without_check};
use super::moving::{Moved, Moving, columns_of};
use super::source::{self, Source};
use crate::build::{self, BuiltColumn, BuiltTable, Piece};
use crate::expr::Scope;
use crate::identifier::{self, python_repr};
use crate::index::Making;
use crate::print::{Cx, Halt, Print};
use crate::rendered::Mode;
use crate::types::{self, Affinity};
use crate::{ddl, expr, literal, reflect};

/// What a batch does that copies its table.
pub(crate) struct Copied {
    /// The statements in their order, up to the refusal if there is one.
    pub(crate) statements: Vec<String>,
    /// What Alembic or the database says where it stops.
    pub(crate) refusal: Option<String>,
    /// The table afterwards.
    pub(crate) table: Table,
    /// What is assumed about the table, for people.
    pub(crate) fact: Option<String>,
}

/// Makes the copy; `schema` is what the database holds before.
pub(crate) fn make(cx: Cx<'_>, schema: Option<&Schema>, batch: &Batch) -> Print<Copied> {
    let calls = calls::of(cx, &batch.table, &batch.steps)?;
    let source = source::of(cx, schema, batch)?;
    let mut moving = Moving::new(cx, &source, batch);
    for call in &calls {
        moving.apply(call)?;
    }
    moving.settle_order()?;
    let original = schema.and_then(|schema| schema.table(&(&source.name).into()));
    Copy { cx, source: &source, batch, moving: &moving }.run(original.map(|table| &**table))
}

struct Copy<'a> {
    cx: Cx<'a>,
    source: &'a Source,
    batch: &'a Batch,
    moving: &'a Moving<'a>,
}

impl Copy<'_> {
    fn run(&self, original: Option<&Table>) -> Print<Copied> {
        let cx = self.cx;
        let built = self.new_table()?;
        let mut statements = vec![ddl::create_table(cx, &built, false)?];
        let old = &self.source.name;
        let indexes = self.indexes()?;
        let table = self.afterwards(&built, indexes.as_deref().unwrap_or_default(), original);
        let fact = self.source.fact.clone();
        let stopped = |statements, why: String| {
            Ok(Copied { statements, refusal: Some(why), table: table.clone(), fact: fact.clone() })
        };
        let meets_database = cx.mode == Mode::Execute;
        if meets_database && let Some(name) = self.lost_column(&built)? {
            return stopped(statements, database(format!("no such column: {name}")));
        }
        for index in &built.indexes {
            statements.push(cx.dialect.create_index(cx, &built.name, index, Making::Inline)?);
        }
        statements.push(self.insert(&built)?);
        let drop = |name: &TableName| format!("DROP TABLE {}", identifier::table(cx, name));
        let is_computed = |moved: &&Moved| {
            moved.value.is_some()
                && matches!(moved.column.server_default, Some(ServerDefault::Computed(_)))
        };
        if meets_database && let Some(moved) = self.moving.columns.iter().find(is_computed) {
            let name = moved.column.name.clone();
            statements.push(drop(&built.name));
            let why = format!("cannot INSERT into generated column \"{name}\"");
            return stopped(statements, database(why));
        }
        statements.push(drop(old));
        statements.push(format!(
            "ALTER TABLE {} RENAME TO {}",
            identifier::altered_table(cx, &built.name),
            cx.quote(&Name::new(old.name.text.clone()))
        ));
        let indexes = match indexes {
            Ok(indexes) => indexes,
            Err(sentence) => return stopped(statements, sentence),
        };
        let mut made: Vec<&str> = built.indexes.iter().filter_map(named).collect();
        for index in &indexes {
            statements.push(cx.dialect.create_index(cx, old, index, Making::Inline)?);
            if !meets_database {
                continue;
            }
            let is_there = |name: &Name| built.columns.iter().any(|c| c.column.name == *name);
            let mut columns = index.elements.iter().filter_map(IndexElement::column);
            if let Some(stray) = columns.find(|name| !is_there(name)) {
                if cx.quote(stray) != *stray.text {
                    // In double quotes, what is no column is a string for most builds of SQLite.
                    return Err(Halt::unknown(format!(
                        "whether the database takes the index over {stray}, which is dropped"
                    )));
                }
                return stopped(statements, database(format!("no such column: {stray}")));
            }
            if let Some(name) = named(index) {
                if made.contains(&name) {
                    return stopped(statements, database(format!("index {name} already exists")));
                }
                made.push(name);
            }
        }
        Ok(Copied { statements, refusal: None, table, fact })
    }

    /// The name that a column has in the copy.
    fn new_name(&self, key: &Name) -> Option<Name> {
        let moved = self.moving.columns.iter().find(|moved| moved.key.text == key.text)?;
        Some(moved.column.name.clone())
    }

    fn new_names(&self, keys: &[Name]) -> Vec<Name> {
        keys.iter().map(|key| self.new_name(key).unwrap_or_else(|| key.clone())).collect()
    }

    fn temporary_name(&self) -> TableName {
        let text: String =
            format!("_alembic_tmp_{}", self.source.name.name).chars().take(50).collect();
        TableName { schema: self.source.name.schema.clone(), name: Name::new(text) }
    }

    /// The table that the rows are copied to.
    fn new_table(&self) -> Print<BuiltTable> {
        let cx = self.cx;
        let name = self.temporary_name();
        let mut options = self.batch.options.table_kwargs.clone();
        for (keyword, option) in self.source.options.iter() {
            options.0.entry(keyword.into()).or_insert_with(|| option.clone());
        }
        crate::keywords::check_table(&revline_schema::CreateTable {
            options: options.clone(),
            ..revline_schema::CreateTable::default()
        })?;
        // The copy stands in a `MetaData` of its own, which no naming convention reaches.
        let settings = crate::Settings { naming_convention: None, ..cx.settings.clone() };
        let plain = Cx { settings: &settings, ..cx };
        let mut pieces = Vec::new();
        let mut indexes = Vec::new();
        let mut keys: Vec<KeyConstraint> = Vec::new();
        self.table_args(&mut pieces, &mut indexes, &mut keys)?;
        for moved in &self.moving.columns {
            let column = &moved.column;
            let keeps_flags = moved.is_added;
            let around = build::around_column(
                plain,
                &name,
                &Column {
                    index: column.index && keeps_flags,
                    unique: column.unique && keeps_flags,
                    primary_key: false,
                    ..column.clone()
                },
            )?;
            indexes.extend(around.indexes);
            pieces.extend(
                around
                    .pieces
                    .into_iter()
                    .filter(|piece| moved.brings_check || !matches!(piece, Piece::Implicit(_))),
            );
        }
        for piece in self.moving.pieces() {
            let is_whole = |keys: &[&Name]| keys.iter().all(|key| self.new_name(key).is_some());
            if !is_whole(&columns_of(piece)?) {
                continue;
            }
            match self.renamed(piece) {
                Piece::Constraint(Constraint::PrimaryKey(key)) => keys.push(key),
                piece => pieces.push(piece),
            }
        }
        let (primary_key, flagged) = self.primary_key(&keys);
        let columns = self.built_columns(plain, &name, &flagged, &pieces)?;
        Ok(BuiltTable {
            name,
            columns,
            primary_key: Some(primary_key).filter(|key| !key.columns.is_empty()),
            pieces,
            indexes,
            options,
            comment: None,
            prefixes: Vec::new(),
        })
    }

    /// `table_args`: they speak of the columns by their keys.
    fn table_args(
        &self,
        pieces: &mut Vec<Piece>,
        indexes: &mut Vec<Index>,
        keys: &mut Vec<KeyConstraint>,
    ) -> Print<()> {
        for item in &self.batch.options.table_args {
            match item {
                TableItem::Constraint(constraint) => {
                    let piece = Piece::Constraint((**constraint).clone());
                    let columns = columns_of(&piece)?;
                    if let Some(stray) = columns.iter().find(|key| self.new_name(key).is_none()) {
                        return Err(Halt::unknown(format!(
                            "a constraint of table_args names {stray}, which the copy does not have"
                        )));
                    }
                    match self.renamed(&piece) {
                        Piece::Constraint(Constraint::PrimaryKey(key)) => keys.push(key),
                        Piece::Constraint(Constraint::ForeignKey(_)) => {
                            return Err(Halt::unknown("a foreign key among table_args"));
                        }
                        piece => pieces.push(piece),
                    }
                }
                TableItem::Index(index) => {
                    let mut index = index.clone();
                    for element in &mut index.elements {
                        match element {
                            IndexElement::Column(name) => match self.new_name(name) {
                                Some(new) => *name = new,
                                None => return Err(Halt::unknown("an index of table_args")),
                            },
                            IndexElement::Expr(_) => {
                                return Err(Halt::unknown("an index of table_args"));
                            }
                        }
                    }
                    indexes.push(index);
                }
                TableItem::Column(_) => return Err(Halt::unknown("a column among table_args")),
                TableItem::Opaque(opaque) => return Err(opaque.clone().into()),
            }
        }
        Ok(())
    }

    /// A constraint over the columns as the copy names them.
    fn renamed(&self, piece: &Piece) -> Piece {
        let mut piece = piece.clone();
        match &mut piece {
            Piece::Implicit(check) => {
                if let Some(name) = self.new_name(&check.column) {
                    check.column = name;
                }
            }
            Piece::Constraint(Constraint::PrimaryKey(key) | Constraint::Unique(key)) => {
                key.columns = self.new_names(&key.columns);
            }
            Piece::Constraint(Constraint::ForeignKey(key)) => {
                key.columns = self.new_names(&key.columns);
                // Copied into a schema, a key points into that schema.
                if let Some(schema) = &self.source.name.schema {
                    key.referent.schema = Some(schema.clone());
                }
            }
            Piece::Constraint(Constraint::Check(_) | Constraint::Exclude(_)) => {}
        }
        piece
    }

    /// The key that the copy has at last, and every column that counts as part of one: each key
    /// that is attached replaces the one before.
    fn primary_key(&self, keys: &[KeyConstraint]) -> (KeyConstraint, Vec<Name>) {
        let columns = &self.moving.columns;
        let mut flagged: Vec<Name> = columns
            .iter()
            .filter(|moved| moved.column.primary_key)
            .map(|moved| moved.column.name.clone())
            .collect();
        let mut last = KeyConstraint { columns: flagged.clone(), ..KeyConstraint::default() };
        for key in keys {
            let mut key = key.clone();
            let same = key.columns.len() == flagged.len()
                && key.columns.iter().all(|column| flagged.contains(column));
            if key.columns.is_empty() || same || flagged.is_empty() {
                let more: Vec<Name> =
                    flagged.iter().filter(|name| !key.columns.contains(name)).cloned().collect();
                key.columns.extend(more);
            }
            flagged.extend(
                key.columns
                    .iter()
                    .filter(|name| !flagged.contains(name))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
            // In the order of the table, as the flags are read from it.
            flagged.sort_by_key(|name| columns.iter().position(|m| m.column.name == *name));
            last = key;
        }
        (last, flagged)
    }

    fn built_columns(
        &self,
        cx: Cx<'_>,
        table: &TableName,
        flagged: &[Name],
        pieces: &[Piece],
    ) -> Print<Vec<BuiltColumn>> {
        let points = |name: &Name| {
            pieces.iter().any(|piece| {
                matches!(piece, Piece::Constraint(Constraint::ForeignKey(key)) if key.columns.contains(name))
            })
        };
        let mut columns = Vec::new();
        for moved in &self.moving.columns {
            let column = &moved.column;
            let taken = columns.iter().any(|other: &BuiltColumn| other.column.name == column.name);
            if taken {
                return Err(Halt::Refused(format!(
                    "A column with name '{}' is already present in table '{}'.",
                    column.name, table.name
                )));
            }
            let primary_key = flagged.contains(&column.name);
            let whole = Column { primary_key, ..column.clone() };
            let mut checks = Vec::new();
            for check in &column.checks {
                let named = build::named(cx, table, &Constraint::Check(check.clone()))?;
                if let Constraint::Check(check) = named {
                    checks.push(check);
                }
            }
            columns.push(BuiltColumn {
                nullable: whole.is_nullable(),
                primary_key,
                counts: false,
                has_foreign_key: points(&column.name),
                checks,
                column: column.clone(),
            });
        }
        Ok(columns)
    }

    /// A column that a CHECK names although the copy does not have it any more.
    fn lost_column(&self, built: &BuiltTable) -> Print<Option<Name>> {
        let is_there = |text: &str| {
            built.columns.iter().any(|column| column.column.name.text.to_lowercase() == *text)
        };
        let lost: Vec<&Name> = self
            .source
            .columns
            .iter()
            .map(|column| &column.name)
            .filter(|name| !is_there(&name.text.to_lowercase()))
            .collect();
        let checks = built
            .pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Constraint(Constraint::Check(check)) => Some(check),
                _ => None,
            })
            .chain(built.columns.iter().flat_map(|column| &column.checks));
        for check in checks {
            let text = Scope::ddl(self.cx).print(&check.condition)?;
            let mentioned = reflect::identifiers(&text);
            let found = lost.iter().find(|name| mentioned.contains(&name.text.to_lowercase()));
            if let Some(name) = found {
                if text.contains('"') {
                    return Err(Halt::unknown(format!(
                        "whether the database takes a CHECK that names {name}"
                    )));
                }
                return Ok(Some((*name).clone()));
            }
        }
        Ok(None)
    }

    /// `INSERT INTO … SELECT …`.
    fn insert(&self, built: &BuiltTable) -> Print {
        let cx = self.cx;
        let old = identifier::table(cx, &self.source.name);
        let mut names = Vec::new();
        let mut values = Vec::new();
        for moved in &self.moving.columns {
            let Some(casts) = &moved.value else { continue };
            names.push(cx.quote(&moved.column.name));
            let key = cx.quote(&moved.key);
            let mut value = format!("{old}.{key}");
            for type_ in casts {
                value = expr::cast(&value, &cx.dialect.type_text(cx, type_)?);
            }
            if !casts.is_empty() {
                value.push_str(&format!(" AS {key}"));
            }
            values.push(value);
        }
        if names.is_empty() {
            return Err(Halt::unknown("a copy of a table of which no column stays"));
        }
        let mut anonymous = 0_usize;
        for moved in &self.moving.columns {
            if moved.value.is_some() {
                continue;
            }
            match &moved.column.default {
                None => {}
                Some(PythonDefault::Value(value)) => {
                    anonymous += 1;
                    names.push(cx.quote(&moved.column.name));
                    let is_handed_over_as_it_is = matches!(
                        (types::affinity(&moved.column.type_.kind), value),
                        (Affinity::Integer, Literal::Int(_))
                            | (Affinity::String | Affinity::Enum, Literal::Str(_))
                            | (Affinity::Boolean, Literal::Bool(_))
                    );
                    if !is_handed_over_as_it_is {
                        return Err(Halt::unknown(format!(
                            "how the Python-side default of {} is handed to the database",
                            moved.column.name
                        )));
                    }
                    let value = literal::typed(cx, value, &moved.column.type_)?;
                    values.push(format!("{value} AS anon_{anonymous}"));
                }
                Some(_) => {
                    return Err(Halt::unknown(format!(
                        "the Python-side default of {} takes part in this statement",
                        moved.column.name
                    )));
                }
            }
        }
        Ok(format!(
            "INSERT INTO {} ({}) SELECT {} \nFROM {old}",
            identifier::table(cx, &built.name),
            names.join(", "),
            values.join(", ")
        ))
    }

    /// The indexes that are made at the end; what SQLAlchemy says where one names a column which
    /// the copy does not have under that key.
    fn indexes(&self) -> Print<Result<Vec<Index>, String>> {
        let mut indexes = Vec::new();
        // Looking a dropped column up for an index that was there brings it back into sight.
        let mut brought_back = Vec::new();
        for index in &self.moving.indexes {
            let mut index = index.clone();
            for element in &mut index.elements {
                match element {
                    IndexElement::Column(name) => match self.new_name(name) {
                        Some(new) => *name = new,
                        None if self.moving.columns.iter().any(|m| m.column.name == *name) => {
                            return Ok(Err(format!(
                                "A column with name '{name}' is already present in table '{}'. \
                                 Specify replace_existing=True to Table.append_column() or \
                                 Table.insert_column() to replace an existing column.",
                                self.source.name.name
                            )));
                        }
                        None => brought_back.push(name.text.clone()),
                    },
                    IndexElement::Expr(Expr::Text(_)) => {}
                    IndexElement::Expr(_) => {
                        return Err(Halt::unknown("what becomes of an index over an expression"));
                    }
                }
            }
            indexes.push(index);
        }
        for index in &self.moving.new_indexes {
            let mut index = index.clone();
            for element in &mut index.elements {
                let key = match &*element {
                    IndexElement::Column(name) => name.clone(),
                    IndexElement::Expr(Expr::Text(text)) => Name::new(text.text.text.clone()),
                    IndexElement::Expr(Expr::Column(column)) => column.name.clone(),
                    IndexElement::Expr(_) => {
                        return Err(Halt::unknown("what becomes of an index over an expression"));
                    }
                };
                match self.new_name(&key) {
                    Some(name) => *element = IndexElement::Column(name),
                    None if brought_back.contains(&key.text) => {
                        *element = IndexElement::Column(key);
                    }
                    None => return Ok(Err(python_repr(&key.text))),
                }
            }
            indexes.push(index);
        }
        Ok(Ok(indexes))
    }

    /// The table that the database has in the end. What the copy left as it was is kept as the
    /// history described it, which says more than what is read back.
    fn afterwards(&self, built: &BuiltTable, indexes: &[Index], original: Option<&Table>) -> Table {
        let mut constraints: Vec<Arc<Constraint>> = Vec::new();
        if let Some(key) = &built.primary_key {
            constraints.push(Arc::new(Constraint::PrimaryKey(key.clone())));
        }
        for piece in &built.pieces {
            constraints.push(Arc::new(match piece {
                Piece::Constraint(constraint) => constraint.clone(),
                Piece::Implicit(check) => implied(self.cx, check),
            }));
        }
        let checks = built.columns.iter().flat_map(|column| &column.checks);
        constraints.extend(checks.map(|check| Arc::new(Constraint::Check(check.clone()))));
        let columns = built.columns.iter().zip(&self.moving.columns).map(|(built, moved)| {
            let found = original.and_then(|table| table.column(moved.key.as_str()));
            let before = self.source.columns.iter().find(|column| column.name == moved.key);
            let mut column = Column {
                index: false,
                unique: false,
                checks: Vec::new(),
                nullable: Some(built.nullable),
                primary_key: built.primary_key,
                type_: without_check(&built.column.type_),
                ..built.column.clone()
            };
            let overridden = self.batch.options.reflect_args.iter().any(|item| {
                matches!(item, TableItem::Column(column) if column.name.text == moved.key.text)
            });
            let is_reflected = self.source.is_reflected && !overridden && moved.value.is_some();
            if let (Some(found), Some(before), true) = (found, before, is_reflected) {
                let text = |type_: &SqlType| self.cx.dialect.type_text(self.cx, type_).ok();
                if moved.column.type_ == before.type_ && text(&found.type_) == text(&before.type_) {
                    column.type_ = found.type_.clone();
                }
                if moved.column.server_default == before.server_default {
                    column.server_default = found.server_default.clone();
                }
                column.comment = column.comment.or_else(|| found.comment.clone());
            }
            Arc::new(column)
        });
        Table {
            name: original.map_or_else(|| self.source.name.clone(), |table| table.name.clone()),
            columns: columns.collect(),
            constraints,
            indexes: built.indexes.iter().chain(indexes).cloned().map(Arc::new).collect(),
            comment: original.and_then(|table| table.comment.clone()),
            options: built.options.clone(),
            is_raw: false,
            doubt: None,
        }
    }
}

/// What SQLAlchemy says when SQLite objects.
fn database(sentence: String) -> String {
    format!("(sqlite3.OperationalError) {sentence}")
}

fn named(index: &Index) -> Option<&str> {
    index.name.as_ref().map(Name::as_str)
}
