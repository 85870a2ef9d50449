//! What a value of each setting looks like, for documentation and for schemas.

/// The form of a setting's value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A string.
    Text,
    /// A list of globs.
    Globs,
    /// A list of dialects.
    Dialects,
    /// A list of rules and groups of rules.
    Rules,
    /// A severity for each rule or group.
    Severities,
    /// A list of rules for each glob.
    RulesByGlob,
    /// A template for each kind of constraint.
    Templates,
    /// A table about a database, with tables about others below it.
    Database,
    /// A key of editors, which means nothing in a file.
    Editor,
}

impl Shape {
    /// The form of the setting of that name; `None` for a name that is not known here.
    pub fn of(key: &str) -> Option<Self> {
        Some(match key {
            "database" => Self::Database,
            "default-branch" => Self::Text,
            "exclude" => Self::Globs,
            "ignore" | "select" => Self::Rules,
            "naming-convention" => Self::Templates,
            "per-file-ignores" => Self::RulesByGlob,
            "severity" => Self::Severities,
            "targets" => Self::Dialects,
            "trace" => Self::Editor,
            _ => return None,
        })
    }

    /// What is written in TOML behind a key, as an example; a table ends the file.
    pub fn example(self, key: &str) -> Option<String> {
        let table = |lines: &str| format!("[{key}]\n{lines}\n");
        Some(match self {
            Self::Text => format!("{key} = \"origin/main\"\n"),
            Self::Globs => format!("{key} = [\"examples/\", \"vendor/**\"]\n"),
            Self::Dialects => format!("{key} = [\"postgresql\", \"sqlite\"]\n"),
            Self::Rules => format!("{key} = [\"graph\", \"empty-downgrade\"]\n"),
            Self::Severities => table("missing-downgrade = \"hint\"\nreversibility = \"off\""),
            Self::RulesByGlob => table("\"legacy/*\" = [\"reversibility\"]"),
            Self::Templates => table(
                "ix = \"ix_%(column_0_label)s\"\nuq = \"uq_%(table_name)s_%(column_0_name)s\"",
            ),
            Self::Database => {
                table("url = \"$DATABASE_URL\"\nenv-file = \".env\"\nrunner = \"auto\"")
            }
            Self::Editor => return None,
        })
    }
}

/// The kinds for which a naming convention has templates.
pub const KINDS: [&str; 5] = ["ck", "fk", "ix", "pk", "uq"];

/// What the severity of a rule can be set to.
pub const SEVERITIES: [&str; 5] = ["error", "warning", "info", "hint", "off"];

#[cfg(test)]
mod tests {
    use revline_text::FileId;

    use super::*;
    use crate::settings::{KEYS, Settings};

    #[test]
    fn every_setting_has_a_form_and_its_example_is_read() {
        for (key, _) in KEYS {
            let shape = Shape::of(key);
            let shape = shape.unwrap_or_else(|| panic!("`{key}` has no form in settings/shape.rs"));
            if let Some(example) = shape.example(key) {
                let (settings, defects) = Settings::parse(FileId(0), &example, &[]);
                assert_eq!(defects, [], "{example}");
                assert_ne!(settings, Settings::default(), "{example}");
            }
        }
    }
}
