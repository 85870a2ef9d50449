//! What each driver makes of a URL: `create_connect_args` of SQLAlchemy's dialects, and what the driver itself takes
//! from the environment.

use std::path::{Component, Path, PathBuf};

use percent_encoding::percent_decode_str;

use super::parse::Url;
use super::{Address, AddressError, Backend, Secret, Surroundings, Target, drivers};

/// How a connection is encrypted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Tls {
    /// libpq's `sslmode`, MySQL's `ssl_mode` in libpq's words.
    pub(crate) mode: Option<&'static str>,
    pub(crate) root: Option<PathBuf>,
    pub(crate) certificate: Option<PathBuf>,
    pub(crate) key: Option<PathBuf>,
}

/// What a PostgreSQL URL says beside the address.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct PostgresqlSettings {
    pub(crate) application_name: Option<String>,
    /// `-c name=value` of `options=`, in order.
    pub(crate) parameters: Vec<(String, String)>,
}

type Read<T> = Result<T, AddressError>;

fn refused<T>(why: impl Into<String>) -> Read<T> {
    Err(AddressError(why.into()))
}

/// The address that a URL means there.
pub(super) fn address(url: Url, surroundings: &Surroundings<'_>) -> Read<Address> {
    let (backend, driver) = drivers::find(&url.drivername)?;
    let address = Address {
        backend,
        drivername: url.drivername.clone(),
        driver,
        target: Target::Memory,
        port: 0,
        user: url.username.clone(),
        password: url.password.clone().map(Secret),
        database: url.database.clone().filter(|name| !name.is_empty()),
        tls: Tls::default(),
        postgresql: PostgresqlSettings::default(),
        charset: None,
        read_only: false,
        never_creates: false,
        url,
    };
    match backend {
        Backend::Sqlite => sqlite(address, surroundings),
        Backend::Postgresql => postgresql(address, surroundings),
        Backend::Mysql => mysql(address, surroundings),
    }
}

/// `sqlalchemy.dialects.sqlite.pysqlite`.
fn sqlite(mut address: Address, surroundings: &Surroundings<'_>) -> Read<Address> {
    let url = &address.url;
    if url.username.is_some() || url.host.is_some() || url.password.is_some() || url.port.is_some()
    {
        return refused(
            "a SQLite URL has no host: three slashes and a relative path (sqlite:///app.db), or four and an \
             absolute one (sqlite:////srv/app.db)",
        );
    }
    let is_uri = url.get("uri").is_some_and(is_true);
    let given = address.database.clone().unwrap_or_else(|| ":memory:".to_owned());
    let mut path = given.clone();
    if let Some(name) = given.strip_prefix("file:").filter(|_| is_uri) {
        let local = name.strip_prefix("//localhost").or_else(|| name.strip_prefix("//"));
        let local = local.filter(|rest| rest.starts_with('/')).unwrap_or(name);
        path = percent_decode_str(local).decode_utf8_lossy().into_owned();
        match url.get("mode") {
            Some("memory") => path = ":memory:".to_owned(),
            Some("ro") => address.read_only = true,
            Some("rw") => address.never_creates = true,
            Some("rwc") | None => {}
            Some(_) => return refused("the mode of a SQLite URI is ro, rw, rwc or memory"),
        }
        if url.get("vfs").is_some() {
            return refused("a SQLite URI with a `vfs` is not understood");
        }
    }
    address.target = if path == ":memory:" || path.is_empty() {
        Target::Memory
    } else {
        Target::File(absolute(surroundings.folder, Path::new(&path)))
    };
    address.database = Some(path).filter(|path| path != ":memory:" && !path.is_empty());
    address.user = None;
    Ok(address)
}

/// Python's `os.path.abspath`: the parts are taken away without asking the disk.
fn absolute(folder: &Path, path: &Path) -> PathBuf {
    let mut whole = PathBuf::new();
    for part in folder.join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                whole.pop();
            }
            part => whole.push(part),
        }
    }
    whole
}

/// Python's `asbool`, as far as it says yes.
fn is_true(value: &str) -> bool {
    matches!(value.trim().to_ascii_lowercase().as_str(), "true" | "yes" | "on" | "y" | "t" | "1")
}

