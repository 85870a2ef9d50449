//! The runner `alembic`: the project's own, on the database that was meant and on no other.

use revline_tests::oracle;

use super::world::World;

#[test]
fn what_is_not_known_completely_is_run_by_the_projects_own_alembic() {
    let Some(python) = oracle::python() else { return };
    let world = World::of(&[(
        "a1",
        None,
        "import os\n    op.execute('CREATE TABLE t%d (x INTEGER)' % len(os.listdir('.')))",
        "pass",
    )])
    .on_sqlite();
    let settings = format!("[database]\nurl = '$DATABASE_URL'\npython = '{}'\n", python.display());
    world.write("revline.toml", &settings);
    let refused = world.revline(&["upgrade", "head", "--yes", "--runner", "native"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("does not know every statement"), "{}", refused.err);
    let done = world.revline(&["upgrade", "head", "--yes"]).well();
    assert!(done.out.contains("runner           alembic"), "{}", done.out);
    assert!(world.revline(&["current"]).well().out.contains("a1 (head)"));
}

#[test]
fn an_env_py_that_connects_elsewhere_runs_nothing() {
    let Some(python) = oracle::python() else { return };
    let mut world = World::plain().on_sqlite();
    let settings =
        format!("[database]\nurl = 'sqlite:///meant.db'\npython = '{}'\n", python.display());
    world.write("revline.toml", &settings);
    world.set("DATABASE_URL", "sqlite:///other.db");
    let words = ["upgrade", "head", "--yes", "--runner", "alembic"];
    let answer = world.revline(&words);
    assert_eq!(answer.code, Some(1), "{}", answer.all());
    assert!(answer.err.contains("is not the database that was meant"), "{}", answer.all());
    assert!(!world.root().join("meant.db").exists());
    let code = "import sqlite3; print(sqlite3.connect('other.db').execute('select count(*) from sqlite_master').fetchone()[0])";
    assert_eq!(world.python(&python, code).trim(), "0");
}

#[test]
fn an_env_py_that_passes_the_option_through_gets_the_url_of_the_setting() {
    let Some(python) = oracle::python() else { return };
    let world = World::plain();
    let env = super::world::ENV_PY.replace(
        "os.environ[\"DATABASE_URL\"]",
        "context.config.get_main_option(\"sqlalchemy.url\")",
    );
    world.write("migrations/env.py", &env);
    let settings =
        format!("[database]\nurl = 'sqlite:///meant.db'\npython = '{}'\n", python.display());
    world.write("revline.toml", &settings);
    world.revline(&["upgrade", "head", "--yes", "--runner", "alembic"]).well();
    assert!(world.root().join("meant.db").is_file());
    assert!(!world.root().join("stale.db").exists());
    world.revline(&["status"]).well();
}

#[test]
fn an_environment_without_a_configuration_is_run_where_it_was_found() {
    let Some(python) = oracle::python() else { return };
    let world = World::plain().on_sqlite();
    std::fs::remove_file(world.root().join("alembic.ini")).expect("removed");
    let settings = format!("[database]\nurl = '$DATABASE_URL'\npython = '{}'\n", python.display());
    world.write("revline.toml", &settings);
    for (command, target) in [("upgrade", "heads"), ("downgrade", "-1")] {
        world.revline(&[command, target, "--yes", "--runner", "alembic"]).well();
    }
    assert_eq!(world.status()["current"], serde_json::json!(["b2"]));
}

#[test]
fn models_and_migrations_are_compared_by_the_projects_own_alembic() {
    let Some(python) = oracle::python() else { return };
    let world = World::plain().on_sqlite();
    let settings = format!("[database]\nurl = '$DATABASE_URL'\npython = '{}'\n", python.display());
    world.write("revline.toml", &settings);
    world.write(
        "migrations/script.py.mako",
        include_str!("../../../fixtures/alembic/shop/alembic/script.py.mako"),
    );
    world.write(
        "models.py",
        "import sqlalchemy as sa\n\nmetadata = sa.MetaData()\n\
         u = sa.Table('u', metadata, sa.Column('id', sa.Integer(), primary_key=True))\n",
    );
    let env =
        super::world::ENV_PY.replace("target_metadata=None", "target_metadata=models.metadata");
    world.write(
        "migrations/env.py",
        &format!("import os, sys\nsys.path.insert(0, os.getcwd())\nimport models\n{env}"),
    );
    world.revline(&["upgrade", "head", "--yes"]).well();
    let drift = world.revline(&["check"]);
    assert_eq!(drift.code, Some(255), "{}", drift.all());
    assert!(drift.out.contains("FAILED: New upgrade operations detected"), "{}", drift.all());
    let place = world.root().join("models.py").display().to_string();
    for told in [
        &format!("revline: {place}:4:1: The table `u` is not in the database."),
        "revline: The database has a table `t` that no model declares.",
    ] {
        assert!(drift.err.contains(told), "{told}: {}", drift.all());
    }
    let made =
        world.revline(&["revision", "--autogenerate", "-m", "drop it", "--rev-id", "d4"]).well();
    assert!(made.out.contains("Generating"), "{}", made.all());
    let detected = made.err.lines().find(|line| line.starts_with("revline: detected: "));
    let detected = detected.unwrap_or_else(|| panic!("{}", made.all()));
    assert!(
        detected.contains("table `u` added") && detected.contains("table `t` dropped"),
        "{detected}"
    );
    let text = std::fs::read_to_string(world.root().join("migrations/versions/d4_drop_it.py"));
    assert!(text.expect("it was written").contains("op.drop_table('t')"));
}
