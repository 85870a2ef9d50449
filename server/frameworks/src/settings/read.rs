//! From a table to [`Settings`], key by key; what does not fit is told and left out.

use globset::GlobBuilder;
use revline_text::Span;

use super::{PerFileIgnore, Settings, SettingsDefect, Severity, Sourced};
use crate::tree::{Entry, Node, Tree};

const KEYS: [&str; 9] = [
    "targets",
    "exclude",
    "select",
    "ignore",
    "severity",
    "per-file-ignores",
    "naming-convention",
    "default-branch",
    "format",
];

/// Dialects that can be targets.
const DIALECTS: [&str; 6] = ["postgresql", "mysql", "mariadb", "sqlite", "mssql", "oracle"];
const SEVERITIES: [&str; 5] = ["error", "warning", "info", "hint", "off"];
const FORMATS: [&str; 6] = ["human", "json", "sarif", "github", "gitlab", "junit"];
/// Keys of `MetaData.naming_convention` that SQLAlchemy knows by short name.
const CONVENTIONS: [&str; 5] = ["ix", "uq", "ck", "fk", "pk"];

pub(super) fn read(tree: &Tree) -> (Settings, Vec<SettingsDefect>) {
    let mut reader = Reader { defects: Vec::new() };
    let mut settings = Settings::default();
    if matches!(tree.node, Node::Null) {
        return (settings, Vec::new());
    }
    if !matches!(tree.node, Node::Table(_)) {
        reader.wrong(tree, "the settings", "a table");
    }
    for entry in tree.entries() {
        if entry.value.node == Node::Null {
            continue;
        }
        let value = &entry.value;
        match kebab(&entry.key).as_str() {
            "targets" => settings.targets = reader.choices(value, &entry.key, &DIALECTS),
            "exclude" => {
                settings.exclude = reader.list(value, &entry.key);
                for glob in settings.exclude.iter().flatten() {
                    reader.glob(&glob.value, glob.span);
                }
            }
            "select" => settings.select = reader.list(value, &entry.key),
            "ignore" => settings.ignore = reader.list(value, &entry.key),
            "severity" => reader.severity(value, &mut settings),
            "per-file-ignores" => reader.per_file_ignores(value, &mut settings),
            "naming-convention" => reader.naming_convention(value, &mut settings),
            "default-branch" => settings.default_branch = reader.text(value, &entry.key),
            "format" => {
                settings.format = reader.text(value, &entry.key);
                let format = settings.format.take_if(|f| !FORMATS.contains(&f.value.as_str()));
                if let Some(format) = format {
                    reader.unknown("the format", &format.value, format.span, &FORMATS);
                }
            }
            _ => reader.unknown("the setting", &entry.key, entry.key_span, &KEYS),
        }
    }
    (settings, reader.defects)
}

/// `perFileIgnores` and `per_file_ignores` as `per-file-ignores`.
fn kebab(key: &str) -> String {
    let mut out = String::new();
    for c in key.chars() {
        if c.is_ascii_uppercase() {
            out.push('-');
        }
        out.push(if c == '_' { '-' } else { c.to_ascii_lowercase() });
    }
    out
}

/// The known name that a person probably meant.
fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let name = kebab(name);
    let scored = known.iter().map(|known| {
        // Of short names one letter is too large a share for the measure of similarity.
        let close = name.len() > 2 && strsim::osa_distance(&name, known) == 1;
        (if close { 1.0 } else { strsim::jaro_winkler(&name, known) }, *known)
    });
    scored
        .filter(|(score, _)| *score >= 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known)
}

struct Reader {
    defects: Vec<SettingsDefect>,
}

impl Reader {
    fn wrong(&mut self, tree: &Tree, what: &str, wanted: &str) {
        let message = format!("{what} is {}; {wanted} is expected", tree.node.kind());
        self.defects.push(SettingsDefect { span: tree.span, message, meant: None });
    }

