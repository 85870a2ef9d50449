//! SQLite: the library is in this program, and a session is a file.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::ConnectOptions as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::interrupt::Way;
use super::{Access, Connection, Server, Session, Timeouts};
use crate::address::{Address, Target};
use crate::error::{Error, ErrorKind, told};

/// How many steps of SQLite's machine pass between two looks at the flag and the clock.
const STEPS: i32 = 4000;

/// Opens the file, or a new database in memory.
pub(super) async fn open(
    address: &Address,
    access: Access,
    timeouts: &Timeouts,
) -> Result<Session, Error> {
    let mut connection = connect(address, access, timeouts).await?;
    let flag = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&flag);
    connection
        .lock_handle()
        .await
        .map_err(|error| told(address, &error))?
        .set_progress_handler(STEPS, move || !asked.swap(false, Ordering::Relaxed));
    let mut session = Session {
        address: address.clone(),
        access,
        timeouts: *timeouts,
        connection: Connection::Sqlite(Box::new(connection)),
        server: Server {
            dialect: "sqlite",
            product: "SQLite",
            version: String::new(),
            number: (0, 0, 0),
        },
        notes: Vec::new(),
        way: Way::Flag(flag),
        broken: None,
    };
    // The first look at the file: opening alone does not read it.
    session.ask("PRAGMA schema_version").await?;
    let version = session.ask("SELECT sqlite_version()").await?;
    session.server.version = version.first().map(|row| row.text(0)).unwrap_or_default();
    session.server.number = super::version_number(&session.server.version);
    Ok(session)
}

async fn connect(
    address: &Address,
    access: Access,
    timeouts: &Timeouts,
) -> Result<SqliteConnection, Error> {
    // Python's driver leaves foreign keys off, as SQLite does; sqlx turns them on.
    let options = SqliteConnectOptions::new()
        .foreign_keys(false)
        .busy_timeout(timeouts.lock.min(Duration::from_secs(86_400)))
        .disable_statement_logging();
    let options = match address.target() {
        Target::File(path) => {
            let creates = access == Access::Change && !address.never_creates && !address.read_only;
            check(address, path, creates)?;
            options
                .filename(path)
                .read_only(access == Access::Observe || address.read_only)
                .create_if_missing(creates)
        }
        _ => options.filename(":memory:").in_memory(true),
    };
    options.connect().await.map_err(|error| told(address, &error))
}

/// SQLite says «unable to open database file» for everything; the reason is told here.
fn check(address: &Address, path: &Path, creates: bool) -> Result<(), Error> {
    let failed = |kind, message: String| Error::new(address, kind, message);
    match path.metadata() {
        Ok(found) if found.is_dir() => {
            Err(failed(ErrorKind::NotADatabase, format!("{} is a folder", path.display())))
        }
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let folder = path.parent().unwrap_or(Path::new("/"));
            if !folder.is_dir() {
                return Err(failed(
                    ErrorKind::NoFile,
                    format!("the folder {} does not exist", folder.display()),
                )
                .with_way_out("make the folder, or mend the URL"));
            }
            if creates {
                return Ok(());
            }
            Err(failed(ErrorKind::NoFile, format!("{} does not exist", path.display()))
                .with_way_out("nothing is applied yet; `revline upgrade` makes the file"))
        }
        Err(error) => Err(failed(ErrorKind::NotAllowed, format!("{}: {error}", path.display()))),
    }
}
