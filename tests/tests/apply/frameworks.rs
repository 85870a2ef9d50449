//! Projects whose Alembic is started by something else: Flask-Migrate's `flask db`, and wrappers.

use std::path::Path;

use revline_tests::oracle;
use serde_json::json;

use super::world::{Answer, World};

/// The sample of Flask-Migrate, whose application says where the database is.
fn flask(python: &Path) -> World {
    let world = World::sample("flask");
    let settings = format!(
        "[database]\nurl = 'sqlite:///instance/notes.db'\npython = '{}'\n",
        python.display()
    );
    world.write("revline.toml", &settings);
    world
}

fn db(world: &World, python: &Path, words: &[&str]) -> Answer {
    let program = python.parent().expect("it lies in a folder").join("flask");
    let mut command = std::process::Command::new(program);
    world.run(command.args(["--app", "app", "db"]).args(words))
}

#[test]
fn a_flask_application_is_migrated_by_its_own_flask_db() {
    let Some(python) = oracle::frameworks() else { return };
    let world = flask(&python);
    std::fs::create_dir_all(world.root().join("instance")).expect("made");
    let run = |words: &[&str]| {
        let answer = world.revline(&[words, &["--yes", "--runner", "alembic"]].concat()).well();
        assert!(answer.out.contains("runner           alembic"), "{}", answer.all());
        answer
    };
    run(&["upgrade", "head"]);
    let current = db(&world, &python, &["current"]).well();
    assert_eq!(current.out, "9f2d61c0a7b4 (head)\n");
    assert_eq!(world.revline(&["current"]).well().out, current.out);
    // Click takes `-1` for an option, unless it is told that it is none.
    run(&["downgrade", "-1"]);
    assert_eq!(db(&world, &python, &["current"]).well().out, "");
    run(&["upgrade", "+1"]);
    world.revline(&["check"]).well();

    let app = std::fs::read_to_string(world.root().join("app.py")).expect("it is there");
    let text = "text = db.Column(db.Text, nullable=False)";
    world
        .write("app.py", &app.replace(text, &format!("{text}\n    stars = db.Column(db.Integer)")));
    let drift = world.revline(&["check"]);
    assert_ne!(drift.code, Some(0), "{}", drift.all());
    assert!(drift.all().contains("New upgrade operations detected"), "{}", drift.all());
    let words = ["revision", "--autogenerate", "-m", "add stars", "--rev-id", "6f5e4d3c2b1a"];
    world.revline(&words).well();
    let written = world.root().join("migrations/versions/6f5e4d3c2b1a_add_stars.py");
    let written = std::fs::read_to_string(written).expect("it was written");
    assert!(written.contains("sa.Column('stars', sa.Integer(), nullable=True)"), "{written}");
    assert_eq!(world.status()["pending"], json!(["6f5e4d3c2b1a"]));
    run(&["upgrade", "head"]);
    assert_eq!(world.status()["up_to_date"], json!(true));
}

/// An application as tutorials have it; its environment is the one that `flask db init` writes.
const APP: &str = "import os\n\nfrom flask import Flask\nfrom flask_migrate import Migrate\n\
    from flask_sqlalchemy import SQLAlchemy\n\napp = Flask(__name__)\n\
    app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:///' + os.path.join(app.instance_path, 'shop.db')\n\
    db = SQLAlchemy(app)\nmigrate = Migrate(app, db)\n\n\n\
    class Item(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n    \
    name = db.Column(db.String(50), nullable=False)\n";

#[test]
fn the_environment_that_flask_db_init_writes_is_followed_with_what_the_application_hands_over() {
    let Some(python) = oracle::frameworks() else { return };
    for (handed, table) in [("", "alembic_version"), (", version_table='applied'", "applied")] {
        let world = World::of(&[]);
        for path in ["alembic.ini", "migrations/env.py"] {
            std::fs::remove_file(world.root().join(path)).expect("removed");
        }
        std::fs::remove_dir(world.root().join("migrations")).expect("removed");
        world.write("app.py", &APP.replace("(app, db)", &format!("(app, db{handed})")));
        std::fs::create_dir_all(world.root().join("instance")).expect("made");
        db(&world, &python, &["init"]).well();
        db(&world, &python, &["migrate", "-m", "items"]).well();
        let python = python.display();
        let settings =
            format!("[database]\nurl = 'sqlite:///instance/shop.db'\npython = '{python}'\n");
        world.write("revline.toml", &settings);
        let run = |words: &[&str]| world.revline(&[words, &["--yes"]].concat()).well();
        assert_eq!(world.status()["current"], json!([]));
        run(&["upgrade", "heads"]);
        let python = oracle::frameworks().expect("it was there a moment ago");
        let current = db(&world, &python, &["current"]).well();
        assert!(current.out.ends_with(" (head)\n"), "{}", current.all());
        assert_eq!(world.revline(&["current"]).well().out, current.out);
        let url = format!("sqlite:///{}", world.root().join("instance/shop.db").display());
        let rows = super::asked::values(&url, &format!("SELECT version_num FROM {table}"));
        assert_eq!(world.status()["current"], json!(rows));
        run(&["downgrade", "-1", "--runner", "alembic"]);
        assert_eq!(world.status()["current"], json!([]));
        run(&["upgrade", "+1", "--runner", "alembic"]);
        run(&["check"]);
        assert_eq!(world.status()["up_to_date"], json!(true));
    }
}

