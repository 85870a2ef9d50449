//! `lint --since`: what a branch brings, and nothing older.

use revline_tests::project::{Project, revision};

use super::{git, revline};

fn commit(project: &Project, message: &str) {
    git(project.root(), &["add", "."]);
    git(project.root(), &["commit", "-q", "-m", message]);
}

#[test]
fn old_findings_are_left_out_and_those_of_the_branch_are_told() {
    let project = Project::of(&[("a", "None"), ("b", "\"a\"")]);
    project.write(
        "alembic/versions/b.py",
        &revision("b", "b", "\"a\"").replace("op.drop_table(\"t_b\")", "pass"),
    );
    git(project.root(), &["init", "-q", "-b", "main"]);
    commit(&project, "base");
    git(project.root(), &["switch", "-q", "-c", "feature"]);
    let new = revision("c", "c", "\"b\"").replace("op.drop_table(\"t_c\")", "pass");
    project.write("alembic/versions/c.py", &new);
    let rules = |arguments: &[&str]| -> Vec<String> {
        let (_, printed, told) = revline(project.root(), arguments);
        assert_eq!(told, "");
        let found = super::json(&printed);
        let found = found.as_array().expect("an array").clone();
        found.iter().map(|one| format!("{}: {}", one["file"], one["rule"])).collect()
    };
    let all = rules(&["lint", "--format", "json"]);
    assert_eq!(
        all,
        [
            "\"alembic/versions/b.py\": \"empty-downgrade\"",
            "\"alembic/versions/c.py\": \"empty-downgrade\"",
        ]
    );
    let new = ["\"alembic/versions/c.py\": \"empty-downgrade\""];
    assert_eq!(rules(&["lint", "--format", "json", "--since", "main"]), new);
    // Without a name it is the branch that everybody shares: by its usual name, and by the settings.
    assert_eq!(rules(&["lint", "--format", "json", "--since"]), new);
    git(project.root(), &["branch", "-q", "-m", "main", "trunk"]);
    let (code, _, told) = revline(project.root(), &["lint", "--since"]);
    assert_eq!(
        (code, told.as_str()),
        (2, "revline: --since: no default branch is known; name one, or set `default-branch`\n")
    );
    project.write("revline.toml", "default-branch = \"trunk\"\n");
    assert_eq!(rules(&["lint", "--format", "json", "--since"]), new);
    git(project.root(), &["branch", "-q", "-m", "trunk", "main"]);
    std::fs::remove_file(project.path("revline.toml")).expect("it was written");
    commit(&project, "committed, it is still the branch's");
    assert_eq!(rules(&["lint", "--format", "json", "--since", "main"]), new);
    let (code, printed, _) = revline(project.root(), &["lint", "--since", "HEAD"]);
    assert_eq!((code, printed.as_str()), (0, "Found nothing in 0 revisions of 0 environments.\n"));
}

#[test]
fn without_a_merge_base_it_cannot_run_and_says_what_helps() {
    let project = Project::of(&[("a", "None")]);
    let since = |reference: &str| revline(project.root(), &["lint", "--since", reference]);
    let (code, printed, told) = since("main");
    assert_eq!((code, printed.as_str()), (2, ""));
    assert!(told.contains("no git repository"), "{told}");
    git(project.root(), &["init", "-q", "-b", "main"]);
    commit(&project, "base");
    let (code, _, told) = since("origin/release");
    assert_eq!(code, 2);
    assert_eq!(
        told,
        "revline: --since origin/release: git knows no commit origin/release; `git fetch origin \
         release` brings a branch\n"
    );
    git(project.root(), &["switch", "-q", "--orphan", "alone"]);
    git(project.root(), &["commit", "-q", "--allow-empty", "-m", "alone"]);
    git(project.root(), &["checkout", "-q", "main", "--", "."]);
    let (code, _, told) = since("main");
    assert_eq!(code, 2);
    assert!(told.contains("have no commit in common; name a branch"), "{told}");
}
