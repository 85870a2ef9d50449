//! A request sees exactly the edits that were sent before it.

use revline_tests::editors;
use revline_tests::lsp::{Client, at, uri};
use revline_tests::project::{Project, range, revision};
use serde_json::{Value, json};

#[test]
fn three_hundred_edits_and_a_hundred_requests_at_full_speed_stay_in_order() {
    for editor in [editors::vscode(), editors::helix()] {
        let project = Project::of(&[("a1", "None"), ("b2", "\"a1\"")]);
        let file = project.path("alembic/versions/c3.py");
        let mut client = Client::open(&editor, &[project.root()]);
        client.open_text(&uri(&file), &revision("c3", "n0", "\"b2\""));
        // The first twenty go out before the index can be ready.
        let mut wanted: Vec<(i64, &str, usize, usize)> = Vec::new();
        let (mut title, mut id) = (0, 0);
        let width = |number: usize| u32::try_from(number.to_string().len()).expect("few digits");
        for edit in 1..=300_usize {
            if edit % 3 == 0 {
                // revision = "cN"
                let end = if id == 0 { 14 } else { 13 + width(id) };
                let new = json!({ "range": range(4, 13, end), "text": edit.to_string() });
                id = edit;
                client.change(&file, json!([new]));
            } else {
                // """nN""", in two changes of one notification: out with the old, in with the new.
                let gone = json!({ "range": range(0, 4, 4 + width(title)), "text": "" });
                let new = json!({ "range": range(0, 4, 4), "text": edit.to_string() });
                title = edit;
                client.change(&file, json!([gone, new]));
            }
            if edit % 3 == 1 {
                let symbols = edit % 2 == 0;
                let method =
                    if symbols { "textDocument/documentSymbol" } else { "textDocument/hover" };
                let request = client.ask(method, at(&file, 4, 12));
                wanted.push((request, method, id, title));
            }
        }
        assert_eq!(wanted.len(), 100);
        let mut wrong = Vec::new();
        for (request, method, id, title) in wanted {
            let id = if id == 0 { "c3".to_owned() } else { format!("c{id}") };
            let answer = client.answer(request).expect("an answer");
            let seen = if method == "textDocument/hover" {
                let text = answer["contents"]["value"].as_str().unwrap_or_default().to_owned();
                text.lines().next().unwrap_or_default().trim_end().to_owned()
            } else if answer[0]["location"].is_null() {
                let text = |key: &str| answer[0][key].as_str().unwrap_or_default();
                format!("**{}** {}", text("name"), text("detail"))
            } else {
                // A flat outline has no detail.
                format!("**{}** n{title}", answer[0]["name"].as_str().unwrap_or_default())
            };
            if seen != format!("**{id}** n{title}") {
                wrong.push((seen, id, title));
            }
        }
        assert_eq!(wrong, [], "of 100 answers");
    }
}

#[test]
fn every_edit_is_seen_by_the_request_behind_it_even_before_the_first_index() {
    let shop = Project::shop();
    let head = shop.revision("96f05a3ed8b7");
    let mut client = Client::open(&editors::neovim(), &[shop.root()]);
    let text = client.open_file(&head);
    let mut asked = Vec::new();
    for number in 0..50 {
        client.replace(&head, &text.replace("= '96f05a3ed8b7'", &format!("= 'head{number}'")));
        asked.push(client.ask("textDocument/documentSymbol", at(&head, 0, 0)));
    }
    let seen: Vec<Value> = asked
        .into_iter()
        .map(|request| client.answer(request).expect("an outline")[0]["name"].clone())
        .collect();
    let wanted: Vec<Value> = (0..50).map(|number| json!(format!("head{number}"))).collect();
    assert_eq!(seen, wanted);
}
