//! The live schema equals SQLAlchemy's inspector on the same database.

use revline_database::Access;

use revline_tests::judge::live::{differences, shown, sorted};

use super::oracle::{json, python};
use super::places::{Place, address, block, mariadb, postgresql, session, sqlite};

/// Makes the tables by the Python driver, and lays both answers side by side.
fn check(place: Option<Place>, statements: &str, schema: Option<&str>) {
    let (Some(python), Some(place)) = (python(), place) else { return };
    let url = place.url();
    super::oracle::ask(&python, &["execute", &url], statements);
    for schema in [None, schema] {
        let mut arguments = vec!["inspect", url.as_str()];
        arguments.extend(schema);
        let theirs = json(&python, &arguments, "");
        let ours = block(async {
            let mut session = session(&address(&url), Access::Observe).await;
            session.tables(schema).await.unwrap()
        });
        assert!(!ours.is_empty(), "there are tables");
        assert_eq!(differences(&sorted(&shown(&ours)), &sorted(&theirs)), Vec::<String>::new());
    }
}

#[test]
fn sqlite_tables_are_what_the_inspector_tells() {
    check(sqlite(), SQLITE, Some("main"));
}

#[test]
fn postgresql_tables_are_what_the_inspector_tells() {
    check(postgresql(), POSTGRESQL, Some("other"));
}

#[test]
fn mariadb_tables_are_what_the_inspector_tells() {
    check(mariadb(), MARIADB, Some("app"));
}

#[test]
fn a_live_schema_is_made_again_as_sqlalchemy_makes_it() {
    let (Some(python), Some(place)) = (python(), sqlite()) else { return };
    let url = place.url();
    super::oracle::ask(&python, &["execute", &url], SQLITE);
    let theirs = json(&python, &["creations", &url], "");
    let ours =
        block(async { session(&address(&url), Access::Observe).await.schema().await.unwrap() });
    let dialect = revline_sql::dialect("sqlite").unwrap();
    let mut differing = Vec::new();
    for (name, theirs) in theirs.as_object().unwrap() {
        let table = name.as_str().into();
        let made =
            revline_sql::reflection(&ours, &table, dialect, &revline_sql::Settings::default());
        // SQLAlchemy itself cannot make a column again whose type it does not know.
        if theirs.is_string() != made.is_err() {
            differing.push(format!("{name}: not known"));
        }
        let Ok(made) = made else { continue };
        let made: Vec<&str> = made.iter().map(|text| text.trim()).collect();
        if serde_json::json!(made) != *theirs {
            differing.push(format!("{name}: {made:?} is {theirs}"));
        }
    }
    // What the engine refuses to know: names that SQLAlchemy's expressions would misread elsewhere.
    expect_refused(&differing, &["Odd Name"]);
}

/// These tables and no other are not known; nothing is known wrongly.
fn expect_refused(differing: &[String], names: &[&str]) {
    let refused: Vec<String> = names.iter().map(|name| format!("{name}: not known")).collect();
    assert_eq!(differing, refused);
}

const SQLITE: &str = r#"
CREATE TABLE plain (a INTEGER PRIMARY KEY AUTOINCREMENT, b VARCHAR(50) NOT NULL DEFAULT 'x''y', c NUMERIC(10, 2),
    d DATETIME DEFAULT (CURRENT_TIMESTAMP), e UNKNOWNTYPE, g FLOAT(8), h DOUBLE PRECISION, i DECIMAL(5),
    j VARCHAR(007), k JSON, l BLOB(3), m NVARCHAR(4) DEFAULT NULL, n VARBINARY(3), o TIMESTAMP DEFAULT CURRENT_TIMESTAMP)
