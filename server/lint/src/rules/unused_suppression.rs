//! ## What it does
//! Finds a suppression comment that suppresses nothing.
//!
//! ## Why is this bad?
//! The comment says that somebody looked at a problem and accepted it. When the problem is gone, the
//! comment misleads, and it will hide the next one.
//!
//! ## Example
//! ```python
//! # versions/a.py
//! """create users"""
//! revision = "a1b2c3d4e5f6"
//! down_revision = None  # revline: ignore[missing-parent] lives in the other repository
//!
//!
//! def upgrade():
//!     op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
//!
//!
//! def downgrade():
//!     op.drop_table("users")
//! ```
//!
//! ## Use instead
//! ```python
//! # versions/a.py
//! """create users"""
//! revision = "a1b2c3d4e5f6"
//! down_revision = None
//!
//!
//! def upgrade():
//!     op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
//!
//!
//! def downgrade():
//!     op.drop_table("users")
//! ```
//!
//! ## Fix safety
//! The fix takes the comment away, and a rule's name out of one that names several. It is safe.
//!
//! ## References
//! - [Suppressing findings](../suppressions.md)

use crate::{Check, Group, Meta, Safety, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Configuration,
    severity: Severity::Warning,
    fix: Some(Safety::Safe),
    check: Check::Machinery,
};
