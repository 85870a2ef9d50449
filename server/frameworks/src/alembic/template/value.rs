//! The values that a template's expressions have.

use jiff::Zoned;

use super::Problem;
use crate::alembic::percent::repr;

/// A date as Python's `datetime`: with its offset, or naive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CreateDate {
    /// The moment and its zone.
    pub moment: Zoned,
    /// Whether the offset is part of the value (a `timezone` is configured).
    pub aware: bool,
}

impl CreateDate {
    /// What Python's `str` gives: `2024-01-31 12:00:00.000001+01:00`.
    pub fn text(&self, separator: char) -> String {
        let date = self.moment.datetime();
        let mut text = format!(
            "{:04}-{:02}-{:02}{separator}{:02}:{:02}:{:02}",
            date.year(),
            date.month(),
            date.day(),
            date.hour(),
            date.minute(),
            date.second()
        );
        let micros = date.subsec_nanosecond() / 1_000;
        if micros != 0 {
            text.push_str(&format!(".{micros:06}"));
        }
        if self.aware {
            let seconds = self.moment.offset().seconds();
            let sign = if seconds < 0 { '-' } else { '+' };
            let size = seconds.unsigned_abs();
            text.push_str(&format!("{sign}{:02}:{:02}", size / 3600, size / 60 % 60));
            if !size.is_multiple_of(60) {
                text.push_str(&format!(":{:02}", size % 60));
            }
        }
        text
    }
}

/// A value.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Value {
    None,
    Bool(bool),
    Int(i64),
    Str(String),
    Tuple(Vec<Value>),
    List(Vec<Value>),
    /// A dictionary of which the keys alone are known.
    Keys(Vec<Value>),
    Date(CreateDate),
    /// A name that the template was not given: false, and an error when printed.
    Undefined,
    /// A function or method-bearing thing that is known here by name: `comma`, `repr`, `re`,
    /// `config`, `context`.
    Known(&'static str),
    /// A `<%def>`.
    Def(String),
    /// Mako's `loop` inside `% for`.
    Loop {
        index: i64,
        length: i64,
    },
    /// Something imported that is not known here.
    Foreign(String),
}

impl Value {
    pub(super) fn truth(&self) -> bool {
        match self {
            Self::None | Self::Undefined => false,
            Self::Bool(truth) => *truth,
            Self::Int(number) => *number != 0,
            Self::Str(text) => !text.is_empty(),
            Self::Tuple(items) | Self::List(items) | Self::Keys(items) => !items.is_empty(),
            _ => true,
        }
    }

    /// Python's `str`.
    pub(super) fn text(&self) -> Result<String, Problem> {
        match self {
            Self::Str(text) => Ok(text.clone()),
            Self::Date(date) => Ok(date.text(' ')),
            Self::Undefined => {
                Err(Problem::new("a name that the template is not given (Undefined)"))
            }
            value => value.repr(),
        }
    }

    /// Python's `repr`.
    pub(super) fn repr(&self) -> Result<String, Problem> {
        Ok(match self {
            Self::None => "None".to_owned(),
            Self::Bool(true) => "True".to_owned(),
            Self::Bool(false) => "False".to_owned(),
            Self::Int(number) => number.to_string(),
            Self::Str(text) => repr(text),
            Self::Tuple(items) => match items.as_slice() {
                [one] => format!("({},)", one.repr()?),
                items => format!("({})", Self::reprs(items)?),
            },
            Self::List(items) => format!("[{}]", Self::reprs(items)?),
            Self::Foreign(name) => {
                return Err(Problem::new(format!("`{name}`, which is project code")));
            }
            _ => return Err(Problem::new("the text of something that has none")),
        })
    }

    fn reprs(items: &[Self]) -> Result<String, Problem> {
        let items: Result<Vec<String>, Problem> = items.iter().map(Self::repr).collect();
        Ok(items?.join(", "))
    }

    /// The items of something that can be looped over.
    pub(super) fn items(&self) -> Result<Vec<Self>, Problem> {
        match self {
            Self::Tuple(items) | Self::List(items) | Self::Keys(items) => Ok(items.clone()),
            Self::Str(text) => Ok(text.chars().map(|c| Self::Str(c.to_string())).collect()),
            _ => Err(Problem::new("a loop over something that is no list")),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Str(text.to_owned())
    }
}
