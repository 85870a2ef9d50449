//! What no server should be told, told: it says what is wrong, and goes on.

use std::time::{Duration, Instant};

use revline_tests::editors;
use revline_tests::lsp::{Client, at, codes, uri};
use revline_tests::project::{Project, place, revision};
use serde_json::{Value, json};

fn shop() -> (Project, Client) {
    let shop = Project::shop();
    let client = Client::open(&editors::vscode(), &[shop.root()]);
    (shop, client)
}

/// The server answers a hover, within two seconds.
fn answers(shop: &Project, client: &mut Client) {
    answers_within(Duration::from_secs(2), shop, client);
}

fn answers_within(time: Duration, shop: &Project, client: &mut Client) {
    let before = Instant::now();
    let id = client.ask("textDocument/hover", at(&shop.revision("96f05a3ed8b7"), 14, 20));
    let answer = client.answer_within(id, time);
    let Some(Ok(hover)) = answer else { panic!("{answer:?} after {:?}", before.elapsed()) };
    let text = hover["contents"]["value"].as_str().unwrap_or_default();
    assert!(text.starts_with("**96f05a3ed8b7** add gift message to orders"), "{text}");
}

#[test]
fn broken_frames_and_broken_json_are_answered_and_left_behind() {
    let (shop, mut client) = shop();
    answers(&shop, &mut client);
    client.raw(b"Content-Length: 9\r\n\r\n{\"id\": 1,");
    let error = client.answer(-1).expect_err("a parse error");
    assert_eq!(error["code"], -32700);
    answers(&shop, &mut client);
    client.raw(b"Content-Length: 2\r\n\r\n[]");
    answers(&shop, &mut client);
    client.raw(b"Content-Length: 12\r\n\r\n\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff\xfe");
    answers(&shop, &mut client);
    client.raw(b"Content-Length: nine\r\n\r\n{}");
    answers(&shop, &mut client);
    client.raw(b"Content-Type: text/plain\r\n\r\n");
    answers(&shop, &mut client);
    client.raw(b"{\"jsonrpc\": \"2.0\"}\n\n\n");
    answers(&shop, &mut client);
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let message = format!("{{\"jsonrpc\":\"2.0\",\"method\":\"x\",\"params\":{deep}}}");
    client.raw(format!("Content-Length: {}\r\n\r\n{message}", message.len()).as_bytes());
    answers(&shop, &mut client);
}

#[test]
fn a_frame_that_ends_too_early_costs_at_most_the_message_behind_it() {
    let (shop, mut client) = shop();
    answers(&shop, &mut client);
    // 60 bytes are announced and 20 sent; the rest is taken from the next message.
    client.raw(b"Content-Length: 60\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\"");
    client
        .notify("textDocument/didSave", json!({ "textDocument": { "uri": "file:///nowhere.py" } }));
    answers(&shop, &mut client);
}

#[test]
fn unknown_methods_are_refused_and_unknown_notifications_ignored() {
    let (shop, mut client) = shop();
    for method in ["textDocument/makeCoffee", "workspace/makeCoffee", "$/makeCoffee"] {
        let error = client.try_request(method, json!({ "a": 1 })).expect_err("unknown");
        assert_eq!(error["code"], -32601, "{method}");
        client.notify(method, json!({ "a": 1 }));
    }
    client.notify("$/makeCoffee", json!(null));
    client.notify("$/setTrace", json!({ "value": "verbose" }));
    client.notify("$/cancelRequest", json!({ "id": 99_999 }));
    answers(&shop, &mut client);
}

