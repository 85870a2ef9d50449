//! Files in the dialect of Python's `ConfigParser`, with the place of every key and value.
//!
//! Own code, because the crates that read ini files either know no places or another dialect:
//! what continues a line, what is a comment, which delimiter comes first, and what counts twice
//! decide which folder Alembic reads. Follows `configparser` of CPython 3.11 with its defaults.
//! A defect never ends the reading, although Python would raise: the rest goes on working.

use revline_text::Range;

/// A file as sections, in the order of their first appearance; `DEFAULT` is one of them.
#[derive(Clone, Default)]
pub(crate) struct Ini {
    pub(crate) sections: Vec<Section>,
    pub(crate) defects: Vec<IniDefect>,
}

/// A section.
#[derive(Clone)]
pub(crate) struct Section {
    pub(crate) name: String,
    pub(crate) options: Vec<IniOption>,
}

/// A key and its value, before interpolation.
#[derive(Clone)]
pub(crate) struct IniOption {
    /// In lower case, as Python keeps it.
    pub(crate) key: String,
    pub(crate) key_range: Range,
    /// The lines of the value with their bytes; joined by line breaks they are the value.
    pub(crate) lines: Vec<(String, Range)>,
}

/// Something that Python would raise for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct IniDefect {
    pub(crate) range: Range,
    pub(crate) message: String,
    pub(crate) duplicate: bool,
}

pub(crate) const DEFAULT: &str = "DEFAULT";

impl Ini {
    /// The section of that name.
    pub(crate) fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name)
    }

    /// The option of a section that exists, or of `DEFAULT` behind it.
    pub(crate) fn option(&self, section: &str, key: &str) -> Option<&IniOption> {
        let own = self.section(section)?;
        own.option(key).or_else(|| self.section(DEFAULT)?.option(key))
    }
}

impl Section {
    /// The section's own option of that name.
    pub(crate) fn option(&self, key: &str) -> Option<&IniOption> {
        self.options.iter().find(|option| option.key == key)
    }
}

/// What Python's `str.isspace` accepts.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// Reads a file; `text` has no byte order mark.
pub(crate) fn parse(text: &str) -> Ini {
    let mut ini = Ini::default();
    let mut section: Option<usize> = None;
    // The option that a deeper line would continue.
    let mut open: Option<usize> = None;
    let mut indent = 0_usize;
    let mut headless = false;
    for (start, line) in lines(text) {
        let trimmed = line.trim_matches(is_space);
        let lead = line.len() - line.trim_start_matches(is_space).len();
        let at = start + lead;
        let range = Range::of(at, at + trimmed.len());
        if trimmed.is_empty() {
            if let Some(option) = current(&mut ini, section, open) {
                option.lines.push((String::new(), Range::of(start, start)));
            }
            continue;
        }
        if trimmed.starts_with(['#', ';']) {
            continue;
        }
        let depth = line.chars().take_while(|c| is_space(*c)).count();
        if depth > indent
            && let Some(option) = current(&mut ini, section, open)
        {
            option.lines.push((trimmed.to_owned(), range));
            continue;
        }
        indent = depth;
        if let Some(name) = header(trimmed) {
            open = None;
            section = Some(enter(&mut ini, name, Range::of(at + 1, at + 1 + name.len())));
            continue;
        }
        let Some(index) = section else {
            if !headless {
                let message = "File contains no section headers.".to_owned();
                ini.defects.push(IniDefect { range, message, duplicate: false });
            }
            headless = true;
            continue;
        };
        open = add_option(&mut ini, index, trimmed, at).or(open);
    }
    for option in ini.sections.iter_mut().flat_map(|section| &mut section.options) {
        while option.lines.len() > 1 && option.lines.last().is_some_and(|line| line.0.is_empty()) {
            option.lines.pop();
        }
    }
    ini
}

fn current(ini: &mut Ini, section: Option<usize>, open: Option<usize>) -> Option<&mut IniOption> {
    ini.sections.get_mut(section?)?.options.get_mut(open?)
}

fn enter(ini: &mut Ini, name: &str, range: Range) -> usize {
    if let Some(index) = ini.sections.iter().position(|section| section.name == name) {
        if name != DEFAULT {
            let message = format!("Section {} already exists", super::super::percent::repr(name));
            ini.defects.push(IniDefect { range, message, duplicate: true });
        }
        return index;
    }
    ini.sections.push(Section { name: name.to_owned(), options: Vec::new() });
    ini.sections.len() - 1
}

