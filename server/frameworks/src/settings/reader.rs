//! The table of settings, key by key.

use super::database::Whose;
use super::{KEYS, Settings, SettingsDefect, unknown};
use crate::tree::{Entry, Node, Tree};

/// What was read so far.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) settings: Settings,
    pub(super) defects: Vec<SettingsDefect>,
    /// Whose settings they are.
    pub(super) whose: Whose,
}

impl Reader {
    pub(super) fn entry(&mut self, entry: &Entry) {
        let value = &entry.value;
        match entry.key.as_str() {
            "targets" => self.settings.targets = self.strings(value),
            "exclude" => self.settings.exclude = self.strings(value),
            "select" => self.settings.select = self.rules(value),
            "ignore" => self.settings.ignore = self.rules(value),
            "default-branch" => self.settings.default_branch = self.string(value),
            "severity" => self.severity(value),
            "database" => self.database(value),
            "per-file-ignores" => {
                for entry in self.table(value).to_vec() {
                    if let Some(rules) = self.rules(&entry.value) {
                        self.settings.per_file_ignores.insert(entry.key, rules);
                    }
                }
            }
            "naming-convention" => {
                for entry in self.table(value).to_vec() {
                    if let Some(template) = self.string(&entry.value) {
                        self.settings.naming_convention.insert(entry.key, template);
                    }
                }
            }
            // The client's own.
            "trace" | "server" | "path" | "enable" => {}
            key => {
                let message = unknown("setting", key, KEYS.iter().map(|(known, _)| *known));
                self.defects.push(SettingsDefect { span: entry.key_span, message });
            }
        }
    }

    fn severity(&mut self, value: &Tree) {
        for entry in self.table(value).to_vec() {
            let Some(severity) = self.string(&entry.value) else { continue };
            let known = super::shape::SEVERITIES;
            if known.contains(&severity.as_str()) {
                self.settings.rule_names.push((entry.key.clone(), entry.key_span));
                self.settings.severity.insert(entry.key, severity);
            } else {
                let message = unknown("severity", &severity, known);
                self.defects.push(SettingsDefect { span: entry.value.span, message });
            }
        }
    }

    pub(super) fn mistaken(&mut self, value: &Tree, wanted: &str) {
        let message = format!("This is {}; {wanted} is wanted.", value.node.kind());
        self.defects.push(SettingsDefect { span: value.span, message });
    }

    pub(super) fn string(&mut self, value: &Tree) -> Option<String> {
        let text = value.as_str().map(str::to_owned);
        if text.is_none() {
            self.mistaken(value, "a string");
        }
        text
    }

    pub(super) fn table<'a>(&mut self, value: &'a Tree) -> &'a [Entry] {
        if !matches!(value.node, Node::Table(_)) {
            self.mistaken(value, "a table");
        }
        value.entries()
    }

    pub(super) fn strings(&mut self, value: &Tree) -> Option<Vec<String>> {
        let Node::List(items) = &value.node else {
            self.mistaken(value, "a list of strings");
            return None;
        };
        Some(items.iter().filter_map(|item| self.string(item)).collect())
    }

    fn rules(&mut self, value: &Tree) -> Option<Vec<String>> {
        let rules = self.strings(value)?;
        if let Node::List(items) = &value.node {
            let named =
                items.iter().filter_map(|item| Some((item.as_str()?.to_owned(), item.span)));
            self.settings.rule_names.extend(named);
        }
        Some(rules)
    }
}
