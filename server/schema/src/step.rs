//! A step: an operation, where it stands, and under which condition it runs.

use std::sync::Arc;

use crate::name::Origin;
use crate::op::Op;

/// One operation in the order of a migration's body.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Step {
    /// What is done.
    pub op: Op,
    /// The call in the source.
    pub span: Origin,
    /// The conditions around it whose outcome rests on more than the source text, outermost first.
    pub guards: Vec<Guard>,
}

impl Step {
    /// A step that stands nowhere and always runs.
    pub fn new(op: Op) -> Self {
        Self { op, span: Origin(None), guards: Vec::new() }
    }

    /// Whether it is not known if the step runs at all.
    pub fn is_uncertain(&self) -> bool {
        self.undecided().next().is_some()
    }

    /// The conditions that are not decided, outermost first.
    pub fn undecided(&self) -> impl DoubleEndedIterator<Item = &Guard> {
        self.guards.iter().filter(|guard| guard.outcome == Outcome::Unknown)
    }

    /// The innermost attempt that a refusal of the step ends.
    pub fn attempt(&self) -> Option<u32> {
        self.guards.iter().rev().find_map(|guard| match guard.outcome {
            Outcome::Caught(attempt) => Some(attempt),
            _ => None,
        })
    }

    /// Whether a refusal of the step is not the end of the migration, and what follows it is not known.
    pub fn is_handled(&self) -> bool {
        self.attempt().is_none()
            && self.guards.iter().any(|guard| guard.outcome == Outcome::Handled)
    }
}

impl From<Op> for Step {
    fn from(op: Op) -> Self {
        Self::new(op)
    }
}

/// A condition around a step.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Guard {
    /// The fact it rests on, for people: `table "users" exists`; or why it is not known.
    pub fact: Arc<str>,
    /// Whether it was decided.
    pub outcome: Outcome,
    /// The condition in the source.
    pub origin: Origin,
}

/// Whether a condition was decided.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Outcome {
    /// Answered from the simulated schema, so that the step runs.
    Assumed,
    /// Not decided: the step may run or not.
    Unknown,
    /// The step runs inside of a `try` whose handler goes on in a way of its own: what a refusal leads to is
    /// not known.
    Handled,
    /// The step runs inside of a `try` whose handler passes over what it raises: a refusal ends the
    /// steps of this attempt, the number of which is unique in a migration, and nothing else.
    Caught(u32),
}
