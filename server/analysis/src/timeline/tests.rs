//! States after edits, beside states that were computed from nothing.

use std::path::Path;
use std::sync::Arc;

use revline_schema::Schema;
use revline_text::Text;
use revline_vfs::MemoryDisk;

use crate::{Depth, Files, Index, Inputs, Snapshot};

type Sources = Vec<(String, String)>;

fn revision(id: &str, down: &str, body: &str) -> (String, String) {
    let text = format!(
        "from alembic import op\nimport sqlalchemy as sa\nfrom guards import has_table\n\
         revision = '{id}'\ndown_revision = {down}\ndef upgrade():\n    {body}\n"
    );
    (format!("/p/m/versions/{id}.py"), text)
}

fn create(table: &str) -> String {
    format!("op.create_table('{table}', sa.Column('id', sa.Integer()))")
}

/// A chain, a fork of two and three, their merge, and a chain again.
fn sources() -> Sources {
    let mut all = vec![
        ("/p/alembic.ini".to_owned(), "[alembic]\nscript_location = %(here)s/m\n".to_owned()),
        ("/p/m/env.py".to_owned(), String::new()),
        ("/p/guards.py".to_owned(), guards("sa.inspect(op.get_bind()).has_table(name)")),
    ];
    all.push(revision("a1", "None", &create("a1")));
    all.push(revision("a2", "'a1'", &create("a2")));
    all.push(revision("b1", "'a2'", &create("b1")));
    all.push(revision("b2", "'b1'", "if not has_table('a1'): op.drop_table('b1')"));
    all.push(revision("c1", "'a2'", &create("c1")));
    all.push(revision("c2", "'c1'", "op.rename_table('a2', 'a3')"));
    all.push(revision("c3", "'c2'", "if has_table('late'): op.drop_table('c1')"));
    all.push(revision("m", "('b2', 'c3')", &create("m")));
    all.push(revision(
        "z",
        "'m'",
        "if has_table('b1'): op.add_column('b1', sa.Column('z', sa.Text()))",
    ));
    all
}

fn guards(answer: &str) -> String {
    format!(
        "from alembic import op\nimport sqlalchemy as sa\ndef has_table(name):\n    return {answer}\n"
    )
}

fn inputs(sources: &Sources) -> Inputs {
    let files = Files::new(Arc::new(MemoryDisk::new(sources.clone())));
    let index = Index::build(&files, &["/p".into()], None, Depth::Graph);
    let mut inputs = Inputs::new(files);
    inputs.set_index(index);
    inputs
}

fn states(snapshot: &Snapshot) -> Vec<(String, Arc<Schema>)> {
    let project = &snapshot.projects()[0];
    let dialect = revline_sql::dialect("postgresql").expect("the dialect");
    let history = project.history();
    let mut ids: Vec<String> = history.revisions().iter().map(|one| one.id.to_string()).collect();
    // Asked for in an order of their own: the head first.
    ids.reverse();
    let state = |id: String| {
        let node = history.find(&id).expect("the revision");
        (id, snapshot.schema_after(project, node, dialect))
    };
    ids.into_iter().map(state).collect()
}

fn tables(states: &[(String, Arc<Schema>)], id: &str) -> String {
    let (_, state) = states.iter().find(|(other, _)| other == id).expect("the state");
    let shown =
        state.tables.iter().map(|(key, table)| format!("{}/{}", key.name, table.columns.len()));
    shown.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_merge_goes_through_its_branches_and_a_branch_through_itself_alone() {
    let states = states(&inputs(&sources()).snapshot());
    assert_eq!(tables(&states, "b2"), "a1/1 a2/1 b1/1");
    assert_eq!(tables(&states, "c3"), "a1/1 a3/1 c1/1");
    assert_eq!(tables(&states, "z"), "a1/1 a3/1 b1/2 c1/1 m/1");
}

#[test]
fn states_after_edits_are_those_of_a_fresh_start() {
    let mut sources = sources();
    let mut edited = inputs(&sources);
    let _ = states(&edited.snapshot());
    let edits: [(&str, (String, String)); 8] = [
        ("a table less", revision("a1", "None", "pass")),
        ("a comment", revision("a1", "None", "pass  # nothing")),
        ("another table", revision("b1", "'a2'", &create("late"))),
        ("a table back", revision("a1", "None", &create("a1"))),
        ("another helper", ("/p/guards.py".to_owned(), guards("True"))),
        ("a column", revision("c1", "'a2'", "op.add_column('a1', sa.Column('n', sa.Integer()))")),
        ("another parent", revision("c1", "'a1'", &create("c1"))),
        ("the first again", revision("c1", "'a2'", &create("c1"))),
    ];
    for (version, (what, (path, text))) in edits.into_iter().enumerate() {
        let version = i32::try_from(version).expect("few edits") + 1;
        if let Some(file) = edited
            .files()
            .known(Path::new(&path))
            .filter(|file| edited.files().document(*file).is_some())
        {
            edited.edit(file, Text::new(&text), version);
        } else {
            edited.open(Path::new(&path), Text::new(&text), version);
        }
        for source in &mut sources {
            if source.0 == path {
                source.1.clone_from(&text);
            }
        }
        let fresh = states(&inputs(&sources).snapshot());
        assert_eq!(states(&edited.snapshot()), fresh, "after {what}");
    }
}

#[test]
fn an_older_snapshot_keeps_its_own_states() {
    let mut inputs = inputs(&sources());
    let before = inputs.snapshot();
    let old = states(&before);
    let (path, text) = revision("a2", "'a1'", "pass");
    inputs.open(Path::new(&path), Text::new(&text), 1);
    let new = states(&inputs.snapshot());
    assert_ne!(old, new);
    assert_eq!(states(&before), old);
    assert_eq!(states(&inputs.snapshot()), new);
}

#[test]
fn whoever_asks_may_stop_and_go_on_later() {
    let inputs = inputs(&sources());
    let snapshot = inputs.snapshot();
    let project = &snapshot.projects()[0];
    let dialect = revline_sql::dialect("sqlite").expect("the dialect");
    let head = project.history().find("z").expect("the head");
    let asked = std::cell::Cell::new(0);
    let stop = || {
        asked.set(asked.get() + 1);
        asked.get() > 3
    };
    assert!(snapshot.schema_after_unless(project, head, dialect, &stop).is_none());
    let rest = std::cell::Cell::new(0);
    let count = || {
        rest.set(rest.get() + 1);
        false
    };
    assert!(snapshot.schema_after_unless(project, head, dialect, &count).is_some());
    assert_eq!(rest.get(), 9 - 3, "what was computed before is kept");
}

#[test]
fn an_edit_that_does_nothing_else_leaves_what_is_behind_as_it_was() {
    let mut inputs = inputs(&sources());
    let before = states(&inputs.snapshot());
    let (path, text) = revision("a1", "None", &format!("# a comment\n    {}", create("a1")));
    inputs.open(Path::new(&path), Text::new(&text), 1);
    let after = states(&inputs.snapshot());
    let same = |id: &str| {
        let of = |states: &[(String, Arc<Schema>)]| {
            states.iter().find(|(other, _)| other == id).map(|(_, state)| state.clone())
        };
        Arc::ptr_eq(&of(&before).expect("a state"), &of(&after).expect("a state"))
    };
    assert_eq!([same("a1"), same("a2"), same("m"), same("z")], [false, true, true, true]);
}
