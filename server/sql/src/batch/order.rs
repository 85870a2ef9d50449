//! The order of columns in a copy: SQLAlchemy's `topological.sort` over the pairs that Alembic's
//! `_setup_dependencies_for_add_column` and `_adjust_self_columns_for_partial_reordering` make.

use revline_schema::Name;

use crate::identifier::python_repr;
use crate::print::{Halt, Print};

/// «The first comes before the second.»
pub(super) type Pair = (Name, Name);

/// The pairs that an added column brings.
pub(super) fn of_added(
    column: &Name,
    before: Option<&Name>,
    after: Option<&Name>,
    existing: &[Name],
    has_reordering: bool,
    pairs: &mut Vec<Pair>,
) -> Print<()> {
    let key_error = |name: &Name| Halt::Refused(python_repr(name.as_str()));
    let (mut before, mut after) = (before.cloned(), after.cloned());
    let place = |name: &Name| existing.iter().position(|other| other == name);
    if !has_reordering {
        if let (Some(given), None) = (&after, &before) {
            before = match place(given) {
                Some(at) => existing.get(at + 1).cloned(),
                None => {
                    let follows = pairs.iter().rev().find(|(first, _)| first == given);
                    Some(follows.ok_or_else(|| key_error(given))?.1.clone())
                }
            };
        }
        if let (Some(given), None) = (&before, &after) {
            after = match place(given) {
                Some(at) => at.checked_sub(1).and_then(|at| existing.get(at)).cloned(),
                None => {
                    let precedes = pairs.iter().rev().find(|(_, second)| second == given);
                    Some(precedes.ok_or_else(|| key_error(given))?.0.clone())
                }
            };
        }
    }
    if let Some(before) = &before {
        pairs.push((column.clone(), before.clone()));
    }
    if let Some(after) = &after {
        pairs.push((after.clone(), column.clone()));
    }
    if let (false, None, None, Some(last)) = (has_reordering, before, after, existing.last()) {
        pairs.push((last.clone(), column.clone()));
    }
    Ok(())
}

/// Sorts names so that every pair holds, otherwise in the order given.
pub(super) fn sorted(names: &[Name], pairs: &[Pair]) -> Print<Vec<Name>> {
    let mut todo: Vec<&Name> = names.iter().collect();
    let mut sorted = Vec::new();
    while !todo.is_empty() {
        let waits = |name: &Name| {
            pairs
                .iter()
                .any(|(first, second)| first != second && second == name && todo.contains(&first))
        };
        let ready: Vec<&Name> = todo.iter().copied().filter(|name| !waits(name)).collect();
        if ready.is_empty() {
            return Err(Halt::unknown("the order of columns that this batch asks for is circular"));
        }
        todo.retain(|name| !ready.contains(name));
        sorted.extend(ready.into_iter().cloned());
    }
    Ok(sorted)
}
