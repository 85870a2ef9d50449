//! Lines and columns, as editors count them.

/// What one column is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Encoding {
    /// A byte of UTF-8.
    Utf8,
    /// A UTF-16 code unit: what the protocol falls back to.
    Utf16,
    /// A Unicode scalar value.
    Utf32,
}

/// A place in a text, both parts counted from zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Default)]
pub struct Position {
    /// Line; `\n`, `\r\n` and `\r` end one.
    pub line: u32,
    /// Column in the units of an [`Encoding`].
    pub column: u32,
}

impl Position {
    /// A place in a text, both parts counted from zero.
    pub const fn new(line: u32, column: u32) -> Self {
        Self { line, column }
    }
}
