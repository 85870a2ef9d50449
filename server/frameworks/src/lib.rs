//! Adapters: find, read and write migrations.
