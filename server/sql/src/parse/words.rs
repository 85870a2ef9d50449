//! A statement as its words, for questions that need no tree of it.

use super::Lexis;
use super::lexer::{Kind, Token, tokens};

/// The words of a text.
pub(crate) struct Words<'a> {
    text: &'a str,
    tokens: Vec<Token>,
}

impl<'a> Words<'a> {
    /// As SQLite cuts it.
    pub(crate) fn of_sqlite(text: &'a str) -> Self {
        let lexis = Lexis { is_postgresql: false, brackets: true, backslash_escapes: false };
        Self { text, tokens: tokens(text, lexis) }
    }

    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.tokens.len()
    }

    /// A word as it is written, and what it is.
    pub(crate) fn get(&self, at: usize) -> Option<(Kind, &'a str)> {
        let token = self.tokens.get(at)?;
        Some((token.kind, token.range.slice(self.text)?))
    }

    /// Whether a keyword, whatever its case, or a mark stands at a place.
    pub(crate) fn is(&self, at: usize, word: &str) -> bool {
        self.get(at).is_some_and(|(kind, own)| match kind {
            Kind::Word | Kind::Mark(_) | Kind::End => own.eq_ignore_ascii_case(word),
            _ => false,
        })
    }

    /// The name at a place without its quotes, where one stands there.
    pub(crate) fn name(&self, at: usize) -> Option<String> {
        match self.get(at)? {
            (Kind::Word, own) => Some(own.to_owned()),
            (Kind::Quoted, own) => {
                let mark = own.chars().next()?;
                let inner = own.get(1..own.len().checked_sub(1)?)?;
                Some(match mark {
                    '[' => inner.to_owned(),
                    mark => inner.replace(&format!("{mark}{mark}"), &mark.to_string()),
                })
            }
            _ => None,
        }
    }

    /// The functions that are called: where, and the name in lower case. `t(a)` behind a word that
    /// names a table, as in `INSERT INTO t(a)`, is no call.
    pub(crate) fn calls(&self) -> impl Iterator<Item = (usize, String)> {
        const BEFORE_TABLES: &[&str] =
            &["INTO", "TABLE", "REFERENCES", "ON", "EXISTS", "INDEX", "KEY", "AS", "."];
        (0..self.len()).filter_map(move |at| {
            let (Kind::Word, own) = self.get(at)? else { return None };
            let follows = |word: &&str| at > 0 && self.is(at - 1, word);
            let is_call = self.is(at + 1, "(") && !BEFORE_TABLES.iter().any(follows);
            is_call.then(|| (at, own.to_ascii_lowercase()))
        })
    }

    /// Whether a place stands between the parentheses of a CHECK.
    pub(crate) fn is_in_check(&self, at: usize) -> bool {
        self.is_behind("CHECK", at)
    }

    /// Whether a place stands between parentheses that follow a word.
    pub(crate) fn is_behind(&self, word: &str, at: usize) -> bool {
        let mut depth = 0_usize;
        for before in (0..at).rev() {
            if self.is(before, ")") {
                depth += 1;
            } else if self.is(before, "(") {
                match depth.checked_sub(1) {
                    Some(less) => depth = less,
                    None if before > 0 && self.is(before - 1, word) => return true,
                    None => {}
                }
            }
        }
        false
    }
}
