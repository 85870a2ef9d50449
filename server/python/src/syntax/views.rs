//! What features ask about a file, without walking it themselves.

use std::sync::Arc;

use revline_text::Range;

/// What the body of a function does, as far as its shape tells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Body {
    /// There is no such function.
    Absent,
    /// Nothing: `pass`, `...`, a docstring, a bare `return`, or no statement at all.
    Empty {
        /// The bytes of the body.
        range: Range,
    },
    /// It only raises, after a docstring perhaps.
    Raises {
        /// The `raise` statement.
        range: Range,
        /// The name of the exception's class as written, where it is a name: `NotImplementedError`.
        exception: Option<Arc<str>>,
    },
    /// It does something.
    Present {
        /// The bytes of the body.
        range: Range,
    },
}

/// A function at the top level of a module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FunctionView {
    /// Its name.
    pub name: Arc<str>,
    /// Where the name stands.
    pub name_range: Range,
    /// The whole definition, decorators included.
    pub range: Range,
    /// The bytes of the body's statements.
    pub body_range: Range,
    /// What the body does.
    pub body: Body,
}

/// A name that an import at the top level binds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImportView {
    /// The dotted path of what it stands for, dots of a relative import in front: `sqlalchemy`,
    /// `alembic.op`, `..models.Base`.
    pub path: String,
    /// The name bound in the module.
    pub binds: Arc<str>,
    /// The whole statement.
    pub range: Range,
}

/// An assignment at the top level.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TopAssignment {
    /// The name.
    pub name: Arc<str>,
    /// Where the name stands.
    pub name_range: Range,
    /// The expression assigned.
    pub value_range: Range,
    /// The whole statement.
    pub range: Range,
}
