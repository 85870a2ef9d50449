//! SQLite's result codes (<https://www.sqlite.org/rescode.html>).

use super::{Error, ErrorKind};
use crate::address::Address;

pub(super) fn told(address: &Address, code: Option<Box<str>>, message: &str) -> Error {
    let number: i32 = code.as_deref().and_then(|code| code.parse().ok()).unwrap_or_default();
    // An extended code has its primary code in the last byte.
    let (kind, way_out) = match (number & 0xff, number) {
        (_, 776) => (
            ErrorKind::Locked,
            Some(
                "a program died while it wrote; the next one that opens the file for a change takes its half-done transaction back",
            ),
        ),
        (5 | 6, _) => (
            ErrorKind::Locked,
            Some(
                "another program writes to it: end its transaction, or wait longer (lock-timeout)",
            ),
        ),
        (8, _) => (ErrorKind::ReadOnly, Some("look at the rights of the file and of its folder")),
        (13, _) => (ErrorKind::DiskFull, Some("make room on the disk and run it again")),
        (10, 2826) => (ErrorKind::DiskFull, None),
        (10, 778 | 1034 | 1290 | 1546) => (
            ErrorKind::Statement,
            Some(
                "a write was refused: is the disk full or damaged, a quota used up, or the file over its limit?",
            ),
        ),
        (11 | 26, _) => (ErrorKind::NotADatabase, None),
        (14, _) => {
            (ErrorKind::NotAllowed, Some("look at the rights of the file and of its folder"))
        }
        (3 | 23, _) => (ErrorKind::NotAllowed, None),
        (9, _) => (ErrorKind::Cancelled, None),
        _ => (ErrorKind::Statement, None),
    };
    Error { code, way_out: way_out.map(Into::into), ..Error::new(address, kind, message) }
}
