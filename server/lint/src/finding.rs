//! What a rule says, as plain data.

use revline_text::{SourceChange, Span};

/// How much a finding matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Severity {
    /// A thought.
    Hint,
    /// Something to know.
    Info,
    /// Something that will hurt.
    Warning,
    /// Something that is broken.
    Error,
}

impl Severity {
    /// The severity as it is written in settings and in output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
            Self::Hint => "hint",
        }
    }

    /// The severity of that name; `None` for `off` and for anything unknown.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Error, Self::Warning, Self::Info, Self::Hint]
            .into_iter()
            .find(|severity| severity.as_str() == name)
    }
}

/// The function of a migration that a finding is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Direction {
    /// `upgrade()`.
    Upgrade,
    /// `downgrade()`.
    Downgrade,
}

impl Direction {
    /// The direction as it is written in output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Upgrade => "upgrade",
            Self::Downgrade => "downgrade",
        }
    }
}

/// How far a fix can be trusted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Safety {
    /// Applied by `lint --fix`: the meaning of the project stays as it was, or becomes what was
    /// plainly meant.
    Safe,
    /// Offered in the editor, for a person to choose and to check.
    Unsafe,
}

impl Safety {
    /// The safety as it is written in output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

/// A change that takes the reason for a finding away.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Fix {
    /// What it does, in the imperative.
    pub title: String,
    /// The change.
    pub change: SourceChange,
    /// How far it can be trusted.
    pub safety: Safety,
}

/// Another place that belongs to a finding.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Related {
    /// Where.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// What a rule says about one place.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Finding {
    /// The rule's name.
    pub rule: &'static str,
    /// How much it matters here.
    pub severity: Severity,
    /// Where.
    pub span: Span,
    /// What is wrong and, where it is known, the way out.
    pub message: String,
    /// Other places.
    pub related: Vec<Related>,
    /// The function that it is about, where it is about one.
    pub direction: Option<Direction>,
    /// What mends it, best first.
    pub fixes: Vec<Fix>,
    /// The name of the environment in which it was found.
    pub environment: String,
    /// Whether the code it points at has no effect, so that an editor may fade it.
    pub unnecessary: bool,
}
