//! SQL text as tokens with their bytes. Total: what is not closed goes on to the end, what is no
//! token is a character of its own. Comments and white space are left out.
//!
//! sqlparser's tokenizer counts lines and characters and gives nothing at all for a text that it
//! cannot read to its end; a migration's text is judged statement by statement, and places are bytes.

use revline_text::Range;

use super::Lexis;

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// A keyword or a name without quotes.
    Word,
    /// A name in quotes.
    Quoted,
    /// A string between single quotes, prefix included.
    String,
    /// `$tag$ … $tag$`.
    Dollar,
    /// A number.
    Number,
    /// `;`
    End,
    /// A command of psql up to the end of its line.
    Meta,
    /// The lines that follow `COPY … FROM STDIN;`.
    Data,
    /// Another character.
    Mark(char),
}

/// A token and its bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) range: Range,
}

/// The tokens of a text.
pub(crate) fn tokens(text: &str, lexis: Lexis) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    // The first token of the statement that is being read.
    let mut first = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let (kind, length) = match next(rest, lexis, tokens.len() == first) {
            Found::Skip(length) => {
                at += length.max(1);
                continue;
            }
            Found::Token(kind, length) => (kind, length.max(1)),
        };
        tokens.push(Token { kind, range: Range::of(at, at + length) });
        at += length;
        match kind {
            Kind::End => {
                let statement = tokens.get(first..).unwrap_or_default();
                if lexis.is_postgresql && copies_from_stdin(text, statement) {
                    let data = text.get(at..).map_or(0, data_length);
                    tokens.push(Token { kind: Kind::Data, range: Range::of(at, at + data) });
                    at += data;
                }
                first = tokens.len();
            }
            Kind::Meta => first = tokens.len(),
            _ => {}
        }
    }
    tokens
}

enum Found {
    Skip(usize),
    Token(Kind, usize),
}

fn next(rest: &str, lexis: Lexis, is_first: bool) -> Found {
    let Some(first) = rest.chars().next() else { return Found::Skip(1) };
    let second = rest.get(first.len_utf8()..).and_then(|rest| rest.chars().next());
    let token = |kind, length| Found::Token(kind, length);
    match (first, second) {
        (c, _) if c.is_whitespace() => Found::Skip(c.len_utf8()),
        ('-', Some('-')) => Found::Skip(rest.find('\n').unwrap_or(rest.len())),
        ('/', Some('*')) => Found::Skip(comment(rest, lexis.is_postgresql)),
        ('\'', _) => token(Kind::String, quoted(rest, '\'', lexis.backslash_escapes)),
        ('e' | 'E', Some('\'')) if lexis.is_postgresql => {
            token(Kind::String, 1 + quoted(tail(rest, 1), '\'', true))
        }
        ('b' | 'B' | 'x' | 'X' | 'n' | 'N', Some('\'')) => {
            token(Kind::String, 1 + quoted(tail(rest, 1), '\'', false))
        }
        ('u' | 'U', Some('&')) if lexis.is_postgresql && tail(rest, 2).starts_with('\'') => {
            token(Kind::String, 2 + quoted(tail(rest, 2), '\'', false))
        }
        ('u' | 'U', Some('&')) if lexis.is_postgresql && tail(rest, 2).starts_with('"') => {
            token(Kind::Quoted, 2 + quoted(tail(rest, 2), '"', false))
        }
        ('"', _) => token(Kind::Quoted, quoted(rest, '"', false)),
        ('`', _) if !lexis.is_postgresql => token(Kind::Quoted, quoted(rest, '`', false)),
        ('[', _) if lexis.brackets => {
            token(Kind::Quoted, rest.find(']').map_or(rest.len(), |at| at + 1))
        }
        ('$', _) if lexis.is_postgresql => match dollar(rest) {
            Some(length) => token(Kind::Dollar, length),
            None => token(Kind::Mark('$'), 1),
        },
        ('\\', _) if lexis.is_postgresql && is_first => {
            token(Kind::Meta, rest.find('\n').unwrap_or(rest.len()))
        }
        (';', _) => token(Kind::End, 1),
        (c, _) if c.is_alphabetic() || c == '_' => token(Kind::Word, run(rest, is_word)),
        (c, _) if c.is_ascii_digit() => {
            token(Kind::Number, run(rest, |c| c.is_ascii_alphanumeric() || c == '.' || c == '_'))
        }
        (c, _) => token(Kind::Mark(c), c.len_utf8()),
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

fn tail(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

fn run(text: &str, is: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is(c)).unwrap_or(text.len())
}

/// Length of a quoted part, its quotes included; a doubled mark stands for itself.
fn quoted(text: &str, mark: char, escapes: bool) -> usize {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' && escapes {
            chars.next();
        } else if c == mark && chars.next_if(|(_, next)| *next == mark).is_none() {
            return at + c.len_utf8();
        }
    }
    text.len()
}

/// Length of a comment; PostgreSQL's nest.
fn comment(text: &str, nests: bool) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(next) = tail(text, at).find(['/', '*']) {
        at += next;
        let rest = tail(text, at);
        if rest.starts_with("/*") && (nests || depth == 0) {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth = depth.saturating_sub(1);
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}

/// Length of `$tag$ … $tag$`.
fn dollar(text: &str) -> Option<usize> {
    let inner = tail(text, 1);
    let end = inner.find(|c: char| !(c.is_alphanumeric() || c == '_'))?;
    if !tail(inner, end).starts_with('$') || inner.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let tag = text.get(..end + 2)?;
    let body = tail(text, tag.len());
    Some(body.find(tag).map_or(text.len(), |at| at + 2 * tag.len()))
}

/// Length of the lines up to the one that is `\.`, which is counted in.
fn data_length(text: &str) -> usize {
    text.find("\n\\.").map_or(text.len(), |at| at + 3)
}

fn copies_from_stdin(text: &str, statement: &[Token]) -> bool {
    let is = |token: &Token, word: &str| {
        token.range.slice(text).is_some_and(|own| own.eq_ignore_ascii_case(word))
    };
    statement.first().is_some_and(|token| is(token, "COPY"))
        && statement.windows(2).any(|pair| match pair {
            [from, stdin] => is(from, "FROM") && is(stdin, "STDIN"),
            _ => false,
        })
}
