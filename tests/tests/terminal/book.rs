//! Every command that a page of the documentation shows, run in the shell on the sample project.

use std::path::Path;
use std::process::Command;

use revline_tests::lsp::program;
use revline_tests::oracle;
use revline_tests::project::Project;

use super::{git, said};

/// The pages whose commands are meant for a project; what they build or install others try.
const PAGES: [&str; 7] = [
    "README.md",
    "server/docs/getting-started.md",
    "server/docs/command-line.md",
    "server/docs/ci.md",
    "server/docs/how-it-knows.md",
    "server/docs/troubleshooting.md",
    "server/cli/README.md",
];

/// A command and what the page says that it prints, where it says so.
struct Shown {
    command: String,
    prints: Option<String>,
}

/// The commands of a page: each line of a `sh` block, and each `$ ` line of a `console` block with what follows it.
fn shown(page: &str) -> Vec<Shown> {
    let mut found: Vec<Shown> = Vec::new();
    let mut block = None;
    for line in page.lines() {
        match (block, line) {
            (None, "```sh") => block = Some("sh"),
            (None, "```console") => block = Some("console"),
            (Some(_), "```") => block = None,
            (Some("sh"), line) => {
                let command = line.split(" #").next().unwrap_or_default().trim();
                found.push(Shown { command: command.to_owned(), prints: None });
            }
            (Some(_), line) => match (line.strip_prefix("$ "), found.last_mut()) {
                (Some(command), _) => {
                    found.push(Shown { command: command.to_owned(), prints: Some(String::new()) });
                }
                (None, Some(Shown { prints: Some(prints), .. })) => {
                    prints.push_str(line);
                    prints.push('\n');
                }
                (None, _) => {}
            },
            _ => {}
        }
    }
    found.retain(|one| one.command.starts_with("revline "));
    found
}

/// A home with the sample project in a git repository that has a remote, and a database of its own.
fn world() -> Option<(Project, std::path::PathBuf)> {
    let python = oracle::python()?;
    let home = Project::shop();
    let settings =
        format!("[database]\nurl = \"sqlite:///dev.db\"\npython = \"{}\"\n", python.display());
    home.write("revline.toml", &settings);
    git(home.root(), &["init", "-q", "-b", "main"]);
    git(home.root(), &["add", "."]);
    git(home.root(), &["commit", "-q", "-m", "all"]);
    git(home.root(), &["update-ref", "refs/remotes/origin/main", "main"]);
    for folder in
        ["bin", ".local/share/bash-completion/completions", ".zfunc", ".config/fish/completions"]
    {
        std::fs::create_dir_all(home.path(folder)).expect("a folder");
    }
    std::os::unix::fs::symlink(program(), home.path("bin/revline")).expect("a link");
    Some((home, python))
}

#[test]
fn every_command_of_the_documentation_runs_and_prints_what_the_page_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the root");
    let mut ran = 0;
    for page in PAGES {
        let Some((home, _)) = world() else { return };
        let text = std::fs::read_to_string(root.join(page)).expect("a page");
        for Shown { command, prints } in shown(&text) {
            // Nobody is there to agree to a plan, and SQLite cannot run all of the sample.
            let agreed = if command.starts_with("revline upgrade") { " --dry-run" } else { "" };
            let mut shell = Command::new("bash");
            shell.args(["--norc", "-c", &format!("{command}{agreed}")]);
            shell.current_dir(home.root()).env("HOME", home.root()).env_remove("ALEMBIC_CONFIG");
            let path = format!("{}:/usr/bin:/bin", home.path("bin").display());
            let (code, printed, told) = said(shell.env("PATH", path).env_remove("XDG_CONFIG_HOME"));
            // 1 is what `lint` and `status` say of a project with two heads and a database that lags behind.
            let is_well = code == 0 || code == 1 && told.is_empty();
            let lags = told.contains("Target database is not up to date");
            let is_well = is_well || command == "revline check" && lags;
            assert!(is_well, "{page}: {command}: {code}\n{printed}{told}");
            if let Some(prints) = prints {
                assert_eq!(printed, prints, "{page}: {command}");
            }
            ran += 1;
        }
    }
    assert!(ran >= 25, "only {ran} commands");
}
