//! PostgreSQL's codes (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).

use sqlx::postgres::{PgDatabaseError, PgErrorPosition};

use super::{Error, ErrorKind};
use crate::address::Address;

pub(super) fn told(address: &Address, given: &PgDatabaseError) -> Error {
    let code = given.code();
    let (kind, way_out) = match code {
        "28P01" | "28000" => (
            ErrorKind::Refused,
            Some("look at user and password of the URL, and at the server's pg_hba.conf"),
        ),
        "3D000" => (ErrorKind::NoDatabase, Some("make it (createdb), or mend the URL")),
        "57P01" | "57P02" | "57P05" | "25P03" => {
            (ErrorKind::Lost, Some("the server ended the connection; look at its log"))
        }
        "57P03" => (ErrorKind::ServerDown, Some("the server is starting or stopping: try again")),
        "53300" => (ErrorKind::ServerDown, Some("the server has no connection left")),
        "53100" => (ErrorKind::DiskFull, Some("make room on the server's disk and run it again")),
        "25006" => (ErrorKind::ReadOnly, Some("is this a standby, or a session that only looks?")),
        "55P03" | "40P01" => (
            ErrorKind::Locked,
            Some("another transaction holds the lock: end it, or wait longer (lock-timeout)"),
        ),
        "57014" if given.message().contains("timeout") => {
            (ErrorKind::TimedOut, Some("statement-timeout allows more"))
        }
        "57014" => (ErrorKind::Cancelled, None),
        "42501" => (ErrorKind::NotAllowed, None),
        _ => (ErrorKind::Statement, None),
    };
    let parts: Vec<&str> = [given.detail(), given.hint()].into_iter().flatten().collect();
    let detail = Some(parts.join("; ")).filter(|text| !text.is_empty());
    Error {
        code: Some(code.into()),
        detail: detail.map(|text| address.without_secrets(&text).into()),
        position: match given.position() {
            Some(PgErrorPosition::Original(position)) => {
                position.checked_sub(1).and_then(|position| u32::try_from(position).ok())
            }
            _ => None,
        },
        way_out: way_out.map(Into::into),
        ..Error::new(address, kind, given.message())
    }
}
