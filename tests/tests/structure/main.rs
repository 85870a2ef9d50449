//! The shape of the source tree, held by tests: which crate may import which, and what a tidy file is.
#![allow(clippy::expect_used, reason = "a test of the tree fails where the tree cannot be read")]
#![allow(
    clippy::disallowed_methods,
    reason = "the tree itself is read, not a project through the server's disk"
)]

use std::path::{Path, PathBuf};

mod floors;
mod grammars;
mod tidy;

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ stands in the root").to_path_buf()
}
