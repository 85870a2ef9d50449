//! CREATE: tables, indexes and what else matters to them.

use revline_schema::{
    AlterColumn, Autoincrement, Column, Constraint, CreateIndex, CreateTable, Expr, Index,
    IndexElement, Key, Literal, Name, Op, Opaque, Options, ServerDefault, TableItem, TableName,
    Touched, UnaryOp,
};

use super::columns::{self, ReadColumn};
use super::cursor::Cursor;
use super::names;
use super::reader::{HARMLESS, Reader, brief};

/// Tables that an extension brings along.
const BROUGHT: &[(&str, &[&str])] =
    &[("postgis", &["spatial_ref_sys", "geometry_columns", "geography_columns"])];

/// PostgreSQL takes 1,600 columns, SQLite 2,000 unless it was built otherwise.
const MOST_COLUMNS: usize = 4_000;
/// Names of constraints are chosen by looking at all others.
const MOST_CONSTRAINTS: usize = 300;

impl Reader {
    pub(crate) fn create(&mut self, mut cursor: Cursor<'_>) {
        let whole = cursor;
        cursor.next();
        cursor.eat(&["OR", "REPLACE"]);
        let mut is_temporary = false;
        let mut unique = false;
        loop {
            let word = cursor.word();
            match word.as_str() {
                "TEMP" | "TEMPORARY" => is_temporary = true,
                "UNIQUE" => unique = true,
                "UNLOGGED" | "GLOBAL" | "LOCAL" | "MATERIALIZED" | "RECURSIVE" | "CONSTRAINT"
                | "TRUSTED" | "PROCEDURAL" => {}
                "FOREIGN" if cursor.is_at(1, "TABLE") => {}
                _ => break,
            }
            cursor.next();
        }
        let kind = cursor.word();
        cursor.next();
        match kind.as_str() {
            "TABLE" => self.create_table(cursor, is_temporary),
            "INDEX" => self.create_index(cursor, unique),
            "VIEW" => {
                cursor.eat(&["IF", "NOT", "EXISTS"]);
                match self.table(&mut cursor) {
                    Some(view) => self.touch_table(&view, "there is a view of this name"),
                    None => self.opaque("the name of a view is not understood", &whole),
                }
            }
            "TYPE" => self.create_type(cursor),
            "DOMAIN" => {}
            "SCHEMA" if !cursor.mentions("CREATE") => {}
            "EXTENSION" => {
                cursor.eat(&["IF", "NOT", "EXISTS"]);
                let name = cursor.name();
                let brought = BROUGHT
                    .iter()
                    .find(|(own, _)| name.as_ref().is_some_and(|name| name.as_str() == *own));
                for table in brought.map(|(_, tables)| *tables).unwrap_or_default() {
                    let origin = name.as_ref().map(|name| name.origin).unwrap_or_default();
                    let part = Touched::Table(TableName::new(*table));
                    self.touch(part, "an extension may have made this table", origin);
                }
            }
            "VIRTUAL" => {
                self.opaque("which tables stand behind a virtual table is not known", &whole)
            }
            kind if HARMLESS.contains(&kind) || kind == "FOREIGN" => {}
            other => {
                self.opaque(format!("what CREATE {} does is not known", brief(other)), &whole);
            }
        }
    }

