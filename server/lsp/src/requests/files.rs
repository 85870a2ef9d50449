//! `workspace/willDeleteFiles` and `workspace/didRenameFiles`: what is lost when revision files go.

use std::path::PathBuf;

use revline_text::FileId;

use crate::world::World;

/// What to warn of before these files and folders are deleted.
pub(crate) fn deleting(world: &World, paths: &[PathBuf]) -> Vec<String> {
    let snapshot = &world.snapshot;
    let files: Vec<FileId> =
        paths.iter().flat_map(|path| revline_ide::revision_files(snapshot, path)).collect();
    revline_ide::leaving(snapshot, &files)
}

/// What to warn of when these files and folders got other names. A file that stays a revision stays
/// the same one: its identifier is not its name.
pub(crate) fn renaming(world: &World, moves: &[(PathBuf, PathBuf)]) -> Vec<String> {
    let snapshot = &world.snapshot;
    let mut gone: Vec<FileId> = Vec::new();
    for (from, to) in moves {
        for file in revline_ide::revision_files(snapshot, from) {
            let path = snapshot.files().path(file);
            let target = match path.strip_prefix(from) {
                Ok(below) if !below.as_os_str().is_empty() => to.join(below),
                _ => to.clone(),
            };
            if !revline_ide::stays_a_revision(snapshot, file, &target) {
                gone.push(file);
            }
        }
    }
    revline_ide::leaving(snapshot, &gone)
}
