//! The lock lets one in at a time, and dies with its holder.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use revline_database::{Access, ErrorKind, lock};

use super::places::{Place, address, block, mariadb, postgresql, session, sqlite, timeouts};

const NAME: &str = "alembic_version";

fn contender(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_contender"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Eight processes at once, then one that is killed, then what others are let in by.
fn check(place: Option<Place>) {
    let Some(place) = place else { return };
    let url = place.url();
    let folder = tempfile::tempdir().unwrap();
    let count = folder.path().join("count");
    std::fs::write(&count, "0").unwrap();
    let contenders: Vec<Child> =
        (0..8).map(|_| contender(&[&url, "count", count.to_str().unwrap()])).collect();
    for mut contender in contenders {
        assert!(contender.wait().unwrap().success());
    }
    assert_eq!(std::fs::read_to_string(&count).unwrap(), "8");

    let mut holder = contender(&[&url, "hold"]);
    let mut said = String::new();
    BufReader::new(holder.stdout.as_mut().unwrap()).read_line(&mut said).unwrap();
    assert_eq!(said, "held\n");
    let address = address(&url);
    let take = async |patience| {
        lock(&address, NAME, &timeouts(), Duration::from_millis(patience), std::future::pending())
            .await
    };
    let refused = block(take(100)).unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Locked);
    assert!(refused.to_string().contains("another Revline"), "{refused}");
    // SIGKILL: the holder has no time to give anything back.
    holder.kill().unwrap();
    holder.wait().unwrap();
    block(async {
        let mut held = take(5000).await.unwrap();
        held.check().await.unwrap();
        held.release().await;
        drop(take(2000).await.unwrap());
        take(2000).await.unwrap().release().await;
    });
}

#[test]
fn a_sqlite_lock_is_held_by_one_and_freed_by_a_kill() {
    let place = sqlite();
    let Some(Place::Sqlite(folder)) = &place else { unreachable!() };
    let path = folder.path().to_owned();
    std::fs::write(path.join("app.db"), "").unwrap();
    std::os::unix::fs::symlink(path.join("app.db"), path.join("link.db")).unwrap();
    block(async {
        // By whatever name the file is reached.
        let of = |name: &str| address(&format!("sqlite:///{}", path.join(name).display()));
        let wait = Duration::from_millis(50);
        let held =
            lock(&of("app.db"), NAME, &timeouts(), wait, std::future::pending()).await.unwrap();
        let other = lock(&of("link.db"), NAME, &timeouts(), wait, std::future::pending()).await;
        assert_eq!(other.unwrap_err().kind, ErrorKind::Locked);
        drop(held);
    });
    check(place);
}

#[test]
fn a_postgresql_lock_is_held_by_one_and_freed_by_a_kill() {
    let place = postgresql();
    if let Some(place) = &place {
        concurrent_index(place);
    }
    check(place);
}

#[test]
fn a_mariadb_lock_is_held_by_one_and_freed_by_a_kill() {
    let place = mariadb();
    if let Some(place) = &place {
        let other = address(&place.fresh("another").unwrap());
        block(async {
            // The server has one list of names for all its databases.
            let wait = Duration::from_millis(50);
            let first =
                lock(&address(&place.url()), NAME, &timeouts(), wait, std::future::pending())
                    .await
                    .unwrap();
            let second =
                lock(&other, NAME, &timeouts(), wait, std::future::pending()).await.unwrap();
            drop((first, second));
        });
    }
    check(place);
}

/// Whoever waits holds no snapshot: the holder can make an index beside the table's users.
fn concurrent_index(place: &Place) {
    let url = place.fresh("concurrent").unwrap();
    let address = address(&url);
    let held = block(async {
        let mut session = session(&address, Access::Change).await;
        session.execute("CREATE TABLE a (b int)").await.unwrap();
        lock(&address, NAME, &timeouts(), Duration::from_secs(1), std::future::pending())
            .await
            .unwrap()
    });
    let waiting: Vec<Child> = (0..4).map(|_| contender(&[&url, "hold"])).collect();
    block(async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let mut session = session(&address, Access::Change).await;
        session.execute("CREATE INDEX CONCURRENTLY ix ON a (b)").await.unwrap();
        drop(held);
    });
    for mut contender in waiting {
        contender.kill().unwrap();
        contender.wait().unwrap();
    }
}