--
CREATE TABLE untyped (a, b BLOB)
--
CREATE TABLE "Odd Name" ("a b" INT, "c""d" TEXT, PRIMARY KEY ("a b"))
--
CREATE TABLE keys (
	x INTEGER NOT NULL, 
	y INTEGER, 
	z INTEGER, 
	w VARCHAR(3) UNIQUE,
	CONSTRAINT pk_keys PRIMARY KEY (y, x), 
	CONSTRAINT uq_keys_z UNIQUE (z), 
	UNIQUE (z, y),
	CONSTRAINT ck_keys CHECK (x > 0 AND y IN (1, 2)), 
	CHECK (z <> ')'), 
	CONSTRAINT "fk one" FOREIGN KEY(x) REFERENCES plain (a) ON DELETE SET NULL ON UPDATE CASCADE, 
	FOREIGN KEY(y) REFERENCES plain (a) ON DELETE NO ACTION DEFERRABLE INITIALLY DEFERRED,
	FOREIGN KEY(z) REFERENCES "Odd Name"
)
--
CREATE TABLE inline (a INTEGER REFERENCES plain, b INTEGER CONSTRAINT named REFERENCES plain (a) ON DELETE CASCADE,
    c INTEGER CHECK (c > 1), tableCHECK INTEGER)
--
CREATE TABLE without (a TEXT PRIMARY KEY, b INTEGER) WITHOUT ROWID
--
CREATE TABLE exact (a TEXT, b INT) STRICT
--
CREATE TABLE computed (a INTEGER, b INTEGER GENERATED ALWAYS AS (a + 1) STORED, c TEXT GENERATED ALWAYS AS (a || 'x') VIRTUAL)
--
CREATE INDEX ix_plain_b ON plain (b, c)
--
CREATE UNIQUE INDEX ix_partial ON plain (c) WHERE b <> 'a' AND c > 1
--
CREATE INDEX ix_expression ON plain (lower(b))
--
CREATE TABLE dropped (a INTEGER)
--
ALTER TABLE dropped ADD COLUMN b VARCHAR(3) DEFAULT 'q' NOT NULL
--
CREATE VIEW seen AS SELECT a FROM plain
"#;

const POSTGRESQL: &str = r#"
CREATE SCHEMA other
--
CREATE TYPE mood AS ENUM ('sad', 'it''s', 'Happy')
--
CREATE TYPE other."Far" AS ENUM ('a')
--
CREATE DOMAIN positive AS integer DEFAULT 7 NOT NULL CHECK (VALUE > 0)
--
CREATE TABLE plain (a serial PRIMARY KEY, b varchar(50) NOT NULL DEFAULT 'x''y', c numeric(10, 2), d numeric, e numeric(5),
    f timestamp, g timestamptz(3), h time(2), i timetz, j interval, k interval day to second(3), l bit(3), m bit varying(5),
    n text COLLATE "C", o varchar(3)[], p mood DEFAULT 'sad', q other."Far", r positive, s mood[], t uuid, u jsonb, v json,
    w inet, x macaddr, y money, z bytea, aa boolean DEFAULT false, ab double precision, ac real, ad int4range, ae tsvector,
    af "char", ag name, ah char(4), ai char, aj point, ak smallint, al bigint DEFAULT 5, am date DEFAULT CURRENT_DATE,
    an text[] COLLATE "C", ao oid, ap xml)
--
COMMENT ON TABLE plain IS 'what it''s for'
--
COMMENT ON COLUMN plain.b IS 'a b'
--
CREATE TABLE other.plain (a integer GENERATED ALWAYS AS IDENTITY (START 5 INCREMENT 2), b bigint GENERATED BY DEFAULT AS IDENTITY,
    c integer GENERATED ALWAYS AS (1 + 2) STORED, d serial, PRIMARY KEY (a, b))
--
CREATE TABLE "Odd ""Name" ("a b" int, "c""d" text, "select" int UNIQUE, PRIMARY KEY ("c""d", "a b"))
--
CREATE TABLE keys (x int, y int, z int CONSTRAINT ck_z CHECK (z > 0) NO INHERIT, w text, v text,
    CONSTRAINT uq_keys UNIQUE (x, y), CONSTRAINT uq_nulls UNIQUE NULLS NOT DISTINCT (z), UNIQUE (w) INCLUDE (v),
    CONSTRAINT fk_one FOREIGN KEY (x) REFERENCES plain (a) ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (w, y) REFERENCES "Odd ""Name" ("c""d", "a b") MATCH FULL,
    FOREIGN KEY (x, y) REFERENCES other.plain (a, b) ON DELETE RESTRICT,
    CHECK (x > 0 AND (y < 5 OR y > 7)))
