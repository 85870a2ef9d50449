//! One text, statement by statement, with the schema as each of them meets it.

use revline_schema::{
    AlterColumn, CreateTable, DropIndex, DropTable, Given, Key, Name, Op, Opaque, Origin, Schema,
    TableComment, TableItem, TableName, Touch, Touched, apply,
};

use super::Lexis;
use super::cursor::Cursor;
use super::lexer::{Kind, Token, tokens};
use super::names;
use super::rows::{self, Called};
use super::source::Source;
use super::statements::split;

/// More operations than this of one text are not kept apart.
const MOST_OPERATIONS: usize = 2_000;
/// A longer text is not read.
const LONGEST: usize = 4 << 20;

/// What the statements so far have made of a schema.
pub(crate) struct Reader {
    pub(crate) schema: Schema,
    pub(crate) lexis: Lexis,
    pub(crate) depth: usize,
    out: Vec<Op>,
}

impl Reader {
    pub(crate) const fn new(schema: Schema, lexis: Lexis) -> Self {
        Self { schema, lexis, depth: 0, out: Vec::new() }
    }

    /// The operations.
    pub(crate) fn done(self) -> Vec<Op> {
        self.out
    }

    /// Puts other operations in the place of those so far, which are given back.
    pub(crate) fn swap(&mut self, out: Vec<Op>) -> Vec<Op> {
        std::mem::replace(&mut self.out, out)
    }

    /// Reads a whole text.
    pub(crate) fn text(&mut self, source: &Source) {
        if source.text.len() > LONGEST {
            return self.push(Op::Opaque(Opaque::new("this SQL is too long to be read")));
        }
        let tokens = tokens(&source.text, self.lexis);
        for statement in split(&source.text, &tokens) {
            if self.out.len() > MOST_OPERATIONS {
                return self.push(Op::Opaque(Opaque::new("this SQL has too many statements")));
            }
            self.statement(source, statement);
        }
    }

    /// Notes an operation; the next statement meets what it leaves.
    pub(crate) fn push(&mut self, op: Op) {
        self.schema = apply(&self.schema, &op).0;
        self.out.push(op);
    }

    /// Puts a part in doubt.
    pub(crate) fn touch(&mut self, part: Touched, why: impl Into<String>, origin: Origin) {
        let why = Opaque { why: why.into().into(), origin };
        self.push(Op::Touch(Touch { part, why }));
    }

    /// Puts a table in doubt.
    pub(crate) fn touch_table(&mut self, table: &TableName, why: impl Into<String>) {
        self.touch(Touched::Table(table.clone()), why, table.name.origin);
    }

    /// Puts everything in doubt.
    pub(crate) fn opaque(&mut self, why: impl Into<String>, cursor: &Cursor<'_>) {
        let origin = cursor.source.origin(cursor.range());
        self.push(Op::Opaque(Opaque { why: why.into().into(), origin }));
    }

    /// A table under the name that the schema knows it by.
    pub(crate) fn known(&self, name: TableName) -> TableName {
        names::table(&self.schema, self.lexis, name)
    }

    pub(crate) fn has_table(&self, name: &TableName) -> bool {
        self.schema.table(&Key::from(name)).is_some()
    }

    /// Takes the name of a table.
    pub(crate) fn table(&self, cursor: &mut Cursor<'_>) -> Option<TableName> {
        cursor.table().map(|name| self.known(name))
    }

    /// A column of a table as it is spelled there.
    pub(crate) fn column_of(&self, table: &TableName, column: Name) -> Name {
        match self.schema.table(&Key::from(table)) {
            Some(table) => names::among(self.lexis, column, table.columns.iter().map(|c| &c.name)),
            None => column,
        }
    }

    fn statement(&mut self, source: &Source, tokens: &[Token]) {
        self.one(Cursor::new(source, self.lexis, tokens));
    }

