//! SQLAlchemy's constructs as the evaluator leaves them, read as `revline_schema` data.
//!
//! The evaluator keeps a call of an external name as a term: `sa.Column("id", sa.Integer())` is a
//! call of `sqlalchemy.Column`. This module says what such terms mean. It follows the constructors'
//! signatures of SQLAlchemy 2.1 and refuses to fill in what was not said; what it does not
//! understand is an [`Opaque`] with its place and reason.

mod arguments;
mod column;
mod constraint;
mod expr;
mod methods;
mod scalar;
mod statement;
mod symbol;
mod table;
mod types;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use revline_python::{Heap, Unknown, Value, View};
use revline_schema::{Opaque, Schema};
use revline_text::Span;

pub(crate) use arguments::{Matched, Signature};
pub(crate) use symbol::{Known, known};
pub(crate) use types::TypeClass;

/// Something read, or why it could not be.
pub(crate) type Read<T> = Result<T, Opaque>;

/// How deep terms may nest. An expression of a thousand `+` is no reason to run out of stack.
const DEEPEST: u32 = 120;

/// Reads values of one heap.
pub(crate) struct Reader<'h> {
    pub(crate) heap: &'h Heap,
    /// Types whose compilation the file changes through `sqlalchemy.ext.compiler.compiles`.
    overridden: &'h BTreeSet<Arc<str>>,
    depth: RefCell<u32>,
    /// Classes of types that change values on their way to the database.
    processing: RefCell<BTreeSet<Arc<str>>>,
    /// The schema that a table is reflected from.
    database: Option<Schema>,
}

impl<'h> Reader<'h> {
    pub(crate) fn new(heap: &'h Heap, overridden: &'h BTreeSet<Arc<str>>) -> Self {
        Self {
            heap,
            overridden,
            depth: RefCell::new(0),
            processing: RefCell::default(),
            database: None,
        }
    }

    /// The same reader on a database with this schema.
    pub(crate) fn on(mut self, database: Option<&Schema>) -> Self {
        self.database = database.cloned();
        self
    }

    /// What a value is, or why it is not known.
    pub(crate) fn view<'v>(&self, value: &'v Value) -> Read<View<'v>>
    where
        'h: 'v,
    {
        match self.heap.view(value) {
            View::Unknown(unknown) => Err(opaque(unknown)),
            view => Ok(view),
        }
    }

    /// Runs `read` one level deeper, unless that is too deep.
    fn deeper<T>(&self, span: Span, read: impl FnOnce() -> Read<T>) -> Read<T> {
        let depth = *self.depth.borrow();
        if depth >= DEEPEST {
            return fail(span, "nested too deeply");
        }
        *self.depth.borrow_mut() = depth + 1;
        let result = read();
        *self.depth.borrow_mut() = depth;
        result
    }
}

/// The same reason in the schema's words.
pub(crate) fn opaque(unknown: &Unknown) -> Opaque {
    Opaque::at(unknown.why.clone(), unknown.span)
}

/// Not understood, and why.
pub(crate) fn fail<T>(span: Span, why: impl Into<Arc<str>>) -> Read<T> {
    Err(Opaque::at(why, span))
}
