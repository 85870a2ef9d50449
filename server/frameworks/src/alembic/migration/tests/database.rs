//! What a function does on a database whose schema is known.

use std::fmt::Write as _;
use std::sync::Arc;

use expect_test::{Expect, expect};
use revline_python::Source;
use revline_schema::{Constraint, Opaque, Schema};
use revline_sql::{Mode, Settings, dialect, render_from};
use revline_text::FileId;

use super::super::{Direction, Migration, Module, Target, World, evaluate, follow};

struct On(Schema);

impl World for On {
    fn module(&self, _: &str) -> Option<Module> {
        None
    }

    fn schema(&self) -> Option<&Schema> {
        Some(&self.0)
    }
}

const HEAD: &str = "from alembic import op\nimport sqlalchemy as sa\n";

fn evaluated(text: &str, dialect: &str, before: Schema) -> Migration {
    let source = Arc::new(Source::parse(FileId(0), format!("{HEAD}{text}").into()));
    let target = Target::executed(dialect, Direction::Upgrade);
    evaluate(&source, &target, &On(before))
}

/// The schema that a text leaves on an empty database.
fn made(text: &str, dialect: &str) -> Schema {
    let migration = evaluated(text, dialect, Schema::empty(None));
    assert!(migration.is_followed(), "{:?}", migration.unknowns);
    follow(&Schema::empty(None), &migration.steps, dialect)
}

/// The statements of `upgrade` after those of `before`, the facts that they rest on, what is not known,
/// and what is in doubt afterwards.
pub(super) fn told(before: &str, upgrade: &str, name: &str, doubtful: bool) -> String {
    let mut schema = made(before, name);
    if doubtful {
        schema = schema.doubted(Opaque::new("something happened"));
    }
    let migration = evaluated(upgrade, name, schema.clone());
    let known = dialect(name).expect("a dialect that is printed");
    let mut memory = Default::default();
    let settings = Settings::default();
    let rendered =
        render_from(&schema, &mut memory, &migration.steps, known, Mode::Execute, &settings);
    let mut out = String::new();
    for statement in &rendered.statements {
        let _ = writeln!(out, "{}", statement.text.trim());
    }
    for fact in &migration.reads {
        let _ = writeln!(out, "fact: {}", fact.fact);
    }
    for unknown in rendered.unknowns.iter().map(|one| &one.why) {
        let _ = writeln!(out, "unknown: {unknown}");
    }
    for unknown in &migration.unknowns {
        let _ = writeln!(out, "not told: {}", unknown.why);
    }
    let after = follow(&schema, &migration.steps, name);
    if let Some(doubt) = &after.doubt {
        let _ = writeln!(out, "doubt: {}", doubt.why);
    }
    for (key, table) in after.tables.iter() {
        if let Some(doubt) = &table.doubt {
            let _ = writeln!(out, "doubt about {}: {}", key.name, doubt.why);
        }
    }
    out
}

pub(super) fn check(before: &str, upgrade: &str, expected: Expect) {
    expected.assert_eq(&told(before, upgrade, "postgresql", false));
}

pub(super) const USERS: &str = r#"
def upgrade():
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(50)),
        sa.Column("seen", sa.DateTime(timezone=True)),
        sa.Column("score", sa.Float()),
    )
"#;

