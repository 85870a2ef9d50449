//! Projects in folders of their own, the binary under test, and real Alembic beside it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// What a command answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Answer {
    pub(crate) text: String,
    pub(crate) remarks: String,
    pub(crate) code: Option<i32>,
}

/// A project that may be written to.
pub(crate) struct Project {
    folder: TempDir,
}

impl Project {
    /// A copy of a sample project.
    pub(crate) fn copy(name: &str) -> Self {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/alembic").join(name);
        let project = Self { folder: TempDir::new().expect("a folder") };
        copy(&from, &project.root());
        // Flask-Migrate gives the script folder in code, and a project may have no ini at all. The
        // name is one that Revline does not look for.
        let scripts = match name {
            "flask" => Some("migrations"),
            "no-ini" => Some("app/migrations"),
            _ => None,
        };
        if let Some(scripts) = scripts {
            let text = format!("[alembic]\nscript_location = %(here)s/{scripts}\n");
            fs::write(project.root().join("judge.conf"), text).expect("written");
        }
        project
    }

    /// A project of these revisions: file name and content.
    pub(crate) fn of(revisions: &[(&str, &str)]) -> Self {
        let project = Self { folder: TempDir::new().expect("a folder") };
        let root = project.root();
        let template = include_str!("../../../fixtures/alembic/shop/alembic/script.py.mako");
        let versions = root.join("migrations/versions");
        fs::create_dir_all(&versions).expect("made");
        fs::write(root.join("alembic.ini"), "[alembic]\nscript_location = %(here)s/migrations\n")
            .expect("written");
        fs::write(root.join("migrations/script.py.mako"), template).expect("written");
        for (name, text) in revisions {
            fs::write(versions.join(name), text).expect("written");
        }
        project
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().canonicalize().expect("it is there")
    }

    /// Runs Revline in the project.
    pub(crate) fn revline(&self, arguments: &[&str]) -> Answer {
        run(Command::new(binary()).args(arguments).current_dir(self.root()))
    }

    /// Runs Revline with a standard output that nobody reads; returns its standard error.
    pub(crate) fn revline_into_closed_pipe(&self, arguments: &[&str]) -> String {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let done = Command::new(binary())
            .args(arguments)
            .current_dir(self.root())
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .expect("it starts");
        assert_eq!(done.status.code(), Some(0));
        String::from_utf8(done.stderr).expect("UTF-8")
    }

    /// Runs real Alembic in the project; only commands that read no database.
    pub(crate) fn alembic(&self, python: &Path, arguments: &[&str]) -> Answer {
        let start = "import sys; sys.dont_write_bytecode = True; \
                     from alembic.config import main; main(prog='alembic')";
        run(Command::new(python)
            .args(["-c", start])
            .args(self.config())
            .args(arguments)
            .current_dir(self.root()))
    }

    /// What real Alembic answers to each command, in one process.
    pub(crate) fn judged(&self, python: &Path, commands: &[&str]) -> Vec<Value> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle/load.py");
        let with_config = |command: &str| {
            let config = self.config().join(" ");
            format!("{config} {command}").trim().to_owned()
        };
        let asked: Vec<String> = commands.iter().map(|command| with_config(command)).collect();
        let done = run(Command::new(python)
            .arg(script)
            .arg(self.root())
            .args(asked.iter().map(|command| format!("--command={command}"))));
        assert_eq!(done.code, Some(0), "{}", done.remarks);
        let answer: Value = serde_json::from_str(&done.text).expect("the judge answers in JSON");
        asked.iter().map(|command| answer["commands"][command].clone()).collect()
    }

    /// The identifiers of the bases, from real Alembic.
    pub(crate) fn bases(&self, python: &Path) -> Vec<String> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle/graph.py");
        let config = self.config().get(1).map_or("alembic.ini", |file| file);
        let done = run(Command::new(python)
            .arg(script)
            .args(["--config", config])
            .current_dir(self.root()));
        let answer: Value = serde_json::from_str(&done.text).expect("the judge answers in JSON");
        let bases = answer["bases"].as_array().expect("a list").iter();
        bases.map(|base| base.as_str().expect("an identifier").to_owned()).collect()
    }

    fn config(&self) -> &'static [&'static str] {
        let own = self.root().join("judge.conf");
        if own.is_file() { &["-c", "judge.conf"] } else { &[] }
    }
}

/// The binary under test: `REVLINE_BIN`, else the one that cargo built beside the test.
fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("REVLINE_BIN") {
        return path.into();
    }
    let test = std::env::current_exe().expect("a test has a path");
    let folder = test.ancestors().nth(2).expect("cargo's folder").to_owned();
    let path = folder.join(format!("revline{}", std::env::consts::EXE_SUFFIX));
    assert!(path.is_file(), "{} is not built: cargo build -p revline", path.display());
    path
}

fn run(command: &mut Command) -> Answer {
    let done = command.env_remove("ALEMBIC_CONFIG").output().expect("it starts");
    Answer {
        text: String::from_utf8(done.stdout).expect("UTF-8"),
        remarks: String::from_utf8(done.stderr).expect("UTF-8"),
        code: done.status.code(),
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("made");
    for entry in fs::read_dir(from).expect("the sample project is there") {
        let entry = entry.expect("it can be listed");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}
