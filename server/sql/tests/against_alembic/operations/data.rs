//! Cases about statements and rows.

use std::collections::BTreeMap;

use revline_schema::*;

use super::short::*;

pub(crate) fn cases() -> Vec<(&'static str, Vec<Op>)> {
    vec![
        ("execute", executes()),
        ("dml", dml()),
        ("queries", queries()),
        ("literals", literals()),
        ("literal_json", literal_json()),
        ("literal_untyped", literal_untyped()),
        ("unknown_column", unknown_column()),
        ("insert_into_table", insert_into_table()),
        ("sequences", sequences()),
        ("values", values()),
    ]
}

fn string() -> Option<SqlType> {
    Some(TypeKind::String(Characters::default()).into())
}

fn integer() -> Option<SqlType> {
    Some(TypeKind::Integer.into())
}

fn executes() -> Vec<Op> {
    let bind = Bind { value: "it's".into(), type_: None };
    vec![
        execute_text(r"UPDATE t SET a = 'x:y', b = :name, c = a::int, d='\:foo' WHERE z LIKE '%x'"),
        execute(Statement::Text(TextClause {
            text: "select :a".into(),
            binds: BTreeMap::from([("a".into(), bind)]),
        })),
        execute_text("\tSELECT\t1;  \n"),
    ]
}

fn dml() -> Vec<Op> {
    let boolean = Some(SqlType::new(TypeKind::Boolean(Boolean::default())));
    let t = table("t", &[("a", string()), ("b", integer()), ("c", boolean)]);
    let (a, b, c) = (|| of(&t, "a"), || of(&t, "b"), || of(&t, "c"));
    let is = |left: Expr, right: Expr| binary(BinaryOp::Is, left, right);
    let none = || value(Literal::None);
    let like = |negated_by_not: bool, pattern: &str, case_insensitive: bool| {
        let like = Expr::Like {
            operand: a().into(),
            pattern: value(pattern).into(),
            escape: None,
            negated: false,
            case_insensitive,
        };
        if negated_by_not { not(like) } else { like }
    };
    let list = |items: &[&str]| Expr::List(items.iter().map(|item| value(*item)).collect());
    vec![
        update(
            &t,
            vec![("b", value(5)), ("c", value(true)), ("a", none())],
            vec![eq(a(), Expr::InlineLiteral(Bind { value: "x".into(), type_: None }))],
        ),
        update(
            &t,
            vec![("c", Expr::True)],
            vec![Expr::Or(vec![
                eq(a(), value("x")),
                Expr::And(vec![binary(BinaryOp::Gt, b(), value(3)), is(c(), none())]),
            ])],
        ),
        delete(&t, among(a(), list(&["x", "y"]), false)),
        insert(&t, vec![vec![("c", value(false)), ("a", value("q"))]]),
        bulk(&t, vec![vec![("c", true.into()), ("a", "z".into()), ("b", Literal::None)]]),
        execute(Statement::Select(
            Select {
                columns: vec![a()],
                conditions: vec![binary(BinaryOp::IsNot, b(), none())],
                ..Select::default()
            }
            .into(),
        )),
        update(
            &t,
            vec![("b", binary(BinaryOp::Add, b(), value(1)))],
            vec![like(true, "x%", false)],
        ),
        update(
            &t,
            vec![(
                "b",
                Expr::Case {
                    value: None,
                    whens: vec![(eq(a(), value("x")), value(1))],
                    otherwise: Some(
                        Expr::Cast { operand: a().into(), type_: TypeKind::Integer.into() }.into(),
                    ),
                },
            )],
            vec![eq(c(), value(false))],
        ),
        delete(&t, Expr::And(vec![c(), not(c())])),
        delete(&t, not(among(a(), list(&["x"]), false))),
        delete(&t, not(Expr::Or(vec![eq(a(), value("x")), eq(a(), none())]))),
        delete(
            &t,
            Expr::Between {
                operand: b().into(),
                low: value(1).into(),
                high: value(2).into(),
                negated: false,
            },
        ),
        delete(&t, like(false, "x%", true)),
        delete(&t, among(a(), list(&[]), false)),
        delete(&t, among(a(), list(&[]), true)),
        update(&t, vec![("a", binary(BinaryOp::Add, a(), value("x")))], vec![]),
        update(&t, vec![("a", Expr::function("concat", vec![a(), value("x"), value(1)]))], vec![]),
        update(
            &t,
            vec![("b", binary(BinaryOp::Mul, binary(BinaryOp::Add, b(), value(2)), value(3)))],
            vec![],
        ),
        update(&t, vec![("b", binary(BinaryOp::Div, b(), value(2)))], vec![]),
        update(&t, vec![("b", Expr::Unary { op: UnaryOp::Negative, operand: b().into() })], vec![]),
        update(&t, vec![("b", text("1 + 1")), ("a", Expr::LiteralColumn("'z'".into()))], vec![]),
        insert(&t, vec![vec![("a", value("x"))], vec![("a", value("y"))]]),
        delete(&t, Expr::True),
        delete(&t, Expr::And(vec![Expr::True, eq(a(), value("x")), Expr::True])),
        delete(&t, Expr::Or(vec![eq(a(), value("x")), Expr::True])),
        delete(&t, Expr::Or(vec![Expr::False, c()])),
        delete(&t, Expr::And(vec![eq(a(), value("x")), Expr::False])),
        delete(&t, Expr::Or(vec![Expr::False, Expr::False])),
    ]
}

