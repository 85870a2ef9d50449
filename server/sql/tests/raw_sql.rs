//! Raw SQL does to the schema what the operation does whose SQL it is; and no text is too strange.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use revline_schema::{
    AddColumn, AddConstraint, AlterColumn, Column, Constraint, CreateIndex, CreateTable,
    DropColumn, DropConstraint, DropIndex, DropTable, Execute, Expr, ForeignKey,
    ForeignKeyConstraint, Given, Index, IndexElement, KeyConstraint, Name, NamingConvention, Op,
    Options, RenameTable, Schema, ServerDefault, SqlType, Statement, Step, TableComment, TableItem,
    TableName, TextClause, Through, TypeKind, apply, apply_steps,
};
use revline_sql::{
    Cx, Dialect, Mode, Settings, StatementKind, Status, dialect, effects, render, statements,
    step_effects,
};

fn name(prefix: &'static str) -> impl Strategy<Value = Name> {
    prop_oneof![
        3 => (0..3u8).prop_map(move |number| Name::new(format!("{prefix}{number}"))),
        1 => Just(Name::new(format!("{prefix} Odd\""))),
    ]
}

fn table() -> impl Strategy<Value = TableName> {
    (name("t"), any::<bool>())
        .prop_map(|(name, in_schema)| TableName { schema: in_schema.then(|| "s".into()), name })
}

fn sql_type() -> impl Strategy<Value = SqlType> {
    prop_oneof![
        Just(SqlType::from(TypeKind::Integer)),
        Just(SqlType::from(TypeKind::BigInteger)),
        Just(SqlType::from(TypeKind::Boolean(Default::default()))),
        Just(SqlType::from(TypeKind::DateTime { timezone: true })),
        Just(SqlType::from(TypeKind::Date)),
        Just(SqlType::from(TypeKind::Double(Default::default()))),
        Just(SqlType::string(5)),
        Just(SqlType::from(TypeKind::Text(Default::default()))),
        Just(SqlType::from(TypeKind::Json)),
    ]
}

fn column() -> impl Strategy<Value = Column> {
    (name("c"), sql_type(), any::<[bool; 4]>(), 0..3u8, table()).prop_map(
        |(name, type_, flags, default, referent)| {
            let [nullable, index, unique, has_key] = flags;
            let key = ForeignKey {
                name: Some(Name::new(format!("fk_{name}"))),
                referent,
                referent_column: Some("id".into()),
                ..ForeignKey::default()
            };
            let server_default = match default {
                0 => None,
                1 => Some(ServerDefault::Str("it's; a: b".into())),
                _ => Some(ServerDefault::Expr(Expr::text("(1 + 2)"))),
            };
            Column {
                nullable: Some(nullable),
                index,
                unique,
                server_default,
                foreign_keys: has_key.then_some(key).into_iter().collect(),
                ..Column::new(name, type_)
            }
        },
    )
}

fn constraint() -> impl Strategy<Value = Constraint> {
    (name("k"), vec(name("c"), 1..3), 0..3u8).prop_map(|(name, mut columns, kind)| {
        columns.dedup();
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
                referent_columns: columns.iter().map(|_| Name::from("id")).collect(),
                columns,
                referent: "t0".into(),
                ..ForeignKeyConstraint::default()
            }),
        }
    })
}

fn create_table() -> impl Strategy<Value = Op> {
    (table(), vec(column(), 1..4), vec(constraint(), 0..2)).prop_map(
        |(table, columns, constraints)| {
            let mut seen = Vec::new();
            let mut items: Vec<TableItem> = Vec::new();
            for column in columns {
                if !seen.contains(&column.name) {
                    seen.push(column.name.clone());
                    items.push(column.into());
                }
            }
            items.extend(constraints.into_iter().map(TableItem::from));
            Op::CreateTable(CreateTable { table, items, ..CreateTable::default() })
        },
    )
}

