//! Where things stand: the repository, the build directory, and the tools' folder inside that.

use std::env;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let manifest = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.ancestors().nth(2).map_or_else(|| manifest.clone(), Path::to_path_buf)
}

/// Cargo's build directory; absolute, as children run in other folders.
pub(crate) fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => env::current_dir().unwrap_or_else(|_| root()).join(dir),
        None => root().join("target"),
    }
}

/// What `setup` fills: `REVLINE_TOOLS`, else a folder of the build directory. It may be deleted at any time.
pub(crate) fn tools() -> PathBuf {
    match env::var_os("REVLINE_TOOLS") {
        Some(dir) => env::current_dir().unwrap_or_else(|_| root()).join(dir),
        None => target().join("revline-tools"),
    }
}

/// The `revline` that `cargo build` makes.
pub(crate) fn revline() -> PathBuf {
    target().join("debug").join(if cfg!(windows) { "revline.exe" } else { "revline" })
}
