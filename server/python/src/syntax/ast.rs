//! A module's statements as plain data with byte ranges.
//!
//! Made from the tree by lowering. Left-associative chains are flat, and nesting is bounded, so that
//! walking or dropping the data never needs more than a bounded stack. What is not understood is
//! kept as [`ExprKind::Opaque`] or [`StmtKind::Opaque`] with the reason.

use std::sync::Arc;

use revline_text::Range;

use crate::value::{Operator, Str};

/// Statements.
pub type Block = Vec<Stmt>;

/// A statement.
#[derive(Debug)]
pub struct Stmt {
    /// Its bytes.
    pub range: Range,
    /// What it is.
    pub kind: StmtKind,
}

/// What a statement is.
#[derive(Debug)]
#[expect(missing_docs, reason = "the variants and fields are those of Python's grammar")]
pub enum StmtKind {
    Expr(Expr),
    /// `a = b = value`; also `a: T = value`.
    Assign {
        targets: Vec<Expr>,
        value: Expr,
        annotation: Option<Range>,
    },
    /// `a: T`.
    Declare {
        target: Expr,
    },
    AugAssign {
        target: Expr,
        operator: Operator,
        value: Expr,
    },
    Return(Option<Expr>),
    Raise {
        exception: Option<Expr>,
    },
    Assert {
        test: Expr,
        message: Option<Expr>,
    },
    /// `if` and `elif` in order.
    If {
        branches: Vec<(Expr, Block)>,
        otherwise: Block,
    },
    For {
        target: Expr,
        iterable: Expr,
        body: Block,
        otherwise: Block,
    },
    While {
        test: Expr,
        body: Block,
        otherwise: Block,
    },
    With {
        /// One; `with a, b:` is one inside the other.
        items: Vec<WithItem>,
        body: Arc<Block>,
    },
    Try {
        body: Block,
        handlers: Vec<Handler>,
        otherwise: Block,
        finally: Block,
    },
    Function(Arc<FunctionDef>),
    Class(Arc<ClassDef>),
    Import(Vec<ImportName>),
    ImportFrom(ImportFrom),
    Global(Vec<Arc<str>>),
    Nonlocal(Vec<Arc<str>>),
    Delete(Vec<Expr>),
    Pass,
    Break,
    Continue,
    /// A statement beyond the subset, and why.
    Opaque(&'static str),
}

/// `value as target` of a `with`.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are those of Python's grammar")]
pub struct WithItem {
    pub range: Range,
    pub value: Expr,
    pub target: Option<Arc<Expr>>,
    pub is_async: bool,
}

/// `except class as name`.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are those of Python's grammar")]
pub struct Handler {
    pub range: Range,
    pub class: Option<Expr>,
    pub name: Option<Arc<str>>,
    pub body: Block,
}

/// A function or lambda.
#[derive(Debug)]
pub struct FunctionDef {
    /// `<lambda>` for a lambda.
    pub name: Arc<str>,
    /// Where the name stands; the keyword `lambda` for a lambda.
    pub name_range: Range,
    /// The whole definition, decorators included.
    pub range: Range,
    /// The bytes of the body's statements; empty after the colon where there is none.
    pub body_range: Range,
    /// Parameters in order.
    pub parameters: Vec<Parameter>,
    /// Its statements; a lambda has one `return`.
    pub body: Block,
    /// Decorators, outermost first.
    pub decorators: Vec<Expr>,
    /// The names that its body binds and that are its own therefore, sorted.
    pub locals: Vec<Arc<str>>,
    /// What a call gives where it does not simply run the body.
    pub suspends: Option<Suspends>,
}

/// A function whose body a call does not run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Suspends {
    /// `async def`.
    Coroutine,
    /// It has a `yield`, `async` or not.
    Generator,
}

/// A parameter.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: Arc<str>,
    /// Its bytes.
    pub range: Range,
    /// How it takes arguments.
    pub kind: ParameterKind,
    /// `= default`.
    pub default: Option<Expr>,
}

/// How a parameter takes arguments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParameterKind {
    /// By position only.
    Positional,
    /// By position or name.
    Either,
    /// `*args`.
    Rest,
    /// By name only.
    Keyword,
    /// `**kwargs`.
    Keywords,
}

/// A class.
#[derive(Debug)]
pub struct ClassDef {
    /// Its name.
    pub name: Arc<str>,
    /// Where the name stands.
    pub name_range: Range,
    /// The whole definition.
    pub range: Range,
    /// Bases and keywords.
    pub bases: Vec<Arg>,
    /// Its statements.
    pub body: Block,
    /// Decorators, outermost first.
    pub decorators: Vec<Expr>,
}

