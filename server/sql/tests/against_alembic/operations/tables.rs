//! Cases about tables, columns, constraints and indexes.

use revline_schema::*;

use super::short::*;

pub(crate) fn cases() -> Vec<(&'static str, Vec<Op>)> {
    vec![
        ("create_table", create_tables()),
        ("types", types()),
        ("postgresql_types", postgresql_types()),
        ("mysql_type", vec![add("t", column("x", vendor("mysql", "LONGTEXT", none())))]),
        ("keys_1", keys_1()),
        ("keys_2", keys_2()),
        ("defaults", defaults()),
        ("quoting", quoting()),
        ("no_type", vec![create_table("a", vec![column("x", SqlType::default()).into()])]),
        ("generated", generated()),
        ("indexes", indexes()),
        (
            "long_final_name",
            vec![index("t", Name::new(long()).finalised(), vec!["x".into()], none())],
        ),
        ("long_name", vec![index("t", Name::new(long()), vec!["x".into()], none())]),
        ("alter_all", alter_all()),
        ("alter_each", alter_each()),
        ("alter_identity", alter_identity()),
        ("foreign_keys", foreign_keys()),
        ("constraints", constraints()),
        ("drop_unnamed", vec![drop_constraint("a", None, Some(ConstraintKind::ForeignKey))]),
        ("convention", convention()),
        ("tables", tables()),
        ("add_column", add_columns()),
        ("add_column_with_key", vec![add("t", with_key())]),
        ("type_and_block", type_and_block()),
        ("batch_plain", batch_plain()),
        ("batch_alter", batch_alter()),
        ("batch_default", batch_default()),
        ("batch_placed", batch_placed()),
        ("copy_from", copy_from()),
        (
            "stray_unique",
            vec![create_table(
                "t",
                vec![integer("a").into(), Constraint::Unique(key(None, &["b"])).into()],
            )],
        ),
        (
            "stray_key",
            vec![create_table(
                "t",
                vec![integer("a").into(), Constraint::PrimaryKey(key(None, &["b"])).into()],
            )],
        ),
        ("stray_reference", stray_reference()),
        (
            "type_name_taken",
            vec![create_table("t", vec![column("a", enum_type(enum_("text", &["x"]))).into()])],
        ),
        ("included", included()),
        ("more_columns", more_columns()),
        ("keyword_1", vec![index("t", "i", vec!["x".into()], none().with("postgresql_foo", 1))]),
        ("keyword_2", vec![index("t", "i", vec!["x".into()], none().with("foo", 1))]),
    ]
}

fn long() -> String {
    format!("ix_{}", "a".repeat(70))
}

fn integer(name: &str) -> Column {
    column(name, TypeKind::Integer)
}

fn create_tables() -> Vec<Op> {
    let checked =
        EnumType { create_constraint: true, native_enum: false, ..enum_("en", &["a", "b'c"]) };
    let key = ForeignKey { rules: on_delete("CASCADE"), ..points_to("o", "id") };
    let boolean = TypeKind::Boolean(Boolean { create_constraint: true, name: None });
    let number = TypeKind::Numeric(Decimal { precision: Some(5), scale: Some(2) });
    vec![create_table(
        "t",
        vec![
            Column { primary_key: true, ..integer("id") }.into(),
            column("b", boolean).into(),
            column("e", enum_type(checked)).into(),
            Column {
                unique: true,
                server_default: Some(ServerDefault::Str("x'y".into())),
                ..column("u", SqlType::string(5))
            }
            .into(),
            Column {
                server_default: default_expr(Expr::function("now", vec![])),
                ..column("d", TypeKind::DateTime { timezone: false })
            }
            .into(),
            Column { server_default: default_expr(text("0")), ..column("n", number) }.into(),
            Column { foreign_keys: vec![key], ..integer("f") }.into(),
            Constraint::Unique(super::short::key(Some("q"), &["b", "u"])).into(),
            Constraint::Check(check(None, "n > 1")).into(),
        ],
    )]
}

