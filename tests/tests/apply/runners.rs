//! Who runs a plan and why, what the native runner looks at before it commits, and what is handed on to env.py.

use revline_tests::judge::place::{Place, mariadb, postgresql};
use revline_tests::oracle;

use super::asked::{value, values};
use super::world::World;

#[test]
fn auto_says_who_runs_a_plan_and_why() {
    let Some(python) = oracle::python() else { return };
    let known = World::plain().on_sqlite();
    let plan = known.revline(&["upgrade", "heads", "--dry-run"]).well();
    assert!(plan.out.contains("runner           native: "), "{}", plan.out);
    let unknown = "op.execute(open('/nowhere/seed.sql').read())";
    let steps =
        [("a1", None, "op.execute('SELECT 1')", "pass"), ("b2", Some("a1"), unknown, "pass")];
    let world = World::of(&steps).on_sqlite();
    let settings = |python: &str| {
        world.write(
            "revline.toml",
            &format!("[database]\nurl = '$DATABASE_URL'\npython = '{python}'\n"),
        );
    };
    settings(&python.display().to_string());
    let plan = world.revline(&["upgrade", "heads", "--dry-run"]).well();
    assert!(plan.out.contains("runner           alembic\n"), "{}", plan.out);
    assert!(
        plan.out.contains("  not native     ") && plan.out.contains("b2.py:9:16: "),
        "{}",
        plan.out
    );
    // As far as it is known it runs natively.
    let plan = world.revline(&["upgrade", "a1", "--dry-run"]).well();
    assert!(plan.out.contains("runner           native: "), "{}", plan.out);
    settings("/nowhere");
    let refused = world.revline(&["upgrade", "heads", "--yes"]);
    assert_eq!(refused.code, Some(1));
    for said in ["Revline does not know every statement of it", "no Python was found"] {
        assert!(refused.err.contains(said), "{}", refused.all());
    }
    assert!(!world.root().join("dev.db").exists());
}

#[test]
fn what_is_more_than_sql_is_left_to_python() {
    let beside = [
        "import shutil\n    shutil.rmtree('/nowhere/at/all', ignore_errors=True)",
        "open('seen.txt', 'w').write('x')",
        "import pathlib\n    pathlib.Path('seen.txt').write_text('x')",
        "import subprocess\n    subprocess.run(['true'])",
        "from vendor import notify\n    notify('done')",
        "import sys\n    sys.exit('not here')",
        "try:\n        op.drop_column('t', 'gone')\n    except Exception:\n        op.execute('SELECT 1')",
        "from contextlib import suppress\n    with suppress(Exception):\n        op.drop_column('t', 'gone')",
    ];
    for body in beside {
        let world = World::of(&[("a1", None, body, "pass")]).on_sqlite();
        let refused = world.revline(&["upgrade", "a1", "--yes", "--runner", "native"]);
        assert_eq!(refused.code, Some(1), "{body}: {}", refused.all());
        assert!(!world.root().join("dev.db").exists(), "{body}");
    }
    let telling = "import logging, time\n    logging.getLogger('x').info('hi')\n    print('hi')\n    \
                   from vendor.log import logger\n    logger.info('hi')\n    time.sleep(0)\n    \
                   open('alembic.ini').read()\n    \
                   try:\n        op.execute('CREATE TABLE u (id INTEGER)')\n    except Exception:\n        raise";
    let world = World::of(&[("a1", None, telling, "pass")]).on_sqlite();
    world.revline(&["upgrade", "a1", "--yes", "--runner", "native"]).well();
}

