//! PostgreSQL: sqlx's startup settings set back to the server's.

mod defaults;

use std::path::PathBuf;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgSslMode};

use super::interrupt::Way;
use super::{Access, Connection, Session, Timeouts};
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
    let connection = Connection::Postgresql(Box::new(connection));
    let product = ("postgresql", "PostgreSQL");
    let mut session = Session::new(address, access, timeouts, connection, Way::Number(0), product);
    session
        .greet("SELECT pg_catalog.current_setting('server_version'), pg_catalog.pg_backend_pid()")
        .await?;
    set_back(&mut session).await?;
    Ok(session)
}

/// sqlx reads libpq's `~/.pgpass` when it is given a URL.
fn with_passfile(address: &Address) -> PgConnectOptions {
    // libpq looks a socket up as `localhost`.
    let host = match address.target() {
        Target::Host(host) => host.as_str(),
        _ => "localhost",
    };
    if address.password.is_some() || address.driver() == "pg8000" {
        return PgConnectOptions::new_without_pgpass();
    }
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let host = if host.contains(':') { format!("[{host}]") } else { encoded(host) };
    let user = address.user().map(|user| format!("{}@", encoded(user))).unwrap_or_default();
    let database = encoded(address.database().or(address.user()).unwrap_or_default());
    format!("postgres://{user}{host}:{}/{database}", address.port())
        .parse()
        .unwrap_or_else(|_| PgConnectOptions::new_without_pgpass())
}

fn options(address: &Address) -> PgConnectOptions {
    let mut options = with_passfile(address)
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

/// Sets our own limits, and what sqlx has set back.
async fn set_back(session: &mut Session) -> Result<(), Error> {
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
    for (name, value) in defaults::of(session).await? {
        let value = literal(Backend::Postgresql, &value);
        sql += &format!("; SELECT pg_catalog.set_config('{name}', {value}, false)");
    }
    if session.access == Access::Observe {
        sql += "; SET default_transaction_read_only = on";
    }
    session.run(&sql).await?;
    if session.access == Access::Change && session.server.number >= (14, 0, 0) {
        // A server would end the statement of a client that is gone, and keep its locks until then. One whose system
        // cannot tell who is gone refuses the setting, and goes on as before.
        drop(session.run("SET client_connection_check_interval = '1s'").await);
    }
    Ok(())
}
