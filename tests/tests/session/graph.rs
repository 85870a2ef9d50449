//! The graph to look at, and how the server says that it stands.

use revline_tests::editors;
use revline_tests::lsp::{Client, uri};
use revline_tests::project::Project;
use serde_json::{Value, json};

/// VS Code with our extension.
fn editor() -> Value {
    let mut editor = editors::vscode();
    editor["initializationOptions"] = json!({ "status": true, "graph": true });
    editor
}

fn ids(view: &Value) -> Vec<&str> {
    view["rows"].as_array().into_iter().flatten().filter_map(|row| row["id"].as_str()).collect()
}

#[test]
fn the_graph_is_laid_out_and_marked() {
    let project = Project::of(&[("a1", "None"), ("b2", "\"a1\""), ("c3", "\"a1\"")]);
    let mut client = Client::open(&editor(), &[project.root()]);
    client.tells("revline/status", |status| status["problems"]["error"] == 1);
    let view = client.request("revline/graph", json!({ "drawing": true }));
    assert_eq!(ids(&view), ["b2", "c3", "a1"]);
    assert_eq!(view["edges"], json!([[0, 2, 0], [1, 2, 0]]));
    assert_eq!(view["lanes"], 2);
    assert_eq!(view["environments"], json!(["alembic"]));
    let c3 = &view["rows"][1];
    assert_eq!((&c3["lane"], &c3["roles"]), (&json!(1), &json!(["head"])));
    assert_eq!(c3["uri"], uri(&project.revision("c3")));
    assert_eq!(c3["problems"][0]["rule"], "multiple-heads");
    let drawn: Vec<String> = view["lines"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|line| format!("{} {}", line["lanes"].as_str().unwrap_or("?"), line["row"]))
        .collect();
    assert_eq!(drawn, ["◉ 0", "│ ◉ 1", "├─╯ null", "● 2"]);
    let error = client.try_request("revline/graph", json!({ "environment": "other" }));
    assert!(error.is_err_and(|error| {
        error["message"] == "There is no environment other; there are alembic"
    }));
}

#[test]
fn only_what_changed_is_sent_to_a_client_that_has_the_rest() {
    let project = Project::of(&[("a1", "None"), ("b2", "\"a1\""), ("c3", "\"b2\"")]);
    let file = project.revision("b2");
    let mut client = Client::open(&editor(), &[project.root()]);
    let text = client.open_file(&file);
    let view = client.request("revline/graph", json!({}));
    let environment = view["environment"].clone();
    let ask = |known: &Value| json!({ "environment": environment, "known": known });
    let same = client.request("revline/graph", ask(&view["identity"]));
    assert_eq!((&same["changes"], &same["rows"]), (&json!([]), &Value::Null));

    client.told.clear();
    client.replace(&file, &text.replace("\"\"\"b2\"\"\"", "\"\"\"another title\"\"\""));
    client.tells("revline/graphChanged", |_| true);
    let changed = client.request("revline/graph", ask(&view["identity"]));
    let changes = changed["changes"].as_array().expect("single rows");
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!(
        (&changes[0]["at"], &changes[0]["row"]["title"]),
        (&json!(1), &json!("another title"))
    );

    client.told.clear();
    client.replace(&file, &text.replace("revision = \"a1\"", "revision = None"));
    client.tells("revline/graphChanged", |_| true);
    let whole = client.request("revline/graph", ask(&changed["identity"]));
    assert_eq!(ids(&whole), ["a1", "c3", "b2"], "another shape is sent whole");
    assert_eq!(whole["edges"], json!([[1, 2, 0]]));
    let unknown = client.request("revline/graph", ask(&json!("0")));
    assert_eq!(ids(&unknown), ["a1", "c3", "b2"], "who has something else gets everything");
}

#[test]
fn the_server_says_how_it_stands_to_who_wants_to_know() {
    let shop = Project::shop();
    let mut client = Client::open(&editor(), &[shop.root()]);
    client.tells("revline/status", |status| status["state"] == "reading");
    let ready = client.tells("revline/status", |status| {
        status["state"] == "ready" && status["problems"]["error"] != 0
    });
    let one = &ready["environments"][0];
    assert_eq!((&one["name"], &one["revisions"]), (&json!("alembic"), &json!(14)));
    assert_eq!(one["heads"].as_array().map(Vec::len), Some(2));

    let mut silent = Client::open(&editors::helix(), &[shop.root()]);
    let head = shop.revision("96f05a3ed8b7");
    silent.diagnostics(&head, |all| !all.is_empty());
    assert_eq!(silent.told, []);
}