fn types() -> Vec<Op> {
    let precise = |precision| Decimal { precision: Some(precision), scale: None };
    let zoned = TypeKind::DateTime { timezone: true };
    let unicode = Characters { length: Some(5), collation: Some("en_US".into()) };
    let emulated = Interval { native: false, ..Interval::default() };
    let fsp = vendor("mysql", "DATETIME", none().with("fsp", 6));
    let stamp = vendor("postgresql", "TIMESTAMP", none().with("precision", 3));
    let columns: Vec<(&str, SqlType)> = vec![
        ("a", TypeKind::Interval(Interval::default()).into()),
        ("b", TypeKind::PickleType.into()),
        ("c", TypeKind::Float(precise(5)).into()),
        ("d", TypeKind::Double(Decimal::default()).into()),
        ("e", enum_type(enum_("x", &["a", "bcd"]))),
        ("f", TypeKind::Uuid { native: true }.into()),
        ("g", std(Standard::Uuid)),
        ("h", TypeKind::Json.into()),
        ("i", TypeKind::LargeBinary(Some(5)).into()),
        ("j", zoned.into()),
        ("k", TypeKind::Time { timezone: false }.into()),
        ("l", TypeKind::Unicode(unicode).into()),
        ("m", std(Standard::Timestamp { timezone: true })),
        ("n", std(Standard::Char(Characters::of(3)))),
        ("o", std(Standard::Real(Decimal::default()))),
        ("p", TypeKind::Boolean(Boolean::default()).into()),
        ("q", SqlType::new(TypeKind::BigInteger).with_variant(TypeKind::Integer.into(), "sqlite")),
        ("r", fsp),
        ("s", TypeKind::Interval(emulated).into()),
        ("u", stamp),
        ("v", std(Standard::DateTime { timezone: true })),
        ("w", std(Standard::Varchar(Characters::default()))),
        ("x", TypeKind::Text(Characters::default()).into()),
        ("y", TypeKind::SmallInteger.into()),
        ("z", TypeKind::Date.into()),
        ("aa", TypeKind::Uuid { native: false }.into()),
        ("ab", std(Standard::Decimal(precise(5)))),
        ("ac", std(Standard::Varbinary(Some(7)))),
        ("ad", std(Standard::Uuid)),
        ("ae", std(Standard::DoublePrecision(Decimal::default()))),
        ("af", vendor("mysql", "VARCHAR", none().with("length", 5))),
    ];
    vec![create_table(
        "t",
        columns.into_iter().map(|(name, type_)| column(name, type_).into()).collect(),
    )]
}

fn postgresql_types() -> Vec<Op> {
    let postgresql = |name: &str, options| vendor("postgresql", name, options);
    let string = Characters { length: Some(5), collation: Some("C".into()) };
    let interval = none().with("fields", "DAY TO SECOND").with("precision", 3);
    let columns: Vec<(&str, SqlType)> = vec![
        ("a", postgresql("JSONB", none())),
        ("b", array(TypeKind::String(string).into(), Some(2))),
        ("c", postgresql("INTERVAL", interval)),
        ("d", postgresql("BIT", none().with("length", 3))),
        ("e", postgresql("CITEXT", none())),
        ("f", postgresql("TSVECTOR", none())),
        ("g", postgresql("INET", none())),
        ("h", postgresql("BYTEA", none())),
        ("i", array(enum_type(enum_("arr", &["p"])), None)),
        ("j", postgresql("TIME", none().with("timezone", true).with("precision", 2))),
    ];
    vec![create_table(
        "t",
        columns.into_iter().map(|(name, type_)| column(name, type_).into()).collect(),
    )]
}

fn keys_1() -> Vec<Op> {
    vec![create_table(
        "a",
        vec![
            Column { primary_key: true, ..column("x", SqlType::string(5)) }.into(),
            Column { primary_key: true, autoincrement: Autoincrement::True, ..integer("y") }.into(),
        ],
    )]
}

