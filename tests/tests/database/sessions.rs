//! A session is what the Python driver's would be, and the version table what Alembic's would be.

use std::collections::BTreeMap;

use revline_database::{Access, Session, VersionTable};
use revline_history::VersionChange;

use revline_tests::judge::live::{differences, shown, sorted};

use super::oracle::{json, python};
use super::places::{Place, address, block, mariadb, postgresql, session, sqlite};

/// Lines of `name=value`, as both sides give them to one question.
fn lines(text: &str) -> BTreeMap<String, String> {
    text.lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// The settings of both, but for those named.
fn settings_differ(url: &str, question: &str, left_out: &[&str]) -> Vec<String> {
    let Some(python) = python() else { return Vec::new() };
    let theirs = json(&python, &["settings", url, question], "");
    let theirs = lines(theirs[0].as_str().unwrap());
    let ours = block(async {
        let mut session = session(&address(url), Access::Change).await;
        lines(&session.value(question).await.unwrap().unwrap())
    });
    assert!(ours.len() > 10 && ours.keys().eq(theirs.keys()), "{ours:?} {theirs:?}");
    let both = ours.iter().zip(theirs.values());
    both.filter(|((name, _), _)| !left_out.contains(&name.as_str()))
        .filter(|((_, ours), theirs)| ours != theirs)
        .map(|((name, ours), theirs)| format!("{name}: {ours} is {theirs}"))
        .collect()
}

const POSTGRESQL: &str = "SELECT string_agg(name || '=' || setting, E'\\n') FROM pg_settings WHERE position(E'\\n' in setting) = 0";

#[test]
fn postgresql_settings_are_those_of_psycopg() {
    let Some(place) = postgresql() else { return };
    // The limits are ours, and that the server looks whether we are still there; the name is for whoever looks at it.
    let own = [
        "application_name",
        "client_connection_check_interval",
        "lock_timeout",
        "statement_timeout",
    ];
    assert_eq!(settings_differ(&place.url(), POSTGRESQL, &own), Vec::<String>::new());
    block(async {
        let mut session = session(&address(&place.url()), Access::Change).await;
        for statement in [
            "ALTER DATABASE postgres SET TimeZone TO 'Asia/Tokyo'",
            "ALTER DATABASE postgres SET DateStyle TO 'ISO, DMY'",
            "CREATE ROLE plain LOGIN",
            "ALTER ROLE plain SET TimeZone TO 'America/Lima'",
            "CREATE DATABASE other",
        ] {
            session.execute(statement).await.unwrap();
        }
    });
    assert_eq!(settings_differ(&place.url(), POSTGRESQL, &own), Vec::<String>::new());
    let Place::Postgresql(server) = &place else { unreachable!() };
    let plain = server.url_of("plain", "postgres");
    assert_eq!(settings_differ(&plain, POSTGRESQL, &own), Vec::<String>::new());
    let told = format!("{}&options=-c%20timezone%3DEurope/Paris", place.url());
    assert_eq!(settings_differ(&told, POSTGRESQL, &own), Vec::<String>::new());
    block(async {
        // A user to whom the server does not show its files is told what was assumed.
        let other = address(&server.url_of("plain", "other"));
        let session = session(&other, Access::Change).await;
        assert_eq!(session.notes().len(), 1, "{:?}", session.notes());
        assert!(session.notes()[0].contains("DateStyle"), "{:?}", session.notes());
    });
}

#[test]
fn mariadb_settings_are_those_of_pymysql() {
    let Some(place) = mariadb() else { return };
    let question = "SELECT group_concat(concat(variable_name, '=', variable_value) ORDER BY variable_name SEPARATOR '\\n') \
        FROM information_schema.session_variables WHERE locate('\\n', variable_value) = 0";
    let long = "SET GLOBAL group_concat_max_len = 1000000";
    let own = [
        "LOCK_WAIT_TIMEOUT",
        "INNODB_LOCK_WAIT_TIMEOUT",
        "MAX_STATEMENT_TIME",
        // Python turns it off and commits itself; here transactions are begun by name.
        "AUTOCOMMIT",
        // Numbers of this very session.
        "PSEUDO_THREAD_ID",
        "TIMESTAMP",
        "RAND_SEED1",
        "RAND_SEED2",
    ];
    let checked = |url: &str| {
        let differing = settings_differ(url, question, &own);
        assert_eq!(differing, Vec::<String>::new());
    };
    let run = |sql: &'static str| {
        block(async {
            session(&address(&place.url()), Access::Change).await.execute(sql).await.unwrap()
        })
    };
    run(long);
    checked(&place.url());
    run("SET GLOBAL sql_mode = 'ANSI_QUOTES,NO_ZERO_DATE'");
    run("SET GLOBAL time_zone = '+05:00'");
    checked(&place.url());
}

