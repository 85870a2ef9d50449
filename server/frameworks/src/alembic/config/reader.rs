//! From an ini section and a TOML table to a [`Config`], key by key, the ini file first.

use std::collections::BTreeMap;
use std::path::Path;

use revline_text::{FileId, Range, Span};

use super::ini::{DEFAULT, IniOption};
use super::interpolate::{self, Mapped};
use super::lists::{PathSeparator, legacy, separated};
use super::{Config, ConfigDefect, ConfigDefectKind, Database, Hook, IniFile, Item, Setting};
use super::{TomlFile, Url};
use crate::alembic::percent::{Argument, named, repr};
use crate::tree::{Entry, Node, Tree};

pub(super) fn read(ini: Option<&IniFile>, toml: Option<&TomlFile>, section: &str) -> Config {
    let mut reader = Reader {
        ini,
        table: toml.and_then(|toml| toml.table.as_ref()),
        ini_here: ini.map(|ini| here(&ini.path)).unwrap_or_default(),
        toml_here: toml.map(|toml| here(&toml.path)).unwrap_or_default(),
        section,
        defects: Vec::new(),
    };
    reader.file_defects(toml);
    let version_locations = reader.paths("version_locations", false);
    let prepend_sys_path = reader.paths("prepend_sys_path", true);
    // A value that is none hurts only where a list of paths is split by it, which tells of it.
    let told = reader.defects.len();
    let separator = reader.separator(&["path_separator", "version_path_separator"]);
    reader.defects.truncate(told);
    let mut config = Config {
        section: section.to_owned(),
        ini: ini.map(|ini| ini.path.clone()),
        toml: toml.map(|toml| toml.path.clone()),
        script_location: reader.text("script_location"),
        version_locations,
        path_separator: separator.map(|(setting, _)| setting),
        prepend_sys_path,
        file_template: reader.text("file_template"),
        truncate_slug_length: reader.number("truncate_slug_length"),
        timezone: reader.text("timezone"),
        recursive_version_locations: reader.truth("recursive_version_locations"),
        sourceless: reader.truth("sourceless"),
        output_encoding: reader.text("output_encoding"),
        revision_environment: reader.loose_truth("revision_environment"),
        sqlalchemy_url: reader.url(section),
        databases: Vec::new(),
        post_write_hooks: reader.hooks(),
        defects: Vec::new(),
        options: super::Options::default(),
    };
    config.databases = reader.databases();
    config.options.sections = reader.everything();
    reader.defects.sort_by(|a, b| (a.span, a.kind, &a.message).cmp(&(b.span, b.kind, &b.message)));
    reader.defects.dedup();
    config.defects = reader.defects;
    config
}

/// The folder as `%(here)s` prints it: with forward slashes.
fn here(path: &Path) -> String {
    let folder = path.parent().unwrap_or(path).to_string_lossy().into_owned();
    if cfg!(windows) { folder.replace('\\', "/") } else { folder }
}

struct Reader<'a> {
    ini: Option<&'a IniFile>,
    table: Option<&'a Tree>,
    ini_here: String,
    toml_here: String,
    section: &'a str,
    defects: Vec<ConfigDefect>,
}

impl<'a> Reader<'a> {
    fn defect(&mut self, span: Span, message: impl Into<String>, kind: ConfigDefectKind) {
        self.defects.push(ConfigDefect { span, message: message.into(), kind });
    }

    fn file_defects(&mut self, toml: Option<&TomlFile>) {
        if let Some(ini) = self.ini {
            for defect in &ini.ini.defects {
                let kind = if defect.duplicate {
                    ConfigDefectKind::Duplicate
                } else {
                    ConfigDefectKind::Syntax
                };
                self.defect(Span::new(ini.file, defect.range), defect.message.clone(), kind);
            }
        }
        if let Some(toml) = toml {
            self.defects.extend(toml.defects.iter().cloned());
        }
        if let Some(table) = self.table
            && !matches!(table.node, Node::Table(_))
            && let Some(span) = table.span
        {
            self.defect(span, "Incorrect TOML format", ConfigDefectKind::Value);
        }
    }

    fn ini_option(&self, section: &str, key: &str) -> Option<(&'a IniFile, &'a IniOption)> {
        let ini = self.ini?;
        Some((ini, ini.ini.option(section, key)?))
    }

