//! PostgreSQL: sqlx's startup settings set back to the server's.

use std::path::PathBuf;

use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgSslMode};

use super::interrupt::Way;
use super::{Access, Connection, Server, Session, Timeouts};
use crate::address::{Address, Backend, Target};
use crate::error::{Error, told};
use crate::text::literal;

/// Where servers of this machine have their sockets: Debian's libpq, PostgreSQL's own, RedHat's.
const SOCKET_FOLDERS: &[&str] = &["/var/run/postgresql", "/run/postgresql", "/tmp"];

/// Connects.
pub(super) async fn open(
    address: &Address,
    access: Access,
    timeouts: &Timeouts,
) -> Result<Session, Error> {
    let connection = options(address).connect().await.map_err(|error| told(address, &error))?;
    let mut session = Session {
        address: address.clone(),
        access,
        timeouts: *timeouts,
        connection: Connection::Postgresql(Box::new(connection)),
        server: Server {
            dialect: "postgresql",
            product: "PostgreSQL",
            version: String::new(),
            number: (0, 0, 0),
        },
        notes: Vec::new(),
        way: Way::Number(0),
        broken: None,
    };
    let rows = session
        .ask("SELECT pg_catalog.current_setting('server_version'), pg_catalog.pg_backend_pid()")
        .await?;
    let row = rows.into_iter().next().unwrap_or_default();
    session.server.version = row.text(0);
    session.server.number = super::version_number(&row.text(0));
    session.way = Way::Number(row.get(1).and_then(|pid| pid.parse().ok()).unwrap_or_default());
    set_back(&mut session).await?;
    Ok(session)
}

fn options(address: &Address) -> PgConnectOptions {
    let mut options = PgConnectOptions::new_without_pgpass()
        .port(address.port())
        .extra_float_digits(None)
        .disable_statement_logging();
    options = match address.target() {
        Target::Host(host) => options.host(host),
        Target::Socket(folder) => options.host(&folder.display().to_string()),
        _ => {
            let socket = SOCKET_FOLDERS.iter().find(|folder| {
                PathBuf::from(folder).join(format!(".s.PGSQL.{}", address.port())).exists()
            });
            options.host(socket.copied().unwrap_or("localhost"))
        }
    };
    if let Some(user) = address.user() {
        options = options.username(user);
    }
    let database =
        address.database().map_or_else(|| options.get_username().to_owned(), str::to_owned);
    options = options.database(&database);
    if let Some(password) = &address.password {
        options = options.password(&password.0);
    }
    let name = address.postgresql.application_name.as_deref().unwrap_or("revline");
    options = options
        .application_name(name)
        .options(address.postgresql.parameters.iter().map(|(name, value)| (name, value)));
    options = options.ssl_mode(match address.tls.mode {
        Some("disable") => PgSslMode::Disable,
        Some("allow") => PgSslMode::Allow,
        Some("require") => PgSslMode::Require,
        Some("verify-ca") => PgSslMode::VerifyCa,
        Some("verify-full") => PgSslMode::VerifyFull,
        _ => PgSslMode::Prefer,
    });
    if let Some(root) = &address.tls.root {
        options = options.ssl_root_cert(root);
    }
    if let Some(certificate) = &address.tls.certificate {
        options = options.ssl_client_cert(certificate);
    }
    if let Some(key) = &address.tls.key {
        options = options.ssl_client_key(key);
    }
    options
}

/// sqlx asks for `TimeZone=UTC` and `DateStyle='ISO, MDY'` in the startup packet, which then counts as the session's
/// default: `RESET` gives it back. What the server would have given is read where the server has it.
async fn set_back(session: &mut Session) -> Result<(), Error> {
    let _ = literal(Backend::Postgresql, "");
    let limit = |limit: Option<std::time::Duration>| {
        limit.map_or("0".to_owned(), |limit| {
            format!("'{}ms'", limit.as_millis().clamp(1, 2_000_000_000))
        })
    };
    let mut sql = format!(
        "SET lock_timeout = {}; SET statement_timeout = {}",
        limit(Some(session.timeouts.lock)),
        limit(session.timeouts.statement)
    );
    if session.access == Access::Observe {
        sql += "; SET default_transaction_read_only = on";
    }
    session.run(&sql).await.map(drop)
}
