//! Runs that a person cancels while they wait for a lock: nobody waits any more when that is said, and the database stands
//! where it stood.

use std::time::Duration;

use anyhow::{Result, bail};
use revline_tests::judge::asked;
use revline_tests::judge::place::{Place, mariadb, postgresql};
use revline_tests::oracle;
use serde_json::json;

use crate::database::{SOON, client, command, lenses, shop};

/// The number of the session that waits for the lock of a table; none where nobody does.
fn waiting(place: &Place) -> &'static str {
    match place {
        Place::Mariadb(_) => {
            "SELECT CAST(id AS CHAR) FROM information_schema.processlist \
             WHERE db = DATABASE() AND state LIKE 'Waiting for table metadata lock%'"
        }
        _ => {
            "SELECT pid::text FROM pg_stat_activity WHERE datname = current_database() \
             AND query LIKE '%ALTER TABLE%' AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()"
        }
    }
}

fn cancelled(place: Option<Place>, runner: &str) {
    let (Some(place), Some(python)) = (place, oracle::online()) else { return };
    let url = place.fresh("cancelled").expect("it is made");
    let project = shop(false);
    project.write(
        "revline.toml",
        &format!(
            "[database]\nurl = \"{}\"\npython = '{}'\nrunner = '{runner}'\nlock-timeout = '60s'\n",
            place.keyed("cancelled"),
            python.display()
        ),
    );
    let file = project.revision("bbbb");
    let mut client = client(&project, true);
    client.open_file(&file);
    lenses(&mut client, &file, "pending");
    client.choices.push_back("Upgrade".to_owned());
    command(&mut client, "revline.upgrade", json!({ "target": "aaaa" }));
    let heard = client.hears();
    assert!(heard.ends_with("stands at aaaa"), "{heard}");
    let cancelled: Result<()> = asked::on(&url, async |session| {
        session.begin().await?;
        session.value("SELECT count(*) FROM users").await?;
        client.choices.push_back("Upgrade".to_owned());
        command(&mut client, "revline.upgrade", json!({ "target": "bbbb" }));
        let mut number = None;
        for _ in 0..SOON.as_millis() / 50 {
            client.pump(Duration::from_millis(50), |_| false);
            if matches!(place, Place::Postgresql(_)) {
                session.value("SELECT pg_stat_clear_snapshot()").await?;
            }
            number = session.value(waiting(&place)).await?;
            if number.is_some() {
                break;
            }
        }
        let Some(number) = number else { bail!("nobody waits: {:?}", client.heard) };
        let begun = client.asked.iter().rfind(|(it, _)| it == "window/workDoneProgress/create");
        let token = begun.map(|(_, params)| params["token"].clone());
        client.notify("window/workDoneProgress/cancel", json!({ "token": token }));
        let heard = client.hears();
        assert!(heard.contains("was cancelled") && heard.ends_with("it stands at aaaa"), "{heard}");
        if matches!(place, Place::Postgresql(_)) {
            session.value("SELECT pg_stat_clear_snapshot()").await?;
        }
        let left = session.value(waiting(&place)).await?;
        assert_eq!(left, None, "{number} still waits");
        Ok(session.rollback().await?)
    });
    cancelled.unwrap_or_else(|why| panic!("{why:#}"));
    // The lock is free, and the way goes on.
    client.choices.push_back("Upgrade".to_owned());
    command(&mut client, "revline.upgrade", json!({ "target": "bbbb" }));
    let heard = client.hears();
    assert!(heard.ends_with("stands at bbbb"), "{heard}");
}

#[test]
fn a_cancelled_alembic_leaves_no_session_that_waits_on_postgresql() {
    cancelled(postgresql(), "alembic");
}

#[test]
fn a_cancelled_alembic_leaves_no_session_that_waits_on_mariadb() {
    cancelled(mariadb(), "alembic");
}

#[test]
fn a_cancelled_native_run_leaves_no_session_that_waits_on_postgresql() {
    cancelled(postgresql(), "native");
}

#[test]
fn a_cancelled_native_run_on_a_sqlite_file_is_taken_back_at_once() {
    let project = shop(false);
    project.write(
        "revline.toml",
        "[database]\nurl = \"sqlite:///shop.db\"\nstatement-timeout = '10min'\n",
    );
    let file = project.revision("bbbb");
    let endless = "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s) \
                   INSERT INTO users (id) SELECT n FROM s WHERE n < 0";
    let text = std::fs::read_to_string(&file).expect("it is there");
    let column = "op.add_column('users', sa.Column('email', sa.Text()))";
    project.write(
        "alembic/versions/bbbb.py",
        &text.replace(column, &format!("{column}\n    op.execute(\"{endless}\")")),
    );
    let mut client = client(&project, true);
    client.open_file(&file);
    lenses(&mut client, &file, "pending");
    client.choices.push_back("Upgrade".to_owned());
    command(&mut client, "revline.upgrade", json!({ "target": "bbbb" }));
    let begun = |client: &revline_tests::lsp::Client| {
        client.asked.iter().any(|(it, _)| it == "window/workDoneProgress/create")
    };
    assert!(client.pump(SOON, begun), "it does not begin");
    client.pump(Duration::from_secs(1), |_| false);
    let token = client.asked.iter().rfind(|(it, _)| it == "window/workDoneProgress/create");
    let token = token.map(|(_, params)| params["token"].clone());
    client.notify("window/workDoneProgress/cancel", json!({ "token": token }));
    let heard = client.hears();
    assert!(heard.contains("was cancelled"), "{heard}");
    assert!(heard.ends_with("it stands at aaaa"), "{heard}");
    client.choices.push_back("Downgrade".to_owned());
    command(&mut client, "revline.downgrade", json!({ "target": "base" }));
    assert!(client.hears().ends_with("stands at base"));
}
