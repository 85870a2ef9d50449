//! Columns in bytes, UTF-16 units and characters.

use revline_tests::editors;
use revline_tests::lsp::{Client, at, uri};
use revline_tests::project::Project;
use serde_json::{Value, json};

/// One crab is four bytes, two UTF-16 units, one character.
const CRABS: &str = "🦀 Ärger";

#[test]
fn each_encoding_counts_its_own_way() {
    let cases = [
        (editors::vscode(), "utf-16", 8),
        (editors::eglot_28(), "utf-16", 8),
        (editors::neovim(), "utf-8", 11),
        (editors::helix(), "utf-8", 11),
        (
            json!({ "capabilities": { "general": { "positionEncodings": ["utf-32"] } } }),
            "utf-32",
            7,
        ),
    ];
    for (editor, encoding, crabs) in cases {
        let project = Project::of(&[("a1", "None")]);
        // The identifiers stand behind the crabs: in the docstring, and in a list on one line.
        let text = format!(
            "\"\"\"{CRABS}\n\nRevision ID: b2\nRevises: a1\n\"\"\"\n\
             title = \"{CRABS}\"; revision = \"b2\"; down_revision = \"a1\"\n"
        );
        let file = project.write("alembic/versions/b2.py", &text);
        let mut client = Client::start(&[]);
        let greeting = client.greet(&editor, &[project.root()]);
        assert_eq!(greeting["capabilities"]["positionEncoding"], encoding);
        client.open_text(&uri(&file), &text);
        // title = "CRABS"; revision = "b2"
        let id = 9 + crabs + 3 + 12;
        let hover = client.request("textDocument/hover", at(&file, 5, id));
        let wanted = json!({
            "start": { "line": 5, "character": id },
            "end": { "line": 5, "character": id + 2 },
        });
        assert_eq!(hover["range"], wanted, "{encoding}: {hover}");
        // ; down_revision = "a1"
        let parent = id + 2 + 3 + 17;
        let target = client.request("textDocument/definition", at(&file, 5, parent));
        assert_eq!(target["uri"], uri(&project.revision("a1")), "{encoding}");
        // An edit behind the crabs lands where it should.
        let range = json!({
            "start": { "line": 5, "character": id },
            "end": { "line": 5, "character": id + 2 },
        });
        client.change(&file, json!([{ "range": range, "text": "🦀2" }]));
        let symbols = client.request("textDocument/documentSymbol", at(&file, 0, 0));
        assert_eq!(symbols[0]["name"], "🦀2", "{encoding}");
        // And one between two halves of a crab breaks nothing.
        let middle = json!({
            "start": { "line": 0, "character": 4 },
            "end": { "line": 0, "character": 4 },
        });
        client.change(&file, json!([{ "range": middle, "text": "x" }]));
        assert_ne!(client.request("textDocument/documentSymbol", at(&file, 0, 0)), Value::Null);
    }
}