#[test]
fn positions_outside_of_the_text_are_clamped_or_refused() {
    let (shop, mut client) = shop();
    let head = shop.revision("96f05a3ed8b7");
    let text = client.open_file(&head);
    let far = u32::MAX;
    for (line, column) in [(far, far), (far, 0), (0, far), (14, far), (text.len() as u32, 3)] {
        for method in ["textDocument/hover", "textDocument/definition", "textDocument/completion"] {
            let answer = client.try_request(method, at(&head, line, column));
            assert!(answer.is_ok(), "{method} at {line}:{column}: {answer:?}");
        }
    }
    for position in [
        json!({ "line": -1, "character": 0 }),
        json!({ "line": 0, "character": -7 }),
        json!({ "line": 1.5, "character": 0 }),
        json!({ "line": 1e20, "character": 0 }),
        json!({ "line": "first", "character": 0 }),
        json!(null),
    ] {
        let params = json!({ "textDocument": { "uri": uri(&head) }, "position": position });
        let error = client.try_request("textDocument/hover", params).expect_err("no position");
        assert_eq!(error["code"], -32602, "{position}");
    }
    let wild = json!({
        "start": { "line": far, "character": far },
        "end": { "line": 0, "character": 0 },
    });
    let action = json!({
        "textDocument": { "uri": uri(&head) },
        "range": wild,
        "context": { "diagnostics": [] },
    });
    let answer = client.try_request("textDocument/codeAction", action);
    assert!(answer.is_ok(), "{answer:?}");
    answers(&shop, &mut client);
}

#[test]
fn an_edit_that_does_not_fit_is_healed_by_the_next_whole_text() {
    let (shop, mut client) = shop();
    let head = shop.revision("96f05a3ed8b7");
    let text = client.open_file(&head);
    let far = json!({
        "start": { "line": 1_000_000, "character": 0 },
        "end": { "line": 1_000_001, "character": 0 },
    });
    client.change(&head, json!([{ "range": far, "text": "x" }]));
    let negative = json!({
        "start": { "line": -1, "character": 0 },
        "end": { "line": 0, "character": 0 },
    });
    client.change(&head, json!([{ "range": negative, "text": "x" }]));
    let backwards = json!({
        "start": { "line": 3, "character": 3 },
        "end": { "line": 1, "character": 0 },
    });
    client.change(&head, json!([{ "range": backwards, "text": "x" }]));
    answers(&shop, &mut client);
    client.replace(&head, &text.replace("= '96f05a3ed8b7'", "= 'healed'"));
    let symbols = client.request("textDocument/documentSymbol", at(&head, 0, 0));
    assert_eq!(symbols[0]["name"], "healed");
}

#[test]
fn edits_of_documents_that_are_not_open_change_nothing() {
    let (shop, mut client) = shop();
    client.replace(&shop.revision("96f05a3ed8b7"), "");
    client.replace(&shop.path("nowhere.py"), "");
    client.notify(
        "textDocument/didClose",
        json!({ "textDocument": { "uri": uri(&shop.path("nowhere.py")) } }),
    );
    answers(&shop, &mut client);
}

#[test]
fn a_file_of_ten_megabytes_is_opened_and_edited() {
    let (shop, mut client) = shop();
    answers(&shop, &mut client);
    let mut text = revision("big", "big", "\"96f05a3ed8b7\"");
    while text.len() < 10 * 1024 * 1024 {
        text.push_str(
            "    op.execute(\"INSERT INTO t VALUES (1, 'a row of some length', NULL)\")\n",
        );
    }
    let file = shop.path("alembic/versions/big.py");
    client.open_text(&uri(&file), &text);
    // Without optimisation ten megabytes are read several times slower.
    let time = Duration::from_secs(if cfg!(debug_assertions) { 60 } else { 2 });
    answers_within(time, &shop, &mut client);
    let (line, column) = place(&text, "revision = \"");
    let end = json!({ "line": line, "character": column });
    for _ in 0..3 {
        client.change(&file, json!([{ "range": { "start": end, "end": end }, "text": "x" }]));
    }
    answers_within(time, &shop, &mut client);
    let heads = client.request("workspace/executeCommand", json!({ "command": "revline.heads" }));
    let all: Vec<&Value> = heads["environments"][0]["heads"]
        .as_array()
        .expect("heads")
        .iter()
        .map(|head| &head["revision"])
        .collect();
    assert_eq!(all, ["4cb8d2719ea0", format!("{}big", "x".repeat(3)).as_str()]);
}

