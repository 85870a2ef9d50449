//! Objects that a function makes and changes before it hands them on.

use expect_test::expect;

use super::database::{USERS, check, told};

#[test]
fn a_final_name_is_compared_by_its_text() {
    check(
        USERS,
        r#"
def made(name):
    if name not in [index["name"] for index in sa.inspect(op.get_bind()).get_indexes("users")]:
        op.create_index(name, "users", ["name"])
def upgrade():
    made(op.f("ix_users_name"))
    made(op.f("ix_users_name"))
    if op.f("a") == "b" or op.f("a") != op.f("a"):
        op.execute("SELECT 'never'")
"#,
        expect![[r#"
            CREATE INDEX ix_users_name ON users (name)
            fact: table users has no indexes
            fact: table users has the indexes ix_users_name
        "#]],
    );
}

#[test]
fn a_table_has_what_it_is_given_after_it_was_made() {
    check(
        USERS,
        r#"
def upgrade():
    bind = op.get_bind()
    table = sa.Table("notes", sa.MetaData(), sa.Column("id", sa.Integer(), primary_key=True))
    for name in ("title", "text"):
        table.append_column(sa.Column(name, sa.Text()))
    table.append_constraint(sa.UniqueConstraint("title"))
    table.create(bind)
"#,
        expect![[r#"
            CREATE TABLE notes (
            	id SERIAL NOT NULL, 
            	title TEXT, 
            	text TEXT, 
            	PRIMARY KEY (id), 
            	UNIQUE (title)
            )
        "#]],
    );
    check(
        USERS,
        r#"
def upgrade():
    bind = op.get_bind()
    table = sa.Table("notes", sa.MetaData())
    for column in bind.execute(sa.text("SELECT name FROM users")):
        table.append_column(sa.Column(column, sa.Text()))
    table.create(bind)
"#,
        expect![[r#"
            SELECT name FROM users
            -- not known: a loop over: the rows that a query returns are not known
            unknown: a loop over: the rows that a query returns are not known
            doubt about notes: a loop over: the rows that a query returns are not known
        "#]],
    );
}

#[test]
fn a_metadata_holds_one_table_of_a_name() {
    check(
        "",
        r#"
def upgrade():
    meta = sa.MetaData(schema="s")
    sa.Table("t", meta, sa.Column("a", sa.Integer()))
    op.execute(sa.Table("t", meta).update().values(a=1))
    op.execute(sa.Table("t", meta, schema="s").update().values(a=2))
    op.execute(sa.Table("t", meta, sa.Column("b", sa.Integer()), keep_existing=True).update().values(a=3))
    meta.clear()
    op.execute(sa.Table("t", meta, sa.Column("b", sa.Integer())).update().values(b=4))
    sa.Table("t", meta, sa.Column("b", sa.Integer()))
"#,
        expect![[r#"
            UPDATE s.t SET a=1
            UPDATE s.t SET a=2
            UPDATE s.t SET a=3
            UPDATE s.t SET b=4
        "#]],
    );
    check(
        "",
        r#"
def upgrade():
    meta = sa.MetaData()
    if something():
        sa.Table("t", meta, sa.Column("a", sa.Integer()))
    op.execute(sa.Table("t", meta).update().values(a=1))
    op.execute(sa.Table("t", meta, sa.Column("b", sa.Integer())).update().values(b=1))
"#,
        expect![[r#"
            -- not known: `something` is not defined
            -- not known: whether the metadata has this table
            UPDATE t SET b=1
            unknown: `something` is not defined
            unknown: whether the metadata has this table
            doubt: `something` is not defined
        "#]],
    );
    check(
        "",
        r#"
def upgrade():
    meta = sa.MetaData()
    first = sa.Table("t", meta, sa.Column("a", sa.Integer()))
    sa.Table("t", meta, sa.Column("b", sa.Integer()), extend_existing=True)
    op.execute(first.update().values(b=1))
"#,
        expect![[r#"
            -- not known: what extends the table
            unknown: what extends the table
        "#]],
    );
}

#[test]
fn what_alembics_own_workings_fill_is_not_known() {
    check(
        "",
        r#"
from alembic.autogenerate import render
def upgrade():
    lines = {}
    render._render_python_into_templatevars(None, None, lines)
    op.execute(lines["upgrades"])
"#,
        expect![[r#"
            -- not known: what `alembic.autogenerate.render._render_python_into_templatevars` makes of it
            unknown: what `alembic.autogenerate.render._render_python_into_templatevars` makes of it
            doubt: what `alembic.autogenerate.render._render_python_into_templatevars` makes of it
        "#]],
    );
}

#[test]
fn a_key_that_waits_for_alter_is_not_made_with_its_table() {
    let keys = r#"
def upgrade():
    op.create_table("notes", sa.Column("user", sa.Integer()), sa.ForeignKeyConstraint(["user"], ["users.id"], use_alter=True))
    if not sa.inspect(op.get_bind()).get_foreign_keys("notes"):
        op.execute("SELECT 'there is none'")
"#;
    expect![[r#"
        CREATE TABLE notes (
        	"user" INTEGER
        )
        SELECT 'there is none'
        fact: table notes has no foreign keys
    "#]]
    .assert_eq(&told(USERS, keys, "postgresql", false));
    expect![[r#"
        CREATE TABLE notes (
        	user INTEGER, 
        	FOREIGN KEY(user) REFERENCES users (id)
        )
        fact: table notes has the foreign keys (user)
    "#]]
    .assert_eq(&told(USERS, keys, "sqlite", false));
}

#[test]
fn what_follows_a_refusal_with_a_handler_of_its_own_is_not_known() {
    let upgrade = |handler: &str| {
        format!(
            r#"
def upgrade():
    try:
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_constraint(None, type_="unique")
    except ValueError:
        {handler}
    op.execute("SELECT 1")
"#
        )
    };
    let told = |handler: &str| told(USERS, &upgrade(handler), "sqlite", false);
    expect![[r#"
        -- not known: what follows a refusal that is handled: Constraint must have a name
        SELECT 1
        unknown: what follows a refusal that is handled: Constraint must have a name
        doubt: what follows a refusal that is handled
    "#]]
    .assert_eq(&told("op.drop_column('users', 'name')"));
    expect![[r#"
        unknown: Constraint must have a name
        doubt about users: a constraint without a name is dropped
    "#]]
    .assert_eq(&told("raise"));
    assert_eq!(told("if True:\n            raise"), told("raise"));
}

#[test]
fn a_table_that_text_names_in_another_case_is_not_certain_afterwards() {
    let made = "def upgrade():\n    op.create_table('PoolGroup', sa.Column('id', sa.Integer()))\n";
    let dropped = "def upgrade():\n    op.execute('DROP TABLE PoolGroup')\n";
    expect![[r#"
        DROP TABLE PoolGroup
        doubt about PoolGroup: an operation does not fit what is known of the table
        doubt about poolgroup: an operation does not fit what is known of the table
    "#]]
    .assert_eq(&told(made, dropped, "postgresql", false));
    expect![[r#"
        DROP TABLE PoolGroup
    "#]]
    .assert_eq(&told(made, dropped, "sqlite", false));
}

#[test]
fn how_far_a_copy_comes_that_fails_at_an_index_is_not_known() {
    let made = format!(
        "{USERS}    op.create_index('ix_name', 'users', ['name'])\n    op.create_index('ix_seen', 'users', ['seen'])\n"
    );
    let dropped = r#"
def upgrade():
    try:
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_column("name")
    except Exception:
        pass
"#;
    expect![[r#"
        CREATE TABLE _alembic_tmp_users (
        	id INTEGER NOT NULL, 
        	seen DATETIME, 
        	score FLOAT, 
        	PRIMARY KEY (id)
        )
        INSERT INTO _alembic_tmp_users (id, seen, score) SELECT users.id, users.seen, users.score 
        FROM users
        DROP TABLE users
        ALTER TABLE _alembic_tmp_users RENAME TO users
        CREATE INDEX ix_name ON users (name)
        -- not known: how far the copy of a table comes before it fails is chance
        fact: what stands in `try` does not fail
        unknown: how far the copy of a table comes before it fails is chance
        doubt about users: a batch copied this table, and not as foreseen: (sqlite3.OperationalError) no such column: name
    "#]].assert_eq(&told(&made, dropped, "sqlite", false));
}

#[test]
fn going_over_the_columns_of_a_table_puts_no_other_table_in_doubt() {
    let copied = r#"
def upgrade():
    metadata = sa.MetaData()
    users = sa.Table("users", metadata, autoload_with=op.get_bind())
    copy = sa.Table("copy", metadata)
    for column in users.columns:
        copy.append_column(column.copy())
    copy.create(op.get_bind())
"#;
    expect![[r#"
        -- not known: a loop over: the columns of a table
        fact: table users is as the history left it
        unknown: a loop over: the columns of a table
        doubt about copy: a loop over: the columns of a table
    "#]]
    .assert_eq(&told(USERS, copied, "postgresql", false));
}
