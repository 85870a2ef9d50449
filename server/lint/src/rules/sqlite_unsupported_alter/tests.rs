use expect_test::{Expect, expect};
use revline_fixture::Fixture;

use crate::testing::{all, check, history, snapshot};

/// A history of a project for SQLite.
fn on_sqlite(upgrades: &[&str]) -> String {
    format!("//- revline.toml\ntargets = ['sqlite']\n{}", history(upgrades))
}

/// The `upgrade` of the last revision when the first fix is applied.
#[track_caller]
fn fixed(upgrades: &[&str], expect: Expect) {
    let snapshot = snapshot(Fixture::parse(&on_sqlite(upgrades)));
    let found = all(&snapshot);
    let (file, fix) = found
        .iter()
        .filter(|(_, finding)| finding.rule == "sqlite-unsupported-alter")
        .find_map(|(file, finding)| Some((*file, finding.fixes.first()?)))
        .expect("a fix is offered");
    let text = snapshot.text(file).expect("a text");
    let edits = fix.change.edits.get(&file).expect("edits of the file");
    let text = text.edited(edits);
    let at = text.as_str().find("def upgrade").expect("a function");
    let end = text.as_str().find("def downgrade").expect("the next one");
    expect.assert_eq(text.as_str().get(at..end).expect("the function"));
}

const TABLES: &str = "op.create_table('teams', sa.Column('id', sa.Integer(), primary_key=True))\n\
     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True), \
     sa.Column('team_id', sa.Integer()), sa.Column('email', sa.String(80)))";

