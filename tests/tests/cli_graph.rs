//! The graph on the command line beside real Alembic: the same answers, and files that it loads.

// A test that cannot ask its judge fails there and then; files are its own.
#![allow(clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

#[path = "cli_graph/world.rs"]
mod world;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use world::{Answer, Project};

const SAMPLES: [&str; 8] =
    ["async-pkg", "flask", "multi-locations", "multidb", "no-ini", "profiles", "pyproject", "shop"];

/// Labels of its own and inherited, dependencies by identifier and by label, a merge, two bases, a
/// head that another revision depends on, docstrings of every length.
fn every_kind() -> Project {
    let revision = |doc: &str, id: &str, down: &str, labels: &str, depends_on: &str| {
        format!(
            "{doc}\nrevision = {id:?}\ndown_revision = {down}\nbranch_labels = {labels}\n\
             depends_on = {depends_on}\n\n\ndef upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n"
        )
    };
    let files = [
        revision(
            "\"\"\"the first\n\nOf two lines.\n\"\"\"",
            "a1aaaa",
            "None",
            "('shop', 'store')",
            "None",
        ),
        revision(
            "\"\"\"one\n  of two\n\n\nafter two empty lines\"\"\"",
            "b2bbbb",
            "'a1aaaa'",
            "None",
            "None",
        ),
        revision("'''left'''", "c3cccc", "'b2bbbb'", "None", "None"),
        revision("", "d4dddd", "'b2bbbb'", "'right'", "None"),
        revision("\"\"\"\n   merged   \n\"\"\"", "e5eeee", "('c3cccc', 'd4dddd')", "None", "None"),
        revision("\"\"\"a second base\"\"\"", "f6ffff", "None", "['net']", "'c3cccc'"),
        revision("\"\"\"on the second base\"\"\"", "071111", "'f6ffff'", "None", "'e5eeee'"),
        revision("\"\"\"also there\"\"\"", "082222", "'f6ffff'", "None", "'right'"),
    ];
    let named: Vec<(String, &String)> =
        files.iter().enumerate().map(|(at, text)| (format!("{at}.py"), text)).collect();
    let named: Vec<(&str, &str)> =
        named.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    Project::of(&named)
}

/// Where Alembic prints a Python set, any order is its own: the text with each such list sorted.
fn with_sets_sorted(text: &str) -> String {
    let sorted = |list: &str| {
        let mut items: Vec<&str> = list.split(", ").collect();
        items.sort_unstable();
        items.join(", ")
    };
    let mut lines: Vec<String> = Vec::new();
    let mut children: Vec<String> = Vec::new();
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches('\n');
        let end = if line.ends_with('\n') { "\n" } else { "" };
        let mut told = bare.to_owned();
        for title in ["Branches into: ", "Branch names: "] {
            if let Some(list) = bare.strip_prefix(title) {
                told = format!("{title}{}", sorted(list));
            }
        }
        // The labels of a line: the group in parentheses before ` (head)` and the title.
        if let Some((before, rest)) = told.clone().split_once(" (")
            && let Some((list, after)) = rest.split_once(')')
        {
            told = format!("{before} ({}){after}", sorted(list));
        }
        if bare.starts_with(' ') && bare.trim_start().starts_with("-> ") {
            children.push(told + end);
            continue;
        }
        children.sort_unstable();
        lines.append(&mut children);
        lines.push(told + end);
    }
    children.sort_unstable();
    lines.append(&mut children);
    lines.concat()
}

fn differences(name: &str, project: &Project, python: &Path, commands: &[String]) -> Vec<String> {
    let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
    let judged = project.judged(python, &commands);
    let mut different = Vec::new();
    for (command, judge) in commands.iter().zip(&judged) {
        let words: Vec<&str> = command.split(' ').collect();
        let ours = project.revline(&words);
        let text = judge["text"].as_str().expect("text");
        let error = judge["error"].as_str();
        let wanted = match error {
            None => Some((text.to_owned(), 0)),
            // `CLASS: text` is a traceback, where the sentence is Revline's own.
            Some(error) if error.split(": ").next().is_some_and(|word| word.ends_with("Error")) => {
                None
            }
            Some(error) => Some((format!("{text}FAILED: {error}\n"), 255)),
        };
        let same = match &wanted {
            Some((text, code)) => {
                with_sets_sorted(&ours.text) == with_sets_sorted(text) && ours.code == Some(*code)
            }
            None => ours.code == Some(1) && ours.text.is_empty() && !ours.remarks.is_empty(),
        };
        if !same {
            different.push(format!("{name}: {command}\nAlembic: {judge:#}\nRevline: {ours:#?}"));
        }
    }
    different
}

