//! A SQLite file: opened, locked, and its version table kept.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the tests make files and look at them, and fail where something is not there"
)]

use std::path::Path;
use std::time::Duration;

use revline_database::{
    Access, Address, ErrorKind, Server, Session, Surroundings, Timeouts, VersionTable, lock,
};
use revline_history::VersionChange;

fn address(folder: &Path, url: &str) -> Address {
    Address::parse(url, &Surroundings { folder, variable: &|_| None }).unwrap()
}

fn timeouts() -> Timeouts {
    Timeouts {
        connect: Duration::from_secs(5),
        lock: Duration::from_millis(200),
        statement: Some(Duration::from_secs(5)),
    }
}

async fn open(address: &Address, access: Access) -> Session {
    Session::open(address, access, &timeouts()).await.unwrap()
}

#[tokio::test]
async fn observing_makes_no_file_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let address = address(folder.path(), "sqlite:///./app.db");
    let error = Session::open(&address, Access::Observe, &timeouts()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::NoFile);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);

    open(&address, Access::Change).await.execute("CREATE TABLE a (b INTEGER)").await.unwrap();
    let mut session = open(&address, Access::Observe).await;
    let error = session.execute("INSERT INTO a VALUES (1)").await.unwrap_err();
    assert_eq!((error.kind, error.code.as_deref()), (ErrorKind::ReadOnly, Some("8")));
    let Server { dialect, product, number, .. } = session.server();
    assert_eq!((*dialect, *product, number.0), ("sqlite", "SQLite", 3));
}

#[tokio::test]
async fn the_version_table_takes_changes_that_fit_alone() {
    let folder = tempfile::tempdir().unwrap();
    let address = address(folder.path(), "sqlite:///app.db");
    let table = VersionTable::default();
    let mut session = open(&address, Access::Change).await;
    assert_eq!(session.heads(&table).await.unwrap(), None);
    session.create_version_table(&table).await.unwrap();
    session.create_version_table(&table).await.unwrap();
    assert_eq!(session.heads(&table).await.unwrap(), Some(vec![]));
    let changes = [
        VersionChange::Insert("a".into()),
        VersionChange::Insert("b'".into()),
        VersionChange::Update { from: "a".into(), to: "c".into() },
    ];
    for change in &changes {
        session.change_version(&table, change).await.unwrap();
    }
    // In the order of the database: the first row was updated.
    assert_eq!(session.heads(&table).await.unwrap(), Some(vec!["c".to_owned(), "b'".to_owned()]));
    let gone = VersionChange::Delete("a".into());
    let error = session.change_version(&table, &gone).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::VersionTable);
    assert_eq!(
        error.message,
        "Online migration expected to match one row when deleting 'a' in 'alembic_version'; 0 found"
    );
}

#[tokio::test]
async fn a_transaction_that_is_rolled_back_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let address = address(folder.path(), "sqlite:///app.db");
    let mut session = open(&address, Access::Change).await;
    session.begin().await.unwrap();
    session.create_version_table(&VersionTable::default()).await.unwrap();
    session.rollback().await.unwrap();
    assert_eq!(session.heads(&VersionTable::default()).await.unwrap(), None);
}

#[tokio::test]
async fn one_lock_is_held_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let address = address(folder.path(), "sqlite:///app.db");
    let patience = Duration::from_millis(50);
    let never = std::future::pending::<()>;
    let held = lock(&address, "alembic_version", &timeouts(), patience, never()).await.unwrap();
    let refused = lock(&address, "alembic_version", &timeouts(), patience, never()).await;
    assert_eq!(refused.unwrap_err().kind, ErrorKind::Locked);
    let (long, now) = (Duration::from_secs(60), std::future::ready(()));
    let cancelled = lock(&address, "alembic_version", &timeouts(), long, now).await;
    assert_eq!(cancelled.unwrap_err().kind, ErrorKind::Cancelled);
    drop(held);
    lock(&address, "alembic_version", &timeouts(), patience, never()).await.unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn observing_a_database_in_wal_mode_makes_no_file_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let address = address(folder.path(), "sqlite:///app.db");
    let mut writer = open(&address, Access::Change).await;
    writer.value("PRAGMA journal_mode = WAL").await.unwrap();
    writer.execute("CREATE TABLE a (b INTEGER)").await.unwrap();
    writer.close().await;
    assert_eq!(names(folder.path()), ["app.db"]);
    let mut session = open(&address, Access::Observe).await;
    assert_eq!(session.tables(None).await.unwrap().len(), 1);
    assert_eq!(names(folder.path()), ["app.db"]);

    // As soon as somebody writes, what is read is not the whole.
    let mut writer = open(&address, Access::Change).await;
    writer.execute("INSERT INTO a VALUES (1)").await.unwrap();
    assert_eq!(session.tables(None).await.unwrap_err().kind, ErrorKind::Locked);
    let mut session = open(&address, Access::Observe).await;
    assert_eq!(session.value("SELECT count(*) FROM a").await.unwrap().as_deref(), Some("1"));
}

#[tokio::test]
async fn what_a_killed_writer_left_is_named_and_taken_back_by_the_next_writer() {
    let folder = tempfile::tempdir().unwrap();
    let (live, left) = (folder.path().join("live.db"), folder.path().join("left.db"));
    let mut writer = open(&Address::of_file(&live).unwrap(), Access::Change).await;
    for sql in
        ["CREATE TABLE a (b TEXT)", "INSERT INTO a VALUES ('before')", "PRAGMA cache_size = 1"]
    {
        writer.execute(sql).await.unwrap();
    }
    writer.begin().await.unwrap();
    // More than the cache holds, so that it is in the file before the end of the transaction.
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000) \
                INSERT INTO a SELECT hex(randomblob(200)) FROM n";
    writer.execute(many).await.unwrap();
    std::fs::copy(&live, &left).unwrap();
    std::fs::copy(live.with_extension("db-journal"), left.with_extension("db-journal")).unwrap();
    writer.rollback().await.unwrap();

    let left = Address::of_file(&left).unwrap();
    let error = Session::open(&left, Access::Observe, &timeouts()).await.unwrap_err();
    assert_eq!((error.kind, error.code.as_deref()), (ErrorKind::Locked, Some("776")), "{error}");
    assert!(error.to_string().contains("died while it wrote"), "{error}");
    let mut next = open(&left, Access::Change).await;
    assert_eq!(
        next.value("SELECT group_concat(b) FROM a").await.unwrap().as_deref(),
        Some("before")
    );
    let mut session = open(&left, Access::Observe).await;
    assert_eq!(session.value("SELECT count(*) FROM a").await.unwrap().as_deref(), Some("1"));
}