#[test]
fn arguments_beside_each_other_are_left_out_with_one_comma() {
    fixed(
        &[
            "op.create_table('users', sa.Column('a', sa.Integer()), sa.Column('b', sa.Integer()), \
             sa.UniqueConstraint('a', name='u'), sa.UniqueConstraint('b', name='w'))",
            "op.drop_constraint('u', 'users', schema=None)\n\
             op.drop_constraint(constraint_name='w', schema=None, table_name='users')",
        ],
        expect![[r#"
            def upgrade():
                with op.batch_alter_table('users', schema=None) as batch_op:
                    batch_op.drop_constraint('u')
                    batch_op.drop_constraint(constraint_name='w')
        "#]],
    );
}

#[test]
fn a_constraint_without_a_name_gets_the_one_that_postgresql_gives() {
    fixed(
        &[
            TABLES,
            "op.create_foreign_key(None, 'users', 'teams', ['team_id'], ['id'])\n\
             # No two users share an address.\n\
             op.create_unique_constraint(\n    None, 'users', ['email'],\n)",
        ],
        expect![[r#"
            def upgrade():
                with op.batch_alter_table('users') as batch_op:
                    batch_op.create_foreign_key("users_team_id_fkey", 'teams', ['team_id'], ['id'])
                    # No two users share an address.
                    batch_op.create_unique_constraint(
                        "users_email_key", ['email'],
                    )
        "#]],
    );
}

#[test]
fn columns_with_a_key_or_unique_are_written_so_that_a_batch_takes_them() {
    fixed(
        &[
            TABLES,
            "op.add_column('users', sa.Column('boss_id', sa.Integer(), sa.ForeignKey('users.id')))\n\
             op.add_column('users', sa.Column('nick', sa.Text(), unique=True))",
        ],
        expect![[r#"
            def upgrade():
                with op.batch_alter_table('users') as batch_op:
                    batch_op.add_column(sa.Column('boss_id', sa.Integer(), sa.ForeignKey('users.id', name="users_boss_id_fkey")))
                    batch_op.add_column(sa.Column('nick', sa.Text()))
                    batch_op.create_unique_constraint("users_nick_key", ["nick"])
        "#]],
    );
}

#[test]
fn a_name_that_sqlite_does_not_know_is_found_by_a_convention() {
    fixed(
        &[
            TABLES,
            "with op.batch_alter_table('users') as batch_op:\n    \
             batch_op.create_unique_constraint('u', ['email'])",
            "op.create_table('posts', sa.Column('id', sa.Integer(), primary_key=True), \
             sa.Column('user_id', sa.Integer(), sa.ForeignKey('users.id')))",
            "for name in ['posts_user_id_fkey']:\n    \
             op.drop_constraint(name, 'posts', type_='foreignkey')",
        ],
        expect![[r#"
            def upgrade():
                for name in ['posts_user_id_fkey']:
                    with op.batch_alter_table('posts', naming_convention={"fk": "%(table_name)s_%(column_0_N_name)s_fkey"}) as batch_op:
                        batch_op.drop_constraint(name, type_='foreignkey')
        "#]],
    );
}

#[test]
fn the_only_constraint_of_its_kind_is_meant_whatever_another_database_calls_it() {
    fixed(
        &[TABLES, "op.drop_constraint('PRIMARY', 'users', type_='primary')"],
        expect![[r#"
            def upgrade():
                with op.batch_alter_table('users', naming_convention={"pk": "PRIMARY"}) as batch_op:
                    batch_op.drop_constraint('PRIMARY', type_='primary')
        "#]],
    );
}

#[test]
fn the_index_of_a_column_goes_before_the_column() {
    fixed(
        &[
            TABLES,
            "op.create_index('ix_email', 'users', ['email'])",
            "op.drop_column('users', 'email')",
        ],
        expect![[r#"
            def upgrade():
                with op.batch_alter_table('users') as batch_op:
                    batch_op.drop_index("ix_email")
                    batch_op.drop_column('email')
        "#]],
    );
}

#[test]
fn no_fix_is_offered_where_the_function_would_fail_all_the_same() {
    check(
        &on_sqlite(&[
            TABLES,
            "op.drop_constraint('nowhere', 'users', type_='unique')",
            "op.alter_column('users', 'email', nullable=False)\n\
             op.execute('ALTER TABLE users MODIFY email VARCHAR(80) NOT NULL')",
            "op.alter_column('users', 'email', nullable=False)\nop.unheard_of()",
        ]),
        expect![[r#"
            versions/b.py:6:5 error sqlite-unsupported-alter: SQLite cannot do this outside of a batch. Alembic says: No support for ALTER of constraints in SQLite dialect.
            versions/c.py:6:5 error sqlite-unsupported-alter: SQLite cannot run this: SQLite has no ALTER COLUMN.
            versions/c.py:7:5 error sqlite-unsupported-alter: SQLite cannot run this: near "MODIFY": syntax error.
            versions/d.py:6:5 error sqlite-unsupported-alter: SQLite cannot run this: SQLite has no ALTER COLUMN.
        "#]],
    );
}

#[test]
fn sql_of_other_databases_is_rejected_wherever_it_comes_from() {
    check(
        &on_sqlite(&[
            "op.execute('CREATE EXTENSION IF NOT EXISTS pg_trgm')\n\
             op.create_table('t', sa.Column('a', sa.JSON(), server_default=sa.text(\"'{}'::jsonb\")))\n\
             with op.batch_alter_table('t') as batch_op:\n    \
             batch_op.execute('UPDATE t SET a = gen_random_uuid()')\n    \
             batch_op.alter_column('a', nullable=True)",
        ]),
        expect![[r#"
            versions/a.py:6:5 error sqlite-unsupported-alter: SQLite cannot run this: near "EXTENSION": syntax error.
            versions/a.py:7:5 error sqlite-unsupported-alter: SQLite cannot run this: unrecognized token.
            versions/a.py:8:10 error sqlite-unsupported-alter: SQLite cannot run this: unrecognized token.
            versions/a.py:9:9 error sqlite-unsupported-alter: SQLite cannot run this: no such function: gen_random_uuid.
        "#]],
    );
}

#[test]
fn silent_where_sqlite_does_not_come_or_a_failure_is_passed_over() {
    let body = "if op.get_bind().dialect.name != 'sqlite':\n    \
                op.drop_constraint('u', 'users', type_='unique')\n\
                try:\n    op.drop_constraint('u', 'users', type_='unique')\n\
                except Exception:\n    pass";
    check(&on_sqlite(&[TABLES, body]), expect![[""]]);
    let body = "op.alter_column('users', 'email', nullable=False)";
    let elsewhere = on_sqlite(&[TABLES, body]).replace("'sqlite'", "'postgresql'");
    check(&elsewhere, expect![[""]]);
}

#[test]
fn what_sqlite_takes_in_no_form_is_found_though_an_argument_is_not_known() {
    let change = "from elsewhere import constants\n\
         op.create_check_constraint('team', 'users', constants.CONDITION)\n\
         op.alter_column('users', 'email', nullable=False, server_default=constants.EMAIL)";
    let snapshot = snapshot(Fixture::parse(&on_sqlite(&[TABLES, change])));
    let found = all(&snapshot);
    let rules = found.iter().map(|(_, finding)| finding.rule);
    assert_eq!(rules.filter(|rule| *rule == "sqlite-unsupported-alter").count(), 2);
}
