//! The databases of the tests, opened.

use std::path::Path;
use std::time::Duration;

use revline_database::{Access, Address, Session, Surroundings, Timeouts};
pub(crate) use revline_tests::judge::place::{Place, mariadb, postgresql, sqlite};

pub(crate) fn address(url: &str) -> Address {
    Address::parse(url, &Surroundings { folder: Path::new("/"), variable: &|_| None }).unwrap()
}

pub(crate) fn timeouts() -> Timeouts {
    Timeouts {
        connect: Duration::from_secs(10),
        lock: Duration::from_millis(500),
        statement: Some(Duration::from_secs(20)),
    }
}

pub(crate) async fn session(address: &Address, access: Access) -> Session {
    Session::open(address, access, &timeouts()).await.unwrap()
}

/// Runs a future on a runtime of several threads.
pub(crate) fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}
