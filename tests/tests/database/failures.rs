//! What goes wrong is named, in time, with a way out and without the password.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use revline_database::{Access, Error, ErrorKind, Session, Timeouts};

use super::places::{Place, address, block, mariadb, postgresql, session, sqlite};

/// No sentence may hold it.
const PASSWORD: &str = "hunter2%40secret";
const PLAIN: &str = "hunter2@secret";

fn quick() -> Timeouts {
    Timeouts {
        connect: Duration::from_secs(2),
        lock: Duration::from_millis(300),
        statement: Some(Duration::from_millis(1500)),
    }
}

/// Opens, and says why it could not; in time, and without the password.
async fn refused(url: &str, access: Access) -> Error {
    let began = Instant::now();
    let error = Session::open(&address(url), access, &quick()).await.unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(4), "{error}");
    checked(error)
}

fn checked(error: Error) -> Error {
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(!text.contains(PLAIN) && !text.contains(PASSWORD), "{text}");
    }
    error
}

async fn failed(session: &mut Session, sql: &str) -> Error {
    let began = Instant::now();
    let error = session.execute(sql).await.unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(5), "{error}");
    checked(error)
}

/// Stopped from another task while it runs.
async fn interrupted(session: &mut Session, sql: &str) -> Error {
    let interrupt = session.interrupt();
    let stopping = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(200)).await;
        interrupt.stop().await.unwrap();
    });
    let error = failed(session, sql).await;
    stopping.await.unwrap();
    error
}

