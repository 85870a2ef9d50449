//! `script.py.mako`: the part of Mako (1.4) that templates of revision files use.
//!
//! Expressions with filters, `% if` and `% for`, comments, `<%def>`, imports, assignments and `if` in
//! blocks, `re`, `config.get_main_option`, `context.get`, and the databases of a Flask application where the caller
//! knows them. Nothing is executed: a template that
//! asks for more (project code, other statements) is refused with the line and the reason, and the
//! caller says so and takes [`STANDARD`].

mod block;
mod evaluate;
mod expression;
mod lexer;
mod regex;
mod text;
mod tree;
mod value;

use std::collections::BTreeMap;
use std::fmt;

use super::config::Options;
use value::Value;

pub use value::CreateDate;

/// A template with the output of the one that `alembic init` writes in 1.20.1.
pub const STANDARD: &str = include_str!("template/standard.mako");

/// Why a template cannot be rendered here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TemplateError {
    /// The line, from 1.
    pub line: usize,
    /// What stands there, as a part of a sentence: `the tag <%inherit>`.
    pub what: String,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {} is beyond what can be rendered without Python", self.line, self.what)
    }
}

impl std::error::Error for TemplateError {}

/// A reason without its line.
#[derive(Debug)]
struct Problem {
    what: String,
}

impl Problem {
    fn new(what: impl Into<String>) -> Self {
        Self { what: what.into() }
    }

    fn at(self, line: usize) -> TemplateError {
        TemplateError { line, what: self.what }
    }
}

/// An id, several, or none, as Alembic hands them to the template.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Ids {
    /// `None`.
    #[default]
    None,
    /// A string.
    One(String),
    /// A tuple.
    Tuple(Vec<String>),
    /// A list: Alembic leaves several `depends_on` one.
    List(Vec<String>),
}

/// What a template is given.
pub struct Context<'a> {
    values: BTreeMap<String, Value>,
    options: &'a Options,
    section: &'a str,
    binds: Option<Vec<String>>,
}

impl<'a> Context<'a> {
    /// A context with the configuration and nothing else; names that are not set are undefined, as
    /// they are when Alembic renders without autogenerating.
    pub fn new(options: &'a Options, section: &'a str) -> Self {
        Self { values: BTreeMap::new(), options, section, binds: None }
    }

    /// Sets the names of a Flask application's databases beside the main one: the keys of `SQLALCHEMY_BINDS`.
    pub fn binds(&mut self, names: Vec<String>) {
        self.binds = Some(names);
    }

    /// Sets a text.
    pub fn text(&mut self, name: &str, text: &str) {
        self.values.insert(name.to_owned(), text.into());
    }

    /// Sets ids.
    pub fn ids(&mut self, name: &str, ids: &Ids) {
        let strings = |ids: &[String]| ids.iter().map(|id| Value::Str(id.clone())).collect();
        let value = match ids {
            Ids::None => Value::None,
            Ids::One(id) => Value::Str(id.clone()),
            Ids::Tuple(ids) => Value::Tuple(strings(ids)),
            Ids::List(ids) => Value::List(strings(ids)),
        };
        self.values.insert(name.to_owned(), value);
    }

    /// Sets a date.
    pub fn date(&mut self, name: &str, date: &CreateDate) {
        self.values.insert(name.to_owned(), Value::Date(date.clone()));
    }
}

/// The text that the template makes.
pub fn render(template: &str, context: &Context<'_>) -> Result<String, TemplateError> {
    evaluate::Evaluator::run(context, &tree::read(template)?)
}

#[cfg(test)]
mod tests;