#[test]
fn sqlite_settings_are_those_of_python() {
    let Some(place) = sqlite() else { return };
    let names = [
        "foreign_keys",
        "recursive_triggers",
        "defer_foreign_keys",
        "legacy_alter_table",
        "journal_mode",
        "synchronous",
        "ignore_check_constraints",
        "locking_mode",
        "read_uncommitted",
        "query_only",
        "writable_schema",
        "reverse_unordered_selects",
        "busy_timeout",
    ];
    let Some(python) = python() else { return };
    let questions: Vec<String> = names.iter().map(|name| format!("PRAGMA {name}")).collect();
    let url = place.url();
    let mut arguments = vec!["settings", url.as_str()];
    arguments.extend(questions.iter().map(String::as_str));
    // A name in double quotes that is no column is a text to both.
    arguments.push("SELECT \"no column\"");
    let theirs = json(&python, &arguments, "");
    block(async {
        let mut session = session(&address(&place.url()), Access::Change).await;
        for (question, theirs) in arguments[2..].iter().zip(theirs.as_array().unwrap()) {
            let ours = session.value(question).await.unwrap().unwrap();
            if !question.ends_with("busy_timeout") {
                assert_eq!(ours, theirs.as_str().unwrap(), "{question}");
            }
        }
    });
}

async fn changed(session: &mut Session) {
    let table = VersionTable::default();
    session.begin().await.unwrap();
    session.create_version_table(&table).await.unwrap();
    let id = |name: &str| revline_history::RevisionId::from(name);
    for change in [
        VersionChange::Insert(id("a")),
        VersionChange::Insert(id("b")),
        VersionChange::Insert(id("c")),
        VersionChange::Update { from: id("a"), to: id("d") },
        VersionChange::Delete(id("b")),
    ] {
        session.change_version(&table, &change).await.unwrap();
    }
    session.commit().await.unwrap();
}

/// Alembic makes the table in one database, and we in another.
fn version_table_is_alike(place: Option<Place>) {
    let (Some(python), Some(place)) = (python(), place) else { return };
    let (theirs, ours) = (place.fresh("theirs").unwrap(), place.fresh("ours").unwrap());
    let theirs = json(&python, &["version", &theirs], "");
    block(async {
        let mut session = session(&address(&ours), Access::Change).await;
        changed(&mut session).await;
        let heads = session.heads(&VersionTable::default()).await.unwrap().unwrap();
        assert_eq!(serde_json::json!(heads), theirs["heads"]);
        let tables = session.tables(None).await.unwrap();
        let differing = differences(&sorted(&shown(&tables)), &sorted(&theirs["tables"]));
        assert_eq!(differing, Vec::<String>::new());
        if matches!(place, Place::Sqlite(_)) {
            let text =
                session.value("SELECT sql FROM sqlite_master WHERE name = 'alembic_version'").await;
            assert_eq!(text.unwrap().as_deref(), theirs["text"].as_str());
        }
        let table =
            VersionTable { schema: None, name: "select odd".to_owned(), primary_key: false };
        session.create_version_table(&table).await.unwrap();
        let odd = "it's \\ \"odd\"";
        session.change_version(&table, &VersionChange::Insert(odd.into())).await.unwrap();
        assert_eq!(session.heads(&table).await.unwrap(), Some(vec![odd.to_owned()]));
        let twice = VersionChange::Delete("nothing".into());
        let error = session.change_version(&table, &twice).await.unwrap_err();
        assert!(
            error.message.contains("expected to match one row when deleting 'nothing'"),
            "{error}"
        );
    });
}

#[test]
fn the_version_table_of_sqlite_is_alembics() {
    version_table_is_alike(sqlite());
}

#[test]
fn the_version_table_of_postgresql_is_alembics() {
    version_table_is_alike(postgresql());
}

#[test]
fn the_version_table_of_mariadb_is_alembics() {
    version_table_is_alike(mariadb());
}
