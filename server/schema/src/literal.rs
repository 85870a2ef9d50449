//! Values that a migration hands over as they are: rows, options, bound parameters.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::expr::Expr;
use crate::name::{Name, Opaque, Origin, SourceText};

/// A Python value that reaches SQL. Numbers keep Python's own spelling, since that is what is printed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Literal {
    /// `None`.
    None,
    /// `True`, `False`.
    Bool(bool),
    /// An `int` that fits.
    Int(i64),
    /// An `int` beyond 64 bits, in decimal digits.
    BigInt(Arc<str>),
    /// A `float` as `repr` prints it.
    Float(Arc<str>),
    /// `decimal.Decimal` as `str` prints it.
    Decimal(Arc<str>),
    /// A `str`.
    Str(SourceText),
    /// `bytes`.
    Bytes(Arc<[u8]>),
    /// `datetime.datetime` as `isoformat(sep=" ")` prints it.
    DateTime(Arc<str>),
    /// `datetime.date` as `isoformat` prints it.
    Date(Arc<str>),
    /// `datetime.time` as `isoformat` prints it.
    Time(Arc<str>),
    /// `uuid.UUID`, 32 lower-case hex digits with its four dashes.
    Uuid(Arc<str>),
    /// A member of a Python `enum.Enum`.
    Member {
        /// The member's name, which is what `sa.Enum` stores.
        name: Arc<str>,
        /// The member's value.
        value: Box<Literal>,
    },
    /// A `list`, `tuple` or `set` in its order.
    List(Vec<Literal>),
    /// A `dict` in its order.
    Dict(Vec<(Literal, Literal)>),
    /// A SQL expression where a value may stand, such as `postgresql_where=sa.text('…')`.
    Expr(Box<Expr>),
    /// Not known.
    Opaque(Opaque),
}

impl Literal {
    /// The text of a string, or the identifier of a column given where a name may stand.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text.as_str()),
            Self::Expr(expr) => match &**expr {
                Expr::Column(column) => Some(column.name.as_str()),
                _ => None,
            },
            _ => None,
        }
    }

    /// Python's truth of the value; `None` where it is not known.
    pub fn truth(&self) -> Option<bool> {
        match self {
            Self::None => Some(false),
            Self::Bool(value) => Some(*value),
            Self::Int(value) => Some(*value != 0),
            Self::Str(text) => Some(!text.text.is_empty()),
            Self::List(items) => Some(!items.is_empty()),
            Self::Dict(items) => Some(!items.is_empty()),
            Self::Bytes(bytes) => Some(!bytes.is_empty()),
            Self::Opaque(_) | Self::Expr(_) => None,
            Self::Float(text) => Some(!matches!(&**text, "0.0" | "-0.0")),
            _ => Some(true),
        }
    }
}

impl From<&str> for Literal {
    fn from(text: &str) -> Self {
        Self::Str(text.into())
    }
}

impl From<i64> for Literal {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<bool> for Literal {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

/// Keyword arguments that pass through to a dialect, `postgresql_where` and its kind, by keyword.
/// Keywords that nothing knows stand here as well, so that a rule can name them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Options(pub BTreeMap<Arc<str>, OptionValue>);

/// The value of one pass-through keyword.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct OptionValue {
    /// The value.
    pub value: Literal,
    /// The keyword argument in the source, name and value.
    pub origin: Origin,
}

impl Options {
    /// The value given for `keyword`.
    pub fn get(&self, keyword: &str) -> Option<&Literal> {
        self.0.get(keyword).map(|option| &option.value)
    }

    /// The value given for `keyword` unless it is `None`.
    pub fn given(&self, keyword: &str) -> Option<&Literal> {
        self.get(keyword).filter(|value| **value != Literal::None)
    }

    /// Whether the value for `keyword` is there and true.
    pub fn is_set(&self, keyword: &str) -> bool {
        self.get(keyword).and_then(Literal::truth).unwrap_or(false)
    }

    /// The same options with one more.
    #[must_use]
    pub fn with(mut self, keyword: &str, value: impl Into<Literal>) -> Self {
        self.0.insert(keyword.into(), OptionValue { value: value.into(), origin: Origin(None) });
        self
    }

    /// Whether no option is given.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The options in the order of their keywords.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &OptionValue)> {
        self.0.iter().map(|(keyword, option)| (&**keyword, option))
    }
}

/// One row of a bulk insert, in the order of its keys.
pub type Row = Vec<(Name, Literal)>;
