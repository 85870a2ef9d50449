//! What a person asks for inside `upgrade` and `downgrade`: tables, names, SQL.

use std::time::Duration;

use revline_tests::editors;
use revline_tests::lsp::{Client, at, uri};
use revline_tests::project::{Project, place};
use serde_json::{Value, json};

/// VS Code with our extension: it shows documents of the scheme `revline`.
fn editor() -> Value {
    let mut editor = editors::vscode();
    editor["initializationOptions"]["documents"] = json!(true);
    let completion = &mut editor["capabilities"]["textDocument"]["completion"];
    completion["completionItem"]["snippetSupport"] = json!(true);
    editor
}

fn labels(items: &Value) -> Vec<String> {
    let mut items: Vec<&Value> = items.as_array().into_iter().flatten().collect();
    items.sort_by_key(|item| item["sortText"].as_str());
    items.iter().filter_map(|item| item["label"].as_str()).map(str::to_owned).collect()
}

fn lines(places: &Value) -> Vec<(String, u64)> {
    let line = |place: &Value| {
        let name = place["uri"].as_str().unwrap_or_default().rsplit('/').next().unwrap_or_default();
        let id = name.split('_').next().unwrap_or_default().to_owned();
        (id, place["range"]["start"]["line"].as_u64().unwrap_or_default())
    };
    let mut lines: Vec<(String, u64)> = places.as_array().into_iter().flatten().map(line).collect();
    lines.sort();
    lines
}

#[test]
fn a_table_is_shown_before_and_after_and_leads_to_what_made_it() {
    let shop = Project::shop();
    let file = shop.revision("4cb8d2719ea0");
    let mut client = Client::open(&editor(), &[shop.root()]);
    let text = client.open_file(&file);
    let (line, column) = place(&text, "op.add_column('cust");
    let hover = client.request("textDocument/hover", at(&file, line, column));
    let card = hover["contents"]["value"].as_str().unwrap_or_default();
    assert!(card.starts_with("table **customers**"), "{card}");
    assert!(card.contains("\n+ loyalty\\_points") || card.contains("\n+ loyalty_points"), "{card}");
    assert!(card.contains("\n  email"), "{card}");

    let target = client.request("textDocument/definition", at(&file, line, column));
    assert_eq!(target["uri"], uri(&shop.revision("3f1c8a52d7e4")));
    let mut references = at(&file, line, column);
    references["context"] = json!({ "includeDeclaration": false });
    let found = lines(&client.request("textDocument/references", references));
    let files: std::collections::BTreeSet<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
    assert!(files.contains("3f1c8a52d7e4"), "the foreign key of addresses: {found:?}");
    assert!(files.contains("5e92c1b3f680"), "the foreign key of orders: {found:?}");
    assert!(files.contains("4cb8d2719ea0"), "{found:?}");

    let marks = client.request("textDocument/documentHighlight", at(&file, line, column));
    assert_eq!(marks.as_array().map(Vec::len), Some(2), "upgrade and downgrade: {marks}");
}

#[test]
fn a_half_typed_line_gets_names_directives_and_signatures() {
    let shop = Project::shop();
    let file = shop.revision("4cb8d2719ea0");
    let mut client = Client::open(&editor(), &[shop.root()]);
    let text = client.open_file(&file);
    let def = "def upgrade() -> None:\n";
    let typed = |line: &str| text.replace(def, &format!("{def}    {line}\n"));
    let mut ask = |line: &str, method: &str| {
        let text = typed(line);
        client.replace(&file, &text);
        let (line, column) = place(&text, &format!("{def}    {line}"));
        client.request(method, at(&file, line, column))
    };
    let tables = labels(&ask("op.drop_table('", "textDocument/completion"));
    assert!(tables.contains(&"order_items".to_owned()), "{tables:?}");
    let columns = labels(&ask("op.drop_column('customers', \"", "textDocument/completion"));
    assert_eq!(columns, ["id", "email", "name", "created_at"], "not yet loyalty_points");
    let directives = ask("op.", "textDocument/completion");
    let one = directives.as_array().into_iter().flatten();
    let one = one.into_iter().find(|item| item["label"] == "drop_column").expect("it is there");
    assert_eq!(one["insertTextFormat"], 2, "a snippet: {one}");
    let help = ask("op.add_column('customers', ", "textDocument/signatureHelp");
    assert_eq!(help["activeParameter"], 1, "{help}");
    assert!(
        help["signatures"][0]["label"].as_str().is_some_and(|l| l.starts_with("op.add_column("))
    );
    let nothing = ask("print(", "textDocument/signatureHelp");
    assert_eq!(nothing, Value::Null);
}

