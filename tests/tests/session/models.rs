//! Models beside a database, by the project's own Alembic, from an editor.

#[cfg(unix)]
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use revline_tests::lsp::uri;
use revline_tests::oracle;
use revline_tests::project::Project;
use serde_json::{Value, json};

use crate::database::{SOON, client, command, found, lenses, shop};

const MODELS: &str = "from sqlalchemy import Column, Integer, MetaData, Table, Text\nfrom sqlalchemy.orm import declarative_base\n\nBase = declarative_base()\n\n\nclass User(Base):\n    __tablename__ = 'users'\n    id = Column(Integer, primary_key=True)\n    mail = Column('email', Text)\n    name = Column(Text)\n\n\norders = Table(\n    'orders',\n    Base.metadata,\n    Column('id', Integer, primary_key=True),\n)\n";

const ENV: &str = "import os, sys\nfrom alembic import context\nfrom sqlalchemy import engine_from_config\n\nsys.path.insert(0, os.getcwd())\nimport models\n\nconfig = context.config\nconnectable = engine_from_config(config.get_section('alembic'))\nwith connectable.connect() as connection:\n    context.configure(connection=connection, target_metadata=models.Base.metadata)\n    with context.begin_transaction():\n        context.run_migrations()\n";

const TEMPLATE: &str = "\"\"\"${message}\n\nRevision ID: ${up_revision}\nRevises: ${down_revision | comma,n}\n\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n${imports if imports else \"\"}\nrevision = ${repr(up_revision)}\ndown_revision = ${repr(down_revision)}\n\n\ndef upgrade():\n    ${upgrades if upgrades else \"pass\"}\n\n\ndef downgrade():\n    ${downgrades if downgrades else \"pass\"}\n";

/// The shop with models that ask for a column and a table more than its revisions make.
fn with_models(python: &std::path::Path) -> Project {
    let project = shop(false);
    project.write(
        "revline.toml",
        &format!("[database]\nurl = \"sqlite:///shop.db\"\npython = '{}'\n", python.display()),
    );
    project.write("alembic/script.py.mako", TEMPLATE);
    project.write("models.py", MODELS);
    project.write("alembic/env.py", ENV);
    project
}

#[test]
fn what_the_models_ask_for_is_told_at_the_models_until_they_are_edited() {
    let Some(python) = oracle::python() else { return };
    let project = with_models(&python);
    let (head, models) = (project.revision("cccc"), project.path("models.py"));
    let mut client = client(&project, true);
    client.open_file(&head);
    let text = client.open_file(&models);
    command(&mut client, "revline.check", json!({}));
    let heard = client.hears();
    assert!(heard.contains("Target database is not up to date."), "{heard}");
    client.choices.push_back("Upgrade".to_owned());
    command(&mut client, "revline.upgrade", json!({}));
    assert!(client.hears().ends_with("stands at cccc"));
    lenses(&mut client, &head, "the database is here");
    command(&mut client, "revline.check", json!({}));
    let heard = client.hears();
    assert!(heard.starts_with("The models ask for 2 changes of sqlite:///"), "{heard}");
    let told: Vec<(Value, Value)> = found(&mut client, &models, "model-drift", 2)
        .into_iter()
        .map(|one| (one["range"]["start"]["line"].clone(), one["message"].clone()))
        .collect();
    let line = |part: &str| text.lines().position(|line| line.contains(part)).expect("the line");
    assert_eq!(
        told,
        [
            (
                json!(line("name = Column")),
                json!("The column `users.name` is not in the database.")
            ),
            (json!(line("orders = Table")), json!("The table `orders` is not in the database.")),
        ]
    );
    let range = json!({ "start": { "line": line("name ="), "character": 4 }, "end": { "line": line("name ="), "character": 4 } });
    let params = json!({ "textDocument": { "uri": uri(&models) }, "range": range, "context": { "diagnostics": [] } });
    let actions = client.request("textDocument/codeAction", params);
    let offered: Vec<&Value> = actions
        .as_array()
        .into_iter()
        .flatten()
        .map(|action| &action["command"]["command"])
        .collect();
    assert!(offered.contains(&&json!("revline.autogenerate")), "{actions:#}");
    client.replace(&models, &format!("# edited\n{text}"));
    found(&mut client, &models, "model-drift", 0);
}

#[test]
fn a_revision_from_the_models_is_written_opened_and_told_in_a_line() {
    let Some(python) = oracle::python() else { return };
    let project = with_models(&python);
    let head = project.revision("cccc");
    let mut client = client(&project, true);
    client.open_file(&head);
    client.choices.push_back("Upgrade".to_owned());
    command(&mut client, "revline.upgrade", json!({}));
    assert!(client.hears().ends_with("stands at cccc"));
    command(&mut client, "revline.autogenerate", json!({ "message": "orders" }));
    let heard = client.hears();
    let (file, detected) =
        heard.strip_prefix("Wrote ").and_then(|rest| rest.split_once(": ")).expect("a file");
    assert!(file.ends_with("_orders.py"), "{heard}");
    assert_eq!(detected, "table `orders` added, column `users.name` added");
    let written = project.path("alembic/versions").join(file);
    let text = std::fs::read_to_string(&written).expect("the file is there");
    assert!(text.contains("op.create_table('orders'") && text.contains("down_revision = 'cccc'"));
    let shown = |client: &revline_tests::lsp::Client| {
        client.asked.iter().any(|(method, params)| {
            method == "window/showDocument" && params["uri"] == uri(&written)
        })
    };
    assert!(shown(&client), "the new file is shown");
    // It is the head from now on.
    let end = Instant::now() + SOON;
    loop {
        let params = json!({ "command": "revline.heads", "arguments": [] });
        let heads = client.request("workspace/executeCommand", params);
        if heads["environments"][0]["heads"][0]["uri"] == uri(&written) {
            break;
        }
        assert!(Instant::now() < end, "{heads}");
        client.pump(Duration::from_millis(50), |_| false);
    }
}

