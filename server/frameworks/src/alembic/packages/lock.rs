//! Lock files, by their lines: they are long, and two versions of them are wanted.

use revline_text::Range;

/// A package of a lock file that is asked for.
pub(super) struct Locked<'a> {
    pub(super) name: &'a str,
    pub(super) version: &'a str,
    pub(super) range: Range,
}

fn wanted(name: &str) -> Option<&'static str> {
    ["sqlalchemy", "alembic"].into_iter().find(|wanted| wanted.eq_ignore_ascii_case(name))
}

/// The tables `[[package]]` of `uv.lock`, `poetry.lock` and `pdm.lock`, in which the name stands
/// before the version.
pub(super) fn toml(text: &str) -> Vec<Locked<'_>> {
    let mut found = Vec::new();
    let mut name = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with('[') {
            name = None;
        } else if let Some(value) = quoted(line, "name") {
            name = wanted(value);
        } else if let (Some(known), Some(version)) = (name, quoted(line, "version")) {
            let range = Range::of(start, start + line.trim_end().len());
            found.push(Locked { name: known, version, range });
            name = None;
        }
        start += line.len();
    }
    found
}

/// The value of `key = "value"`.
fn quoted<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let rest = line.strip_prefix(key)?.trim_start().strip_prefix('=')?.trim();
    rest.strip_prefix('"')?.strip_suffix('"')
}

/// `"sqlalchemy": { … "version": "==2.0.36" }` of `Pipfile.lock`, in its `default` part.
pub(super) fn json(text: &str) -> Vec<Locked<'_>> {
    let mut found: Vec<Locked<'_>> = Vec::new();
    let (mut name, mut default) = (None, false);
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim().trim_end_matches(',');
        let (key, value) = bare.split_once(':').unwrap_or((bare, ""));
        let (key, value) = (key.trim().trim_matches('"'), value.trim());
        match (key, value) {
            ("default", "{") => default = true,
            ("develop", "{") => default = false,
            (key, "{") => name = wanted(key),
            ("version", value) if default => {
                if let Some(name) = name.take() {
                    let version = value.trim_matches('"').trim_start_matches('=');
                    let range = Range::of(start, start + line.trim_end().len());
                    found.push(Locked { name, version, range });
                }
            }
            _ => {}
        }
        start += line.len();
    }
    found
}
