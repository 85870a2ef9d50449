//! `cargo xtask docs`: the pages about the rules, made from the rules' own files.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context as _, Result};

use crate::paths;

/// Write the pages in server/docs/rules.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only say which pages are not current, and fail where there is one.
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(args: &Args) -> Result<bool> {
    let folder = paths::root().join("server/docs/rules");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let wanted: BTreeMap<String, String> = revline_lint::docs::pages().into_iter().collect();
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
    for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if wanted.contains_key(&*name) {
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
