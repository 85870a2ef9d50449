//! Every option of a configuration as Alembic would hand it to a template or to `env.py`.

use std::collections::BTreeMap;
use std::fmt;

/// The options of the ini file by section, expanded, with `DEFAULT` behind each.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Options {
    pub(super) sections: BTreeMap<String, BTreeMap<String, String>>,
}

impl Options {
    /// Options by section; keys are in lower case.
    pub fn of(sections: BTreeMap<String, BTreeMap<String, String>>) -> Self {
        Self { sections }
    }

    /// What `Config.get_section_option` returns; `None` where the section or the key is missing,
    /// or its value cannot be expanded.
    pub fn get(&self, section: &str, key: &str) -> Option<&str> {
        self.sections.get(section)?.get(&key.to_lowercase()).map(String::as_str)
    }

    /// Every option of a section, `DEFAULT` behind it; `None` where there is no such section.
    pub fn section(&self, section: &str) -> Option<&BTreeMap<String, String>> {
        self.sections.get(section)
    }

    /// Whether there is such a section.
    pub fn has_section(&self, section: &str) -> bool {
        self.sections.contains_key(section)
    }
}

impl fmt::Debug for Options {
    /// Names only: values may be URLs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = |section: &BTreeMap<String, String>| section.keys().cloned().collect::<Vec<_>>();
        f.debug_map().entries(self.sections.iter().map(|(name, s)| (name, keys(s)))).finish()
    }
}