async fn opened(url: &str) -> Session {
    Session::open(&address(url), Access::Change, &quick()).await.unwrap()
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn a_server_that_is_not_there_or_does_not_speak() {
    block(async {
        for driver in ["postgresql", "mysql+pymysql"] {
            let down = format!("{driver}://u:{PASSWORD}@127.0.0.1:{}/db", free_port());
            let error = refused(&down, Access::Observe).await;
            assert_eq!(error.kind, ErrorKind::ServerDown, "{error}");
            assert!(error.to_string().contains("is the server started"), "{error}");

            let unknown = format!("{driver}://u:{PASSWORD}@no-such-host.invalid/db");
            let error = refused(&unknown, Access::Observe).await;
            assert_eq!(error.kind, ErrorKind::UnknownHost, "{error}");

            let silent = TcpListener::bind("127.0.0.1:0").unwrap();
            let port = silent.local_addr().unwrap().port();
            let error =
                refused(&format!("{driver}://u:{PASSWORD}@127.0.0.1:{port}/db"), Access::Observe)
                    .await;
            assert_eq!(error.kind, ErrorKind::ServerDown, "{error}");
            drop(silent);
        }
        let error = refused("postgresql://u@/db?host=/no/such/folder", Access::Observe).await;
        assert_eq!(error.kind, ErrorKind::ServerDown, "{error}");
        let error =
            refused("mysql+pymysql://u@/db?unix_socket=/no/such/socket", Access::Observe).await;
        assert_eq!(error.kind, ErrorKind::ServerDown, "{error}");
    });
}

#[test]
fn sqlite_failures_are_told_apart() {
    let Some(place) = sqlite() else { return };
    let Place::Sqlite(folder) = &place else { unreachable!() };
    let path = |name: &str| folder.path().join(name);
    let url = |name: &str| format!("sqlite:///{}", path(name).display());
    block(async {
        std::fs::write(
            path("text.db"),
            "this is a long text and no database at all, whatever its name says",
        )
        .unwrap();
        std::fs::create_dir(path("folder.db")).unwrap();
        let cases = [
            (url("none.db"), Access::Observe, ErrorKind::NoFile),
            (url("none/app.db"), Access::Change, ErrorKind::NoFile),
            (url("text.db"), Access::Observe, ErrorKind::NotADatabase),
            (url("folder.db"), Access::Change, ErrorKind::NotADatabase),
            (
                format!("sqlite:///file:{}?mode=rw&uri=true", path("none.db").display()),
                Access::Change,
                ErrorKind::NoFile,
            ),
        ];
        for (url, access, kind) in cases {
            let error = refused(&url, access).await;
            assert_eq!(error.kind, kind, "{error}");
        }
        assert!(!path("none.db").exists());

        let mut session = opened(&url("app.db")).await;
        session.execute("CREATE TABLE a (b INTEGER PRIMARY KEY, c TEXT)").await.unwrap();
        let mut reader =
            opened(&format!("sqlite:///file:{}?mode=ro&uri=true", path("app.db").display())).await;
        assert_eq!(
            failed(&mut reader, "INSERT INTO a VALUES (1, 'x')").await.kind,
            ErrorKind::ReadOnly
        );

        let mut other = opened(&url("app.db")).await;
        other.begin().await.unwrap();
        let error = checked(session.begin().await.unwrap_err());
        assert_eq!((error.kind, error.code.as_deref()), (ErrorKind::Locked, Some("5")), "{error}");
        other.rollback().await.unwrap();

        session.execute("PRAGMA max_page_count = 4").await.unwrap();
        let error = failed(&mut session, "INSERT INTO a (c) VALUES (zeroblob(100000))").await;
        assert_eq!(
            (error.kind, error.code.as_deref()),
            (ErrorKind::DiskFull, Some("13")),
            "{error}"
        );

        let forever = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
        assert_eq!(failed(&mut session, forever).await.kind, ErrorKind::TimedOut);
        assert_eq!(interrupted(&mut session, forever).await.kind, ErrorKind::Cancelled);
        assert_eq!(session.value("SELECT 7").await.unwrap().as_deref(), Some("7"));

        let error = failed(&mut session, "SELECT 1; SELECT 2").await;
        assert_eq!(error.message, "You can only execute one statement at a time.");
        let error = failed(&mut session, "CREATE TABLE a (b)").await;
        assert_eq!(
            (error.kind, error.message.as_str()),
            (ErrorKind::Statement, "table a already exists")
        );
    });
}

#[test]
fn sqlite_names_the_rows_whose_keys_point_nowhere() {
    let Some(place) = sqlite() else { return };
    block(async {
        let mut session = session(&address(&place.url()), Access::Change).await;
        for sql in [
            "CREATE TABLE p (a INTEGER PRIMARY KEY)",
            "CREATE TABLE c (x INTEGER, y INTEGER REFERENCES p (a))",
            "INSERT INTO c VALUES (1, 5)",
        ] {
            session.execute(sql).await.unwrap();
        }
        let broken = session.check_foreign_keys().await.unwrap();
        assert_eq!(
            format!("{broken:?}"),
            r#"[BrokenReference { table: "c", row: Some(1), referent: "p", columns: ["y"] }]"#
        );
    });
}

#[test]
fn postgresql_failures_are_told_apart() {
    let Some(place) = postgresql() else { return };
    let Place::Postgresql(server) = &place else { unreachable!() };
    block(async {
        let mut session = opened(&place.url()).await;
        session.execute(&format!("CREATE ROLE keyed LOGIN PASSWORD '{PLAIN}'")).await.unwrap();
        session.execute("CREATE TABLE a (b int)").await.unwrap();
        server.ask_password_of("keyed").unwrap();
        opened(&server.url_of(&format!("keyed:{PASSWORD}"), "postgres")).await.close().await;
        let cases = [
            (server.url_of(&format!("keyed:{PASSWORD}x"), "postgres"), ErrorKind::Refused),
            (server.url_of(&format!("nobody:{PASSWORD}"), "postgres"), ErrorKind::Refused),
            (server.url_of("judge", "nowhere"), ErrorKind::NoDatabase),
        ];
        for (url, kind) in cases {
            let error = refused(&url, Access::Observe).await;
            assert_eq!(error.kind, kind, "{error}");
            assert!(error.code.is_some() && error.way_out.is_some(), "{error}");
        }
        let mut other = opened(&place.url()).await;
        other.begin().await.unwrap();
        other.execute("SELECT * FROM a").await.unwrap();
        let error = failed(&mut session, "ALTER TABLE a ADD c int").await;
        assert_eq!(
            (error.kind, error.code.as_deref()),
            (ErrorKind::Locked, Some("55P03")),
            "{error}"
        );
        other.rollback().await.unwrap();

        assert_eq!(failed(&mut session, "SELECT pg_sleep(30)").await.kind, ErrorKind::TimedOut);
        assert_eq!(
            interrupted(&mut session, "SELECT pg_sleep(30)").await.kind,
            ErrorKind::Cancelled
        );

        let error = failed(&mut session, "SELECT 1 FROM nowhere").await;
        assert_eq!((error.code.as_deref(), error.position), (Some("42P01"), Some(14)), "{error}");
        session.begin().await.unwrap();
        failed(&mut session, "SELECT 1 / 0").await;
        let error = session.commit().await.unwrap_err();
        assert!(error.message.contains("rolled back"), "{error}");
        // Several statements are one text to psycopg.
        session.execute("CREATE TABLE d (e int); INSERT INTO d VALUES (1), (2)").await.unwrap();

        let mut looks =
            Session::open(&address(&place.url()), Access::Observe, &quick()).await.unwrap();
        assert_eq!(failed(&mut looks, "INSERT INTO d VALUES (1)").await.kind, ErrorKind::ReadOnly);
        let pid = looks.value("SELECT pg_backend_pid()").await.unwrap().unwrap();
        session.execute(&format!("SELECT pg_terminate_backend({pid})")).await.unwrap();
        assert_eq!(failed(&mut looks, "SELECT 1").await.kind, ErrorKind::Lost);
        assert_eq!(failed(&mut looks, "SELECT 1").await.kind, ErrorKind::Lost);
    });
}

#[test]
fn mariadb_failures_are_told_apart() {
    let Some(place) = mariadb() else { return };
    let Place::Mariadb(server) = &place else { unreachable!() };
    let by_port = |user: &str, database: &str| {
        format!("mysql+pymysql://{user}@127.0.0.1:{}/{database}", server.port)
    };
    block(async {
        let mut session = opened(&place.url()).await;
        session.execute(&format!("CREATE USER keyed IDENTIFIED BY '{PLAIN}'")).await.unwrap();
        session.execute("GRANT ALL ON app.* TO keyed").await.unwrap();
        session.execute("CREATE TABLE a (b int)").await.unwrap();
        let keyed = by_port(&format!("keyed:{PASSWORD}"), "app");
        opened(&keyed).await.close().await;
        let cases = [
            (by_port(&format!("keyed:{PASSWORD}x"), "app"), ErrorKind::Refused),
            (by_port(&format!("nobody:{PASSWORD}"), "app"), ErrorKind::Refused),
            (by_port(&format!("keyed:{PASSWORD}"), "mysql"), ErrorKind::NotAllowed),
            (place.url_of("nowhere"), ErrorKind::NoDatabase),
        ];
        for (url, kind) in cases {
            let error = refused(&url, Access::Observe).await;
            assert_eq!(error.kind, kind, "{error}");
        }
        let mut other = opened(&keyed).await;
        other.begin().await.unwrap();
        other.execute("SELECT * FROM a").await.unwrap();
        let error = failed(&mut session, "ALTER TABLE a ADD c int").await;
        assert_eq!(
            (error.kind, error.code.as_deref()),
            (ErrorKind::Locked, Some("1205")),
            "{error}"
        );
        other.rollback().await.unwrap();

        assert_eq!(failed(&mut session, "SELECT SLEEP(30)").await.kind, ErrorKind::TimedOut);
        let until =
            "SELECT count(*) FROM seq_1_to_1000000 a, seq_1_to_1000000 b WHERE a.seq + b.seq = 3";
        assert_eq!(interrupted(&mut session, until).await.kind, ErrorKind::Cancelled);

        let error = failed(&mut session, "SELECT 1; SELECT 2").await;
        assert!(error.message.contains("one statement"), "{error}");
        let mut looks = Session::open(&address(&keyed), Access::Observe, &quick()).await.unwrap();
        assert_eq!(failed(&mut looks, "INSERT INTO a VALUES (1)").await.kind, ErrorKind::ReadOnly);
        let id = looks.value("SELECT CONNECTION_ID()").await.unwrap().unwrap();
        session.execute(&format!("KILL {id}")).await.unwrap();
        assert_eq!(failed(&mut looks, "SELECT 1").await.kind, ErrorKind::Lost);
    });
}
