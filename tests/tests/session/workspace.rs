//! Disk, folders and settings that change under a running server.

use std::time::Duration;

use revline_tests::editors;
use revline_tests::lsp::{Client, at, of_rule, uri};
use revline_tests::project::{Project, revision};
use serde_json::{Value, json};

use crate::database::SOON;

fn is_heads(diagnostics: &[Value]) -> bool {
    !of_rule(diagnostics, "multiple-heads").is_empty()
}

#[test]
fn a_head_that_appears_on_disk_is_seen_where_the_client_watches() {
    let project = Project::of(&[("a1", "None"), ("b2", "\"a1\"")]);
    let mut client = Client::open(&editors::helix(), &[project.root()]);
    assert!(client.pump(Duration::from_secs(10), |client| {
        client.asked.iter().any(|(method, params)| {
            method == "client/registerCapability"
                && params["registrations"][0]["method"] == "workspace/didChangeWatchedFiles"
        })
    }));
    let hover = client.request("textDocument/hover", at(&project.revision("b2"), 4, 13));
    assert_ne!(hover, Value::Null);
    let new = project.write("alembic/versions/c3.py", &revision("c3", "c3", "\"a1\""));
    let event = |kind: u8| json!({ "changes": [{ "uri": uri(&new), "type": kind }] });
    client.notify("workspace/didChangeWatchedFiles", event(1));
    client.diagnostics(&new, is_heads);
    client.diagnostics(&project.revision("b2"), is_heads);
    std::fs::write(&new, revision("c3", "c3", "\"b2\"")).expect("a file");
    client.notify("workspace/didChangeWatchedFiles", event(2));
    client.diagnostics(&new, |all| !is_heads(all));
    client.diagnostics(&project.revision("b2"), |all| !is_heads(all));
    std::fs::remove_file(&new).expect("it is there");
    client.notify("workspace/didChangeWatchedFiles", event(3));
    client.diagnostics(&new, <[Value]>::is_empty);
    assert_eq!(client.request("textDocument/hover", at(&new, 4, 13)), Value::Null);
}

#[test]
fn a_head_that_appears_on_disk_is_noticed_on_save_where_the_client_does_not_watch() {
    let project = Project::of(&[("a1", "None"), ("b2", "\"a1\"")]);
    let b = project.revision("b2");
    let mut client = Client::open(&editors::neovim(), &[project.root()]);
    client.open_file(&b);
    assert_ne!(client.request("textDocument/hover", at(&b, 4, 13)), Value::Null);
    let save = json!({ "textDocument": { "uri": uri(&b) } });
    client.notify("textDocument/didSave", save.clone());
    let new = project.write("alembic/versions/c3.py", &revision("c3", "c3", "\"a1\""));
    client.notify("textDocument/didSave", save.clone());
    client.diagnostics(&new, is_heads);
    // The same length, so that only the time of the file tells.
    std::fs::write(&new, revision("c3", "c3", "\"b2\"")).expect("a file");
    client.notify("textDocument/didSave", save.clone());
    client.diagnostics(&new, |all| !is_heads(all));
    std::fs::remove_file(&new).expect("it is there");
    client.notify("textDocument/didSave", save);
    let heads = client.pump(Duration::from_millis(300), |_| false);
    assert!(!heads);
    assert_eq!(client.request("textDocument/hover", at(&new, 4, 13)), Value::Null);
}

