//! The wheel, the hook of pre-commit and the action of GitHub, each as the one who uses it runs it.

use std::path::{Path, PathBuf};
use std::process::Command;

use revline_tests::oracle;
use revline_tests::project::Project;

use super::{git, said, well};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the root").to_path_buf()
}

/// The folder with the programs of the packaging environment beside its interpreter.
fn programs(python: &Path) -> PathBuf {
    python.parent().expect("an interpreter lies in a folder").to_path_buf()
}

/// A command that meets no network, keeps what it stores in the project, and finds these folders alone.
fn shut_in(program: &Path, project: &Project, wheel: &Path, path: &[&Path]) -> Command {
    let mut command = Command::new(program);
    let usual = [Path::new("/usr/local/bin"), Path::new("/usr/bin"), Path::new("/bin")];
    let path = std::env::join_paths(path.iter().chain(&usual)).expect("a path");
    let links = wheel.parent().expect("a wheel lies in a folder");
    command
        .current_dir(project.path("app"))
        .env("PATH", path)
        .env("UV_OFFLINE", "1")
        .env("UV_NO_INDEX", "1")
        .env("UV_FIND_LINKS", links)
        .env("UV_CACHE_DIR", project.path("uv"))
        .env("UV_TOOL_DIR", project.path("uv-tools"))
        .env("UV_PYTHON_DOWNLOADS", "never")
        .env("PIP_NO_INDEX", "1")
        .env("PIP_FIND_LINKS", links)
        .env("PRE_COMMIT_HOME", project.path("pre-commit"))
        .env("HOME", project.root())
        .env("RUNNER_TEMP", project.path("runner"))
        .env("GIT_CONFIG_NOSYSTEM", "1");
    command
}

/// A folder with the sample project in `app`.
fn world() -> Project {
    let world = Project::empty();
    let shop = Project::shop();
    let mut copy = Command::new("cp");
    well(copy.arg("-r").arg(shop.root()).arg(world.path("app")));
    world
}

#[test]
fn uvx_and_pip_run_the_program_of_the_wheel() {
    let (Some(python), Some(wheel)) = (oracle::packaging(), oracle::wheel()) else { return };
    let world = world();
    let programs = programs(&python);
    let uvx = |arguments: &[&str]| {
        said(shut_in(&programs.join("uvx"), &world, &wheel, &[&programs]).args(arguments))
    };
    let (code, printed, told) = uvx(&["revline", "--version"]);
    assert_eq!(
        (code, printed.as_str()),
        (0, concat!("revline ", env!("CARGO_PKG_VERSION"), "\n")),
        "{told}"
    );
    let (code, printed, _) =
        uvx(&["revline", "lint", "--select", "multiple-heads", "--format", "github"]);
    assert_eq!(code, 1);
    assert!(printed.contains("::error title=Revline (multiple-heads)"), "{printed}");
    let environment = world.path("environment");
    well(Command::new(&python).args(["-m", "venv"]).arg(&environment));
    let inside = environment.join("bin");
    well(shut_in(&inside.join("pip"), &world, &wheel, &[]).args(["install", "--quiet", "revline"]));
    let (code, printed, _) =
        said(shut_in(&inside.join("revline"), &world, &wheel, &[]).args(["heads"]));
    assert_eq!(code, 0);
    assert_eq!(printed, "4cb8d2719ea0 (head)\n96f05a3ed8b7 (head)\n");
}

