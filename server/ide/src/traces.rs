//! From the name of a table, column, index or constraint to the operation that made it, and to every
//! operation that touches it, across revisions.

use std::collections::BTreeSet;

use revline_analysis::{Deed, Direction, Project, Snapshot, Subject, Touch};
use revline_schema::{Key, Schema};
use revline_sql::Dialect;
use revline_text::{FileId, Span};

use crate::named::{Named, named};
use crate::types::FilePosition;

/// Where what is under the caret was made: the name in the operation that created it, or that gave
/// it this name. In the state before this operation, so that a name which comes back later leads to
/// the one that is meant.
pub(crate) fn definition(snapshot: &Snapshot, at: FilePosition) -> Option<Span> {
    let named = named(snapshot, at)?;
    if named.touch.deed == Deed::Makes {
        return Some(named.touch.span);
    }
    // In this body, above the caret.
    let above = named.all.iter().rev().find(|touch| {
        touch.deed == Deed::Makes
            && same(&touch.subject, &named.touch.subject)
            && touch.span.file == named.file
            && touch.call.range.end() <= named.touch.call.range.start()
    });
    if let Some(above) = above {
        return Some(above.span);
    }
    let offset = named.touch.call.range.start();
    let state =
        snapshot.schema_at(&named.project, named.node, named.direction, offset, named.dialect);
    let made = made_at(&state, &named.touch.subject)?;
    // A remembered state may have places from before an edit: its file is right, the place in it is
    // looked up in the file as it is now.
    let found = in_file(snapshot, &named, made.file).into_iter();
    let made_there = found
        .filter(|touch| touch.deed == Deed::Makes && same(&touch.subject, &named.touch.subject));
    let nearest =
        made_there.min_by_key(|touch| touch.span.range.start().abs_diff(made.range.start()));
    Some(nearest.map_or(made, |touch| touch.span))
}

fn in_file(snapshot: &Snapshot, named: &Named, file: FileId) -> Vec<Touch> {
    [Direction::Upgrade, Direction::Downgrade]
        .into_iter()
        .flat_map(|direction| {
            let all = snapshot.touches(&named.project, file, direction, named.dialect);
            all.iter().filter(|touch| touch.span.file == file).cloned().collect::<Vec<_>>()
        })
        .collect()
}

/// The place that a state remembers for what it holds.
fn made_at(state: &Schema, subject: &Subject) -> Option<Span> {
    let table = |key: &Key| state.tables.get(key);
    match subject {
        Subject::Table(key) => table(key)?.name.name.span(),
        Subject::Column(key, name) => table(key)?.column(name)?.name.span(),
        Subject::Constraint(key, name) => table(key)?.constraint(name)?.name()?.span(),
        Subject::Index(key, name) => {
            let holder = match key {
                Some(key) => table(key)?,
                None => state.tables.values().find(|table| table.index(name).is_some())?,
            };
            holder.index(name)?.name.as_ref()?.span()
        }
    }
}

/// Whether two names mean the same; an index may be named without its table.
fn same(one: &Subject, other: &Subject) -> bool {
    match (one, other) {
        (Subject::Index(a, one), Subject::Index(b, other)) => {
            one == other && (a.is_none() || b.is_none() || a == b)
        }
        _ => one == other,
    }
}

/// Every place that names what is under the caret, in both directions of every revision, under each
/// name that a rename gave it; `with_declaration` adds the places that make it.
pub(crate) fn references(
    snapshot: &Snapshot,
    at: FilePosition,
    with_declaration: bool,
) -> Option<Vec<Span>> {
    let named = named(snapshot, at)?;
    let all = everywhere(snapshot, &named.project, named.dialect);
    let subjects = aliases(&all, &named.touch.subject);
    let mut places: BTreeSet<Span> = all
        .iter()
        .filter(|touch| with_declaration || touch.deed != Deed::Makes)
        .filter(|touch| subjects.iter().any(|subject| same(subject, &touch.subject)))
        .map(|touch| touch.span)
        .collect();
    // What only another dialect's branch of this body names.
    if named.touch.deed != Deed::Makes || with_declaration {
        places.insert(named.touch.span);
    }
    Some(places.into_iter().collect())
}

/// The same in this file alone.
pub(crate) fn highlights(snapshot: &Snapshot, at: FilePosition) -> Option<Vec<(Span, Deed)>> {
    let named = named(snapshot, at)?;
    let mut places: Vec<(Span, Deed)> = in_file(snapshot, &named, named.file)
        .into_iter()
        .chain([named.touch.clone()])
        .filter(|touch| same(&touch.subject, &named.touch.subject))
        .map(|touch| (touch.span, touch.deed))
        .collect();
    places.sort_unstable();
    places.dedup_by_key(|(span, _)| *span);
    Some(places)
}

