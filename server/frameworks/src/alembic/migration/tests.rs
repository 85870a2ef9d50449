//! What real migrations contain, and what becomes of it.

mod database;
mod objects;

use std::fmt::Write as _;
use std::sync::Arc;

use expect_test::{Expect, expect};
use revline_python::Source;
use revline_schema::{Op, Statement, Step};
use revline_sql::Mode;
use revline_text::FileId;

use super::{Alone, Direction, FunctionState, Migration, Target, evaluate};

fn migration(text: &str, dialect: &str, mode: Mode, engine: Option<&str>) -> Migration {
    let source = Arc::new(Source::parse(FileId(0), text.into()));
    let target = Target {
        dialect: dialect.into(),
        mode,
        direction: Direction::Upgrade,
        engine: engine.map(Arc::from),
    };
    evaluate(&source, &target, &Alone)
}

fn show(steps: &[Step], depth: usize, out: &mut String) {
    for step in steps {
        let guard = if step.is_uncertain() { "? " } else { "" };
        let _ = write!(out, "{}{guard}", "  ".repeat(depth));
        match &step.op {
            Op::Batch(batch) => {
                let _ = writeln!(out, "batch {}", batch.table);
                show(&batch.steps, depth + 1, out);
            }
            Op::AutocommitBlock(block) => {
                let _ = writeln!(out, "autocommit");
                show(&block.steps, depth + 1, out);
            }
            Op::AddColumn(add) => {
                let _ = writeln!(
                    out,
                    "add {}.{} {:?}",
                    add.table, add.column.name, add.column.type_.kind
                );
            }
            Op::DropColumn(drop) => {
                let _ = writeln!(out, "drop {}.{}", drop.table, drop.column);
            }
            Op::Execute(execute) => {
                let _ = match &execute.statement {
                    Statement::Text(text) => writeln!(out, "execute {:?}", text.text),
                    other => writeln!(out, "execute {other:?}"),
                };
            }
            Op::Opaque(why) => {
                let _ = writeln!(out, "opaque: {}", why.why);
            }
            other => {
                let _ = writeln!(out, "{other:?}");
            }
        }
    }
}

fn check(body: &str, expected: Expect) {
    let text = format!("from alembic import op, context\nimport sqlalchemy as sa\n{body}");
    let migration = migration(&text, "postgresql", Mode::Script, None);
    let mut out = String::new();
    show(&migration.steps, 0, &mut out);
    for unknown in &migration.unknowns {
        let _ = writeln!(out, "unknown: {}", unknown.why);
    }
    if let Some(raises) = &migration.raises {
        let _ = writeln!(out, "raises {}", raises.class);
    }
    expected.assert_eq(&out);
}

