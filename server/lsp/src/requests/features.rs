//! The requests that only hand over to `ide`. `None` where the file is not ours: then another
//! server's answer stands alone.

use revline_ide::{
    Completion, FilePosition, Found, Highlight, Hover, Inlay, Lens, Link, Neighbour, Renameable,
    RevisionItem, Signature, Symbol,
};
use revline_sql::Shade;
use revline_text::{FileId, Range, SourceChange, Span};

use crate::work::Cancel;
use crate::world::World;

fn ours(world: &World, file: FileId) -> Option<()> {
    world.snapshot.is_revision(file).then_some(())
}

/// `textDocument/hover`.
pub(crate) fn hover(world: &World, at: FilePosition) -> Option<Hover> {
    revline_ide::hover(&world.snapshot, at)
}

/// `textDocument/definition`.
pub(crate) fn definition(world: &World, at: FilePosition) -> Option<Span> {
    revline_ide::definition(&world.snapshot, at)
}

/// `textDocument/references`.
pub(crate) fn references(world: &World, at: FilePosition, with_own: bool) -> Option<Vec<Span>> {
    revline_ide::references(&world.snapshot, at, with_own)
}

/// `textDocument/completion`.
pub(crate) fn completions(world: &World, at: FilePosition) -> Vec<Completion> {
    revline_ide::completions(&world.snapshot, at)
}

/// `textDocument/documentHighlight`.
pub(crate) fn highlights(world: &World, at: FilePosition) -> Vec<Highlight> {
    revline_ide::highlights(&world.snapshot, at)
}

/// `textDocument/signatureHelp`.
pub(crate) fn signature(world: &World, at: FilePosition) -> Option<Signature> {
    revline_ide::signature(&world.snapshot, at)
}

/// `textDocument/inlayHint`, where the person wants them.
pub(crate) fn inlays(world: &World, file: FileId, within: Range) -> Option<Vec<Inlay>> {
    ours(world, file).filter(|()| world.inlay_hints)?;
    Some(revline_ide::inlays(&world.snapshot, file, within))
}

/// `textDocument/prepareRename`.
pub(crate) fn prepare_rename(world: &World, at: FilePosition) -> Option<Renameable> {
    revline_ide::prepare_rename(&world.snapshot, at)
}

/// `textDocument/rename`.
pub(crate) fn rename(world: &World, at: FilePosition, name: &str) -> Result<SourceChange, String> {
    revline_ide::rename(&world.snapshot, at, name)
}

/// `textDocument/documentSymbol`.
pub(crate) fn symbols(world: &World, file: FileId) -> Option<Vec<Symbol>> {
    ours(world, file).map(|()| revline_ide::symbols(&world.snapshot, file))
}

/// `textDocument/codeLens`.
pub(crate) fn lenses(world: &World, file: FileId) -> Option<Vec<Lens>> {
    ours(world, file).map(|()| revline_ide::lenses(&world.snapshot, file))
}

/// `textDocument/documentLink`.
pub(crate) fn links(world: &World, file: FileId) -> Option<Vec<Link>> {
    ours(world, file).map(|()| revline_ide::links(&world.snapshot, file))
}

/// `textDocument/semanticTokens`.
pub(crate) fn sql_tokens(
    world: &World,
    file: FileId,
    within: Range,
) -> Option<Vec<(Range, Shade)>> {
    ours(world, file).map(|()| revline_ide::sql_tokens(&world.snapshot, file, within))
}

/// `workspace/symbol`.
pub(crate) fn workspace_symbols(world: &World, query: &str, cancel: &Cancel) -> Vec<Found> {
    revline_ide::workspace_symbols(&world.snapshot, query, &|| cancel.is_set())
}

/// `textDocument/prepareCallHierarchy`.
pub(crate) fn revision_item(world: &World, at: FilePosition) -> Option<RevisionItem> {
    revline_ide::revision_item(&world.snapshot, at)
}

/// `callHierarchy/incomingCalls`.
pub(crate) fn standing_on(world: &World, environment: &str, id: &str) -> Option<Vec<Neighbour>> {
    revline_ide::standing_on(&world.snapshot, environment, id)
}

/// `callHierarchy/outgoingCalls`.
pub(crate) fn stood_on(world: &World, environment: &str, id: &str) -> Option<Vec<Neighbour>> {
    revline_ide::stood_on(&world.snapshot, environment, id)
}
