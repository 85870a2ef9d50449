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
    assert_eq!(session.heads(&table).await.unwrap(), Some(vec!["b'".to_owned(), "c".to_owned()]));
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
