//! What SQLite can take of a migration.

use revline_schema::{
    AddColumn, AlterColumn, Batch, CheckConstraint, Column, Constraint, CreateIndex, CreateTable,
    Deferral, DropColumn, DropConstraint, Execute, Expr, ForeignKey, Given, Index, KeyConstraint,
    Op, Options, Origin, Schema, Statement, Step, TableItem, TextClause, Through, TypeKind, apply,
};
use revline_sql::{Settings, Support, sqlite_support, sqlite_trial};

fn shown(op: &Op, before: Option<&Schema>) -> String {
    match sqlite_support(op, before, &Settings::default()) {
        Support::Supported => "supported".to_owned(),
        Support::Refused(sentence) => format!("refused: {sentence}"),
        Support::Invalid(why) => format!("invalid: {why}"),
        Support::Unknown(opaque) => format!("unknown: {}", opaque.why),
    }
}

const NO_ALTER: &str = "refused: No support for ALTER of constraints in SQLite dialect. Please refer to \
                        the batch mode feature which allows for SQLite migrations using a copy-and-move \
                        strategy.";

fn alter(change: impl FnOnce(&mut AlterColumn)) -> Op {
    let mut op = AlterColumn { table: "t".into(), column: "c".into(), ..AlterColumn::default() };
    change(&mut op);
    Op::AlterColumn(Box::new(op))
}

fn add(column: Column) -> Op {
    Op::AddColumn(Box::new(AddColumn { table: "t".into(), column, ..AddColumn::default() }))
}

fn drop_constraint() -> Op {
    Op::DropConstraint(DropConstraint {
        table: "t".into(),
        name: Some("k".into()),
        ..DropConstraint::default()
    })
}

#[test]
fn constraints_of_a_table_that_exists_are_refused_with_alembics_sentence() {
    let key = ForeignKey {
        referent: "o".into(),
        referent_column: Some("id".into()),
        ..ForeignKey::default()
    };
    let column = Column::new("x", TypeKind::Integer);
    assert_eq!(shown(&drop_constraint(), None), NO_ALTER);
    assert_eq!(shown(&add(Column { foreign_keys: vec![key], ..column.clone() }), None), NO_ALTER);
    assert_eq!(shown(&add(Column { unique: true, ..column.clone() }), None), NO_ALTER);
    assert_eq!(
        shown(&add(Column { unique: true, index: true, ..column.clone() }), None),
        "supported"
    );
    assert_eq!(shown(&add(Column { nullable: Some(false), ..column }), None), "supported");
}

#[test]
fn alter_column_is_invalid_but_for_a_new_name() {
    let invalid = "invalid: SQLite has no ALTER COLUMN";
    assert_eq!(shown(&alter(|op| op.nullable = Some(true)), None), invalid);
    assert_eq!(shown(&alter(|op| op.type_ = Some(TypeKind::Date.into())), None), invalid);
    assert_eq!(shown(&alter(|op| op.server_default = Given::None), None), invalid);
    assert_eq!(shown(&alter(|op| op.new_name = Some("d".into())), None), "supported");
    assert_eq!(shown(&alter(|op| op.existing_nullable = Some(true)), None), "supported");
}

#[test]
fn a_batch_that_copies_the_table_is_supported_and_one_that_does_not_is_judged_by_its_steps() {
    let batch = |recreate| {
        let mut batch = Batch {
            table: "t".into(),
            steps: vec![Step::new(drop_constraint())],
            ..Batch::default()
        };
        batch.options.recreate = recreate;
        Op::Batch(batch)
    };
    assert_eq!(shown(&batch(revline_schema::Recreate::Auto), None), "supported");
    assert_eq!(shown(&batch(revline_schema::Recreate::Never), None), NO_ALTER);
}

#[test]
fn a_column_that_something_needs_cannot_be_dropped() {
    let column = |name: &str| TableItem::from(Column::new(name, TypeKind::Integer));
    let unique = KeyConstraint { columns: vec!["u".into()], ..KeyConstraint::default() };
    let create = Op::CreateTable(CreateTable {
        table: "t".into(),
        items: vec![column("a"), column("i"), column("u"), Constraint::Unique(unique).into()],
        ..CreateTable::default()
    });
    let index = Op::CreateIndex(CreateIndex {
        table: "t".into(),
        index: Index { name: Some("ix".into()), elements: vec!["i".into()], ..Index::default() },
        if_not_exists: false,
    });
    let (schema, _) = apply(&Schema::empty(None), &create);
    let (schema, problems) = apply(&schema, &index);
    assert_eq!(problems, []);
    let drop = |name: &str| {
        Op::DropColumn(DropColumn {
            table: "t".into(),
            column: name.into(),
            ..DropColumn::default()
        })
    };
    assert_eq!(shown(&drop("a"), Some(&schema)), "supported");
    assert_eq!(
        shown(&drop("i"), Some(&schema)),
        "invalid: SQLite cannot drop a column that is part of an index"
    );
    assert_eq!(
        shown(&drop("u"), Some(&schema)),
        "invalid: SQLite cannot drop a column that is part of a UNIQUE constraint"
    );
    assert_eq!(shown(&drop("u"), None), "supported");
}

fn text(text: &str) -> Op {
    let clause = TextClause { text: text.into(), ..TextClause::default() };
    let statement = Statement::Text(clause);
    Op::Execute(Execute { statement, through: Through::Operation, options: Options::default() })
}