#[test]
fn pre_commit_runs_the_hook_of_this_repository() {
    let (Some(python), Some(wheel)) = (oracle::packaging(), oracle::wheel()) else { return };
    let world = world();
    // What pre-commit would clone.
    let hooks = world.path("revline");
    std::fs::create_dir_all(hooks.join(".ci")).expect("a folder");
    for name in [".pre-commit-hooks.yaml", ".ci/pre-commit", "Cargo.toml"] {
        std::fs::copy(root().join(name), hooks.join(name)).expect("copied");
    }
    git(&hooks, &["init", "-q", "-b", "main"]);
    git(&hooks, &["add", "."]);
    git(&hooks, &["commit", "-q", "-m", "hooks"]);
    let revision = git(&hooks, &["rev-parse", "HEAD"]);
    let config = format!(
        "repos:\n- repo: {}\n  rev: {}\n  hooks:\n  - id: revline-lint\n    args: [--select, multiple-heads]\n",
        hooks.display(),
        revision.trim()
    );
    world.write("app/.pre-commit-config.yaml", &config);
    let app = world.path("app");
    git(&app, &["init", "-q"]);
    git(&app, &["add", "."]);
    let programs = programs(&python);
    let run = || {
        let mut command = shut_in(&programs.join("pre-commit"), &world, &wheel, &[&programs]);
        said(command.args(["run", "--all-files", "--color", "never"]))
    };
    let (code, printed, told) = run();
    assert_eq!(code, 1, "{printed}{told}");
    assert!(printed.contains("revline lint"), "{printed}");
    assert!(printed.contains("error[multiple-heads]"), "{printed}");
    // With the second head gone there is nothing left to complain about.
    let second = std::fs::read_dir(app.join("alembic/versions")).expect("a folder").flatten();
    let second = second
        .map(|entry| entry.path())
        .find(|path| path.to_string_lossy().contains("96f05a3ed8b7"));
    let second = second.expect("the second head");
    git(&app, &["rm", "-q", "-f", &second.to_string_lossy()]);
    let (code, printed, told) = run();
    assert_eq!(code, 0, "{printed}{told}");
    assert!(printed.contains("Passed"), "{printed}");
}

/// Runs the steps of a composite action as GitHub does: its inputs in place of their names, each step in
/// a shell of its own, `GITHUB_PATH` between them.
const ACTION: &str = r#"
import os, re, subprocess, sys
from ruamel.yaml import YAML
action = YAML(typ="safe").load(open(sys.argv[1]))
given = dict(argument.split("=", 1) for argument in sys.argv[2:])
assert set(given) <= set(action["inputs"]), given
inputs = {name: given.get(name, one["default"]) for name, one in action["inputs"].items()}
fill = lambda text: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: inputs[found[1]], text)
os.makedirs(os.environ["RUNNER_TEMP"], exist_ok=True)
path = os.environ["GITHUB_PATH"] = os.path.join(os.environ["RUNNER_TEMP"], "path")
open(path, "w").close()
for step in action["runs"]["steps"]:
    condition = re.fullmatch(r"inputs\.([\w-]+) != ''", step.get("if", "inputs.working-directory != ''"))
    if not inputs[condition[1]]:
        continue
    env = {**os.environ, **{name: fill(text) for name, text in step.get("env", {}).items()}}
    env["PATH"] = os.pathsep.join([*open(path).read().split(), env["PATH"]])
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    ended = subprocess.run(shell, env=env, cwd=fill(step.get("working-directory", ".")))
    if ended.returncode:
        sys.exit(ended.returncode)
"#;

#[test]
fn the_action_annotates_and_writes_sarif() {
    let (Some(python), Some(wheel)) = (oracle::packaging(), oracle::wheel()) else { return };
    let world = world();
    let action = root().join(".github/actions/revline/action.yml");
    let app = world.path("app");
    git(&app, &["init", "-q", "-b", "main"]);
    git(&app, &["add", "."]);
    git(&app, &["commit", "-q", "-m", "shop"]);
    let run = |inputs: &[&str]| {
        let mut command = shut_in(&python, &world, &wheel, &[]);
        said(command.args(["-c", ACTION]).arg(&action).args(inputs))
    };
    let select = "args=--select multiple-heads,'docstring-mismatch'";
    let (code, printed, told) = run(&[select, "sarif-file=out.sarif", "version=0.1.0"]);
    assert_eq!((code, told.as_str()), (1, ""), "{printed}");
    assert!(
        printed.contains("::error title=Revline (multiple-heads),file=alembic/versions/"),
        "{printed}"
    );
    assert!(!printed.contains("missing-downgrade"), "{printed}");
    let sarif = std::fs::read_to_string(app.join("out.sarif")).expect("written");
    assert_eq!(super::json(&sarif)["version"], "2.1.0");
    // Nothing of the branch itself is wrong.
    let (code, printed, told) = run(&["since=main"]);
    assert_eq!((code, printed.as_str(), told.as_str()), (0, "", ""));
    let (code, _, told) = run(&["since=origin/gone"]);
    assert_eq!(code, 2);
    assert!(told.contains("git fetch origin gone"), "{told}");
}

