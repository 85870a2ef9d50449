//! MySQL and MariaDB: sqlx's session settings set back to the server's.

use std::path::Path;

use sqlx::ConnectOptions as _;
use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};

use super::interrupt::Way;
use super::{Access, Connection, Session, Timeouts};
use crate::address::{Address, Target};
use crate::error::{Error, told};

/// Where servers of this machine have their socket: Debian's, MySQL's own.
const SOCKETS: &[&str] = &[
    "/var/run/mysqld/mysqld.sock",
    "/run/mysqld/mysqld.sock",
    "/var/lib/mysql/mysql.sock",
    "/tmp/mysql.sock",
];

/// Connects.
pub(super) async fn open(
    address: &Address,
    access: Access,
    timeouts: &Timeouts,
) -> Result<Session, Error> {
    let connection = options(address).connect().await.map_err(|error| told(address, &error))?;
    let connection = Connection::Mysql(Box::new(connection));
    let mut session =
        Session::new(address, access, timeouts, connection, Way::Number(0), ("mysql", "MySQL"));
    session.greet("SELECT VERSION(), CONNECTION_ID()").await?;
    let version = session.server.version.clone();
    if version.to_ascii_lowercase().contains("mariadb") {
        session.server.dialect = "mariadb";
        session.server.product = "MariaDB";
    }
    // Behind a proxy an old MariaDB calls itself `5.5.5-10.11.6-MariaDB`.
    let plain = version.strip_prefix("5.5.5-").filter(|_| session.server.dialect == "mariadb");
    if let Some(plain) = plain {
        session.server.number = super::version_number(plain);
    }
    set_back(&mut session).await?;
    Ok(session)
}

fn options(address: &Address) -> MySqlConnectOptions {
    let mut options = MySqlConnectOptions::new()
        .port(address.port())
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        .timezone(None)
        .charset(address.charset.as_deref().unwrap_or("utf8mb4"))
        .disable_statement_logging();
    options = match address.target() {
        Target::Host(host) => options.host(host),
        Target::Socket(file) => options.socket(file),
        _ => match SOCKETS.iter().find(|file| Path::new(file).exists()) {
            Some(file) => options.socket(file),
            None => options.host("localhost"),
        },
    };
    if let Some(user) = address.user() {
        options = options.username(user);
    }
    if let Some(database) = address.database() {
        options = options.database(database);
    }
    if let Some(password) = &address.password {
        options = options.password(&password.0);
    }
    options = options.ssl_mode(match address.tls.mode {
        Some("disable") => MySqlSslMode::Disabled,
        Some("require") => MySqlSslMode::Required,
        Some("verify-ca") => MySqlSslMode::VerifyCa,
        Some("verify-full") => MySqlSslMode::VerifyIdentity,
        // A socket is encrypted by nobody.
        _ if matches!(address.target(), Target::Socket(_)) => MySqlSslMode::Disabled,
        _ => MySqlSslMode::Preferred,
    });
    if let Some(root) = &address.tls.root {
        options = options.ssl_ca(root);
    }
    if let Some(certificate) = &address.tls.certificate {
        options = options.ssl_client_cert(certificate);
    }
    if let Some(key) = &address.tls.key {
        options = options.ssl_client_key(key);
    }
    options
}

/// sqlx connects with IGNORE_SPACE, which the server turns into an `sql_mode`.
async fn set_back(session: &mut Session) -> Result<(), Error> {
    let seconds = |limit: std::time::Duration| limit.as_secs().clamp(1, 31_536_000);
    let lock = seconds(session.timeouts.lock);
    let mut sql = format!(
        "SET SESSION sql_mode = @@GLOBAL.sql_mode, SESSION lock_wait_timeout = {lock}, \
         SESSION innodb_lock_wait_timeout = {lock}"
    );
    if let Some(limit) = session.timeouts.statement {
        sql += &match session.server.dialect {
            "mariadb" => {
                format!(", SESSION max_statement_time = {}", limit.as_secs_f64().max(0.001))
            }
            // MySQL's holds for SELECT alone; the rest is held by this side.
            _ => format!(", SESSION max_execution_time = {}", limit.as_millis().max(1)),
        };
    }
    session.run(&sql).await?;
    if session.access == Access::Observe {
        session.run("SET SESSION TRANSACTION READ ONLY").await?;
    }
    Ok(())
}