#[test]
fn the_document_with_sql_is_behind_a_lens_and_is_kept_in_step() {
    let shop = Project::shop();
    let file = shop.revision("4cb8d2719ea0");
    let mut client = Client::open(&editor(), &[shop.root()]);
    let text = client.open_file(&file);
    let document = json!({ "textDocument": { "uri": uri(&file) } });
    let lenses = client.request("textDocument/codeLens", document);
    let lenses: Vec<&Value> = lenses
        .as_array()
        .into_iter()
        .flatten()
        .filter(|lens| lens["command"]["title"] == "SQL")
        .collect();
    assert_eq!(lenses.len(), 2, "{lenses:?}");
    let command = &lenses[0]["command"];
    let params = json!({ "command": command["command"], "arguments": command["arguments"] });
    let answer = client.request("workspace/executeCommand", params);
    let shown = client.asked.iter().rfind(|(method, _)| method == "window/showDocument");
    let address = shown.map(|(_, params)| params["uri"].clone()).expect("it is shown");
    assert_eq!(answer["document"], address);
    let read = |client: &mut Client| {
        let params = json!({ "uri": address });
        let answer = client.request("workspace/textDocumentContent", params);
        answer["text"].as_str().unwrap_or_default().to_owned()
    };
    let sql = read(&mut client);
    assert!(sql.contains("ALTER TABLE customers ADD COLUMN loyalty_points"), "{sql}");

    client.replace(&file, &text.replace("'loyalty_points'", "'points'"));
    let renewed = client.pump(Duration::from_secs(30), |client| {
        client.asked.iter().any(|(method, params)| {
            method == "workspace/textDocumentContent/refresh" && params["uri"] == address
        })
    });
    assert!(renewed, "the client is told: {:?}", client.asked);
    assert!(read(&mut client).contains("ADD COLUMN points"));
}

#[test]
fn a_client_that_shows_no_documents_gets_no_lens_for_them() {
    let shop = Project::shop();
    let file = shop.revision("4cb8d2719ea0");
    let mut client = Client::open(&editors::helix(), &[shop.root()]);
    client.open_file(&file);
    let document = json!({ "textDocument": { "uri": uri(&file) } });
    let lenses = client.request("textDocument/codeLens", document);
    let titles: Vec<&str> = lenses
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|lens| lens["command"]["title"].as_str())
        .collect();
    assert!(!titles.is_empty() && !titles.contains(&"SQL"), "{titles:?}");
}

#[test]
fn remarks_about_what_is_not_known_come_only_where_they_are_wanted() {
    for wanted in [false, true] {
        let project = Project::of(&[("a", "None")]);
        let file = project.write(
            "alembic/versions/b.py",
            "from alembic import op\nrevision = 'b'\ndown_revision = 'a'\n\n\ndef upgrade():\n    \
             op.execute(open('x').read())\n\n\ndef downgrade():\n    pass\n",
        );
        let mut editor = editors::vscode();
        editor["initializationOptions"]["settings"] = json!({ "inlayHints": wanted });
        let mut client = Client::start(&[]);
        client.settings = json!({ "inlayHints": wanted });
        client.greet(&editor, &[project.root()]);
        client.open_file(&file);
        let params = json!({
            "textDocument": { "uri": uri(&file) },
            "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 20, "character": 0 } },
        });
        let hints = client.request("textDocument/inlayHint", params);
        let lines: Vec<u64> = hints
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|hint| hint["position"]["line"].as_u64())
            .collect();
        // Its place in the lineage, and what is not known.
        assert_eq!(lines, if wanted { vec![1, 6] } else { vec![] }, "{hints}");
    }
}