/// libpq's own parameters for psycopg and psycopg2; those of asyncpg and pg8000 where they have others.
fn postgresql(mut address: Address, surroundings: &Surroundings<'_>) -> Read<Address> {
    let url = &address.url;
    // pg8000 reads no environment but the name of the user.
    let is_plain = address.driver == "pg8000";
    let variable =
        |name: &str| (surroundings.variable)(name).filter(|value| !value.is_empty() && !is_plain);
    if url.get("service").is_some() {
        return refused("a PostgreSQL URL with a `service` is not understood");
    }
    let places: Vec<(String, Option<u16>)> = places(url)?;
    if places.len() > 1 {
        return refused("a PostgreSQL URL with several hosts is not understood");
    }
    let (mut host, mut port) = match places.into_iter().next() {
        Some((host, port)) => (Some(host).filter(|host| !host.is_empty()), port),
        None => (None, None),
    };
    if let Some(number) = url.get("hostaddr") {
        host = Some(number.to_owned());
    }
    if let Some(file) = url.get("unix_sock") {
        host = Path::new(file).parent().map(|folder| folder.display().to_string());
    }
    if let Some(given) = url.get("port") {
        port = Some(number(given)?);
    }
    let environment = || variable("PGHOSTADDR").or_else(|| variable("PGHOST"));
    let host = host.or_else(environment);
    if let Some(host) = host.as_deref().filter(|host| host.contains(',')) {
        let count = host.split(',').count();
        return refused(format!("{count} PostgreSQL hosts in one address are not understood"));
    }
    address.port = match port {
        Some(port) => port,
        None => variable("PGPORT").map(|port| number(&port)).transpose()?.unwrap_or(5432),
    };
    address.target = match host {
        Some(folder) if folder.starts_with('/') => Target::Socket(PathBuf::from(folder)),
        Some(host) if host.starts_with('@') => {
            return refused("a socket in the abstract namespace is not understood");
        }
        Some(host) => Target::Host(host),
        None if is_plain => Target::Host("localhost".to_owned()),
        None => Target::Local,
    };
    let given = |key: &str| url.get(key).map(str::to_owned);
    address.user = given("user").or(address.user).or_else(|| variable("PGUSER"));
    address.password = given("password")
        .map(Secret)
        .or(address.password)
        .or_else(|| variable("PGPASSWORD").map(Secret));
    address.database = given("dbname")
        .or_else(|| given("database"))
        .or(address.database)
        .or_else(|| variable("PGDATABASE"));
    let mode = given("sslmode").or_else(|| given("ssl")).or_else(|| variable("PGSSLMODE"));
    let file = |key: &str, name: &str| given(key).or_else(|| variable(name)).map(PathBuf::from);
    address.tls = Tls {
        mode: mode.as_deref().map(ssl_mode).transpose()?,
        root: file("sslrootcert", "PGSSLROOTCERT").filter(|path| path != Path::new("system")),
        certificate: file("sslcert", "PGSSLCERT"),
        key: file("sslkey", "PGSSLKEY"),
    };
    let options = given("options").or_else(|| variable("PGOPTIONS"));
    let mut parameters = options.as_deref().map(parameters).transpose()?.unwrap_or_default();
    if address.driver.starts_with("psycopg") {
        let zone = variable("PGTZ").map(|zone| ("TimeZone".to_owned(), zone));
        let style = variable("PGDATESTYLE").map(|style| ("DateStyle".to_owned(), style));
        parameters.extend(zone.into_iter().chain(style));
    }
    address.postgresql = PostgresqlSettings {
        application_name: given("application_name").or_else(|| variable("PGAPPNAME")),
        parameters,
    };
    Ok(address)
}

/// `_split_multihost_from_url`: the hosts and ports of the URL and of its query.
fn places(url: &Url) -> Read<Vec<(String, Option<u16>)>> {
    let hosts: Vec<&str> = url
        .query
        .iter()
        .filter(|(key, _)| key == "host")
        .map(|(_, value)| value.as_str())
        .collect();
    if hosts.is_empty() {
        return Ok(vec![(url.host.clone().unwrap_or_default(), url.port)]);
    }
    hosts
        .iter()
        .flat_map(|hosts| hosts.split(','))
        .map(|host| match host.rsplit_once(':') {
            Some((name, port)) if !host.starts_with('/') && !name.contains(':') => {
                let port = if port.is_empty() { None } else { Some(number(port)?) };
                Ok((name.to_owned(), port))
            }
            _ => Ok((host.to_owned(), url.port)),
        })
        .collect()
}