fn commands(ids: &[String]) -> Vec<String> {
    let fixed = [
        "heads",
        "heads -v",
        "heads --resolve-dependencies",
        "branches",
        "branches -v",
        "history",
        "history -v",
        "history -r :head",
        "history -r base:heads",
        "history --rev-range=-2:",
        "history -r nothing",
        "history -r a:b:c",
        "show head",
        "show heads",
        "show base",
        "show nothing",
        "show zz@head",
    ];
    let mut commands: Vec<String> = fixed.iter().map(ToString::to_string).collect();
    for id in ids {
        let short: String = id.chars().take(5).collect();
        commands.push(format!("show {id}"));
        commands.push(format!("show {short}"));
        commands.push(format!("history -r {id}:"));
        commands.push(format!("history -r :{id}"));
    }
    if let (Some(first), Some(last)) = (ids.first(), ids.last()) {
        commands.push(format!("history -r {last}:{first}"));
        commands.push(format!("history -r {first}:{last}"));
    }
    commands
}

fn json(answer: &Answer) -> Vec<Value> {
    let value: Value = serde_json::from_str(&answer.text).expect("an array of objects");
    value.as_array().expect("an array").clone()
}

fn ids(answer: &Answer) -> Vec<String> {
    let one = |value: &Value| value["revision"].as_str().expect("an identifier").to_owned();
    json(answer).iter().map(one).collect()
}

#[test]
fn every_listing_is_what_real_alembic_prints() {
    let Some(python) = revline_tests::oracle::python() else { return };
    let mut different = Vec::new();
    let mut projects: Vec<(&str, Project)> =
        SAMPLES.iter().map(|name| (*name, Project::copy(name))).collect();
    projects.push(("every kind", every_kind()));
    let mut asked = 0;
    for (name, project) in &projects {
        let all = ids(&project.revline(&["history", "--json"]));
        assert!(!all.is_empty(), "{name} has revisions");
        let mut commands = commands(&all);
        if *name == "every kind" {
            let more = [
                "show net@head",
                "show right",
                "show shop@heads",
                "show net",
                "history -r net@base:head",
            ];
            commands.extend(more.iter().map(ToString::to_string));
        }
        asked += commands.len();
        different.extend(differences(name, project, &python, &commands));
        let bases = ids(&project.revline(&["bases", "--json"]));
        if bases != project.bases(&python) {
            different.push(format!("{name}: bases {bases:?}"));
        }
    }
    assert!(
        different.is_empty(),
        "{} of {asked} answers differ:\n{}",
        different.len(),
        different.iter().take(6).map(String::as_str).collect::<Vec<_>>().join("\n\n")
    );
}

/// The files of a project by their path, without what differs from second to second.
fn files(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("it can be listed").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                let lines = text.lines().map(|line| match line.strip_prefix("Create Date: ") {
                    Some(_) => "Create Date: now\n".to_owned(),
                    None => format!("{line}\n"),
                });
                let below = path.strip_prefix(root).expect("below").display().to_string();
                found.insert(below, lines.collect());
            }
        }
    }
    found
}

