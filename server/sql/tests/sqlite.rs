//! What SQLite can take of a migration.

use revline_schema::{
    AddColumn, AlterColumn, Batch, Column, Constraint, CreateIndex, CreateTable, DropColumn,
    DropConstraint, ForeignKey, Given, Index, KeyConstraint, Op, Schema, Step, TableItem, TypeKind,
    apply,
};
use revline_sql::{Settings, Support, sqlite_support};

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
