//! The first thing with which Alembic refuses a whole folder.

use std::sync::Arc;

use crate::error::CycleKind;
use crate::{Defect, HistoryError, Node, Revision};

/// What ends the loading before cycles are looked for. Alembic first reads every file, then maps
/// the labels, then resolves the dependencies, then the parents.
pub(crate) fn of_declarations(
    revisions: &[Arc<Revision>],
    defects: &[Defect],
) -> Option<HistoryError> {
    if defects.is_empty() {
        return None;
    }
    let id = |node: Node| revisions.get(node.index()).map(|one| one.id.clone());
    let own = |defect: &Defect| match defect {
        Defect::SelfLoop { revision, .. } => Some((*revision, 0)),
        Defect::DependencySelfLoop { revision, reference } => {
            let declared = revisions.get(revision.index())?;
            let by_id = declared.depends_on.get(*reference)?.id == declared.id;
            by_id.then_some((*revision, 1))
        }
        Defect::BadCharacters { revision, .. } => Some((*revision, 2)),
        _ => None,
    };
    let first_own = defects
        .iter()
        .filter_map(|defect| own(defect).map(|key| (key, defect)))
        .min_by_key(|(key, _)| *key)
        .map(|(_, defect)| defect);
    let among = |wanted: fn(&Defect) -> bool| defects.iter().find(|defect| wanted(defect));
    let first = first_own
        .or_else(|| among(|one| matches!(one, Defect::LabelTwice { .. })))
        .or_else(|| among(|one| matches!(one, Defect::MissingDependency { .. })))
        .or_else(|| among(|one| matches!(one, Defect::MissingParent { .. })))?;
    Some(match first {
        Defect::SelfLoop { revision, .. } => {
            HistoryError::Cycle { kind: CycleKind::SelfLoop, revisions: vec![id(*revision)?] }
        }
        Defect::DependencySelfLoop { revision, .. } => HistoryError::Cycle {
            kind: CycleKind::DependencySelfLoop,
            revisions: vec![id(*revision)?],
        },
        Defect::BadCharacters { revision, characters } => HistoryError::BadCharacters {
            characters: characters.iter().map(char::to_string).collect::<Vec<_>>().join(", "),
            id: id(*revision)?,
        },
        Defect::LabelTwice { revision, label, first } => HistoryError::LabelTwice {
            label: revisions.get(revision.index())?.labels.get(*label)?.name.clone(),
            revision: id(*revision)?,
            first: id(*first)?,
        },
        Defect::MissingDependency { revision, reference } => HistoryError::MissingReference {
            reference: revisions.get(revision.index())?.depends_on.get(*reference)?.id.clone(),
            revision: id(*revision)?,
        },
        Defect::MissingParent { revision, reference } => HistoryError::MissingReference {
            reference: revisions.get(revision.index())?.down.get(*reference)?.id.clone(),
            revision: id(*revision)?,
        },
        _ => return None,
    })
}
