//! Regular expressions that are compiled once. SQLAlchemy reads what a database keeps as text with such, and so its
//! answers are theirs.

/// A function that gives the compiled pattern.
macro_rules! patterns {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)*) => {
        $($(#[$doc])*
        pub(super) fn $name() -> &'static regex::Regex {
            static COMPILED: std::sync::LazyLock<regex::Regex> = std::sync::LazyLock::new(|| {
                #[expect(clippy::expect_used, reason = "the pattern is a constant, and each is run by the tests")]
                regex::Regex::new($text).expect("a constant pattern compiles")
            });
            &COMPILED
        })*
    };
}

pub(super) use patterns;

/// Where the parenthesis that opens at `start` closes: SQLAlchemy's `find_matching_paren`.
pub(super) fn closing(text: &str, start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote = None;
    let mut characters = text.char_indices().skip_while(|(at, _)| *at < start).peekable();
    while let Some((at, c)) = characters.next() {
        match (quote, c) {
            (Some(open), _) if c == open => {
                if characters.next_if(|(_, next)| *next == open).is_none() {
                    quote = None;
                }
            }
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            (None, _) => {}
        }
    }
    None
}
