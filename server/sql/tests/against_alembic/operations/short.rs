//! Short words for building operations.

use revline_schema::*;

pub(crate) fn column(name: &str, type_: impl Into<SqlType>) -> Column {
    Column::new(name, type_)
}

pub(crate) fn std(standard: Standard) -> SqlType {
    SqlType::new(TypeKind::Standard(standard))
}

pub(crate) fn enum_(name: &str, values: &[&str]) -> EnumType {
    EnumType::new(name, values.iter().copied())
}

pub(crate) fn enum_type(enum_: EnumType) -> SqlType {
    SqlType::new(TypeKind::Enum(enum_.into()))
}

pub(crate) fn vendor(dialect: &str, name: &str, options: Options) -> SqlType {
    SqlType::new(TypeKind::Vendor(Vendor { dialect: dialect.into(), name: name.into(), options }))
}

pub(crate) fn array(item: SqlType, dimensions: Option<u32>) -> SqlType {
    SqlType::new(TypeKind::Array(ArrayType { item, dimensions }.into()))
}

pub(crate) fn none() -> Options {
    Options::default()
}

pub(crate) fn expr(expr: Expr) -> Literal {
    Literal::Expr(Box::new(expr))
}

pub(crate) fn text(text: &str) -> Expr {
    Expr::text(text)
}

pub(crate) fn bare(name: &str) -> Expr {
    Expr::column(name)
}

pub(crate) fn default_expr(expr: Expr) -> Option<ServerDefault> {
    Some(ServerDefault::Expr(expr))
}

pub(crate) fn names(names: &[&str]) -> Vec<Name> {
    names.iter().map(|name| Name::from(*name)).collect()
}

pub(crate) fn key(name: Option<&str>, columns: &[&str]) -> KeyConstraint {
    KeyConstraint {
        name: name.map(Name::from),
        columns: names(columns),
        ..KeyConstraint::default()
    }
}

pub(crate) fn check(name: Option<&str>, condition: &str) -> CheckConstraint {
    check_expr(name, text(condition))
}

pub(crate) fn check_expr(name: Option<&str>, condition: Expr) -> CheckConstraint {
    CheckConstraint {
        name: name.map(Name::from),
        condition,
        deferral: Deferral::default(),
        comment: None,
        options: none(),
        origin: Origin(None),
    }
}

pub(crate) fn points_to(table: &str, column: &str) -> ForeignKey {
    ForeignKey {
        referent: TableName::new(table),
        referent_column: Some(column.into()),
        ..ForeignKey::default()
    }
}

pub(crate) fn on_delete(action: &str) -> ReferenceRules {
    ReferenceRules { on_delete: Some(action.into()), ..ReferenceRules::default() }
}

pub(crate) fn create_table(name: &str, items: Vec<TableItem>) -> Op {
    Op::CreateTable(CreateTable { table: TableName::new(name), items, ..CreateTable::default() })
}

pub(crate) fn add(table: &str, column: Column) -> Op {
    Op::AddColumn(Box::new(AddColumn { table: table.into(), column, ..AddColumn::default() }))
}

pub(crate) fn alter(change: impl FnOnce(&mut AlterColumn)) -> Op {
    let mut op = AlterColumn { table: "t".into(), column: "c".into(), ..AlterColumn::default() };
    change(&mut op);
    Op::AlterColumn(Box::new(op))
}

pub(crate) fn constraint(table: TableName, constraint: Constraint) -> Op {
    Op::AddConstraint(Box::new(AddConstraint { table, constraint }))
}

pub(crate) fn drop_constraint(table: &str, name: Option<&str>, kind: Option<ConstraintKind>) -> Op {
    Op::DropConstraint(DropConstraint {
        table: table.into(),
        name: name.map(Name::from),
        kind,
        if_exists: false,
    })
}

pub(crate) fn index(
    table: &str,
    name: impl Into<Name>,
    elements: Vec<IndexElement>,
    options: Options,
) -> Op {
    Op::CreateIndex(CreateIndex {
        table: table.into(),
        index: Index { name: Some(name.into()), elements, options, ..Index::default() },
        if_not_exists: false,
    })
}

pub(crate) fn execute(statement: Statement) -> Op {
    Op::Execute(Execute { statement, through: Through::Operation, options: none() })
}

pub(crate) fn execute_text(text: &str) -> Op {
    execute(Statement::Text(TextClause { text: text.into(), binds: Default::default() }))
}

pub(crate) fn table(name: &str, columns: &[(&str, Option<SqlType>)]) -> TableClause {
    TableClause {
        name: name.into(),
        columns: columns.iter().map(|(name, type_)| (Name::from(*name), type_.clone())).collect(),
        ..TableClause::default()
    }
}

pub(crate) fn of(table: &TableClause, name: &str) -> Expr {
    let type_ = table.columns.iter().find(|(column, _)| column.as_str() == name).unwrap().1.clone();
    Expr::Column(ColumnRef { name: name.into(), table: Some(table.clone().into()), type_ })
}

pub(crate) fn binary(op: BinaryOp, left: Expr, right: Expr) -> Expr {
    Expr::Binary { op, left: left.into(), right: right.into() }
}

pub(crate) fn eq(left: Expr, right: Expr) -> Expr {
    binary(BinaryOp::Eq, left, right)
}

pub(crate) fn value(value: impl Into<Literal>) -> Expr {
    Expr::value(value)
}

pub(crate) fn not(operand: Expr) -> Expr {
    Expr::Unary { op: UnaryOp::Not, operand: operand.into() }
}

pub(crate) fn among(operand: Expr, among: Expr, negated: bool) -> Expr {
    Expr::In { operand: operand.into(), among: among.into(), negated }
}

pub(crate) fn update(table: &TableClause, values: Vec<(&str, Expr)>, conditions: Vec<Expr>) -> Op {
    let values = values.into_iter().map(|(name, value)| (Name::from(name), value)).collect();
    execute(Statement::Update(Update { table: table.clone(), values, conditions }.into()))
}

pub(crate) fn delete(table: &TableClause, condition: Expr) -> Op {
    let conditions = vec![condition];
    execute(Statement::Delete(Delete { table: table.clone(), conditions }.into()))
}

pub(crate) fn insert(table: &TableClause, rows: Vec<Vec<(&str, Expr)>>) -> Op {
    let rows = rows
        .into_iter()
        .map(|row| row.into_iter().map(|(name, value)| (Name::from(name), value)).collect())
        .collect();
    execute(Statement::Insert(Insert { table: table.clone(), rows, ..Insert::default() }.into()))
}

pub(crate) fn bulk(table: &TableClause, rows: Vec<Vec<(&str, Literal)>>) -> Op {
    let rows = rows
        .into_iter()
        .map(|row| row.into_iter().map(|(name, value)| (Name::from(name), value)).collect())
        .collect();
    Op::BulkInsert(BulkInsert { table: table.clone(), rows, multiinsert: None })
}

pub(crate) fn batch(table: TableName, ops: Vec<Op>) -> Op {
    Op::Batch(Batch {
        table,
        options: BatchOptions::default(),
        steps: ops.into_iter().map(Step::new).collect(),
    })
}