fn keys_2() -> Vec<Op> {
    let pk = |column: Column| Column { primary_key: true, ..column };
    let small = column("x", TypeKind::SmallInteger);
    let far = ForeignKeyConstraint {
        columns: names(&["k"]),
        referent: TableName::in_schema("s", "o"),
        referent_columns: names(&["id"]),
        rules: ReferenceRules {
            on_update: Some("SET NULL".into()),
            match_: Some("FULL".into()),
            ..ReferenceRules::default()
        },
        ..ForeignKeyConstraint::default()
    };
    vec![
        create_table("a", vec![pk(integer("x")).into(), pk(integer("y")).into()]),
        create_table(
            "a",
            vec![Column { foreign_keys: vec![points_to("b", "c")], ..pk(integer("x")) }.into()],
        ),
        create_table(
            "a",
            vec![
                Column { nullable: Some(true), ..integer("x") }.into(),
                Constraint::PrimaryKey(key(None, &["x"])).into(),
            ],
        ),
        create_table(
            "a",
            vec![
                Column { checks: vec![check(Some("n"), "x > 1")], ..integer("x") }.into(),
                Column { unique: true, autoincrement: Autoincrement::False, ..pk(integer("y")) }
                    .into(),
            ],
        ),
        create_table(
            "a",
            vec![
                Column {
                    server_default: Some(ServerDefault::Str("5".into())),
                    ..pk(small.clone())
                }
                .into(),
            ],
        ),
        create_table("a", vec![pk(small).into()]),
        create_table(
            "a",
            vec![
                Column {
                    autoincrement: Autoincrement::True,
                    nullable: Some(false),
                    ..column("x", TypeKind::BigInteger)
                }
                .into(),
                Constraint::PrimaryKey(key(Some("pk_a"), &["x"])).into(),
            ],
        ),
        create_table("a", vec![]),
        Op::CreateTable(CreateTable {
            table: TableName::in_schema("Sch", "S"),
            items: vec![
                integer("id").into(),
                column("k", TypeKind::BigInteger).into(),
                Constraint::PrimaryKey(key(Some("pk"), &["k", "id"])).into(),
                Constraint::ForeignKey(far).into(),
            ],
            comment: Some("x".into()),
            ..CreateTable::default()
        }),
    ]
}

fn defaults() -> Vec<Op> {
    let string = || SqlType::new(TypeKind::String(Characters::default()));
    let moment = || SqlType::new(TypeKind::DateTime { timezone: false });
    let with = |name: &str, type_: SqlType, default: Expr| Column {
        server_default: default_expr(default),
        ..column(name, type_)
    };
    vec![create_table(
        "a",
        vec![
            with("x", string(), text("'a' || 'b'")).into(),
            with("y", string(), text("(1)")).into(),
            with("z", TypeKind::Boolean(Boolean::default()).into(), Expr::True).into(),
            with("w", moment(), text("now()")).into(),
            Column {
                nullable: Some(false),
                ..with("v", moment(), Expr::function("current_timestamp", vec![]))
            }
            .into(),
            Column { server_default: Some(ServerDefault::Str("0".into())), ..integer("u") }.into(),
            with("t", TypeKind::Integer.into(), text("CURRENT_TIMESTAMP")).into(),
            with("s", string(), text("'a:b'::text")).into(),
        ],
    )]
}

fn quoting() -> Vec<Op> {
    let later = ForeignKey {
        name: Some("q".into()),
        referent: TableName::in_schema("s", "b"),
        use_alter: true,
        ..points_to("b", "c")
    };
    let mut items = vec![Column { foreign_keys: vec![later], ..integer("x") }.into()];
    for name in ["order", "1a", "aB", "user", "key", "a b\"c"] {
        items.push(integer(name).into());
    }
    vec![create_table("a", items)]
}

fn generated() -> Vec<Op> {
    let id = SqlType::new(TypeKind::BigInteger).with_variant(TypeKind::Integer.into(), "sqlite");
    let identity = Identity {
        sequence: SequenceOptions {
            start: Some(5),
            cycle: Some(true),
            ..SequenceOptions::default()
        },
        ..Identity::default()
    };
    let computed = Computed { expression: text("id + 1"), persisted: Some(true) };
    let strings = array(SqlType::string(5), None).with_variant(TypeKind::Json.into(), "sqlite");
    let small = || enum_type(enum_("x", &["a"]));
    vec![
        Op::CreateTable(CreateTable {
            table: "t".into(),
            items: vec![
                Column { primary_key: true, ..column("id", id) }.into(),
                Column { server_default: Some(ServerDefault::Identity(identity)), ..integer("o") }
                    .into(),
                Column { server_default: Some(ServerDefault::Computed(computed)), ..integer("p") }
                    .into(),
                column("z", strings).into(),
                column("e1", small()).into(),
                column("e2", small()).into(),
                Column { index: true, unique: true, comment: Some("c'd".into()), ..integer("i") }
                    .into(),
            ],
            if_not_exists: true,
            comment: Some("t'c".into()),
            options: none()
                .with("sqlite_autoincrement", true)
                .with("postgresql_partition_by", "RANGE (id)"),
            ..CreateTable::default()
        }),
        Op::CreateTable(CreateTable {
            table: "t3".into(),
            items: vec![column("e1", small()).into()],
            prefixes: vec!["TEMPORARY".into()],
            ..CreateTable::default()
        }),
    ]
}

