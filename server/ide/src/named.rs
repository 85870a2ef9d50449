//! The table, column, index or constraint whose name is under the caret in the body of a revision.

use std::sync::Arc;

use revline_analysis::{Deed, Direction, Project, Snapshot, Subject, Touch};
use revline_history::Node;
use revline_schema::{Key, Schema};
use revline_sql::Dialect;
use revline_text::FileId;

use crate::types::FilePosition;

/// A name in an operation, and how it is read.
pub(crate) struct Named {
    pub(crate) project: Arc<Project>,
    pub(crate) node: Node,
    pub(crate) file: FileId,
    pub(crate) direction: Direction,
    pub(crate) dialect: &'static dyn Dialect,
    pub(crate) touch: Touch,
    /// Every name of the same direction.
    pub(crate) all: Arc<Vec<Touch>>,
}

/// The name under the caret, in the first environment that the file belongs to.
pub(crate) fn named(snapshot: &Snapshot, at: FilePosition) -> Option<Named> {
    let project = snapshot.owners(at.file).next()?.clone();
    let node = project.graph().node(at.file)?;
    let source = snapshot.syntax(at.file)?;
    // A quick answer for the many places that hold no string.
    let inside = source.functions().into_iter().find(|function| function.range.touches(at.offset));
    let first = match inside.as_ref().map(|function| &*function.name) {
        Some("downgrade") => [Direction::Downgrade, Direction::Upgrade],
        _ => [Direction::Upgrade, Direction::Downgrade],
    };
    for direction in first {
        for dialect in snapshot.dialects(&project) {
            let all = snapshot.touches(&project, at.file, direction, dialect);
            let under = all
                .iter()
                .filter(|touch| touch.span.file == at.file && touch.span.range.touches(at.offset));
            // Of a dotted name the part; of a name that is a table and its column, the column.
            let touch = under.min_by_key(|touch| {
                (touch.span.range.len(), matches!(touch.subject, Subject::Table(_)))
            });
            if let Some(touch) = touch.cloned() {
                let file = at.file;
                return Some(Named { project, node, file, direction, dialect, touch, all });
            }
        }
    }
    None
}

impl Named {
    /// The states that this direction of the revision starts from and leads to.
    pub(crate) fn states(&self, snapshot: &Snapshot) -> (Arc<Schema>, Arc<Schema>) {
        match snapshot.passage(&self.project, self.node, self.direction, self.dialect) {
            Some(passage) => (passage.before.clone(), passage.after()),
            None => Default::default(),
        }
    }

    /// The table that the name belongs to, as it is called before and after this revision.
    pub(crate) fn tables(&self, before: &Schema, after: &Schema) -> Option<(Key, Key)> {
        let key = match &self.touch.subject {
            Subject::Index(None, name) => {
                let of = |schema: &Schema| {
                    let has = |key: &Key| {
                        schema.tables.get(key).is_some_and(|table| table.index(name).is_some())
                    };
                    schema.tables.keys().find(|key| has(key)).cloned()
                };
                of(before).or_else(|| of(after))?
            }
            subject => subject.table()?.clone(),
        };
        // A rename gives up one name and makes the other in the same call.
        let renamed = |from: Deed, to: Deed| {
            let call = self
                .all
                .iter()
                .find(|touch| touch.deed == from && touch.subject == Subject::Table(key.clone()))?;
            self.all.iter().find_map(|touch| match &touch.subject {
                Subject::Table(other) if touch.call == call.call && touch.deed == to => {
                    Some(other.clone())
                }
                _ => None,
            })
        };
        let old = renamed(Deed::Makes, Deed::Drops).unwrap_or_else(|| key.clone());
        let new = renamed(Deed::Drops, Deed::Makes).unwrap_or(key);
        Some((old, new))
    }
}
