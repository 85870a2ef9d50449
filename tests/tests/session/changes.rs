//! What mends two heads: made by the client as it can, and judged by real Alembic.

use std::path::Path;
use std::process::Command;

use revline_tests::editors;
use revline_tests::lsp::{Client, uri};
use revline_tests::oracle;
use revline_tests::project::{Project, range};
use revline_tests::workspace_edit;
use serde_json::{Value, json};

/// What real Alembic prints for a command; an error of it ends the test.
pub(crate) fn loads(python: &Path, project: &Path, command: &str) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle/load.py");
    let output = Command::new(python)
        .arg(script)
        .arg(project)
        .arg(format!("--command={command}"))
        .output()
        .expect("the judge starts");
    let answer: Value = serde_json::from_slice(&output.stdout).expect("the judge answers");
    let told = &answer["commands"][command];
    assert_eq!(told["ok"], true, "{told}");
    told["text"].as_str().unwrap_or_default().to_owned()
}

fn actions(client: &mut Client, file: &Path) -> Vec<Value> {
    let params = json!({
        "textDocument": { "uri": uri(file) },
        "range": range(14, 18, 18),
        "context": { "diagnostics": [] },
    });
    client.request("textDocument/codeAction", params).as_array().cloned().unwrap_or_default()
}

fn titled<'a>(actions: &'a [Value], start: &str) -> &'a Value {
    let found = actions
        .iter()
        .find(|action| action["title"].as_str().is_some_and(|title| title.starts_with(start)));
    found.unwrap_or_else(|| panic!("no action {start}: {actions:#?}"))
}

fn all() -> [Value; 5] {
    [
        editors::vscode(),
        editors::neovim(),
        editors::eglot_30(),
        editors::eglot_28(),
        editors::helix(),
    ]
}

#[test]
fn merge_heads_writes_a_file_that_real_alembic_loads_with_one_head() {
    for editor in all() {
        let shop = Project::shop();
        let head = shop.revision("96f05a3ed8b7");
        let mut client = Client::open(&editor, &[shop.root()]);
        client.open_file(&head);
        let actions = actions(&mut client, &head);
        let merge = titled(&actions, "Merge heads");
        assert_eq!(merge["title"], "Merge heads 4cb8d2719ea0 and 96f05a3ed8b7");
        assert_eq!(merge["diagnostics"][0]["code"], "multiple-heads");
        let written = workspace_edit::apply(&editor["capabilities"], &merge["edit"])
            .unwrap_or_else(|reason| panic!("{}: {reason}", editor["clientInfo"]));
        let [path] = written.as_slice() else { panic!("one file: {written:?}") };
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let id = name.split('_').next().unwrap_or_default();
        if let Some(python) = oracle::python() {
            assert_eq!(loads(&python, shop.root(), "heads"), format!("{id} (head)\n"));
            let history = loads(&python, shop.root(), "history");
            let first = history.lines().next().unwrap_or_default();
            assert!(
                first.starts_with(&format!(
                    "4cb8d2719ea0, 96f05a3ed8b7 -> {id} (head) (mergepoint)"
                )),
                "{first}"
            );
        }
        // The editor shows the new file, and the error is gone.
        client.open_file(path);
        let pull = json!({ "textDocument": { "uri": uri(&head) } });
        let left = client.request("textDocument/diagnostic", pull);
        assert!(!left.to_string().contains("multiple-heads"), "{left}");
    }
}

#[test]
fn re_parenting_writes_one_line_of_revisions() {
    for editor in all() {
        let shop = Project::shop();
        let head = shop.revision("96f05a3ed8b7");
        let mut client = Client::open(&editor, &[shop.root()]);
        client.open_file(&head);
        let actions = actions(&mut client, &head);
        let action = titled(&actions, "Re-parent");
        assert_eq!(action["title"], "Re-parent `96f05a3ed8b7` onto `4cb8d2719ea0`");
        let written = workspace_edit::apply(&editor["capabilities"], &action["edit"])
            .unwrap_or_else(|reason| panic!("{}: {reason}", editor["clientInfo"]));
        assert_eq!(written, std::slice::from_ref(&head));
        let text = std::fs::read_to_string(&head).expect("the file is there");
        assert!(text.contains("\nRevises: 4cb8d2719ea0\n"), "{text}");
        if let Some(python) = oracle::python() {
            assert_eq!(loads(&python, shop.root(), "heads"), "96f05a3ed8b7 (head)\n");
        }
    }
}

#[test]
fn the_commands_tell_the_heads_and_merge_them_through_the_client() {
    for editor in [editors::vscode(), editors::eglot_30()] {
        let shop = Project::shop();
        let mut client = Client::open(&editor, &[shop.root()]);
        let heads =
            client.request("workspace/executeCommand", json!({ "command": "revline.heads" }));
        let [environment] = heads["environments"].as_array().expect("a list").as_slice() else {
            panic!("one environment: {heads:#}")
        };
        let head = |id: &str, title: &str| json!({ "revision": id, "title": title, "shared": null, "uri": uri(&shop.revision(id)) });
        assert_eq!(
            environment["heads"],
            json!([
                head("4cb8d2719ea0", "add loyalty points to customers"),
                head("96f05a3ed8b7", "add gift message to orders"),
            ])
        );
        let merge = json!({ "command": "revline.merge", "arguments": [{ "message": "both" }] });
        let merged = client.request("workspace/executeCommand", merge.clone());
        let path =
            workspace_edit::path(merged["uri"].as_str().unwrap_or_default()).expect("a path");
        assert!(path.is_file(), "{merged}");
        assert!(client.asked.iter().any(|(method, _)| method == "workspace/applyEdit"));
        if let Some(python) = oracle::python() {
            let id = merged["revision"].as_str().unwrap_or_default();
            assert_eq!(loads(&python, shop.root(), "heads"), format!("{id} (head)\n"));
        }
        // What was merged is not merged twice.
        let changed = json!({ "changes": [{ "uri": merged["uri"], "type": 1 }] });
        client.notify("workspace/didChangeWatchedFiles", changed);
        let again = client.try_request("workspace/executeCommand", merge).expect_err("one head");
        let message = again["message"].as_str().unwrap_or_default();
        assert!(message.starts_with("There is nothing to merge"), "{message}");
        let unknown = json!({ "command": "revline.coffee" });
        assert!(client.try_request("workspace/executeCommand", unknown).is_err());
    }
}
