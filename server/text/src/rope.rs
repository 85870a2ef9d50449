//! The text itself: a rope with its fingerprint, cheap to clone and to edit.

use std::fmt;
use std::sync::{Arc, OnceLock};

use ropey::Rope;

use crate::{Edit, Encoding, Fingerprint, Position, Range};

/// An immutable text. Clones share everything; [`Text::edited`] makes a new one.
#[derive(Clone)]
pub struct Text(Arc<Inner>);

/// One of the two forms is there from the start, the other is made when it is needed: most texts are
/// read once from one end to the other and never need a rope.
struct Inner {
    rope: OnceLock<Rope>,
    flat: OnceLock<Arc<str>>,
    fingerprint: OnceLock<Fingerprint>,
}

impl Text {
    /// A text of the given content.
    pub fn new(content: &str) -> Self {
        Self(Arc::new(Inner {
            rope: OnceLock::new(),
            flat: OnceLock::from(Arc::from(content)),
            fingerprint: OnceLock::new(),
        }))
    }

    fn from_rope(rope: Rope) -> Self {
        Self(Arc::new(Inner {
            rope: OnceLock::from(rope),
            flat: OnceLock::new(),
            fingerprint: OnceLock::new(),
        }))
    }

    fn rope(&self) -> &Rope {
        self.0.rope.get_or_init(|| {
            Rope::from_str(self.0.flat.get().map(|flat| &**flat).unwrap_or_default())
        })
    }

    /// The content in one piece; made on first use and kept.
    pub fn as_str(&self) -> &str {
        self.flat()
    }

    /// The content in one piece, shared.
    pub fn shared(&self) -> Arc<str> {
        self.flat().clone()
    }

    fn flat(&self) -> &Arc<str> {
        self.0.flat.get_or_init(|| self.0.rope.get().map(String::from).unwrap_or_default().into())
    }

    /// The identity of the content.
    pub fn fingerprint(&self) -> Fingerprint {
        *self.0.fingerprint.get_or_init(|| Fingerprint::of_bytes(self.as_str().as_bytes()))
    }

    /// Length in bytes; what lies beyond 4 GiB cannot be addressed and is not counted.
    pub fn len(&self) -> u32 {
        let length = match self.0.flat.get() {
            Some(flat) => flat.len(),
            None => self.rope().len_bytes(),
        };
        u32::try_from(length).unwrap_or(u32::MAX)
    }

    /// Whether the text has no byte.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of lines; a text that ends in a line break has an empty last line.
    pub fn line_count(&self) -> u32 {
        u32::try_from(self.rope().len_lines()).unwrap_or(u32::MAX)
    }

    /// The whole text as a range.
    pub fn range(&self) -> Range {
        Range::new(0, self.len())
    }

    /// The text with `edits` applied, all of which refer to this text and do not overlap. Ranges
    /// are clamped to the text, to character boundaries and to the start of the next edit.
    #[must_use]
    pub fn edited(&self, edits: &[Edit]) -> Self {
        let mut sorted: Vec<&Edit> = edits.iter().collect();
        // A stable sort keeps insertions at one place in their order when applied from the end.
        sorted.sort_by_key(|edit| edit.range);
        let mut rope = self.rope().clone();
        let mut next = rope.len_chars();
        for edit in sorted.into_iter().rev() {
            let start = self.char_at(edit.range.start());
            let end = self.char_at(edit.range.end()).min(next).max(start);
            next = start;
            rope.remove(start..end);
            rope.insert(start, &edit.text);
        }
        Self::from_rope(rope)
    }

    /// The line (from zero) that holds the byte at `offset`.
    pub fn line_of(&self, offset: u32) -> u32 {
        let byte = (offset as usize).min(self.rope().len_bytes());
        u32::try_from(self.rope().byte_to_line(byte)).unwrap_or(u32::MAX)
    }

    /// The bytes of line `line` without its line break; `None` past the last line.
    pub fn line_range(&self, line: u32) -> Option<Range> {
        let rope = self.rope();
        let line = line as usize;
        if line >= rope.len_lines() {
            return None;
        }
        let start = rope.line_to_byte(line);
        let slice = rope.line(line);
        let mut length = slice.len_bytes();
        let mut chars = slice.chars_at(slice.len_chars());
        if let Some(last) = chars.prev()
            && (last == '\n' || last == '\r')
        {
            length -= 1;
            if last == '\n' && chars.prev() == Some('\r') {
                length -= 1;
            }
        }
        Some(Range::of(start, start + length))
    }

    /// The position of the byte at `offset`, clamped to the text.
    pub fn position(&self, offset: u32, encoding: Encoding) -> Position {
        let rope = self.rope();
        let at = self.char_at(offset);
        let line = rope.char_to_line(at);
        let start = rope.line_to_char(line);
        let column = match encoding {
            Encoding::Utf8 => rope.char_to_byte(at) - rope.char_to_byte(start),
            Encoding::Utf16 => rope.char_to_utf16_cu(at) - rope.char_to_utf16_cu(start),
            Encoding::Utf32 => at - start,
        };
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Position::new(narrow(line), narrow(column))
    }

    /// The byte offset of a position. A line past the end gives the end of the text, a column past
    /// the end of its line the end of that line (before its break), a column within a character
    /// that character's start.
    pub fn offset(&self, position: Position, encoding: Encoding) -> u32 {
        let Some(line) = self.line_range(position.line) else {
            return self.len();
        };
        let rope = self.rope();
        let column = position.column as usize;
        let start = self.char_at(line.start());
        let at = match encoding {
            Encoding::Utf8 => self.char_at(line.start().saturating_add(position.column)),
            Encoding::Utf16 => {
                let unit = rope.char_to_utf16_cu(start) + column;
                rope.utf16_cu_to_char(unit.min(rope.len_utf16_cu()))
            }
            Encoding::Utf32 => (start + column).min(rope.len_chars()),
        };
        let byte = u32::try_from(rope.char_to_byte(at)).unwrap_or(u32::MAX);
        byte.min(line.end())
    }

    /// Whether a position names a place in the text exactly, without any clamping.
    pub fn has(&self, position: Position, encoding: Encoding) -> bool {
        self.position(self.offset(position, encoding), encoding) == position
    }

    fn char_at(&self, offset: u32) -> usize {
        let rope = self.rope();
        rope.byte_to_char((offset as usize).min(rope.len_bytes()))
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.fingerprint() == other.fingerprint()
    }
}

impl Eq for Text {}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} bytes)", self.len())
    }
}

impl From<&str> for Text {
    fn from(content: &str) -> Self {
        Self::new(content)
    }
}

#[cfg(test)]
mod tests;
