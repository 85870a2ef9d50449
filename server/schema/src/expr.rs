//! SQL expressions and statements built from SQLAlchemy's constructs, as data.
//!
//! They are trees as a person wrote them. Grouping (where parentheses stand), bound parameters and
//! spelling belong to the dialect that prints them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::literal::Literal;
use crate::name::{Name, Opaque, Origin, SourceText};
use crate::types::SqlType;

/// A SQL expression.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Expr {
    /// `sa.text('…')`.
    Text(TextClause),
    /// `sa.literal(x)`, `bindparam` with a value, or a Python value that an operator met.
    Bind(Bind),
    /// `op.inline_literal(x)`.
    InlineLiteral(Bind),
    /// `sa.null()`.
    Null,
    /// `sa.true()`.
    True,
    /// `sa.false()`.
    False,
    /// `sa.column('x')`, `table.c.x`.
    Column(ColumnRef),
    /// `sa.literal_column('…')`.
    LiteralColumn(SourceText),
    /// `sa.func.name(args)`; the packages of `func.a.b.name` come first in `path`.
    Function {
        /// The dotted name.
        path: Vec<Name>,
        /// The arguments.
        args: Vec<Expr>,
        /// `type_=`.
        type_: Option<SqlType>,
    },
    /// An operator before or after one operand.
    Unary {
        /// The operator.
        op: UnaryOp,
        /// The operand.
        operand: Box<Expr>,
    },
    /// An operator between two operands.
    Binary {
        /// The operator.
        op: BinaryOp,
        /// Left operand.
        left: Box<Expr>,
        /// Right operand.
        right: Box<Expr>,
    },
    /// `and_(…)`, `a & b & c`, in their order.
    And(Vec<Expr>),
    /// `or_(…)`, `a | b | c`, in their order.
    Or(Vec<Expr>),
    /// `x.in_([…])`, `x.not_in([…])`.
    In {
        /// What is looked for.
        operand: Box<Expr>,
        /// Where; a list of values is a [`Expr::List`], a query an [`Expr::Select`].
        among: Box<Expr>,
        /// `NOT IN`.
        negated: bool,
    },
    /// `x.between(a, b)`.
    Between {
        /// What is compared.
        operand: Box<Expr>,
        /// From.
        low: Box<Expr>,
        /// To.
        high: Box<Expr>,
        /// `NOT BETWEEN`.
        negated: bool,
    },
    /// `x.like(y, escape=…)` and its kin.
    Like {
        /// What is compared.
        operand: Box<Expr>,
        /// The pattern.
        pattern: Box<Expr>,
        /// `escape=`.
        escape: Option<Arc<str>>,
        /// `NOT LIKE`.
        negated: bool,
        /// `ilike`.
        case_insensitive: bool,
    },
    /// `sa.cast(x, T)`.
    Cast {
        /// What is cast.
        operand: Box<Expr>,
        /// To which type.
        type_: SqlType,
    },
    /// `sa.type_coerce(x, T)`: prints as `x`, binds as `T`.
    Coerce {
        /// What is coerced.
        operand: Box<Expr>,
        /// To which type.
        type_: SqlType,
    },
    /// `sa.case((condition, result), …, value=…, else_=…)`.
    Case {
        /// `value=`.
        value: Option<Box<Expr>>,
        /// Conditions and results in order.
        whens: Vec<(Expr, Expr)>,
        /// `else_=`.
        otherwise: Option<Box<Expr>>,
    },
    /// Several expressions in order: the list behind `IN`, or `sa.tuple_`.
    List(Vec<Expr>),
    /// `x.label('y')`.
    Label {
        /// What is named.
        operand: Box<Expr>,
        /// Its name.
        name: Name,
    },
    /// `x.collate('c')`.
    Collate {
        /// What is collated.
        operand: Box<Expr>,
        /// The collation.
        collation: Name,
    },
    /// A query: a statement of its own, behind `IN`, or `scalar_subquery()`.
    Select(Box<Select>),
    /// `sa.exists(query)`.
    Exists(Box<Select>),
    /// Not known.
    Opaque(Opaque),
}

impl Expr {
    /// `sa.text(text)`.
    pub fn text(text: impl Into<SourceText>) -> Self {
        Self::Text(TextClause { text: text.into(), binds: BTreeMap::new() })
    }

    /// A Python value.
    pub fn value(value: impl Into<Literal>) -> Self {
        Self::Bind(Bind { value: value.into(), type_: None })
    }

    /// `sa.func.name(args)`.
    pub fn function(name: &str, args: Vec<Expr>) -> Self {
        Self::Function { path: vec![name.into()], args, type_: None }
    }

    /// `sa.column(name)`.
    pub fn column(name: impl Into<Name>) -> Self {
        Self::Column(ColumnRef { name: name.into(), table: None, type_: None })
    }
}

