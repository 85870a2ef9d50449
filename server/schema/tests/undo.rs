//! Applying an operation and then its inverse leaves the schema as it was, up to the order of
//! columns, constraints and indexes.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use revline_schema::{
    AddColumn, AddConstraint, AlterColumn, Batch, Column, Constraint, CreateIndex, CreateTable,
    DropColumn, DropConstraint, DropIndex, DropTable, ForeignKey, ForeignKeyConstraint, Given,
    Index, IndexElement, KeyConstraint, Name, NamingConvention, Op, RenameTable, Schema,
    ServerDefault, SqlType, Step, TableComment, TableItem, TableName, TypeKind, apply, invert,
};

fn name(prefix: &'static str) -> impl Strategy<Value = Name> {
    (0..3u8).prop_map(move |number| Name::new(format!("{prefix}{number}")))
}

fn table() -> impl Strategy<Value = TableName> {
    (name("t"), any::<bool>())
        .prop_map(|(name, in_schema)| TableName { schema: in_schema.then(|| "s".into()), name })
}

fn column() -> impl Strategy<Value = Column> {
    let kind = prop_oneof![
        Just(SqlType::from(TypeKind::Integer)),
        Just(SqlType::string(5)),
        Just(SqlType::vendor("postgresql", "JSONB")),
    ];
    (name("c"), kind, any::<[bool; 5]>(), table()).prop_map(|(name, type_, flags, referent)| {
        let [nullable, index, unique, has_default, has_key] = flags;
        let key = ForeignKey {
            name: Some(Name::new(format!("fk_{name}"))),
            referent,
            referent_column: Some("id".into()),
            ..ForeignKey::default()
        };
        Column {
            nullable: Some(nullable),
            index,
            unique,
            server_default: has_default.then(|| ServerDefault::Str("x".into())),
            foreign_keys: has_key.then_some(key).into_iter().collect(),
            ..Column::new(name, type_)
        }
    })
}

fn constraint() -> impl Strategy<Value = Constraint> {
    (name("k"), vec(name("c"), 1..3), 0..3u8).prop_map(|(name, columns, kind)| {
        let key = KeyConstraint {
            name: Some(name.clone()),
            columns: columns.clone(),
            ..KeyConstraint::default()
        };
        match kind {
            0 => Constraint::Unique(key),
            1 => Constraint::PrimaryKey(key),
            _ => Constraint::ForeignKey(ForeignKeyConstraint {
                name: Some(name),
                columns,
                referent: "t0".into(),
                ..ForeignKeyConstraint::default()
            }),
        }
    })
}

fn index() -> impl Strategy<Value = Index> {
    (proptest::option::of(name("i")), vec(name("c"), 1..3), any::<bool>()).prop_map(
        |(name, columns, unique)| Index {
            name,
            elements: columns.into_iter().map(IndexElement::Column).collect(),
            unique,
            ..Index::default()
        },
    )
}

fn create_table() -> impl Strategy<Value = Op> {
    (table(), vec(column(), 0..4), vec(constraint(), 0..2)).prop_map(
        |(table, columns, constraints)| {
            let mut seen = Vec::new();
            let mut items: Vec<TableItem> = Vec::new();
            for column in columns {
                if !seen.contains(&column.name) {
                    seen.push(column.name.clone());
                    items.push(column.into());
                }
            }
            for constraint in constraints {
                items.push(constraint.into());
            }
            Op::CreateTable(CreateTable { table, items, ..CreateTable::default() })
        },
    )
}

fn alter() -> impl Strategy<Value = Op> {
    (
        table(),
        name("c"),
        proptest::option::of(name("n")),
        proptest::option::of(any::<bool>()),
        any::<[bool; 3]>(),
    )
        .prop_map(|(table, column, new_name, nullable, [type_, default, comment])| {
            Op::AlterColumn(Box::new(AlterColumn {
                table,
                column,
                new_name,
                nullable,
                type_: type_.then(|| TypeKind::Date.into()),
                server_default: if default { Given::None } else { Given::Absent },
                comment: if comment { Given::Some("hi".into()) } else { Given::Absent },
                ..AlterColumn::default()
            }))
        })
}