fn indexes() -> Vec<Op> {
    let classes = [("y", "gin_trgm_ops"), ("lower(x)", "text_ops"), ("lower", "no_ops")];
    let class = classes.map(|(key, class)| (key.into(), class.into())).to_vec();
    let fill = vec![("fillfactor".into(), Literal::Int(50))];
    let options = [
        ("postgresql_where", expr(text("a = 'x'"))),
        ("postgresql_using", "GIN".into()),
        ("postgresql_ops", Literal::Dict(class)),
        ("sqlite_where", expr(text("a = 1"))),
        ("postgresql_include", Literal::List(vec!["q".into()])),
        ("postgresql_with", Literal::Dict(fill)),
    ];
    let options = options.into_iter().fold(none(), |all, (key, value)| all.with(key, value));
    let desc = Expr::Unary { op: UnaryOp::Desc, operand: bare("x").into() };
    let sum = binary(BinaryOp::Add, bare("a"), bare("b"));
    let elements = vec![
        IndexElement::Expr(text("lower(x)")),
        "y".into(),
        IndexElement::Expr(Expr::function("lower", vec![bare("z")])),
    ];
    vec![
        Op::CreateIndex(CreateIndex {
            table: "t".into(),
            index: Index {
                name: Some("i".into()),
                elements,
                unique: true,
                options,
                ..Index::default()
            },
            if_not_exists: false,
        }),
        Op::CreateIndex(CreateIndex {
            table: TableName::in_schema("s", "t"),
            index: Index {
                name: Some("i".into()),
                elements: vec![IndexElement::Expr(desc), IndexElement::Expr(text("y DESC"))],
                options: none()
                    .with("postgresql_concurrently", true)
                    .with("postgresql_nulls_not_distinct", true),
                ..Index::default()
            },
            if_not_exists: true,
        }),
        index("t", "i", vec![IndexElement::Expr(sum)], none()),
        index(
            "t",
            Name::new("ix_a").finalised(),
            vec!["x".into()],
            none().with("postgresql_where", expr(eq(bare("x"), value("a")))),
        ),
        index("t", "i2", vec!["x".into()], none().with("postgresql_where", "x IS NOT NULL")),
        Op::DropIndex(DropIndex {
            name: Some("i".into()),
            table: Some("t".into()),
            schema: Some("s".into()),
            if_exists: true,
            options: none().with("postgresql_concurrently", true),
        }),
        Op::DropIndex(DropIndex { name: Some("i".into()), ..DropIndex::default() }),
    ]
}

fn alter_all() -> Vec<Op> {
    vec![alter(|op| {
        op.nullable = Some(false);
        op.server_default = Given::Some(ServerDefault::Str("x".into()));
        op.type_ = Some(TypeKind::Text(Characters::default()).into());
        op.new_name = Some("d".into());
        op.existing_type = Some(SqlType::string(5));
        op.comment = Given::Some("hi".into());
        op.options = none().with("postgresql_using", "c::text");
    })]
}

fn alter_each() -> Vec<Op> {
    let default =
        |expr: Expr| alter(|op| op.server_default = Given::Some(ServerDefault::Expr(expr)));
    let checked = |value: &str| {
        enum_type(EnumType { native_enum: false, create_constraint: true, ..enum_("en", &[value]) })
    };
    let boolean = Boolean { create_constraint: true, name: Some("zz".into()) };
    vec![
        alter(|op| {
            op.table = TableName::in_schema("a.b", "t");
            op.server_default = Given::None;
        }),
        default(text("now()")),
        default(Expr::function("now", vec![])),
        default(Expr::False),
        alter(|op| op.new_name = Some("Upper".into())),
        alter(|op| {
            op.type_ = Some(TypeKind::Integer.into());
            op.existing_type = Some(TypeKind::Boolean(boolean).into());
        }),
        alter(|op| {
            op.type_ = Some(checked("a"));
            op.existing_type = Some(checked("b"));
        }),
        alter(|op| {
            op.type_ = Some(enum_type(enum_("en", &["a"])));
            op.nullable = Some(true);
        }),
    ]
}

