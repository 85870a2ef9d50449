//! Findings after edits, beside those of a fresh start.

use std::fmt::Write as _;

use revline_analysis::{Depth, Files, Index, Inputs};
use revline_fixture::ROOT;
use revline_vfs::MemoryDisk;

use super::*;

#[test]
fn an_edit_of_the_body_alone_is_judged_anew() {
    let head = "revision = 'a'\ndown_revision = None\ndef upgrade():\n    op.f()\n";
    let path = Path::new("/p/versions/a.py");
    let disk = MemoryDisk::new([
        ("/p/alembic.ini", "[alembic]\nscript_location = %(here)s\n".to_owned()),
        ("/p/env.py", String::new()),
        ("/p/versions/a.py", head.to_owned()),
    ]);
    let files = Files::new(Arc::new(disk));
    let mut inputs = Inputs::new(files.clone());
    inputs.set_index(Index::build(&files, &["/p".into()], None, Depth::Graph));
    inputs.open(path, Text::new(head), 1);
    let cache = Cache::default();
    let file = files.id(path);
    let names = |inputs: &Inputs| -> Vec<&str> {
        cache.of(&inputs.snapshot(), file).iter().map(|finding| finding.rule).collect()
    };
    assert_eq!(names(&inputs), ["missing-downgrade"]);
    let body = format!("{head}def downgrade():\n    pass\n");
    inputs.edit(file, Text::new(&body), 2);
    assert_eq!(names(&inputs), ["empty-downgrade"]);
    inputs.edit(file, Text::new(&body.replace("pass", "op.f()")), 3);
    assert_eq!(names(&inputs), [""; 0]);
}

#[test]
fn what_another_revision_does_is_seen_and_what_it_says_is_not() {
    let files_of = crate::testing::history(&[
        "op.create_table('users', sa.Column('id', sa.Integer()), sa.Column('nick', sa.Text()))\n\
         op.create_table('squad', sa.Column('nr', sa.Integer()))",
        "op.add_column('teams', sa.Column('id', sa.Integer()))",
        "op.drop_column('users', 'id')",
    ]);
    let fixture = revline_fixture::Fixture::parse(&files_of).in_environment();
    let text_of = |name: &str| {
        let path = format!("versions/{name}.py");
        fixture.files.iter().find(|file| file.path == path).expect("a file").text.clone()
    };
    let files = Files::new(Arc::new(MemoryDisk::new(fixture.on_disk())));
    let mut inputs = Inputs::new(files.clone());
    let root = revline_fixture::ROOT;
    inputs.set_index(Index::build(&files, &[root.into()], None, Depth::Graph));
    let id = |name: &str| files.id(&Path::new(root).join(format!("versions/{name}.py")));
    let first = Path::new(root).join("versions/a.py");
    inputs.open(&first, Text::new(&text_of("a")), 1);
    let cache = Cache::default();
    let of = |inputs: &Inputs, name: &str| cache.of(&inputs.snapshot(), id(name));
    let rules = |inputs: &Inputs, name: &str| -> Vec<&str> {
        of(inputs, name).iter().map(|finding| finding.rule).collect()
    };
    assert_eq!(rules(&inputs, "b"), [""; 0], "it may have been there before the history");
    let before = of(&inputs, "c");
    assert_eq!(before.len(), 0);

    let commented = text_of("a").replace("    op.create", "    # made\n    op.create");
    inputs.edit(id("a"), Text::new(&commented), 2);
    assert!(Arc::ptr_eq(&before, &of(&inputs, "c")), "a comment changes nothing behind it");

    let renamed = text_of("a").replace("'squad'", "'team'");
    inputs.edit(id("a"), Text::new(&renamed), 3);
    assert_eq!(rules(&inputs, "b"), ["no-such-table"]);
    inputs.edit(id("a"), Text::new(&text_of("a").replace("'id'", "'key'")), 4);
    assert_eq!(rules(&inputs, "c"), ["no-such-column"]);
}

/// Numbers without a pattern, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_041);
        usize::try_from(self.0 >> 33).expect("fits") % limit
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

/// One operation on few tables and columns, so that revisions meet one another.
fn operation(dice: &mut Dice) -> String {
    let tables = ["users", "teams", "user", "orders"];
    let columns = ["id", "name", "note"];
    let (table, other) = (dice.of(&tables), dice.of(&tables));
    let (column, to) = (dice.of(&columns), dice.of(&columns));
    match dice.below(14) {
        0..4 => format!(
            "op.create_table('{table}', sa.Column('id', sa.Integer(), primary_key=True), \
             sa.Column('{column}_', sa.Text(), unique=True), sa.Column('{to}', sa.Text()))"
        ),
        4..6 => format!("op.add_column('{table}', sa.Column('{column}', sa.Text()))"),
        6 => format!("op.drop_column('{table}', '{column}')"),
        7 => format!("op.drop_table('{table}')"),
        8 => format!("op.rename_table('{table}', '{other}')"),
        9 => format!("op.create_index('ix_{column}', '{table}', ['{to}'])"),
        10 => format!("op.execute('ALTER TABLE {table} ADD COLUMN {column} text')"),
        11 => format!("op.alter_column('{table}', '{column}', new_column_name='{to}')"),
        12 => format!("op.execute('{column} {table}')"),
        _ => format!(
            "if not sa.inspect(op.get_bind()).has_table('{table}'):\n        \
             op.drop_table('{other}')"
        ),
    }
}