fn leaf() -> impl Strategy<Value = Op> {
    prop_oneof![
        create_table(),
        table().prop_map(|table| Op::DropTable(DropTable { table, ..DropTable::default() })),
        (table(), name("r"))
            .prop_map(|(table, new_name)| Op::RenameTable(RenameTable { table, new_name })),
        table().prop_map(|table| Op::TableComment(TableComment {
            table,
            comment: Some("note".into()),
            ..TableComment::default()
        })),
        (table(), column()).prop_map(|(table, column)| {
            Op::AddColumn(Box::new(AddColumn { table, column, ..AddColumn::default() }))
        }),
        (table(), name("c")).prop_map(|(table, column)| {
            Op::DropColumn(DropColumn { table, column, ..DropColumn::default() })
        }),
        alter(),
        (table(), index()).prop_map(|(table, index)| {
            Op::CreateIndex(CreateIndex { table, index, if_not_exists: false })
        }),
        (table(), name("i")).prop_map(|(table, name)| {
            Op::DropIndex(DropIndex {
                name: Some(name),
                schema: table.schema,
                table: Some(table.name),
                ..DropIndex::default()
            })
        }),
        (table(), constraint()).prop_map(|(table, constraint)| {
            Op::AddConstraint(Box::new(AddConstraint { table, constraint }))
        }),
        (table(), name("k")).prop_map(|(table, name)| {
            Op::DropConstraint(DropConstraint {
                table,
                name: Some(name),
                ..DropConstraint::default()
            })
        }),
    ]
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        6 => leaf(),
        1 => (table(), vec(leaf(), 0..3)).prop_map(|(table, ops)| Op::Batch(Batch {
            table,
            steps: ops.into_iter().map(Step::new).collect(),
            ..Batch::default()
        })),
    ]
}

/// The schema with the parts of each table in one order.
fn sorted(schema: &Schema) -> Schema {
    let mut sorted = schema.clone();
    for (key, table) in schema.tables.iter() {
        let mut table = (**table).clone();
        table.columns.sort();
        table.constraints.sort();
        table.indexes.sort();
        sorted.tables.insert_mut(key.clone(), Arc::new(finalised(table)));
    }
    sorted
}

/// Whether a name is final says how it was made, not what it is.
fn finalised(mut table: revline_schema::Table) -> revline_schema::Table {
    for index in &mut table.indexes {
        let name = index.name.clone().map(Name::finalised);
        *index = Arc::new(Index { name, ..(**index).clone() });
    }
    for constraint in &mut table.constraints {
        let mut changed = (**constraint).clone();
        match &mut changed {
            Constraint::Unique(key) | Constraint::PrimaryKey(key) => {
                key.name = key.name.take().map(Name::finalised);
            }
            Constraint::ForeignKey(key) => key.name = key.name.take().map(Name::finalised),
            _ => {}
        }
        *constraint = Arc::new(changed);
    }
    table
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn an_operation_and_its_inverse_leave_the_schema_as_it_was(
        past in vec(op(), 0..12),
        op in op(),
        named in any::<bool>(),
    ) {
        let convention = NamingConvention::sqlalchemy_default().with("uq", "uq_%(table_name)s_%(column_0_name)s");
        let mut before = Schema::empty(named.then_some(&convention));
        for op in &past {
            before = apply(&before, op).0;
        }
        let (after, problems) = apply(&before, &op);
        if let Some(inverse) = problems.is_empty().then(|| invert(&op, &before)).flatten() {
            let mut back = after;
            for op in &inverse {
                let (next, problems) = apply(&back, op);
                prop_assert!(problems.is_empty(), "{problems:?} of {inverse:?}");
                back = next;
            }
            prop_assert_eq!(sorted(&back), sorted(&before));
        }
    }
}
