//! The packages of a project, as its files say them: which SQLAlchemy prints its SQL, and for which
//! databases it has drivers.
//!
//! A folder nearer to the environment stands before one further up. In one folder a lock file stands
//! before an installed environment, and that before a requirement with one version. A lower bound
//! is no answer: it says nothing about what is installed. Nothing is asked of any Python.

mod lock;
mod requirement;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use revline_sql::Sqlalchemy;
use revline_text::Span;
use revline_vfs::Files;

use requirement::Requirement;

use crate::tree::{Node, Tree, parse_toml};

/// How a version is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    /// A lock file holds it.
    Locked,
    /// It is installed.
    Installed,
    /// A requirement admits this version alone, or none above it.
    Required,
}

/// A version of a package.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Version {
    /// The version; of a requirement the newest that it admits.
    pub text: String,
    /// How it is known.
    pub how: How,
    /// The file or folder that says so.
    pub path: PathBuf,
    /// The place in the file.
    pub span: Option<Span>,
}

/// A driver that the project depends on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Driver {
    /// The package: `psycopg2-binary`.
    pub package: String,
    /// SQLAlchemy's name of the database.
    pub dialect: &'static str,
    /// Where the dependency stands.
    pub span: Span,
}

/// What the files say.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Packages {
    /// SQLAlchemy.
    pub sqlalchemy: Option<Version>,
    /// Alembic.
    pub alembic: Option<Version>,
    /// Drivers among the declared dependencies, those for tests and development left out.
    pub drivers: Vec<Driver>,
}

impl Version {
    /// Which of the SQLAlchemy series that Revline prints like this is. 1.4 prints like 2.0 almost
    /// everywhere, and Alembic 1.20 does not run with it.
    pub fn sqlalchemy(&self) -> Sqlalchemy {
        let mut parts = self.text.split('.').map(|part| {
            let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
            digits.parse::<u32>().unwrap_or(0)
        });
        let series = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
        if series < (2, 1) { Sqlalchemy::V2_0 } else { Sqlalchemy::V2_1 }
    }
}

/// The files that say what is needed. What is for development or tests is not among them.
const REQUIREMENTS: [&str; 9] = [
    "requirements.txt",
    "requirements.in",
    "requirements/base.txt",
    "requirements/main.txt",
    "requirements/common.txt",
    "requirements/prod.txt",
    "requirements/production.txt",
    "requirements/requirements.txt",
    "requirements/base.in",
];

const LOCKS: [&str; 4] = ["uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock"];

/// Reads what the files of `folders` say, the nearest first. `looked` hears every path that was
/// looked at, whether it is there or not.
pub fn find(files: &Files, folders: &[PathBuf], looked: &mut dyn FnMut(&Path)) -> Packages {
    let mut packages = Packages::default();
    let mut reader = Reader { files, looked };
    for folder in folders {
        let mut found = Packages::default();
        for name in LOCKS {
            reader.lock(&folder.join(name), &mut found);
        }
        reader.installed(folder, &mut found);
        for name in REQUIREMENTS {
            reader.requirements(&folder.join(name), &mut found);
        }
        reader.pyproject(&folder.join("pyproject.toml"), &mut found);
        reader.pipfile(&folder.join("Pipfile"), &mut found);
        packages.sqlalchemy = packages.sqlalchemy.or(found.sqlalchemy);
        packages.alembic = packages.alembic.or(found.alembic);
        if packages.drivers.is_empty() {
            packages.drivers = found.drivers;
        }
    }
    packages
}

struct Reader<'a> {
    files: &'a Files,
    looked: &'a mut dyn FnMut(&Path),
}