fn op() -> impl Strategy<Value = Op> {
    let alter = (table(), name("c"), any::<[bool; 5]>(), sql_type(), name("n")).prop_map(
        |(table, column, [renames, retypes, drops, comments, nullable], type_, new)| {
            Op::AlterColumn(Box::new(AlterColumn {
                table,
                column,
                new_name: renames.then_some(new),
                nullable: (!renames).then_some(nullable),
                type_: retypes.then_some(type_),
                server_default: if drops { Given::None } else { Given::Absent },
                comment: if comments { Given::Some("it's".into()) } else { Given::Absent },
                ..AlterColumn::default()
            }))
        },
    );
    let index = (proptest::option::of(name("i")), vec(name("c"), 1..3), any::<bool>());
    let index = index.prop_map(|(name, columns, unique)| Index {
        name,
        elements: columns.into_iter().map(IndexElement::Column).collect(),
        unique,
        ..Index::default()
    });
    prop_oneof![
        4 => create_table(),
        1 => table().prop_map(|table| Op::DropTable(DropTable { table, ..DropTable::default() })),
        1 => (table(), name("r"))
            .prop_map(|(table, new_name)| Op::RenameTable(RenameTable { table, new_name })),
        1 => table().prop_map(|table| Op::TableComment(TableComment {
            table,
            comment: Some("note; 'it'".into()),
            ..TableComment::default()
        })),
        3 => (table(), column()).prop_map(|(table, column)| {
            Op::AddColumn(Box::new(AddColumn { table, column, ..AddColumn::default() }))
        }),
        2 => (table(), name("c")).prop_map(|(table, column)| {
            Op::DropColumn(DropColumn { table, column, ..DropColumn::default() })
        }),
        3 => alter,
        2 => (table(), index).prop_map(|(table, index)| {
            Op::CreateIndex(CreateIndex { table, index, if_not_exists: false })
        }),
        1 => (table(), name("i")).prop_map(|(table, name)| {
            Op::DropIndex(DropIndex {
                name: Some(name.finalised()),
                schema: table.schema,
                table: Some(table.name),
                ..DropIndex::default()
            })
        }),
        2 => (table(), constraint()).prop_map(|(table, constraint)| {
            Op::AddConstraint(Box::new(AddConstraint { table, constraint }))
        }),
        1 => (table(), name("k")).prop_map(|(table, name)| {
            Op::DropConstraint(DropConstraint { table, name: Some(name), ..DropConstraint::default() })
        }),
    ]
}

fn executed(text: &str) -> Op {
    let clause = TextClause { text: text.into(), ..TextClause::default() };
    let statement = Statement::Text(clause);
    Op::Execute(Execute { statement, through: Through::Driver, options: Options::default() })
}

/// What can be asked about a schema, a line for each fact. A name that nobody gave is a dash: the
/// operation does not know it, the database's own is in the text's schema.
fn facts(
    schema: &Schema,
    dialect: &'static dyn Dialect,
    given: &BTreeSet<String>,
) -> BTreeSet<String> {
    let settings = Settings::default();
    let cx = Cx { dialect, settings: &settings, mode: Mode::Execute };
    let mut facts = BTreeSet::new();
    for table in schema.tables.values() {
        let name = &table.name;
        facts.insert(format!("{name}: {:?}", table.comment));
        for column in &table.columns {
            let type_ = match dialect.type_text(cx, &column.type_) {
                Ok(text) => text,
                Err(_) => "unknown".to_owned(),
            };
            let is_key = table.primary_key().contains(&column.name);
            let nullable = column.nullable.filter(|_| !is_key);
            let default = match &column.server_default {
                Some(ServerDefault::Str(text)) => format!("'{}'", text.as_str()),
                Some(ServerDefault::Expr(Expr::Text(text))) => text.text.as_str().to_owned(),
                None => "-".to_owned(),
                other => format!("{other:?}"),
            };
            let comment = &column.comment;
            facts.insert(format!(
                "{name}.{}: {type_} {nullable:?} {default} {comment:?}",
                column.name
            ));
        }
        for constraint in &table.constraints {
            let what = match &**constraint {
                Constraint::PrimaryKey(key) => format!("key {:?}", key.columns),
                Constraint::Unique(key) => format!("unique {:?}", key.columns),
                Constraint::ForeignKey(key) => {
                    format!("{:?} to {} {:?}", key.columns, key.referent, key.referent_columns)
                }
                other => format!("{other:?}"),
            };
            let what = what.replace('!', "");
            let own = constraint.name().map_or("-".to_owned(), |name| name.to_string());
            let unnamed = format!("{name}: - {what}");
            let named = format!("{name}: {own} {what}");
            facts.insert(if given.contains(&unnamed) && !given.contains(&named) {
                unnamed
            } else {
                named
            });
        }
        for index in &table.indexes {
            let columns = format!("{:?}", index.elements).replace('!', "");
            facts.insert(
                format!("{name} index {:?} {} {columns}", index.name, index.unique)
                    .replace('!', ""),
            );
        }
    }
    facts
}