--
ALTER TABLE keys ADD CONSTRAINT late CHECK (y <> 3) NOT VALID
--
COMMENT ON CONSTRAINT uq_keys ON keys IS 'both'
--
CREATE INDEX ix_many ON plain (b DESC, c NULLS FIRST, lower(n)) WHERE c > 1
--
CREATE INDEX ix_ops ON plain USING btree (b varchar_pattern_ops) INCLUDE (c) WITH (fillfactor = 70)
--
CREATE INDEX ix_gin ON plain USING gin (u jsonb_path_ops)
--
CREATE UNIQUE INDEX ix_unique ON plain (c) NULLS NOT DISTINCT
--
CREATE TABLE parts (a int, b text) PARTITION BY RANGE (a)
--
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10)
--
CREATE TABLE child (c int) INHERITS (keys) WITH (fillfactor = 50)
--
CREATE TABLE nothing ()
--
CREATE TABLE excluded (during tsrange, EXCLUDE USING gist (during WITH &&))
--
CREATE UNLOGGED TABLE unlogged (a int REFERENCES plain)
--
CREATE VIEW seen AS SELECT a FROM plain
"#;

const MARIADB: &str = r#"
CREATE TABLE plain (a INT PRIMARY KEY AUTO_INCREMENT, b VARCHAR(50) NOT NULL DEFAULT 'x''y' COMMENT 'it''s a\nb', c DECIMAL(10, 2),
    d DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), e TIMESTAMP NULL, f TINYINT(1) DEFAULT 1,
    g BIGINT UNSIGNED ZEROFILL, h ENUM('a','it''s','x\\y') DEFAULT 'a', i SET('p','q'), j TEXT, k LONGTEXT CHARACTER SET latin1,
    l VARCHAR(9) COLLATE utf8mb4_bin, m JSON, n DOUBLE, o FLOAT, p DOUBLE(8, 3), q BIT(4) DEFAULT b'1', r YEAR, s BLOB, t BINARY(3),
    u VARBINARY(7), v UUID, w CHAR(3), x DATE DEFAULT '2020-01-01', y TIME, z INT DEFAULT (1 + 2), aa POINT, ab INET6,
    ac MEDIUMINT, ad SMALLINT UNSIGNED NOT NULL, ae NUMERIC, af INT DEFAULT -5, ag TIMESTAMP DEFAULT '2020-01-01 00:00:00')
    COMMENT='what it''s for' ROW_FORMAT=DYNAMIC
--
CREATE TABLE `Odd ``Name` (`a b` INT, `c``d` VARCHAR(20), PRIMARY KEY (`c``d`, `a b`))
--
CREATE TABLE parents (a INT, b INT, PRIMARY KEY (a, b)) ENGINE=InnoDB
--
CREATE TABLE named (x INT, y INT, z INT CHECK (z > 0), w VARCHAR(30), t TEXT,
    CONSTRAINT uq_named UNIQUE (x, y), UNIQUE KEY (z), KEY ix_length (w(5), t(7)), KEY ix_desc (x DESC), FULLTEXT KEY ft (t),
    CONSTRAINT fk_one FOREIGN KEY (y) REFERENCES plain (a) ON DELETE SET NULL ON UPDATE SET NULL,
    CONSTRAINT fk_two FOREIGN KEY (x, y) REFERENCES parents (a, b) ON DELETE RESTRICT,
    FOREIGN KEY (z) REFERENCES plain (a) ON DELETE NO ACTION,
    CONSTRAINT ck_named CHECK (w <> 'a' AND t <> ')'))
--
CREATE TABLE computed (a INT, b INT AS (a + 1) STORED, c INT GENERATED ALWAYS AS (a * 2) VIRTUAL)
--
CREATE TABLE myisam (a INT, KEY (a)) ENGINE=MyISAM CHARSET=latin1 CHECKSUM=1
--
CREATE VIEW seen AS SELECT a FROM plain
"#;
