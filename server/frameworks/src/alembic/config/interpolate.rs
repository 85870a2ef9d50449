//! `%(name)s` in ini values, as `configparser.BasicInterpolation` expands it, with the place in
//! the file of every character that comes out.

use revline_text::Range;

use super::ini::{DEFAULT, Ini, IniOption};

/// Python gives up where references nest deeper.
const DEEPEST: usize = 10;
/// References to references can double in length at each step; no setting is this long.
const LONGEST: usize = 1 << 20;

/// A text and where its parts stand in the file.
#[derive(Clone, Default)]
pub(crate) struct Mapped {
    pub(crate) text: String,
    chunks: Vec<Chunk>,
}

#[derive(Clone)]
struct Chunk {
    /// First byte in the text.
    start: usize,
    length: usize,
    source: Range,
    /// Whether the file has the very same bytes there.
    verbatim: bool,
}

impl Mapped {
    fn push(&mut self, text: &str, source: Range, verbatim: bool) {
        if !text.is_empty() {
            let start = self.text.len();
            self.chunks.push(Chunk { start, length: text.len(), source, verbatim });
            self.text.push_str(text);
        }
    }

    /// Where bytes of the text stand in the file; for bytes that a reference gave, the reference.
    pub(crate) fn source(&self, start: usize, end: usize) -> Option<Range> {
        let touched = self.chunks.iter().filter(|c| c.start < end && start < c.start + c.length);
        touched
            .map(|chunk| {
                if !chunk.verbatim {
                    return chunk.source;
                }
                let from = start.max(chunk.start) - chunk.start;
                let to = end.min(chunk.start + chunk.length) - chunk.start;
                let base = chunk.source.start() as usize;
                Range::of(base + from, base + to)
            })
            .reduce(Range::cover)
    }
}

/// Why a value cannot be expanded. Python's sentence without the value that it quotes: it may be a
/// URL with its password.
pub(crate) struct InterpolationDefect {
    pub(crate) message: String,
    pub(crate) range: Range,
}

/// The value of an option as Alembic reads it. `here` stands behind `DEFAULT`.
pub(crate) fn value(
    ini: &Ini,
    section: &str,
    option: &IniOption,
    here: &str,
) -> Result<Mapped, InterpolationDefect> {
    let mut out = Mapped::default();
    let scope = Scope { ini, section, here, option };
    for (index, (line, range)) in option.lines.iter().enumerate() {
        if index > 0 {
            out.push("\n", Range::empty(range.start()), false);
        }
        let place = Place::Line(*range);
        scope.expand(line, place, 1, &mut out)?;
    }
    Ok(out)
}

#[derive(Clone, Copy)]
enum Place {
    /// The text is this line of the file.
    Line(Range),
    /// The text came by a reference that stands here.
    Reference(Range),
}

struct Scope<'a> {
    ini: &'a Ini,
    section: &'a str,
    here: &'a str,
    option: &'a IniOption,
}

