//! A database asked by plain SQL, which answers or fails the test.

use revline_tests::judge::asked;

/// The first value of the first row; none for NULL and where there is no row.
pub(crate) fn value(url: &str, sql: &str) -> Option<String> {
    asked::value(url, sql).unwrap_or_else(|why| panic!("{why:#}"))
}

/// The first values of all rows that a SELECT gives, in its order.
pub(crate) fn values(url: &str, select: &str) -> Vec<String> {
    asked::values(url, select).unwrap_or_else(|why| panic!("{why:#}"))
}

/// As [`value`], for whoever has a session open.
pub(crate) fn aside(url: &str, sql: &str) -> Option<String> {
    std::thread::scope(|threads| threads.spawn(|| value(url, sql)).join()).expect("it answers")
}

/// Runs statements.
pub(crate) fn run(url: &str, statements: &[&str]) {
    asked::execute(url, statements).unwrap_or_else(|why| panic!("{why:#}"));
}

/// What is done while a transaction that has asked this stays open.
pub(crate) fn meanwhile(url: &str, sql: &str, done: impl FnOnce()) {
    let asked = asked::on(url, async |session| {
        session.begin().await?;
        session.value(sql).await?;
        done();
        Ok(session.rollback().await?)
    });
    asked.unwrap_or_else(|why| panic!("{why:#}"));
}