/// Adds the option of a line and returns its index, so that deeper lines continue it. Of two with
/// one name the first stays; lines that continue the second are kept away from it.
fn add_option(ini: &mut Ini, index: usize, line: &str, at: usize) -> Option<usize> {
    let section = ini.sections.get_mut(index)?;
    let range = Range::of(at, at + line.len());
    let (key, value) = line
        .find(['=', ':'])
        .and_then(|delimiter| Some((line.get(..delimiter)?, line.get(delimiter + 1..)?)))
        .unwrap_or(("", ""));
    let name = key.trim_matches(is_space);
    if name.is_empty() {
        let message =
            format!("Source contains parsing errors: {}", super::super::percent::repr(line));
        ini.defects.push(IniDefect { range, message, duplicate: false });
        return None;
    }
    let lowered = name.to_lowercase();
    let key_range = Range::of(at, at + name.len());
    let value_trimmed = value.trim_matches(is_space);
    let lead = value.len() - value.trim_start_matches(is_space).len();
    let value_at =
        if value_trimmed.is_empty() { at + line.len() } else { at + key.len() + 1 + lead };
    let first = (value_trimmed.to_owned(), Range::of(value_at, value_at + value_trimmed.len()));
    if section.options.iter().any(|option| option.key == lowered) {
        let quote = super::super::percent::repr;
        let message = format!(
            "Option {} in section {} already exists",
            quote(&lowered),
            quote(&section.name)
        );
        ini.defects.push(IniDefect { range: key_range, message, duplicate: true });
        // A line below must not continue the first one: open an option that nobody asks for.
        section.options.push(IniOption { key: String::new(), key_range, lines: vec![first] });
    } else {
        section.options.push(IniOption { key: lowered, key_range, lines: vec![first] });
    }
    Some(section.options.len() - 1)
}

/// The name in `[name]`, up to the last bracket; what follows it is ignored, as in Python.
fn header(line: &str) -> Option<&str> {
    let inner = line.strip_prefix('[')?;
    let name = inner.get(..inner.rfind(']')?)?;
    (!name.is_empty()).then_some(name)
}

/// Lines with their first byte; `\r\n`, `\n` and `\r` end one.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let start = at;
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let line = rest.get(..end)?;
        let broken = rest.get(end..).unwrap_or_default();
        at += end + if broken.starts_with("\r\n") { 2 } else { broken.len().min(1) };
        Some((start, line))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str) -> Vec<String> {
        let ini = parse(text);
        let mut out = Vec::new();
        for section in &ini.sections {
            for option in &section.options {
                let value: Vec<&str> = option.lines.iter().map(|line| line.0.as_str()).collect();
                let at = option.lines.first().and_then(|line| line.1.slice(text));
                assert_eq!(at, value.first().copied(), "the place of {}", option.key);
                assert_eq!(
                    option.key_range.slice(text).map(str::to_lowercase).as_deref(),
                    Some(option.key.as_str()).filter(|key| !key.is_empty()).or(option
                        .key_range
                        .slice(text)
                        .map(str::to_lowercase)
                        .as_deref())
                );
                out.push(format!("[{}] {}={:?}", section.name, option.key, value.join("\n")));
            }
        }
        out.extend(
            ini.defects
                .iter()
                .map(|d| format!("{}: {}", d.range.slice(text).unwrap_or_default(), d.message)),
        );
        out
    }

    #[test]
    fn delimiters_comments_and_continuation_lines() {
        assert_eq!(
            show("; c\n[A]\nKey : v=1 # kept\r\nb=\n  x\n  # no\n\n  y\n\nc=1\n"),
            ["[A] key=\"v=1 # kept\"", "[A] b=\"\\nx\\n\\ny\"", "[A] c=\"1\""]
        );
    }

    #[test]
    fn what_stands_twice_is_a_defect_and_the_first_counts() {
        assert_eq!(
            show("[a]\nx=1\nX=2\n  3\n[a]\ny=1\n"),
            [
                "[a] x=\"1\"",
                "[a] =\"2\\n3\"",
                "[a] y=\"1\"",
                "X: Option 'x' in section 'a' already exists",
                "a: Section 'a' already exists",
            ]
        );
    }

    #[test]
    fn lines_that_are_nothing_are_defects() {
        assert_eq!(
            show("x=1\n[a]\nnonsense\n=2\nok=1\n"),
            [
                "[a] ok=\"1\"",
                "x=1: File contains no section headers.",
                "nonsense: Source contains parsing errors: 'nonsense'",
                "=2: Source contains parsing errors: '=2'",
            ]
        );
    }
}