#[test]
fn revision_and_merge_write_the_bytes_that_real_alembic_writes() {
    let Some(python) = revline_tests::oracle::python() else { return };
    let lines: [(&str, &[&str]); 12] = [
        ("flask", &["revision", "-m", "Add a Note's title!", "--rev-id", "abc123"]),
        ("multidb", &["revision", "-m", "both", "--rev-id", "abc123"]),
        ("pyproject", &["revision", "--rev-id", "abc123", "--branch-label", "late", "-m", "x"]),
        ("pyproject", &["revision", "--rev-id", "abc123", "--head", "base", "-m", "x"]),
        ("multi-locations", &["revision", "--rev-id", "abc123", "--head", "core@head", "-m", "x"]),
        ("multi-locations", &["revision", "--rev-id", "abc123", "-m", "x"]),
        ("shop", &["merge", "heads", "--rev-id", "abc123", "-m", "both sides"]),
        ("shop", &["revision", "--rev-id", "abc123", "--head", "5e92c", "-m", "x"]),
        ("shop", &["revision", "--rev-id", "abc123", "--head", "5e92c", "--splice", "-m", "x"]),
        ("shop", &["revision", "--rev-id", "a-b@c", "--head", "4cb8d2719ea0", "-m", "x"]),
        ("shop", &["merge", "4cb8d", "4cb8d", "--rev-id", "abc123", "-m", "x"]),
        (
            "shop",
            &[
                "revision",
                "--head",
                "4cb8d",
                "--rev-id",
                "abc123",
                "--depends-on",
                "96f05",
                "-m",
                "x",
            ],
        ),
    ];
    for (name, arguments) in lines {
        let (theirs, ours) = (Project::copy(name), Project::copy(name));
        let mut judge = theirs.alembic(&python, arguments);
        let mut answer = ours.revline(arguments);
        let here = |project: &Project| project.root().display().to_string();
        judge.text = judge.text.replace(&here(&theirs), "ROOT");
        answer.text = answer.text.replace(&here(&ours), "ROOT");
        // Today's date is in the name of some files, and may change in between.
        assert_eq!(
            (answer.text, answer.code),
            (judge.text, judge.code),
            "{name} {arguments:?}\n{}",
            answer.remarks
        );
        assert_eq!(files(&ours.root()), files(&theirs.root()), "{name} {arguments:?}");
    }
}

fn agrees(project: &Project, python: &Path, after: &str) {
    let commands = ["heads", "history", "history -v", "branches"].map(str::to_owned);
    let different = differences(after, project, python, &commands);
    assert!(different.is_empty(), "{}", different.join("\n\n"));
    for judge in project.judged(python, &["heads", "history"]) {
        assert_eq!(judge["ok"], true, "{after}: {judge:#}");
    }
}