/// `import a.b as c`.
#[derive(Debug)]
pub struct ImportName {
    /// The dotted name.
    pub module: Arc<str>,
    /// Where it stands.
    pub range: Range,
    /// `as` this.
    pub alias: Option<Arc<str>>,
}

/// `from ..a.b import c as d, e`.
#[derive(Debug)]
pub struct ImportFrom {
    /// Number of leading dots.
    pub level: u32,
    /// The dotted name after the dots; may be empty.
    pub module: Arc<str>,
    /// Where dots and name stand.
    pub module_range: Range,
    /// The imported names; the `module` of each is one name.
    pub names: Vec<ImportName>,
    /// `import *`.
    pub star: bool,
}

/// An expression.
#[derive(Debug)]
pub struct Expr {
    /// Its bytes.
    pub range: Range,
    /// What it is.
    pub kind: ExprKind,
}

/// What an expression is.
#[derive(Debug)]
#[expect(missing_docs, reason = "the variants and fields are those of Python's grammar")]
pub enum ExprKind {
    Name(Arc<str>),
    None,
    True,
    False,
    Ellipsis,
    Int(i128),
    Float(f64),
    /// One literal, or several that stand side by side, decoded.
    Str(Str),
    Bytes(Arc<[u8]>),
    FString(Vec<FStringPart>),
    Tuple(Vec<Expr>),
    List(Vec<Expr>),
    Set(Vec<Expr>),
    /// `key: value`; no key for `**value`.
    Dict(Vec<(Option<Expr>, Expr)>),
    Attribute {
        object: Box<Expr>,
        name: Arc<str>,
        name_range: Range,
    },
    Subscript {
        object: Box<Expr>,
        index: Box<Expr>,
    },
    Slice {
        lower: Option<Box<Expr>>,
        upper: Option<Box<Expr>>,
        step: Option<Box<Expr>>,
    },
    Call {
        callee: Box<Expr>,
        arguments: Vec<Arg>,
    },
    Unary {
        operator: Operator,
        operand: Box<Expr>,
    },
    /// `first op a op b …`, all operators binding alike from the left.
    Binary {
        first: Box<Expr>,
        rest: Vec<(Operator, Expr)>,
    },
    /// `first op a op b …`, Python's chained comparison.
    Compare {
        first: Box<Expr>,
        rest: Vec<(Operator, Expr)>,
    },
    /// `a and b and c`, or `or`.
    Bool {
        operator: Operator,
        operands: Vec<Expr>,
    },
    Conditional {
        test: Box<Expr>,
        then: Box<Expr>,
        otherwise: Box<Expr>,
    },
    Lambda(Arc<FunctionDef>),
    Comprehension(Arc<Comprehension>),
    Starred(Box<Expr>),
    /// `await value`.
    Await(Box<Expr>),
    /// `yield value`.
    Yield(Option<Box<Expr>>),
    /// `name := value`.
    Named {
        name: Arc<str>,
        value: Box<Expr>,
    },
    /// An expression beyond the subset, and why.
    Opaque(&'static str),
}

/// A part of an f-string.
#[derive(Debug)]
#[expect(missing_docs, reason = "the variants and fields are those of Python's grammar")]
pub enum FStringPart {
    Text(Str),
    /// `{value!conversion:format}`; `echo` is the text of `{value=}`.
    Value {
        value: Expr,
        echo: Option<Str>,
        conversion: Option<char>,
        format: Vec<FStringPart>,
    },
}

/// An argument as it is written.
#[derive(Debug)]
#[expect(missing_docs, reason = "the variants and fields are those of Python's grammar")]
pub enum Arg {
    Positional(Expr),
    Keyword { name: Arc<str>, name_range: Range, value: Expr },
    Star(Expr),
    StarStar(Expr),
}

/// What a comprehension makes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the variants are those of Python's grammar")]
pub enum ComprehensionKind {
    List,
    Set,
    Dict,
    Generator,
}

/// A comprehension.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are those of Python's grammar")]
pub struct Comprehension {
    pub kind: ComprehensionKind,
    /// The element, or the key of a dictionary.
    pub element: Expr,
    /// The value of a dictionary.
    pub value: Option<Expr>,
    pub clauses: Vec<Clause>,
}

/// A `for` or `if` of a comprehension.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are those of Python's grammar")]
pub enum Clause {
    For { target: Expr, iterable: Expr },
    If(Expr),
}