fn drawn(dice: &mut Dice, number: usize) -> String {
    let parents = match number {
        0 => "None".to_owned(),
        // Five stands beside four, and six merges the two.
        5 => "'r3'".to_owned(),
        6 => "('r4', 'r5')".to_owned(),
        _ => format!("'r{}'", number - 1),
    };
    let mut text = format!(
        "import sqlalchemy as sa\nfrom alembic import op\nrevision = 'r{number}'\n\
         down_revision = {parents}\ndef upgrade():\n"
    );
    for _ in 0..1 + dice.below(2) {
        writeln!(text, "    {}", operation(dice)).expect("a string");
    }
    writeln!(text, "def downgrade():\n    {}", operation(dice)).expect("a string");
    text
}

/// Whatever is remembered: after every edit each file has the findings that it has at a fresh start.
#[test]
fn findings_after_edits_are_those_of_a_fresh_start() {
    let mut dice = Dice(5);
    let (mut told, mut kept) = (0, 0);
    for targets in ["", "targets = [\"sqlite\", \"postgresql\"]\n"] {
        for _ in 0..5 {
            let path = |number: usize| format!("{ROOT}/versions/r{number}.py");
            let mut sources = vec![
                (
                    format!("{ROOT}/alembic.ini"),
                    "[alembic]\nscript_location = %(here)s\n".to_owned(),
                ),
                (format!("{ROOT}/env.py"), String::new()),
                (format!("{ROOT}/revline.toml"), targets.to_owned()),
            ];
            sources.extend((0..12).map(|number| (path(number), drawn(&mut dice, number))));
            let inputs = |sources: &[(String, String)]| {
                let files = Files::new(Arc::new(MemoryDisk::new(sources.to_vec())));
                let index = Index::build(&files, &[ROOT.into()], None, Depth::Graph);
                let mut inputs = Inputs::new(files);
                inputs.set_index(index);
                inputs
            };
            let found = |inputs: &Inputs, cache: &Cache| -> Vec<Arc<Vec<Finding>>> {
                let snapshot = inputs.snapshot();
                let file = |number| snapshot.files().id(Path::new(&path(number)));
                (0..12).map(|number| cache.of(&snapshot, file(number))).collect()
            };
            let cache = Cache::default();
            let mut edited = inputs(&sources);
            let mut last = found(&edited, &cache);
            for version in 0..12 {
                let number = dice.below(12);
                let text = drawn(&mut dice, number);
                edited.open(Path::new(&path(number)), Text::new(&text), version);
                sources.iter_mut().filter(|one| one.0 == path(number)).for_each(|one| {
                    one.1.clone_from(&text);
                });
                // Some edits are not looked at before the next one comes.
                if dice.below(3) == 0 {
                    continue;
                }
                let now = found(&edited, &cache);
                let fresh = found(&inputs(&sources), &Cache::default());
                for (number, (own, fresh)) in now.iter().zip(&fresh).enumerate() {
                    let shown = |all: &[Finding]| -> Vec<String> {
                        all.iter().map(|one| format!("{}: {}", one.rule, one.message)).collect()
                    };
                    assert_eq!(shown(own), shown(fresh), "r{number} in {sources:#?}");
                    told += own.len();
                }
                kept += now.iter().zip(&last).filter(|(now, last)| Arc::ptr_eq(now, last)).count();
                last = now;
            }
        }
    }
    assert!(told > 400 && kept > 200, "{told} are told, {kept} kept");
}

/// What is judged again after an edit is what the edit concerns, from the first edit on.
#[test]
fn an_edit_of_one_table_leaves_the_verdicts_on_others() {
    let path = |number: usize| format!("{ROOT}/versions/r{number}.py");
    let text = |number: usize, column: &str| {
        let down = number.checked_sub(1).map_or("None".to_owned(), |down| format!("'r{down}'"));
        format!(
            "import sqlalchemy as sa\nfrom alembic import op\nrevision = 'r{number}'\n\
             down_revision = {down}\n\n\ndef upgrade():\n    \
             op.create_table('t{number}_', sa.Column('id', sa.Integer(), primary_key=True), \
             sa.Column('{column}', sa.String(80)))\n    \
             op.add_column('t{number}_', sa.Column('size', sa.Integer()))\n\n\n\
             def downgrade():\n    op.drop_column('t{number}_', 'size')\n    \
             op.drop_table('t{number}_')\n"
        )
    };
    let mut sources = vec![
        (format!("{ROOT}/alembic.ini"), "[alembic]\nscript_location = %(here)s\n".to_owned()),
        (format!("{ROOT}/env.py"), String::new()),
    ];
    sources.extend((0..12).map(|number| (path(number), text(number, "name"))));
    let files = Files::new(Arc::new(MemoryDisk::new(sources)));
    let mut inputs = Inputs::new(files.clone());
    inputs.set_index(Index::build(&files, &[ROOT.into()], None, Depth::Graph));
    let middle = files.id(Path::new(&path(5)));
    inputs.open(Path::new(&path(5)), Text::new(&text(5, "name")), 1);
    let cache = Cache::default();
    let look = |inputs: &Inputs| -> Vec<Arc<Vec<Finding>>> {
        let snapshot = inputs.snapshot();
        (0..12).map(|number| cache.of(&snapshot, files.id(Path::new(&path(number))))).collect()
    };
    let mut before = look(&inputs);
    for (version, column) in (2..).zip(["nome", "name", "names"]) {
        inputs.edit(middle, Text::new(&text(5, column)), version);
        let after = look(&inputs);
        let judged = before.iter().zip(&after).filter(|(one, other)| !Arc::ptr_eq(one, other));
        assert_eq!(judged.count(), 1, "after {column}");
        before = after;
    }
}
