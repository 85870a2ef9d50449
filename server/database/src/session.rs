//! One connection to a database, as the usual Python driver would have it.

mod answer;
mod connection;
mod interrupt;
mod mysql;
mod postgresql;
mod sqlite;
mod transaction;
mod version;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::address::{Address, Backend};
use crate::error::{Error, ErrorKind};

pub(crate) use answer::{Answer, Row};
pub(crate) use connection::Connection;
pub use interrupt::{Interrupt, end_session};
pub use transaction::BrokenReference;
pub use version::VersionTable;

/// What a session may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    /// Look and change nothing. A SQLite file is opened read-only and never made.
    Observe,
    /// Change the database. A SQLite file that is not there is made, as Python's driver would.
    Change,
}

/// How long to wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timeouts {
    /// For the connection, from the host's name to the server's greeting.
    pub connect: Duration,
    /// For a lock that another transaction holds.
    pub lock: Duration,
    /// For a statement; `None` as long as it takes.
    pub statement: Option<Duration>,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            lock: Duration::from_secs(5),
            statement: Some(Duration::from_secs(30)),
        }
    }
}

/// What answers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Server {
    /// SQLAlchemy's name of its dialect: `sqlite`, `postgresql`, `mysql`, `mariadb`.
    pub dialect: &'static str,
    /// The product as people call it: `MariaDB`.
    pub product: &'static str,
    /// Its version as it says it.
    pub version: String,
    /// The numbers in front of that.
    pub number: (u32, u32, u32),
}

/// An open connection. Dropping it closes it, and an open transaction is rolled back by the server.
#[derive(Debug)]
pub struct Session {
    pub(crate) address: Address,
    pub(crate) access: Access,
    pub(crate) timeouts: Timeouts,
    pub(crate) connection: Connection,
    pub(crate) server: Server,
    pub(crate) notes: Vec<String>,
    pub(crate) way: interrupt::Way,
    /// A SQLite log that must not come into being while the file is read without it.
    pub(crate) log: Option<PathBuf>,
    /// Why nothing may be asked any more.
    pub(crate) broken: Option<Error>,
}

impl Session {
    /// Connects, and sets back what sqlx sets.
    ///
    /// # Errors
    /// [`Error`] within `timeouts.connect` and a little: nothing answers, no such database, no such user, no such file.
    pub async fn open(
        address: &Address,
        access: Access,
        timeouts: &Timeouts,
    ) -> Result<Self, Error> {
        let opening = async {
            match address.backend() {
                Backend::Sqlite => sqlite::open(address, access, timeouts).await,
                Backend::Postgresql => postgresql::open(address, access, timeouts).await,
                Backend::Mysql => mysql::open(address, access, timeouts).await,
            }
        };
        match tokio::time::timeout(timeouts.connect, opening).await {
            Ok(opened) => opened,
            Err(_) => Err(Error::new(
                address,
                ErrorKind::ServerDown,
                format!(
                    "no answer from {} within {} s",
                    address.place(),
                    timeouts.connect.as_secs_f64()
                ),
            )
            .with_way_out("is the server started, and is the way to it open?")),
        }
    }

    /// Where it is connected to.
    pub const fn address(&self) -> &Address {
        &self.address
    }

    /// What it may do.
    pub const fn access(&self) -> Access {
        self.access
    }

    /// What answers, as it said when the session was opened.
    pub const fn server(&self) -> &Server {
        &self.server
    }

    /// What could not be set as the Python driver would have it, each a sentence.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Runs SQL as the Python driver would, unprepared, and answers how many rows it changed.
    ///
    /// PostgreSQL takes several statements in one text, as psycopg hands them on; SQLite and MySQL refuse them, as
    /// their Python drivers do.
    ///
    /// # Errors
    /// [`Error`] with the server's code and words.
    pub async fn execute(&mut self, sql: &str) -> Result<u64, Error> {
        crate::statement::check_single(self.address.backend(), sql)
            .map_err(|why| Error::new(&self.address, ErrorKind::Statement, why))?;
        Ok(self.run(sql).await?.affected)
    }