    fn unknown(&mut self, what: &str, name: &str, span: Option<Span>, known: &[&str]) {
        let meant = nearest(name, known).map(str::to_owned);
        let message = match &meant {
            Some(meant) => format!("{what} `{name}` is not known; did you mean `{meant}`?"),
            None => format!("{what} `{name}` is not known; known are {}", known.join(", ")),
        };
        self.defects.push(SettingsDefect { span, message, meant });
    }

    fn text(&mut self, tree: &Tree, key: &str) -> Option<Sourced<String>> {
        let text = tree.as_str();
        if text.is_none() {
            self.wrong(tree, &format!("`{key}`"), "a string");
        }
        Some(Sourced { value: text?.to_owned(), span: tree.span })
    }

    fn list(&mut self, tree: &Tree, key: &str) -> Option<Vec<Sourced<String>>> {
        let Node::List(items) = &tree.node else {
            self.wrong(tree, &format!("`{key}`"), "a list of strings");
            return None;
        };
        Some(items.iter().filter_map(|item| self.text(item, key)).collect())
    }

    fn choices(&mut self, tree: &Tree, key: &str, known: &[&str]) -> Option<Vec<Sourced<String>>> {
        let mut list = self.list(tree, key)?;
        list.retain(|item| {
            let fits = known.contains(&item.value.as_str());
            if !fits {
                self.unknown("the dialect", &item.value, item.span, known);
            }
            fits
        });
        Some(list)
    }

    fn entries<'a>(&mut self, tree: &'a Tree, key: &str) -> &'a [Entry] {
        if !matches!(tree.node, Node::Table(_)) {
            self.wrong(tree, &format!("`{key}`"), "a table");
        }
        tree.entries()
    }

    fn glob(&mut self, pattern: &str, span: Option<Span>) -> Option<globset::Glob> {
        match GlobBuilder::new(pattern).literal_separator(true).build() {
            Ok(glob) => Some(glob),
            Err(error) => {
                let message = format!("`{pattern}` is no glob: {}", error.kind());
                self.defects.push(SettingsDefect { span, message, meant: None });
                None
            }
        }
    }

    fn severity(&mut self, tree: &Tree, settings: &mut Settings) {
        for entry in self.entries(tree, "severity") {
            let Some(text) = self.text(&entry.value, &entry.key) else { continue };
            let value = match text.value.as_str() {
                "error" => Severity::Error,
                "warning" => Severity::Warning,
                "info" => Severity::Info,
                "hint" => Severity::Hint,
                "off" => Severity::Off,
                other => {
                    self.unknown("the severity", other, text.span, &SEVERITIES);
                    continue;
                }
            };
            // The key's place: it is the rule's name that may turn out to be unknown.
            settings.severity.insert(entry.key.clone(), Sourced { value, span: entry.key_span });
        }
    }

    fn per_file_ignores(&mut self, tree: &Tree, settings: &mut Settings) {
        for entry in self.entries(tree, "per-file-ignores") {
            let rules = self.list(&entry.value, &entry.key);
            let glob = self.glob(&entry.key, entry.key_span);
            if let (Some(rules), Some(glob)) = (rules, glob) {
                settings.per_file_ignores.push(PerFileIgnore {
                    pattern: Sourced { value: entry.key.clone(), span: entry.key_span },
                    matcher: glob.compile_matcher(),
                    rules,
                });
            }
        }
    }

    fn naming_convention(&mut self, tree: &Tree, settings: &mut Settings) {
        for entry in self.entries(tree, "naming-convention") {
            if !CONVENTIONS.contains(&entry.key.as_str()) {
                self.unknown("the kind of constraint", &entry.key, entry.key_span, &CONVENTIONS);
                continue;
            }
            if let Some(text) = self.text(&entry.value, &entry.key) {
                settings.naming_convention.insert(entry.key.clone(), text);
            }
        }
    }
}
