//! SQLModel and Flask-Migrate, with the real packages: what they write, Revline reads; what fails with them,
//! Revline finds and mends.

use std::path::{Path, PathBuf};
use std::process::Command;

use revline_tests::oracle;
use revline_tests::project::Project;

use super::{Said, revline, said, well};

/// A sample project and the programs of the environment that has the frameworks.
struct World {
    project: Project,
    programs: PathBuf,
}

impl World {
    fn of(sample: &str) -> Option<Self> {
        let python = oracle::frameworks()?;
        let project = Project::empty();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/alembic").join(sample);
        well(Command::new("cp").arg("-r").arg(from.join(".")).arg(project.root()));
        let programs = python.parent().expect("an interpreter lies in a folder").to_path_buf();
        Some(Self { project, programs })
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Said {
        let mut command = Command::new(self.programs.join(program));
        command
            .current_dir(self.project.root())
            .args(arguments)
            .env("PYTHONDONTWRITEBYTECODE", "1");
        said(&mut command)
    }

    /// What a program prints that must end well.
    #[track_caller]
    fn asked(&self, program: &str, arguments: &[&str]) -> String {
        let (code, printed, told) = self.run(program, arguments);
        assert_eq!(code, 0, "{program} {arguments:?}\n{printed}{told}");
        printed
    }

    #[track_caller]
    fn revline(&self, arguments: &[&str]) -> String {
        let (code, printed, told) = revline(self.project.root(), arguments);
        assert_eq!((code, told.as_str()), (0, ""), "{arguments:?}\n{printed}");
        printed
    }

    fn replace(&self, file: &str, old: &str, new: &str) {
        let path = self.project.path(file);
        let text = std::fs::read_to_string(&path).expect("a file");
        assert!(text.contains(old), "{file} has no {old:?}");
        std::fs::write(path, text.replace(old, new)).expect("written");
    }
}

#[test]
fn a_template_without_sqlmodel_fails_and_is_mended_with_the_revision_that_came_from_it() {
    let Some(world) = World::of("sqlmodel") else { return };
    assert_eq!(world.revline(&["lint"]), "Found nothing in 1 revision of 1 environment.\n");
    // What `alembic init` makes.
    world.replace("migrations/script.py.mako", "import sqlmodel\n", "");
    world.asked("alembic", &["upgrade", "head"]);
    world.replace(
        "app/models.py",
        "    secret_name: str\n",
        "    secret_name: str\n    email: str | None = None\n",
    );
    world.asked(
        "alembic",
        &["revision", "--autogenerate", "-m", "add email", "--rev-id", "0c2fa81d"],
    );
    let (code, printed, told) = world.run("alembic", &["upgrade", "head"]);
    assert!(
        code != 0 && told.contains("NameError: name 'sqlmodel' is not defined"),
        "{printed}{told}"
    );
    let (code, printed, _) = revline(world.project.root(), &["lint", "--format", "github"]);
    assert_eq!(code, 1);
    assert!(
        printed.contains(
            "::warning title=Revline (incomplete-template),file=migrations/script.py.mako"
        ),
        "{printed}"
    );
    assert!(printed.contains("::error title=Revline (unresolved-import),file=migrations/versions/0c2fa81d_add_email.py"), "{printed}");
    let (code, printed, told) = revline(world.project.root(), &["lint", "--fix"]);
    assert_eq!((code, told.as_str()), (0, ""), "{printed}");
    world.asked("alembic", &["upgrade", "head"]);
    // The next one is whole from the start.
    world.replace(
        "app/models.py",
        "    headquarters: str\n",
        "    headquarters: str\n    motto: str | None = None\n",
    );
    world.asked(
        "alembic",
        &["revision", "--autogenerate", "-m", "add motto", "--rev-id", "77b1c09e"],
    );
    world.asked("alembic", &["upgrade", "head"]);
    assert_eq!(world.revline(&["lint"]), "Found nothing in 3 revisions of 1 environment.\n");
    for command in [&["heads"][..], &["history"], &["show", "head"]] {
        assert_eq!(world.revline(command), world.asked("alembic", command), "{command:?}");
    }
    assert_eq!(world.revline(&["sql"]), world.asked("alembic", &["upgrade", "head", "--sql"]));
}

#[test]
fn flask_migrate_and_revline_answer_alike_and_take_each_others_revisions() {
    let Some(world) = World::of("flask") else { return };
    let flask =
        |arguments: &[&str]| world.asked("flask", &[&["--app", "app", "db"], arguments].concat());
    world.revline(&["revision", "-m", "by revline", "--rev-id", "1a2b3c4d5e6f"]);
    flask(&["upgrade"]);
    assert_eq!(flask(&["current"]), "1a2b3c4d5e6f (head)\n");
    world.replace(
        "app.py",
        "    text = db.Column(db.Text, nullable=False)\n",
        "    text = db.Column(db.Text, nullable=False)\n    stars = db.Column(db.Integer)\n",
    );
    flask(&["migrate", "-m", "add stars", "--rev-id", "6f5e4d3c2b1a"]);
    flask(&["upgrade"]);
    for command in [&["heads"][..], &["history"], &["show", "head"], &["branches"]] {
        assert_eq!(world.revline(command), flask(command), "{command:?}");
    }
    assert_eq!(world.revline(&["sql", "--dialect", "sqlite"]), flask(&["upgrade", "--sql"]));
    let (code, printed, _) = revline(world.project.root(), &["lint"]);
    assert_eq!(code, 0, "{printed}");
}

/// A text without the line that says when it was made.
fn undated(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("it was written");
    text.lines().filter(|line| !line.starts_with("Create Date: ")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_revision_of_flask_migrates_multidb_is_the_one_that_flask_db_writes() {
    let Some(world) = World::of("flask-multidb") else { return };
    let other = World::of("flask-multidb").expect("it was there");
    let words = ["revision", "-m", "add notes", "--rev-id", "5d4c3b2a1f0e"];
    let (code, _, told) = revline(world.project.root(), &words);
    assert_eq!(
        (code, told.as_str()),
        (
            0,
            "revline: the template asks the running application for its databases; taken from 3e9a71f50c2d: the main \
             one, statistics\n"
        )
    );
    other.asked("flask", &[&["--app", "app", "db"], &words[..]].concat());
    let path = "migrations/versions/5d4c3b2a1f0e_add_notes.py";
    let written = undated(&world.project.path(path));
    assert!(written.contains("def upgrade_statistics():\n    pass\n"), "{written}");
    assert_eq!(written, undated(&other.project.path(path)));
    // And it runs.
    world.asked("flask", &["--app", "app", "db", "upgrade"]);
    assert_eq!(
        world.asked("flask", &["--app", "app", "db", "current"]),
        "5d4c3b2a1f0e (head)\n".repeat(2)
    );
}

#[test]
fn without_a_revision_that_tells_the_databases_none_is_written_that_would_not_run() {
    let Some(world) = World::of("flask-multidb") else { return };
    let versions = world.project.path("migrations/versions");
    let only = versions.join("3e9a71f50c2d_create_note_and_visit.py");
    std::fs::remove_file(only).expect("it was there");
    let (code, printed, told) = revline(world.project.root(), &["revision", "-m", "first"]);
    let told = printed + &told;
    assert_ne!(code, 0);
    assert!(
        told.contains(
            "`SQLALCHEMY_BINDS` of the application that runs (`flask.current_app.config`) is beyond"
        ),
        "{told}"
    );
    assert!(told.contains("let the project's own tool write this revision"), "{told}");
    assert_eq!(versions.read_dir().expect("a folder").count(), 0);
}

#[test]
fn the_graph_of_flask_migrates_multidb_is_known_and_its_sql_is_said_to_be_unknown() {
    let Some(world) = World::of("flask-multidb") else { return };
    let flask =
        |arguments: &[&str]| world.asked("flask", &[&["--app", "app", "db"], arguments].concat());
    flask(&["upgrade"]);
    flask(&["revision", "-m", "empty", "--rev-id", "5d4c3b2a1f0e"]);
    for command in [&["heads"][..], &["history"], &["show", "head"]] {
        assert_eq!(world.revline(command), flask(command), "{command:?}");
    }
    let (_, printed, _) = revline(world.project.root(), &["lint", "--format", "json"]);
    let found = super::json(&printed);
    let bad = |one: &&serde_json::Value| one["severity"] == "error" || one["severity"] == "warning";
    assert_eq!(found.as_array().expect("an array").iter().filter(bad).count(), 0, "{printed}");
    let (_, printed, told) =
        revline(world.project.root(), &["sql", "3e9a71f50c2d", "--dialect", "sqlite"]);
    assert!(!printed.contains("CREATE TABLE note"), "{printed}");
    let why = "upgrade() takes `engine_name`, and what env.py gives it is not known";
    assert!(printed.contains(&format!("-- not known: {why}")), "{printed}");
    assert!(
        told.contains(&format!("3e9a71f50c2d_create_note_and_visit.py:19:13: {why}")),
        "{told}"
    );
    let strict = ["sql", "3e9a71f50c2d", "--dialect", "sqlite", "--strict"];
    let (code, _, told) = revline(world.project.root(), &strict);
    assert_eq!(code, 1, "{told}");
    assert!(told.contains(&format!("on sqlite: partial: {why}")), "{told}");
}
