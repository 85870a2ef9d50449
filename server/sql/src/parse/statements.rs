//! One text as its statements.

use revline_text::Range;

use super::Lexis;
use super::lexer::{Kind, Token, tokens};
use crate::dialect::Dialect;

/// Where the statements of a text stand, in order: from the first token of each to its last, without
/// the semicolon and without comments around it. Empty ones are left out.
///
/// A semicolon inside quotes, dollar quotes, parentheses or the body of a trigger or of a SQL function
/// ends nothing. On PostgreSQL a command of psql and the data behind `COPY … FROM STDIN` are pieces of
/// their own.
pub fn statements(text: &str, dialect: &dyn Dialect) -> Vec<Range> {
    let tokens = tokens(text, Lexis::of(dialect));
    split(text, &tokens)
        .into_iter()
        .filter_map(|statement| {
            let (first, last) = (statement.first()?, statement.last()?);
            Some(first.range.cover(last.range))
        })
        .collect()
}

/// The tokens of each statement.
pub(crate) fn split<'t>(text: &str, tokens: &'t [Token]) -> Vec<&'t [Token]> {
    let mut all = Vec::new();
    let mut start = 0;
    let mut state = State::default();
    for (at, token) in tokens.iter().enumerate() {
        let ends = match token.kind {
            Kind::End => state.parentheses == 0 && state.blocks == 0,
            Kind::Meta | Kind::Data => true,
            _ => {
                state.read(token.kind, token.range.slice(text).unwrap_or_default(), at - start);
                false
            }
        };
        if ends {
            let end = if token.kind == Kind::End { at } else { at + 1 };
            all.extend(tokens.get(start..end).filter(|statement| !statement.is_empty()));
            start = at + 1;
            state = State::default();
        }
    }
    all.extend(tokens.get(start..).filter(|statement| !statement.is_empty()));
    all
}

/// What keeps a semicolon from ending a statement.
#[derive(Default)]
struct State {
    parentheses: usize,
    /// Open `BEGIN` and `CASE` in the body of a trigger or function.
    blocks: usize,
    is_create: bool,
    has_body: bool,
    before: String,
}

impl State {
    fn read(&mut self, kind: Kind, text: &str, place: usize) {
        match kind {
            Kind::Mark('(') => self.parentheses += 1,
            Kind::Mark(')') => self.parentheses = self.parentheses.saturating_sub(1),
            Kind::Word => {
                let word = text.to_ascii_uppercase();
                match word.as_str() {
                    "CREATE" if place == 0 => self.is_create = true,
                    "TRIGGER" if self.is_create && place < 6 => self.has_body = true,
                    "BEGIN" if self.has_body && self.blocks == 0 => self.blocks = 1,
                    "ATOMIC" if self.is_create && self.before == "BEGIN" => self.blocks = 1,
                    "CASE" if self.blocks > 0 => self.blocks += 1,
                    "END" if self.blocks > 0 => self.blocks -= 1,
                    _ => {}
                }
                self.before = word;
            }
            _ => self.before.clear(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(dialect: &str, text: &str, expected: &[&str]) {
        let dialect = crate::dialect(dialect).unwrap();
        let found = statements(text, dialect);
        let found: Vec<&str> = found.iter().filter_map(|range| range.slice(text)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn quotes_and_comments_hold_semicolons() {
        check(
            "postgresql",
            " a ';' ; -- x;\n b \";\" /* ; /* ; */ ; */ c ;; ",
            &["a ';'", "b \";\" /* ; /* ; */ ; */ c"],
        );
        check(
            "postgresql",
            "SELECT E'\\';' ; $x$ ; $$ ; $x$;b",
            &["SELECT E'\\';'", "$x$ ; $$ ; $x$", "b"],
        );
        check("sqlite", "SELECT '\\'; b [;] `;` /* /* */;c", &["SELECT '\\'", "b [;] `;`", "c"]);
        check("sqlite", "a 'open ; b", &["a 'open ; b"]);
        check("postgresql", "", &[]);
    }

    #[test]
    fn bodies_hold_semicolons() {
        check(
            "sqlite",
            "CREATE TEMP TRIGGER t AFTER INSERT ON x BEGIN UPDATE y SET a = CASE WHEN 1 THEN 2 END; SELECT 1; END; b",
            &[
                "CREATE TEMP TRIGGER t AFTER INSERT ON x BEGIN UPDATE y SET a = CASE WHEN 1 THEN 2 END; SELECT 1; END",
                "b",
            ],
        );
        check(
            "postgresql",
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END; BEGIN; COMMIT",
            &["CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END", "BEGIN", "COMMIT"],
        );
        check(
            "postgresql",
            "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); b",
            &["CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)", "b"],
        );
    }

    #[test]
    fn commands_and_data_of_psql_are_pieces_of_their_own() {
        check(
            "postgresql",
            "\\connect x\nCOPY t FROM stdin;\n1\tit's; x\n\\.\nDROP TABLE t",
            &["\\connect x", "COPY t FROM stdin", "\n1\tit's; x\n\\.", "DROP TABLE t"],
        );
    }
}
