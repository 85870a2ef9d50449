//! An operating-system lock on a file beside a SQLite database.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::address::Address;
use crate::error::{Error, ErrorKind};

/// What follows the database's name.
const SUFFIX: &str = ".revline-lock";

/// The locked file; it is deleted when the lock is given back, and stays unlocked when the holder dies.
#[derive(Debug)]
pub(super) struct SideFile {
    file: File,
    path: PathBuf,
}

impl SideFile {
    /// Takes the lock of the database at `path`; `None` while somebody else holds it.
    pub(super) fn take(address: &Address, path: &Path) -> Result<Option<Self>, Error> {
        let failed = |error: std::io::Error, path: &Path| {
            let kind = match error.kind() {
                std::io::ErrorKind::NotFound => ErrorKind::NoFile,
                std::io::ErrorKind::StorageFull => ErrorKind::DiskFull,
                _ => ErrorKind::ReadOnly,
            };
            let message = format!("its lock {} cannot be made: {error}", path.display());
            Error::new(address, kind, message)
                .with_way_out("look at the rights of the database's folder")
        };
        let path = beside(path);
        loop {
            let file = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)
                .map_err(|error| failed(error, &path))?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(failed(error, &path)),
            }
            // Its last holder may have deleted it between the opening and the lock: this one locks out nobody then.
            if is_there(&file, &path) {
                return Ok(Some(Self { file, path }));
            }
        }
    }
}

impl Drop for SideFile {
    fn drop(&mut self) {
        // First the name, then the lock: whoever opened it before finds that it is not there any more.
        if cfg!(unix) {
            drop(std::fs::remove_file(&self.path));
        }
        drop(self.file.unlock());
    }
}

/// The side file of a database by whatever name it is reached.
fn beside(path: &Path) -> PathBuf {
    let real = path.canonicalize().or_else(|_| {
        let folder = path.parent().unwrap_or(Path::new("/")).canonicalize()?;
        Ok::<_, std::io::Error>(folder.join(path.file_name().unwrap_or_default()))
    });
    let mut name = real.unwrap_or_else(|_| path.to_path_buf()).into_os_string();
    name.push(SUFFIX);
    name.into()
}

#[cfg(unix)]
fn is_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (file.metadata(), path.metadata()) {
        (Ok(opened), Ok(named)) => (opened.dev(), opened.ino()) == (named.dev(), named.ino()),
        _ => false,
    }
}

/// Elsewhere it is never deleted.
#[cfg(not(unix))]
fn is_there(_: &File, _: &Path) -> bool {
    true
}