#[test]
fn what_an_application_passes_to_flask_migrate_counts() {
    let Some(python) = oracle::frameworks() else { return };
    let world = flask(&python);
    std::fs::create_dir_all(world.root().join("instance")).expect("made");
    let app = std::fs::read_to_string(world.root().join("app.py")).expect("it is there");
    world.write(
        "app.py",
        &app.replace("Migrate(app, db)", "Migrate(app, db, version_table='versions')"),
    );
    // Flask-Migrate's own state, seen by Revline, and the other way round.
    db(&world, &python, &["upgrade"]).well();
    assert_eq!(world.status()["current"], json!(["9f2d61c0a7b4"]));
    world.revline(&["downgrade", "base", "--yes", "--runner", "native"]).well();
    assert_eq!(db(&world, &python, &["current"]).well().out, "");
    world.write(
        "app.py",
        &app.replace("Migrate(app, db)", "Migrate(app, db, **dict(version_table='versions'))"),
    );
    let answer = world.revline(&["status"]);
    assert_ne!(answer.code, Some(0), "{}", answer.all());
    let why = "the application passes arguments to Flask-Migrate that are not written there";
    assert!(answer.err.contains(why), "{}", answer.all());
}

#[test]
fn the_databases_of_multidb_are_migrated_together_where_the_settings_name_them() {
    let Some(python) = oracle::frameworks() else { return };
    let world = World::sample("flask-multidb");
    std::fs::create_dir_all(world.root().join("instance")).expect("made");
    let main = format!(
        "[database]\nurl = 'sqlite:///instance/notes.db'\npython = '{}'\n",
        python.display()
    );
    world.write("revline.toml", &main);
    let dry = world.revline(&["upgrade", "head", "--dry-run"]);
    assert_eq!(dry.code, Some(1), "{}", dry.all());
    assert!(dry.out.contains("upgrade() takes `engine_name`"), "{}", dry.all());
    // Nobody said that the second one may be changed: nothing is, not even the first.
    let why = "its env.py also migrates what the revisions have functions for (statistics); name each with its `url` \
               below `[database.NAME]` in the settings";
    assert!(dry.out.contains(why), "{}", dry.all());
    let refused = world.revline(&["upgrade", "head", "--yes"]);
    assert_eq!(refused.code, Some(1), "{}", refused.all());
    assert!(refused.err.contains(why), "{}", refused.all());
    let tables = "import sqlite3; print(sqlite3.connect('instance/notes.db').execute('SELECT name FROM sqlite_master').fetchall())";
    let found = world.run(std::process::Command::new(&python).args(["-c", tables])).well();
    assert_eq!(found.out, "[]\n");
    assert_eq!(world.status()["current"], json!([]));

    world.write(
        "revline.toml",
        &format!("{main}[database.statistics]\nurl = 'sqlite:///instance/statistics.db'\n"),
    );
    let dry = world.revline(&["upgrade", "head", "--dry-run"]).well();
    assert!(dry.out.contains("runner           alembic"), "{}", dry.all());
    let also =
        "also changes     sqlite:///instance/statistics.db: env.py goes there in the same run\n";
    assert!(dry.out.contains(also), "{}", dry.all());
    world.revline(&["upgrade", "head", "--yes"]).well();
    let current = "3e9a71f50c2d (head)\n";
    assert_eq!(db(&world, &python, &["current"]).well().out, current.repeat(2));
    assert_eq!(world.status()["current"], json!(["3e9a71f50c2d"]));
    let second = world.revline(&["current", "--database", "statistics"]).well();
    assert_eq!(second.out, current);
    // The second alone is no way to run env.py, which begins with the main one.
    let turned = world.revline(&["downgrade", "base", "--yes", "--database", "statistics"]);
    assert_eq!(turned.code, Some(1), "{}", turned.all());
    assert_eq!(world.status()["current"], json!(["3e9a71f50c2d"]));
    world.revline(&["downgrade", "base", "--yes"]).well();
    assert_eq!(db(&world, &python, &["current"]).well().out, "");
}

