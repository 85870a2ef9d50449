//! MySQL's and MariaDB's numbers (<https://mariadb.com/kb/en/mariadb-error-code-reference/>).

use sqlx::mysql::MySqlDatabaseError;

use super::{Error, ErrorKind};
use crate::address::Address;

pub(super) fn told(address: &Address, given: &MySqlDatabaseError) -> Error {
    let (kind, way_out) = match given.number() {
        1045 | 1130 | 1251 | 1698 => (
            ErrorKind::Refused,
            Some(
                "look at user and password of the URL, and at the hosts that the user may come from",
            ),
        ),
        1049 => (ErrorKind::NoDatabase, Some("make it (CREATE DATABASE), or mend the URL")),
        1040 | 1203 => (ErrorKind::ServerDown, Some("the server has no connection left")),
        1053 | 1079 | 1927 | 1152 | 4031 => {
            (ErrorKind::Lost, Some("the server ended the connection; look at its log"))
        }
        1021 | 1114 => {
            (ErrorKind::DiskFull, Some("make room on the server's disk and run it again"))
        }
        1036 | 1290 | 1792 | 1836 => {
            (ErrorKind::ReadOnly, Some("is this a replica, or a session that only looks?"))
        }
        1205 | 1213 => (
            ErrorKind::Locked,
            Some("another transaction holds the lock: end it, or wait longer (lock-timeout)"),
        ),
        1969 | 3024 => (ErrorKind::TimedOut, Some("statement-timeout allows more")),
        1317 => (ErrorKind::Cancelled, None),
        1044 | 1142 | 1143 | 1227 => (ErrorKind::NotAllowed, None),
        _ => (ErrorKind::Statement, None),
    };
    Error {
        code: Some(given.number().to_string().into()),
        way_out: way_out.map(Into::into),
        ..Error::new(address, kind, given.message())
    }
}
