//! Revline held against real Alembic over the corpus of public packages: what both say of each
//! revision, compared and counted.
//!
//! Revline is asked through its command line alone, as a person or a pipeline asks it; Alembic through
//! the scripts in `tests/oracle`. Every judge gives figures and a list of what differs; whether a figure
//! is good enough is decided by [`floors`] and by whoever prints it.

pub mod alter;
pub mod apply;
pub mod asked;
pub mod commands;
pub mod corpus;
pub mod figures;
pub mod floors;
mod gaps;
pub mod ledger;
pub mod live;
pub mod mariadb;
pub mod offline;
pub mod online;
pub mod place;
pub mod program;
pub mod reflection;
pub mod server;
pub mod statements;
pub mod table;

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;

/// The databases that Revline prints SQL for.
pub const DIALECTS: [&str; 2] = ["postgresql", "sqlite"];

/// What the judges work with.
#[derive(Clone, Debug)]
pub struct Tools {
    /// The program under test.
    pub revline: PathBuf,
    /// A Python with Alembic and SQLAlchemy alone: what the offline judge asks.
    pub plain: PathBuf,
    /// A Python that has a PostgreSQL driver too, and what the packages import: what runs migrations.
    pub online: PathBuf,
    /// The unpacked packages.
    pub corpus: PathBuf,
    /// A folder for environments and for Alembic's answers, which are kept there between runs.
    pub work: PathBuf,
    /// A PostgreSQL server on which databases may be made, as SQLAlchemy's URL.
    pub server: Option<String>,
    /// How many processes at once.
    pub jobs: usize,
}

/// Applies `work` to each item on `jobs` threads; the answers in the order of the items, or the first
/// error.
pub fn in_parallel<T: Sync, R: Send>(
    jobs: usize,
    items: &[T],
    work: impl Fn(&T) -> Result<R> + Sync,
) -> Result<Vec<R>> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Result<R>)>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, items.len().max(1)) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(at) else { return };
                    let answer = work(item);
                    done.lock()
                        .unwrap_or_else(std::sync::PoisonError::into_inner)
                        .push((at, answer));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, answer)| answer).collect()
}