    /// Reads one statement.
    pub(crate) fn one(&mut self, mut cursor: Cursor<'_>) {
        let whole = cursor;
        let (source, tokens) = (cursor.source, cursor.rest());
        if tokens.iter().any(|token| matches!(token.kind, Kind::Meta | Kind::Data)) {
            return;
        }
        // A query in parentheses.
        while cursor.eat_mark('(') {}
        let head = cursor.word();
        if matches!(head.as_str(), "CREATE" | "ALTER" | "DROP" | "COMMENT")
            && let Some(value) = value_within(source, &whole)
        {
            let origin = source.origin(value);
            let why = "a value that is not known stands in this statement";
            return match self.named_after_table(cursor) {
                Some(table) => self.touch(Touched::Table(table), why, origin),
                None => self.push(Op::Opaque(Opaque { why: why.into(), origin })),
            };
        }
        match head.as_str() {
            "CREATE" => self.create(cursor),
            "ALTER" => self.alter(cursor),
            "DROP" => self.drop(cursor),
            "COMMENT" => self.comment(cursor),
            "DO" => self.block(cursor),
            "SELECT" | "VALUES" | "TABLE" | "WITH" => self.query(cursor),
            "INSERT" | "UPDATE" | "DELETE" | "REPLACE" => {
                if let Some(why) = rows::writes_catalog(cursor) {
                    self.push(Op::Opaque(why));
                }
            }
            "SET" if cursor.mentions("search_path") && self.lexis.is_postgresql => {
                self.search_path(cursor);
            }
            "PRAGMA"
                if cursor.mentions("writable_schema") || cursor.mentions("legacy_alter_table") =>
            {
                self.opaque("this setting changes what later statements do to the schema", &whole);
            }
            "CALL" => self.opaque("what a procedure does is not known", &whole),
            "EXECUTE" => self.opaque("what a prepared statement does is not known", &whole),
            "IMPORT" => self.opaque("which tables are imported is not known", &whole),
            "SAVEPOINT" | "RELEASE" | "BEGIN" | "START" | "COMMIT" | "END" | "SET" | "RESET"
            | "SHOW" | "GRANT" | "REVOKE" | "PRAGMA" | "TRUNCATE" | "LOCK" | "ANALYZE"
            | "ANALYSE" | "VACUUM" | "REINDEX" | "REFRESH" | "USE" | "COPY" | "MERGE"
            | "CLUSTER" | "NOTIFY" | "LISTEN" | "UNLISTEN" | "EXPLAIN" | "ATTACH" | "DETACH"
            | "CHECKPOINT" | "DISCARD" | "LOAD" | "SECURITY" | "REASSIGN" | "DECLARE" | "FETCH"
            | "MOVE" | "CLOSE" | "PREPARE" | "DEALLOCATE" => {}
            "ROLLBACK" | "ABORT" => {
                if self.out.iter().any(|op| !matches!(op, Op::Opaque(_))) {
                    self.opaque("how much a ROLLBACK takes back is not known", &whole);
                }
            }
            "RENAME" => self.opaque("there is no such statement on this database", &whole),
            "" => self.opaque("this is not understood as SQL", &whole),
            other => self
                .opaque(format!("what the statement {} does is not known", brief(other)), &whole),
        }
    }

    /// The table of `CREATE TABLE`, `ALTER TABLE` and `DROP TABLE`, where it is one.
    fn named_after_table(&self, mut cursor: Cursor<'_>) -> Option<TableName> {
        cursor.next();
        if !cursor.eat(&["TABLE"]) || cursor.mentions("RENAME") {
            return None;
        }
        for word in ["IF", "NOT", "EXISTS", "ONLY"] {
            cursor.eat(&[word]);
        }
        self.table(&mut cursor).filter(|_| !cursor.is_mark(','))
    }

    fn query(&mut self, cursor: Cursor<'_>) {
        if !self.lexis.is_postgresql && !cursor.mentions("AddGeometryColumn") {
            return;
        }
        let changes = ["INSERT", "UPDATE", "DELETE", "MERGE"];
        if cursor.is("WITH") && changes.iter().any(|word| cursor.mentions(word)) {
            return;
        }
        if let Some(table) = self.select_into(cursor) {
            return self.made_by_query(table, false);
        }
        match rows::called(cursor) {
            Called::Nothing => {}
            Called::Table(table, why) => {
                let table = self.known(table);
                self.push(Op::Touch(Touch { part: Touched::Table(table), why }));
            }
            Called::Anything(why) => self.push(Op::Opaque(why)),
        }
    }

    /// The table of `SELECT … INTO table`.
    fn select_into(&self, cursor: Cursor<'_>) -> Option<TableName> {
        let mut rest = cursor;
        rest.until(|here| here.is("INTO") || here.is("FROM"));
        if !rest.eat(&["INTO"]) {
            return None;
        }
        for word in ["TEMP", "TEMPORARY", "UNLOGGED", "TABLE"] {
            rest.eat(&[word]);
        }
        self.table(&mut rest)
    }

