//! Ways through the workspace: names, neighbours, links; the SQL in strings; actions worked out late.

use revline_tests::editors;
use revline_tests::lsp::{Client, at, uri};
use revline_tests::project::{Project, place, range};
use revline_tests::workspace_edit;
use serde_json::{Value, json};

fn names(list: &Value, path: &str) -> Vec<String> {
    let name = |one: &Value| one.pointer(path).and_then(Value::as_str).map(str::to_owned);
    list.as_array().into_iter().flatten().filter_map(name).collect()
}

#[test]
fn revisions_and_tables_are_found_by_name() {
    let shop = Project::shop();
    let mut client = Client::open(&editors::vscode(), &[shop.root()]);
    let found = client.request("workspace/symbol", json!({ "query": "loyalty" }));
    assert_eq!(found[0]["location"]["uri"], uri(&shop.revision("4cb8d2719ea0")));
    let tables = client.request("workspace/symbol", json!({ "query": "order_items" }));
    assert_eq!((&tables[0]["name"], &tables[0]["kind"]), (&json!("order_items"), &json!(23)));
    let nothing = client.request("workspace/symbol", json!({ "query": "no such thing at all" }));
    assert_eq!(nothing, json!([]));
}

#[test]
fn a_revision_is_walked_up_and_down_from() {
    let project = Project::of(&[
        ("a1", "None"),
        ("b2", "\"a1\""),
        ("c3", "\"a1\""),
        ("d4", "(\"b2\", \"c3\")"),
    ]);
    let b = project.revision("b2");
    let mut client = Client::open(&editors::vscode(), &[project.root()]);
    let text = client.open_file(&b);
    let (line, column) = place(&text, "down_revision = \"");
    let items = client.request("textDocument/prepareCallHierarchy", at(&b, line, column));
    assert_eq!(names(&items, "/name"), ["a1"]);
    let item = json!({ "item": items[0] });
    let up = client.request("callHierarchy/incomingCalls", item.clone());
    assert_eq!(names(&up, "/from/name"), ["b2", "c3"]);
    assert_eq!(up[0]["fromRanges"], json!([range(line, column - 1, column + 3)]));
    assert_eq!(client.request("callHierarchy/outgoingCalls", item), json!([]));
    let merge = project.revision("d4");
    let (line, column) = place(&client.open_file(&merge), "\nrevision = \"");
    let items = client.request("textDocument/prepareCallHierarchy", at(&merge, line, column));
    let down = client.request("callHierarchy/outgoingCalls", json!({ "item": items[0] }));
    assert_eq!(names(&down, "/to/name"), ["b2", "c3"]);
    let body = at(&merge, 11, 5);
    assert_eq!(client.request("textDocument/prepareCallHierarchy", body), Value::Null);
}

#[test]
fn names_in_the_head_are_links_and_rules_where_their_pages_are_shown() {
    let project = Project::of(&[("a1", "None"), ("b2", "\"a1\"")]);
    let b = project.revision("b2");
    for documents in [false, true] {
        let mut editor = editors::vscode();
        editor["initializationOptions"]["documents"] = json!(documents);
        let mut client = Client::open(&editor, &[project.root()]);
        let text = client.open_file(&b);
        let allowed = text.replace("= \"a1\"", "= \"a1\"  # revline: ignore[multiple-heads]");
        client.replace(&b, &allowed);
        let document = json!({ "textDocument": { "uri": uri(&b) } });
        let links = client.request("textDocument/documentLink", document);
        let mut wanted = vec![uri(&project.revision("a1"))];
        if documents {
            wanted.push("revline:/rules/multiple-heads.md".to_owned());
        }
        assert_eq!(names(&links, "/target"), wanted);
    }
}

