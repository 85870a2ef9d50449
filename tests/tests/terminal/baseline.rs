//! `lint --baseline`: what was found when it was written is told no more.

use revline_tests::project::{Project, revision};

use super::revline;

#[test]
fn known_findings_are_not_told_wherever_their_lines_go() {
    let shop = Project::shop();
    let known = ["lint", "--baseline", "ci/revline.json"];
    let (code, _, told) = revline(shop.root(), &known);
    assert_eq!(code, 2);
    assert!(told.contains("--write-baseline makes it"), "{told}");
    let write = ["lint", "--baseline", "ci/revline.json", "--write-baseline"];
    let (code, printed, told) = revline(shop.root(), &write);
    assert_eq!((code, printed.as_str()), (0, ""));
    assert_eq!(told, "revline: 6 findings written to ci/revline.json\n");
    let text = std::fs::read_to_string(shop.path("ci/revline.json")).expect("written");
    assert!(text.contains("../alembic/versions/07e4c85db21f_create_shipments.py"), "{text}");
    let clean =
        "Found nothing in 14 revisions of 1 environment. 6 findings more in the baseline.\n";
    let (code, printed, told) = revline(shop.root(), &known);
    assert_eq!((code, printed.as_str(), told.as_str()), (0, clean, ""));
    let file = shop.revision("a53e1f6bc094");
    let before = std::fs::read_to_string(&file).expect("a revision");
    std::fs::write(&file, before.replace("\n\n\ndef upgrade", "\n\n# more\n\n\ndef upgrade"))
        .expect("written");
    assert_eq!(
        revline(
            &shop.path("alembic"),
            &["lint", "--project", "..", "--baseline", "../ci/revline.json"]
        )
        .0,
        0
    );
}

#[test]
fn a_new_finding_is_told_and_a_mended_one_is_counted() {
    let project = Project::of(&[("a", "None"), ("b", "\"a\"")]);
    let lazy = |id: &str, parent: &str| {
        let drop = format!("op.drop_table(\"t_{id}\")");
        project.write(
            &format!("alembic/versions/{id}.py"),
            &revision(id, id, parent).replace(&drop, "pass"),
        );
    };
    lazy("a", "None");
    revline(project.root(), &["lint", "--baseline", "known.json", "--write-baseline"]);
    lazy("b", "\"a\"");
    let (code, printed, told) =
        revline(project.root(), &["lint", "--baseline", "known.json", "--format", "github"]);
    assert_eq!((code, told.as_str()), (1, ""));
    assert_eq!(printed.lines().count(), 1, "{printed}");
    assert!(printed.contains("file=alembic/versions/b.py"), "{printed}");
    project.write("alembic/versions/a.py", &revision("a", "a", "None"));
    let (_, _, told) = revline(project.root(), &["lint", "--baseline", "known.json"]);
    assert_eq!(
        told,
        "revline: 1 finding of the baseline mended; --write-baseline takes them out\n"
    );
    project.write("known.json", "[]");
    assert_eq!(revline(project.root(), &["lint", "--baseline", "known.json"]).0, 2);
}

#[test]
fn fix_leaves_alone_what_the_baseline_knows() {
    let shop = Project::shop();
    revline(shop.root(), &["lint", "--baseline", "known.json", "--write-baseline"]);
    let (_, printed, _) = revline(shop.root(), &["lint", "--diff", "--baseline", "known.json"]);
    assert_eq!(printed, "");
    let before = std::fs::read_to_string(shop.revision("07e4c85db21f")).expect("a revision");
    revline(shop.root(), &["lint", "--fix", "--baseline", "known.json"]);
    let after = std::fs::read_to_string(shop.revision("07e4c85db21f")).expect("a revision");
    assert_eq!(after, before);
}
