//! Columns in bytes, UTF-16 units and characters.

use revline_tests::editors;
use revline_tests::lsp::{Client, at, uri};
use revline_tests::project::Project;
use serde_json::{Value, json};

/// A crab is four bytes, two UTF-16 units, one character; the umlaut is two bytes.
const CRAB: &str = "🦀Är";

#[test]
fn each_encoding_counts_its_own_way() {
    let cases = [
        (editors::vscode(), "utf-16", 4),
        (editors::eglot_28(), "utf-16", 4),
        (editors::neovim(), "utf-8", 7),
        (editors::helix(), "utf-8", 7),
        (
            json!({ "capabilities": { "general": { "positionEncodings": ["utf-32"] } } }),
            "utf-32",
            3,
        ),
    ];
    for (editor, encoding, crab) in cases {
        let project = Project::of(&[("a1", "None"), ("a2", "None"), (CRAB, "None")]);
        // Identifiers stand behind the crab: in the docstring, and in a tuple.
        let text = format!(
            "\"\"\"{CRAB}\n\nRevision ID: b2\nRevises: {CRAB}, a1\n\"\"\"\n\
             revision = \"b2\"\ndown_revision = (\"{CRAB}\", \"a1\")\n"
        );
        let file = project.write("alembic/versions/b2.py", &text);
        let mut client = Client::start(&[]);
        let greeting = client.greet(&editor, &[project.root()]);
        assert_eq!(greeting["capabilities"]["positionEncoding"], encoding);
        client.open_text(&uri(&file), &text);
        // Revises: CRAB, a1
        // down_revision = ("CRAB", "a1")
        let places = [(3, 9 + crab + 2), (6, 18 + crab + 4)];
        let range = |line: u32, start: u32| {
            json!({
                "start": { "line": line, "character": start },
                "end": { "line": line, "character": start + 2 },
            })
        };
        for (line, column) in places {
            let hover = client.request("textDocument/hover", at(&file, line, column));
            assert_eq!(hover["range"], range(line, column), "{encoding}: {hover}");
            let target = client.request("textDocument/definition", at(&file, line, column));
            assert_eq!(target["uri"], uri(&project.revision("a1")), "{encoding}");
        }
        // An edit behind the crab lands where it should.
        let (line, column) = places[1];
        client.change(&file, json!([{ "range": range(line, column), "text": "a2" }]));
        let target = client.request("textDocument/definition", at(&file, line, column));
        assert_eq!(target["uri"], uri(&project.revision("a2")), "{encoding}");
        // And one between two halves of a crab breaks nothing.
        let middle = json!({
            "start": { "line": 0, "character": 4 },
            "end": { "line": 0, "character": 4 },
        });
        client.change(&file, json!([{ "range": middle, "text": "x" }]));
        assert_ne!(client.request("textDocument/documentSymbol", at(&file, 0, 0)), Value::Null);
    }
}
