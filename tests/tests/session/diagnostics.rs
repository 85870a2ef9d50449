//! Two heads, seen by every kind of client.

use std::path::Path;
use std::time::Duration;

use revline_tests::editors;
use revline_tests::lsp::{Client, at, of_rule, uri};
use revline_tests::project::{Project, revision};
use serde_json::{Value, json};

fn is_heads(diagnostics: &[Value]) -> bool {
    !of_rule(diagnostics, "multiple-heads").is_empty()
}

fn pull(client: &mut Client, path: &Path) -> Vec<Value> {
    let document = json!({ "textDocument": { "uri": uri(path) } });
    let report = client.request("textDocument/diagnostic", document);
    assert_eq!(report["kind"], "full", "{report}");
    report["items"].as_array().cloned().unwrap_or_default()
}

/// The error of the shop, in full.
fn expected(shop: &Project, client: &str) -> Value {
    let (other, fork) = (shop.revision("4cb8d2719ea0"), shop.revision("a53e1f6bc094"));
    let id = json!({
        "start": { "line": 14, "character": 16 },
        "end": { "line": 14, "character": 30 },
    });
    let mut error = json!({
        "range": id,
        "severity": 1,
        "code": "multiple-heads",
        "source": "revline",
        "message": "Two heads: `96f05a3ed8b7` and `4cb8d2719ea0` \
            (4cb8d2719ea0_add_loyalty_points_to_customers.py) part at `a53e1f6bc094` \
            (a53e1f6bc094_index_orders_by_customer_and_date.py), so `alembic upgrade head` \
            refuses. Re-parent this side onto the other head, or merge them.",
    });
    if client != "Eglot" {
        error["relatedInformation"] = json!([
            { "location": { "uri": uri(&other), "range": id }, "message": "the other head" },
            { "location": { "uri": uri(&fork), "range": id }, "message": "here they part" },
        ]);
    }
    if client == "Visual Studio Code" {
        error["codeDescription"] = json!({ "href": "revline:/rules/multiple-heads.md" });
    }
    error
}

#[test]
fn a_client_that_does_not_pull_is_told_of_two_heads_in_closed_and_in_open_files() {
    let shop = Project::shop();
    let head = shop.revision("96f05a3ed8b7");
    let mut client = Client::open(&editors::eglot_30(), &[shop.root()]);
    let closed = client.diagnostics(&head, is_heads);
    assert_eq!(of_rule(&closed, "multiple-heads"), [&expected(&shop, "Eglot")]);
    let other = client.diagnostics(&shop.revision("4cb8d2719ea0"), is_heads);
    assert_eq!(of_rule(&other, "multiple-heads")[0]["severity"], 3);

    let text = client.open_file(&head);
    let version = client.replace(&head, &text.replace("= '96f05a3ed8b7'", "= '96f05a3ed8b8'"));
    client.diagnostics(&head, |all| {
        of_rule(all, "multiple-heads")
            .iter()
            .any(|one| one["message"].as_str().is_some_and(|text| text.contains("96f05a3ed8b8")))
    });
    let last = client.published[&uri(&head)].last().cloned();
    assert_eq!(last.and_then(|published| published.version), Some(version));
}

#[test]
fn a_client_that_pulls_is_answered_and_never_pushed_what_it_has_open() {
    let shop = Project::shop();
    let head = shop.revision("96f05a3ed8b7");
    let mut client = Client::start(&[]);
    let greeting = client.greet(&editors::vscode(), &[shop.root()]);
    assert_eq!(greeting["capabilities"]["diagnosticProvider"]["workspaceDiagnostics"], true);
    client.open_file(&head);
    let found = pull(&mut client, &head);
    assert_eq!(of_rule(&found, "multiple-heads"), [&expected(&shop, "Visual Studio Code")]);

    let report =
        client.request("textDocument/diagnostic", json!({ "textDocument": { "uri": uri(&head) } }));
    let again = client.request(
        "textDocument/diagnostic",
        json!({ "textDocument": { "uri": uri(&head) }, "previousResultId": report["resultId"] }),
    );
    assert_eq!(again, json!({ "kind": "unchanged", "resultId": report["resultId"] }));

    // The other head is not open and nobody pulls the workspace: it is pushed.
    client.diagnostics(&shop.revision("4cb8d2719ea0"), is_heads);
    let pushed = client.published.get(&uri(&head)).and_then(|all| all.last());
    assert!(pushed.is_none_or(|last| last.diagnostics.is_empty()), "{pushed:?}");
}