    /// The first value that a question gives, as text; `None` for NULL and for no row.
    ///
    /// # Errors
    /// [`Error`] with the server's code and words.
    pub async fn value(&mut self, sql: &str) -> Result<Option<String>, Error> {
        Ok(self.ask(sql).await?.first().and_then(|row| row.owned(0)))
    }

    /// Closes the connection and waits for it; dropping a session does not wait.
    pub async fn close(self) {
        self.connection.close().await;
    }

    /// A session on a new connection, of which nothing has been asked yet. `kind` is the dialect and
    /// the product of the server.
    fn new(
        address: &Address,
        access: Access,
        timeouts: &Timeouts,
        connection: Connection,
        way: interrupt::Way,
        (dialect, product): (&'static str, &'static str),
    ) -> Self {
        Self {
            address: address.clone(),
            access,
            timeouts: *timeouts,
            connection,
            server: Server { dialect, product, version: String::new(), number: (0, 0, 0) },
            notes: Vec::new(),
            way,
            log: None,
            broken: None,
        }
    }

    /// Asks for the server's version, and for the number by which it knows this session where it
    /// has sessions.
    async fn greet(&mut self, question: &str) -> Result<(), Error> {
        let rows = self.ask(question).await?;
        let row = rows.into_iter().next().unwrap_or_default();
        self.server.version = row.text(0);
        self.server.number = version_number(&self.server.version);
        if let interrupt::Way::Number(number) = &mut self.way {
            *number = row.get(1).and_then(|number| number.parse().ok()).unwrap_or_default();
        }
        Ok(())
    }

    pub(crate) const fn backend(&self) -> Backend {
        self.address.backend()
    }

    /// The rows of a question.
    pub(crate) async fn ask(&mut self, sql: &str) -> Result<Vec<Row>, Error> {
        Ok(self.run(sql).await?.rows)
    }

    /// Runs text, and holds the server to the time.
    pub(crate) async fn run(&mut self, sql: &str) -> Result<Answer, Error> {
        if let Some(why) = &self.broken {
            return Err(why.clone());
        }
        if let interrupt::Way::Watch(watch) = &self.way {
            watch.begin(self.timeouts.statement.map(|limit| Instant::now() + limit));
        }
        let running = self.connection.run(sql);
        let answer = match self.timeouts.statement {
            // The server keeps the time itself; this is for one that does not answer at all.
            Some(limit) => {
                let limit = limit + self.timeouts.lock + Duration::from_secs(2);
                tokio::time::timeout(limit, running).await.map_err(|_| ())
            }
            None => Ok(running.await),
        };
        match answer {
            Ok(Ok(answer)) => match &self.log {
                Some(log) if log.exists() => {
                    let error = Error::new(
                        &self.address,
                        ErrorKind::Locked,
                        "a program has begun to write to it",
                    )
                    .with_way_out("look again");
                    self.broken = Some(error.clone());
                    Err(error)
                }
                _ => Ok(answer),
            },
            Ok(Err(error)) => {
                let mut error = crate::error::told(&self.address, &error);
                if matches!(&self.way, interrupt::Way::Watch(watch) if watch.is_late()) {
                    error.kind = ErrorKind::TimedOut;
                    error.way_out = Some("statement-timeout allows more".into());
                }
                if error.kind == ErrorKind::Lost {
                    self.broken = Some(error.clone());
                }
                Err(error)
            }
            Err(()) => {
                let error = Error::new(
                    &self.address,
                    ErrorKind::Lost,
                    "the server does not answer any more",
                );
                self.broken = Some(error.clone());
                Err(error)
            }
        }
    }
}

/// The numbers in front of a version: `15.8 (Debian 15.8-0)` is 15, 8, 0.
pub(crate) fn version_number(version: &str) -> (u32, u32, u32) {
    let end = version.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(version.len());
    let (digits, _) = version.split_at(end);
    let mut numbers = digits.split('.').map(|digits| digits.parse().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    (next(), next(), next())
}
