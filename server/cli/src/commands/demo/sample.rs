//! The sample project, within the program.
#![allow(clippy::disallowed_methods, reason = "a copy of the sample is made, no project is read")]

use std::path::Path;

use anyhow::Context as _;
use include_dir::{Dir, include_dir};

static SHOP: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../fixtures/alembic/shop");

/// Writes the sample into a folder that exists.
pub(super) fn write(folder: &Path) -> anyhow::Result<()> {
    let mut open = vec![&SHOP];
    while let Some(dir) = open.pop() {
        // What Python left beside the sources when this program was built.
        open.extend(dir.dirs().filter(|dir| !dir.path().ends_with("__pycache__")));
        for file in dir.files() {
            let path = folder.join(file.path());
            let parent = path.parent().unwrap_or(folder);
            std::fs::create_dir_all(parent)
                .and_then(|()| std::fs::write(&path, file.contents()))
                .with_context(|| format!("{} cannot be written", path.display()))?;
        }
    }
    Ok(())
}
