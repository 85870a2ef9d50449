//! Alembic: its environments, configuration, templates and revision files.

pub mod config;
pub mod environment;
pub mod migration;
mod operations;
mod percent;
pub mod revision;
mod sqlalchemy;
pub mod template;
pub mod write;
