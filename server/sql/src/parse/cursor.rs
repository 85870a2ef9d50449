//! Reading along the tokens of a statement.

use revline_schema::{Name, SourceText, TableName};
use revline_text::Range;

use super::Lexis;
use super::lexer::{Kind, Token};
use super::source::Source;

/// A place among the tokens of a statement.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'a> {
    pub(crate) source: &'a Source,
    pub(crate) lexis: Lexis,
    tokens: &'a [Token],
}

impl<'a> Cursor<'a> {
    pub(crate) const fn new(source: &'a Source, lexis: Lexis, tokens: &'a [Token]) -> Self {
        Self { source, lexis, tokens }
    }

    /// The tokens that are left.
    pub(crate) const fn rest(&self) -> &'a [Token] {
        self.tokens
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The same place, with these tokens left.
    pub(crate) const fn over(&self, tokens: &'a [Token]) -> Self {
        Self { tokens, ..*self }
    }

    /// The bytes of a token.
    pub(crate) fn text(&self, token: &Token) -> &'a str {
        self.source.slice(token.range)
    }

    /// Takes the next token.
    pub(crate) fn next(&mut self) -> Option<&'a Token> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first)
    }

    /// Whether the token at a distance is this word.
    pub(crate) fn is_at(&self, distance: usize, word: &str) -> bool {
        self.tokens
            .get(distance)
            .is_some_and(|t| t.kind == Kind::Word && self.text(t).eq_ignore_ascii_case(word))
    }

    /// Whether this word comes next.
    pub(crate) fn is(&self, word: &str) -> bool {
        self.is_at(0, word)
    }

    /// Whether one of these words comes next.
    pub(crate) fn is_one_of(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    /// The next word in upper case; empty where none comes next.
    pub(crate) fn word(&self) -> String {
        match self.tokens.first() {
            Some(token) if token.kind == Kind::Word => self.text(token).to_ascii_uppercase(),
            _ => String::new(),
        }
    }

    /// Takes these words if all of them come next.
    pub(crate) fn eat(&mut self, words: &[&str]) -> bool {
        let all = words.iter().enumerate().all(|(distance, word)| self.is_at(distance, word));
        if all {
            self.tokens = self.tokens.get(words.len()..).unwrap_or_default();
        }
        all
    }

    /// Whether this character comes next.
    pub(crate) fn is_mark(&self, mark: char) -> bool {
        self.tokens.first().is_some_and(|token| token.kind == Kind::Mark(mark))
    }

    /// Takes this character if it comes next.
    pub(crate) fn eat_mark(&mut self, mark: char) -> bool {
        let is = self.is_mark(mark);
        if is {
            self.next();
        }
        is
    }

    /// Whether a word stands anywhere in what is left.
    pub(crate) fn mentions(&self, word: &str) -> bool {
        (0..self.tokens.len()).any(|distance| self.is_at(distance, word))
    }

    /// Takes a group in parentheses and gives what is inside; an open one goes on to the end.
    pub(crate) fn group(&mut self) -> Option<Cursor<'a>> {
        if !self.is_mark('(') {
            return None;
        }
        let end = end_of_group(self.tokens);
        let inner = self.tokens.get(1..end).unwrap_or_default();
        self.tokens = self.tokens.get(end + 1..).unwrap_or_default();
        Some(self.over(inner))
    }

    /// What is left, cut at its commas outside of brackets.
    pub(crate) fn items(&self) -> Vec<Cursor<'a>> {
        let mut items = Vec::new();
        let (mut start, mut depth) = (0, 0_usize);
        for (at, token) in self.tokens.iter().enumerate() {
            match token.kind {
                Kind::Mark('(' | '[') => depth += 1,
                Kind::Mark(')' | ']') => depth = depth.saturating_sub(1),
                Kind::Mark(',') if depth == 0 => {
                    items.push(self.over(self.tokens.get(start..at).unwrap_or_default()));
                    start = at + 1;
                }
                _ => {}
            }
        }
        let last = self.tokens.get(start..).unwrap_or_default();
        if !last.is_empty() || start > 0 {
            items.push(self.over(last));
        }
        items
    }

    /// Takes tokens up to one outside of brackets for which `stops` holds. The first is taken in any
    /// case.
    pub(crate) fn until(&mut self, stops: impl Fn(&Cursor<'a>) -> bool) -> Cursor<'a> {
        let all = self.tokens;
        let mut depth = 0_usize;
        let mut taken = 0;
        while let Some(token) = self.tokens.first() {
            if taken > 0 && depth == 0 && stops(self) {
                break;
            }
            match token.kind {
                Kind::Mark('(' | '[') => depth += 1,
                Kind::Mark(')' | ']') => depth = depth.saturating_sub(1),
                _ => {}
            }
            taken += 1;
            self.next();
        }
        self.over(all.get(..taken).unwrap_or_default())
    }

    /// The bytes from the first token that is left to the last one.
    pub(crate) fn range(&self) -> Range {
        match (self.tokens.first(), self.tokens.last()) {
            (Some(first), Some(last)) => first.range.cover(last.range),
            _ => Range::empty(0),
        }
    }

    /// What is left as text with its place.
    pub(crate) fn source_text(&self) -> SourceText {
        self.source.text_of(self.range())
    }

    /// Takes a name. Without quotes PostgreSQL lowers it, and cuts any name at 63 bytes.
    pub(crate) fn name(&mut self) -> Option<Name> {
        let token = *self.tokens.first()?;
        let text = self.text(&token);
        let text = match token.kind {
            Kind::Word if self.lexis.is_postgresql => text.to_ascii_lowercase(),
            Kind::Word => text.to_owned(),
            Kind::Quoted => unquoted(text)?,
            // SQLite takes a string where only a name can stand.
            Kind::String if !self.lexis.is_postgresql => string_value(text, self.lexis)?,
            _ => return None,
        };
        let text = if self.lexis.is_postgresql { cut(&text, 63) } else { &text };
        self.next();
        Some(Name { origin: self.source.origin(token.range), ..Name::new(text).finalised() })
    }

    /// Takes a name with its schema. `None` where there are more parts than two, too.
    pub(crate) fn table(&mut self) -> Option<TableName> {
        let first = self.name()?;
        if !self.eat_mark('.') {
            return Some(TableName::new(first));
        }
        let second = self.name()?;
        if self.is_mark('.') {
            return None;
        }
        Some(TableName::in_schema(first, second))
    }

    /// Takes a string and gives what it stands for.
    pub(crate) fn string(&mut self) -> Option<SourceText> {
        let token = *self.tokens.first()?;
        let value = match token.kind {
            Kind::String => string_value(self.text(&token), self.lexis)?,
            Kind::Dollar => dollar_value(self.text(&token))?.to_owned(),
            _ => return None,
        };
        self.next();
        Some(SourceText { origin: self.source.origin(token.range), ..SourceText::new(value) })
    }

    /// Takes names in parentheses.
    pub(crate) fn names(&mut self) -> Option<Vec<Name>> {
        let items = self.group()?.items();
        items.into_iter().map(|mut item| item.name().filter(|_| item.is_empty())).collect()
    }

    /// Takes a whole number.
    pub(crate) fn number(&mut self) -> Option<i64> {
        let is_negative = self.is_mark('-');
        let at = usize::from(is_negative);
        let token = self.tokens.get(at).filter(|token| token.kind == Kind::Number)?;
        let value: i64 = self.text(token).parse().ok()?;
        self.tokens = self.tokens.get(at + 1..).unwrap_or_default();
        Some(if is_negative { value.saturating_neg() } else { value })
    }
}

/// The place of the parenthesis that closes the one at the start.
fn end_of_group(tokens: &[Token]) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Mark('(') => depth += 1,
            Kind::Mark(')') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    tokens.len()
}

