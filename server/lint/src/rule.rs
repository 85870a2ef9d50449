//! What a rule is.

use std::sync::LazyLock;

use crate::context::{FileContext, Findings, ProjectContext};
use crate::docs;
use crate::finding::{Safety, Severity};

/// What a rule is about. A group can be named wherever a rule can.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Group {
    /// The revision graph.
    Graph,
    /// What cannot run as it is written.
    Correctness,
    /// Whether a migration can be undone.
    Reversibility,
    /// What a database cannot do.
    Compatibility,
    /// What is written about a migration beside its code.
    Documentation,
    /// Configuration and settings, Revline's own comments included.
    Configuration,
    /// Where a database stands, as far as somebody looked.
    Database,
}

/// Every group.
pub(crate) const GROUPS: [Group; 7] = [
    Group::Graph,
    Group::Correctness,
    Group::Reversibility,
    Group::Compatibility,
    Group::Documentation,
    Group::Configuration,
    Group::Database,
];

impl Group {
    /// The group as it is written in settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Graph => "graph",
            Self::Correctness => "correctness",
            Self::Reversibility => "reversibility",
            Self::Compatibility => "compatibility",
            Self::Documentation => "documentation",
            Self::Configuration => "configuration",
            Self::Database => "database",
        }
    }
}

/// How a rule looks.
#[derive(Clone, Copy)]
pub enum Check {
    /// At one environment as a whole: its graph and its configuration. Runs again whenever the graph
    /// changes, so it looks at heads alone and parses no file.
    Project(fn(&ProjectContext<'_>, &mut Findings<'_>)),
    /// At one revision file.
    File(fn(&FileContext<'_>, &mut Findings<'_>)),
    /// Not by itself: the findings come from the machinery that applies the rules.
    Machinery,
}

/// What a rule's file declares as `RULE`.
pub struct Meta {
    /// Its group.
    pub group: Group,
    /// How much its findings matter unless the settings say otherwise.
    pub severity: Severity,
    /// How safe its fixes are; `None` where it has none.
    pub fix: Option<Safety>,
    /// How it looks.
    pub check: Check,
}

/// The name of a rule, made from the name of its file: `multiple-heads`.
pub type RuleName = &'static str;

/// A rule. Its name completes «allow …»: one allows `multiple-heads`.
pub struct Rule {
    /// The name.
    pub name: RuleName,
    /// What the file declares.
    pub meta: Meta,
    /// The source of the file, whose head is the documentation.
    pub(crate) source: &'static str,
}

impl Rule {
    /// The documentation as Markdown, with a title and the facts about the rule before it.
    pub fn page(&self) -> String {
        let fix = match self.meta.fix {
            Some(Safety::Safe) => "applied by `revline lint --fix` and offered in the editor",
            Some(Safety::Unsafe) => "offered in the editor",
            None => "none",
        };
        format!(
            "# {}\n\nGroup: `{}` · Severity: {} · Fix: {fix}\n\n{}",
            self.name,
            self.meta.group.as_str(),
            self.meta.severity.as_str(),
            docs::page(self.source),
        )
    }

    /// The first sentence of the documentation.
    pub fn summary(&self) -> String {
        docs::summary(&docs::page(self.source))
    }
}

/// Every rule, ordered by name.
pub fn rules() -> &'static [Rule] {
    static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
        let mut rules = crate::rules::all();
        rules.sort_by_key(|rule| rule.name);
        rules
    });
    &RULES
}

/// The rule of that name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    rules().iter().find(|rule| rule.name == name)
}
