//! The database of a project from an editor: where it stands, and runs that show their plan first.

use std::path::Path;
use std::time::{Duration, Instant};

use revline_tests::lsp::{Client, of_rule, uri};
use revline_tests::project::Project;
use revline_tests::{editors, oracle};
use serde_json::{Value, json};

use crate::old::git;

/// How long a lens may take to follow the database.
pub(crate) const SOON: Duration = Duration::from_secs(30);

const URL: &str = "sqlite:///shop.db";

/// Three revisions on SQLite, of which the last cannot run where `fails`.
pub(crate) fn shop(fails: bool) -> Project {
    let project = Project::of(&[("aaaa", "None"), ("bbbb", "'aaaa'"), ("cccc", "'bbbb'")]);
    let body = |id: &str, parent: &str, up: &str, down: &str| {
        format!(
            "\"\"\"{id}\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = '{id}'\n\
             down_revision = {parent}\n\n\ndef upgrade():\n    {up}\n\n\ndef downgrade():\n    {down}\n"
        )
    };
    let users = "op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))";
    let last =
        if fails { "op.execute('INSERT INTO gone VALUES (1)')" } else { "op.execute('SELECT 1')" };
    let write = |id: &str, text: &str| project.write(&format!("alembic/versions/{id}.py"), text);
    write("aaaa", &body("aaaa", "None", users, "op.drop_table('users')"));
    let column = "op.add_column('users', sa.Column('email', sa.Text()))";
    write("bbbb", &body("bbbb", "'aaaa'", column, "op.drop_column('users', 'email')"));
    write("cccc", &body("cccc", "'bbbb'", last, "pass"));
    project.write(
        "alembic/env.py",
        "from alembic import context\nfrom sqlalchemy import engine_from_config\n\n\
         config = context.config\nconnectable = engine_from_config(config.get_section('alembic'))\n\
         with connectable.connect() as connection:\n    context.configure(connection=connection)\n\
         \x20   with context.begin_transaction():\n        context.run_migrations()\n",
    );
    project
}

/// A client with a settings folder of its own, so that nobody's answers are met.
pub(crate) fn client(project: &Project, trusted: bool) -> Client {
    let own = project.path("own");
    let own = own.to_str().expect("the temporary folder is text").to_owned();
    let mut client = Client::start(&[("XDG_CONFIG_HOME", &own), ("HOME", &own)]);
    let mut editor = editors::vscode();
    editor["initializationOptions"] =
        json!({ "trusted": trusted, "documents": true, "settings": {} });
    client.greet(&editor, &[project.root()]);
    client
}

fn titles(client: &mut Client, file: &Path) -> Vec<String> {
    let params = json!({ "textDocument": { "uri": uri(file) } });
    let lenses = client.request("textDocument/codeLens", params);
    let title = |lens: &Value| lens["command"]["title"].as_str().unwrap_or_default().to_owned();
    lenses.as_array().into_iter().flatten().map(title).collect()
}

/// The titles of the lenses of a file, once one of them holds `wanted`.
#[track_caller]
pub(crate) fn lenses(client: &mut Client, file: &Path, wanted: &str) -> Vec<String> {
    let end = Instant::now() + SOON;
    loop {
        let titles = titles(client, file);
        if titles.iter().any(|title| title.contains(wanted)) {
            return titles;
        }
        assert!(Instant::now() < end, "no lens says «{wanted}»: {titles:?}");
        client.pump(Duration::from_millis(50), |_| false);
    }
}

pub(crate) fn command(client: &mut Client, name: &str, argument: Value) {
    client.request("workspace/executeCommand", json!({ "command": name, "arguments": [argument] }));
}

fn configured(project: &Project) {
    project.write("revline.toml", &format!("[database]\nurl = \"{URL}\"\n"));
}