#[test]
fn what_is_written_loads_in_real_alembic_and_its_history_agrees() {
    let Some(python) = revline_tests::oracle::python() else { return };
    let project = Project::copy("shop");
    let done = project.revline(&["merge"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    agrees(&project, &python, "merge");
    assert_eq!(ids(&project.revline(&["heads", "--json"])).len(), 1);

    let done = project.revline(&["revision", "-m", "after the merge"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    agrees(&project, &python, "revision");

    let project = Project::copy("shop");
    let before = files(&project.root());
    let rebase = ["rebase", "96f05a3ed8b7", "--onto", "4cb8d2719ea0"];
    let shown = project.revline(&[&rebase[..], &["--dry-run"]].concat());
    assert_eq!(files(&project.root()), before);
    let changed: Vec<&str> =
        shown.text.lines().filter(|line| line.starts_with(['+', '-'])).collect();
    let path = "alembic/versions/96f05a3ed8b7_add_gift_message_to_orders.py";
    assert_eq!(
        changed,
        [
            &format!("--- a/{path}"),
            &format!("+++ b/{path}"),
            "-Revises: a53e1f6bc094",
            "+Revises: 4cb8d2719ea0",
            "-down_revision: Union[str, Sequence[str], None] = 'a53e1f6bc094'",
            "+down_revision: Union[str, Sequence[str], None] = '4cb8d2719ea0'",
        ]
    );
    assert!(shown.remarks.contains("downgraded"), "{}", shown.remarks);

    let done = project.revline(&rebase);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(done.text, "96f05a3ed8b7 now follows 4cb8d2719ea0\n");
    agrees(&project, &python, "rebase");
    assert_eq!(ids(&project.revline(&["heads", "--json"])), ["96f05a3ed8b7"]);
}

#[test]
fn a_folder_that_alembic_refuses_is_refused_in_its_words() {
    let Some(python) = revline_tests::oracle::python() else { return };
    let plain = |id: &str, down: &str| format!("revision = {id:?}\ndown_revision = {down}\n");
    let folders: [(&str, Vec<(&str, String)>); 5] = [
        ("cycle", vec![("a.py", plain("a", "'b'")), ("b.py", plain("b", "'a'"))]),
        ("self-loop", vec![("a.py", plain("a", "'a'"))]),
        ("missing parent", vec![("a.py", plain("a", "'gone'"))]),
        ("characters", vec![("a.py", plain("a-b@c", "None"))]),
        ("no revision", vec![("notes.py", "x = 1\n".to_owned())]),
    ];
    // `alembic heads` ends in a traceback over some of these, which others have a sentence for.
    let asked = ["history", "branches", "show heads"].map(str::to_owned);
    for (name, folder) in folders {
        let folder: Vec<(&str, &str)> =
            folder.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let project = Project::of(&folder);
        let different = differences(name, &project, &python, &asked);
        assert!(different.is_empty(), "{}", different.join("\n\n"));
    }
}

#[test]
fn several_environments_are_listed_apart_and_never_written_to_together() {
    let project = Project::copy("");
    let listed = project.revline(&["heads"]);
    assert_eq!(listed.code, Some(0), "{listed:?}");
    assert!(listed.text.starts_with("async-pkg/warehouse/migrations:\nf20a97b6e8c4 (head)\n\n"));
    let before = files(&project.root());
    for command in [&["merge"][..], &["revision", "-m", "x"], &["rebase", "head", "--onto", "base"]]
    {
        let refused = project.revline(command);
        assert_eq!((refused.code, refused.text.as_str()), (Some(1), ""), "{command:?}");
        assert!(refused.remarks.contains("\n  shop/alembic  "), "{}", refused.remarks);
    }
    assert_eq!(files(&project.root()), before);
    let by_name = project.revline(&["-n", "multidb/alembic", "heads"]);
    let by_file = project.revline(&["heads", "-c", "multidb/alembic.ini"]);
    let by_folder = project.revline(&["--project", "multidb", "heads"]);
    assert_eq!(by_name.text, "6b80f2c4d19a (head)\n");
    assert_eq!((&by_name, &by_name), (&by_file, &by_folder));
    let section = project.revline(&["-n", "production", "heads"]);
    assert_eq!(section.text, "b5219ce87d30 (head)\n");
}

#[test]
fn what_needs_a_database_asks_first_and_what_is_missing_is_named() {
    let project = Project::copy("shop");
    for command in [
        &["history", "-i"][..],
        &["history", "-r", "current:"],
        &["show", "current"],
        &["revision", "--autogenerate", "-m", "x"],
    ] {
        let answer = project.revline(command);
        assert_eq!((answer.code, answer.text.as_str()), (Some(1), ""), "{command:?}");
        assert!(
            answer.remarks.contains("nobody has said yet that it is to be connected"),
            "{answer:?}"
        );
    }
    let answer = project.revline(&["-c", "gone.ini", "heads"]);
    assert_eq!(answer.text, "FAILED: No 'script_location' key found in configuration.\n");
    assert_eq!(answer.code, Some(255));
}

#[test]
fn doctor_says_what_was_found_and_hides_passwords() {
    let project = Project::copy("profiles");
    let ini = project.root().join("alembic.ini");
    let text = fs::read_to_string(&ini).expect("read").replace("shop@", "shop:s3cret@");
    fs::write(&ini, text).expect("written");
    let human = project.revline(&["doctor"]);
    let answer = project.revline(&["doctor", "--json"]);
    assert!(!format!("{human:?}{answer:?}").contains("s3cret"));
    assert!(human.text.contains("postgresql://shop:***@db.example.com/shop"), "{}", human.text);
    let value: Value = serde_json::from_str(&answer.text).expect("one object");
    let environment = &value["environments"][0];
    let dialects: Vec<&str> = environment["targets"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|target| target["dialect"].as_str())
        .collect();
    assert_eq!(dialects, ["sqlite", "postgresql"]);
    assert_eq!(environment["heads"], serde_json::json!(["b5219ce87d30"]));
    let profiles = environment["profiles"].as_array().expect("a list").iter();
    let names: Vec<&str> = profiles.filter_map(|profile| profile["name"].as_str()).collect();
    assert_eq!(names, ["alembic", "production"]);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let project = Project::copy("shop");
    let done = project.revline_into_closed_pipe(&["history", "-v"]);
    assert!(!done.contains("panicked"), "{done}");
}