#[test]
fn workflows_and_actions_hold_to_their_schemas() {
    let Some(python) = oracle::packaging() else { return };
    let check = programs(&python).join("check-jsonschema");
    for (schema, file) in [
        ("vendor.github-workflows", ".github/workflows/release.yml"),
        ("vendor.github-actions", ".github/actions/revline/action.yml"),
    ] {
        well(Command::new(&check).args(["--builtin-schema", schema]).arg(root().join(file)));
    }
}

#[test]
fn zizmor_finds_nothing_dangerous_in_them() {
    let Some(python) = oracle::packaging() else { return };
    let mut zizmor = Command::new(programs(&python).join("zizmor"));
    zizmor.args(["--offline", "--no-progress", "--color", "never"]);
    well(zizmor.arg(root().join(".github")));
}

/// Actionlint says what is wrong with each file that is named, a line each; labels of machines aside, of which this
/// build of it knows those of its year alone.
const ACTIONLINT: &str = "
import fs from 'node:fs';
import { createRequire } from 'node:module';
const lint = await createRequire(process.argv[1])('actionlint').createLinter();
for (const file of process.argv.slice(2)) {
  for (const { line, message, kind } of lint(fs.readFileSync(file, 'utf8'), file)) {
    if (kind !== 'runner-label') console.log(`${line}: ${message}`);
  }
}
";

#[test]
fn actionlint_finds_nothing_wrong_with_the_workflow() {
    let Some(node) = oracle::node() else { return };
    let said = |file: &Path| {
        let mut actionlint = Command::new(&node);
        actionlint.args(["--input-type=module", "-e", ACTIONLINT]).arg(&node).arg(file);
        well(&mut actionlint)
    };
    let workflow = root().join(".github/workflows/release.yml");
    assert_eq!(said(&workflow), "");
    // It does look: a matrix without that key, an output of no step, and an input that the action does not have.
    let text = std::fs::read_to_string(&workflow).expect("the workflow");
    let wrong = text.replacen("matrix.target", "matrix.tarjet", 1).replacen(
        "needs: build",
        "needs: built",
        1,
    );
    let project = Project::empty();
    let wrong = said(&project.write("wrong.yml", &wrong));
    assert!(wrong.contains("property \"tarjet\" is not defined"), "{wrong}");
    assert!(wrong.contains("\"built\" which does not exist"), "{wrong}");
}

/// Every script of a workflow or action, as the shell reads it.
const SCRIPTS: &str = r#"
import re, subprocess, sys
from ruamel.yaml import YAML
def scripts(node):
    if isinstance(node, dict):
        if "run" in node and isinstance(node["run"], str):
            yield node["run"]
        node = list(node.values())
    if isinstance(node, list):
        for one in node:
            yield from scripts(one)
count = 0
for path in sys.argv[1:]:
    for script in scripts(YAML(typ="safe").load(open(path))):
        subprocess.run(["bash", "-n"], input=re.sub(r"\$\{\{.*?\}\}", "x", script), text=True, check=True)
        count += 1
print(count)
"#;

#[test]
fn the_shell_understands_every_script_of_them() {
    let Some(python) = oracle::packaging() else { return };
    let files = [".github/workflows/release.yml", ".github/actions/revline/action.yml"];
    let mut read = Command::new(python);
    read.args(["-c", SCRIPTS]).args(files.map(|file| root().join(file)));
    let count: u32 = well(&mut read).trim().parse().expect("a number");
    assert!(count >= 9, "only {count} scripts");
}
