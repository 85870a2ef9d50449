//! A database asked by plain SQL, beside the program under test.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use revline_database::{Access, Address, Session, Surroundings, Timeouts};

/// What is done in a session of its own.
///
/// # Errors
/// Where there is no session, and those of `run`.
pub fn on<T>(url: &str, run: impl AsyncFnOnce(&mut Session) -> Result<T>) -> Result<T> {
    let around = Surroundings { folder: Path::new("/"), variable: &|_| None };
    let address = Address::parse(url, &around)?;
    let timeouts = Timeouts {
        connect: Duration::from_secs(20),
        lock: Duration::from_secs(20),
        statement: Some(Duration::from_secs(60)),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut session = Session::open(&address, Access::Change, &timeouts).await?;
        let answer = run(&mut session).await;
        session.close().await;
        answer
    })
}

/// The first value of the first row; none for NULL and where there is no row.
///
/// # Errors
/// The server's.
pub fn value(url: &str, sql: &str) -> Result<Option<String>> {
    on(url, async |session| session.value(sql).await.with_context(|| sql.to_owned()))
}

/// The first values of all rows that a SELECT gives, in its order.
///
/// # Errors
/// The server's.
pub fn values(url: &str, select: &str) -> Result<Vec<String>> {
    on(url, async |session| {
        let mut found = Vec::new();
        loop {
            let one = format!("{select} LIMIT 1 OFFSET {}", found.len());
            match session.value(&one).await.with_context(|| one.clone())? {
                Some(value) => found.push(value),
                None => return Ok(found),
            }
        }
    })
}

/// Runs statements, each by itself.
///
/// # Errors
/// The server's.
pub fn execute(url: &str, statements: &[&str]) -> Result<()> {
    on(url, async |session| {
        for sql in statements {
            session.execute(sql).await.with_context(|| (*sql).to_owned())?;
        }
        Ok(())
    })
}
