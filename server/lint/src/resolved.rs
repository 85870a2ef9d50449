//! Settings applied to rules: which are on for a file, and how much they matter.

use std::path::Path;

use globset::{Glob, GlobMatcher};
use revline_analysis::Settings;

use crate::finding::{Finding, Severity};
use crate::rule::{Rule, rule};

/// The settings of a folder, ready to be asked.
pub(crate) struct Resolved<'a> {
    settings: &'a Settings,
    per_file: Vec<(GlobMatcher, &'a [String])>,
}

impl<'a> Resolved<'a> {
    pub(crate) fn new(settings: &'a Settings) -> Self {
        let per_file = settings.per_file_ignores.iter().filter_map(|(glob, rules)| {
            // A glob without a folder means files of that name anywhere.
            let anywhere = if glob.contains('/') { glob.clone() } else { format!("**/{glob}") };
            Some((Glob::new(&anywhere).ok()?.compile_matcher(), rules.as_slice()))
        });
        Self { settings, per_file: per_file.collect() }
    }

    /// The finding as the settings want it; `None` where they want none. `path` is relative to the
    /// folder of the settings.
    pub(crate) fn apply(&self, mut finding: Finding, path: &Path) -> Option<Finding> {
        let rule = rule(finding.rule)?;
        let names = |list: &[String]| {
            list.iter()
                .any(|name| name == rule.name || name == rule.meta.group.as_str() || name == "all")
        };
        let selected = self.settings.select.as_deref().is_none_or(names);
        let ignored = self.settings.ignore.as_deref().is_some_and(names);
        let ignored_here =
            self.per_file.iter().any(|(glob, rules)| glob.is_match(path) && names(rules));
        if !selected || ignored || ignored_here {
            return None;
        }
        match self.severity(rule) {
            Some("off") => return None,
            Some(name) => finding.severity = Severity::parse(name).unwrap_or(finding.severity),
            None => {}
        }
        Some(finding)
    }

    fn severity(&self, rule: &Rule) -> Option<&str> {
        let by = |name: &str| self.settings.severity.get(name).map(String::as_str);
        by(rule.name).or_else(|| by(rule.meta.group.as_str()))
    }
}
