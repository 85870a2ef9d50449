//! `revline graph` in each of its forms.

use std::time::{Duration, Instant};

use revline_tests::project::{Project, revision};

use super::{json, revline};

/// A fork, a merge, a label, a dependency and a parent that is not there.
fn world() -> Project {
    let project = Project::of(&[
        ("a1", "None"),
        ("b1", "\"a1\""),
        ("b2", "\"b1\""),
        ("c1", "\"a1\""),
        ("d1", "(\"b2\", \"c1\")"),
        ("x1", "\"gone\""),
    ]);
    let labelled = revision("c1", "say \"c\" & <go>", "\"a1\"")
        .replace("branch_labels = None", "branch_labels = (\"billing\",)")
        .replace("\"\"\"say \"c\" & <go>\"\"\"", "'''say \"c\" & <go>'''");
    project.write("alembic/versions/c1.py", &labelled);
    project
}

#[test]
fn text_has_lanes_and_marks() {
    let (code, printed, told) = revline(world().root(), &["graph"]);
    assert_eq!((code, told.as_str()), (0, ""));
    assert_eq!(
        printed,
        "\
◉  d1  d1  (head, merge)
├─╮
● │  b2  b2
● │  b1  b1
│ ●  c1  say \"c\" & <go>  (label billing)
├─╯
│ ◉  x1  x1  (head, missing gone)  ! error: missing-parent
●  a1  a1  (branch point, base)
"
    );
    let (_, printed, _) = revline(world().root(), &["graph", "--ascii"]);
    assert!(printed.is_ascii(), "{printed}");
}

#[test]
fn a_range_says_what_it_leaves_out() {
    let project =
        Project::of(&[("a1", "None"), ("b1", "\"a1\""), ("c1", "\"b1\""), ("d1", "\"c1\"")]);
    let (code, printed, _) = revline(project.root(), &["graph", "-r", "b1:c1"]);
    assert_eq!((code, printed.as_str()), (0, "●  c1  c1\n●  b1  b1  (not shown: a1)\n"));
    let (code, printed, _) = revline(project.root(), &["graph", "-r", "nowhere:"]);
    assert_eq!(
        (code, printed.as_str()),
        (255, "FAILED: Can't locate revision identified by 'nowhere'\n")
    );
    let (code, _, told) = revline(project.root(), &["graph", "-r", "current:"]);
    assert_eq!(code, 1);
    assert!(told.contains("no database: "), "the current revision is asked of a database: {told}");
}

#[test]
fn mermaid_dot_and_svg_escape_what_people_write() {
    let world = world();
    let (_, mermaid, _) = revline(world.root(), &["graph", "--format", "mermaid"]);
    assert!(mermaid.starts_with("flowchart BT\n"), "{mermaid}");
    assert!(
        mermaid.contains("[\"c1 (billing)<br/>say #quot;c#quot; #amp; #lt;go#gt;\"]"),
        "{mermaid}"
    );
    let (_, dot, _) = revline(world.root(), &["graph", "--format", "dot"]);
    assert!(dot.contains("[label=\"c1 (billing)\\nsay \\\"c\\\" & <go>\"]"), "{dot}");
    let (_, svg, _) = revline(world.root(), &["graph", "--format", "svg"]);
    assert!(svg.contains("say &quot;c&quot; &amp; &lt;go&gt;"), "{svg}");
    assert_eq!(svg.matches("<circle").count(), 6);
    assert_eq!(svg.matches("<path").count(), 5);
}

#[test]
fn json_has_what_it_takes_to_draw() {
    let (_, printed, _) = revline(world().root(), &["graph", "--format", "json"]);
    let views = json(&printed);
    let view = &views[0];
    assert_eq!((&view["environment"], &view["lanes"]), (&json("\"alembic\""), &json("2")));
    let rows = view["rows"].as_array().expect("rows");
    let shape: Vec<_> = rows
        .iter()
        .map(|row| {
            let id = row["revisions"][0]["revision"].as_str().expect("an id");
            format!("{id} {} {}", row["lane"], row["parents"])
        })
        .collect();
    assert_eq!(shape, ["d1 0 [1,3]", "b2 0 [2]", "b1 0 [5]", "c1 1 [5]", "x1 1 []", "a1 0 []"]);
    assert_eq!(rows[4]["revisions"][0]["missing"], json("[\"gone\"]"));
    assert_eq!(rows[4]["revisions"][0]["problems"][0]["rule"], "missing-parent");
    assert_eq!(rows[3]["revisions"][0]["labels"], json("[\"billing\"]"));
}

#[test]
fn one_revision_and_ten_thousand_are_drawn_soon() {
    let one = Project::of(&[("a1", "None")]);
    assert_eq!(revline(one.root(), &["graph"]).1, "◉  a1  a1  (head, base)\n");
    let large = Project::empty();
    large.write("alembic.ini", "[alembic]\nscript_location = %(here)s/alembic\n");
    large.write("alembic/env.py", "");
    let mut parent = "None".to_owned();
    for number in 0..10_000 {
        let id = format!("r{number:05}");
        // Every thousandth has a sibling, which the next one merges.
        let text = revision(&id, &id, &parent);
        large.write(&format!("alembic/versions/{id}.py"), &text);
        parent = format!("\"{id}\"");
        if number % 1000 == 500 {
            let side = format!("s{number:05}");
            large.write(&format!("alembic/versions/{side}.py"), &revision(&side, &side, &parent));
            parent = format!("(\"{id}\", \"{side}\")")
                .replace(&format!("\"{id}\", "), &format!("\"{id}\", "));
        }
    }
    for arguments in [&["graph"][..], &["graph", "--format", "svg"], &["graph", "--format", "json"]]
    {
        let began = Instant::now();
        let (code, printed, told) = revline(large.root(), arguments);
        assert_eq!((code, told.as_str()), (0, ""));
        assert!(printed.lines().count() >= 10_000, "{arguments:?}");
        // A debug build on a busy machine; what is quadratic takes minutes.
        assert!(began.elapsed() < Duration::from_secs(60), "{arguments:?}: {:?}", began.elapsed());
    }
    let (_, folded, _) = revline(large.root(), &["graph", "--fold"]);
    assert!(folded.lines().count() < 100, "{folded}");
    assert!(folded.contains(" revisions from r"), "{folded}");
}
