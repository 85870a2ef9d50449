//! Guards as people write them, on a database that followed the history.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use expect_test::{Expect, expect};
use revline_vfs::MemoryDisk;

use crate::{Depth, Direction, Files, Index, Inputs, Snapshot};

/// A project of these revision files, each the child of the one before.
fn project(bodies: &[&str]) -> Snapshot {
    let mut files = vec![
        ("/p/alembic.ini".to_owned(), "[alembic]\nscript_location = %(here)s/m\n".to_owned()),
        ("/p/m/env.py".to_owned(), String::new()),
        ("/p/guards.py".to_owned(), GUARDS.to_owned()),
    ];
    for (at, body) in bodies.iter().enumerate() {
        let down = if at == 0 { "None".to_owned() } else { format!("'r{at}'") };
        let text = format!(
            "from alembic import op\nimport sqlalchemy as sa\nrevision = 'r{}'\ndown_revision = {down}\n{body}\n",
            at + 1
        );
        files.push((format!("/p/m/versions/{:03}_r.py", at + 1), text));
    }
    let files = Files::new(Arc::new(MemoryDisk::new(files)));
    let index = Index::build(&files, &["/p".into()], None, Depth::Graph);
    let mut inputs = Inputs::new(files);
    inputs.set_index(index);
    inputs.snapshot()
}

/// Helpers that projects keep beside their migrations.
const GUARDS: &str = r#"
from alembic import op
import sqlalchemy as sa
from sqlalchemy.engine.reflection import Inspector

def has_table(name):
    return name in Inspector.from_engine(op.get_bind()).get_table_names()

def table_has_column(table, column):
    insp = sa.inspect(op.get_context().bind)
    try:
        return any(col["name"] == column for col in insp.get_columns(table))
    except sa.exc.NoSuchTableError:
        return False

def generic_find_fk_constraint_name(table, columns, referenced, insp):
    for fk in insp.get_foreign_keys(table):
        if fk["referred_table"] == referenced and set(fk["referred_columns"]) == columns:
            return fk["name"]
"#;

const SHOP: &str = r#"
def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email", sa.String(80), nullable=False, unique=True, index=False))
    op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id", ondelete="CASCADE")),
        sa.Column("state", sa.Text(), index=True))
def downgrade():
    op.drop_table("orders")
    op.drop_table("users")
"#;

fn told(snapshot: &Snapshot, id: &str, direction: Direction, dialect: &str) -> String {
    let project = &snapshot.projects()[0];
    let node = project.history().find(id).expect("the revision");
    let dialect = revline_sql::dialect(dialect).expect("the dialect");
    let script = snapshot.script_of(project, node, direction, dialect);
    let mut out = format!("{}\n", script.status.as_str());
    let line = |span: Option<revline_text::Span>| {
        let Some(span) = span else { return "-".to_owned() };
        let path = snapshot.files().path(span.file);
        let text = snapshot.text(span.file).expect("a text");
        let line = text.as_str()[..span.range.start() as usize].matches('\n').count() + 1;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if Path::new(&name).starts_with("guards.py") {
            format!("guards {line}")
        } else {
            line.to_string()
        }
    };
    for (_, body) in &script.bodies {
        for statement in &body.statements {
            writeln!(out, "{}", statement.text.trim()).expect("a string");
        }
    }
    for one in script.assumes() {
        writeln!(out, "assumes {}: {}", line(one.origin.span()), one.fact).expect("a string");
    }
    for one in script.unknowns() {
        writeln!(out, "unknown {}: {}", line(one.origin.span()), one.why).expect("a string");
    }
    out
}

/// What the last of these revisions does, upwards on PostgreSQL.
fn check(bodies: &[&str], expected: Expect) {
    let snapshot = project(bodies);
    let id = format!("r{}", bodies.len());
    expected.assert_eq(&told(&snapshot, &id, Direction::Upgrade, "postgresql"));
}