    /// A table whose columns are those of a query.
    pub(crate) fn made_by_query(&mut self, table: TableName, if_not_exists: bool) {
        let why = Opaque {
            why: "the columns of this table are those of a query".into(),
            origin: table.name.origin,
        };
        let items = vec![TableItem::Opaque(why)];
        self.push(Op::CreateTable(CreateTable {
            table,
            items,
            if_not_exists,
            ..CreateTable::default()
        }));
    }

    fn search_path(&mut self, cursor: Cursor<'_>) {
        let mut rest = cursor;
        while !rest.is_empty() && !rest.eat(&["search_path"]) {
            rest.next();
        }
        if !rest.eat_mark('=') {
            rest.eat(&["TO"]);
        }
        let is_usual = |mut item: Cursor<'_>| {
            item.name().is_some_and(|name| matches!(name.as_str(), "public" | "$user" | "default"))
        };
        if !rest.items().into_iter().all(is_usual) {
            self.opaque("with another search path, names may mean other tables", &cursor);
        }
    }

    fn comment(&mut self, mut cursor: Cursor<'_>) {
        let whole = cursor;
        cursor.eat(&["COMMENT", "ON"]);
        let is_table = cursor.eat(&["TABLE"]);
        if !is_table && !cursor.eat(&["COLUMN"]) {
            return;
        }
        let mut subject = cursor.until(|here| here.is("IS"));
        cursor.eat(&["IS"]);
        let comment = cursor.string();
        if comment.is_none() && !cursor.is("NULL") {
            let why = "this comment is not understood";
            return self.opaque(why, &whole);
        }
        let parts: Option<Vec<Name>> = subject_parts(&mut subject);
        let parts = parts.unwrap_or_default();
        match (is_table, parts.as_slice()) {
            (true, [.., _]) => {
                let table = self.known(qualified(&parts));
                let is_drop = comment.is_none();
                if self.has_table(&table) {
                    self.push(Op::TableComment(TableComment {
                        table,
                        comment,
                        existing_comment: None,
                        is_drop,
                    }));
                }
            }
            (false, [table @ .., column]) if !table.is_empty() => {
                let table = self.known(qualified(table));
                // A view has comments on its columns as well.
                if self.has_table(&table) {
                    let comment = comment.map_or(Given::None, Given::Some);
                    let column = column.clone();
                    self.push(Op::AlterColumn(Box::new(AlterColumn {
                        table,
                        column,
                        comment,
                        ..AlterColumn::default()
                    })));
                }
            }
            _ => self.opaque("this comment is not understood", &whole),
        }
    }

    fn drop(&mut self, mut cursor: Cursor<'_>) {
        let whole = cursor;
        cursor.next();
        let kind = cursor.word();
        cursor.next();
        if kind == "MATERIALIZED" || kind == "FOREIGN" || kind == "EVENT" || kind == "ACCESS" {
            let second = cursor.word();
            cursor.next();
            return match (kind.as_str(), second.as_str()) {
                ("MATERIALIZED", "VIEW") => self.drop_named("VIEW", cursor, whole),
                ("FOREIGN", "TABLE") => self.drop_named("TABLE", cursor, whole),
                _ => {}
            };
        }
        self.drop_named(&kind, cursor, whole);
    }

    fn drop_named(&mut self, kind: &str, mut cursor: Cursor<'_>, whole: Cursor<'_>) {
        cursor.eat(&["CONCURRENTLY"]);
        let if_exists = cursor.eat(&["IF", "EXISTS"]);
        let cascades = whole.rest().last().is_some_and(|last| {
            last.kind == Kind::Word && whole.text(last).eq_ignore_ascii_case("CASCADE")
        });
        if !matches!(kind, "TABLE" | "INDEX" | "VIEW" | "TYPE" | "DOMAIN" | "SCHEMA") {
            return self.drop_other(kind, cascades, cursor, &whole);
        }
        for mut item in cursor.items() {
            let Some(name) = item.table() else {
                self.opaque("the name of what is dropped is not understood", &whole);
                continue;
            };
            match kind {
                "TABLE" => {
                    let table = self.known(name);
                    let mut drop = DropTable { table, if_exists, ..DropTable::default() };
                    if cascades {
                        drop.options = drop.options.with("cascade", true);
                    }
                    self.push(Op::DropTable(drop));
                }
                "INDEX" => self.drop_index(name, if_exists),
                "VIEW" => {
                    let view = self.known(name);
                    let is_view = self
                        .schema
                        .table(&Key::from(&view))
                        .is_some_and(|known| !known.is_certain() && known.columns.is_empty());
                    if is_view {
                        self.push(Op::DropTable(DropTable {
                            table: view,
                            if_exists: true,
                            ..DropTable::default()
                        }));
                    }
                }
                "SCHEMA" => {
                    if cascades {
                        let origin = name.name.origin;
                        let schema = Some(name.name).filter(|name| name.as_str() != "public");
                        let why = "the schema of this table is dropped";
                        self.touch(Touched::Schema(schema), why, origin);
                    }
                }
                _ => {
                    self.drop_type(&name);
                    if cascades {
                        self.touch_mentioning(&name.name);
                    }
                }
            }
        }
    }

    fn drop_other(&mut self, kind: &str, cascades: bool, cursor: Cursor<'_>, whole: &Cursor<'_>) {
        match kind {
            "FUNCTION" | "PROCEDURE" | "ROUTINE" | "AGGREGATE" | "SEQUENCE" | "COLLATION"
            | "EXTENSION" | "OPERATOR"
                if cascades =>
            {
                if kind == "EXTENSION" || kind == "OPERATOR" {
                    return self.opaque("what depends on this goes with it", whole);
                }
                for mut item in cursor.items() {
                    if let Some(name) = item.table() {
                        self.touch_mentioning(&name.name);
                    }
                }
            }
            "OWNED" => self.opaque("which tables a role owns is not known", whole),
            kind if HARMLESS.contains(&kind) => {}
            other => {
                self.opaque(format!("what DROP {} does is not known", brief(other)), whole);
            }
        }
    }

    /// Puts the tables in doubt that say a name anywhere: what it stands for is gone with CASCADE.
    fn touch_mentioning(&mut self, name: &Name) {
        let owned = name.as_str().strip_suffix("_seq").unwrap_or_default();
        let mentions = |table: &revline_schema::Table| {
            names::has_word(&format!("{table:?}"), name.as_str())
                || !owned.is_empty() && owned.starts_with(table.name.name.as_str())
        };
        let found: Vec<TableName> =
            self.schema.tables.values().filter(|t| mentions(t)).map(|t| t.name.clone()).collect();
        for table in found {
            let why = format!("what depends on {name} is dropped with it");
            self.touch(Touched::Table(table), why, name.origin);
        }
    }

    fn drop_index(&mut self, name: TableName, if_exists: bool) {
        let all = self.schema.tables.values();
        let known = all.flat_map(|table| table.indexes.iter().filter_map(|i| i.name.as_ref()));
        let index = names::among(self.lexis, name.name, known);
        let found = self.schema.tables.values().find(|table| table.index(index.as_str()).is_some());
        let (table, schema) = match found {
            Some(table) => (Some(table.name.name.clone()), table.name.schema.clone()),
            None => (None, name.schema),
        };
        let name = Some(index);
        self.push(Op::DropIndex(DropIndex {
            name,
            table,
            schema,
            if_exists,
            ..DropIndex::default()
        }));
    }
}

