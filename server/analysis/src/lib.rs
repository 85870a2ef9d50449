//! The joined model: projects, snapshots, the schema at every revision.