fn round(ops: &[Op], dialect: &'static dyn Dialect) -> Result<(), TestCaseError> {
    let settings = Settings::default();
    let is_postgresql = dialect.facts().name == "postgresql";
    let mut by_op = Schema::empty(Some(&NamingConvention::sqlalchemy_default()));
    let mut by_text = by_op.clone();
    for op in ops {
        if !is_postgresql && (format!("{op:?}").contains("schema: Some") || says_comment(op)) {
            continue;
        }
        let (after, problems) = apply(&by_op, op);
        let rendered = render(&[Step::new(op.clone())], dialect, Mode::Execute, &settings);
        if !problems.is_empty() || rendered.status > Status::Derived {
            continue;
        }
        // PostgreSQL makes one of two keys over the same columns.
        if is_postgresql && after.tables.values().any(|table| has_twins(table)) {
            continue;
        }
        // What was part of a key still takes no NULL on PostgreSQL, whatever its column said.
        let loses_key = |table: &std::sync::Arc<revline_schema::Table>| {
            let now = after.table(&revline_schema::Key::from(&table.name));
            now.is_some_and(|now| now.primary_key().is_empty() && !table.primary_key().is_empty())
        };
        if is_postgresql && by_op.tables.values().any(loses_key) {
            continue;
        }
        // What one table is in doubt about, no text can say again.
        if after.tables.values().any(|table| !table.is_certain()) {
            break;
        }
        let mut texts = Vec::new();
        for statement in &rendered.statements {
            if statement.kind == StatementKind::Sql {
                texts.push(statement.text.clone());
            }
        }
        let whole = texts.join(";\n");
        prop_assert_eq!(statements(&whole, dialect).len(), texts.len(), "{}", whole);
        let steps = step_effects(&[Step::new(executed(&whole))], &by_text, dialect);
        let (next, problems) = apply_steps(&by_text, &steps);
        prop_assert!(problems.is_empty(), "{:?} from {}", problems, whole);
        by_op = after;
        by_text = next;
        prop_assert!(by_text.is_certain(), "{}", whole);
        prop_assert!(by_text.tables.values().all(|table| table.is_certain()), "{}", whole);
        let given = facts(&by_op, dialect, &BTreeSet::new());
        prop_assert_eq!(facts(&by_text, dialect, &given), given, "{}", whole);
    }
    Ok(())
}

fn has_twins(table: &revline_schema::Table) -> bool {
    let mut seen = BTreeSet::new();
    table.constraints.iter().any(|constraint| match &**constraint {
        Constraint::PrimaryKey(key) | Constraint::Unique(key) => !seen.insert(&key.columns),
        _ => false,
    })
}

/// SQLite has no comments: they are left out of its SQL.
fn says_comment(op: &Op) -> bool {
    match op {
        Op::TableComment(_) => true,
        Op::AlterColumn(op) => op.comment.is_given(),
        _ => false,
    }
}

const WORDS: &[&str] = &[
    "CREATE",
    "ALTER",
    "DROP",
    "TABLE",
    "INDEX",
    "TYPE",
    "AS",
    "ENUM",
    "(",
    ")",
    ",",
    ";",
    "'a'",
    "\"b\"",
    "t",
    "u",
    "int",
    "varchar",
    "DEFAULT",
    "NOT",
    "NULL",
    "PRIMARY",
    "KEY",
    "UNIQUE",
    "CHECK",
    "REFERENCES",
    "CONSTRAINT",
    "ADD",
    "COLUMN",
    "RENAME",
    "TO",
    "SET",
    "IF",
    "EXISTS",
    "ON",
    "USING",
    "WHERE",
    "$$",
    "DO",
    "BEGIN",
    "END",
    "EXECUTE",
    "SELECT",
    "f(",
    "[",
    "]",
    "1",
    ".",
    ":",
    "::",
    "--",
    "/*",
    "*/",
    "\\",
    "\n",
    "COMMENT",
    "IS",
    "FOREIGN",
    "CASCADE",
    "GENERATED",
    "ALWAYS",
    "IDENTITY",
    "EXCLUDE",
    "WITH",
    "VALUE",
    "INCLUDE",
    "COPY",
    "FROM",
    "stdin",
    "E'",
    "\u{e9}",
    "=",
    "INTO",
    "LIKE",
    "PARTITION",
    "BY",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn text_of_an_operation_does_what_the_operation_does(ops in vec(op(), 1..12)) {
        for name in ["postgresql", "sqlite"] {
            round(&ops, dialect(name).expect("it is registered"))?;
        }
    }

    #[test]
    fn any_words_are_read(words in vec(proptest::sample::select(WORDS), 0..60), text in ".{0,40}") {
        let mixed = words.join(" ") + &text;
        for name in ["postgresql", "sqlite"] {
            let dialect = dialect(name).expect("it is registered");
            for through in [Through::Operation, Through::Driver] {
                let Op::Execute(execute) = executed(&mixed) else { continue };
                let op = Op::Execute(Execute { through, ..execute });
                let mut schema = Schema::empty(None);
                for op in effects(&op, &schema, dialect) {
                    schema = apply(&schema, &op).0;
                }
            }
            let mut end = 0;
            for range in statements(&mixed, dialect) {
                prop_assert!(range.start() >= end && range.slice(&mixed).is_some());
                end = range.end();
            }
        }
    }
}
