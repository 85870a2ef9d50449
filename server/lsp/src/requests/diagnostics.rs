//! `textDocument/diagnostic`.

use std::sync::Arc;

use revline_lint::Finding;
use revline_text::FileId;

use crate::world::World;

/// The findings of a file as it stands now, as an editor shows them.
pub(crate) fn diagnostics(world: &World, file: FileId) -> Arc<Vec<Finding>> {
    revline_ide::in_editor(&world.snapshot, file, world.findings.of(&world.snapshot, file))
}