impl Scope<'_> {
    fn look(&self, name: &str) -> Option<String> {
        let found = self.ini.section(self.section).and_then(|section| section.option(name));
        let found = found.or_else(|| self.ini.section(DEFAULT)?.option(name));
        match found {
            Some(option) => {
                let lines: Vec<&str> = option.lines.iter().map(|line| line.0.as_str()).collect();
                Some(lines.join("\n"))
            }
            None => (name == "here").then(|| self.here.to_owned()),
        }
    }

    fn expand(
        &self,
        text: &str,
        place: Place,
        depth: usize,
        out: &mut Mapped,
    ) -> Result<(), InterpolationDefect> {
        let name = super::super::percent::repr(&self.option.key);
        let section = super::super::percent::repr(self.section);
        let at = |from: usize, to: usize| match place {
            Place::Line(range) => {
                let base = range.start() as usize;
                Range::of(base + from, base + to)
            }
            Place::Reference(range) => range,
        };
        let fail = |message: String, from: usize| {
            Err(InterpolationDefect { message, range: at(from, text.len()) })
        };
        if depth > DEEPEST {
            return fail(
                format!(
                    "Recursion limit exceeded in value substitution: option {name} in section \
                     {section} contains an interpolation key which cannot be substituted in \
                     {DEEPEST} steps."
                ),
                0,
            );
        }
        let verbatim = matches!(place, Place::Line(_));
        let mut from = 0;
        while let Some(found) = text.get(from..).and_then(|rest| rest.find('%')) {
            let percent = from + found;
            out.push(text.get(from..percent).unwrap_or_default(), at(from, percent), verbatim);
            let rest = text.get(percent + 1..).unwrap_or_default();
            if rest.starts_with('%') {
                from = percent + 2;
                out.push("%", at(percent, from), false);
            } else if let Some(inner) = rest.strip_prefix('(') {
                let end = inner.find(')').filter(|end| *end > 0);
                let end =
                    end.filter(|end| inner.get(end + 1..).is_some_and(|r| r.starts_with('s')));
                let Some(end) = end else {
                    return fail("bad interpolation variable reference".to_owned(), percent);
                };
                from = percent + 2 + end + 2;
                let key = inner.get(..end).unwrap_or_default().to_lowercase();
                let Some(value) = self.look(&key) else {
                    let key = super::super::percent::repr(&key);
                    return Err(InterpolationDefect {
                        message: format!(
                            "Bad value substitution: option {name} in section {section} contains \
                             an interpolation key {key} which is not a valid option name."
                        ),
                        range: at(percent, from),
                    });
                };
                let reference = at(percent, from);
                if value.contains('%') {
                    self.expand(&value, Place::Reference(reference), depth + 1, out)?;
                } else {
                    out.push(&value, reference, false);
                }
                if out.text.len() > LONGEST {
                    return fail(format!("the value of {name} grows beyond 1 MiB"), percent);
                }
            } else {
                return fail("'%' must be followed by '%' or '('".to_owned(), percent);
            }
        }
        out.push(text.get(from..).unwrap_or_default(), at(from, text.len()), verbatim);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::ini;
    use super::*;

    fn show(text: &str, key: &str) -> Result<String, String> {
        let ini = ini::parse(text);
        let option = ini.option("a", key).expect("the option");
        value(&ini, "a", option, "/here")
            .map(|mapped| mapped.text)
            .map_err(|d| format!("{}: {}", d.range.slice(text).unwrap_or_default(), d.message))
    }

    #[test]
    fn references_are_taken_from_the_section_then_default_then_here() {
        let text = "[DEFAULT]\nroot=%(here)s/r\nx=1\n[a]\nx=2\ny=%(root)s/%(X)s%%\n";
        assert_eq!(show(text, "y").as_deref(), Ok("/here/r/2%"));
    }

    #[test]
    fn every_character_keeps_its_place() {
        let text = "[a]\nv=%(here)s/one\n  two%%\n";
        let ini = ini::parse(text);
        let option = ini.option("a", "v").expect("the option");
        let Ok(mapped) = value(&ini, "a", option, "/h") else { panic!("expands") };
        assert_eq!(mapped.text, "/h/one\ntwo%");
        let slice = |from, to| mapped.source(from, to).and_then(|range| range.slice(text));
        assert_eq!(slice(0, 6), Some("%(here)s/one"));
        assert_eq!(slice(7, 10), Some("two"));
        assert_eq!(slice(9, 11), Some("o%%"));
    }

    #[test]
    fn a_bad_reference_is_told_without_the_value() {
        assert_eq!(
            show("[a]\nurl=pg://u:s%40ecret@h\n", "url").expect_err("refused"),
            "%40ecret@h: '%' must be followed by '%' or '('"
        );
        assert_eq!(
            show("[a]\nv=x%(no)s\n", "v").expect_err("refused"),
            "%(no)s: Bad value substitution: option 'v' in section 'a' contains an interpolation \
             key 'no' which is not a valid option name."
        );
        assert!(show("[a]\nv=%(v)s\n", "v").expect_err("refused").contains("Recursion limit"));
        let bomb: String =
            (0..9).map(|i| format!("k{i}={}\n", format!("%(k{})s", i + 1).repeat(40))).collect();
        let error = show(&format!("[a]\n{bomb}k9={}\n", "x".repeat(99)), "k0");
        assert!(error.expect_err("refused").contains("1 MiB"));
    }
}