    fn toml_entry(&self, key: &str) -> Option<&'a Entry> {
        let entry = self.table?.entry(key)?;
        (entry.value.node != Node::Null).then_some(entry)
    }

    /// The expanded value of an ini option; one that cannot be expanded is a defect.
    fn expand(&mut self, section: &str, key: &str) -> Option<Setting<Mapped>> {
        let (ini, option) = self.ini_option(section, key)?;
        match interpolate::value(&ini.ini, section, option, &self.ini_here) {
            Ok(value) => Some(Setting {
                value,
                span: Span::new(ini.file, value_range(option)),
                key: Span::new(ini.file, option.key_range),
            }),
            Err(defect) => {
                let span = Span::new(ini.file, defect.range);
                self.defect(span, defect.message, ConfigDefectKind::Interpolation);
                None
            }
        }
    }

    /// A TOML string with `%(here)s` in it.
    fn format(&mut self, text: &str, span: Span) -> Option<String> {
        let here = self.toml_here.clone();
        let value = |key: &str| (key == "here").then(|| Argument::Str(here.clone()));
        match named(text, value) {
            Ok(text) => Some(text),
            Err(error) => {
                self.defect(span, error.message, ConfigDefectKind::Interpolation);
                None
            }
        }
    }

    fn text(&mut self, key: &str) -> Option<Setting<String>> {
        if self.ini_option(self.section, key).is_some() {
            let setting = self.expand(self.section, key)?;
            return Some(Setting {
                value: setting.value.text,
                span: setting.span,
                key: setting.key,
            });
        }
        let (entry, span, key_span) = self.toml_place(key)?;
        match &entry.value.node {
            Node::Str(text) => {
                let value = self.format(text, span)?;
                Some(Setting { value, span, key: key_span })
            }
            node => {
                let message = if matches!(node, Node::Other(_)) {
                    format!("unsupported TOML value type for key: {}", repr(key))
                } else {
                    format!("{key} is {}; a string is expected", node.kind())
                };
                self.defect(span, message, ConfigDefectKind::Value);
                None
            }
        }
    }

    fn toml_place(&self, key: &str) -> Option<(&'a Entry, Span, Span)> {
        let entry = self.toml_entry(key)?;
        let file = Span::new(FileId(0), Range::empty(0));
        let span = entry.value.span.unwrap_or(file);
        Some((entry, span, entry.key_span.unwrap_or(span)))
    }

    fn number(&mut self, key: &str) -> Option<Setting<i64>> {
        if self.ini_option(self.section, key).is_none()
            && let Some((entry, span, key_span)) = self.toml_place(key)
            && let Node::Int(value) = entry.value.node
        {
            return Some(Setting { value, span, key: key_span });
        }
        let setting = self.text(key)?;
        let text = setting.value.trim_matches(super::ini::is_space);
        match text.replace('_', "").parse() {
            Ok(value) => Some(Setting { value, span: setting.span, key: setting.key }),
            Err(_) => {
                let message =
                    format!("invalid literal for int() with base 10: {}", repr(&setting.value));
                self.defect(setting.span, message, ConfigDefectKind::Value);
                None
            }
        }
    }

    /// A truth value that only the exact text `true` makes true.
    fn truth(&mut self, key: &str) -> Option<Setting<bool>> {
        if self.ini_option(self.section, key).is_some() {
            let setting = self.text(key)?;
            let value = setting.value == "true";
            if !value
                && matches!(setting.value.to_lowercase().as_str(), "true" | "yes" | "on" | "1")
            {
                let message = format!(
                    "{key} is on only when it is written `true`; {} turns it off",
                    repr(&setting.value)
                );
                self.defect(setting.span, message, ConfigDefectKind::Ineffective);
            }
            return Some(Setting { value, span: setting.span, key: setting.key });
        }
        let (entry, span, key_span) = self.toml_place(key)?;
        let Node::Bool(value) = entry.value.node else {
            let message = format!("boolean value expected for TOML parameter {}", repr(key));
            self.defect(span, message, ConfigDefectKind::Value);
            return None;
        };
        Some(Setting { value, span, key: key_span })
    }

    /// A truth value in any of SQLAlchemy's spellings.
    fn loose_truth(&mut self, key: &str) -> Option<Setting<bool>> {
        if self.ini_option(self.section, key).is_none()
            && let Some((entry, span, key_span)) = self.toml_place(key)
        {
            match entry.value.node {
                Node::Bool(value) => return Some(Setting { value, span, key: key_span }),
                Node::Int(value) => {
                    return Some(Setting { value: value != 0, span, key: key_span });
                }
                _ => {}
            }
        }
        let setting = self.text(key)?;
        let value = match setting.value.trim_matches(super::ini::is_space).to_lowercase().as_str() {
            "true" | "yes" | "on" | "y" | "t" | "1" => true,
            "false" | "no" | "off" | "n" | "f" | "0" => false,
            text => {
                let message = format!("String is not true/false: {}", repr(text));
                self.defect(setting.span, message, ConfigDefectKind::Value);
                return None;
            }
        };
        Some(Setting { value, span: setting.span, key: setting.key })
    }

    /// The first of these ini keys that is there, and whether it is the last of them.
    fn separator(&mut self, names: &[&str]) -> Option<(Setting<PathSeparator>, usize)> {
        let (index, name) = names
            .iter()
            .enumerate()
            .find(|(_, name)| self.ini_option(self.section, name).is_some())?;
        let setting = self.expand(self.section, name)?;
        let value = PathSeparator::named(&setting.value.text).unwrap_or_else(|| {
            let message = format!(
                "'{}' is not a valid value for {name}; expected 'space', 'newline', 'os', ':', ';'",
                setting.value.text
            );
            self.defect(setting.span, message, ConfigDefectKind::Value);
            PathSeparator::Os
        });
        Some((Setting { value, span: setting.span, key: setting.key }, index))
    }

    fn paths(&mut self, key: &str, for_imports: bool) -> Option<Setting<Vec<Item>>> {
        if let Some(setting) = self.expand(self.section, key)
            && !setting.value.text.is_empty()
        {
            let names: &[&str] = if for_imports {
                &["path_separator"]
            } else {
                &["path_separator", "version_path_separator"]
            };
            let parts = match self.separator(names) {
                Some((separator, index)) => {
                    if index == 1 {
                        let message = "The version_path_separator configuration parameter is \
                                       deprecated; please use path_separator";
                        self.defect(separator.key, message, ConfigDefectKind::Deprecated);
                    }
                    separated(&setting.value, separator.value.character(cfg!(windows)))
                }
                None => {
                    let rule =
                        if for_imports { "spaces, commas, and colons" } else { "spaces/commas" };
                    let message = format!(
                        "No path_separator found in configuration; falling back to legacy \
                         splitting on {rule} for {key}.  Consider adding path_separator=os to \
                         Alembic config."
                    );
                    self.defect(setting.key, message, ConfigDefectKind::Deprecated);
                    legacy(&setting.value, for_imports)
                }
            };
            let items = parts.into_iter().map(|(start, end)| item(&setting, start, end)).collect();
            return Some(Setting { value: items, span: setting.span, key: setting.key });
        }
        let (entry, span, key_span) = self.toml_place(key)?;
        let Node::List(list) = &entry.value.node else {
            let message =
                format!("{key} is {}; a list of strings is expected", entry.value.node.kind());
            self.defect(span, message, ConfigDefectKind::Value);
            let text = self.format(entry.value.as_str()?, span)?;
            return Some(Setting { value: vec![Item { text, span }], span, key: key_span });
        };
        let mut items = Vec::new();
        for value in list {
            let span = value.span.unwrap_or(span);
            match value.as_str() {
                Some(text) => items.extend(self.format(text, span).map(|text| Item { text, span })),
                None => {
                    let message = format!("{} in {key}; a string is expected", value.node.kind());
                    self.defect(span, message, ConfigDefectKind::Value);
                }
            }
        }
        Some(Setting { value: items, span, key: key_span })
    }

    fn url(&mut self, section: &str) -> Option<Setting<Url>> {
        let setting = self.expand(section, "sqlalchemy.url")?;
        if setting.value.text.is_empty() {
            return None;
        }
        Some(Setting { value: Url::new(setting.value.text), span: setting.span, key: setting.key })
    }

    /// `databases = a, b` of Alembic's and Flask-Migrate's templates, split as they split it.
    fn databases(&mut self) -> Vec<Database> {
        let Some(setting) = self.expand(self.section, "databases") else { return Vec::new() };
        let mut databases = Vec::new();
        let mut start = 0;
        for part in setting.value.text.split(',') {
            let name = part.trim_matches(super::ini::is_space);
            let lead = part.len() - part.trim_start_matches(super::ini::is_space).len();
            if !name.is_empty() {
                let name = item(&setting, start + lead, start + lead + name.len());
                let url = self.url(&name.text.clone());
                databases.push(Database { name, url });
            }
            start += part.len() + 1;
        }
        databases
    }

    fn hooks(&mut self) -> Vec<Hook> {
        const SECTION: &str = "post_write_hooks";
        let mut hooks = Vec::new();
        if self.ini.is_some_and(|ini| ini.ini.section(SECTION).is_some()) {
            let Some(names) = self.expand(SECTION, "hooks") else { return hooks };
            for (start, end) in legacy(&names.value, false) {
                let name = item(&names, start, end);
                if name.text.is_empty() {
                    continue;
                }
                let prefix = format!("{}.", name.text);
                let options = self.section_options(SECTION, true);
                let options: BTreeMap<String, String> = options
                    .into_iter()
                    .filter_map(|(key, value)| Some((key.strip_prefix(&prefix)?.to_owned(), value)))
                    .collect();
                self.check_hook(&name, &options);
                hooks.push(Hook { name, options });
            }
            return hooks;
        }
        let Some((entry, span, _)) = self.toml_place(SECTION) else { return hooks };
        let Node::List(tables) = &entry.value.node else {
            let message =
                format!("{SECTION} is {}; a list of tables is expected", entry.value.node.kind());
            self.defect(span, message, ConfigDefectKind::Value);
            return hooks;
        };
        for table in tables {
            let place = table.span.unwrap_or(span);
            let mut options = BTreeMap::new();
            for entry in table.entries() {
                let span = entry.value.span.unwrap_or(place);
                if let Some(text) = entry.value.as_str() {
                    options.extend(self.format(text, span).map(|text| (entry.key.clone(), text)));
                } else {
                    let message = format!(
                        "{} is {}; a string is expected",
                        entry.key,
                        entry.value.node.kind()
                    );
                    self.defect(span, message, ConfigDefectKind::Value);
                }
            }
            let Some(text) = options.remove("name") else {
                self.defect(place, "a hook needs a `name`", ConfigDefectKind::Value);
                continue;
            };
            let span = table.get("name").and_then(|name| name.span).unwrap_or(place);
            let name = Item { text, span };
            self.check_hook(&name, &options);
            hooks.push(Hook { name, options });
        }
        hooks
    }

    fn check_hook(&mut self, name: &Item, options: &BTreeMap<String, String>) {
        let quoted = repr(&name.text);
        let message = match options.get("type").map(String::as_str) {
            None => format!(
                "Key '{}.type' (or 'type' in toml) is required for post write hook {quoted}",
                name.text
            ),
            Some(kind) => {
                let needed = match kind {
                    "console_scripts" => "entrypoint",
                    "exec" => "executable",
                    "module" => "module",
                    // A project may register types of its own.
                    _ => return,
                };
                if options.contains_key(needed) {
                    return;
                }
                format!("Key {}.{needed} is required for post write hook {quoted}", name.text)
            }
        };
        self.defect(name.span, message, ConfigDefectKind::Value);
    }

    fn section_options(&mut self, section: &str, report: bool) -> BTreeMap<String, String> {
        let Some(ini) = self.ini else { return BTreeMap::new() };
        let mut options = BTreeMap::from([("here".to_owned(), self.ini_here.clone())]);
        let behind = ini.ini.section(DEFAULT).into_iter();
        for option in behind.chain(ini.ini.section(section)).flat_map(|section| &section.options) {
            match interpolate::value(&ini.ini, section, option, &self.ini_here) {
                Ok(value) => {
                    options.insert(option.key.clone(), value.text);
                }
                Err(defect) if report => {
                    let span = Span::new(ini.file, defect.range);
                    self.defect(span, defect.message, ConfigDefectKind::Interpolation);
                }
                Err(_) => {}
            }
        }
        options.remove("");
        options
    }

    /// Every section's options. The main section's are all expanded by the usual `env.py`
    /// (`config.get_section`), so there every one that cannot be is a defect.
    fn everything(&mut self) -> BTreeMap<String, BTreeMap<String, String>> {
        let Some(ini) = self.ini else { return BTreeMap::new() };
        let mut all = BTreeMap::new();
        for section in ini.ini.sections.iter().filter(|section| section.name != DEFAULT) {
            let options = self.section_options(&section.name, section.name == self.section);
            all.insert(section.name.clone(), options);
        }
        all
    }
}

fn item(setting: &Setting<Mapped>, start: usize, end: usize) -> Item {
    let range = setting.value.source(start, end).unwrap_or(setting.span.range);
    let text = setting.value.text.get(start..end).unwrap_or_default().to_owned();
    Item { text, span: Span::new(setting.span.file, range) }
}

/// The value's bytes from its first to its last character; the empty place after the delimiter
/// where there is none.
fn value_range(option: &IniOption) -> Range {
    let mut written = option.lines.iter().filter(|line| !line.0.is_empty()).map(|line| line.1);
    let first = option.lines.first().map(|line| line.1).unwrap_or_default();
    match written.next() {
        Some(start) => written.fold(start, Range::cover),
        None => first,
    }
}
