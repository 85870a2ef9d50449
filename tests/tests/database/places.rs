//! The databases of the tests.

use std::path::Path;
use std::time::Duration;

use revline_database::{Access, Address, Session, Surroundings, Timeouts};
use revline_tests::judge::mariadb::Mariadb;
use revline_tests::judge::server::Server;
use tempfile::TempDir;

use super::oracle::is_strict;

/// A database that is there for one test.
pub(crate) enum Place {
    Sqlite(TempDir),
    Postgresql(Box<Server>),
    Mariadb(Box<Mariadb>),
}

/// Says aloud that a component is missing, or fails in CI.
fn started<T>(server: anyhow::Result<T>) -> Option<T> {
    match server {
        Ok(server) => Some(server),
        Err(why) => {
            assert!(!is_strict(), "{why:#}");
            println!("SKIPPED: {why:#}");
            None
        }
    }
}

pub(crate) fn sqlite() -> Option<Place> {
    Some(Place::Sqlite(tempfile::tempdir().unwrap()))
}

pub(crate) fn postgresql() -> Option<Place> {
    started(Server::start()).map(|server| Place::Postgresql(Box::new(server)))
}

pub(crate) fn mariadb() -> Option<Place> {
    let place = Place::Mariadb(Box::new(started(Mariadb::start())?));
    block(async {
        let mut session = open(&place, "mysql").await;
        session.execute("CREATE DATABASE app").await.unwrap();
    });
    Some(place)
}

impl Place {
    /// SQLAlchemy's URL of a database; SQLite makes its own, a server has `app` or `postgres`.
    pub(crate) fn url_of(&self, database: &str) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite:///{}/{database}.db", folder.path().display()),
            Self::Postgresql(server) => server.url_of("judge", database),
            Self::Mariadb(server) => server.url(database),
        }
    }

    /// The first database.
    pub(crate) fn url(&self) -> String {
        self.url_of(if matches!(self, Self::Postgresql(_)) { "postgres" } else { "app" })
    }

    pub(crate) fn address(&self) -> Address {
        address(&self.url())
    }

    /// Another database, empty.
    pub(crate) fn fresh(&self, name: &str) -> String {
        if !matches!(self, Self::Sqlite(_)) {
            block(async {
                let mut session = session(&self.address(), Access::Change).await;
                session.execute(&format!("CREATE DATABASE {name}")).await.unwrap();
            });
        }
        self.url_of(name)
    }
}

pub(crate) fn address(url: &str) -> Address {
    Address::parse(url, &Surroundings { folder: Path::new("/"), variable: &|_| None }).unwrap()
}

pub(crate) fn timeouts() -> Timeouts {
    Timeouts {
        connect: Duration::from_secs(10),
        lock: Duration::from_millis(500),
        statement: Some(Duration::from_secs(20)),
    }
}

pub(crate) async fn session(address: &Address, access: Access) -> Session {
    Session::open(address, access, &timeouts()).await.unwrap()
}

pub(crate) async fn open(place: &Place, database: &str) -> Session {
    session(&address(&place.url_of(database)), Access::Change).await
}

/// Runs a future on a runtime of several threads.
pub(crate) fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}