#[test]
fn fifty_thousand_open_brackets_are_read() {
    let (shop, mut client) = shop();
    for (name, open) in [("parens", "("), ("brackets", "["), ("calls", "f("), ("nots", "not ")] {
        let deep = open.repeat(50_000);
        let text = revision(name, name, "\"96f05a3ed8b7\"")
            .replace("def downgrade", &format!("def other():\n    {deep}\n\n\ndef downgrade"));
        let file = shop.path(&format!("alembic/versions/{name}.py"));
        client.open_text(&uri(&file), &text);
        let header = shop.path(&format!("alembic/versions/{name}_header.py"));
        client.open_text(&uri(&header), &format!("revision = \"h\"\ndown_revision = {deep}"));
        for file in [&file, &header] {
            let document = json!({ "textDocument": { "uri": uri(file) } });
            let report = client.try_request("textDocument/diagnostic", document);
            assert!(report.is_ok(), "{report:?}");
            let id = client.ask("textDocument/documentSymbol", at(file, 0, 0));
            assert!(client.answer_within(id, Duration::from_secs(2)).is_some_and(|a| a.is_ok()));
        }
        answers(&shop, &mut client);
    }
}

#[test]
fn files_that_are_no_text_and_folders_that_are_none_are_lived_with() {
    let shop = Project::shop();
    let versions = shop.path("alembic/versions");
    let noise: Vec<u8> =
        (0..4096_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    std::fs::write(versions.join("noise.py"), &noise).expect("a file");
    std::fs::write(versions.join("zero.py"), [0; 64]).expect("a file");
    std::fs::write(versions.join("empty.py"), "").expect("a file");
    std::fs::create_dir(versions.join("folder.py")).expect("a folder");
    // A file where a folder is expected: what even an administrator cannot list.
    shop.write("second/alembic.ini", "[alembic]\nscript_location = %(here)s/migrations\n");
    shop.write("second/migrations", "no folder\n");
    shop.write("third/alembic.ini", "[alembic]\nscript_location = %(here)s/migrations\n");
    shop.write("third/migrations/env.py", "");
    shop.write("third/migrations/versions", "no folder\n");
    shop.write("fourth/alembic.ini", "[alembic\nscript_location\n%(\0");
    #[cfg(unix)]
    {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        symlink(&versions, versions.join("again")).expect("a link");
        symlink(shop.root(), shop.path("loop")).expect("a link");
        symlink(versions.join("self.py"), versions.join("self.py")).expect("a link");
        symlink("/nowhere/at/all.py", versions.join("dangling.py")).expect("a link");
        let shut = shop.write("shut/alembic.ini", "[alembic]\nscript_location = x\n");
        let shut = shut.parent().expect("a folder");
        std::fs::set_permissions(shut, std::fs::Permissions::from_mode(0o000)).expect("a mode");
    }
    let mut client = Client::open(&editors::helix(), &[shop.root()]);
    answers(&shop, &mut client);
    let heads = client.request("workspace/executeCommand", json!({ "command": "revline.heads" }));
    let shops: Vec<usize> = heads["environments"]
        .as_array()
        .expect("environments")
        .iter()
        .map(|environment| environment["heads"].as_array().map_or(0, Vec::len))
        .filter(|heads| *heads > 0)
        .collect();
    assert_eq!(shops, [2], "the shop once, whatever leads to it: {heads:#}");
    client
        .diagnostics(&shop.revision("96f05a3ed8b7"), |all| codes(all).contains(&"multiple-heads"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(shop.path("shut"), mode).expect("a mode");
    }
}

#[test]
fn a_file_deleted_while_open_lives_until_it_is_closed() {
    let (shop, mut client) = shop();
    let (head, other) = (shop.revision("96f05a3ed8b7"), shop.revision("4cb8d2719ea0"));
    client.open_file(&other);
    std::fs::remove_file(&other).expect("it was there");
    let deleted = json!({ "changes": [{ "uri": uri(&other), "type": 3 }] });
    client.notify("workspace/didChangeWatchedFiles", deleted);
    let hover = client.request("textDocument/hover", at(&other, 14, 20));
    assert_ne!(hover, Value::Null);
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri(&other) } }));
    answers(&shop, &mut client);
    let document = json!({ "textDocument": { "uri": uri(&head) } });
    let report = client.request("textDocument/diagnostic", document);
    let left = report["items"].as_array().cloned().unwrap_or_default();
    assert!(!codes(&left).contains(&"multiple-heads"), "{left:#?}");
    assert_eq!(client.request("textDocument/hover", at(&other, 14, 20)), Value::Null);
}
