//! `[database]`: which database is the project's, and how it is changed.
//!
//! A URL is kept as it is written, `$NAME` included, and is never printed with its password. Hosts
//! beyond this machine (`allow`) count in a person's own settings alone: what a repository says is
//! said by everybody who ever wrote to it.

use std::collections::BTreeMap;
use std::time::Duration;

use revline_text::Span;

use super::reader::Reader;
use super::{SettingsDefect, unknown};
use crate::alembic::config::Url;
use crate::tree::{Entry, Node, Tree};

/// Every key of `[database]` and of `[database.NAME]`, with a sentence for documentation.
pub const DATABASE_KEYS: [(&str, &str); 10] = [
    (
        "alembic-command",
        "The command that stands for `alembic`, as a list: `[\"make\", \"alembic\", \"--\"]`.",
    ),
    ("allow", "Hosts beyond this machine that may be connected to; in your own settings alone."),
    ("env-file", "The file that gives the variables in `url`, from the folder of the settings."),
    ("flask-app", "The Flask application, as `flask --app` takes it; `flask db` is run then."),
    ("lock-timeout", "How long to wait for another run to end: seconds, or a text like `\"90s\"`."),
    ("python", "The interpreter of the project's environment."),
    ("runner", "Who runs migrations: `auto`, `native` or `alembic`."),
    ("statement-timeout", "How long one statement may take; as long as it takes unless set."),
    ("url", "The database: a URL as SQLAlchemy has it, or `$NAME` for a variable that holds one."),
    ("x", "Arguments for env.py, as `-x` gives them."),
];

/// Who runs migrations.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Hash)]
pub enum Runner {
    /// Revline where it knows every statement, else the project's own Alembic.
    #[default]
    Auto,
    /// Revline itself.
    Native,
    /// The project's own Alembic.
    Alembic,
}

impl Runner {
    const ALL: [Self; 3] = [Self::Auto, Self::Native, Self::Alembic];

    /// Its name in settings and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Native => "native",
            Self::Alembic => "alembic",
        }
    }

    /// The runner of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|runner| runner.as_str() == name)
    }
}

/// One database of the settings. What is not set is `None`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Hash)]
pub struct DatabaseEntry {
    /// `url`, as written, and where; an editor's stands nowhere.
    pub url: Option<(Url, Option<Span>)>,
    /// `env-file`.
    pub env_file: Option<String>,
    /// `runner`.
    pub runner: Option<Runner>,
    /// `alembic-command`: a program and its first arguments, never empty.
    pub alembic_command: Option<Vec<String>>,
    /// `flask-app`.
    pub flask_app: Option<String>,
    /// `python`.
    pub python: Option<String>,
    /// `x`, each `key=value` or a word.
    pub x: Option<Vec<String>>,
    /// `lock-timeout`.
    pub lock_timeout: Option<Duration>,
    /// `statement-timeout`.
    pub statement_timeout: Option<Duration>,
}

/// `[database]` with the databases named below it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Hash)]
pub struct DatabaseSettings {
    /// The one without a name; what it says holds for the named ones too, but for its URL.
    pub main: DatabaseEntry,
    /// `[database.NAME]`, by name.
    pub named: BTreeMap<String, DatabaseEntry>,
    /// `allow`: hosts of a person's own settings or of their editor's.
    pub allow: Vec<String>,
}

impl DatabaseEntry {
    /// These values, with `other`'s in the places that are not set.
    #[must_use]
    pub fn or(self, other: &Self) -> Self {
        let other = other.clone();
        Self {
            url: self.url.or(other.url),
            env_file: self.env_file.or(other.env_file),
            runner: self.runner.or(other.runner),
            alembic_command: self.alembic_command.or(other.alembic_command),
            flask_app: self.flask_app.or(other.flask_app),
            python: self.python.or(other.python),
            x: self.x.or(other.x),
            lock_timeout: self.lock_timeout.or(other.lock_timeout),
            statement_timeout: self.statement_timeout.or(other.statement_timeout),
        }
    }
}

impl DatabaseSettings {
    /// The database of that name, or the one without; `None` where there is no such name.
    pub fn entry(&self, name: Option<&str>) -> Option<DatabaseEntry> {
        let Some(name) = name else { return Some(self.main.clone()) };
        // The URL of the main database is not the one that was asked for by name.
        let rest = DatabaseEntry { url: None, ..self.main.clone() };
        Some(self.named.get(name)?.clone().or(&rest))
    }