fn queries() -> Vec<Op> {
    let t = table("t", &[("a", string()), ("b", integer())]);
    let o = table("o", &[("q", string()), ("b", integer())]);
    let same = || eq(of(&o, "b"), of(&t, "b"));
    let query = |columns: Vec<Expr>, conditions: Vec<Expr>| Select {
        columns,
        conditions,
        ..Select::default()
    };
    let limited = Select { limit: Some(value(1).into()), ..query(vec![of(&o, "q")], vec![same()]) };
    let label = Expr::Label { operand: of(&t, "a").into(), name: "z".into() };
    let desc = Expr::Unary { op: UnaryOp::Desc, operand: of(&t, "a").into() };
    vec![
        update(&t, vec![("a", Expr::Select(limited.into()))], vec![]),
        delete(
            &t,
            among(of(&t, "a"), Expr::Select(query(vec![of(&o, "q")], vec![]).into()), false),
        ),
        update(&t, vec![("a", of(&o, "q"))], vec![eq(of(&t, "b"), of(&o, "b"))]),
        execute(Statement::Insert(
            Insert {
                table: t.clone(),
                from_select: Some((
                    names(&["a", "b"]),
                    query(
                        vec![of(&o, "q"), of(&o, "b")],
                        vec![binary(BinaryOp::Gt, of(&o, "b"), value(5))],
                    )
                    .into(),
                )),
                ..Insert::default()
            }
            .into(),
        )),
        execute(Statement::Select(
            Select {
                columns: vec![Expr::function("count", vec![])],
                from: vec![t.clone()],
                ..Select::default()
            }
            .into(),
        )),
        execute(Statement::Select(
            Select {
                columns: vec![Expr::function("max", vec![of(&t, "b")]), label],
                order_by: vec![desc],
                group_by: vec![of(&t, "a")],
                ..Select::default()
            }
            .into(),
        )),
        delete(&t, Expr::Exists(query(vec![of(&o, "q")], vec![same()]).into())),
    ]
}

