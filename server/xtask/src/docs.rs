//! `cargo xtask docs`: the pages about the rules, made from the rules' own files, and the page and the schema of the
//! settings, made from the list of their keys.

mod settings;

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context as _, Result};

use crate::paths;

/// Write what is generated in server/docs.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only say which files are not current, and fail where there is one.
    #[arg(long)]
    check: bool,
}

/// Everything that is generated, by its path in server/docs.
fn wanted() -> BTreeMap<String, String> {
    let rules = revline_lint::docs::pages().into_iter();
    let rules = rules.map(|(name, page)| (format!("rules/{name}"), page));
    let own = [
        ("settings.md".to_owned(), settings::page()),
        ("revline.schema.json".to_owned(), settings::schema()),
    ];
    rules.chain(own).collect()
}

pub(crate) fn run(args: &Args) -> Result<bool> {
    let folder = paths::root().join("server/docs");
    fs::create_dir_all(folder.join("rules")).with_context(|| folder.display().to_string())?;
    let wanted = wanted();
    let mut current = true;
    for (name, page) in &wanted {
        let path = folder.join(name);
        // A checkout may have given it the line ends of its platform.
        let known = fs::read_to_string(&path).map(|text| text.replace("\r\n", "\n"));
        if known.is_ok_and(|known| known == *page) {
            continue;
        }
        current = false;
        println!("{}: {name}", if args.check { "not current" } else { "written" });
        if !args.check {
            fs::write(&path, page).with_context(|| path.display().to_string())?;
        }
    }
    for entry in fs::read_dir(folder.join("rules")).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if wanted.contains_key(&format!("rules/{name}")) {
            continue;
        }
        current = false;
        println!("{}: {name}", if args.check { "of no rule" } else { "deleted" });
        if !args.check {
            fs::remove_file(&path).with_context(|| path.display().to_string())?;
        }
    }
    Ok(current || !args.check)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_committed_is_current() {
        let current = run(&Args { check: true }).unwrap_or(false);
        assert!(current, "`cargo xtask docs` writes what is named above");
    }
}