#[test]
fn sql_in_strings_is_coloured_in_where_the_client_wants_it() {
    let project = Project::of(&[("a1", "None")]);
    let body = "    op.execute(\"\"\"\n        UPDATE t -- é\n        SET n = 1\"\"\")\n";
    let file = project.write(
        "alembic/versions/b2.py",
        &format!(
            "from alembic import op\nrevision = 'b2'\ndown_revision = 'a1'\ndef upgrade():\n{body}\
             def downgrade():\n    pass\n"
        ),
    );
    let tokens = json!({ "requests": { "full": true }, "tokenTypes": [], "tokenModifiers": [], "formats": ["relative"] });
    let with = |mut editor: Value| {
        editor["capabilities"]["textDocument"]["semanticTokens"] = tokens.clone();
        editor
    };
    let mut client = Client::start(&[]);
    let greeting = client.greet(&with(editors::neovim()), &[project.root()]);
    assert_eq!(greeting["capabilities"]["semanticTokensProvider"]["full"], true);
    client.open_file(&file);
    let document = json!({ "textDocument": { "uri": uri(&file) } });
    let found = client.request("textDocument/semanticTokens/full", document);
    let expected = [
        [5, 8, 6, 0, 0], // UPDATE
        [0, 7, 1, 1, 0], // t
        [0, 2, 5, 5, 0], // the comment, in bytes
        [1, 8, 3, 0, 0], // SET
        [0, 4, 1, 1, 0], // n
        [0, 4, 1, 3, 0], // 1
    ];
    assert_eq!(found["data"], json!(expected.concat()));
    let part = json!({
        "textDocument": { "uri": uri(&file) },
        "range": { "start": { "line": 6, "character": 0 }, "end": { "line": 7, "character": 0 } },
    });
    let found = client.request("textDocument/semanticTokens/range", part);
    assert_eq!(found["data"], json!([6, 8, 3, 0, 0, 0, 4, 1, 1, 0, 0, 4, 1, 3, 0]));

    // VS Code would take them instead of those of the Python server.
    let mut other = Client::start(&[]);
    let greeting = other.greet(&with(editors::vscode()), &[project.root()]);
    assert_eq!(greeting["capabilities"]["semanticTokensProvider"], Value::Null);
}

#[test]
fn the_file_of_an_action_is_worked_out_once_it_is_chosen() {
    let shop = Project::shop();
    let head = shop.revision("96f05a3ed8b7");
    let mut editor = editors::vscode();
    let resolves = json!({ "properties": ["edit", "command"] });
    editor["capabilities"]["textDocument"]["codeAction"]["resolveSupport"] = resolves;
    editor["capabilities"]["textDocument"]["codeAction"]["dataSupport"] = json!(true);
    let mut client = Client::open(&editor, &[shop.root()]);
    client.open_file(&head);
    let params = json!({
        "textDocument": { "uri": uri(&head) },
        "range": range(14, 18, 18),
        "context": { "diagnostics": [] },
    });
    let actions = client.request("textDocument/codeAction", params);
    let found = |title: &str| {
        let mut all = actions.as_array().into_iter().flatten();
        let found =
            all.find(|action| action["title"].as_str().is_some_and(|t| t.starts_with(title)));
        found.cloned().unwrap_or_else(|| panic!("no action {title}: {actions}"))
    };
    let allow = found("Allow multiple-heads");
    assert_ne!(allow["edit"], Value::Null, "what is known is not asked for again");
    for title in ["Merge heads", "New revision on"] {
        let lazy = found(title);
        assert_eq!((&lazy["edit"], &lazy["command"]), (&Value::Null, &Value::Null), "{lazy}");
        let whole = client.request("codeAction/resolve", lazy);
        assert_eq!(whole["command"]["command"], "revline.show");
        let changed = workspace_edit::apply(&editor["capabilities"], &whole["edit"]);
        assert!(changed.is_ok(), "{changed:?}");
    }
    let strange = json!({ "title": "x", "data": { "environment": "none", "on": "x" } });
    let error = client.try_request("codeAction/resolve", strange);
    assert!(error.is_err_and(|error| error["message"] == "There is no environment none"));
}

#[test]
fn a_change_of_an_identifier_is_confirmed_where_the_client_can() {
    let shop = Project::shop();
    let head = shop.revision("96f05a3ed8b7");
    for (editor, confirms) in [(editors::vscode(), true), (editors::helix(), false)] {
        let mut client = Client::open(&editor, &[shop.root()]);
        let text = client.open_file(&head);
        let (line, column) = place(&text, "\nrevision: str = '");
        let mut rename = at(&head, line, column);
        rename["newName"] = json!("another1234");
        let edit = client.request("textDocument/rename", rename);
        let warned = &edit["changeAnnotations"]["revline"];
        assert_eq!(warned["needsConfirmation"] == true, confirms, "{edit}");
        let parts = edit["documentChanges"].as_array().expect("operations in order");
        let of = |part: &Value| match part.get("kind") {
            Some(_) => part["annotationId"] == "revline",
            None => part["edits"]
                .as_array()
                .into_iter()
                .flatten()
                .all(|e| e["annotationId"] == "revline"),
        };
        assert!(parts.iter().any(|part| part["kind"] == "rename"), "{edit}");
        assert!(parts.iter().all(|part| of(part) == confirms), "each part or none: {edit}");
    }
}