#[test]
fn sql_is_read_by_the_grammar_of_sqlite() {
    let said = |sql: &str| shown(&text(sql), None);
    for read in [
        "UPDATE t SET a = 'x' || b WHERE c IN (SELECT id FROM o) AND d ->> '$.e' = 1",
        "INSERT INTO t (a) VALUES (1), (2) ON CONFLICT (a) DO UPDATE SET a = excluded.a",
        "CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM o; END",
        "CREATE UNIQUE INDEX ix ON t (lower(a)) WHERE b > 0",
        "CREATE INDEX ix ON t (a) WHERE (\"t\".\"a\" IN ('x', 'y'))",
        "ALTER TABLE t ADD COLUMN c INTEGER DEFAULT 0",
        "SELECT count(*) FROM t HAVING count(*) > 1",
        "",
    ] {
        assert_eq!(said(read), "supported", "{read}");
    }
    for (rejected, why) in [
        ("CREATE EXTENSION pg_trgm", "near \"EXTENSION\": syntax error"),
        ("UPDATE a JOIN b ON a.i = b.i SET a.x = 1", "near \"JOIN\": syntax error"),
        ("ALTER TABLE t CONVERT TO CHARACTER SET utf8", "near \"CONVERT\": syntax error"),
        ("ALTER TABLE t ALTER COLUMN c SET NOT NULL", "SQLite before 3.53 has no ALTER COLUMN"),
        ("ALTER TABLE t ADD COLUMN c INTEGER UNIQUE", "Cannot add a UNIQUE column"),
        ("SELECT '{}'::jsonb", "unrecognized token"),
        ("UPDATE t SET a = now()", "no such function: now"),
        (
            "ALTER TABLE t ADD c TEXT CHECK (jsonb_typeof(c) = 'a')",
            "no such function: jsonb_typeof",
        ),
        (
            "CREATE TABLE t (a TEXT, b INTEGER AS (ifnull(json_length (a), 0)))",
            "no such function: json_length",
        ),
        ("CREATE INDEX ix ON t (a) WHERE greatest(a, 1) > 0", "no such function: greatest"),
        ("CREATE INDEX ix ON t (lower(t.a))", "the \".\" operator prohibited in index expressions"),
        ("SELECT (", "incomplete input"),
    ] {
        assert_eq!(said(rejected), format!("invalid: {why}"), "{rejected}");
    }
}

/// A table `t`: `a` an integer that must be given, `b` with a CHECK, `c`.
fn table() -> Op {
    let column = |name: &str| Column::new(name, TypeKind::Integer);
    let check = Constraint::Check(CheckConstraint {
        name: None,
        condition: Expr::text("b > 0"),
        deferral: Deferral::default(),
        comment: None,
        options: Options::default(),
        origin: Origin::default(),
    });
    Op::CreateTable(CreateTable {
        table: "t".into(),
        items: vec![
            Column { nullable: Some(false), ..column("a") }.into(),
            column("b").into(),
            column("c").into(),
            check.into(),
        ],
        ..CreateTable::default()
    })
}

#[test]
fn steps_are_known_to_run_where_they_find_what_they_name() {
    let tried = |ops: Vec<Op>| {
        let steps: Vec<Step> = [table()].into_iter().chain(ops).map(Step::new).collect();
        match sqlite_trial(&Schema::empty(None), &steps, &Settings::default()) {
            Ok(()) => "runs".to_owned(),
            Err(hindrance) => hindrance.why,
        }
    };
    let drop = |name: &str| {
        Op::DropColumn(DropColumn {
            table: "t".into(),
            column: name.into(),
            ..DropColumn::default()
        })
    };
    let batch = |steps: Vec<Op>| {
        let steps = steps.into_iter().map(Step::new).collect();
        Op::Batch(Batch { table: "t".into(), steps, ..Batch::default() })
    };
    let widened = |name: &str| {
        let mut op =
            AlterColumn { table: "t".into(), column: name.into(), ..AlterColumn::default() };
        op.type_ = Some(TypeKind::BigInteger.into());
        Op::AlterColumn(Box::new(op))
    };
    for sql in [
        "INSERT INTO t (a, b) VALUES (1, 2)",
        "UPDATE t AS x SET c = coalesce(x.b, 0) WHERE x.a IN (SELECT a FROM t)",
        "WITH n AS (SELECT a FROM t) DELETE FROM t WHERE a IN (SELECT a FROM n)",
        "CREATE INDEX ix ON t (abs(c))",
    ] {
        assert_eq!(tried(vec![text(sql)]), "runs", "{sql}");
    }
    assert_eq!(tried(vec![drop("c")]), "runs");
    let mut indexed = AddColumn { table: "t".into(), ..AddColumn::default() };
    indexed.column = Column { index: true, ..Column::new("d", TypeKind::Integer) };
    assert_eq!(tried(vec![Op::AddColumn(Box::new(indexed))]), "runs");
    assert_eq!(tried(vec![batch(vec![widened("c"), drop("b")])]), "runs");
    for (ops, why) in [
        (vec![text("INSERT INTO t (b) VALUES (1)")], "an INSERT gives a no value"),
        (vec![text("UPDATE t SET d = 1")], "what d is in a statement"),
        (vec![text("UPDATE other SET a = 1")], "what other is in a statement"),
        (vec![text("UPDATE t SET c = slug(b)")], "whether SQLite has a function slug"),
        (
            vec![text("DELETE FROM t; DELETE FROM t")],
            "Python's driver takes one statement at a time",
        ),
        (vec![drop("b")], "an expression of t may name b"),
        (vec![drop("c"), drop("c")], "c does not fit the schema: NoSuchColumn"),
        (vec![widened("c")], "SQLite has no ALTER COLUMN"),
        (vec![batch(vec![drop_constraint()])], "No such constraint: 'k'"),
        (vec![batch(vec![widened("z")])], "'z'"),
        (vec![table()], "t does not fit the schema: TableExists"),
    ] {
        assert_eq!(tried(ops.clone()), why, "{ops:?}");
    }
}
