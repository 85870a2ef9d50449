//! The databases of a project: connect, observe, lock, execute. The only network of Revline.
//!
//! What it sees is told as SQLAlchemy's inspector tells it, and what it does to the version table is what Alembic
//! does, since a person's other tools are those. It refuses to decide: whether a database may be opened is asked
//! before an [`Address`] gets here, and which statements run is the business of `apply`.
//!
//! Credentials stay in [`Address`]: nothing here prints them, and no [`Error`] carries them.

#![allow(
    clippy::disallowed_methods,
    reason = "a SQLite database and its lock are files, and this crate is their door"
)]

mod address;
mod error;
mod left;
pub mod live;
mod lock;
mod reflection;
mod session;
mod statement;
mod text;

pub use address::{Address, AddressError, Backend, Host, Surroundings, Target, Url};
pub use error::{Error, ErrorKind};
pub use left::LeftOver;
pub use lock::{Lock, lock};
pub use session::{
    Access, BrokenReference, Interrupt, Server, Session, Timeouts, VersionTable, end_session,
};