fn unquoted(text: &str) -> Option<String> {
    let mark = text.chars().next()?;
    let close = if mark == '[' { ']' } else { mark };
    let inner = text.get(mark.len_utf8()..)?.strip_suffix(close)?;
    match mark {
        '"' | '`' => Some(inner.replace(&format!("{mark}{mark}"), &mark.to_string())),
        '[' => Some(inner.to_owned()),
        _ => None,
    }
}

/// What a string stands for; `None` where its escapes are not plain ones.
fn string_value(text: &str, lexis: Lexis) -> Option<String> {
    let (escapes, quoted) = match text.strip_prefix(['e', 'E']) {
        Some(rest) => (true, rest),
        None => (lexis.backslash_escapes, text),
    };
    let inner = quoted.strip_prefix('\'')?.strip_suffix('\'')?;
    let inner = inner.replace("''", "'");
    if !escapes || !inner.contains('\\') {
        return Some(inner);
    }
    let mut out = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next()? {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                'r' => out.push('\r'),
                c @ ('\\' | '\'') => out.push(c),
                _ => return None,
            },
            c => out.push(c),
        }
    }
    Some(out)
}

/// What stands between dollar quotes.
pub(crate) fn dollar_value(text: &str) -> Option<&str> {
    let tag = text.get(..text.get(1..)?.find('$')? + 2)?;
    text.strip_prefix(tag)?.strip_suffix(tag)
}

/// The start of a text that is no longer than so many bytes.
pub(crate) fn cut(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}
