//! Alembic: its environments, configuration, templates and revision files.

pub mod config;
pub mod environment;
mod percent;
pub mod template;
pub mod write;