#[test]
fn a_pull_of_the_workspace_is_held_until_something_changes() {
    let shop = Project::shop();
    let (head, other) = (shop.revision("96f05a3ed8b7"), shop.revision("4cb8d2719ea0"));
    let mut client = Client::open(&editors::vscode(), &[shop.root()]);
    let mut known: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::new();
    let take = |known: &mut std::collections::BTreeMap<String, String>, report: &Value| {
        let items = report["items"].as_array().cloned().unwrap_or_default();
        assert!(!items.is_empty(), "an answer says something");
        for item in &items {
            let (uri, result) = (item["uri"].as_str(), item["resultId"].as_str());
            known.insert(uri.unwrap_or_default().into(), result.unwrap_or_default().into());
        }
        items
    };
    let ask = |client: &mut Client, known: &std::collections::BTreeMap<String, String>| {
        let previous: Vec<Value> =
            known.iter().map(|(uri, result)| json!({ "uri": uri, "value": result })).collect();
        client.ask("workspace/diagnostic", json!({ "previousResultIds": previous }))
    };
    // The first answers come in parts while the workspace is read; then one is held.
    let held = loop {
        let id = ask(&mut client, &known);
        match client.answer_within(id, Duration::from_millis(1500)) {
            Some(answer) => drop(take(&mut known, &answer.expect("a report"))),
            None => break id,
        }
    };
    assert!(known.contains_key(&uri(&head)) && known.contains_key(&uri(&other)), "{known:?}");

    let merged = revision("fffffffffff1", "merge", "(\"96f05a3ed8b7\", \"4cb8d2719ea0\")");
    let merge = shop.write("alembic/versions/fffffffffff1_merge.py", &merged);
    client.notify(
        "workspace/didChangeWatchedFiles",
        json!({ "changes": [{ "uri": uri(&merge), "type": 1 }] }),
    );
    let items = take(&mut known, &client.answer(held).expect("a report"));
    let of_head = items.iter().find(|item| item["uri"] == uri(&head).as_str());
    let left = of_head.map(|item| item["items"].as_array().cloned().unwrap_or_default());
    assert!(left.is_some_and(|left| !is_heads(&left)), "{items:#?}");
    // Whoever pulls the workspace is pushed nothing more; what was pushed before was taken back.
    for (uri, all) in &client.published {
        let last = all.last().map(|last| last.diagnostics.as_slice());
        assert_eq!(last, Some(&[][..]), "{uri}");
    }
}

#[test]
fn a_held_pull_can_be_cancelled() {
    let project = Project::of(&[("a1", "None")]);
    let mut client = Client::open(&editors::vscode(), &[project.root()]);
    let held = loop {
        let id = client.ask("workspace/diagnostic", json!({ "previousResultIds": [] }));
        if client.answer_within(id, Duration::from_millis(800)).is_none() {
            break id;
        }
    };
    client.notify("$/cancelRequest", json!({ "id": held }));
    let answer = client.answer_within(held, Duration::from_secs(2)).expect("an answer");
    assert_eq!(answer.expect_err("cancelled")["code"], -32800);
}

#[test]
fn a_pull_is_let_go_when_the_next_one_comes() {
    let project = Project::of(&[("a1", "None")]);
    let mut client = Client::open(&editors::vscode(), &[project.root()]);
    let first = client.ask("workspace/diagnostic", json!({ "previousResultIds": [] }));
    let second = client.ask("workspace/diagnostic", json!({ "previousResultIds": [] }));
    assert_eq!(client.answer(first), Ok(json!({ "items": [] })));
    assert_eq!(client.answer_within(second, Duration::from_millis(500)), None);
}

#[test]
fn a_client_that_pulls_only_what_is_open_is_pushed_the_rest() {
    let shop = Project::shop();
    let (head, other) = (shop.revision("96f05a3ed8b7"), shop.revision("4cb8d2719ea0"));
    let mut client = Client::open(&editors::vscode(), &[shop.root()]);
    client.open_file(&shop.revision("3f1c8a52d7e4"));
    client.diagnostics(&head, is_heads);
    client.diagnostics(&other, is_heads);
    // From the moment it is open the file is pulled, and what was pushed goes away.
    client.open_file(&head);
    client.diagnostics(&head, <[Value]>::is_empty);
    assert!(is_heads(&pull(&mut client, &head)));
    // Closed again it is pushed again.
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri(&head) } }));
    client.diagnostics(&head, is_heads);
}