/// Things whose making, changing or going leaves tables as they are.
pub(crate) const HARMLESS: &[&str] = &[
    "ACCESS",
    "AGGREGATE",
    "CAST",
    "COLLATION",
    "CONVERSION",
    "DATABASE",
    "DEFAULT",
    "EVENT",
    "EXTENSION",
    "FUNCTION",
    "GROUP",
    "LANGUAGE",
    "OPERATOR",
    "POLICY",
    "PROCEDURE",
    "PUBLICATION",
    "ROLE",
    "ROUTINE",
    "RULE",
    "SEQUENCE",
    "SERVER",
    "STATISTICS",
    "SUBSCRIPTION",
    "SYSTEM",
    "TABLESPACE",
    "TEXT",
    "TRANSFORM",
    "TRIGGER",
    "USER",
];

/// A word for a sentence.
pub(crate) fn brief(word: &str) -> &str {
    super::cursor::cut(word, 40)
}

fn value_within(source: &Source, cursor: &Cursor<'_>) -> Option<revline_text::Range> {
    source.unknown_values.iter().find(|value| cursor.range().contains(**value)).copied()
}

fn subject_parts(cursor: &mut Cursor<'_>) -> Option<Vec<Name>> {
    let mut parts = vec![cursor.name()?];
    while cursor.eat_mark('.') {
        parts.push(cursor.name()?);
    }
    cursor.is_empty().then_some(parts)
}

fn qualified(parts: &[Name]) -> TableName {
    match parts {
        [.., schema, name] => TableName::in_schema(schema.clone(), name.clone()),
        [name] => TableName::new(name.clone()),
        [] => TableName::default(),
    }
}
