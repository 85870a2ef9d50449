//! Dialects, and operations rendered as SQL.