#[test]
fn a_step_that_leaves_a_row_without_its_parent_is_taken_back() {
    let parent = "op.execute('CREATE TABLE parent (id INTEGER PRIMARY KEY)')\n    \
                  op.execute('CREATE TABLE child (id INTEGER PRIMARY KEY, p INTEGER REFERENCES parent (id))')\n    \
                  op.execute('INSERT INTO parent VALUES (1), (2)')\n    \
                  op.execute('INSERT INTO child VALUES (1, 1), (2, 2)')";
    let world = World::of(&[
        ("a1", None, parent, "pass"),
        ("b2", Some("a1"), "op.execute('DELETE FROM parent WHERE id = 2')", "pass"),
    ])
    .on_sqlite();
    world.revline(&["upgrade", "a1", "--yes", "--runner", "native"]).well();
    let failed = world.revline(&["upgrade", "b2", "--yes", "--runner", "native"]);
    assert_eq!(failed.code, Some(1), "{}", failed.all());
    let said =
        "a row of child (row 2) would point to nothing in parent by p; all of it was taken back";
    assert!(failed.err.contains(said), "{}", failed.all());
    assert!(failed.err.contains("the database stands at a1"), "{}", failed.all());
    let url = format!("sqlite:///{}", world.root().join("dev.db").display());
    assert_eq!(value(&url, "SELECT count(*) FROM parent").as_deref(), Some("2"));
}

#[test]
fn what_stands_behind_x_reaches_env_py_by_both_runners() {
    let Some(python) = oracle::python() else { return };
    let world = World::plain();
    let env = super::world::ENV_PY.replace(
        "os.environ[\"DATABASE_URL\"]",
        "context.get_x_argument(as_dictionary=True)[\"url\"]",
    );
    world.write("migrations/env.py", &env);
    world.write("revline.toml", &format!("[database]\npython = '{}'\n", python.display()));
    for runner in ["native", "alembic"] {
        let path = world.root().join(format!("{runner}.db"));
        let x = format!("url=sqlite:///{}", path.display());
        world.revline(&["-x", &x, "upgrade", "b2", "--yes", "--runner", runner]).well();
        assert_eq!(values(&x["url=".len()..], "SELECT version_num FROM alembic_version"), ["b2"]);
        let status = world.revline(&["-x", &x, "status", "--yes"]);
        assert!(status.out.contains("current          b2"), "{}", status.all());
    }
    assert!(!world.root().join("stale.db").exists());
}

/// A version table of another name, in another schema where the database has schemas.
fn elsewhere(place: Option<Place>, schema: Option<&str>) {
    let (Some(place), Some(python)) = (place, oracle::online()) else { return };
    let option = schema.map(|schema| format!(", version_table_schema='{schema}'"));
    let env = super::world::ENV_PY.replace(
        "target_metadata=None",
        &format!("target_metadata=None, version_table='applied'{}", option.unwrap_or_default()),
    );
    let table = schema.map_or("applied".to_owned(), |schema| format!("{schema}.applied"));
    let mut stood = Vec::new();
    let worlds = ["of_ours", "of_theirs"].map(|name| {
        let url = place.fresh(name).expect("it is made");
        if let Some(schema) = schema {
            super::asked::run(&url, &[&format!("CREATE SCHEMA {schema}")]);
        }
        let world = World::plain().on(&place.keyed(name), &python);
        world.write("migrations/env.py", &env);
        (world, url)
    });
    let [(ours, own), (theirs, real)] = &worlds;
    for (command, target) in [
        ("stamp", "b2"),
        ("upgrade", "c3"),
        ("downgrade", "b2"),
        ("stamp", "heads"),
        ("stamp", "base"),
    ] {
        if command == "upgrade" {
            for url in [own, real] {
                super::asked::run(url, &["CREATE TABLE t (id INTEGER, name VARCHAR(40))"]);
            }
        }
        ours.revline(&[command, target, "--yes"]).well();
        theirs.alembic(&python, &[command, target]).well();
        let rows = [own, real].map(|url| values(url, &format!("SELECT version_num FROM {table}")));
        assert_eq!(rows[0], rows[1], "{command} {target}");
        assert_eq!(ours.status()["current"], serde_json::json!(rows[0]), "{command} {target}");
        stood.extend(rows[0].clone());
    }
    assert_eq!(stood, ["b2", "c3", "b2", "c3"]);
}

#[test]
fn a_version_table_of_another_name_and_schema_is_kept_as_alembic_keeps_it_on_postgresql() {
    elsewhere(postgresql(), Some("own"));
}

#[test]
fn a_version_table_of_another_name_is_kept_as_alembic_keeps_it_on_mariadb() {
    elsewhere(mariadb(), None);
}
