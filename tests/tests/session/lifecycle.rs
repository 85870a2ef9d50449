//! Beginning and end, and a feature that panics.

use std::time::{Duration, Instant};

use revline_tests::editors;
use revline_tests::lsp::{Client, at};
use revline_tests::project::Project;
use serde_json::{Value, json};

#[test]
fn the_process_ends_within_a_second_of_exit() {
    let shop = Project::shop();
    for editor in [editors::vscode(), editors::eglot_28(), editors::bare()] {
        let mut client = Client::open(&editor, &[shop.root()]);
        // The second one is held.
        client.ask("workspace/diagnostic", json!({ "previousResultIds": [] }));
        client.ask("workspace/diagnostic", json!({ "previousResultIds": [] }));
        assert_eq!(client.request("shutdown", Value::Null), Value::Null);
        let before = Instant::now();
        client.notify("exit", Value::Null);
        let status = client.wait(Duration::from_secs(1));
        assert!(
            status.is_some_and(|status| status.success()),
            "{status:?} after {:?}",
            before.elapsed()
        );
    }
}

#[test]
fn the_process_ends_when_the_client_vanishes() {
    let shop = Project::shop();
    let mut client = Client::start(&[]);
    assert!(client.vanish(Duration::from_secs(1)).is_some(), "before a word");
    let mut client = Client::open(&editors::vscode(), &[shop.root()]);
    client.ask("workspace/diagnostic", json!({ "previousResultIds": [] }));
    client.ask("workspace/diagnostic", json!({ "previousResultIds": [] }));
    assert!(client.vanish(Duration::from_secs(1)).is_some(), "with a held request");
    let mut client = Client::open(&editors::vscode(), &[shop.root()]);
    client.raw(b"Content-Length: 500\r\n\r\n{\"jsonrpc\"");
    assert!(client.vanish(Duration::from_secs(1)).is_some(), "within a frame");
}

#[test]
fn a_panic_in_a_feature_is_an_error_and_the_server_lives() {
    let shop = Project::shop();
    let head = shop.revision("96f05a3ed8b7");
    let mut client = Client::start(&[("REVLINE_PANIC_IN", "textDocument/hover")]);
    client.greet(&editors::vscode(), &[shop.root()]);
    client.open_file(&head);
    for _ in 0..5 {
        let error =
            client.try_request("textDocument/hover", at(&head, 14, 20)).expect_err("a panic");
        assert_eq!(error["code"], -32603);
        assert_eq!(
            error["message"],
            "Revline failed in textDocument/hover: a panic was asked for in textDocument/hover"
        );
    }
    let symbols = client.request("textDocument/documentSymbol", at(&head, 0, 0));
    assert_eq!(symbols[0]["name"], "96f05a3ed8b7");
}

#[test]
fn a_request_before_initialize_is_refused_and_after_shutdown_too() {
    let shop = Project::shop();
    let head = shop.revision("96f05a3ed8b7");
    let mut client = Client::start(&[]);
    let early = client.try_request("textDocument/hover", at(&head, 14, 20)).expect_err("too early");
    assert_eq!(early["code"], -32002);
    client.greet(&editors::vscode(), &[shop.root()]);
    assert_ne!(client.request("textDocument/hover", at(&head, 14, 20)), Value::Null);
    let twice = client.try_request("initialize", editors::vscode()).expect_err("a second time");
    assert_eq!(twice["code"], -32600);
    client.request("shutdown", Value::Null);
    let late = client.try_request("textDocument/hover", at(&head, 14, 20)).expect_err("too late");
    assert_eq!(late["code"], -32600);
}