fn literals() -> Vec<Op> {
    let t = table(
        "t",
        &[
            ("d", Some(TypeKind::DateTime { timezone: false }.into())),
            ("dd", Some(TypeKind::Date.into())),
            ("tt", Some(TypeKind::Time { timezone: false }.into())),
            ("u", Some(TypeKind::Uuid { native: true }.into())),
            ("n", Some(TypeKind::Numeric(Decimal::default()).into())),
            ("e", Some(enum_type(enum_("en", &["x", "y"])))),
        ],
    );
    let row = |name: &'static str, value: Literal| vec![(name, value)];
    vec![
        bulk(
            &t,
            vec![
                row("d", Literal::DateTime("2020-01-02 03:04:05".into())),
                row("d", Literal::DateTime("2020-01-02 03:04:05.000006".into())),
                row("dd", Literal::Date("2020-01-02".into())),
                row("tt", Literal::Time("01:02:03".into())),
            ],
        ),
        bulk(
            &t,
            vec![
                row("u", Literal::Uuid("12345678-1234-1234-1234-123456789abc".into())),
                row("n", Literal::Int(5)),
                row("n", Literal::Float("5.5".into())),
                row("n", Literal::Decimal("1.50".into())),
                row("e", "x".into()),
            ],
        ),
        update(&t, vec![("e", value("y"))], vec![eq(of(&t, "e"), value("x"))]),
    ]
}

fn literal_json() -> Vec<Op> {
    let t = table("t", &[("j", Some(TypeKind::Json.into()))]);
    let list =
        Literal::List(vec![Literal::Int(1), Literal::None, Literal::Bool(true), "it's".into()]);
    vec![bulk(&t, vec![vec![("j", Literal::Dict(vec![("a".into(), list)]))]])]
}

fn literal_untyped() -> Vec<Op> {
    let t = table("t", &[("z", None)]);
    vec![delete(&t, eq(of(&t, "z"), value("x"))), insert(&t, vec![vec![("z", value("x"))]])]
}

fn unknown_column() -> Vec<Op> {
    let t = table("t", &[("z", integer())]);
    vec![insert(&t, vec![vec![("y", value(1))]])]
}

fn insert_into_table() -> Vec<Op> {
    let id = Column { primary_key: true, ..column("id", TypeKind::Integer) };
    let text = column("x", TypeKind::String(Characters::default()));
    let mut t = table("t", &[("id", integer()), ("x", string())]);
    t.primary_key = names(&["id"]);
    vec![
        create_table("t", vec![id.into(), text.into()]),
        insert(&t, vec![vec![("x", value("a"))]]),
        insert(&t, vec![vec![("id", value(3)), ("x", value("a"))]]),
    ]
}

fn sequences() -> Vec<Op> {
    let sequence = |schema: Option<&str>, name: &str| Sequence {
        name: name.into(),
        schema: schema.map(Name::from),
        ..Sequence::default()
    };
    let id = Column {
        primary_key: true,
        sequence: Some(sequence(None, "seq")),
        ..column("id", TypeKind::Integer)
    };
    vec![
        execute(Statement::CreateSequence(sequence(None, "q").into())),
        execute(Statement::DropSequence(sequence(Some("s"), "q").into())),
        create_table("t", vec![id.into()]),
    ]
}

fn values() -> Vec<Op> {
    let one = |type_: SqlType, value: Literal| {
        bulk(&table("t", &[("a", Some(type_))]), vec![vec![("a", value)]])
    };
    let strings = array(TypeKind::String(Characters::default()).into(), None);
    let list = Literal::List(vec!["x".into(), "y".into()]);
    vec![
        one(strings, list),
        one(SqlType::vendor("postgresql", "JSONB"), Literal::None),
        bulk(&table("t", &[("a", string())]), vec![]),
        one(TypeKind::Boolean(Boolean::default()).into(), Literal::Int(1)),
        one(TypeKind::LargeBinary(None).into(), Literal::Bytes(b"xy".as_slice().into())),
        one(TypeKind::Float(Decimal::default()).into(), Literal::Int(1)),
        one(TypeKind::Integer.into(), "5".into()),
    ]
}
