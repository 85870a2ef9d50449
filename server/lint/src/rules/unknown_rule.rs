//! ## What it does
//! Finds the name of a rule that does not exist, in a suppression comment.
//!
//! ## Why is this bad?
//! A typing error in the name makes the comment do nothing.
//!
//! ## Example
//! ```python
//! # versions/a.py
//! """create users"""
//! revision = "a1b2c3d4e5f6"
//! down_revision = None  # revline: ignore[missing-parents]
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
//! Name the rule as `revline rules` lists it.
//!
//! ## References
//! - [Suppressing findings](../suppressions.md)

use crate::{Check, Group, Meta, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Configuration,
    severity: Severity::Warning,
    fix: None,
    check: Check::Machinery,
};
