//! URLs are read as SQLAlchemy reads them, and their passwords are shown nowhere.

use std::path::Path;

use revline_database::{Address, Backend, Host, Surroundings, Target};
use serde_json::Value;

use super::oracle::{ask, python};

/// URLs with everything that the grammar has; the word `hunter2` stands where a password is.
const URLS: &[&str] = &[
    "postgresql://u:hunter2@h:5433/db",
    "postgresql+asyncpg://u:hunter2%40%2F%3A@db.example.org/app?ssl=require",
    "postgresql+psycopg2://u@/db?host=/var/run/postgresql&port=5433",
    "postgresql+psycopg://u:hunter2@[::1]:5433/db",
    "postgresql+psycopg2://user%20name:hunter2%25%2B+x@h/d%2Fb?application_name=a+b&options=-c%20timezone%3Dutc",
    "postgresql:///db",
    "postgresql://",
    "postgresql://h",
    "postgresql://u@h/",
    "postgresql://u:@h/db",
    "postgresql://a@b@h/db",
    "postgresql+pg8000://u:hunter2@h/db?unix_sock=/run/x/.s.PGSQL.5432",
    "postgresql://h/db?sslmode=verify-full&sslrootcert=/a/b.pem&target=&x",
    "mysql+pymysql://u:hunter2@h/db?charset=utf8mb4&unix_socket=/run/m.sock",
    "mysql://u:hunter2#?@h:3307/db",
    "mariadb+mysqldb://h/db",
    "mysql+aiomysql://root:hunter2&!@127.0.0.1/x?a=1&a=2",
    "sqlite://",
    "sqlite:///:memory:",
    "sqlite:///./app.db",
    "sqlite:///app.db?check_same_thread=False",
    "sqlite:////srv/app%20x.db",
    "sqlite+aiosqlite:///dir/../app.db",
    "sqlite:///file:app.db?mode=ro&uri=true",
];

fn parts(address: &Address) -> Value {
    let url = address.parts();
    serde_json::json!({
        "drivername": address.drivername(),
        "username": url.username,
        "host": url.host,
        "port": url.port,
        "database": url.database,
        "shown": address.to_string(),
    })
}

#[test]
fn a_url_has_the_parts_that_sqlalchemy_finds() {
    let Some(python) = python() else { return };
    let lines = ask(&python, &["urls"], &(URLS.join("\n") + "\n"));
    let mut differing = Vec::new();
    for (url, line) in URLS.iter().zip(lines.lines()) {
        let mut theirs: Value = serde_json::from_str(line).unwrap();
        let address = address(url);
        let query = theirs["query"].take();
        for key in ["password", "query"] {
            theirs.as_object_mut().unwrap().remove(key);
        }
        let ours = parts(&address);
        if ours != theirs {
            differing.push(format!("{url}: {ours} is {theirs}"));
        }
        let ours: Value =
            address.parts().query.iter().map(|(k, v)| vec![k.clone(), v.clone()]).collect();
        if ours != query {
            differing.push(format!("{url}: {ours} is {query}"));
        }
        assert!(!address.to_string().contains("hunter2"), "{address}");
        assert!(!format!("{address:?}").contains("hunter2"), "{address:?}");
    }
    assert_eq!(differing, Vec::<String>::new());
    assert_eq!(lines.lines().count(), URLS.len());
}

fn address(url: &str) -> Address {
    let environment = |name: &str| match name {
        "PGPORT" => Some("6000".to_owned()),
        "PGUSER" => Some("grace".to_owned()),
        "USER" => Some("ada".to_owned()),
        _ => None,
    };
    let surroundings = Surroundings { folder: Path::new("/project"), variable: &environment };
    Address::parse(url, &surroundings).unwrap_or_else(|why| panic!("{url}: {why}"))
}

#[test]
fn a_driver_leads_to_a_place() {
    let is = |url: &str, backend: Backend, target: Target, port: u16| {
        let address = address(url);
        assert_eq!(
            (address.backend(), address.target(), address.port()),
            (backend, &target, port),
            "{url}"
        );
    };
    let (sqlite, postgresql, mysql) = (Backend::Sqlite, Backend::Postgresql, Backend::Mysql);
    let file = |path: &str| Target::File(path.into());
    let host = |name: &str| Target::Host(name.to_owned());
    is("sqlite:///./app.db", sqlite, file("/project/app.db"), 0);
    is("sqlite+aiosqlite:///a/../b.db", sqlite, file("/project/b.db"), 0);
    is("sqlite:////srv/app.db", sqlite, file("/srv/app.db"), 0);
    is("sqlite:///file:x%20y.db?uri=true", sqlite, file("/project/x y.db"), 0);
    is("sqlite:///file:m?mode=memory&uri=true", sqlite, Target::Memory, 0);
    is("sqlite://", sqlite, Target::Memory, 0);
    is("postgres://u:p@h/db", postgresql, host("h"), 6000);
    is("postgresql:///db", postgresql, Target::Local, 6000);
    is(
        "postgresql+asyncpg://u@/db?host=/run/pg",
        postgresql,
        Target::Socket("/run/pg".into()),
        6000,
    );
    is("postgresql://x/db?host=h2:77", postgresql, host("h2"), 77);
    is("postgresql+pg8000:///db", postgresql, host("localhost"), 5432);
    is("mysql+pymysql:///db", mysql, host("localhost"), 3306);
    is("mysql+mysqldb://localhost/db", mysql, Target::Local, 3306);
    is(
        "mariadb+pymysql:///db?unix_socket=/run/m.sock",
        mysql,
        Target::Socket("/run/m.sock".into()),
        3306,
    );
    assert_eq!(address("postgresql://db/x").host(), Host::OneWord("db"));
    assert_eq!(address("postgresql://db/x").user(), Some("grace"));
    assert_eq!(address("mysql+pymysql://db/x").user(), Some("ada"));
    assert_eq!(address("postgresql://h.example/x").host(), Host::Remote("h.example"));
    assert!(address("mysql://127.0.0.1/x").is_loopback());
}

#[test]
fn what_is_not_understood_is_refused_without_its_password() {
    let none = |_: &str| None;
    let surroundings = Surroundings { folder: Path::new("/"), variable: &none };
    let refused = [
        "oracle://u:hunter2@h/db",
        "postgresql+unheard://u:hunter2@h/db",
        "postgresql://u:pw@hunter2:x@h/db",
        "postgresql://u:hunter2@a,b/db",
        "sqlite://u:hunter2@h/db",
        "sqlite://./app.db",
        "mysql://u:hunter2@h/db?read_default_file=/etc/my.cnf",
        "postgresql://u:hunter2@h/db?service=x",
        "postgresql://u:hunter2@h/db?sslmode=maybe",
        "postgresql://u:hunter2@h:/db",
        "hunter2",
        "",
    ];
    for url in refused {
        let why =
            Address::parse(url, &surroundings).map(|address| address.to_string()).unwrap_err();
        assert!(!why.to_string().contains("hunter2"), "{why}");
        assert!(why.to_string().len() > 20, "{why}");
    }
    let why = Address::parse("oracle://h/db", &surroundings).unwrap_err().to_string();
    assert!(why.contains("postgresql+(psycopg|psycopg2|"), "{why}");
}
