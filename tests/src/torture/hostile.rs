//! Files that ask for more than there is: each must end within its bounds, and be known to be unknown.

use std::path::Path;
use std::time::Instant;

use revline_frameworks::alembic::revision;
use revline_history::History;
use revline_schema::{Key, Schema, apply_steps};
use revline_sql::Status;
use revline_text::FileId;

use super::{LIMIT, guarded, upgrade};

/// Each with its name; the body of `upgrade`, before and after which stands an operation.
pub fn inputs() -> Vec<(&'static str, String)> {
    let body = |lines: &str| {
        format!(
            "from alembic import op\nimport sqlalchemy as sa\nrevision = 'a'\ndown_revision = None\n\
             {lines}\n\ndef upgrade():\n    op.drop_table('first')\n    op.drop_table(x)\n\n\
             def downgrade():\n    pass\n"
        )
    };
    let deep = format!("x = {}1{}", "(".repeat(50_000), ")".repeat(50_000));
    let sum = format!("x = {}", vec!["1"; 100_000].join(" + "));
    let blocks: String =
        (0..500).map(|level| format!("{}if y:\n", " ".repeat(level))).collect::<String>();
    vec![
        ("while True: pass", body("x = 'a'\nwhile True:\n    pass")),
        ("\"a\" * 10**12", body("x = \"a\" * 10**12")),
        ("[0] * 10**10", body("x = [0] * 10**10")),
        ("10**10**10", body("x = 10**10**10")),
        ("deep recursion", body("def f(n):\n    return f(n + 1)\nx = f(0)")),
        (
            "mutual recursion",
            body("def f(n):\n    return g(n) + g(n)\ndef g(n):\n    return f(n) + f(n)\nx = f(0)"),
        ),
        ("50,000 parentheses", body(&deep)),
        ("a sum of 100,000 terms", body(&sum)),
        ("500 nested ifs", body(&format!("{blocks}{}x = 1", " ".repeat(500)))),
        ("doubling 200 times", body("x = 'ab'\nfor i in range(200):\n    x = x + x")),
        ("a list in itself", body("x = []\nx.append(x)\nx = str(x) * 10**9")),
        ("range(10**12)", body("x = list(range(10**12))")),
        (
            "a loop that may raise in each round",
            body("import vendor\nwhile True:\n    if vendor.x:\n        raise ValueError"),
        ),
    ]
}

/// What was wrong with a hostile input; nothing where it was bounded and its second operation is not
/// claimed to be known.
pub fn judge(text: &str) -> Option<String> {
    let seen = guarded(text.as_bytes(), 0);
    if let Some(wrong) = seen.wrong {
        return Some(wrong);
    }
    let (migration, status) = upgrade(text);
    let claims = migration.is_complete() && status == Status::Exact;
    claims.then(|| "it is called exact".to_owned())
}

/// A revision with a literal of five megabytes: large, but nothing to be unknown about.
pub fn large_literal() -> Option<String> {
    let rows = "        {'id': 1, 'name': 'a row of some length, as exports have them'},\n";
    let text = format!(
        "from alembic import op\nimport sqlalchemy as sa\nrevision = 'a'\ndown_revision = None\n\n\
         def upgrade():\n    rows = [\n{}    ]\n    op.drop_table('t')\n",
        rows.repeat(5 * 1024 * 1024 / rows.len())
    );
    let began = Instant::now();
    let seen = guarded(text.as_bytes(), 0);
    // Four evaluations of five megabytes, and the tree.
    let slow = began.elapsed() > LIMIT * 5;
    match seen.wrong {
        Some(wrong) if slow || wrong.starts_with("panic") => Some(wrong),
        _ => None,
    }
}

/// A line of so many revisions, each a table: read, made a history, planned and replayed.
pub fn long_chain(revisions: usize) -> Option<String> {
    let mut read = Vec::with_capacity(revisions);
    let mut schema = Schema::default();
    for number in 0..revisions {
        let down = match number {
            0 => "None".to_owned(),
            _ => format!("'r{:06}'", number - 1),
        };
        let text = format!(
            "from alembic import op\nimport sqlalchemy as sa\nrevision = 'r{number:06}'\n\
             down_revision = {down}\n\ndef upgrade():\n    op.create_table('t{number}', \
             sa.Column('id', sa.Integer(), primary_key=True))\n"
        );
        let Ok(id) = u32::try_from(number) else { return Some("too many".to_owned()) };
        let reading = revision::read(FileId(id), Path::new("versions/r.py"), &text);
        read.extend(reading.revision);
        let (migration, status) = upgrade(&text);
        if status != Status::Exact || !migration.is_complete() {
            return Some(format!("revision {number} is not known"));
        }
        schema = apply_steps(&schema, &migration.steps).0;
    }
    let history = History::build(read);
    let Ok(plan) = history.upgrade("heads", &[]) else { return Some("no plan".to_owned()) };
    let tables = (0..revisions)
        .filter(|number| schema.table(&Key::new(format!("t{number}"))).is_some())
        .count();
    (plan.steps.len() != revisions || tables != revisions)
        .then(|| format!("{} steps, {tables} tables", plan.steps.len()))
}