#[test]
fn an_upgrade_shows_its_plan_and_lenses_follow_the_database() {
    let project = shop(false);
    configured(&project);
    let file = project.revision("bbbb");
    let mut client = client(&project, true);
    client.open_file(&file);
    let before = lenses(&mut client, &file, "pending");
    assert!(before.iter().any(|title| title == "Upgrade to here"), "{before:?}");
    assert!(!project.path("shop.db").exists(), "looking makes no file");

    client.choices.push_back("Cancel".to_owned());
    command(&mut client, "revline.upgrade", json!({ "target": "bbbb" }));
    let asked = |client: &Client| {
        let asked = client.asked.iter().filter(|(method, _)| method == "window/showMessageRequest");
        asked
            .map(|(_, params)| params["message"].as_str().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    assert!(client.pump(SOON, |client| !asked(client).is_empty()), "no question came");
    let question = asked(&client).pop().unwrap_or_default();
    assert!(question.starts_with("Upgrade sqlite:///"), "{question}");
    assert!(
        question.contains("from base to bbbb?\n") && question.contains("Run by native"),
        "{question}"
    );
    assert!(!project.path("shop.db").exists(), "a cancelled plan changes nothing");

    client.choices.push_back("Upgrade".to_owned());
    command(&mut client, "revline.upgrade", json!({ "target": "bbbb" }));
    let heard = client.hears();
    assert!(heard.ends_with("stands at bbbb"), "{heard}");
    let after = lenses(&mut client, &file, "the database is here");
    assert!(after.iter().any(|title| title == "Downgrade to before this"), "{after:?}");
    assert!(!after.iter().any(|title| title == "Upgrade to here"), "{after:?}");

    client.choices.push_back("Downgrade".to_owned());
    command(&mut client, "revline.downgrade", json!({ "target": "aaaa" }));
    assert!(client.hears().ends_with("stands at aaaa"));
    lenses(&mut client, &file, "pending");
    client.choices.push_back("Stamp".to_owned());
    command(&mut client, "revline.stamp", json!({ "target": "cccc" }));
    assert!(client.hears().ends_with("stands at cccc"));
    command(&mut client, "revline.status", json!({}));
    assert!(client.hears().ends_with("stands at cccc; nothing is pending"));
}

#[test]
fn a_run_that_fails_is_a_diagnostic_at_its_line_until_the_line_is_mended() {
    let project = shop(true);
    configured(&project);
    let file = project.revision("cccc");
    let mut client = client(&project, true);
    let text = client.open_file(&file);
    lenses(&mut client, &file, "pending");
    client.choices.push_back("Upgrade".to_owned());
    command(&mut client, "revline.upgrade", json!({ "target": "head" }));
    let heard = client.hears();
    assert!(heard.contains("failed in upgrade bbbb -> cccc") && heard.contains("gone"), "{heard}");
    let failed = found(&mut client, &file, "failed-migration", 1);
    let line = text.lines().position(|line| line.contains("INSERT")).expect("the line");
    assert_eq!(failed[0]["range"]["start"]["line"], line);
    // Whoever looks at the database again finds it further on, and the line still wrong.
    command(&mut client, "revline.status", json!({}));
    assert!(client.hears().ends_with("stands at bbbb; 1 revision is pending"));
    client.pump(Duration::from_secs(1), |_| false);
    found(&mut client, &file, "failed-migration", 1);
    client.replace(&file, &text.replace("INSERT INTO gone VALUES (1)", "SELECT 1"));
    found(&mut client, &file, "failed-migration", 0);
}

#[test]
fn a_run_of_the_projects_alembic_that_fails_is_a_diagnostic_at_its_line_too() {
    let Some(python) = oracle::python() else { return };
    let project = shop(true);
    let settings = format!(
        "[database]\nurl = \"{URL}\"\npython = '{}'\nrunner = 'alembic'\n",
        python.display()
    );
    project.write("revline.toml", &settings);
    let file = project.revision("cccc");
    let mut client = client(&project, true);
    let text = client.open_file(&file);
    lenses(&mut client, &file, "pending");
    client.choices.push_back("Upgrade".to_owned());
    command(&mut client, "revline.upgrade", json!({ "target": "head" }));
    let heard = client.hears();
    assert!(heard.contains("no such table: gone"), "{heard}");
    assert!(heard.ends_with("it stands at bbbb"), "{heard}");
    let failed = found(&mut client, &file, "failed-migration", 1);
    let line = text.lines().position(|line| line.contains("INSERT")).expect("the line");
    assert_eq!(failed[0]["range"]["start"]["line"], line);
}

#[test]
fn a_database_that_another_branch_migrated_names_the_branch_and_the_file() {
    let project = shop(false);
    configured(&project);
    project.write(".gitignore", "shop.db\nown\n*.revline-lock\n");
    let git = |words: &[&str]| git(project.root(), words);
    git(&["init", "--quiet", "--initial-branch=main"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message=first"]);
    git(&["checkout", "--quiet", "-b", "wish-list"]);
    let new = revline_tests::project::revision("dddd", "dddd", "'cccc'");
    project.write("alembic/versions/dddd.py", &new);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message=second"]);
    let config = project.path("alembic.ini");
    let mut one = client(&project, true);
    one.open_file(&project.revision("dddd"));
    one.choices.push_back("Stamp".to_owned());
    command(&mut one, "revline.stamp", json!({ "target": "dddd" }));
    assert!(one.hears().ends_with("stands at dddd"));
    drop(one);
    git(&["checkout", "--quiet", "main"]);
    let mut client = client(&project, true);
    client.open_file(&config);
    let told = found(&mut client, &config, "unknown-database-revision", 1);
    let message = told[0]["message"].as_str().unwrap_or_default();
    assert!(
        message.contains("stands at `dddd`, which only the branch `wish-list` has"),
        "{message}"
    );
    assert!(message.contains("(dddd.py)"), "{message}");
}

#[test]
fn several_rows_of_the_version_table_are_found() {
    let project = shop(false);
    configured(&project);
    let side = revline_tests::project::revision("dddd", "dddd", "'bbbb'");
    project.write("alembic/versions/dddd.py", &side);
    let file = project.revision("dddd");
    let mut client = client(&project, true);
    client.open_file(&file);
    client.choices.push_back("Stamp".to_owned());
    command(&mut client, "revline.stamp", json!({ "target": "heads" }));
    assert!(client.hears().ends_with("stands at cccc, dddd"));
    let told = found(&mut client, &file, "several-database-heads", 1);
    let message = told[0]["message"].as_str().unwrap_or_default();
    assert!(message.contains("stands here and at `cccc`"), "{message}");
}

/// The diagnostics of a rule in a file, once there are as many as wanted.
#[track_caller]
pub(crate) fn found(client: &mut Client, file: &Path, rule: &str, wanted: usize) -> Vec<Value> {
    let end = Instant::now() + SOON;
    loop {
        let params = json!({ "textDocument": { "uri": uri(file) } });
        let report = client.request("textDocument/diagnostic", params);
        let items = report["items"].as_array().cloned().unwrap_or_default();
        let found: Vec<Value> = of_rule(&items, rule).into_iter().cloned().collect();
        if found.len() == wanted {
            return found;
        }
        assert!(Instant::now() < end, "not {wanted} of {rule}: {found:#?}");
        client.pump(Duration::from_millis(50), |_| false);
    }
}

#[test]
fn what_is_changed_after_revline_applied_it_is_found_until_it_is_taken_back() {
    let project = shop(false);
    configured(&project);
    let file = project.revision("bbbb");
    let rule = "changed-since-applied";
    let mut client = client(&project, true);
    let text = client.open_file(&file);
    client.choices.push_back("Upgrade".to_owned());
    command(&mut client, "revline.upgrade", json!({ "target": "bbbb" }));
    assert!(client.hears().ends_with("stands at bbbb"));
    lenses(&mut client, &file, "the database is here");
    assert!(found(&mut client, &file, rule, 0).is_empty());
    client.replace(&file, &text.replace("'email'", "'mail'"));
    let told = found(&mut client, &file, rule, 1);
    let message = told[0]["message"].as_str().unwrap_or_default();
    assert!(message.starts_with("Revline applied `bbbb` to sqlite:///"), "{message}");
    client.replace(&file, &text.replace("def upgrade():", "def upgrade():  # one more"));
    found(&mut client, &file, rule, 0);
    client.replace(&file, &text.replace("'email'", "'mail'"));
    found(&mut client, &file, rule, 1);
    // The way back goes by the file as it is now.
    client.choices.push_back("Stamp".to_owned());
    command(&mut client, "revline.stamp", json!({ "target": "aaaa" }));
    assert!(client.hears().ends_with("stands at aaaa"));
    lenses(&mut client, &file, "pending");
    found(&mut client, &file, rule, 0);
}

#[test]
fn what_was_discovered_is_asked_for_once_and_nothing_is_opened_before() {
    let project = shop(false);
    let config = project.path("alembic.ini");
    let ini = std::fs::read_to_string(&config).expect("a configuration");
    project.write("alembic.ini", &format!("{ini}sqlalchemy.url = {URL}\n"));
    let file = project.revision("cccc");
    let mut client_ = client(&project, true);
    client_.open_file(&file);
    lenses(&mut client_, &file, "Connect to sqlite:///");
    client_.choices.push_back("Not now".to_owned());
    command(&mut client_, "revline.connect", json!({}));
    client_.pump(Duration::from_millis(500), |_| false);
    assert_eq!(client_.heard, [] as [String; 0]);
    client_.choices.push_back("Connect".to_owned());
    command(&mut client_, "revline.connect", json!({}));
    assert!(client_.hears().starts_with("Connected to sqlite:///"));
    lenses(&mut client_, &file, "pending");
    drop(client_);
    let mut again = client(&project, true);
    again.open_file(&file);
    lenses(&mut again, &file, "pending");
    assert!(!again.asked.iter().any(|(method, _)| method == "window/showMessageRequest"));
    assert!(!project.path("shop.db").exists(), "looking makes no file");
}

#[test]
fn in_a_folder_that_is_not_trusted_no_database_is_looked_at() {
    let project = shop(false);
    configured(&project);
    let file = project.revision("cccc");
    let mut client = client(&project, false);
    client.open_file(&file);
    for name in ["revline.upgrade", "revline.connect", "revline.status", "revline.stamp"] {
        command(&mut client, name, json!({}));
        let heard = client.hears();
        assert!(heard.contains("not trusted"), "{name}: {heard}");
    }
    let titles = titles(&mut client, &file);
    assert!(!titles.iter().any(|title| title.contains("pending")), "{titles:?}");
    assert!(!project.path("shop.db").exists());
}

#[test]
fn each_file_says_how_its_revision_stands_to_the_database() {
    let project = shop(false);
    configured(&project);
    let mut client = client(&project, true);
    let file = project.revision("cccc");
    client.open_file(&file);
    let place = |client: &mut Client, id: &str| {
        let answer = client.request("revline/place", json!({ "uri": uri(&project.revision(id)) }));
        answer["place"].as_str().map(str::to_owned)
    };
    lenses(&mut client, &file, "pending");
    client.choices.push_back("Upgrade".to_owned());
    command(&mut client, "revline.upgrade", json!({ "target": "bbbb" }));
    assert!(client.hears().ends_with("stands at bbbb"));
    lenses(&mut client, &file, "pending");
    let end = Instant::now() + SOON;
    while place(&mut client, "bbbb").as_deref() != Some("here") && Instant::now() < end {
        client.pump(Duration::from_millis(50), |_| false);
    }
    let places = ["aaaa", "bbbb", "cccc"].map(|id| place(&mut client, id));
    assert_eq!(
        places.each_ref().map(Option::as_deref),
        [Some("applied"), Some("here"), Some("pending")]
    );
    let other =
        client.request("revline/place", json!({ "uri": uri(&project.path("alembic/env.py")) }));
    assert_eq!(other, Value::Null);
}

#[test]
fn a_host_of_a_compose_file_is_allowed_with_one_click_and_another_one_is_refused() {
    let project = shop(false);
    project.write(
        "revline.toml",
        "[database]\nurl = \"postgresql://me:secret@db.example.com:1/shop\"\n",
    );
    let file = project.revision("cccc");
    let mut client_ = client(&project, true);
    client_.open_file(&file);
    client_.choices.push_back("Open my settings".to_owned());
    command(&mut client_, "revline.connect", json!({}));
    let is_shown = |client: &Client| client.asked.iter().any(|(it, _)| it == "window/showDocument");
    assert!(client_.pump(SOON, is_shown), "the way out is shown");
    let said = |method: &str, key: &str| {
        let said = client_.asked.iter().find(|(asked, _)| asked == method);
        said.and_then(|(_, params)| params[key].as_str()).unwrap_or_default().to_owned()
    };
    let told = said("window/showMessageRequest", "message");
    assert!(
        told.contains("db.example.com") && told.contains("`allow` below `[database]`"),
        "{told}"
    );
    assert!(!told.contains("secret"), "{told}");
    let own = project.path("own/revline/config.toml");
    assert_eq!(said("window/showDocument", "uri"), uri(&own));
    let settings = std::fs::read_to_string(&own).expect("settings to begin with");
    assert!(settings.contains("allow = []"), "{settings}");
    project.write("revline.toml", "[database]\nurl = \"postgresql://me:secret@db:1/shop\"\n");
    client_.notify(
        "workspace/didChangeWatchedFiles",
        json!({ "changes": [{ "uri": uri(&project.path("revline.toml")), "type": 2 }] }),
    );
    lenses(&mut client_, &file, "Allow the host db and connect?");
    client_.choices.push_back("Not now".to_owned());
    command(&mut client_, "revline.connect", json!({}));
    client_.pump(Duration::from_millis(500), |_| false);
    assert_eq!(client_.heard, [] as [String; 0]);
    client_.choices.push_back("Allow and connect".to_owned());
    command(&mut client_, "revline.connect", json!({}));
    // No such host is there; that it was asked for is what was allowed.
    assert!(client_.hears().starts_with("Connected to postgresql://me:***@db:1/shop"));
    let kept = std::fs::read_to_string(project.path("own/revline/confirmed")).expect("agreements");
    assert!(kept.contains("\thost db\n") && !kept.contains("secret"), "{kept}");
}

#[test]
fn one_of_several_databases_is_chosen_and_named() {
    let project = shop(false);
    project.write(
        "revline.toml",
        &format!("[database]\nurl = \"{URL}\"\n[database.test]\nurl = \"sqlite:///test.db\"\n"),
    );
    let file = project.revision("cccc");
    let begin = || {
        let mut client = client(&project, true);
        client.open_file(&file);
        client
    };
    let mut client = begin();
    lenses(&mut client, &file, "pending");
    let named = |client: &mut Client| {
        let params = json!({ "command": "revline.databases", "arguments": [{}] });
        client.request("workspace/executeCommand", params)["databases"].clone()
    };
    let (main, test) =
        (json!({ "name": null, "chosen": true }), json!({ "name": "test", "chosen": false }));
    assert_eq!(named(&mut client), json!([main, test]));
    let refused = client.try_request(
        "workspace/executeCommand",
        json!({ "command": "revline.useDatabase", "arguments": [{ "name": "prod" }] }),
    );
    assert!(refused.is_err(), "{refused:?}");
    command(&mut client, "revline.useDatabase", json!({ "name": "test" }));
    client.choices.push_back("Upgrade".to_owned());
    command(&mut client, "revline.upgrade", json!({ "target": "head" }));
    let heard = client.hears();
    assert!(heard.contains("test.db stands at cccc"), "{heard}");
    lenses(&mut client, &file, "the database is here");
    assert!(!project.path("shop.db").exists());
    drop(client);
    // It is remembered, and not in the repository.
    let mut client = begin();
    lenses(&mut client, &file, "the database is here");
    assert_eq!(named(&mut client)[1], json!({ "name": "test", "chosen": true }));
    assert!(project.path("own/revline/chosen").is_file());
    command(&mut client, "revline.useDatabase", json!({}));
    lenses(&mut client, &file, "pending");
    drop(client);
    let mut client = begin();
    lenses(&mut client, &file, "pending");
    // What the settings do not name any more counts no more.
    command(&mut client, "revline.useDatabase", json!({ "name": "test" }));
    lenses(&mut client, &file, "the database is here");
    drop(client);
    configured(&project);
    let mut client = begin();
    lenses(&mut client, &file, "pending");
    assert_eq!(named(&mut client), json!([{ "name": null, "chosen": true }]));
}
