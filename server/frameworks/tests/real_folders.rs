//! Discovery on a real disk: links, loops, folders that cannot be read, and speed.
#![allow(clippy::disallowed_methods, reason = "the folders are made for the test")]
#![allow(clippy::expect_used, reason = "a folder that cannot be made ends the test")]
#![allow(clippy::print_stdout, reason = "the time is a figure")]
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use revline_frameworks::alembic::config::ConfigDefectKind;
use revline_frameworks::alembic::environment::{Environment, discover, version_files};
use revline_vfs::{Files, RealDisk};

fn project(options: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().canonicalize().expect("a path");
    fs::create_dir_all(root.join("m/versions/sub")).expect("folders");
    let ini = format!("[alembic]\nscript_location = %(here)s/m\npath_separator = os\n{options}");
    fs::write(root.join("alembic.ini"), ini).expect("an ini file");
    fs::write(root.join("m/env.py"), "from alembic import context").expect("an env.py");
    fs::write(root.join("m/versions/a.py"), "").expect("a file");
    (folder, root)
}

fn read(root: &Path) -> (Files, Environment) {
    let files = Files::new(Arc::new(RealDisk));
    let mut found = discover(&files, root, &[]);
    assert_eq!(found.environments.len(), 1, "{:?}", found.notes);
    (files, found.environments.remove(0))
}

fn names(files: &[PathBuf]) -> Vec<String> {
    files
        .iter()
        .map(|path| path.file_name().unwrap_or_default().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn links_to_folders_are_not_entered_and_links_to_files_are_loaded_once() {
    let (_folder, root) = project("recursive_version_locations = true\n");
    let versions = root.join("m/versions");
    symlink(&versions, versions.join("sub/loop")).expect("a link");
    symlink(versions.join("a.py"), versions.join("b.py")).expect("a link");
    symlink(versions.join("nowhere"), versions.join("c.py")).expect("a link");
    fs::write(root.join("other.py"), "").expect("a file");
    symlink(root.join("other.py"), versions.join("f.txt")).expect("a link");
    fs::write(root.join("note.txt"), "").expect("a file");
    symlink(root.join("note.txt"), versions.join("g.py")).expect("a link");
    fs::write(versions.join("sub/d.py"), "").expect("a file");
    fs::write(root.join("elsewhere.py"), "").expect("a file");
    symlink(root.join("elsewhere.py"), versions.join("sub/e.py")).expect("a link");
    let (files, environment) = read(&root);
    let found = version_files(&files, &environment, &Default::default());
    assert_eq!(names(&found.files), ["a.py", "f.txt", "d.py", "e.py"]);
    let messages: Vec<&str> = found.defects.iter().map(|d| d.message.as_str()).collect();
    assert_eq!(messages.len(), 2, "{messages:?}");
    let twice = format!(
        "File {} loaded twice! ignoring. Please ensure version_locations is unique.",
        versions.join("a.py").display()
    );
    assert_eq!(messages[0], twice);
    assert!(messages[1].contains("c.py cannot be read"), "{messages:?}");
}

#[test]
fn a_folder_named_twice_is_read_once() {
    let (_folder, root) = project("version_locations = %(here)s/m/versions:%(here)s/link\n");
    symlink(root.join("m/versions"), root.join("link")).expect("a link");
    let (files, environment) = read(&root);
    assert_eq!(environment.version_dirs.len(), 2);
    let found = version_files(&files, &environment, &Default::default());
    assert_eq!(names(&found.files), ["a.py"]);
    let kinds: Vec<ConfigDefectKind> = found.defects.iter().map(|d| d.kind).collect();
    assert_eq!(kinds, [ConfigDefectKind::LoadedTwice]);
}

#[test]
fn a_folder_that_cannot_be_listed_is_a_defect_and_the_rest_is_read() {
    let (_folder, root) = project("recursive_version_locations = true\n");
    let closed = root.join("m/versions/sub");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).expect("permissions");
    let (files, environment) = read(&root);
    let found = version_files(&files, &environment, &Default::default());
    let readable = fs::read_dir(&closed).is_ok();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).expect("permissions");
    assert_eq!(names(&found.files), ["a.py"]);
    let kinds: Vec<ConfigDefectKind> = found.defects.iter().map(|d| d.kind).collect();
    // The superuser can list every folder.
    assert_eq!(kinds, if readable { Vec::new() } else { vec![ConfigDefectKind::Unreadable] });
}

#[test]
fn ten_thousand_files_are_listed_at_once() {
    let (_folder, root) = project("");
    for number in 0..10_000 {
        fs::write(root.join(format!("m/versions/r{number:05}.py")), "").expect("a file");
    }
    let begin = Instant::now();
    let (files, environment) = read(&root);
    let discovered = begin.elapsed();
    let begin = Instant::now();
    let found = version_files(&files, &environment, &Default::default());
    println!("discovery {discovered:?}, listing {:?}", begin.elapsed());
    assert_eq!(found.files.len(), 10_001);
}