#[test]
fn what_changes_while_environments_are_searched_for_is_not_lost() {
    // Enough files for a search to take longer than a word to the server.
    let names: Vec<String> = (0..60).map(|number| format!("r{number:03}")).collect();
    let parents = std::iter::once("None".to_owned())
        .chain(names.iter().map(|name| format!("\"{name}\"")))
        .collect::<Vec<_>>();
    let all: Vec<(&str, &str)> =
        names.iter().map(String::as_str).zip(parents.iter().map(String::as_str)).collect();
    let project = Project::of(&all);
    let mut client = Client::open(&editors::helix(), &[project.root()]);
    let first = project.revision("r000");
    assert_ne!(client.request("textDocument/hover", at(&first, 4, 13)), Value::Null);
    for round in 0..16_u64 {
        let name = format!("s{round:03}");
        // Other settings are another search, which may have listed the folder already by the time
        // the file is there.
        let questions = client.asked.len();
        client.settings = json!({ "exclude": [format!("none/{round}")] });
        client.notify("workspace/didChangeConfiguration", json!({ "settings": null }));
        assert!(client.pump(SOON, |client| {
            client.asked[questions..].iter().any(|(method, _)| method == "workspace/configuration")
        }));
        std::thread::sleep(Duration::from_millis(round));
        let new = project
            .write(&format!("alembic/versions/{name}.py"), &revision(&name, &name, "\"r000\""));
        let event = |kind: u8| json!({ "changes": [{ "uri": uri(&new), "type": kind }] });
        client.notify("workspace/didChangeWatchedFiles", event(1));
        client.diagnostics(&new, is_heads);
        std::fs::remove_file(&new).expect("it is there");
        client.notify("workspace/didChangeWatchedFiles", event(3));
        client.diagnostics(&new, <[Value]>::is_empty);
    }
}

#[test]
fn folders_come_and_go() {
    let (one, two) =
        (Project::shop(), Project::of(&[("a1", "None"), ("b2", "\"a1\""), ("c3", "\"a1\"")]));
    let three = Project::of(&[("d4", "None")]);
    let mut client = Client::open(&editors::helix(), &[one.root(), two.root()]);
    client.diagnostics(&one.revision("96f05a3ed8b7"), is_heads);
    client.diagnostics(&two.revision("c3"), is_heads);
    let d = three.revision("d4");
    assert_eq!(client.request("textDocument/hover", at(&d, 4, 13)), Value::Null);
    let folder = |project: &Project| json!({ "uri": uri(project.root()), "name": "x" });
    let event = json!({ "event": { "added": [folder(&three)], "removed": [folder(&two)] } });
    client.notify("workspace/didChangeWorkspaceFolders", event);
    // What was said of a folder that left is taken back.
    client.diagnostics(&two.revision("c3"), <[Value]>::is_empty);
    assert_ne!(client.request("textDocument/hover", at(&d, 4, 13)), Value::Null);
    assert_eq!(client.request("textDocument/hover", at(&two.revision("c3"), 4, 13)), Value::Null);
    let heads = client.request("workspace/executeCommand", json!({ "command": "revline.heads" }));
    assert_eq!(heads["environments"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_rule_is_turned_off_in_the_editors_settings() {
    let shop = Project::shop();
    let head = shop.revision("96f05a3ed8b7");
    // Asked for (`workspace/configuration`), and sent along.
    let mut asked = Client::open(&editors::helix(), &[shop.root()]);
    asked.diagnostics(&head, is_heads);
    asked.settings = json!({ "ignore": ["multiple-heads"] });
    asked.notify("workspace/didChangeConfiguration", json!({ "settings": null }));
    asked.diagnostics(&head, |all| !is_heads(all));
    asked.settings = json!({});
    asked.notify("workspace/didChangeConfiguration", json!({ "settings": null }));
    asked.diagnostics(&head, is_heads);

    let mut told = Client::open(&editors::bare(), &[shop.root()]);
    told.diagnostics(&head, is_heads);
    let settings = json!({ "settings": { "revline": { "ignore": ["multiple-heads"] } } });
    told.notify("workspace/didChangeConfiguration", settings);
    told.diagnostics(&head, |all| !is_heads(all));
}

#[test]
fn a_rule_is_turned_off_in_the_projects_own_file() {
    let shop = Project::shop();
    let head = shop.revision("96f05a3ed8b7");
    let mut client = Client::open(&editors::helix(), &[shop.root()]);
    client.diagnostics(&head, is_heads);
    let file = shop.write("revline.toml", "ignore = [\"multiple-heads\"]\n");
    let created = json!({ "changes": [{ "uri": uri(&file), "type": 1 }] });
    client.notify("workspace/didChangeWatchedFiles", created);
    client.diagnostics(&head, |all| !is_heads(all));
    // And what a person is typing into it counts before it is saved.
    client.open_text(&uri(&file), "ignore = []\n");
    client.diagnostics(&head, is_heads);
}