    /// These settings with what an editor sets in their place.
    #[must_use]
    pub fn overridden_by(mut self, editor: &Self) -> Self {
        self.main = editor.main.clone().or(&self.main);
        for (name, entry) in &editor.named {
            let known = self.named.remove(name).unwrap_or_default();
            self.named.insert(name.clone(), entry.clone().or(&known));
        }
        self.allow.extend(editor.allow.iter().cloned());
        self
    }
}

/// Whose settings are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Whose {
    /// The repository's.
    #[default]
    Project,
    /// A person's: their own file, or their editor's.
    Person,
}

impl Reader {
    pub(super) fn database(&mut self, value: &Tree) {
        let mut settings = DatabaseSettings::default();
        for entry in self.table(value).to_vec() {
            let known = DATABASE_KEYS.iter().any(|(key, _)| *key == entry.key);
            match (entry.key.as_str(), &entry.value.node) {
                ("allow", _) => self.allow(&entry, &mut settings),
                (name, Node::Table(_)) if !known => {
                    let mut one = DatabaseEntry::default();
                    for entry in entry.value.entries() {
                        self.database_key(entry, &mut one);
                    }
                    settings.named.insert(name.to_owned(), one);
                }
                _ => self.database_key(&entry, &mut settings.main),
            }
        }
        self.settings.database = settings;
    }

    fn allow(&mut self, entry: &Entry, settings: &mut DatabaseSettings) {
        if self.whose == Whose::Project {
            let message = "Hosts are allowed in your own settings alone, never in the \
                           repository's: `revline doctor` says where your own are."
                .to_owned();
            self.defects.push(SettingsDefect { span: entry.key_span, message });
            return;
        }
        settings.allow = self.strings(&entry.value).unwrap_or_default();
    }

    fn database_key(&mut self, entry: &Entry, into: &mut DatabaseEntry) {
        let value = &entry.value;
        match entry.key.as_str() {
            _ if matches!(value.node, Node::Null) => {}
            "url" => into.url = self.string(value).map(|text| (Url::new(text), value.span)),
            "env-file" => into.env_file = self.string(value),
            "runner" => into.runner = self.runner(value),
            "alembic-command" => {
                let command = self.strings(value);
                if command.as_ref().is_some_and(Vec::is_empty) {
                    let message = "An empty list names no program.".to_owned();
                    self.defects.push(SettingsDefect { span: value.span, message });
                }
                into.alembic_command = command.filter(|command| !command.is_empty());
            }
            "flask-app" => into.flask_app = self.string(value),
            "python" => into.python = self.string(value),
            "x" => into.x = self.strings(value),
            "lock-timeout" => into.lock_timeout = self.duration(value),
            "statement-timeout" => into.statement_timeout = self.duration(value),
            key => {
                let keys = DATABASE_KEYS.iter().map(|(known, _)| *known);
                let message = unknown("setting of a database", key, keys);
                self.defects.push(SettingsDefect { span: entry.key_span, message });
            }
        }
    }

    fn runner(&mut self, value: &Tree) -> Option<Runner> {
        let name = self.string(value)?;
        let runner = Runner::named(&name);
        if runner.is_none() {
            let message = unknown("runner", &name, Runner::ALL.map(Runner::as_str));
            self.defects.push(SettingsDefect { span: value.span, message });
        }
        runner
    }

    fn duration(&mut self, value: &Tree) -> Option<Duration> {
        let duration = match &value.node {
            Node::Int(seconds) => u64::try_from(*seconds).ok().map(Duration::from_secs),
            Node::Str(text) => duration(text),
            _ => None,
        };
        if duration.is_none() {
            let message = "A time is a whole number of seconds, or a text like \"90s\", \
                           \"500ms\" or \"5min\"."
                .to_owned();
            self.defects.push(SettingsDefect { span: value.span, message });
        }
        duration
    }
}

/// `90s`, `500ms`, `5min`, `1h`; a number alone counts seconds.
fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number: u64 = number.parse().ok()?;
    match unit.trim() {
        "ms" => Some(Duration::from_millis(number)),
        "" | "s" => Some(Duration::from_secs(number)),
        "min" | "m" => number.checked_mul(60).map(Duration::from_secs),
        "h" => number.checked_mul(3600).map(Duration::from_secs),
        _ => None,
    }
}