fn alter_identity() -> Vec<Op> {
    let identity = || ServerDefault::Identity(Identity::default());
    vec![
        alter(|op| op.server_default = Given::Some(identity())),
        alter(|op| {
            op.server_default = Given::None;
            op.existing_server_default = Given::Some(identity());
        }),
    ]
}

fn simple_key(name: Option<&str>, referent: TableName, remote: &str) -> ForeignKeyConstraint {
    ForeignKeyConstraint {
        name: name.map(Name::from),
        columns: names(&["x"]),
        referent,
        referent_columns: names(&[remote]),
        ..ForeignKeyConstraint::default()
    }
}

fn foreign_keys() -> Vec<Op> {
    let deferred = Deferral { deferrable: None, initially: Some("DEFERRED".into()) };
    vec![
        constraint(
            TableName::in_schema("s", "a"),
            Constraint::ForeignKey(ForeignKeyConstraint {
                rules: on_delete("CASCADE"),
                options: none().with("postgresql_not_valid", true),
                ..simple_key(Some("fk"), TableName::in_schema("r", "b"), "y")
            }),
        ),
        constraint(
            "a".into(),
            Constraint::ForeignKey(ForeignKeyConstraint {
                rules: ReferenceRules { deferral: deferred, ..ReferenceRules::default() },
                ..simple_key(None, "b".into(), "y")
            }),
        ),
    ]
}

fn constraints() -> Vec<Op> {
    let values = Expr::List(vec![value("a"), value("b")]);
    let unique = KeyConstraint {
        options: none().with("postgresql_nulls_not_distinct", true),
        ..key(Some("u"), &["x", "y"])
    };
    let exclude = ExcludeConstraint {
        name: Some("e".into()),
        elements: vec![("x".into(), "=".into()), (IndexElement::Expr(bare("y")), "&&".into())],
        using: Some("gist".into()),
        condition: Some(text("z")),
        ..ExcludeConstraint::default()
    };
    vec![
        constraint(TableName::in_schema("s", "a"), Constraint::Unique(unique)),
        constraint(
            "a".into(),
            Constraint::Check(check_expr(Some("c"), binary(BinaryOp::Gt, bare("x"), value(5)))),
        ),
        constraint("a".into(), Constraint::Check(check(Some("c"), "x > 5"))),
        constraint(
            "a".into(),
            Constraint::Check(check_expr(Some("c"), among(bare("x"), values, false))),
        ),
        constraint("a".into(), Constraint::PrimaryKey(key(Some("p"), &["x", "y"]))),
        constraint("a".into(), Constraint::Exclude(exclude)),
        Op::DropConstraint(DropConstraint {
            table: TableName::in_schema("s", "a"),
            name: Some("u".into()),
            kind: Some(ConstraintKind::Unique),
            if_exists: true,
        }),
        drop_constraint("a", Some("u"), None),
    ]
}

fn convention() -> Vec<Op> {
    let boolean = Boolean { create_constraint: true, name: Some("bb".into()) };
    let final_check =
        CheckConstraint { name: Some(Name::new("nm2").finalised()), ..check(None, "b") };
    vec![
        create_table(
            "t",
            vec![
                Column { primary_key: true, ..integer("id") }.into(),
                Column { unique: true, ..integer("u") }.into(),
                Column { foreign_keys: vec![points_to("o", "id")], index: true, ..integer("i") }
                    .into(),
                Constraint::Check(check(Some("nm"), "a")).into(),
                Constraint::Check(final_check).into(),
                Constraint::Unique(key(Some("given"), &["u", "i"])).into(),
                Column {
                    checks: vec![check(Some("zz"), "z")],
                    ..column("b", TypeKind::Boolean(boolean))
                }
                .into(),
            ],
        ),
        constraint("t".into(), Constraint::Unique(key(None, &["a", "b"]))),
        constraint("t".into(), Constraint::Check(check(Some("nm"), "x"))),
        drop_constraint("t", Some("nm"), Some(ConstraintKind::Check)),
        drop_constraint("t", Some("nm"), Some(ConstraintKind::Unique)),
        drop_constraint("t", Some("nm"), None),
        constraint("t".into(), Constraint::PrimaryKey(key(None, &["a"]))),
    ]
}

