//! The crate `database` held against SQLAlchemy, Alembic and the usual Python drivers, on SQLite, PostgreSQL and MariaDB.
//!
//! Needed are `REVLINE_ONLINE_PYTHON`, `REVLINE_CORPUS`, `REVLINE_POSTGRES` and `REVLINE_MARIADB`, as `cargo xtask setup`
//! gives them; what is missing is skipped aloud, and fails in CI.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "tests, which start servers and look at files"
)]

mod addresses;
mod failures;
mod locks;
mod oracle;
mod packages;
mod places;
mod sessions;
mod tables;
