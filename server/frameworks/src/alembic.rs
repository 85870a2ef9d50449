//! Alembic: its environments, configuration, templates and revision files.

pub mod config;
mod effects;
pub mod env_py;
pub mod environment;
pub mod flask_migrate;
pub mod migration;
mod operations;
pub mod packages;
mod percent;
pub mod revision;
mod sqlalchemy;
pub mod template;
pub mod write;
