//! `kill -9` at random moments: the lock is free, the version table agrees with the schema, and the next run finishes.
//!
//! `REVLINE_KILLS` says how often; the moments are drawn from a seed.

use std::time::Duration;

use super::world::{World, given, server};

/// A row in `t` for each revision that ran, rows that a batch has to keep, and work that takes a moment.
fn chain() -> World {
    let fill = "op.execute(\"CREATE TABLE t (id VARCHAR(10), n INTEGER)\")\n    \
                op.execute(\"INSERT INTO t VALUES ('a1', 0)\")";
    let step = |id: &str| {
        format!(
            "op.execute(\"CREATE TABLE w{id} (x INTEGER)\")\n    \
             op.execute(\"INSERT INTO w{id} WITH RECURSIVE s(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM s WHERE x < 20000) SELECT x FROM s\")\n    \
             op.execute(\"INSERT INTO t VALUES ('{id}', (SELECT count(*) FROM w{id}))\")"
        )
    };
    let (b, c, d) = (step("b2"), step("c3"), step("d4"));
    World::of(&[
        ("a1", None, fill, "pass"),
        ("b2", Some("a1"), &b, "pass"),
        ("c3", Some("b2"), &c, "pass"),
        ("d4", Some("c3"), &d, "pass"),
    ])
    .on_sqlite()
}

const ROWS: &str = "rows = [tuple(row) for row in c.execute(T('select id, n from t order by id')).fetchall()]\n    \
    at = [row[0] for row in c.execute(T('select version_num from alembic_version')).fetchall()]\n    \
    ids = [row[0] for row in rows]\n    \
    assert at == ids[-1:], (at, ids)\n    \
    assert all(n == 20000 for id, n in rows if id != 'a1'), rows\n    \
    print(at[0] if at else '')\n";

fn state(world: &World, python: &std::path::Path) -> String {
    let code = format!(
        "import os, sqlalchemy as sa\nT = sa.text\nengine = sa.create_engine(os.environ['DATABASE_URL'])\n\
         with engine.connect() as c:\n    \
         names = sa.inspect(c).get_table_names()\n    \
         if 't' not in names:\n        print('')\n        raise SystemExit\n    {ROWS}"
    );
    world.python(python, &code).trim().to_owned()
}

fn count() -> u32 {
    std::env::var("REVLINE_KILLS").ok().and_then(|count| count.parse().ok()).unwrap_or(4)
}

/// Kills a run at a moment; what stands then is whole, and the next run goes on from there.
fn killed(world: &World, python: &std::path::Path, runner: &str, seed: u64, clear: &dyn Fn()) {
    let mut rng = fastrand::Rng::with_seed(seed);
    let words = ["upgrade", "heads", "--yes", "--runner", runner];
    let whole = std::time::Instant::now();
    world.revline(&words).well();
    let whole = whole.elapsed();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..count() {
        clear();
        let mut child = world.start(&words);
        std::thread::sleep(whole.mul_f64(rng.f64()).max(Duration::from_millis(1)));
        child.kill().expect("it is killed");
        child.wait().expect("it is gone");
        // The lock is free: this waits for nobody, and where the child of the project's own Alembic was killed with
        // Revline the database has let go of it.
        let at = state(world, python);
        seen.insert(at);
        world.revline(&words).well();
        assert_eq!(state(world, python), "d4");
    }
    println!("{runner}: {} kills within {whole:?}, found at {seen:?}", count());
}

#[test]
fn a_killed_run_on_sqlite_leaves_whole_revisions_and_no_lock() {
    let Some(python) = given("REVLINE_ORACLE_PYTHON") else { return };
    let world = chain();
    let settings = format!("[database]\nurl = '$DATABASE_URL'\npython = '{}'\n", python.display());
    world.write("revline.toml", &settings);
    let root = world.root();
    let clear = || {
        for name in ["dev.db", "dev.db-journal"] {
            drop(std::fs::remove_file(root.join(name)));
        }
    };
    killed(&world, &python, "native", 1, &clear);
}

#[test]
fn a_killed_run_on_postgresql_leaves_whole_revisions_and_no_lock() {
    let (Some(server), Some(python)) = (server(), given("REVLINE_ONLINE_PYTHON")) else { return };
    let mut world = chain();
    world.set("DATABASE_URL", &server.url());
    let env = super::world::ENV_PY
        .replace("target_metadata=None", "target_metadata=None, transaction_per_migration=True");
    world.write("migrations/env.py", &env);
    let settings = format!("[database]\nurl = '$DATABASE_URL'\npython = '{}'\n", python.display());
    world.write("revline.toml", &settings);
    let clear = || {
        let code = "import os, sqlalchemy as sa\n\
                    with sa.create_engine(os.environ['DATABASE_URL']).begin() as c:\n    \
                    c.exec_driver_sql('DROP SCHEMA public CASCADE')\n    \
                    c.exec_driver_sql('CREATE SCHEMA public')\n";
        world.python(&python, code);
    };
    clear();
    killed(&world, &python, "native", 2, &clear);
    killed(&world, &python, "alembic", 3, &clear);
}