fn tables() -> Vec<Op> {
    let comment = |text: Option<&str>| {
        Op::TableComment(TableComment {
            table: "a".into(),
            comment: text.map(SourceText::from),
            is_drop: text.is_none(),
            ..TableComment::default()
        })
    };
    vec![
        Op::RenameTable(RenameTable {
            table: TableName::in_schema("s.t", "a"),
            new_name: "B".into(),
        }),
        Op::DropTable(DropTable {
            table: TableName::in_schema("s", "a"),
            if_exists: true,
            ..DropTable::default()
        }),
        comment(Some("x'y")),
        comment(None),
        Op::DropColumn(DropColumn {
            table: TableName::in_schema("s", "a"),
            column: "x".into(),
            if_exists: true,
            ..DropColumn::default()
        }),
    ]
}

fn add_columns() -> Vec<Op> {
    let boolean = Boolean { create_constraint: true, name: Some("q".into()) };
    let added = |change: fn(&mut AddColumn), column: Column| {
        let mut op = AddColumn { table: "a".into(), column, ..AddColumn::default() };
        change(&mut op);
        Op::AddColumn(Box::new(op))
    };
    let reference =
        ForeignKey { name: Some("f".into()), rules: on_delete("CASCADE"), ..points_to("b", "c") };
    vec![
        added(
            |op| op.table = TableName::in_schema("s.t", "a"),
            Column {
                server_default: default_expr(Expr::False),
                nullable: Some(false),
                ..column("x", TypeKind::Boolean(boolean))
            },
        ),
        added(
            |op| (op.if_not_exists, op.inline_primary_key) = (true, true),
            Column { primary_key: true, ..integer("x") },
        ),
        added(
            |op| op.inline_references = true,
            Column { foreign_keys: vec![reference], ..integer("x") },
        ),
        added(
            |_| {},
            Column {
                nullable: Some(false),
                index: true,
                comment: Some("it's".into()),
                ..column("x", enum_type(enum_("z", &["a"])))
            },
        ),
        added(|_| {}, Column { checks: vec![check(None, "x > 1")], unique: true, ..integer("x") }),
    ]
}

fn with_key() -> Column {
    let deferral = Deferral { deferrable: Some(true), initially: Some("DEFERRED".into()) };
    let key = ForeignKey {
        name: Some("n".into()),
        rules: ReferenceRules { deferral, ..ReferenceRules::default() },
        ..points_to("o", "id")
    };
    Column { foreign_keys: vec![key], ..integer("x") }
}

fn type_and_block() -> Vec<Op> {
    let plain = || enum_type(enum_("en", &["a"]));
    let postgresql = |enum_: EnumType| EnumType { flavour: EnumFlavour::Postgresql, ..enum_ };
    let apart = postgresql(EnumType { schema: Some("s".into()), ..enum_("en", &["a"]) });
    let existing = postgresql(EnumType { create_type: false, ..enum_("en2", &["a"]) });
    vec![
        Op::CreateType(TypeOp { type_: plain(), ..TypeOp::default() }),
        Op::CreateType(TypeOp { type_: plain(), checkfirst: Some(true), ..TypeOp::default() }),
        Op::DropType(TypeOp { type_: enum_type(apart), ..TypeOp::default() }),
        Op::AutocommitBlock(AutocommitBlock {
            steps: vec![Step::new(execute_text("ALTER TYPE x ADD VALUE 'y'"))],
        }),
        create_table(
            "t",
            vec![
                column("e", enum_type(existing)).into(),
                column("f", enum_type(postgresql(enum_("en3", &["a"])))).into(),
            ],
        ),
    ]
}

fn batch_plain() -> Vec<Op> {
    vec![batch(
        "t".into(),
        vec![
            add("t", Column { index: true, ..integer("x") }),
            index("t", "i", vec!["x".into()], none()),
            execute_text("second"),
            Op::DropIndex(DropIndex {
                name: Some("z".into()),
                table: Some("t".into()),
                ..DropIndex::default()
            }),
        ],
    )]
}

fn batch_alter() -> Vec<Op> {
    let table = || TableName::in_schema("s", "t");
    let change = AlterColumn {
        table: table(),
        column: "x".into(),
        nullable: Some(false),
        existing_type: Some(TypeKind::Integer.into()),
        type_: Some(TypeKind::BigInteger.into()),
        ..AlterColumn::default()
    };
    let key = ForeignKeyConstraint {
        rules: on_delete("CASCADE"),
        ..simple_key(Some("f"), "o".into(), "id")
    };
    vec![batch(
        table(),
        vec![
            Op::AlterColumn(Box::new(change)),
            constraint(table(), Constraint::Unique(super::short::key(Some("u"), &["x"]))),
            constraint(table(), Constraint::ForeignKey(key)),
            Op::DropConstraint(DropConstraint {
                table: table(),
                name: Some("q".into()),
                kind: Some(ConstraintKind::Unique),
                if_exists: false,
            }),
            Op::DropColumn(DropColumn {
                table: table(),
                column: "y".into(),
                ..DropColumn::default()
            }),
        ],
    )]
}

