//! What a person asks for: places, names, outlines, lenses, pages.

use revline_tests::editors;
use revline_tests::lsp::{Client, at, uri};
use revline_tests::oracle;
use revline_tests::project::{Project, place};
use revline_tests::workspace_edit;
use serde_json::{Value, json};

use crate::changes::loads;

#[test]
fn an_identifier_leads_to_its_file_and_to_those_that_name_it() {
    let shop = Project::shop();
    let (fork, head) = (shop.revision("a53e1f6bc094"), shop.revision("96f05a3ed8b7"));
    let mut client = Client::open(&editors::vscode(), &[shop.root()]);
    let id = json!({
        "start": { "line": 14, "character": 17 },
        "end": { "line": 14, "character": 29 },
    });
    for (line, column) in [(3, 12), (15, 53)] {
        let target = client.request("textDocument/definition", at(&head, line, column));
        assert_eq!(target["uri"], uri(&fork));
        assert_eq!(target["range"]["start"]["line"], 14);
    }
    let mut references = at(&fork, 14, 20);
    references["context"] = json!({ "includeDeclaration": true });
    let found = client.request("textDocument/references", references.clone());
    let mut places: Vec<(String, u64)> = found
        .as_array()
        .expect("places")
        .iter()
        .map(|place| {
            let path = place["uri"].as_str().unwrap_or_default();
            let name = path.rsplit('/').next().unwrap_or_default();
            let id = name.split('_').next().unwrap_or_default();
            (id.to_owned(), place["range"]["start"]["line"].as_u64().unwrap_or_default())
        })
        .collect();
    places.sort();
    let wanted = [
        ("4cb8d2719ea0", 3),
        ("4cb8d2719ea0", 15),
        ("96f05a3ed8b7", 3),
        ("96f05a3ed8b7", 15),
        ("a53e1f6bc094", 2),
        ("a53e1f6bc094", 14),
    ];
    assert_eq!(places, wanted.map(|(id, line)| (id.to_owned(), line)));
    assert!(found.as_array().expect("places").iter().any(|place| place["range"] == id));
}

#[test]
fn identifiers_are_proposed_inside_the_quotes_of_a_parent() {
    let shop = Project::shop();
    let file = shop.path("alembic/versions/new.py");
    let text = "revision = \"new\"\ndown_revision = \"";
    let mut client = Client::open(&editors::vscode(), &[shop.root()]);
    client.open_text(&uri(&file), text);
    let (line, column) = place(text, "down_revision = \"");
    let items = client.request("textDocument/completion", at(&file, line, column));
    let items = items.as_array().cloned().unwrap_or_default();
    let mut sorted: Vec<&Value> = items.iter().collect();
    sorted.sort_by_key(|item| item["sortText"].as_str());
    let labels: Vec<&str> = sorted.iter().filter_map(|item| item["label"].as_str()).collect();
    assert_eq!(labels.len(), 14, "{labels:?}");
    let mut heads = labels[..2].to_vec();
    heads.sort_unstable();
    assert_eq!(heads, ["4cb8d2719ea0", "96f05a3ed8b7"], "heads first");
    let first = sorted[0];
    assert_eq!(first["textEdit"]["newText"], first["label"], "no second pair of quotes");
    let here = json!({ "line": line, "character": column });
    assert_eq!(first["textEdit"]["range"], json!({ "start": here, "end": here }));
    // Nothing is proposed where no identifier belongs.
    assert_eq!(client.request("textDocument/completion", at(&file, 0, 13)), Value::Null);
}

