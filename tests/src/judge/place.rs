//! The databases of a test: a folder of SQLite files, or a server of its own.

#![allow(clippy::disallowed_methods, reason = "the tests make files and delete them")]

use anyhow::Result;
use tempfile::TempDir;

use super::asked::execute;
use super::mariadb::Mariadb;
use super::server::Server;
use crate::oracle::is_strict;

/// A database that is there for one test.
#[derive(Debug)]
pub enum Place {
    /// A folder.
    Sqlite(TempDir),
    /// A server with a database `postgres`.
    Postgresql(Box<Server>),
    /// A server with a database `app`.
    Mariadb(Box<Mariadb>),
}

/// The password of the user `person` on the servers, as it is meant and as a URL has it.
pub const PASSWORD: (&str, &str) = ("p@ss-w%rd/", "p%40ss-w%25rd%2F");

/// Says aloud that a component is missing, or fails in CI.
#[allow(clippy::panic, clippy::print_stdout, reason = "it speaks to whoever runs the tests")]
pub fn started<T>(server: Result<T>) -> Option<T> {
    match server {
        Ok(server) => Some(server),
        Err(why) if is_strict() => panic!("{why:#}"),
        Err(why) => {
            println!("SKIPPED: {why:#}");
            None
        }
    }
}

/// A folder for files.
pub fn sqlite() -> Option<Place> {
    started(tempfile::tempdir().map_err(Into::into)).map(Place::Sqlite)
}

/// A PostgreSQL server.
pub fn postgresql() -> Option<Place> {
    started(Server::start().and_then(Place::of_postgresql))
}

/// A MariaDB server.
pub fn mariadb() -> Option<Place> {
    started(Mariadb::start().and_then(Place::of_mariadb))
}

impl Place {
    /// A server that runs, with a user `person`.
    ///
    /// # Errors
    /// The server's.
    pub fn of_postgresql(server: Server) -> Result<Self> {
        let password = PASSWORD.0;
        let role = format!("CREATE ROLE person SUPERUSER LOGIN PASSWORD '{password}'");
        execute(&server.url(), &[&role])?;
        server.ask_password_of("person")?;
        Ok(Self::Postgresql(Box::new(server)))
    }

    /// A server that runs, with a user `person` and a database `app`.
    ///
    /// # Errors
    /// The server's.
    pub fn of_mariadb(server: Mariadb) -> Result<Self> {
        let place = Self::Mariadb(Box::new(server));
        let password = PASSWORD.0;
        for sql in [
            "CREATE DATABASE app".to_owned(),
            format!("CREATE USER person@localhost IDENTIFIED BY '{password}'"),
            "GRANT ALL ON *.* TO person@localhost".to_owned(),
        ] {
            execute(&place.url_of("mysql"), &[&sql])?;
        }
        Ok(place)
    }

    /// The URL of a database as whoever needs [`PASSWORD`] for it.
    pub fn keyed(&self, database: &str) -> String {
        let password = PASSWORD.1;
        match self {
            Self::Sqlite(_) => self.url_of(database),
            Self::Postgresql(server) => server.url_of(&format!("person:{password}"), database),
            Self::Mariadb(_) => {
                self.url_of(database).replace("root@", &format!("person:{password}@"))
            }
        }
    }

    /// SQLAlchemy's URL of a database; SQLite makes its own, a server has `app` or `postgres`.
    pub fn url_of(&self, database: &str) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite:///{}/{database}.db", folder.path().display()),
            Self::Postgresql(server) => server.url_of("judge", database),
            Self::Mariadb(server) => server.url(database),
        }
    }

    /// The first database.
    pub fn url(&self) -> String {
        self.url_of(if matches!(self, Self::Postgresql(_)) { "postgres" } else { "app" })
    }

    /// Another database, empty.
    ///
    /// # Errors
    /// The server's.
    pub fn fresh(&self, name: &str) -> Result<String> {
        if !matches!(self, Self::Sqlite(_)) {
            execute(&self.url(), &[&format!("CREATE DATABASE {name}")])?;
        }
        Ok(self.url_of(name))
    }

    /// Takes a database away, with everybody who is connected to it.
    ///
    /// # Errors
    /// The server's, or the file system's.
    pub fn drop_database(&self, name: &str) -> Result<()> {
        match self {
            Self::Sqlite(folder) => {
                for suffix in ["", "-journal", "-wal", "-shm"] {
                    let path = folder.path().join(format!("{name}.db{suffix}"));
                    if path.exists() {
                        std::fs::remove_file(path)?;
                    }
                }
                Ok(())
            }
            Self::Postgresql(_) => {
                execute(&self.url(), &[&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")])
            }
            Self::Mariadb(_) => execute(&self.url(), &[&format!("DROP DATABASE IF EXISTS {name}")]),
        }
    }
}
