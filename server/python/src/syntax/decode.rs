//! The bytes of a Python file as text.

/// A file's text, and how faithfully it stands for the bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decoded {
    /// The text. A byte-order mark stays at its start, so that byte offsets of UTF-8 files hold.
    pub text: String,
    /// The encoding that a `coding` comment declares, where it is not UTF-8.
    pub declared: Option<String>,
    /// Whether some bytes had no meaning and were replaced.
    pub lossy: bool,
}

/// Decodes a file as Python does: UTF-8, or what a `coding` comment in the first two lines says
/// (PEP 263). Of the other encodings Latin-1 and ASCII are known; anything else is read as UTF-8,
/// with replacements.
pub fn decode(bytes: &[u8]) -> Decoded {
    let declared = cookie(bytes).filter(|name| !matches!(name.as_str(), "utf-8" | "utf8"));
    if let Ok(text) = std::str::from_utf8(bytes) {
        let latin = declared.as_deref().is_some_and(is_latin);
        if !latin || text.is_ascii() {
            return Decoded { text: text.to_owned(), declared, lossy: false };
        }
    }
    if declared.as_deref().is_some_and(is_latin) {
        let text = bytes.iter().map(|byte| char::from(*byte)).collect();
        return Decoded { text, declared, lossy: false };
    }
    Decoded { text: String::from_utf8_lossy(bytes).into_owned(), declared, lossy: true }
}

fn is_latin(name: &str) -> bool {
    matches!(name, "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "iso-latin-1" | "l1")
}

/// The encoding named by a comment in the first two lines, in lower case.
fn cookie(bytes: &[u8]) -> Option<String> {
    for line in bytes.split(|byte| *byte == b'\n').take(2) {
        let line = String::from_utf8_lossy(line.get(..line.len().min(200)).unwrap_or_default());
        let comment = line.trim_start_matches(['\u{feff}', ' ', '\t', '\u{c}']);
        if comment.trim_end().is_empty() {
            continue;
        }
        let comment = comment.strip_prefix('#')?;
        let Some(at) = comment.find("coding") else { continue };
        let rest = comment.get(at + "coding".len()..)?;
        let Some(rest) = rest.strip_prefix([':', '=']) else { continue };
        let rest = rest.trim_start_matches([' ', '\t']);
        let name: String = rest
            .chars()
            .take_while(|char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.'))
            .collect();
        if !name.is_empty() {
            return Some(name.to_ascii_lowercase().replace('_', "-"));
        }
    }
    None
}
