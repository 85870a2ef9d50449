//! Stopping a statement that runs, from another task.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::address::Address;
use crate::error::Error;

use super::{Access, Backend, Session, Timeouts};

/// A handle that stops what its session runs. It outlives the session, and does nothing then.
#[derive(Clone, Debug)]
pub struct Interrupt {
    pub(crate) address: Address,
    pub(crate) timeouts: Timeouts,
    pub(crate) way: Way,
}

#[derive(Clone, Debug)]
pub(crate) enum Way {
    /// SQLite asks this every few thousand steps.
    Flag(Arc<AtomicBool>),
    /// The server knows the session by this number.
    Number(u64),
}

impl Session {
    /// A handle for another task.
    pub fn interrupt(&self) -> Interrupt {
        Interrupt { address: self.address.clone(), timeouts: self.timeouts, way: self.way.clone() }
    }
}

impl Interrupt {
    /// Stops the running statement, which fails with [`crate::ErrorKind::Cancelled`]. Nothing happens where none runs.
    ///
    /// # Errors
    /// [`Error`] when the server cannot be reached to say so.
    pub async fn stop(&self) -> Result<(), Error> {
        let number = match &self.way {
            Way::Flag(flag) => {
                flag.store(true, Ordering::Relaxed);
                return Ok(());
            }
            Way::Number(number) => number,
        };
        let sql = match self.address.backend() {
            Backend::Postgresql => format!("SELECT pg_catalog.pg_cancel_backend({number})"),
            _ => format!("KILL QUERY {number}"),
        };
        let mut session = Session::open(&self.address, Access::Change, &self.timeouts).await?;
        let stopped = session.run(&sql).await;
        session.close().await;
        match stopped {
            // Whoever has gone cannot be stopped.
            Err(error) if error.code.as_deref() == Some("1094") => Ok(()),
            other => other.map(drop),
        }
    }
}