fn number(text: &str) -> Read<u16> {
    match text.trim().parse() {
        Ok(port) if port > 0 => Ok(port),
        _ => refused("the port is no number from 1 to 65535"),
    }
}

fn ssl_mode(given: &str) -> Read<&'static str> {
    Ok(match given.to_ascii_lowercase().replace('_', "-").as_str() {
        "disable" | "disabled" | "false" => "disable",
        "allow" => "allow",
        "prefer" | "preferred" => "prefer",
        "require" | "required" | "true" => "require",
        "verify-ca" => "verify-ca",
        "verify-full" | "verify-identity" => "verify-full",
        _ => {
            return refused(
                "the mode of TLS is disable, allow, prefer, require, verify-ca or verify-full",
            );
        }
    })
}

/// `-c name=value -cname=value --name=value`, blanks escaped by `\`.
fn parameters(options: &str) -> Read<Vec<(String, String)>> {
    let unreadable = || {
        AddressError(
            "`options` of a PostgreSQL URL is not understood beyond `-c name=value`".to_owned(),
        )
    };
    let mut words = vec![String::new()];
    let mut characters = options.chars();
    while let Some(c) = characters.next() {
        match (c, words.last_mut()) {
            ('\\', Some(word)) => word.extend(characters.next()),
            (c, _) if c.is_ascii_whitespace() => words.push(String::new()),
            (c, Some(word)) => word.push(c),
            (_, None) => {}
        }
    }
    let mut found = Vec::new();
    let mut words = words.into_iter().filter(|word| !word.is_empty());
    while let Some(word) = words.next() {
        let setting = if let Some(rest) = word.strip_prefix("--") {
            rest.to_owned()
        } else {
            match word.strip_prefix("-c") {
                Some("") => words.next().ok_or_else(unreadable)?,
                Some(rest) => rest.to_owned(),
                None => return Err(unreadable()),
            }
        };
        let (name, value) = setting.split_once('=').ok_or_else(unreadable)?;
        found.push((name.replace('-', "_"), value.to_owned()));
    }
    Ok(found)
}

/// The MySQL drivers: PyMySQL and its kin connect by TCP unless a socket is named; the C library takes `localhost` for
/// its socket.
fn mysql(mut address: Address, surroundings: &Surroundings<'_>) -> Read<Address> {
    let url = &address.url;
    for unreadable in ["read_default_file", "read_default_group", "default_file", "option_files"] {
        if url.get(unreadable).is_some() {
            return refused(format!(
                "a MySQL URL with `{unreadable}` is not understood: it names options elsewhere"
            ));
        }
    }
    let given = |key: &str| url.get(key).map(str::to_owned);
    let host = given("host").or_else(|| url.host.clone());
    address.port = match url.get("port") {
        Some(port) => number(port)?,
        None => url.port.unwrap_or(3306),
    };
    let by_socket = matches!(address.driver, "mysqldb" | "mariadbconnector");
    address.target = match (given("unix_socket"), host) {
        (Some(socket), _) => Target::Socket(PathBuf::from(socket)),
        (None, None) if by_socket => Target::Local,
        (None, Some(host)) if by_socket && host == "localhost" => Target::Local,
        (None, host) => Target::Host(host.unwrap_or_else(|| "localhost".to_owned())),
    };
    // Python's `getpass.getuser`.
    let names = ["LOGNAME", "USER", "LNAME", "USERNAME"].into_iter();
    let login = || names.filter_map(surroundings.variable).find(|name| !name.is_empty());
    address.user = given("user").or(address.user).or_else(login);
    let password = ["password", "passwd"].into_iter().find_map(given);
    address.password = password.map(Secret).or(address.password);
    address.database = ["database", "db"].into_iter().find_map(given).or(address.database);
    address.charset =
        given("charset").filter(|charset| charset.chars().all(|c| c.is_ascii_alphanumeric()));
    let file = |keys: &[&str]| keys.iter().find_map(|key| given(key)).map(PathBuf::from);
    let is_off = url.get("ssl_disabled").is_some_and(is_true);
    let mode = given("ssl_mode")
        .or_else(|| given("ssl").filter(|value| is_true(value)).map(|_| "require".to_owned()));
    address.tls = Tls {
        mode: if is_off { Some("disable") } else { mode.as_deref().map(ssl_mode).transpose()? },
        root: file(&["ssl_ca"]),
        certificate: file(&["ssl_cert"]),
        key: file(&["ssl_key"]),
    };
    Ok(address)
}