impl Reader<'_> {
    fn text(&mut self, path: &Path) -> Option<(revline_text::FileId, revline_text::Text)> {
        (self.looked)(path);
        let open = self.files.known(path).is_some_and(|file| self.files.document(file).is_some());
        if !open && self.files.disk().stamp(path).is_none() {
            return None;
        }
        let file = self.files.id(path);
        Some((file, self.files.text(file).ok()?))
    }

    fn lock(&mut self, path: &Path, found: &mut Packages) {
        let Some((file, text)) = self.text(path) else { return };
        let json = path.extension().is_some_and(|extension| extension == "lock")
            && path.file_stem().is_some_and(|stem| stem == "Pipfile");
        let packages = if json { lock::json(text.as_str()) } else { lock::toml(text.as_str()) };
        for package in packages {
            let slot = match package.name {
                "sqlalchemy" => &mut found.sqlalchemy,
                _ => &mut found.alembic,
            };
            slot.get_or_insert(Version {
                text: package.version.to_owned(),
                how: How::Locked,
                path: path.to_owned(),
                span: Some(Span::new(file, package.range)),
            });
        }
    }

    /// The metadata of an environment that stands in the folder.
    fn installed(&mut self, folder: &Path, found: &mut Packages) {
        let disk = self.files.disk();
        for name in [".venv", "venv", "env"] {
            let root = folder.join(name);
            (self.looked)(&root.join("pyvenv.cfg"));
            if disk.stamp(&root.join("pyvenv.cfg")).is_none() {
                continue;
            }
            let libraries = disk.list(&root.join("lib")).unwrap_or_default();
            let pythons = libraries.iter().filter(|entry| entry.name.starts_with("python"));
            let mut places: Vec<PathBuf> = pythons
                .map(|python| root.join("lib").join(&python.name).join("site-packages"))
                .collect();
            places.push(root.join("Lib").join("site-packages"));
            for place in places {
                for entry in disk.list(&place).unwrap_or_default() {
                    let Some((package, version)) = (entry.name.strip_suffix(".dist-info"))
                        .and_then(|name| name.rsplit_once('-'))
                    else {
                        continue;
                    };
                    let slot = match requirement::normalised(package).as_str() {
                        "sqlalchemy" => &mut found.sqlalchemy,
                        "alembic" => &mut found.alembic,
                        _ => continue,
                    };
                    slot.get_or_insert(Version {
                        text: version.to_owned(),
                        how: How::Installed,
                        path: place.join(&entry.name),
                        span: None,
                    });
                }
            }
        }
    }

    fn requirements(&mut self, path: &Path, found: &mut Packages) {
        let Some((file, text)) = self.text(path) else { return };
        let mut start = 0;
        for line in text.as_str().split_inclusive('\n') {
            if let Some(requirement) = Requirement::parse(line) {
                let at = start + (line.len() - line.trim_start().len());
                let range = revline_text::Range::of(at, start + line.trim_end().len());
                take(found, &requirement, path, Span::new(file, range));
            }
            start += line.len();
        }
    }

    fn pyproject(&mut self, path: &Path, found: &mut Packages) {
        let Some((file, text)) = self.text(path) else { return };
        let (tree, _) = parse_toml(file, text.as_str());
        if let Some(Node::List(items)) =
            tree.get("project").and_then(|it| it.get("dependencies")).map(|it| &it.node)
        {
            for item in items {
                if let (Some(text), Some(span)) = (item.as_str(), item.span)
                    && let Some(requirement) = Requirement::parse(text)
                {
                    take(found, &requirement, path, span);
                }
            }
        }
        let poetry = ["tool", "poetry", "dependencies"];
        if let Some(table) = poetry.iter().try_fold(&tree, |tree, key| tree.get(key)) {
            table_of(table, path, found);
        }
    }

    fn pipfile(&mut self, path: &Path, found: &mut Packages) {
        let Some((file, text)) = self.text(path) else { return };
        let (tree, _) = parse_toml(file, text.as_str());
        if let Some(table) = tree.get("packages") {
            table_of(table, path, found);
        }
    }
}

/// Dependencies as a table: `sqlalchemy = "2.0.30"`, or with a table that has a `version`.
fn table_of(table: &Tree, path: &Path, found: &mut Packages) {
    for entry in table.entries() {
        let value = entry.value.get("version").unwrap_or(&entry.value);
        let Some(span) = entry.key_span.or(entry.value.span) else { continue };
        let bound = value.as_str().unwrap_or("*");
        let requirement = Requirement::of(&entry.key, bound);
        take(found, &requirement, path, span);
    }
}

fn take(found: &mut Packages, requirement: &Requirement, path: &Path, span: Span) {
    let slot = match requirement.name.as_str() {
        "sqlalchemy" => Some(&mut found.sqlalchemy),
        "alembic" => Some(&mut found.alembic),
        _ => None,
    };
    if let (Some(slot), Some(version)) = (slot, &requirement.version) {
        slot.get_or_insert(Version {
            text: version.clone(),
            how: How::Required,
            path: path.to_owned(),
            span: Some(span),
        });
    }
    if let Some(dialect) = dialect(&requirement.name)
        && !found.drivers.iter().any(|known| known.package == requirement.name)
    {
        found.drivers.push(Driver { package: requirement.name.clone(), dialect, span });
    }
}

/// The database that a driver is for.
fn dialect(package: &str) -> Option<&'static str> {
    Some(match package {
        "psycopg2" | "psycopg2-binary" | "psycopg" | "psycopg-binary" | "psycopg2cffi"
        | "asyncpg" | "pg8000" => "postgresql",
        "mysqlclient" | "pymysql" | "aiomysql" | "asyncmy" | "mysql-connector-python" => "mysql",
        "mariadb" => "mariadb",
        "aiosqlite" | "pysqlcipher3" | "sqlcipher3" => "sqlite",
        "pyodbc" | "pymssql" | "aioodbc" => "mssql",
        "oracledb" | "cx-oracle" => "oracle",
        _ => return None,
    })
}
