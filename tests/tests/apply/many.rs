//! Eight processes that upgrade the same empty database at once: each ends well, and each revision ran once.

use std::process::Child;

use super::world::{World, given, server};

/// Every revision leaves a row, so that one that ran twice would show.
fn counting(concurrently: bool) -> World {
    let index = if concurrently {
        "op.get_context().autocommit_block()\n    with op.get_context().autocommit_block():\n        \
         op.create_index('ix_r', 'ran', ['id'], postgresql_concurrently=True)\n    \
         op.execute(\"INSERT INTO ran VALUES ('c3')\")"
    } else {
        "op.create_index('ix_r', 'ran', ['id'])\n    op.execute(\"INSERT INTO ran VALUES ('c3')\")"
    };
    World::of(&[
        (
            "a1",
            None,
            "op.execute('CREATE TABLE ran (id VARCHAR(10))')\n    op.execute(\"INSERT INTO ran VALUES ('a1')\")",
            "op.drop_table('ran')",
        ),
        ("b2", Some("a1"), "op.execute(\"INSERT INTO ran VALUES ('b2')\")", "pass"),
        ("c3", Some("b2"), index, "pass"),
    ])
    .on_sqlite()
}

fn at_once(world: &World) {
    let words = ["upgrade", "heads", "--yes", "--runner", "native"];
    let children: Vec<Child> = (0..8).map(|_| world.start(&words)).collect();
    for child in children {
        let done = child.wait_with_output().expect("it ends");
        let said = [done.stdout, done.stderr].concat();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&said));
    }
}

#[test]
fn eight_upgrades_of_one_sqlite_file_run_each_revision_once() {
    let world = counting(false);
    at_once(&world);
    let Some(python) = given("REVLINE_ORACLE_PYTHON") else { return };
    let code = "import sqlite3; c = sqlite3.connect('dev.db'); \
                print(c.execute('select id from ran order by 1').fetchall(), \
                c.execute('select version_num from alembic_version').fetchall())";
    assert_eq!(world.python(&python, code).trim(), "[('a1',), ('b2',), ('c3',)] [('c3',)]");
}

#[test]
fn eight_upgrades_of_one_postgresql_database_run_each_revision_once_an_index_concurrently_too() {
    let (Some(server), Some(python)) = (server(), given("REVLINE_ONLINE_PYTHON")) else { return };
    let mut world = counting(true);
    world.set("DATABASE_URL", &server.url());
    at_once(&world);
    let code = "import os, sqlalchemy as sa\n\
                with sa.create_engine(os.environ['DATABASE_URL']).connect() as c:\n    \
                print(c.exec_driver_sql('select id from ran order by 1').scalars().all(), \
                c.exec_driver_sql('select version_num from alembic_version').scalars().all(), \
                c.exec_driver_sql(\"select indisvalid from pg_index where indexrelid = 'ix_r'::regclass\").scalar())";
    assert_eq!(world.python(&python, code).trim(), "['a1', 'b2', 'c3'] ['c3'] True");
}
