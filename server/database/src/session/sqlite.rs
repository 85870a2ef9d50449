//! SQLite: the library is in this program, and a session is a file.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::ConnectOptions as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::interrupt::{Watch, Way};
use super::{Access, Connection, Session, Timeouts};
use crate::address::{Address, Target};
use crate::error::{Error, ErrorKind, told};

/// How many steps of SQLite's machine pass between two looks at the watch.
const STEPS: i32 = 4000;

/// Opens the file, or a new database in memory.
pub(super) async fn open(
    address: &Address,
    access: Access,
    timeouts: &Timeouts,
) -> Result<Session, Error> {
    let log = match address.target() {
        Target::File(path) if access == Access::Observe => sleeping_log(path),
        _ => None,
    };
    let mut connection = connect(address, access, timeouts, log.is_some()).await?;
    let watch = Arc::new(Watch::default());
    let asked = Arc::clone(&watch);
    connection
        .lock_handle()
        .await
        .map_err(|error| told(address, &error))?
        .set_progress_handler(STEPS, move || asked.goes_on());
    let connection = Connection::Sqlite(Box::new(connection));
    let product = ("sqlite", "SQLite");
    let mut session =
        Session::new(address, access, timeouts, connection, Way::Watch(watch), product);
    session.log = log;
    // The first look at the file: opening alone does not read it.
    session.ask("PRAGMA schema_version").await?;
    session.greet("SELECT sqlite_version()").await?;
    Ok(session)
}

async fn connect(
    address: &Address,
    access: Access,
    timeouts: &Timeouts,
    sleeps: bool,
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
                .immutable(sleeps)
        }
        _ => options.filename(":memory:").in_memory(true),
    };
    options.connect().await.map_err(|error| told(address, &error))
}

/// The log of a database in WAL mode that nobody has open. Even to read it, SQLite would make that file and another; as
/// long as it is not there the file is as it stands, and can be read so.
fn sleeping_log(path: &Path) -> Option<PathBuf> {
    let mut header = [0; 19];
    std::fs::File::open(path).ok()?.read_exact(&mut header).ok()?;
    let [.., version] = header;
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let log = PathBuf::from(log);
    (version == 2 && !log.exists()).then_some(log)
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
