//! One migration at a time, by a lock that dies with its holder.
//!
//! PostgreSQL and MySQL hold it for a connection of its own, SQLite's is one of the operating system on a file beside
//! the database. Waiting is asking again and again: a PostgreSQL session that waits for an advisory lock holds a
//! snapshot, which CREATE INDEX CONCURRENTLY of the holder would wait for in its turn.

mod file;

use std::time::{Duration, Instant};

use futures_util::future::Either;

use crate::address::{Address, Backend, Target};
use crate::error::{Error, ErrorKind};
use crate::session::{Access, Session, Timeouts};
use crate::text::{fingerprint, literal};

/// The first pause between two questions, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(500));

/// A lock that is held. Dropping it gives it back, and so does the end of the process, however it ends.
#[derive(Debug)]
pub struct Lock {
    held: Held,
}

#[derive(Debug)]
enum Held {
    /// The connection holds it.
    Session(Box<Session>, Question),
    /// The open file holds it.
    File(
        #[expect(dead_code, reason = "it is held, and its end gives the lock back")] file::SideFile,
    ),
    /// A database in memory is nobody else's.
    Nothing,
}

/// How a server is asked.
#[derive(Clone, Debug)]
struct Question {
    /// Keeps the connection from being ended for doing nothing.
    stay: String,
    take: String,
    is_held: String,
    give_back: String,
}

/// Takes the lock of that name in a database. Names that differ do not lock each other out, but on SQLite, which has one
/// for the whole file.
///
/// # Errors
/// [`ErrorKind::Locked`] when `patience` is over, [`ErrorKind::Cancelled`] when `cancel` comes first; [`Error`] as of
/// [`Session::open`].
pub async fn lock(
    address: &Address,
    name: &str,
    timeouts: &Timeouts,
    patience: Duration,
    cancel: impl Future<Output = ()>,
) -> Result<Lock, Error> {
    let taking = std::pin::pin!(take(address, name, timeouts, patience));
    let cancel = std::pin::pin!(cancel);
    match futures_util::future::select(taking, cancel).await {
        Either::Left((taken, _)) => taken,
        Either::Right(_) => {
            Err(Error::new(address, ErrorKind::Cancelled, "while it waited for the lock"))
        }
    }
}

async fn take(
    address: &Address,
    name: &str,
    timeouts: &Timeouts,
    patience: Duration,
) -> Result<Lock, Error> {
    let until = Instant::now() + patience;
    match address.target() {
        Target::Memory => return Ok(Lock { held: Held::Nothing }),
        Target::File(path) => {
            let mut pause = PAUSES.0;
            loop {
                if let Some(file) = file::SideFile::take(address, path)? {
                    return Ok(Lock { held: Held::File(file) });
                }
                wait(address, until, &mut pause).await?;
            }
        }
        _ => {}
    }
    let mut session = Session::open(address, Access::Change, timeouts).await?;
    let question = Question::new(address, name);
    session.run(&question.stay).await?;
    let mut pause = PAUSES.0;
    loop {
        let rows = session.ask(&question.take).await?;
        if rows.first().is_some_and(|row| row.is(0)) {
            return Ok(Lock { held: Held::Session(Box::new(session), question) });
        }
        wait(address, until, &mut pause).await?;
    }
}

/// Sleeps a little longer each time; an error when the time is over.
async fn wait(address: &Address, until: Instant, pause: &mut Duration) -> Result<(), Error> {
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(Error::new(address, ErrorKind::Locked, "another Revline migrates it")
            .with_way_out("wait for it to end; the lock goes when its process does"));
    }
    // Those who began together do not ask together for ever.
    let jitter = 0.75 + fastrand::f64() / 2.0;
    tokio::time::sleep(pause.mul_f64(jitter).min(left)).await;
    *pause = (*pause * 2).min(PAUSES.1);
    Ok(())
}

impl Question {
    fn new(address: &Address, name: &str) -> Self {
        match address.backend() {
            Backend::Mysql => {
                // GET_LOCK's names are the server's, not the database's, and have 64 characters at most.
                let database = address.database().unwrap_or_default();
                let key = fingerprint(&format!("{database}\0{name}"));
                let shown: String = database.chars().take(32).collect();
                let text = literal(Backend::Mysql, &format!("revline:{key:016x}:{shown}"));
                Self {
                    stay: "SET SESSION wait_timeout = 2147483".to_owned(),
                    take: format!("SELECT GET_LOCK({text}, 0)"),
                    is_held: format!("SELECT IS_USED_LOCK({text}) = CONNECTION_ID()"),
                    give_back: format!("SELECT RELEASE_LOCK({text})"),
                }
            }
            _ => {
                // The number is the database's own: another database has another lock of the same number.
                let key = fingerprint(&format!("revline\0{name}")).cast_signed();
                let (high, low) = (key.cast_unsigned() >> 32, key.cast_unsigned() & 0xffff_ffff);
                Self {
                    stay: "SELECT pg_catalog.set_config('idle_session_timeout', '0', false) \
                           FROM pg_catalog.pg_settings WHERE name = 'idle_session_timeout'"
                        .to_owned(),
                    take: format!("SELECT pg_catalog.pg_try_advisory_lock({key})"),
                    is_held: format!(
                        "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_locks WHERE locktype = 'advisory' \
                         AND pid = pg_catalog.pg_backend_pid() AND classid = {high} AND objid = {low} \
                         AND objsubid = 1 AND granted)"
                    ),
                    give_back: format!("SELECT pg_catalog.pg_advisory_unlock({key})"),
                }
            }
        }
    }
}

impl Lock {
    /// Asks whether the lock is still held: a server that was started anew has forgotten it.
    ///
    /// # Errors
    /// [`ErrorKind::Lost`] when it is not.
    pub async fn check(&mut self) -> Result<(), Error> {
        let Held::Session(session, question) = &mut self.held else { return Ok(()) };
        let rows = session.ask(&question.is_held).await.map_err(|error| Error {
            kind: ErrorKind::Lost,
            message: format!("the lock is lost: {}", error.message),
            ..error
        })?;
        if rows.first().is_some_and(|row| row.is(0)) {
            return Ok(());
        }
        Err(Error::new(&session.address, ErrorKind::Lost, "the lock is lost"))
    }

    /// Gives the lock back and waits until the server has it; dropping does not wait.
    pub async fn release(self) {
        if let Held::Session(mut session, question) = self.held {
            // When this fails the connection is gone, and the lock with it.
            drop(session.run(&question.give_back).await);
            session.close().await;
        }
    }
}
