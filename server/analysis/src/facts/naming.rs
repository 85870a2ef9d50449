//! The naming convention of a project, and what depends on it where it is not known.

use revline_frameworks::alembic::env_py::{EnvPy, Told};
use revline_frameworks::alembic::migration::Unknown;
use revline_schema::NamingConvention;
use revline_sql::{Assumption, Rendered};
use revline_text::Span;

/// What is known of the naming convention of the metadata that `env.py` names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Naming {
    /// There is none: no metadata, or one without.
    Absent,
    /// This one, and where it stands.
    Known(NamingConvention, Span),
    /// Not known, and why.
    Unknown(Unknown),
}

impl Naming {
    pub(super) fn told(told: Told<NamingConvention>) -> Self {
        match told {
            Told::Nothing => Self::Absent,
            Told::Known(convention, span) => Self::Known(convention, span),
            Told::Unknown(unknown) => Self::Unknown(unknown),
        }
    }

    /// What the evaluations say together. Under `--sql` an `env.py` often leaves the metadata out
    /// or fails early; what it says with a connection then fills the gap.
    pub(super) fn of(offline: &[EnvPy], online: &[EnvPy]) -> Self {
        let reached = |env: &&EnvPy| !env.configured.is_empty();
        let chosen: Vec<&EnvPy> = match offline.iter().any(|env| !env.configured.is_empty()) {
            true => offline.iter().filter(reached).collect(),
            false => online.iter().filter(reached).collect(),
        };
        let chosen = if chosen.is_empty() { offline.iter().collect() } else { chosen };
        let mut all = chosen.into_iter().map(|env| Self::told(env.naming()));
        let Some(first) = all.next() else { return Self::Absent };
        all.fold(first, |one, other| match (one, other) {
            (one @ Self::Unknown(_), _) => one,
            (_, other @ Self::Unknown(_)) => other,
            (one, other) if one.convention() == other.convention() => one,
            (one, other) => Self::Unknown(Unknown {
                span: other.span().or(one.span()).unwrap_or_else(nowhere),
                why: "the profiles of this environment have different naming conventions".into(),
            }),
        })
    }

    /// The convention, where one is known.
    pub fn convention(&self) -> Option<&NamingConvention> {
        match self {
            Self::Known(convention, _) => Some(convention),
            _ => None,
        }
    }

    fn span(&self) -> Option<Span> {
        match self {
            Self::Absent => None,
            Self::Known(_, span) => Some(*span),
            Self::Unknown(unknown) => Some(unknown.span),
        }
    }
}

fn nowhere() -> Span {
    Span::new(revline_text::FileId(u32::MAX), revline_text::Range::empty(0))
}

/// A convention that changes every name that a convention can change: where the text is the same
/// under it, no convention matters.
fn probe() -> NamingConvention {
    NamingConvention::default()
        .with("ix", "revline_ix")
        .with("uq", "revline_uq")
        .with("fk", "revline_fk")
        .with("pk", "revline_pk")
        .with("ck", "revline_%(constraint_name)s")
}

/// The assumption that there is no naming convention, where the text would be another with one.
pub(super) fn assumed(
    unknown: &Unknown,
    rendered: &Rendered,
    again: impl FnOnce(NamingConvention) -> Rendered,
) -> Option<Assumption> {
    let other = again(probe());
    let mut pairs = rendered.statements.iter().zip(&other.statements);
    let differs = pairs.find(|(one, other)| one.text != other.text);
    let same_length = rendered.statements.len() == other.statements.len();
    if differs.is_none() && same_length && rendered.status >= other.status {
        return None;
    }
    let fact = format!("the metadata has no naming convention; it is not known: {}", unknown.why);
    let origin = differs.and_then(|(statement, _)| statement.origin);
    Some(Assumption { fact: fact.into(), origin: origin.into() })
}