fn everywhere(snapshot: &Snapshot, project: &Project, dialect: &'static dyn Dialect) -> Vec<Touch> {
    let mut all = Vec::new();
    for file in project.files.iter() {
        for direction in [Direction::Upgrade, Direction::Downgrade] {
            all.extend(snapshot.touches(project, *file, direction, dialect).iter().cloned());
        }
    }
    all
}

/// What something is called anywhere: a rename of it, or of its table, adds a name.
fn aliases(all: &[Touch], subject: &Subject) -> BTreeSet<Subject> {
    let mut renames: Vec<(&Subject, &Subject)> = Vec::new();
    for (from, to) in all.iter().zip(all.iter().skip(1)) {
        // The two names of a rename stand side by side in the list.
        if from.call == to.call && from.deed == Deed::Drops && to.deed == Deed::Makes {
            renames.push((&from.subject, &to.subject));
        }
    }
    let mut known = BTreeSet::from([subject.clone()]);
    let mut open = vec![subject.clone()];
    while let Some(one) = open.pop() {
        for (from, to) in &renames {
            for (from, to) in [(*from, *to), (*to, *from)] {
                let other = match (from, to) {
                    _ if *from == one => Some(to.clone()),
                    (Subject::Table(old), Subject::Table(new)) if one.table() == Some(old) => {
                        Some(moved(&one, new))
                    }
                    _ => None,
                };
                if let Some(other) = other
                    && known.insert(other.clone())
                {
                    open.push(other);
                }
            }
        }
    }
    known
}

fn moved(subject: &Subject, table: &Key) -> Subject {
    let table = table.clone();
    match subject {
        Subject::Table(_) => Subject::Table(table),
        Subject::Column(_, name) => Subject::Column(table, name.clone()),
        Subject::Constraint(_, name) => Subject::Constraint(table, name.clone()),
        Subject::Index(_, name) => Subject::Index(Some(table), name.clone()),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::testing::{on_top, places};

    #[track_caller]
    fn check(body: &str, definition: Expect, references: Expect) {
        let (snapshot, at) = on_top(body);
        let found = crate::definition(&snapshot, at);
        definition.assert_eq(&places(&snapshot, found.as_slice()));
        let all = crate::references(&snapshot, at, true).unwrap_or_default();
        references.assert_eq(&places(&snapshot, &all));
    }

    #[test]
    fn a_table_leads_through_its_renames() {
        check(
            "def upgrade():\n    op.drop_table(\"artic$0les\")\n",
            expect![[r#"
            versions/c.py:7:31 articles
        "#]],
            expect![[r#"
            versions/a.py:13:22 posts
            versions/a.py:16:20 posts
            versions/c.py:7:22 posts
            versions/c.py:7:31 articles
            versions/c.py:10:22 articles
            versions/c.py:10:34 posts
            versions/d.py:7:20 articles
        "#]],
        );
    }

    #[test]
    fn a_column_leads_to_the_operation_that_added_it() {
        check(
            "def upgrade():\n    op.drop_column(\"users\", \"na$0me\")\n",
            expect![[r#"
                versions/b.py:7:39 name
            "#]],
            expect![[r#"
                versions/b.py:7:39 name
                versions/b.py:8:49 name
                versions/b.py:12:30 name
                versions/d.py:7:30 name
            "#]],
        );
    }

    #[test]
    fn a_name_made_above_in_the_same_body_is_meant() {
        check(
            "def upgrade():\n    op.drop_table(\"users\")\n    op.create_table(\"users\", sa.Column(\"id\", sa.Integer()))\n    op.drop_column(\"users\", \"i$0d\")\n",
            expect![[r#"
                versions/d.py:8:41 id
            "#]],
            expect![[r#"
                versions/a.py:9:20 id
                versions/d.py:8:41 id
                versions/d.py:9:30 id
            "#]],
        );
    }

    #[test]
    fn an_index_without_its_table_is_found() {
        check(
            "def upgrade():\n    op.drop_index(\"ix_users$0_name\")\n",
            expect![[r#"
                versions/b.py:8:22 ix_users_name
            "#]],
            expect![[r#"
                versions/b.py:8:22 ix_users_name
                versions/b.py:11:20 ix_users_name
                versions/d.py:7:20 ix_users_name
            "#]],
        );
    }

    #[test]
    fn highlights_are_those_of_this_file() {
        let (snapshot, at) = on_top(
            "def upgrade():\n    op.drop_table(\"us$0ers\")\n\ndef downgrade():\n    op.create_table(\"users\")\n",
        );
        let found = crate::highlights(&snapshot, at);
        let shown: Vec<String> =
            found.iter().map(|one| format!("{:?} {}", one.range, one.writes)).collect();
        expect![[r#"
            117..122 true
            164..169 true"#]]
        .assert_eq(&shown.join("\n"));
    }
}