#[test]
fn in_a_folder_that_is_not_trusted_no_python_is_started() {
    let Some(python) = oracle::python() else { return };
    let project = with_models(&python);
    let mut client = client(&project, false);
    client.open_file(&project.revision("cccc"));
    for name in ["revline.check", "revline.autogenerate"] {
        command(&mut client, name, json!({}));
        let heard = client.hears();
        assert!(heard.contains("not trusted"), "{name}: {heard}");
    }
    assert!(!project.path("__pycache__").exists() && !project.path("shop.db").exists());
}

/// The shop with a program that the project runs on each new file.
#[cfg(unix)]
fn stamped() -> Project {
    let project = shop(false);
    project.write("alembic/script.py.mako", TEMPLATE);
    let stamp = project.write("stamp.sh", "#!/bin/sh\necho '# stamped' >> \"$1\"\n");
    std::fs::set_permissions(&stamp, std::fs::Permissions::from_mode(0o755)).expect("a program");
    let ini = std::fs::read_to_string(project.path("alembic.ini")).expect("a configuration");
    let hooks = format!(
        "{ini}\n[post_write_hooks]\nhooks = stamp\nstamp.type = exec\nstamp.executable = {}\n\
         stamp.options = REVISION_SCRIPT_FILENAME\n",
        stamp.display()
    );
    project.write("alembic.ini", &hooks);
    project
}

#[cfg(unix)]
#[test]
fn what_the_project_runs_on_a_new_file_runs_where_it_is_trusted_and_is_named_elsewhere() {
    for trusted in [true, false] {
        let project = stamped();
        let mut client = client(&project, trusted);
        client.open_file(&project.revision("cccc"));
        let params =
            json!({ "command": "revline.newRevision", "arguments": [{ "message": "more" }] });
        let done = client.request("workspace/executeCommand", params);
        let message = done["message"].as_str().unwrap_or_default();
        let id = done["revision"].as_str().unwrap_or_default();
        let text = std::fs::read_to_string(project.revision(id)).expect("the file is there");
        assert_eq!(text.ends_with("# stamped\n"), trusted, "{text}");
        let said = if trusted { "; ran stamp" } else { "; post_write_hooks were not run: stamp" };
        assert!(message.ends_with(said), "{message}");
    }
}

#[cfg(unix)]
#[test]
fn a_quick_fix_that_writes_a_file_runs_what_the_project_runs_on_it_or_names_it() {
    for trusted in [true, false] {
        let project = stamped();
        project.write(
            "alembic/versions/dddd.py",
            "revision = 'dddd'\ndown_revision = 'bbbb'\n\n\ndef upgrade():\n    pass\n",
        );
        let head = project.revision("cccc");
        let mut client = client(&project, trusted);
        let text = client.open_file(&head);
        let line = text.lines().position(|line| line.starts_with("revision")).expect("the line");
        let place = json!({ "line": line, "character": 13 });
        let params = json!({
            "textDocument": { "uri": uri(&head) },
            "range": { "start": place, "end": place },
            "context": { "diagnostics": [] },
        });
        let mut action = Value::Null;
        let end = Instant::now() + SOON;
        while action.is_null() {
            assert!(Instant::now() < end, "no merge is offered");
            let actions = client.request("textDocument/codeAction", params.clone());
            let is_merge = |one: &&Value| {
                one["title"].as_str().is_some_and(|title| title.starts_with("Merge heads"))
            };
            action = actions.as_array().into_iter().flatten().find(is_merge).cloned().into();
        }
        if action["data"] != Value::Null {
            action = client.request("codeAction/resolve", action);
        }
        assert_eq!(action["edit"].is_null(), trusted, "{action:#}");
        let told = &action["command"];
        let params = json!({ "command": told["command"], "arguments": told["arguments"] });
        let done = client.request("workspace/executeCommand", params);
        assert!(client.pump(SOON, |client| !client.heard.is_empty()), "nothing was said");
        let heard = client.heard.concat();
        let said = if trusted { "; ran stamp" } else { "post_write_hooks were not run: stamp" };
        assert!(heard.ends_with(said), "{heard}");
        assert_eq!(done["message"], Value::Null, "it is told once");
        if trusted {
            let id = done["revision"].as_str().unwrap_or_default();
            let text = std::fs::read_to_string(project.revision(id)).expect("the file is there");
            assert!(text.contains("'cccc'") && text.ends_with("# stamped\n"), "{text}");
        }
    }
}
