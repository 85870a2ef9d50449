//! Crates stand on floors, and import only from lower ones and only along the arrows of `server/ARCHITECTURE.md`.

use std::collections::BTreeMap;

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

use super::root;

/// What every higher floor may name.
const VOCABULARY: &[&str] = &["text", "history", "schema", "sql"];

/// Each crate of the product: its floor, and the arrows beyond the vocabulary.
const FLOORS: &[(&str, u8, &[&str])] = &[
    ("text", 0, &[]),
    ("vfs", 1, &[]),
    ("process", 1, &[]),
    ("python", 1, &[]),
    ("history", 1, &[]),
    ("schema", 1, &[]),
    ("sql", 2, &[]),
    ("models", 2, &["python"]),
    ("frameworks", 3, &["python", "vfs"]),
    ("database", 3, &[]),
    ("analysis", 4, &["frameworks", "models", "python", "vfs"]),
    ("lint", 5, &["analysis", "python"]),
    ("apply", 5, &["analysis", "database", "process"]),
    ("ide", 6, &["lint", "analysis", "python"]),
    ("lsp", 7, &["ide", "lint", "analysis", "apply", "vfs"]),
    (
        "cli",
        8,
        &[
            "vfs",
            "process",
            "python",
            "models",
            "frameworks",
            "database",
            "analysis",
            "lint",
            "apply",
            "ide",
            "lsp",
        ],
    ),
];

/// Packages that are not part of the product: they may import what they need.
const DEVELOPMENT: &[&str] = &["fixture", "xtask", "tests"];

/// Who may import what is heavy, or what marks an edge: async, JSON, LSP, `anyhow`.
const OWNERS: &[(&str, &[&str])] = &[
    ("anyhow", &["lsp", "cli"]),
    ("clap", &["cli"]),
    ("dashmap", &["analysis"]),
    ("gix", &["vfs"]),
    ("ignore", &["vfs"]),
    ("process-wrap", &["process"]),
    ("ropey", &["text"]),
    ("serde_json", &["lsp", "cli"]),
    ("sqlite3-parser", &["sql"]),
    ("sqlparser", &["sql"]),
    ("sqlx", &["database"]),
    ("tokio", &["database", "process", "apply", "lsp", "cli"]),
    ("toml", &["frameworks"]),
    ("tower-lsp", &["lsp"]),
    ("tower-lsp-server", &["lsp"]),
    ("tree-sitter", &["python"]),
    ("tree-sitter-python", &["python"]),
];

/// `revline-text` is `text`; the binary package `revline` is `cli`.
fn short(package: &str) -> &str {
    if package == "revline" { "cli" } else { package.strip_prefix("revline-").unwrap_or(package) }
}

fn workspace() -> Vec<Package> {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec();
    metadata.expect("cargo metadata reads the workspace").packages
}

/// Why a crate of the product may not import this one, if it may not.
fn objection(from: &str, to: &str) -> Option<String> {
    let floors: BTreeMap<_, _> =
        FLOORS.iter().map(|(name, floor, arrows)| (*name, (*floor, *arrows))).collect();
    let (Some((from_floor, arrows)), Some((to_floor, _))) = (floors.get(from), floors.get(to))
    else {
        return Some(format!("{from} -> {to}: one of them stands on no floor"));
    };
    if to_floor >= from_floor {
        return Some(format!(
            "{from} (floor {from_floor}) -> {to} (floor {to_floor}): not a lower floor"
        ));
    }
    if !VOCABULARY.contains(&to) && !arrows.contains(&to) {
        return Some(format!("{from} -> {to}: there is no such arrow"));
    }
    None
}

#[test]
fn crates_import_from_lower_floors_along_the_arrows() {
    let mut found = Vec::new();
    let mut seen = 0;
    for package in workspace() {
        let from = short(&package.name);
        if DEVELOPMENT.contains(&from) {
            continue;
        }
        seen += 1;
        if !FLOORS.iter().any(|(name, ..)| *name == from) {
            found.push(format!("{from} stands on no floor"));
        }
        for dependency in package.dependencies.iter().filter(|dependency| dependency.path.is_some())
        {
            let to = short(&dependency.name);
            // Tests may be written with text fixtures, and on a disk in memory, everywhere.
            let in_tests = dependency.kind == DependencyKind::Development;
            if in_tests && matches!(to, "fixture" | "vfs") {
                continue;
            }
            found.extend(objection(from, to));
        }
    }
    assert!(seen >= 10, "only {seen} crates of the product were found");
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn heavy_dependencies_stay_with_their_owner() {
    let owners: BTreeMap<_, _> = OWNERS.iter().copied().collect();
    let mut found = Vec::new();
    for package in workspace() {
        let crate_name = short(&package.name);
        if DEVELOPMENT.contains(&crate_name) {
            continue;
        }
        for dependency in &package.dependencies {
            if dependency.kind == DependencyKind::Development {
                continue;
            }
            if let Some(allowed) = owners.get(dependency.name.as_str())
                && !allowed.contains(&crate_name)
            {
                found.push(format!(
                    "{crate_name} imports {}, which belongs to {}",
                    dependency.name,
                    allowed.join(", ")
                ));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn the_table_objects_to_what_the_architecture_forbids() {
    assert_eq!(objection("lint", "analysis"), None);
    assert_eq!(objection("cli", "database"), None);
    assert_eq!(
        objection("ide", "database").as_deref(),
        Some("ide -> database: there is no such arrow")
    );
    assert_eq!(
        objection("history", "schema").as_deref(),
        Some("history (floor 1) -> schema (floor 1): not a lower floor")
    );
    assert_eq!(
        objection("analysis", "new").as_deref(),
        Some("analysis -> new: one of them stands on no floor")
    );
}