#[test]
fn a_batch_gathers_its_operations_and_op_runs_at_once() {
    check(
        r#"
def upgrade():
    with op.batch_alter_table("t") as batch_op:
        batch_op.add_column(sa.Column("a", sa.Integer()))
        op.execute("SELECT 1")
        batch_op.drop_column("b")
"#,
        expect![[r#"
            execute "SELECT 1"
            batch t
              add t.a Integer
              drop t.b
        "#]],
    );
}

#[test]
fn a_test_of_the_dialect_is_decided_in_all_its_spellings() {
    check(
        r#"
from sqlalchemy.dialects.mysql.base import MySQLDialect
def upgrade():
    bind = op.get_bind()
    if bind.dialect.name == "postgresql": op.execute("1")
    if bind.engine.name in ("mysql", "sqlite"): op.execute("2")
    if context.get_context().dialect.name != "postgresql": op.execute("3")
    if isinstance(bind.dialect, MySQLDialect): op.execute("4")
    if context.is_offline_mode(): op.execute("5")
"#,
        expect![[r#"
            execute "1"
            execute "5"
        "#]],
    );
}

#[test]
fn a_statement_whose_rows_are_used_is_not_known_and_the_rest_goes_on() {
    check(
        r#"
def upgrade():
    bind = op.get_bind()
    bind.execute(sa.text("UPDATE t SET a = 1"))
    rows = bind.execute(sa.text("SELECT id FROM t")).fetchall()
    for row in rows:
        op.execute("DELETE FROM t")
    op.drop_column("t", "a")
"#,
        expect![[r#"
            execute "UPDATE t SET a = 1"
            opaque: the rows that a query returns are not known
            ? execute "DELETE FROM t"
            drop t.a
        "#]],
    );
}

#[test]
fn an_inspector_leaves_what_it_guards_uncertain() {
    check(
        r#"
def upgrade():
    if not sa.inspect(op.get_bind()).has_table("t"):
        op.execute("guarded")
    op.execute("free")
"#,
        expect![[r#"
            ? execute "guarded"
            execute "free"
            unknown: `inspect` asks a live database
        "#]],
    );
}

#[test]
fn an_unknown_type_stays_in_its_place() {
    check(
        r#"
from project.types import Money
def upgrade():
    op.add_column("t", sa.Column("a", Money()))
    with op.get_context().autocommit_block():
        op.execute("x")
"#,
        expect![[r#"
            add t.a Opaque(Opaque { why: "the module `project.types` was not found in the workspace", origin: file0@62..75 })
            autocommit
              execute "x"
        "#]],
    );
}

#[test]
fn the_functions_of_several_databases_are_called_by_name() {
    let text = r#"
from alembic import op
def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()
def upgrade_one():
    op.execute("one")
def upgrade_two():
    op.execute("two")
"#;
    let migration = migration(text, "sqlite", Mode::Script, Some("two"));
    let mut out = String::new();
    show(&migration.steps, 0, &mut out);
    assert_eq!(migration.raises, None);
    assert_eq!(migration.unknowns, []);
    expect![[r#"
        execute "two"
    "#]]
    .assert_eq(&out);
    let names: Vec<&str> = migration.engines.iter().map(|engine| &*engine.name).collect();
    assert_eq!(names, ["one", "two"]);
}

#[test]
fn a_loop_without_an_end_is_bounded() {
    let text = r#"
from alembic import op
def upgrade():
    while True:
        if op.get_bind().execute("x").rowcount:
            break
"#;
    let migration = migration(text, "sqlite", Mode::Script, None);
    assert!(migration.steps.len() <= 20_000);
    assert!(migration.steps.iter().all(|step| step.guards.len() <= 8));
}

#[test]
fn a_downgrade_that_is_not_there_is_told() {
    let source = Source::parse(FileId(0), "def upgrade():\n    pass\n".into());
    let (upgrade, downgrade) = super::functions(&source);
    assert!(matches!(upgrade.state, FunctionState::Empty { .. }));
    assert_eq!(downgrade.state, FunctionState::Absent);
}

#[test]
fn a_decorator_is_on_a_dialect_what_it_says_itself() {
    check(
        r#"
from sqlalchemy.types import TypeDecorator, CHAR
from sqlalchemy.dialects import postgresql
class GUID(TypeDecorator):
    impl = CHAR
    def load_dialect_impl(self, dialect):
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID())
        return dialect.type_descriptor(CHAR(32))
class Stamp(TypeDecorator):
    impl = sa.TIMESTAMP
    def __init__(self, timezone=True):
        self.timezone = timezone
    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(sa.TIMESTAMP(timezone=self.timezone))
class Utc(TypeDecorator):
    impl = sa.TIMESTAMP(timezone=True)
    def load_dialect_impl(self, dialect):
        if dialect.name == "mysql":
            return dialect.type_descriptor(sa.DateTime())
        return super().load_dialect_impl(dialect)
def upgrade():
    op.add_column("t", sa.Column("a", GUID()))
    op.add_column("t", sa.Column("b", GUID))
    op.add_column("t", sa.Column("c", Stamp(timezone=False)))
    op.add_column("t", sa.Column("d", Utc(timezone=True)))
"#,
        expect![[r#"
            add t.a Decorated { class: "GUID", inner: SqlType { kind: Standard(Uuid), variants: {}, origin: file0@318..335 } }
            add t.b Decorated { class: "GUID", inner: SqlType { kind: Standard(Uuid), variants: {}, origin: file0@318..335 } }
            add t.c Decorated { class: "Stamp", inner: SqlType { kind: Standard(Timestamp { timezone: false }), variants: {}, origin: file0@591..627 } }
            add t.d Decorated { class: "Utc", inner: SqlType { kind: Standard(Timestamp { timezone: true }), variants: {}, origin: file0@666..693 } }
        "#]],
    );
}

#[test]
fn what_loading_a_file_does_is_no_step() {
    check(
        r#"
import somewhere
app = somewhere.make_app()
if somewhere.VERSION < 3:
    raise RuntimeError("too old")
def upgrade():
    op.execute("SELECT 1")
"#,
        expect![[r#"
            execute "SELECT 1"
        "#]],
    );
}

#[test]
fn what_is_for_a_type_checker_does_not_run() {
    check(
        r#"
from typing import TYPE_CHECKING
import typing
if TYPE_CHECKING or typing.TYPE_CHECKING:
    from nowhere import Text
else:
    Text = sa.Text
def upgrade():
    op.add_column("t", sa.Column("a", Text()))
"#,
        expect![[r#"
            add t.a Text(Characters { length: None, collation: None })
        "#]],
    );
}

#[test]
fn what_loading_a_file_does_is_no_step_of_it() {
    let text = "from alembic import op\nimport sqlalchemy as sa\nKIND = sa.Enum('a', name='kind')\nKIND.create(op.get_bind())\ndef upgrade():\n    op.execute('SELECT 1')\n";
    let migration = migration(text, "postgresql", Mode::Script, None);
    let unknowns: Vec<&str> = migration.unknowns.iter().map(|unknown| &*unknown.why).collect();
    assert_eq!(migration.steps.len(), 1);
    assert_eq!(unknowns, ["Alembic does this when it loads the file, before all revisions"]);
}

#[test]
fn a_decorated_function_is_called_as_its_decorator_calls_it() {
    let called = |wraps: &str| {
        let text = format!(
            "from alembic import op\nimport functools\ndef once(f):\n    {wraps}\n    def wrapper():\n        if op.get_bind().dialect.supports_sequences:\n            f()\n    return wrapper\n@once\ndef upgrade():\n    run = functools.partial(op.execute, 'SELECT 1')\n    run()\n"
        );
        let migration = migration(&text, "postgresql", Mode::Script, None);
        (migration.called.as_deref().map(str::to_owned), migration.steps.len())
    };
    assert_eq!(called("pass"), (Some("wrapper".to_owned()), 1));
    assert_eq!(called("@functools.wraps(f)"), (None, 1));
}

#[test]
fn a_function_that_is_handed_to_the_standard_library_may_run() {
    let text = "from alembic import op\nimport threading\ndef run():\n    op.execute('a')\ndef upgrade():\n    threading.Thread(run).start()\n    op.execute('SELECT 1')\n";
    let migration = migration(text, "postgresql", Mode::Script, None);
    assert!(matches!(migration.steps.first().map(|step| &step.op), Some(Op::Opaque(_))));
}

#[test]
fn what_a_batch_executes_runs_at_once_also_behind_its_end() {
    check(
        r#"
def upgrade():
    with op.batch_alter_table("t") as batch_op:
        batch_op.add_column(sa.Column("a", sa.Integer()))
    batch_op.execute("UPDATE t SET a = 0")
    batch_op.drop_column("b")
"#,
        expect![[r#"
            batch t
              add t.a Integer
            execute "UPDATE t SET a = 0"
            opaque: the batch is not open here
        "#]],
    );
}

#[test]
fn a_type_of_another_package_is_what_its_class_prints() {
    check(
        "from citext import CIText\ndef upgrade():\n    op.add_column('t', sa.Column('a', CIText()))\n",
        expect![[r#"
            add t.a Custom { class: "citext.CIText", text: "CITEXT" }
        "#]],
    );
}

#[test]
fn what_stands_behind_the_functions_of_op_is_asked_and_not_taken_for_true() {
    let body = r#"
def upgrade():
    if op._proxy.migration_context.dialect.supports_sequences:
        op.execute("CREATE SEQUENCE s")
    op._proxy.drop_table("t")
    if op._proxy.something:
        op.drop_table("u")
    if sa.util.py2k:
        op.drop_table("v")
"#;
    let text = format!("from alembic import op\nimport sqlalchemy as sa\n{body}");
    let told = |dialect: &str| {
        let migration = migration(&text, dialect, Mode::Script, None);
        let mut out = String::new();
        show(&migration.steps, 0, &mut out);
        out
    };
    expect![[r#"
        execute "CREATE SEQUENCE s"
        DropTable(DropTable { table: TableName { schema: None, name: "t" }, if_exists: false, options: Options({}) })
        ? DropTable(DropTable { table: TableName { schema: None, name: "u" }, if_exists: false, options: Options({}) })
        ? DropTable(DropTable { table: TableName { schema: None, name: "v" }, if_exists: false, options: Options({}) })
    "#]].assert_eq(&told("postgresql"));
    expect![[r#"
        DropTable(DropTable { table: TableName { schema: None, name: "t" }, if_exists: false, options: Options({}) })
        ? DropTable(DropTable { table: TableName { schema: None, name: "u" }, if_exists: false, options: Options({}) })
        ? DropTable(DropTable { table: TableName { schema: None, name: "v" }, if_exists: false, options: Options({}) })
    "#]].assert_eq(&told("sqlite"));
}

#[test]
fn what_is_done_beside_the_database_is_told() {
    let body = "from alembic import op\nimport os, shutil, pathlib, subprocess, logging\n\
        os.makedirs('when_loaded')\n\
        def upgrade():\n    shutil.rmtree('a')\n    os.path.join('a', 'b')\n    open('a')\n    open('a', 'rb')\n    \
        open('a', 'w')\n    pathlib.Path('a').touch()\n    logging.getLogger('a').info('b')\n    \
        subprocess.run(['a'])\n    op.drop_table('t')\n";
    let migration = migration(body, "sqlite", Mode::Script, None);
    let beside: Vec<&str> = migration
        .beside
        .iter()
        .map(|deed| deed.why.split('`').nth(1).unwrap_or_default())
        .collect();
    assert_eq!(beside, ["shutil.rmtree", "open", "touch", "subprocess.run"]);
    let mut out = String::new();
    show(&migration.steps, 0, &mut out);
    expect![[r#"
        opaque: what `subprocess.run` starts may change anything
        DropTable(DropTable { table: TableName { schema: None, name: "t" }, if_exists: false, options: Options({}) })
    "#]].assert_eq(&out);
}

#[test]
fn an_exit_ends_the_program_and_is_no_exception_of_the_usual_kind() {
    let body = "import sys\ndef upgrade():\n    try:\n        sys.exit(3)\n    except Exception:\n        pass\n    op.drop_table('t')\n";
    let raised = migration(body, "sqlite", Mode::Script, None).raises.expect("it ends there");
    assert_eq!((&*raised.class, &*raised.message), ("SystemExit", "3"));
    let caught = body.replace("Exception", "SystemExit");
    assert!(migration(&caught, "sqlite", Mode::Script, None).raises.is_none());
}

#[test]
fn an_identifier_is_quoted_as_the_dialect_does() {
    check(
        r#"
def upgrade():
    preparer = op.get_bind().engine.dialect.identifier_preparer
    quote = preparer.quote
    op.execute(f"UPDATE {quote('order')} SET {quote('a')} = {preparer.quote('B')}, {preparer.quote_identifier('c')} = 1")
    op.execute(quote("100%"))
"#,
        expect![[r#"
            execute "UPDATE \"order\" SET a = \"B\", \"c\" = 1"
            execute Opaque(Opaque { why: "which identifier is quoted", origin: file0@300..313 })
        "#]],
    );
}
