//! Adapters: find, read and write migrations.

pub mod alembic;
pub mod dotenv;
pub mod settings;
pub mod tree;
