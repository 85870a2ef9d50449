//! Lists of paths and names in ini values, split as Alembic splits them.

use super::interpolate::Mapped;

/// What separates the paths of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PathSeparator {
    /// `space`.
    Space,
    /// `newline`.
    Newline,
    /// `os`: `:`, or `;` on Windows.
    Os,
    /// `:`.
    Colon,
    /// `;`.
    Semicolon,
}

impl PathSeparator {
    /// The separator of that name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "space" => Self::Space,
            "newline" => Self::Newline,
            "os" => Self::Os,
            ":" => Self::Colon,
            ";" => Self::Semicolon,
            _ => return None,
        })
    }

    /// The character, on Windows or elsewhere.
    pub fn character(self, windows: bool) -> char {
        match self {
            Self::Space => ' ',
            Self::Newline => '\n',
            Self::Os if windows => ';',
            Self::Os | Self::Colon => ':',
            Self::Semicolon => ';',
        }
    }
}

/// The parts of a list between separators: parts that are empty before their spaces are taken
/// away are left out, as Alembic leaves them out.
pub(super) fn separated(value: &Mapped, separator: char) -> Vec<(usize, usize)> {
    let mut parts = Vec::new();
    let mut start = 0;
    for part in value.text.split(separator) {
        let end = start + part.len();
        if !part.is_empty() {
            let inner = part.trim_matches(super::ini::is_space);
            let lead = part.len() - part.trim_start_matches(super::ini::is_space).len();
            parts.push(if inner.is_empty() {
                (start, start)
            } else {
                (start + lead, start + lead + inner.len())
            });
        }
        start = end + separator.len_utf8();
    }
    parts
}

/// The parts of a list by the rule that counts where no separator is named: a comma with the
/// spaces after it, or spaces, or (for `sys.path`) a colon. `a , b` has an empty part.
pub(super) fn legacy(value: &Mapped, colon: bool) -> Vec<(usize, usize)> {
    let bytes = value.text.as_bytes();
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b',' | b' ' => {
                parts.push((start, at));
                at += 1;
                while bytes.get(at) == Some(&b' ') {
                    at += 1;
                }
                start = at;
            }
            b':' if colon => {
                parts.push((start, at));
                at += 1;
                start = at;
            }
            _ => at += 1,
        }
    }
    parts.push((start, bytes.len()));
    parts
}
