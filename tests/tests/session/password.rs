//! The password of a database stands in nothing that a server says: no message, no progress, no log, however talkative.

use std::os::unix::fs::PermissionsExt as _;

use revline_tests::judge::place::{PASSWORD, postgresql};
use revline_tests::lsp::{self, Client};
use revline_tests::{editors, oracle};
use serde_json::json;

use crate::database::{command, found, lenses, shop};

#[test]
fn the_password_stands_in_no_message_and_in_no_line_of_the_log() {
    let (Some(place), Some(python)) = (postgresql(), oracle::online()) else { return };
    place.fresh("quiet").expect("it is made");
    let project = shop(true);
    let said = project.path("said");
    let script = format!(
        "#!/bin/bash\nset -o pipefail\n'{}' \"$@\" 2>> '{}' | tee -a '{1}'\n",
        lsp::program().display(),
        said.display()
    );
    let program = project.write("talkative.sh", &script);
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("a program");
    let configure = |url: &str, runner: &str| {
        let python = python.display();
        let settings =
            format!("[database]\nurl = \"{url}\"\npython = '{python}'\nrunner = '{runner}'\n");
        project.write("revline.toml", &settings);
    };
    let wrong = place.keyed("quiet").replace("person:", "nobody:");
    let unknown = format!("postgresql://u:{}@no-such-host/d", PASSWORD.1);
    for (url, runner) in [
        (place.keyed("quiet"), "native"),
        (place.keyed("quiet"), "alembic"),
        (wrong, "auto"),
        (unknown, "auto"),
    ] {
        configure(&url, runner);
        let own = project.path("own");
        let own = own.to_str().expect("the temporary folder is text");
        let variables = [("XDG_CONFIG_HOME", own), ("HOME", own), ("REVLINE_LOG", "trace")];
        let mut client = Client::start_program(&program, &variables);
        let mut editor = editors::vscode();
        editor["initializationOptions"] =
            json!({ "trusted": true, "documents": true, "settings": {} });
        client.greet(&editor, &[project.root()]);
        let file = project.revision("cccc");
        client.open_file(&file);
        for choice in ["Upgrade", "Close", "Close"] {
            client.choices.push_back(choice.to_owned());
        }
        command(&mut client, "revline.upgrade", json!({ "target": "head" }));
        if url == place.keyed("quiet") {
            let heard = client.hears();
            assert!(heard.contains("failed") && heard.ends_with("it stands at base"), "{heard}");
            found(&mut client, &file, "failed-migration", 1);
            lenses(&mut client, &file, "pending");
            for name in ["revline.check", "revline.autogenerate", "revline.status"] {
                command(&mut client, name, json!({}));
                client.hears();
            }
        } else {
            let is_told = |client: &Client| !client.heard.is_empty() || client.asked.len() > 1;
            assert!(client.pump(crate::database::SOON, is_told), "nothing was said");
        }
    }
    let said = std::fs::read_to_string(&said).expect("it said something");
    assert!(said.contains("person:***@") && said.contains("TRACE"), "too little was said");
    for password in [PASSWORD.0, PASSWORD.1] {
        let line = said.lines().find(|line| line.contains(password));
        assert_eq!(line, None, "the password was said");
    }
}