impl From<SourceText> for Expr {
    fn from(text: SourceText) -> Self {
        Self::text(text)
    }
}

/// `sa.text('…')` and what was bound to its parameters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct TextClause {
    /// The text as it was given, before `\:` and `:name` are looked at.
    pub text: SourceText,
    /// `bindparams(name=value)` by parameter name.
    pub binds: BTreeMap<Arc<str>, Bind>,
}

/// A value on its way into a statement.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Bind {
    /// The value.
    pub value: Literal,
    /// Its type where one was given. `sa.literal(x)` has the type of its value from the start, so a
    /// reader fills it in (`sa.literal("0")` is a `String`); a plain Python value has none and takes
    /// that of the column it meets.
    pub type_: Option<SqlType>,
}

/// A column named in an expression.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ColumnRef {
    /// The column.
    pub name: Name,
    /// The table it belongs to, where it was reached through one.
    pub table: Option<Arc<TableClause>>,
    /// Its type, which literals beside it take.
    pub type_: Option<SqlType>,
}

/// `sa.table(…)`, a `sa.Table`, or what `op.create_table` returned: a table in a statement.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct TableClause {
    /// The table.
    pub name: Name,
    /// Its schema.
    pub schema: Option<Name>,
    /// `alias('x')`.
    pub alias: Option<Name>,
    /// The columns it was given, with their types, in order.
    pub columns: Vec<(Name, Option<SqlType>)>,
    /// The primary key of a `sa.Table`, or of what `op.create_table` returned: an INSERT asks for it
    /// back. Empty for `sa.table`.
    pub primary_key: Vec<Name>,
    /// Columns of such a table whose `default=` or `onupdate=` takes part in statements.
    pub python_defaults: Vec<Name>,
    /// Where it was made.
    pub origin: Origin,
}

/// Operators with one operand.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum UnaryOp {
    /// `not_(x)`, `~x`.
    Not,
    /// `-x`.
    Negative,
    /// `x.desc()`.
    Desc,
    /// `x.asc()`.
    Asc,
    /// `x.nulls_first()`.
    NullsFirst,
    /// `x.nulls_last()`.
    NullsLast,
    /// `sa.distinct(x)`.
    Distinct,
}

/// Operators with two operands.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum BinaryOp {
    /// `=`; `IS` beside `None`.
    Eq,
    /// `!=`; `IS NOT` beside `None`.
    Ne,
    /// `<`.
    Lt,
    /// `<=`.
    Le,
    /// `>`.
    Gt,
    /// `>=`.
    Ge,
    /// `x.is_(y)`.
    Is,
    /// `x.is_not(y)`.
    IsNot,
    /// `x.is_distinct_from(y)`.
    IsDistinctFrom,
    /// `x.is_not_distinct_from(y)`.
    IsNotDistinctFrom,
    /// `+`, which concatenates strings.
    Add,
    /// `-`.
    Sub,
    /// `*`.
    Mul,
    /// `/`.
    Div,
    /// `//`.
    FloorDiv,
    /// `%`.
    Mod,
    /// `x.concat(y)`.
    Concat,
    /// `x.op('…')(y)`.
    Custom(Arc<str>),
    /// `x['key']` on JSON or an array.
    Getitem,
}

/// `sa.select(…)`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Select {
    /// What is selected.
    pub columns: Vec<Expr>,
    /// `select_from(…)`; tables that only the columns name are not repeated here.
    pub from: Vec<TableClause>,
    /// `where(…)`, joined by AND.
    pub conditions: Vec<Expr>,
    /// `group_by(…)`.
    pub group_by: Vec<Expr>,
    /// `having(…)`.
    pub having: Vec<Expr>,
    /// `order_by(…)`.
    pub order_by: Vec<Expr>,
    /// `distinct()`.
    pub distinct: bool,
    /// `limit(…)`.
    pub limit: Option<Box<Expr>>,
    /// `offset(…)`.
    pub offset: Option<Box<Expr>>,
    /// Where the query stands.
    pub origin: Origin,
}

/// `table.insert()`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Insert {
    /// The table.
    pub table: TableClause,
    /// `values(…)`: one entry per row, each in the order it was given.
    pub rows: Vec<Vec<(Name, Expr)>>,
    /// `from_select(columns, query)`.
    pub from_select: Option<(Vec<Name>, Box<Select>)>,
}

/// `table.update()`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Update {
    /// The table.
    pub table: TableClause,
    /// `values(…)` in the order given.
    pub values: Vec<(Name, Expr)>,
    /// `where(…)`, joined by AND.
    pub conditions: Vec<Expr>,
}

/// `table.delete()`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Delete {
    /// The table.
    pub table: TableClause,
    /// `where(…)`, joined by AND.
    pub conditions: Vec<Expr>,
}