#[test]
fn a_rename_reaches_every_file_and_real_alembic_agrees() {
    for editor in [editors::vscode(), editors::neovim(), editors::helix(), editors::eglot_30()] {
        let shop = Project::shop();
        let fork = shop.revision("a53e1f6bc094");
        let mut client = Client::open(&editor, &[shop.root()]);
        let named = client.request("textDocument/prepareRename", at(&fork, 14, 20));
        assert_eq!(named["placeholder"], "a53e1f6bc094");
        let mut rename = at(&fork, 14, 20);
        rename["newName"] = json!("a+b");
        // A name that Alembic could not read back is refused with a sentence.
        let refused = client.try_request("textDocument/rename", rename.clone());
        assert!(refused.is_err(), "{refused:?}");
        rename["newName"] = json!("0123456789ab");
        let edit = client.request("textDocument/rename", rename);
        let paths = workspace_edit::apply(&editor["capabilities"], &edit)
            .unwrap_or_else(|reason| panic!("{}: {reason}\n{edit:#}", editor["clientInfo"]));
        assert!(paths.len() >= 3, "{paths:?}");
        let can_rename = editor["capabilities"]["workspace"]["workspaceEdit"]["resourceOperations"]
            .as_array()
            .is_some_and(|all| all.contains(&json!("rename")));
        let renamed =
            shop.path("alembic/versions/0123456789ab_index_orders_by_customer_and_date.py");
        assert_eq!(renamed.is_file(), can_rename, "{}", editor["clientInfo"]);
        if let Some(python) = oracle::python() {
            let heads = loads(&python, shop.root(), "heads");
            assert_eq!(heads, "4cb8d2719ea0 (head)\n96f05a3ed8b7 (head)\n");
            let shown = loads(&python, shop.root(), "history -r 07e4c85db21f:0123456789ab");
            assert!(shown.contains("07e4c85db21f -> 0123456789ab (branchpoint)"), "{shown}");
        }
    }
}

#[test]
fn lenses_and_outline_show_where_a_revision_stands() {
    let shop = Project::shop();
    let head = shop.revision("96f05a3ed8b7");
    let mut client = Client::open(&editors::vscode(), &[shop.root()]);
    let lenses = client.request("textDocument/codeLens", at(&head, 0, 0));
    let titles: Vec<&Value> =
        lenses.as_array().expect("lenses").iter().map(|lens| &lens["command"]["title"]).collect();
    assert_eq!(titles.len(), 2, "{titles:?}");
    assert!(
        titles[0].as_str().is_some_and(|title| title.starts_with("one of 2 heads")),
        "{titles:?}"
    );
    assert_eq!(titles[1], "Merge heads");
    let merge = client.request("textDocument/codeLens", at(&shop.revision("e8620fd4c7b1"), 0, 0));
    let title = merge[0]["command"]["title"].as_str().unwrap_or_default();
    assert!(title.contains("merge of c4a7e0d81f39 and 91d3b56f2ac8"), "{title}");

    let symbols = client.request("textDocument/documentSymbol", at(&head, 0, 0));
    assert_eq!(symbols[0]["name"], "96f05a3ed8b7");
    assert_eq!(symbols[0]["detail"], "add gift message to orders");
    let inside: Vec<&Value> = symbols[0]["children"]
        .as_array()
        .expect("functions")
        .iter()
        .map(|one| &one["name"])
        .collect();
    assert_eq!(inside, ["upgrade", "downgrade"]);
    let operations = symbols[0]["children"][0]["children"].as_array().expect("operations");
    let operations: Vec<(&Value, &Value)> =
        operations.iter().map(|one| (&one["name"], &one["detail"])).collect();
    assert_eq!(operations[0], (&json!("op.add_column"), &json!("orders")));
}

#[test]
fn the_page_of_a_rule_is_a_document() {
    let shop = Project::shop();
    let mut client = Client::open(&editors::vscode(), &[shop.root()]);
    let page = json!({ "uri": "revline:/rules/multiple-heads.md" });
    let page = client.request("workspace/textDocumentContent", page);
    let text = page["text"].as_str().unwrap_or_default();
    for heading in ["multiple-heads", "## What it does", "## Why is this bad?", "## Fix safety"] {
        assert!(text.contains(heading), "{heading}: {text}");
    }
    for wrong in
        ["revline:/rules/no-such-rule.md", "revline:/../../etc/passwd", "file:///etc/passwd", ""]
    {
        let answer = client.try_request("workspace/textDocumentContent", json!({ "uri": wrong }));
        assert_eq!(answer.expect_err("no page")["code"], -32602, "{wrong}");
    }
}
