//! A database asked by plain SQL, beside the program under test.

use std::path::Path;
use std::time::Duration;

use revline_database::{Access, Address, Session, Surroundings, Timeouts};

fn on<T>(url: &str, run: impl AsyncFnOnce(&mut Session) -> T) -> T {
    let around = Surroundings { folder: Path::new("/"), variable: &|_| None };
    let address = Address::parse(url, &around).expect("it is a URL");
    let timeouts = Timeouts {
        connect: Duration::from_secs(20),
        lock: Duration::from_secs(20),
        statement: Some(Duration::from_secs(60)),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let mut session = Session::open(&address, Access::Change, &timeouts).await.expect("opened");
        let answer = run(&mut session).await;
        session.close().await;
        answer
    })
}

/// The first value of the first row; none for NULL and where there is no row.
pub(crate) fn value(url: &str, sql: &str) -> Option<String> {
    on(url, async |session| session.value(sql).await.unwrap_or_else(|why| panic!("{sql}: {why}")))
}

/// The first values of all rows that a SELECT gives, in its order.
pub(crate) fn values(url: &str, select: &str) -> Vec<String> {
    on(url, async |session| {
        let mut found = Vec::new();
        loop {
            let one = format!("{select} LIMIT 1 OFFSET {}", found.len());
            match session.value(&one).await.unwrap_or_else(|why| panic!("{one}: {why}")) {
                Some(value) => found.push(value),
                None => return found,
            }
        }
    })
}

/// Runs statements.
pub(crate) fn run(url: &str, statements: &[&str]) {
    on(url, async |session| {
        for sql in statements {
            session.execute(sql).await.unwrap_or_else(|why| panic!("{sql}: {why}"));
        }
    });
}

/// What is done while a transaction that has asked this stays open.
pub(crate) fn meanwhile(url: &str, sql: &str, done: impl FnOnce()) {
    on(url, async |session| {
        session.begin().await.expect("it begins");
        session.value(sql).await.expect("it is answered");
        done();
        session.rollback().await.expect("it ends");
    });
}
