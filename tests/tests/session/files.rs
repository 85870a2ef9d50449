//! Revision files that are renamed and deleted in the editor.

use std::time::Duration;

use revline_tests::editors;
use revline_tests::lsp::{Client, uri};
use revline_tests::project::Project;
use serde_json::{Value, json};

fn warnings(client: &Client) -> Vec<&str> {
    let messages = client.told.iter().filter(|(method, _)| method == "window/showMessage");
    messages.filter_map(|(_, params)| params["message"].as_str()).collect()
}

fn heads(client: &mut Client) -> Vec<String> {
    let command = json!({ "command": "revline.heads" });
    let answer = client.request("workspace/executeCommand", command);
    let heads = answer["environments"][0]["heads"].as_array().cloned().unwrap_or_default();
    heads.iter().filter_map(|head| head["revision"].as_str()).map(str::to_owned).collect()
}

#[test]
fn deleting_a_revision_that_others_stand_on_is_warned_of() {
    let project = Project::of(&[("a1", "None"), ("b2", "\"a1\""), ("c3", "\"b2\"")]);
    let mut client = Client::open(&editors::vscode(), &[project.root()]);
    let delete = |client: &mut Client, name: &str| {
        let files = json!({ "files": [{ "uri": uri(&project.path(name)) }] });
        assert_eq!(client.request("workspace/willDeleteFiles", files.clone()), Value::Null);
        files
    };
    delete(&mut client, "alembic/versions/c3.py");
    delete(&mut client, "alembic/versions");
    delete(&mut client, "alembic/env.py");
    let files = delete(&mut client, "alembic/versions/b2.py");
    client.tells("window/showMessage", |_| true);
    assert_eq!(
        warnings(&client),
        ["c3 stands on b2, which goes away: Alembic will not find it."],
        "what nobody is left on is not told"
    );
    let gone = project.revision("b2");
    std::fs::remove_file(gone).expect("it is there");
    client.notify("workspace/didDeleteFiles", files);
    assert_eq!(heads(&mut client), ["a1", "c3"], "c3 stands alone");
}

#[test]
fn a_renamed_file_keeps_its_place_in_the_graph() {
    let project = Project::of(&[("a1", "None"), ("b2", "\"a1\"")]);
    let mut client = Client::open(&editors::vscode(), &[project.root()]);
    assert_eq!(heads(&mut client), ["b2"]);
    let rename = |client: &mut Client, from: &str, to: &str| {
        let (from, to) = (project.path(from), project.path(to));
        let files = json!({ "files": [{ "oldUri": uri(&from), "newUri": uri(&to) }] });
        assert_eq!(client.request("workspace/willRenameFiles", files.clone()), Value::Null);
        std::fs::rename(from, to).expect("it is there");
        client.notify("workspace/didRenameFiles", files);
    };
    rename(&mut client, "alembic/versions/a1.py", "alembic/versions/2024_first.py");
    assert_eq!(heads(&mut client), ["b2"], "the identifier is not the name");
    client.pump(Duration::from_millis(50), |_| false);
    assert_eq!(warnings(&client), [""; 0]);
    rename(&mut client, "alembic/versions/2024_first.py", "alembic/versions/first.py.orig");
    client.tells("window/showMessage", |params| params["type"] == 2);
    assert_eq!(warnings(&client), ["b2 stands on a1, which goes away: Alembic will not find it."]);
}
