//! Whether a text is one statement: what SQLite's and MySQL's Python drivers insist on.

use crate::address::Backend;

/// Refuses a text that the usual Python driver would refuse for holding several statements.
///
/// # Errors
/// The driver's sentence, or one like it.
pub(crate) fn check_single(backend: Backend, sql: &str) -> Result<(), String> {
    let rest = match backend {
        // psycopg sends it as it is.
        Backend::Postgresql => return Ok(()),
        Backend::Sqlite => after_first(sql, Backend::Sqlite),
        Backend::Mysql if is_compound(sql) => return Ok(()),
        Backend::Mysql => after_first(sql, Backend::Mysql),
    };
    match (rest, backend) {
        (Some(_), Backend::Sqlite) => {
            Err("You can only execute one statement at a time.".to_owned())
        }
        (Some(rest), _) => {
            let near: String = rest.trim_start().chars().take(40).collect();
            Err(format!("the driver takes one statement at a time, and another begins at «{near}»"))
        }
        (None, _) => Ok(()),
    }
}

/// A stored program, whose body has semicolons of its own.
fn is_compound(sql: &str) -> bool {
    let words: Vec<String> = sql
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .take(24)
        .map(str::to_ascii_uppercase)
        .collect();
    let kinds = ["PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "PACKAGE"];
    match words.first().map(String::as_str) {
        Some("CREATE" | "ALTER") => words.iter().any(|word| kinds.contains(&word.as_str())),
        Some("BEGIN") => words.get(1).is_some_and(|word| word == "NOT"),
        _ => false,
    }
}

/// What follows the first statement, where that is more than blanks and comments.
fn after_first(sql: &str, backend: Backend) -> Option<&str> {
    let mut trigger = Trigger::default();
    let mut is_over = false;
    let mut rest = sql;
    while let Some((token, after)) = token(rest, backend) {
        match token {
            Token::Blank => {}
            _ if is_over => return Some(rest),
            Token::Semicolon => is_over = !trigger.holds_semicolon(),
            Token::Word(word) if backend == Backend::Sqlite => trigger.read(word),
            Token::Word(_) | Token::Other => trigger.last_is_end = false,
        }
        rest = after;
    }
    None
}

/// SQLite's `sqlite3_complete`: the body of a trigger ends with `; END`.
#[derive(Debug, Default)]
struct Trigger {
    words: u8,
    is_create: bool,
    is_trigger: bool,
    after_semicolon: bool,
    last_is_end: bool,
}

impl Trigger {
    fn read(&mut self, word: &str) {
        let is = |name: &str| word.eq_ignore_ascii_case(name);
        self.last_is_end = self.is_trigger && self.after_semicolon && is("END");
        self.after_semicolon = false;
        match self.words {
            0 if is("EXPLAIN") => return,
            0 => self.is_create = is("CREATE"),
            1 if self.is_create && (is("TEMP") || is("TEMPORARY")) => return,
            1 => self.is_trigger = self.is_create && is("TRIGGER"),
            _ => {}
        }
        self.words = self.words.saturating_add(1);
    }

    /// Whether this semicolon is one inside the body.
    fn holds_semicolon(&mut self) -> bool {
        if !self.is_trigger || self.last_is_end {
            return false;
        }
        self.after_semicolon = true;
        true
    }
}

enum Token<'a> {
    /// Blanks or a comment.
    Blank,
    Semicolon,
    Word(&'a str),
    /// A quoted text, or another character.
    Other,
}

/// The first token and what follows it.
fn token(text: &str, backend: Backend) -> Option<(Token<'_>, &str)> {
    let first = text.chars().next()?;
    let from = |at: usize| text.get(at..).unwrap_or_default();
    let through = |end: &str, start: usize| {
        from(start).find(end).map_or("", |at| from(start + at + end.len()))
    };
    let is_dash_comment = text.starts_with("--")
        && (backend == Backend::Sqlite
            || from(2).chars().next().is_none_or(|c| c.is_whitespace() || c.is_control()));
    Some(match first {
        ';' => (Token::Semicolon, from(1)),
        '#' if backend == Backend::Mysql => (Token::Blank, through("\n", 0)),
        '-' if is_dash_comment => (Token::Blank, through("\n", 0)),
        // MySQL runs what stands in `/*! … */`.
        '/' if text.starts_with("/*")
            && !(backend == Backend::Mysql && text.starts_with("/*!")) =>
        {
            (Token::Blank, through("*/", 2))
        }
        '\'' | '"' | '`' => (Token::Other, after_quoted(text, first, backend)),
        '[' if backend == Backend::Sqlite => (Token::Other, through("]", 1)),
        c if c.is_whitespace() => (Token::Blank, from(c.len_utf8())),
        c if c.is_alphanumeric() || c == '_' || c == '$' => {
            let end = text
                .find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$')
                .unwrap_or(text.len());
            (Token::Word(text.get(..end).unwrap_or_default()), from(end))
        }
        c => (Token::Other, from(c.len_utf8())),
    })
}

fn after_quoted(text: &str, quote: char, backend: Backend) -> &str {
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = characters.next() {
        if c == '\\' && backend == Backend::Mysql && quote != '`' {
            characters.next();
        } else if c == quote && characters.next_if(|(_, next)| *next == quote).is_none() {
            return text.get(at + c.len_utf8()..).unwrap_or_default();
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_one(backend: Backend, sql: &str) -> bool {
        check_single(backend, sql).is_ok()
    }

    #[test]
    fn sqlite_takes_one_statement_and_whatever_means_nothing_behind_it() {
        for one in [
            "",
            ";",
            "SELECT 1",
            "SELECT 1;",
            "SELECT ';' ; -- SELECT 2;\n /* ; */ ",
            "SELECT \"a;b\", [c;d], `e;f`, 'g'';h'",
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET b = 1; DELETE FROM c; END;",
            "CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN SELECT CASE WHEN 1 THEN 2 END; END",
        ] {
            assert!(is_one(Backend::Sqlite, one), "{one}");
        }
        for several in [
            "SELECT 1; SELECT 2",
            "SELECT 1;;",
            "CREATE TABLE trigger_end (a); SELECT 1",
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END; SELECT 2",
        ] {
            assert!(!is_one(Backend::Sqlite, several), "{several}");
        }
    }

    #[test]
    fn mysql_takes_one_statement_or_a_stored_program() {
        for one in [
            "SELECT 'a\\';b';",
            "SELECT 1 -- ; SELECT\n",
            "SELECT 1; # more",
            "CREATE DEFINER=`a`@`b` PROCEDURE p() BEGIN SELECT 1; SELECT 2; END",
        ] {
            assert!(is_one(Backend::Mysql, one), "{one}");
        }
        assert!(!is_one(Backend::Mysql, "SELECT 1; SELECT 2"));
        assert!(is_one(Backend::Mysql, "SELECT 1--2"));
    }

    #[test]
    fn postgresql_takes_what_it_is_given() {
        assert!(is_one(Backend::Postgresql, "SELECT 1; SELECT 2"));
    }
}
