//! Rules: what is wrong with a history or a migration, and what mends it.
//!
//! Every diagnostic of Revline is a finding of a rule, and every rule is one file in `rules/` and
//! one word in its list. A rule is a pure function of a snapshot; it reads no file by itself and
//! knows no editor. [`Cache`] runs the rules, remembers their findings, and applies settings and
//! suppression comments.

mod cache;
mod conflict;
mod context;
pub mod docs;
mod finding;
mod functions;
mod misfits;
mod resolved;
mod rule;
mod rules;
mod suppression;
#[cfg(test)]
mod testing;
mod unknowns;
mod walk;

pub use cache::Cache;
pub use context::{FileContext, Findings, ProjectContext};
pub use finding::{Direction, Finding, Fix, Related, Safety, Severity};
pub use rule::{Check, Group, Meta, Rule, RuleName, rule, rules};
pub use suppression::allowed;