#[test]
fn documents_of_other_schemes_and_files_that_are_no_migrations_get_no_answer() {
    let shop = Project::shop();
    let text = revision("ffff", "a copy", "\"a53e1f6bc094\"");
    let plain = shop.write("shop/plain.py", &text);
    let mut client = Client::open(&editors::vscode(), &[shop.root()]);
    let git = format!("git:{}?ref=HEAD", shop.revision("96f05a3ed8b7").display());
    for uri in [git.as_str(), "untitled:Untitled-1", &uri(&plain)] {
        client.open_text(uri, &text);
        let document = json!({ "uri": uri });
        let here = json!({ "textDocument": document, "position": { "line": 4, "character": 14 } });
        let with = |key: &str, value: Value| {
            let mut params = here.clone();
            params[key] = value;
            params
        };
        let whole =
            json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
        let context = json!({ "diagnostics": [], "includeDeclaration": true });
        let action = json!({ "textDocument": document, "range": whole, "context": context });
        let requests = [
            ("textDocument/hover", here.clone()),
            ("textDocument/definition", here.clone()),
            ("textDocument/references", with("context", context.clone())),
            ("textDocument/completion", here.clone()),
            ("textDocument/prepareRename", here.clone()),
            ("textDocument/rename", with("newName", json!("eeee"))),
            ("textDocument/documentSymbol", here.clone()),
            ("textDocument/codeLens", here.clone()),
            ("textDocument/codeAction", action),
        ];
        for (method, params) in requests {
            assert_eq!(client.request(method, params), Value::Null, "{method} of {uri}");
        }
        let report = client.request("textDocument/diagnostic", here);
        assert_eq!(report["items"], json!([]), "{uri}");
    }
    // The copy in the version control's view is not a second revision of the same name.
    let heads = client.request("workspace/executeCommand", json!({ "command": "revline.heads" }));
    assert_eq!(heads["environments"][0]["heads"].as_array().map(Vec::len), Some(2));
    let hover = client.request("textDocument/hover", at(&shop.revision("96f05a3ed8b7"), 14, 20));
    assert!(hover["contents"]["value"].as_str().is_some_and(|text| text.contains("gift message")));
}

#[test]
fn a_header_half_typed_makes_no_phantom_head_or_base_elsewhere() {
    let project = Project::of(&[("a1", "None"), ("b2", "\"a1\""), ("c3", "\"b2\"")]);
    let mut client = Client::open(&editors::vscode(), &[project.root()]);
    let (a, b, c) = (project.revision("a1"), project.revision("b2"), project.revision("c3"));
    let text = client.open_file(&c);
    for half in ["('b2',", "(", "", "'b2", "[\"b2\",", "\"b2\" if"] {
        client.replace(
            &c,
            &text.replace("down_revision = \"b2\"", &format!("down_revision = {half}")),
        );
        for file in [&a, &b] {
            let found = pull(&mut client, file);
            assert_eq!(found, Vec::<Value>::new(), "down_revision = {half}");
        }
    }
    // A value that is whole counts, so the answers above are not those of a server that sleeps.
    client.replace(&c, &text.replace("down_revision = \"b2\"", "down_revision = \"a1\""));
    assert!(is_heads(&pull(&mut client, &b)));
}

#[test]
fn a_client_that_cannot_be_told_to_pull_again_is_pushed_to() {
    let shop = Project::shop();
    let head = shop.revision("96f05a3ed8b7");
    let mut client = Client::start(&[]);
    let greeting = client.greet(&editors::neovim(), &[shop.root()]);
    assert_eq!(greeting["capabilities"]["diagnosticProvider"], Value::Null);
    let text = client.open_file(&head);
    client.diagnostics(&head, is_heads);
    client.diagnostics(&shop.revision("4cb8d2719ea0"), is_heads);
    client.replace(&head, &text.replace("= 'a53e1f6bc094'", "= '4cb8d2719ea0'"));
    client.diagnostics(&head, |all| !is_heads(all));
    client.diagnostics(&shop.revision("4cb8d2719ea0"), |all| !is_heads(all));
}
