//! A revision that the default branch has shows everything, its advice as hints.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use revline_tests::editors;
use revline_tests::lsp::{Client, of_rule};
use revline_tests::project::{Project, revision};
use serde_json::json;

pub(crate) fn git(folder: &Path, arguments: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.invalid"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("git starts");
    assert!(done.status.success(), "git {arguments:?}: {done:?}");
}

#[test]
fn the_default_branch_is_chosen_among_those_of_the_repository() {
    let project = Project::of(&[("a1", "None"), ("b1", "\"a1\"")]);
    git(project.root(), &["init", "--quiet", "--initial-branch=main"]);
    git(project.root(), &["add", "."]);
    git(project.root(), &["commit", "--quiet", "--message=first"]);
    git(project.root(), &["branch", "release"]);
    git(project.root(), &["update-ref", "refs/remotes/origin/main", "main"]);
    git(project.root(), &["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]);
    git(project.root(), &["rm", "--quiet", "--cached", "alembic/versions/b1.py"]);
    git(project.root(), &["commit", "--quiet", "--message=without"]);
    project.write("alembic/versions/c1.py", &revision("c1", "c1", "\"a1\""));
    let mut client = Client::open(&editors::vscode(), &[project.root()]);
    let branches = |client: &mut Client| {
        let asked = json!({ "command": "revline.branches", "arguments": [{}] });
        client.request("workspace/executeCommand", asked)["branches"].clone()
    };
    let one = |name: &str, chosen: bool| json!({ "name": name, "chosen": chosen });
    assert_eq!(
        branches(&mut client),
        json!([one("main", false), one("release", false), one("origin/main", true)])
    );
    let shared = |client: &mut Client| {
        let asked = json!({ "command": "revline.heads", "arguments": [] });
        let told = client.request("workspace/executeCommand", asked);
        let environment = told["environments"][0].clone();
        let heads = environment["heads"].as_array().expect("heads").clone();
        let heads = heads.iter().map(|head| format!("{} {}", head["revision"], head["shared"]));
        (environment["branch"].clone(), heads.collect::<Vec<_>>())
    };
    let heads = |b1: bool| vec![format!("\"b1\" {b1}"), "\"c1\" false".to_owned()];
    assert_eq!(shared(&mut client), (json!("origin/main"), heads(true)));
    // Chosen otherwise: neither head is on it, and the later one is in error.
    client.settings = json!({ "default-branch": "main" });
    client.notify("workspace/didChangeConfiguration", json!({ "settings": null }));
    let end = Instant::now() + Duration::from_secs(30);
    while shared(&mut client) != (json!("main"), heads(false)) {
        assert!(Instant::now() < end, "the branch counts: {:?}", shared(&mut client));
        client.pump(Duration::from_millis(50), |_| false);
    }
    assert_eq!(
        branches(&mut client),
        json!([one("main", true), one("release", false), one("origin/main", false)])
    );
}

#[test]
fn advice_in_what_the_default_branch_has_is_a_hint() {
    let project = Project::empty();
    project.write("alembic.ini", "[alembic]\nscript_location = %(here)s/alembic\n");
    project.write("alembic/env.py", "");
    let careless = |id: &str, parents: &str| {
        let text = revision(id, id, parents);
        let drop = format!("    op.drop_table(\"t_{id}\")");
        project.write(&format!("alembic/versions/{id}.py"), &text.replace(&drop, "    pass"))
    };
    let old = careless("a1", "None");
    git(project.root(), &["init", "--quiet", "--initial-branch=main"]);
    git(project.root(), &["add", "."]);
    git(project.root(), &["commit", "--quiet", "--message=first"]);
    let fresh = careless("b2", "\"a1\"");
    let mut client = Client::open(&editors::helix(), &[project.root()]);
    for (file, severity) in [(&old, 4), (&fresh, 2)] {
        let found = client.diagnostics(file, |all| !all.is_empty());
        let found = of_rule(&found, "empty-downgrade");
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0]["severity"], severity, "{}", file.display());
    }
}
