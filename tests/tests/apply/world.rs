//! A project with a database, and the program on it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use revline_tests::judge::place::PASSWORD;
use revline_tests::lsp;
use tempfile::TempDir;

/// What a command answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) code: Option<i32>,
    pub(crate) took: Duration,
}

impl Answer {
    /// Fails where the password of a server stands in it.
    pub(crate) fn of(done: &Output, took: Duration) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (out, err) = (text(&done.stdout), text(&done.stderr));
        let answer = Self { out, err, code: done.status.code(), took };
        assert!(!has_password(&answer.all()), "{}", answer.all());
        answer
    }

    /// Both streams.
    pub(crate) fn all(&self) -> String {
        format!("{}{}", self.out, self.err)
    }

    /// Fails with everything that was said unless the command ended well.
    pub(crate) fn well(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.all());
        self
    }
}

/// Whether it has the password, as it is meant or as a URL has it.
pub(crate) fn has_password(text: &str) -> bool {
    text.contains(PASSWORD.0) || text.contains(PASSWORD.1)
}

pub(crate) struct World {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

/// An `env.py` that connects to what `DATABASE_URL` says, whatever the ini has.
pub(crate) const ENV_PY: &str = "import os\nfrom alembic import context\nfrom sqlalchemy import create_engine, pool\n\
    engine = create_engine(os.environ[\"DATABASE_URL\"], poolclass=pool.NullPool)\n\
    with engine.connect() as connection:\n    context.configure(connection=connection, target_metadata=None)\n    \
    with context.begin_transaction():\n        context.run_migrations()\n";

impl World {
    /// A project of these revisions, `(id, parent, body of upgrade, body of downgrade)`.
    pub(crate) fn of(revisions: &[(&str, Option<&str>, &str, &str)]) -> Self {
        let world = Self { folder: TempDir::new().expect("a folder"), variables: Vec::new() };
        world.write(
            "alembic.ini",
            "[alembic]\nscript_location = %(here)s/migrations\npath_separator = os\n\
             sqlalchemy.url = sqlite:///stale.db\n",
        );
        world.write("migrations/env.py", ENV_PY);
        for (id, parent, up, down) in revisions {
            let parent = parent.map_or("None".to_owned(), |parent| format!("'{parent}'"));
            let text = format!(
                "\"\"\"step {id}\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n\
                 revision = '{id}'\ndown_revision = {parent}\n\n\ndef upgrade():\n    {up}\n\n\n\
                 def downgrade():\n    {down}\n"
            );
            world.write(&format!("migrations/versions/{id}.py"), &text);
        }
        world
    }

    /// A copy of a sample project.
    pub(crate) fn sample(name: &str) -> Self {
        let world = Self { folder: TempDir::new().expect("a folder"), variables: Vec::new() };
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/alembic").join(name);
        let done = Command::new("cp").arg("-r").arg(from.join(".")).arg(world.root()).status();
        assert!(done.expect("it starts").success(), "{name} is copied");
        world
    }

    /// Three tables, a column, an index: all of it known.
    pub(crate) fn plain() -> Self {
        Self::of(&[
            (
                "a1",
                None,
                "op.create_table('t', sa.Column('id', sa.Integer(), nullable=False), \
                 sa.Column('name', sa.String(40)), sa.PrimaryKeyConstraint('id', name='pk_t'))",
                "op.drop_table('t')",
            ),
            (
                "b2",
                Some("a1"),
                "op.add_column('t', sa.Column('age', sa.Integer(), nullable=True))",
                "op.drop_column('t', 'age')",
            ),
            (
                "c3",
                Some("b2"),
                "op.create_index('ix_t_name', 't', ['name'])",
                "op.drop_index('ix_t_name', table_name='t')",
            ),
        ])
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().canonicalize().expect("it is there")
    }

    /// Sets a variable for every command.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// The project's database is this SQLite file, by a setting.
    pub(crate) fn on_sqlite(mut self) -> Self {
        self.write("revline.toml", "[database]\nurl = '$DATABASE_URL'\n");
        let url = format!("sqlite:///{}", self.root().join("dev.db").display());
        self.set("DATABASE_URL", &url);
        self
    }

    /// The project's database is this one, by a setting, and its Alembic that of this Python.
    pub(crate) fn on(mut self, url: &str, python: &Path) -> Self {
        let python = python.display();
        self.write(
            "revline.toml",
            &format!("[database]\nurl = '$DATABASE_URL'\npython = '{python}'\n"),
        );
        self.set("DATABASE_URL", url);
        self
    }

    fn environment(&self, command: &mut Command) {
        let home = self.root().join("home");
        std::fs::create_dir_all(&home).expect("made");
        for name in ["VIRTUAL_ENV", "CONDA_PREFIX", "ALEMBIC_CONFIG", "XDG_CONFIG_HOME"] {
            command.env_remove(name);
        }
        command.env("HOME", &home).current_dir(self.root());
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(lsp::program());
        command.args(words).stdin(Stdio::null());
        self.environment(&mut command);
        command
    }

    pub(crate) fn revline(&self, words: &[&str]) -> Answer {
        run(&mut self.command(words))
    }

    /// A command that starts the program some other way, in the project's folder and environment.
    pub(crate) fn run(&self, command: &mut Command) -> Answer {
        command.stdin(Stdio::null());
        self.environment(command);
        run(command)
    }

    pub(crate) fn start(&self, words: &[&str]) -> Child {
        let mut command = self.command(words);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
    }

    /// Real Alembic's command line.
    pub(crate) fn alembic(&self, python: &Path, words: &[&str]) -> Answer {
        let mut command = Command::new(python);
        let start = "import sys; sys.dont_write_bytecode = True; \
                     from alembic.config import main; main(prog='alembic')";
        command.args(["-c", start]).args(words).stdin(Stdio::null());
        self.environment(&mut command);
        run(&mut command)
    }

    /// The answer of `revline status --json`, whether or not something is pending.
    pub(crate) fn status(&self) -> serde_json::Value {
        let answer = self.revline(&["status", "--json"]);
        assert!(matches!(answer.code, Some(0 | 1)), "{}", answer.all());
        serde_json::from_str(&answer.out).expect("JSON")
    }

    /// A few lines of Python; what they print.
    pub(crate) fn python(&self, python: &Path, code: &str) -> String {
        let mut command = Command::new(python);
        command.args(["-c", code]).stdin(Stdio::null());
        self.environment(&mut command);
        run(&mut command).well().out
    }
}

/// What a started command answered; how long it took nobody measured.
pub(crate) fn ended(child: Child) -> Answer {
    Answer::of(&child.wait_with_output().expect("it ends"), Duration::ZERO)
}

impl Drop for World {
    /// No file that a run left has the password: not the remembered answers, not a lock, not a cache.
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let mut folders = vec![self.root()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).expect("it is there") {
                let path = entry.expect("it is there").path();
                if path.is_symlink() {
                    continue;
                }
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let bytes = std::fs::read(&path).expect("it is readable");
                assert!(!has_password(&String::from_utf8_lossy(&bytes)), "{}", path.display());
            }
        }
    }
}

fn run(command: &mut Command) -> Answer {
    let began = Instant::now();
    Answer::of(&command.output().expect("it starts"), began.elapsed())
}