#[test]
fn an_application_that_does_not_start_is_told() {
    let Some(python) = oracle::frameworks() else { return };
    let world = flask(&python);
    std::fs::create_dir_all(world.root().join("instance")).expect("made");
    let app = std::fs::read_to_string(world.root().join("app.py")).expect("it is there");
    world.write("app.py", &format!("raise RuntimeError('the application is broken')\n{app}"));
    let answer = world.revline(&["upgrade", "head", "--yes", "--runner", "alembic"]);
    assert_eq!(answer.code, Some(1), "{}", answer.all());
    assert!(answer.err.contains("RuntimeError: the application is broken"), "{}", answer.all());
    assert!(answer.err.contains("the database stands at base"), "{}", answer.all());
}

/// A script of the project's own that starts Alembic on a database of its choice.
const MANAGE: &str = "import os, sys\n\
    os.environ['DATABASE_URL'] = os.environ.get('MANAGED', os.environ['DATABASE_URL'])\n\
    from alembic.config import main\n\
    print('managed', flush=True)\n\
    main(argv=sys.argv[1:], prog='manage')\n";

/// The project is migrated by its own script.
pub(super) fn managed(world: World, python: &Path) -> World {
    world.write("manage.py", MANAGE);
    let settings = format!(
        "[database]\nurl = '$DATABASE_URL'\nalembic-command = ['{}', 'manage.py']\n",
        python.display()
    );
    world.write("revline.toml", &settings);
    world
}

#[test]
fn a_wrapper_around_alembic_is_started_as_it_is() {
    let Some(python) = oracle::python() else { return };
    let world = managed(World::plain().on_sqlite(), &python);
    let run = |words: &[&str]| {
        let answer = world.revline(&[words, &["--yes", "--runner", "alembic"]].concat()).well();
        assert!(answer.err.contains("managed"), "{}", answer.all());
    };
    run(&["upgrade", "heads"]);
    assert_eq!(world.alembic(&python, &["current"]).well().out, "c3 (head)\n");
    run(&["downgrade", "-1"]);
    assert_eq!(world.status()["current"], json!(["b2"]));
    world.write("migrations/versions/c3.py", "revision = 'c3'\ndown_revision = 'b2'\n\ndef upgrade():\n    import os\n    raise ValueError(os.getpid())\n");
    let failed = world.revline(&["upgrade", "heads", "--yes"]);
    assert_eq!(failed.code, Some(1));
    assert!(failed.err.contains("c3.py:6:5"), "{}", failed.all());
    assert!(failed.err.contains("the database stands at b2"), "{}", failed.all());
}

#[test]
fn a_wrapper_that_migrates_another_database_is_found_out() {
    let Some(python) = oracle::python() else { return };
    let mut world = managed(World::plain().on_sqlite(), &python);
    let meant = world.root().join("dev.db");
    let other = world.root().join("other.db");
    world.set("MANAGED", &format!("sqlite:///{}", other.display()));
    let answer = world.revline(&["upgrade", "heads", "--yes", "--runner", "alembic"]);
    assert_eq!(answer.code, Some(1), "{}", answer.all());
    assert!(answer.err.contains("another one may have been changed"), "{}", answer.all());
    assert!(other.is_file() && !meant.exists());
}

#[test]
fn a_wrapper_that_is_not_there_is_told() {
    let Some(python) = oracle::python() else { return };
    let world = managed(World::plain().on_sqlite(), &python);
    world.write(
        "revline.toml",
        "[database]\nurl = '$DATABASE_URL'\nalembic-command = ['./no-such-thing']\n",
    );
    let answer = world.revline(&["upgrade", "heads", "--yes", "--runner", "alembic"]);
    assert_eq!(answer.code, Some(1), "{}", answer.all());
    assert!(answer.err.contains("no-such-thing does not start"), "{}", answer.all());
    assert!(answer.err.contains("the database stands at base"), "{}", answer.all());
}