    fn create_table(&mut self, mut cursor: Cursor<'_>, is_temporary: bool) {
        let whole = cursor;
        let if_not_exists = cursor.eat(&["IF", "NOT", "EXISTS"]);
        let Some(table) = self.table(&mut cursor) else {
            return self.opaque("the name of a table is not understood", &whole);
        };
        let in_temporary = table.schema.as_ref().is_some_and(|schema| {
            schema.as_str().eq_ignore_ascii_case("temp") || schema.as_str() == "pg_temp"
        });
        if is_temporary || in_temporary {
            return self.touch_table(&table, "this table is a temporary one");
        }
        if cursor.is("AS") {
            return self.made_by_query(table, if_not_exists);
        }
        let opaque =
            |why: &str| TableItem::Opaque(Opaque { why: why.into(), origin: table.name.origin });
        let mut columns = Vec::new();
        let mut constraints = Vec::new();
        let mut items = Vec::new();
        let mut options = Options::default();
        if cursor.eat(&["PARTITION", "OF"]) || cursor.eat(&["OF"]) {
            items.push(opaque("the columns of this table are those of another one"));
            cursor.table();
        }
        for item in cursor.group().map(|group| group.items()).unwrap_or_default() {
            if item.is("LIKE") {
                items.push(opaque("some columns of this table are those of another one"));
            } else if columns::is_constraint(&item) {
                match columns::constraint(item) {
                    Ok(constraint) => constraints.push(constraint),
                    Err(why) => items.push(opaque(&why)),
                }
            } else {
                match columns::column(item, &table.name, &self.schema) {
                    Ok(ReadColumn { column, constraints: own }) => {
                        columns.push(column);
                        constraints.extend(own);
                    }
                    Err(why) => items.push(opaque(&why)),
                }
            }
        }
        while !cursor.is_empty() {
            let word = cursor.word();
            let start = cursor;
            cursor.next();
            match word.as_str() {
                "WITHOUT" if cursor.eat(&["ROWID"]) => {
                    options = options.with("sqlite_with_rowid", false);
                }
                "STRICT" => options = options.with("sqlite_strict", true),
                "WITH" | "WITHOUT" | "USING" | "TABLESPACE" | "SERVER" | "OPTIONS" => {
                    if !cursor.is_mark('(') {
                        cursor.next();
                    }
                    cursor.group();
                }
                "ON" if cursor.eat(&["COMMIT"]) => break,
                "PARTITION" if cursor.eat(&["BY"]) => {
                    let by = cursor.source_text();
                    options = options.with("postgresql_partition_by", by.as_str());
                    break;
                }
                "INHERITS" => {
                    cursor.group();
                    items.push(opaque("some columns of this table are those of another one"));
                }
                "AS" => {
                    items.push(opaque("some columns of this table are those of a query"));
                    break;
                }
                "FOR" | "DEFAULT" => break,
                _ => {
                    if !start.is_mark(',') {
                        items.push(opaque("an option of this table is not understood"));
                        break;
                    }
                }
            }
        }
        let spelled: Vec<Name> = columns.iter().map(|column| column.name.clone()).collect();
        if constraints.len() > MOST_CONSTRAINTS || columns.len() > MOST_COLUMNS {
            return self.touch_table(&table, "this table has too many columns to be read");
        }
        if self.lexis.is_postgresql {
            constraints = merged(constraints);
        }
        // A name that is given is taken, wherever it stands.
        let mut named: Vec<Constraint> = Vec::new();
        for place in 0..constraints.len() {
            let (before, rest) = constraints.split_at_mut(place);
            let Some((constraint, after)) = rest.split_first_mut() else { break };
            self.settle(&table, &spelled, constraint, &[before, after]);
            if let Constraint::PrimaryKey(key) = &constraint {
                columns.iter_mut().filter(|c| key.columns.contains(&c.name)).for_each(|column| {
                    self.make_key(column);
                });
            }
            named.push(constraint.clone());
        }
        let mut all: Vec<TableItem> = columns.into_iter().map(TableItem::from).collect();
        all.extend(named.into_iter().map(TableItem::from));
        all.extend(items);
        self.push(Op::CreateTable(CreateTable {
            table,
            items: all,
            if_not_exists,
            options,
            ..CreateTable::default()
        }));
    }

    /// What being part of the primary key makes of a column.
    fn make_key(&self, column: &mut Column) {
        if !self.lexis.is_postgresql {
            return;
        }
        column.nullable = Some(false);
        let is_serial = matches!(
            &column.server_default,
            Some(ServerDefault::Expr(Expr::Text(text)))
                if text.text.origin.span().is_none() && text.text.as_str().starts_with("nextval(")
        );
        if is_serial {
            column.server_default = None;
            column.autoincrement = Autoincrement::True;
        }
    }