#[test]
fn a_table_is_made_unless_it_is_there() {
    let guarded = r#"
from guards import has_table
def upgrade():
    if not has_table("users"):
        op.create_table("users", sa.Column("id", sa.Integer()))
    if not has_table("tags"):
        op.create_table("tags", sa.Column("id", sa.Integer()))
    if has_table("alembic_version") and has_table("tags"):
        op.execute("SELECT 1")
"#;
    check(
        &[SHOP, guarded],
        expect![[r#"
            derived
            CREATE TABLE tags (
            	id INTEGER
            )
            SELECT 1
            assumes guards 7: the tables are alembic_version, orders, users
            assumes guards 7: the tables are alembic_version, orders, tags, users
        "#]],
    );
}

#[test]
fn columns_are_added_and_dropped_as_the_history_left_them() {
    let guarded = r#"
from guards import table_has_column
def upgrade():
    conn = op.get_bind()
    inspector = sa.inspect(conn)
    names = [c["name"] for c in inspector.get_columns("users")]
    if "email" not in names:
        op.add_column("users", sa.Column("email", sa.String()))
    if "nick" not in names:
        with op.batch_alter_table("users") as batch_op:
            batch_op.add_column(sa.Column("nick", sa.String()))
    if table_has_column("users", "nick"):
        op.drop_column("users", "nick")
    if not table_has_column("gone", "x"):
        op.execute("SELECT 2")
    for column in inspector.get_columns("users"):
        if column["name"] == "email" and not column["nullable"] and column["default"] is None:
            op.alter_column("users", "email", nullable=True)
"#;
    check(
        &[SHOP, guarded],
        expect![[r#"
            derived
            ALTER TABLE users ADD COLUMN nick VARCHAR
            ALTER TABLE users DROP COLUMN nick
            SELECT 2
            ALTER TABLE users ALTER COLUMN email DROP NOT NULL
            assumes 10: table users has the columns id, email
            assumes guards 12: table users has the columns id, email, nick
            assumes guards 12: table gone is absent
        "#]],
    );
}

#[test]
fn keys_and_indexes_are_found_by_their_columns() {
    let guarded = r#"
from guards import generic_find_fk_constraint_name
def upgrade():
    insp = sa.inspect(op.get_bind())
    name = generic_find_fk_constraint_name("orders", {"id"}, "users", insp)
    if name:
        op.drop_constraint(name, "orders", type_="foreignkey")
    for fk in insp.get_foreign_keys("orders"):
        if fk["constrained_columns"] == ["user_id"] and fk["options"].get("ondelete") == "CASCADE":
            op.create_foreign_key("fk_new", "orders", fk["referred_table"], ["user_id"], fk["referred_columns"])
    uniques = {u["name"] for u in insp.get_unique_constraints("users")}
    if "users_email_key" in uniques:
        op.drop_constraint("users_email_key", "users", type_="unique")
    indexes = {ix["name"]: ix["column_names"] for ix in insp.get_indexes("orders")}
    if indexes.get("ix_orders_state") == ["state"]:
        op.drop_index("ix_orders_state", table_name="orders")
    pk = insp.get_pk_constraint("orders")
    op.drop_constraint(pk["name"], "orders", type_="primary")
    if not insp.get_check_constraints("orders") and not insp.has_index("users", "nope"):
        op.execute("SELECT 3")
"#;
    check(
        &[SHOP, guarded],
        expect![[r#"
            derived
            ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey
            ALTER TABLE orders ADD CONSTRAINT fk_new FOREIGN KEY(user_id) REFERENCES users (id)
            ALTER TABLE users DROP CONSTRAINT users_email_key
            DROP INDEX ix_orders_state
            ALTER TABLE orders DROP CONSTRAINT orders_pkey
            SELECT 3
            assumes guards 17: table orders has the foreign keys orders_user_id_fkey
            assumes 15: table users has the unique constraints users_email_key
            assumes 18: table orders has the indexes ix_orders_state
            assumes 21: table orders has the primary key id
            assumes 23: table orders has no CHECK constraints
            assumes 23: index nope of table users is absent
        "#]],
    );
}

#[test]
fn a_downgrade_meets_what_its_upgrade_left() {
    let guarded = r#"
def upgrade():
    op.add_column("users", sa.Column("nick", sa.String()))
def downgrade():
    bind = op.get_bind()
    if bind.dialect.has_table(bind, "users"):
        if any(c["name"] == "nick" for c in sa.inspect(bind).get_columns("users")):
            op.drop_column("users", "nick")
"#;
    let snapshot = project(&[SHOP, guarded]);
    expect![[r#"
        derived
        ALTER TABLE users DROP COLUMN nick
        assumes 10: table users exists
        assumes 11: table users has the columns id, email, nick
    "#]]
    .assert_eq(&told(&snapshot, "r2", Direction::Downgrade, "postgresql"));
}

#[test]
fn an_inspector_tells_again_what_it_told_before() {
    let guarded = r#"
def upgrade():
    insp = sa.inspect(op.get_bind())
    if not insp.has_table("tags"):
        op.create_table("tags", sa.Column("id", sa.Integer()))
    if insp.has_table("tags"):
        op.execute("never: the answer is remembered")
    if sa.inspect(op.get_bind()).has_table("tags"):
        op.execute("SELECT 'a new one sees it'")
"#;
    check(
        &[SHOP, guarded],
        expect![[r#"
        derived
        CREATE TABLE tags (
        	id INTEGER
        )
        SELECT 'a new one sees it'
        assumes 8: table tags is absent
        assumes 12: table tags exists
    "#]],
    );
}

#[test]
fn a_type_is_made_where_it_is_absent() {
    let first = r#"
def upgrade():
    op.create_table("t", sa.Column("s", sa.Enum("a", "b", name="state")))
"#;
    let guarded = r#"
from sqlalchemy.dialects import postgresql
def upgrade():
    insp = sa.inspect(op.get_bind())
    sa.Enum("a", "b", name="state").create(op.get_bind(), checkfirst=True)
    postgresql.ENUM("x", name="kind").create(op.get_bind())
    if "kind" in [e["name"] for e in insp.get_enums()]:
        op.execute("SELECT 4")
    sa.Enum(name="state").drop(op.get_bind(), checkfirst=True)
"#;
    check(
        &[first, guarded],
        expect![[r#"
        derived
        CREATE TYPE kind AS ENUM ('x')
        SELECT 4
        DROP TYPE state
        assumes 9: type state exists
        assumes 10: type kind is absent
        assumes 11: the enumerations are kind, state
    "#]],
    );
}

#[test]
fn what_a_statement_of_unknown_effect_leaves_is_not_guessed() {
    let unknown = r#"
def upgrade():
    op.execute("DO $$ BEGIN PERFORM f(); END $$")
    op.create_table("later", sa.Column("id", sa.Integer()))
"#;
    let guarded = r#"
def upgrade():
    insp = sa.inspect(op.get_bind())
    if "later" in insp.get_table_names():
        op.drop_table("later")
    if insp.has_table("users"):
        op.drop_table("users")
"#;
    check(
        &[SHOP, unknown, guarded],
        expect![[r#"
            partial
            DROP TABLE later
            -- not known: whether drop_table runs: condition is not known: whether table users exists is not known: what the function f does is not known
            assumes 8: table later exists
            unknown 10: whether drop_table runs: condition is not known: whether table users exists is not known: what the function f does is not known
        "#]],
    );
}

#[test]
fn rows_are_never_known_and_the_schema_is_all_the_same() {
    let rows = r#"
from sqlalchemy.orm import Session, declarative_base
Base = declarative_base()
class User(Base):
    __tablename__ = "users"
    id = sa.Column(sa.Integer, primary_key=True)
def upgrade():
    bind = op.get_bind()
    for row in bind.execute(sa.text("SELECT id FROM users")):
        users = sa.table("users", sa.column("id"), sa.column("email"))
        bind.execute(users.update().where(users.c.id == row.id).values(email="x"))
    session = Session(bind=bind)
    session.query(User).all()
    session.commit()
"#;
    let guarded = r#"
def upgrade():
    bind = op.get_bind()
    count = bind.execute(sa.text("SELECT count(*) FROM users")).scalar()
    print(count)
    if sa.inspect(bind).has_table("users"):
        op.drop_column("users", "email")
"#;
    check(
        &[SHOP, rows],
        expect![[r#"
            partial
            SELECT id FROM users
            -- not known: whether execute runs: a loop over: the rows that a query returns are not known
            -- not known: an ORM session reads and writes rows
            assumes -: this is what runs on a database that followed the history
            unknown 13: whether execute runs: a loop over: the rows that a query returns are not known
            unknown 17: an ORM session reads and writes rows
        "#]],
    );
    check(
        &[SHOP, rows, guarded],
        expect![[r#"
            derived
            SELECT count(*) FROM users
            ALTER TABLE users DROP COLUMN email
            assumes 10: table users exists
        "#]],
    );
}

#[test]
fn a_refusal_that_is_passed_over_ends_its_attempt_alone() {
    let tried = r#"
def upgrade():
    try:
        op.create_unique_constraint("uq", "users", ["email"])
        op.execute("SELECT 'not reached on SQLite'")
    except Exception as e:
        print(e)
    op.execute("SELECT 5")
"#;
    let snapshot = project(&[SHOP, tried]);
    expect![[r#"
        exact
        SELECT 5
    "#]]
    .assert_eq(&told(&snapshot, "r2", Direction::Upgrade, "sqlite"));
}

#[test]
fn a_reflected_table_has_the_columns_of_the_history() {
    let reflected = r#"
def upgrade():
    users = sa.Table("users", sa.MetaData(), autoload_with=op.get_bind())
    op.execute(users.update().where(users.c.id == 1).values(email="x"))
"#;
    check(
        &[SHOP, reflected],
        expect![[r#"
        derived
        UPDATE users SET email='x' WHERE users.id = 1
        assumes 7: table users is as the history left it
    "#]],
    );
}
