//! The keys that PostgreSQL makes one of when a table is made: `transformIndexConstraints` of
//! `src/backend/parser/parse_utilcmd.c`.

use std::sync::Arc;

use revline_schema::{Constraint, Deferral, KeyConstraint};

use super::with_name;

/// The constraints of a new table without the keys that say what an earlier key says; a name that only
/// the later one has goes to the earlier. The primary key counts as the earliest. None where nothing is
/// said twice.
pub(super) fn merged(constraints: &[Arc<Constraint>]) -> Option<Vec<Arc<Constraint>>> {
    let is_primary = |at: &usize| {
        matches!(constraints.get(*at).map(|one| &**one), Some(Constraint::PrimaryKey(_)))
    };
    let (primary, others): (Vec<usize>, Vec<usize>) = (0..constraints.len()).partition(is_primary);
    let mut kept: Vec<(usize, Arc<Constraint>)> = Vec::new();
    let mut is_said_twice = false;
    for at in primary.into_iter().chain(others) {
        let Some(constraint) = constraints.get(at) else { continue };
        let prior = key(constraint).and_then(|own| {
            kept.iter_mut()
                .find(|(_, prior)| key(prior).is_some_and(|prior| says_the_same(prior, own)))
        });
        let Some((_, prior)) = prior else {
            kept.push((at, constraint.clone()));
            continue;
        };
        is_said_twice = true;
        if prior.name().is_none()
            && let Some(name) = constraint.name()
        {
            *prior = Arc::new(with_name(prior, name.clone()));
        }
    }
    kept.sort_by_key(|(at, _)| *at);
    is_said_twice.then(|| kept.into_iter().map(|(_, constraint)| constraint).collect())
}

fn key(constraint: &Constraint) -> Option<&KeyConstraint> {
    match constraint {
        Constraint::PrimaryKey(key) | Constraint::Unique(key) => Some(key),
        Constraint::ForeignKey(_) | Constraint::Check(_) | Constraint::Exclude(_) => None,
    }
}

fn says_the_same(one: &KeyConstraint, other: &KeyConstraint) -> bool {
    let nulls = |key: &KeyConstraint| key.options.is_set("postgresql_nulls_not_distinct");
    let include = |key: &KeyConstraint| key.options.given("postgresql_include").cloned();
    one.columns == other.columns
        && checked(&one.deferral) == checked(&other.deferral)
        && nulls(one) == nulls(other)
        && include(one) == include(other)
}

/// Whether it can be deferred, and is from the start.
fn checked(deferral: &Deferral) -> (bool, bool) {
    let is_late =
        deferral.initially.as_ref().is_some_and(|word| word.eq_ignore_ascii_case("deferred"));
    (deferral.deferrable.unwrap_or(is_late), is_late)
}