    /// Gives a constraint the spelling of the columns and tables that are there, what a foreign key
    /// leaves out, and its name.
    pub(crate) fn settle(
        &self,
        table: &TableName,
        columns: &[Name],
        constraint: &mut Constraint,
        beside: &[&[Constraint]],
    ) {
        let lexis = self.lexis;
        let spell = |names: &mut Vec<Name>, known: &[Name]| {
            for name in names {
                *name = names::among(lexis, name.clone(), known.iter());
            }
        };
        match constraint {
            Constraint::PrimaryKey(key) | Constraint::Unique(key) => {
                spell(&mut key.columns, columns)
            }
            Constraint::ForeignKey(key) => {
                spell(&mut key.columns, columns);
                let same = |a: &Name, b: &Name| {
                    a.text == b.text || lexis.folds() && a.text.eq_ignore_ascii_case(&b.text)
                };
                let own = same(&key.referent.name, &table.name)
                    && key.referent.schema.as_ref().map(Name::as_str)
                        == table.schema.as_ref().map(Name::as_str);
                key.referent = if own { table.clone() } else { self.known(key.referent.clone()) };
                let there = self.schema.table(&Key::from(&key.referent));
                if key.referent_columns.is_empty() {
                    let own_key =
                        beside.iter().copied().flatten().find_map(|constraint| match constraint {
                            Constraint::PrimaryKey(key) if own => Some(key.columns.clone()),
                            _ => None,
                        });
                    let theirs = there.map(|table| table.primary_key().to_vec());
                    key.referent_columns = own_key.or(theirs).unwrap_or_default();
                } else if own {
                    spell(&mut key.referent_columns, columns);
                } else if let Some(there) = there {
                    let known: Vec<Name> = there.columns.iter().map(|c| c.name.clone()).collect();
                    spell(&mut key.referent_columns, &known);
                }
            }
            Constraint::Check(_) | Constraint::Exclude(_) => {}
        }
        if constraint.name().is_some() {
            return;
        }
        let name = if lexis.is_postgresql {
            let is_beside = |name: &str| {
                beside
                    .iter()
                    .copied()
                    .flatten()
                    .any(|own| own.name().is_some_and(|own| own.as_str() == name))
            };
            let taken = |name: &str| names::is_taken(&self.schema, name) || is_beside(name);
            Some(names::of_constraint(&table.name, columns, constraint, taken))
        } else {
            Some(Name::none())
        };
        match constraint {
            Constraint::PrimaryKey(key) | Constraint::Unique(key) => key.name = name,
            Constraint::ForeignKey(key) => key.name = name,
            Constraint::Check(check) => check.name = name,
            Constraint::Exclude(exclude) => exclude.name = name.filter(|n| *n != Name::none()),
        }
    }

    /// The names of a table's columns.
    pub(crate) fn columns(&self, table: &TableName) -> Vec<Name> {
        let table = self.schema.table(&Key::from(table));
        table.map(|t| t.columns.iter().map(|c| c.name.clone()).collect()).unwrap_or_default()
    }

    fn create_index(&mut self, mut cursor: Cursor<'_>, unique: bool) {
        let whole = cursor;
        cursor.eat(&["CONCURRENTLY"]);
        let if_not_exists = cursor.eat(&["IF", "NOT", "EXISTS"]);
        let name = if cursor.is("ON") { None } else { cursor.table().map(|name| name.name) };
        cursor.eat(&["ON"]);
        cursor.eat(&["ONLY"]);
        let Some(table) = self.table(&mut cursor) else {
            return self.opaque("the table of an index is not understood", &whole);
        };
        let mut index =
            Index { name, unique, origin: whole.source.origin(whole.range()), ..Index::default() };
        match self.index_parts(&mut cursor, &table, &mut index) {
            Ok(()) => {}
            Err(why) => return self.touch_table(&table, why),
        }
        if index.name.is_none() {
            let taken = |name: &str| names::is_taken(&self.schema, name);
            index.name = names::of_index(&table.name, &index, taken);
            if index.name.is_none() {
                return self.touch_table(&table, "the name that an index gets is not known");
            }
        }
        if !self.has_table(&table) && self.schema.tables.values().any(|t| !t.is_certain()) {
            // An index of a view that a block may have made.
            return self.touch_table(&table, "an index is made on something that may be no table");
        }
        self.push(Op::CreateIndex(CreateIndex { table, index, if_not_exists }));
    }

    fn index_parts(
        &self,
        cursor: &mut Cursor<'_>,
        table: &TableName,
        index: &mut Index,
    ) -> Result<(), String> {
        let mut options = Options::default();
        if cursor.eat(&["USING"])
            && let Some(method) = cursor.name()
            && method.as_str() != "btree"
        {
            options = options.with("postgresql_using", method.as_str());
        }
        let columns = self.columns(table);
        let group = cursor.group().ok_or("the columns of an index are not understood")?;
        let mut classes = Vec::new();
        for item in group.items() {
            index.elements.push(self.element(item, &columns, &mut classes));
        }
        if !classes.is_empty() {
            options = options.with("postgresql_ops", 0);
            if let Some(option) = options.0.get_mut("postgresql_ops") {
                option.value = Literal::Dict(classes);
            }
        }
        loop {
            if cursor.eat(&["INCLUDE"]) {
                let names = cursor.names().ok_or("what an index includes is not understood")?;
                let names = names.iter().map(|name| Literal::from(name.as_str())).collect();
                options = options.with("postgresql_include", 0);
                if let Some(option) = options.0.get_mut("postgresql_include") {
                    option.value = Literal::List(names);
                }
            } else if cursor.eat(&["NULLS", "NOT", "DISTINCT"]) {
                options = options.with("postgresql_nulls_not_distinct", true);
            } else if cursor.eat(&["NULLS", "DISTINCT"]) {
            } else if cursor.eat(&["WITH"]) {
                cursor.group();
            } else if cursor.eat(&["TABLESPACE"]) {
                cursor.next();
            } else if cursor.eat(&["WHERE"]) {
                let keyword =
                    if self.lexis.is_postgresql { "postgresql_where" } else { "sqlite_where" };
                let condition = columns::expr(cursor.source_text());
                options = options.with(keyword, 0);
                if let Some(option) = options.0.get_mut(keyword) {
                    option.value = Literal::Expr(Box::new(condition));
                }
                break;
            } else if cursor.is_empty() {
                break;
            } else {
                return Err(format!(
                    "what {} does to an index is not known",
                    columns::shown(cursor)
                ));
            }
        }
        index.options = options;
        Ok(())
    }

