//! `DO $$ … $$`: statements under conditions that only the database can answer.

use revline_schema::{Op, Opaque, TableName, Touch, Touched};

use super::cursor::{Cursor, dollar_value};
use super::lexer::{Kind, tokens};
use super::reader::Reader;
use super::rows::{self, Called};
use super::source::Source;
use super::statements::split;

/// How deep blocks and strings of SQL may be nested.
const MAX_DEPTH: usize = 8;

impl Reader {
    /// Whatever a block may do to a table puts that table in doubt; a type that it makes is there
    /// afterwards, however it came.
    pub(crate) fn block(&mut self, mut cursor: Cursor<'_>) {
        let whole = cursor;
        cursor.next();
        if cursor.eat(&["LANGUAGE"]) && cursor.name().is_none_or(|name| name.as_str() != "plpgsql")
        {
            return self.opaque("what a block in another language does is not known", &whole);
        }
        let Some(token) = cursor.next().filter(|_| self.depth < MAX_DEPTH) else {
            return self.opaque("what this block does is not known", &whole);
        };
        if cursor.eat(&["LANGUAGE"]) && cursor.name().is_none_or(|name| name.as_str() != "plpgsql")
        {
            return self.opaque("what a block in another language does is not known", &whole);
        }
        let text = whole.text(token);
        let body = match token.kind {
            Kind::Dollar => dollar_value(text).map(|body| {
                let tag = (text.len() - body.len()) / 2;
                let start = token.range.start() as usize + tag;
                whole.source.part(revline_text::Range::of(start, start + body.len()))
            }),
            _ => None,
        };
        let Some(body) = body else {
            return self.opaque("what this block does is not known", &whole);
        };
        self.under_condition(|reader| reader.body(&body));
    }

    /// Runs `read` and keeps of its operations what they may touch.
    fn under_condition(&mut self, read: impl FnOnce(&mut Self)) {
        let before = self.schema.clone();
        let done = self.swap(Vec::new());
        self.depth += 1;
        read(self);
        self.depth -= 1;
        let found = self.swap(done);
        self.schema = before;
        for op in found {
            match op {
                Op::Touch(_) | Op::Opaque(_) | Op::CreateType(_) | Op::DropType(_) => self.push(op),
                other => {
                    let why = "whether a block changes this table is for the database to say";
                    for table in tables_of(&other) {
                        let origin = table.name.origin;
                        let why = Opaque { why: why.into(), origin };
                        self.push(Op::Touch(Touch { part: Touched::Table(table), why }));
                    }
                }
            }
        }
    }

    fn body(&mut self, source: &Source) {
        let tokens = tokens(&source.text, self.lexis);
        for statement in split(&source.text, &tokens) {
            let mut cursor = Cursor::new(source, self.lexis, statement);
            loop {
                let word = cursor.word();
                match word.as_str() {
                    "BEGIN" | "ELSE" | "LOOP" | "EXCEPTION" | "THEN" => {
                        cursor.next();
                    }
                    "DECLARE" => {
                        // `DECLARE name type [:= value];`, with the BEGIN in a later statement.
                        cursor = cursor.over(&[]);
                    }
                    "IF" | "ELSIF" | "ELSEIF" | "WHEN" | "CASE" => {
                        let mut condition = cursor.until(|here| here.is("THEN"));
                        condition.next();
                        self.calls(condition);
                        if !cursor.eat(&["THEN"]) {
                            cursor = cursor.over(&[]);
                        }
                    }
                    "FOR" | "FOREACH" | "WHILE" => {
                        let mut condition = cursor.until(|here| here.is("LOOP"));
                        condition.next();
                        if condition.mentions("EXECUTE") {
                            self.opaque("what SQL this block puts together is not known", &cursor);
                        }
                        self.calls(condition);
                        if !cursor.eat(&["LOOP"]) {
                            cursor = cursor.over(&[]);
                        }
                    }
                    _ => break,
                }
                if cursor.is_empty() {
                    break;
                }
            }
            self.simple(cursor);
        }
    }

    /// A statement of a block without what stands before it.
    fn simple(&mut self, mut cursor: Cursor<'_>) {
        let whole = cursor;
        match cursor.word().as_str() {
            "END" | "NULL" | "RAISE" | "RETURN" | "EXIT" | "CONTINUE" | "GET" | "ASSERT" => {}
            "" if cursor.is_empty() => {}
            "PERFORM" => {
                cursor.next();
                self.calls(cursor);
            }
            "EXECUTE" => {
                cursor.next();
                let text = cursor.string();
                let is_whole = cursor.is_empty() || cursor.is_one_of(&["USING", "INTO"]);
                match text {
                    Some(text) if is_whole && self.depth < MAX_DEPTH => {
                        let source = Source::plain(text);
                        self.depth += 1;
                        self.text(&source);
                        self.depth -= 1;
                    }
                    _ => self.opaque("what SQL this block puts together is not known", &whole),
                }
            }
            "SELECT" | "WITH" | "INSERT" | "UPDATE" | "DELETE" | "CREATE" | "ALTER" | "DROP"
            | "COMMENT" | "TRUNCATE" | "LOCK" | "GRANT" | "REVOKE" | "SET" | "REFRESH"
            | "ANALYZE" => {
                // In a block, SELECT … INTO fills a variable.
                if cursor.is("SELECT") {
                    return self.calls(cursor);
                }
                self.one(cursor);
            }
            _ if is_assignment(cursor) => self.calls(cursor),
            // A declaration behind DECLARE.
            _ if self.is_declaration(cursor) => {}
            _ => self.opaque("what this block does is not known", &whole),
        }
    }

    fn is_declaration(&self, mut cursor: Cursor<'_>) -> bool {
        cursor.name().is_some() && cursor.name().is_some() && !cursor.is_mark('(')
    }

    fn calls(&mut self, cursor: Cursor<'_>) {
        match rows::called(cursor) {
            Called::Nothing => {}
            Called::Table(table, why) => {
                let table = self.known(table);
                self.push(Op::Touch(Touch { part: Touched::Table(table), why }));
            }
            Called::Anything(why) => self.push(Op::Opaque(why)),
        }
    }
}

fn is_assignment(mut cursor: Cursor<'_>) -> bool {
    cursor.name().is_some() && (cursor.is_mark('=') || cursor.is_mark(':'))
}

/// The tables that an operation changes.
fn tables_of(op: &Op) -> Vec<TableName> {
    match op {
        Op::RenameTable(op) => vec![op.table.clone(), op.to()],
        Op::DropIndex(op) => op.table().into_iter().collect(),
        op => op.table().cloned().into_iter().collect(),
    }
}
