//! Files of projects as their tools write them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use revline_vfs::{Files, MemoryDisk};

use super::*;

fn found(contents: &[(&str, &str)], folders: &[&str]) -> Packages {
    let disk = MemoryDisk::new(contents.iter().copied());
    let files = Files::new(Arc::new(disk));
    let folders: Vec<PathBuf> = folders.iter().map(PathBuf::from).collect();
    find(&files, &folders, &mut |_| {})
}

fn version(path: &str, content: &str) -> Option<(String, How)> {
    let folder = Path::new(path).parent().unwrap().to_str().unwrap();
    found(&[(path, content)], &[folder]).sqlalchemy.map(|version| (version.text, version.how))
}

fn required(line: &str) -> Option<String> {
    let version = version("/p/requirements.txt", line);
    version.map(|(version, how)| {
        assert_eq!(how, How::Required);
        version
    })
}

#[test]
fn lock_files_say_the_version() {
    let locked = |version: &str| Some((version.to_owned(), How::Locked));
    assert_eq!(
        version(
            "/p/uv.lock",
            "version = 1\n\n[[package]]\nname = \"sqlalchemy\"\nversion = \"2.0.36\"\nsource = { registry = \"x\" }\n"
        ),
        locked("2.0.36")
    );
    assert_eq!(
        version(
            "/p/poetry.lock",
            "[[package]]\nname = \"alembic\"\nversion = \"1.13\"\n\n[package.dependencies]\nSQLAlchemy = \">=1.3.0\"\n\n[[package]]\nname = \"SQLAlchemy\"\nversion = \"2.1.4\"\n"
        ),
        locked("2.1.4")
    );
    assert_eq!(
        version("/p/pdm.lock", "[[package]]\nname = \"sqlalchemy\"\nversion = \"1.4.54\"\n"),
        locked("1.4.54")
    );
    assert_eq!(
        version(
            "/p/Pipfile.lock",
            "{\n    \"_meta\": {},\n    \"default\": {\n        \"sqlalchemy\": {\n            \"hashes\": [\n                \"sha256:x\"\n            ],\n            \"version\": \"==2.0.1\"\n        }\n    },\n    \"develop\": {}\n}\n"
        ),
        locked("2.0.1")
    );
}

#[test]
fn a_requirement_answers_only_where_it_settles_the_version() {
    assert_eq!(required("SQLAlchemy==2.0.36\n").as_deref(), Some("2.0.36"));
    assert_eq!(
        required("sqlalchemy[asyncio]==2.1.0 ; python_version > '3.9' \\\n").as_deref(),
        Some("2.1.0")
    );
    assert_eq!(required("SQLAlchemy == 2.0.*  # note\n").as_deref(), Some("2.0"));
    assert_eq!(required("sqlalchemy~=2.0.3\n").as_deref(), Some("2.0.3"));
    assert_eq!(required("sqlalchemy~=2.0\n"), None);
    assert_eq!(required("sqlalchemy>=1.4,<2.1\n").as_deref(), Some("2.0"));
    assert_eq!(required("sqlalchemy>=1.4,<2.0\n").as_deref(), Some("1.4"));
    assert_eq!(required("sqlalchemy>=2.0,<3\n"), None);
    assert_eq!(required("sqlalchemy>=2.0\n"), None);
    assert_eq!(required("sqlalchemy\n"), None);
    assert_eq!(required("sqlalchemy-utils==0.41\n-r base.txt\n# sqlalchemy==1\n"), None);
}

#[test]
fn tables_of_dependencies_are_read() {
    let pyproject = "[project]\ndependencies = [\"psycopg[binary]>=3\", \"sqlalchemy==2.0.9\"]\n[project.optional-dependencies]\nmysql = [\"pymysql\"]\n[dependency-groups]\ndev = [\"aiosqlite\"]\n";
    let packages = found(&[("/p/pyproject.toml", pyproject)], &["/p"]);
    assert_eq!(packages.sqlalchemy.map(|version| version.text).as_deref(), Some("2.0.9"));
    let drivers: Vec<_> =
        packages.drivers.iter().map(|it| (it.package.as_str(), it.dialect)).collect();
    assert_eq!(drivers, [("psycopg", "postgresql")]);
    let poetry = "[tool.poetry.dependencies]\npython = \"^3.11\"\nsqlalchemy = {version = \"2.0.4\", extras = [\"asyncio\"]}\nasyncpg = \"^0.29\"\naiosqlite = \"*\"\n";
    let packages = found(&[("/p/pyproject.toml", poetry)], &["/p"]);
    assert_eq!(packages.sqlalchemy.map(|version| version.text).as_deref(), Some("2.0.4"));
    let drivers: Vec<_> = packages.drivers.iter().map(|it| it.dialect).collect();
    assert_eq!(drivers, ["postgresql", "sqlite"]);
    let caret = "[tool.poetry.dependencies]\nsqlalchemy = \"^2.0\"\n";
    assert_eq!(version("/p/pyproject.toml", caret), None);
}

#[test]
fn an_installed_environment_says_it_by_its_metadata() {
    let contents = [
        ("/p/.venv/pyvenv.cfg", ""),
        ("/p/.venv/lib/python3.12/site-packages/SQLAlchemy-2.0.40.dist-info/METADATA", ""),
        ("/p/.venv/lib/python3.12/site-packages/alembic-1.20.1.dist-info/METADATA", ""),
        ("/p/requirements.txt", "sqlalchemy==2.1.0\n"),
    ];
    let packages = found(&contents, &["/p"]);
    let sqlalchemy = packages.sqlalchemy.unwrap();
    assert_eq!((sqlalchemy.text.as_str(), sqlalchemy.how), ("2.0.40", How::Installed));
    assert_eq!(packages.alembic.unwrap().text, "1.20.1");
}

#[test]
fn the_nearest_folder_stands_before_those_above() {
    let contents = [
        ("/p/uv.lock", "[[package]]\nname = \"sqlalchemy\"\nversion = \"2.1.1\"\n"),
        ("/p/backend/requirements.txt", "sqlalchemy==2.0.1\npymysql\n"),
        ("/p/requirements.txt", "psycopg2\n"),
    ];
    let packages = found(&contents, &["/p/backend", "/p"]);
    let sqlalchemy = packages.sqlalchemy.unwrap();
    assert_eq!(sqlalchemy.text, "2.0.1");
    assert_eq!(sqlalchemy.sqlalchemy(), Sqlalchemy::V2_0);
    assert_eq!(packages.drivers.len(), 1);
}