#[test]
fn the_types_of_columns_are_those_that_are_reflected() {
    check(
        USERS,
        r#"
from sqlalchemy.dialects import postgresql
def upgrade():
    columns = {c["name"]: c["type"] for c in sa.inspect(op.get_bind()).get_columns("users")}
    if isinstance(columns["name"], sa.VARCHAR) and columns["name"].length == 50:
        op.execute("SELECT 'a string'")
    if isinstance(columns["seen"], (postgresql.TIMESTAMP, sa.Text)) and columns["seen"].timezone:
        op.execute("SELECT 'a time'")
    if isinstance(columns["score"], sa.Integer) or isinstance(columns["id"], sa.String):
        op.execute("SELECT 'never'")
    op.execute(f"SELECT '{columns['name']} {columns['score']} {type(columns['id']).__name__}'")
    op.alter_column("users", "name", existing_type=columns["name"], nullable=False)
"#,
        expect![[r#"
            SELECT 'a string'
            SELECT 'a time'
            SELECT 'VARCHAR(50) DOUBLE PRECISION INTEGER'
            ALTER TABLE users ALTER COLUMN name SET NOT NULL
            fact: table users has the columns id, name, seen, score
        "#]],
    );
}

#[test]
fn the_tables_of_a_doubtful_schema_can_be_asked_for_one_name() {
    let upgrade = r#"
def upgrade():
    tables = set(sa.inspect(op.get_bind()).get_table_names())
    if "made" not in tables:
        op.create_table("made", sa.Column("id", sa.Integer()))
"#;
    expect![[r#"
        CREATE TABLE made (
        	id INTEGER
        )
        fact: the tables are alembic_version, users
    "#]]
    .assert_eq(&told(USERS, upgrade, "postgresql", false));
    expect![[r#"
        -- not known: whether create_table runs: condition is not known: whether table made exists is not known: something happened
        unknown: whether create_table runs: condition is not known: whether table made exists is not known: something happened
        doubt: something happened
        doubt about made: condition is not known: whether table made exists is not known: something happened
    "#]].assert_eq(&told(USERS, upgrade, "postgresql", true));
}

#[test]
fn a_reflected_metadata_has_the_tables_of_the_history() {
    check(
        USERS,
        r#"
def upgrade():
    meta = sa.MetaData()
    meta.reflect(bind=op.get_bind(), only=("users",))
    users = sa.Table("users", meta)
    if "absent" not in meta.tables:
        op.execute(sa.update(users).where(users.c.name == "x").values(score=1.5))
    op.execute(meta.tables["users"].delete().where(users.c.id == 3))
"#,
        expect![[r#"
            UPDATE users SET score=1.5 WHERE users.name = 'x'
            DELETE FROM users WHERE users.id = 3
            fact: table users is as the history left it
            fact: table users is as the history left it
        "#]],
    );
}

#[test]
fn what_a_metadata_that_was_not_seen_holds_is_not_known() {
    check(
        "",
        r#"
def upgrade():
    meta = sa.MetaData()
    meta.reflect(bind=op.get_bind(), only=["users"] + names())
    users = sa.Table("users", meta)
    op.execute(users.update().values(score=1))
    copy = sa.MetaData()
    sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer())).to_metadata(copy)
    op.execute(sa.Table("t", copy).update().values(a=1))
    given = sa.MetaData()
    fill(given)
    op.execute(sa.Table("t", given).update().values(a=1))
"#,
        expect![[r#"
            -- not known: `names` is not defined
            -- not known: `reflect` asks a live database
            -- not known: `reflect` asks a live database
            -- not known: which tables were copied to the metadata
            -- not known: `fill` is not defined
            -- not known: `fill` is not defined
            unknown: `names` is not defined
            unknown: `reflect` asks a live database
            unknown: `reflect` asks a live database
            unknown: which tables were copied to the metadata
            unknown: `fill` is not defined
            unknown: `fill` is not defined
            doubt: `names` is not defined
        "#]],
    );
}

#[test]
fn a_table_is_made_by_itself_unless_it_is_there() {
    check(
        USERS,
        r#"
def upgrade():
    bind, meta = op.get_bind(), sa.MetaData()
    sa.Table("users", meta, sa.Column("id", sa.Integer())).create(bind, checkfirst=True)
    sa.Table("new", meta, sa.Column("id", sa.Integer(), primary_key=True)).create(bind, checkfirst=True)
    sa.Table("users", sa.MetaData(), sa.Column("id", sa.Integer())).drop(bind)
"#,
        expect![[r#"
            CREATE TABLE "new" (
            	id SERIAL NOT NULL, 
            	PRIMARY KEY (id)
            )
            DROP TABLE users
            fact: table users exists
            fact: table new is absent
        "#]],
    );
}

#[test]
fn what_was_not_found_is_taken_to_leave_the_database_alone_only_where_nothing_speaks_of_it() {
    check(
        USERS,
        r#"
import oslo_utils.uuidutils as uuids
from lfx.log import logger
import vendor
def upgrade():
    logger.info("adding %s", uuids.generate())
    op.add_column("users", sa.Column("a", sa.Integer()))
"#,
        expect![[r#"
            ALTER TABLE users ADD COLUMN a INTEGER
            fact: the package oslo_utils leaves the database alone here
            fact: the package lfx leaves the database alone here
        "#]],
    );
    check(
        USERS,
        r#"
import vendor
def upgrade():
    vendor.help_out(op.get_bind())
    op.add_column("users", sa.Column("a", sa.Integer()))
"#,
        expect![[r#"
            -- not known: the module `vendor` was not found in the workspace
            ALTER TABLE users ADD COLUMN a INTEGER
            unknown: the module `vendor` was not found in the workspace
            doubt: the module `vendor` was not found in the workspace
        "#]],
    );
    check(
        USERS,
        r#"
from vendor.db import prepare
def upgrade():
    prepare("x")
"#,
        expect![[r#"
            -- not known: the module `vendor.db` was not found in the workspace
            unknown: the module `vendor.db` was not found in the workspace
            doubt: the module `vendor.db` was not found in the workspace
        "#]],
    );
}

#[test]
fn a_session_of_an_extension_reads_and_writes_rows() {
    check(
        USERS,
        r#"
from vendor.sqla import make
db = make()()
def upgrade():
    session = db.Session(bind=op.get_bind())
    for user in session.query("users").all():
        user.name = "x"
        session.commit()
    op.add_column("users", sa.Column("a", sa.Integer()))
"#,
        expect![[r#"
            -- not known: an ORM session reads and writes rows
            ALTER TABLE users ADD COLUMN a INTEGER
            fact: `Session` is a session of the ORM
            unknown: an ORM session reads and writes rows
        "#]],
    );
}

#[test]
fn a_statement_that_begins_like_one_about_rows_leaves_the_schema_alone() {
    check(
        USERS,
        r#"
import uuid
def upgrade():
    op.execute(f"INSERT INTO users (name) VALUES ('{uuid.uuid4()}')")
    op.get_bind().execute(sa.text("UPDATE users SET name = '%s'" % uuid.uuid4()))
    op.bulk_insert(sa.table("users", sa.column("name")), [{"name": str(uuid.uuid4())}])
"#,
        expect![[r#"
            -- not known: a new UUID at each run
            -- not known: a new UUID at each run
            -- not known: a new UUID at each run
            unknown: a new UUID at each run
            unknown: a new UUID at each run
            unknown: a new UUID at each run
        "#]],
    );
    check(
        USERS,
        r#"
import uuid
def upgrade():
    op.execute(f"ALTER TABLE users RENAME TO users_{uuid.uuid4()}")
"#,
        expect![[r#"
            -- not known: a new UUID at each run
            unknown: a new UUID at each run
            doubt: a new UUID at each run
        "#]],
    );
}

#[test]
fn a_directive_that_is_not_understood_concerns_its_table() {
    check(
        USERS,
        r#"
import uuid
def upgrade():
    op.create_table("other", sa.Column("id", sa.Integer()))
    op.drop_column("users", uuid.uuid4().hex)
"#,
        expect![[r#"
            CREATE TABLE other (
            	id INTEGER
            )
            -- not known: a new UUID at each run
            unknown: a new UUID at each run
            doubt about users: a new UUID at each run
        "#]],
    );
}

#[test]
fn a_base_class_is_given_what_super_hands_on() {
    check(
        USERS,
        r#"
class Name(sa.TypeDecorator):
    impl = sa.String
    def __init__(self, *args, **kwargs):
        super().__init__(*args, length=7, **kwargs)
class Wide(Name):
    def __init__(self):
        super().__init__()
        self.impl = sa.Text()
def upgrade():
    op.add_column("users", sa.Column("a", Name()))
    op.add_column("users", sa.Column("b", Wide()))
"#,
        expect![[r#"
            ALTER TABLE users ADD COLUMN a VARCHAR(7)
            ALTER TABLE users ADD COLUMN b TEXT
        "#]],
    );
}

#[test]
fn globals_are_looked_up_by_name() {
    check(
        USERS,
        r#"
def upgrade_a():
    op.execute("SELECT 'a'")
def upgrade():
    for name in ("a", "b"):
        if f"upgrade_{name}" in globals():
            globals()[f"upgrade_{name}"]()
    globals().get("upgrade_c", upgrade_a)()
"#,
        expect![[r#"
            SELECT 'a'
            SELECT 'a'
        "#]],
    );
}

#[test]
fn a_mutable_type_prints_as_what_it_wraps() {
    check(
        USERS,
        r#"
from sqlalchemy.ext import mutable
class Many(mutable.Mutable, list):
    pass
def upgrade():
    op.add_column("users", sa.Column("a", mutable.MutableDict.as_mutable(sa.JSON())))
    op.add_column("users", sa.Column("b", Many.as_mutable(sa.Text())))
"#,
        expect![[r#"
            ALTER TABLE users ADD COLUMN a JSON
            ALTER TABLE users ADD COLUMN b TEXT
        "#]],
    );
}

#[test]
fn helpers_look_at_the_columns_that_they_are_given() {
    check(
        USERS,
        r#"
def add_columns(table, *columns):
    there = [c["name"] for c in sa.inspect(op.get_bind()).get_columns(table)]
    for column in columns:
        if column.name not in there:
            op.add_column(table, column)
def upgrade():
    add_columns("users", sa.Column("name", sa.String(50)), sa.Column("age", sa.Integer()))
"#,
        expect![[r#"
            ALTER TABLE users ADD COLUMN age INTEGER
            fact: table users has the columns id, name, seen, score
        "#]],
    );
}

#[test]
fn alembics_own_table_is_as_alembic_makes_it() {
    check(
        USERS,
        r#"
def upgrade():
    if not sa.inspect(op.get_bind()).get_pk_constraint("alembic_version")["constrained_columns"]:
        op.create_primary_key("pk", "alembic_version", ["version_num"])
"#,
        expect![[r#"
            fact: table alembic_version has the primary key version_num
        "#]],
    );
}

#[test]
fn a_function_that_calls_itself_on_what_is_not_known_does_what_it_did() {
    check(
        USERS,
        r#"
def walk(data):
    for key, value in data.items():
        walk(value)
def upgrade():
    for row in op.get_bind().execute(sa.text("SELECT name FROM users")):
        walk(row)
    op.add_column("users", sa.Column("a", sa.Integer()))
"#,
        expect![[r#"
            SELECT name FROM users
            ALTER TABLE users ADD COLUMN a INTEGER
        "#]],
    );
}

#[test]
fn postgresql_makes_one_key_of_those_that_say_the_same() {
    let schema = made(
        r#"
def upgrade():
    op.create_table(
        "pairs",
        sa.Column("id", sa.Integer(), primary_key=True, unique=True),
        sa.Column("a", sa.Integer()),
        sa.Column("b", sa.Integer()),
        sa.UniqueConstraint("a", "b"),
        sa.UniqueConstraint("a", "b", name="given"),
        sa.UniqueConstraint("b", "a", name="turned"),
        sa.UniqueConstraint("a", "b", name="late", deferrable=True),
    )
    op.create_table("named", sa.Column("id", sa.Integer(), primary_key=True), sa.UniqueConstraint("id", name="uq"))
    op.create_unique_constraint("uq_too", "named", ["id"])
    op.execute("CREATE TABLE raw (id integer PRIMARY KEY UNIQUE, UNIQUE (id))")
"#,
        "postgresql",
    );
    let keys = |table: &str| -> Vec<String> {
        let table = schema.tables.get(&table.into()).expect("a table that was made");
        let told = |c: &Arc<Constraint>| {
            format!("{:?} {}", c.kind(), c.name().map_or("-", |name| name.as_str()))
        };
        table.constraints.iter().map(told).collect()
    };
    assert_eq!(
        [keys("pairs"), keys("named"), keys("raw")],
        [
            vec!["Unique given", "Unique turned", "Unique late", "PrimaryKey pairs_pkey"],
            vec!["PrimaryKey uq", "Unique uq_too"],
            vec!["PrimaryKey raw_pkey"],
        ]
    );
}

#[test]
fn an_asynchronous_function_runs_on_the_connection() {
    check(
        USERS,
        r#"
async def rename(connection, to):
    if await connection.run_sync(lambda c: sa.inspect(c).has_table("users")):
        await connection.execute(sa.text(f"ALTER TABLE users RENAME TO {to}"))
def upgrade():
    op.run_async(rename, "people")
    if sa.inspect(op.get_bind()).has_table("people"):
        op.execute("SELECT 1")
"#,
        expect![[r#"
            ALTER TABLE users RENAME TO people
            SELECT 1
            fact: the driver is asynchronous
            fact: table users exists
            fact: table people exists
        "#]],
    );
}

#[test]
fn an_inspector_of_sqlite_tells_the_first_of_keys_that_say_the_same() {
    let before = r#"
def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table(
        "posts",
        sa.Column("user", sa.Integer()),
        sa.Column("slug", sa.Integer()),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name="first"),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name="second", ondelete="CASCADE"),
        sa.UniqueConstraint("slug", name="one"),
        sa.UniqueConstraint("slug", name="two"),
    )
"#;
    let upgrade = r#"
def upgrade():
    inspector = sa.inspect(op.get_bind())
    for key in inspector.get_foreign_keys("posts") + inspector.get_unique_constraints("posts"):
        op.execute(f"SELECT '{key['name']}'")
"#;
    expect![[r#"
        SELECT 'first'
        SELECT 'one'
        fact: table posts has the foreign keys first
        fact: table posts has the unique constraints one
    "#]]
    .assert_eq(&told(before, upgrade, "sqlite", false));
}

#[test]
fn schemas_are_made_by_their_constructs() {
    check(
        USERS,
        r#"
from sqlalchemy.schema import CreateSchema, DropSchema
def upgrade():
    op.execute(CreateSchema("editing", if_not_exists=True))
    op.create_table("files", sa.Column("id", sa.Integer()), schema="editing")
    op.execute(DropSchema("legacy", cascade=True))
    op.execute(CreateSchema("order"))
"#,
        expect![[r#"
            CREATE SCHEMA IF NOT EXISTS editing
            CREATE TABLE editing.files (
            	id INTEGER
            )
            DROP SCHEMA legacy CASCADE
            -- not known: the name of the schema is not understood
            unknown: the name of the schema is not understood
            doubt: the name of the schema is not understood
        "#]],
    );
}
