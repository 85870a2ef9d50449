//! A revision that the default branch has shows everything, its advice as hints.

use std::path::Path;
use std::process::Command;

use revline_tests::editors;
use revline_tests::lsp::{Client, of_rule};
use revline_tests::project::{Project, revision};

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