    /// `column [COLLATE c] [class] [ASC | DESC] [NULLS …]` or an expression.
    fn element(
        &self,
        item: Cursor<'_>,
        columns: &[Name],
        classes: &mut Vec<(Literal, Literal)>,
    ) -> IndexElement {
        let whole = || IndexElement::Expr(columns::expr(item.source_text()));
        let mut rest = item;
        let Some(name) = rest.name() else { return whole() };
        let name = names::among(self.lexis, name, columns.iter());
        if rest.is_mark('(') || rest.is_mark('.') {
            return whole();
        }
        if let Some(element) = Self::ordered(&mut rest.clone(), &name) {
            return element;
        }
        if let Some(class) = rest.name()
            && rest.is_empty()
            && self.lexis.is_postgresql
            && !class.as_str().eq_ignore_ascii_case("collate")
        {
            classes.push((Literal::from(name.as_str()), Literal::from(class.as_str())));
            return IndexElement::Column(name);
        }
        whole()
    }

    /// What stands before a column's order of NULLs is read first.
    fn ordered(rest: &mut Cursor<'_>, name: &Name) -> Option<IndexElement> {
        let mut expr = Expr::column(name.clone());
        let is_descending = rest.eat(&["DESC"]);
        if is_descending {
            expr = Expr::Unary { op: UnaryOp::Desc, operand: Box::new(expr) };
        } else {
            rest.eat(&["ASC"]);
        }
        let nulls = [("FIRST", UnaryOp::NullsFirst), ("LAST", UnaryOp::NullsLast)];
        let nulls = nulls.into_iter().find(|(word, _)| rest.eat(&["NULLS", word]));
        let is_usual = match &nulls {
            Some((word, _)) => (*word == "FIRST") == is_descending,
            None => true,
        };
        if let Some((_, op)) = nulls
            && !is_usual
        {
            expr = Expr::Unary { op, operand: Box::new(expr) };
        }
        if !rest.is_empty() {
            return None;
        }
        Some(match expr {
            Expr::Column(column) => IndexElement::Column(column.name),
            expr => IndexElement::Expr(expr),
        })
    }

    /// A column that becomes part of the primary key takes no NULL on PostgreSQL.
    pub(crate) fn forbid_null(&mut self, table: &TableName, columns: &[Name]) {
        if !self.lexis.is_postgresql {
            return;
        }
        for column in columns {
            self.push(Op::AlterColumn(Box::new(AlterColumn {
                table: table.clone(),
                column: column.clone(),
                nullable: Some(false),
                ..AlterColumn::default()
            })));
        }
    }
}

/// PostgreSQL makes one index where several keys have the same columns: the primary key, or the first
/// one with a name.
fn merged(constraints: Vec<Constraint>) -> Vec<Constraint> {
    let columns = |constraint: &Constraint| match constraint {
        Constraint::PrimaryKey(key) | Constraint::Unique(key) => {
            Some((key.columns.clone(), key.deferral.clone()))
        }
        _ => None,
    };
    let has_key = |among: &[Constraint], wanted: &Constraint| {
        columns(wanted).is_some() && among.iter().any(|own| columns(own) == columns(wanted))
    };
    let keys: Vec<Constraint> =
        constraints.iter().filter(|c| matches!(c, Constraint::PrimaryKey(_))).cloned().collect();
    let mut all: Vec<Constraint> = Vec::new();
    for (place, constraint) in constraints.iter().enumerate() {
        let is_unnamed = matches!(constraint, Constraint::Unique(key) if key.name.is_none());
        let is_named_later = || {
            let later = constraints.get(place + 1..).unwrap_or_default();
            let named: Vec<Constraint> =
                later.iter().filter(|later| later.name().is_some()).cloned().collect();
            has_key(&named, constraint)
        };
        if is_unnamed
            && (has_key(&keys, constraint) || has_key(&all, constraint) || is_named_later())
        {
            continue;
        }
        all.push(constraint.clone());
    }
    all
}
