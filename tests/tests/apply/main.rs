//! The commands that ask and change a database, on real databases, beside real Alembic.
//!
//! Real Alembic is in `REVLINE_ORACLE_PYTHON` and `REVLINE_ONLINE_PYTHON`, PostgreSQL in `REVLINE_POSTGRES`, the packages
//! in `REVLINE_CORPUS`, as `cargo xtask setup` gives them; without one of them its tests are skipped aloud, and fail in CI.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "tests start programs and write files"
)]

mod alembic;
mod answers;
mod asked;
mod beside;
mod failures;
mod frameworks;
mod hooks;
mod kills;
mod many;
mod runners;
mod traced;
mod trust;
mod world;