fn batch_default() -> Vec<Op> {
    let column = Column { server_default: default_expr(text("1")), ..integer("x") };
    vec![batch("t".into(), vec![add("t", column)])]
}

fn batch_placed() -> Vec<Op> {
    let op = AddColumn {
        table: "t".into(),
        column: integer("x"),
        insert_after: Some("z".into()),
        ..AddColumn::default()
    };
    vec![batch("t".into(), vec![Op::AddColumn(Box::new(op))])]
}

fn copy_from() -> Vec<Op> {
    let flag = TypeKind::Boolean(Boolean { create_constraint: true, name: Some("f".into()) });
    let index = Index { name: Some("ix".into()), elements: vec!["k".into()], ..Index::default() };
    let table = CreateTable {
        table: "t".into(),
        items: vec![
            Column { primary_key: true, ..integer("id") }.into(),
            Column { index: true, ..integer("a") }.into(),
            column("f", flag).into(),
            Column { default: Some(PythonDefault::Value(5.into())), ..integer("k") }.into(),
            Constraint::Unique(key(Some("q"), &["k"])).into(),
            index.into(),
        ],
        ..CreateTable::default()
    };
    let rename = alter(|op| {
        op.column = "a".into();
        op.new_name = Some("b".into());
        op.nullable = Some(false);
    });
    let retype = alter(|op| {
        op.column = "k".into();
        op.type_ = Some(SqlType::string(5));
        op.existing_type = Some(TypeKind::Integer.into());
    });
    let steps = vec![rename, retype, add("t", column("z", TypeKind::Date))];
    vec![Op::Batch(Batch {
        table: "t".into(),
        options: BatchOptions { copy_from: Some(Box::new(table)), ..BatchOptions::default() },
        steps: steps.into_iter().map(Step::new).collect(),
    })]
}

fn stray_reference() -> Vec<Op> {
    let key = ForeignKey { referent: "o".into(), ..ForeignKey::default() };
    vec![create_table("t", vec![Column { foreign_keys: vec![key], ..integer("a") }.into()])]
}

fn included() -> Vec<Op> {
    let deferred = KeyConstraint {
        deferral: Deferral { deferrable: Some(true), initially: Some("DEFERRED".into()) },
        ..key(Some("u"), &["a"])
    };
    let list = Literal::List(vec!["b".into()]);
    let including = KeyConstraint {
        options: none().with("postgresql_include", list),
        ..key(Some("u"), &["a"])
    };
    vec![
        constraint("t".into(), Constraint::Unique(deferred)),
        constraint("t".into(), Constraint::Unique(including)),
    ]
}

fn more_columns() -> Vec<Op> {
    let existing = EnumType { flavour: EnumFlavour::Postgresql, ..enum_("e", &["x"]) };
    let identity = Identity { always: true, ..Identity::default() };
    let computed = Computed { expression: text("b * 2"), persisted: None };
    let with = |default: ServerDefault| Column { server_default: Some(default), ..integer("a") };
    vec![
        add(
            "t",
            Column {
                server_default: Some(ServerDefault::Str("x".into())),
                nullable: Some(false),
                ..column("a", enum_type(existing))
            },
        ),
        add("t", with(ServerDefault::Identity(identity))),
        add("t", with(ServerDefault::Computed(computed))),
        add("t", Column { primary_key: true, autoincrement: Autoincrement::True, ..integer("a") }),
        add("t", Column { index: true, unique: true, ..integer("a") }),
        Op::AddColumn(Box::new(AddColumn {
            table: TableName::in_schema("s", "t"),
            column: Column { index: true, ..integer("a") },
            ..AddColumn::default()
        })),
        Op::CreateIndex(CreateIndex {
            table: "t".into(),
            index: Index { elements: vec!["a".into(), "b".into()], ..Index::default() },
            if_not_exists: false,
        }),
    ]
}
