//! What an expression evaluates to.
//!
//! A [`Value`] is small and cheap to clone. Whatever has an identity (lists, dictionaries, calls of
//! external names, functions, …) lives in a [`Heap`] under an [`ObjectId`], so that two names for
//! one list stay two names for one list. [`Heap::view`] is the way to look at a value: an object
//! whose content stopped being certain shows itself as [`View::Unknown`].

mod classes;
mod heap;
mod iterator;
mod key;
mod object;
pub(crate) mod string;

use std::fmt;
use std::sync::Arc;

use revline_text::Span;

pub use heap::{Heap, Region, Snapshot, View};
pub use iterator::{Iter, Part};
pub(crate) use iterator::{State, Suspended};
pub use key::Key;
pub use object::{
    Argument, Arguments, Bound, Call, Class, Coroutine, Dict, Function, Instance, Keyword, Module,
    Object, Operation, Operator, Scope, Term,
};
pub use string::{Segment, Str};

/// An object of a [`Heap`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct ObjectId(pub u32);

/// A value and the place it comes from.
#[derive(Clone, Debug)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// The expression that made it: the literal or the call, not the name it is read through.
    pub span: Span,
}

/// What a value is. Objects with an identity are ids of the [`Heap`].
#[derive(Clone, Debug)]
pub enum Kind {
    /// `None`.
    None,
    /// `...`.
    Ellipsis,
    /// `True` or `False`.
    Bool(bool),
    /// An integer. What does not fit is unknown.
    Int(i128),
    /// A floating-point number.
    Float(f64),
    /// A string with the places its parts come from.
    Str(Str),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// A list: [`Object::List`].
    List(ObjectId),
    /// A tuple: [`Object::Tuple`].
    Tuple(ObjectId),
    /// A dictionary: [`Object::Dict`].
    Dict(ObjectId),
    /// A set, in order of insertion: [`Object::Set`].
    Set(ObjectId),
    /// A set that does not change: [`Object::Set`].
    FrozenSet(ObjectId),
    /// What gives one item after the other: [`Object::Iter`].
    Iter(ObjectId),
    /// A name outside everything that was read, such as `sqlalchemy.String`.
    Symbol(Symbol),
    /// Something made of external names: a call, an attribute, an operation ([`Object::Term`]).
    Term(ObjectId),
    /// A function or lambda of the source: [`Object::Function`].
    Function(ObjectId),
    /// A method together with its receiver: [`Object::Bound`].
    Bound(ObjectId),
    /// What a call of an `async` function gives: [`Object::Coroutine`].
    Coroutine(ObjectId),
    /// A class of the source: [`Object::Class`].
    Class(ObjectId),
    /// An object of a class of the source: [`Object::Instance`].
    Instance(ObjectId),
    /// A module that was read: [`Object::Module`].
    Module(ObjectId),
    /// An object that the host made; only the host knows what it is.
    Host(HostObject),
    /// Not known.
    Unknown(Unknown),
}

/// The dotted path of a name that is not defined in any source that was read. Builtins and the
/// standard library start with their module too: `builtins.len`, `uuid.uuid4`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(pub Arc<str>);

impl Symbol {
    /// The symbol of a dotted path.
    pub fn new(path: &str) -> Self {
        Self(path.into())
    }

    /// The whole dotted path.
    pub fn path(&self) -> &str {
        &self.0
    }

    /// What follows the last dot.
    pub fn name(&self) -> &str {
        self.0.rsplit('.').next().unwrap_or(&self.0)
    }

    /// The symbol of an attribute of this one.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        Self(format!("{}.{name}", self.0).into())
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An object of the host's own. The evaluator passes it around and hands every attribute, call,
/// item, test and `with` of it back to the host.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct HostObject {
    /// What kind of object it is, for the host's own dispatch and for messages (`"batch"`).
    pub what: &'static str,
    /// The host's own number for it.
    pub id: u32,
}

/// Why a value is not known.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Unknown {
    /// The place that made it unknown, not the places that it spread to.
    pub span: Span,
    /// A short reason for a person: "`get_columns` asks a live database".
    pub why: Arc<str>,
    /// Whether it is mere data: calling its methods has no effect that a migration's reader cares
    /// for. A call of anything else that is unknown is reported through `Host::opaque`.
    pub data: bool,
    /// The dotted path of something from a package that was not found: `oslo_utils.uuidutils`. The
    /// host is asked whether calling it may have an effect.
    pub foreign: Option<Arc<str>>,
    /// What a text begins with, of which the rest is not known.
    pub head: Option<Arc<str>>,
}

impl Unknown {
    /// Something that could do anything when it is called.
    pub fn new(span: Span, why: impl Into<Arc<str>>) -> Self {
        Self { span, why: why.into(), data: false, foreign: None, head: None }
    }

    /// The same with a part of it named, where it comes from a package that was not found.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        let foreign = self.foreign.as_ref().map(|path| format!("{path}.{name}").into());
        Self { foreign, head: None, ..self.clone() }
    }

    /// A datum whose value is not known.
    pub fn data(span: Span, why: impl Into<Arc<str>>) -> Self {
        Self { span, why: why.into(), data: true, foreign: None, head: None }
    }
}

impl Value {
    /// A value made at `span`.
    pub fn new(kind: Kind, span: Span) -> Self {
        Self { kind, span }
    }

    /// `None`, made at `span`.
    pub fn none(span: Span) -> Self {
        Self::new(Kind::None, span)
    }

    /// A truth value, made at `span`.
    pub fn bool(truth: bool, span: Span) -> Self {
        Self::new(Kind::Bool(truth), span)
    }

    /// A string that stands nowhere in the source, made by the expression at `span`.
    pub fn str(text: &str, span: Span) -> Self {
        Self::new(Kind::Str(Str::computed(text, span)), span)
    }

    /// An external name.
    pub fn symbol(path: &str, span: Span) -> Self {
        Self::new(Kind::Symbol(Symbol::new(path)), span)
    }

    /// Not known, for a reason that lies at `span`.
    pub fn unknown(span: Span, why: impl Into<Arc<str>>) -> Self {
        Self::new(Kind::Unknown(Unknown::new(span, why)), span)
    }

    /// Data not known, for a reason that lies at `span`.
    pub fn unknown_data(span: Span, why: impl Into<Arc<str>>) -> Self {
        Self::new(Kind::Unknown(Unknown::data(span, why)), span)
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::Str(string) => Some(string.text()),
            _ => None,
        }
    }

    /// The string with its segments.
    pub fn as_string(&self) -> Option<&Str> {
        match &self.kind {
            Kind::Str(string) => Some(string),
            _ => None,
        }
    }

    /// A truth value.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(truth) => Some(truth),
            _ => None,
        }
    }

    /// An integer.
    pub fn as_int(&self) -> Option<i128> {
        match self.kind {
            Kind::Int(number) => Some(number),
            _ => None,
        }
    }

    /// The path of an external name.
    pub fn as_symbol(&self) -> Option<&Symbol> {
        match &self.kind {
            Kind::Symbol(symbol) => Some(symbol),
            _ => None,
        }
    }

    /// Whether it is `None`.
    pub fn is_none(&self) -> bool {
        matches!(self.kind, Kind::None)
    }

    /// Why it is unknown, where it is. A list whose content is uncertain is not seen here: ask
    /// [`Heap::unknown`].
    pub fn as_unknown(&self) -> Option<&Unknown> {
        match &self.kind {
            Kind::Unknown(unknown) => Some(unknown),
            _ => None,
        }
    }

    /// The object of the heap behind the value.
    pub fn object(&self) -> Option<ObjectId> {
        match self.kind {
            Kind::List(id)
            | Kind::Tuple(id)
            | Kind::Dict(id)
            | Kind::Set(id)
            | Kind::FrozenSet(id)
            | Kind::Iter(id)
            | Kind::Term(id)
            | Kind::Function(id)
            | Kind::Bound(id)
            | Kind::Coroutine(id)
            | Kind::Class(id)
            | Kind::Instance(id)
            | Kind::Module(id) => Some(id),
            _ => None,
        }
    }

    /// Whether both are certainly the same value without looking into objects: equal scalars, or
    /// one object.
    pub fn same(&self, other: &Self) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::None, Kind::None) | (Kind::Ellipsis, Kind::Ellipsis) => true,
            (Kind::Bool(a), Kind::Bool(b)) => a == b,
            (Kind::Int(a), Kind::Int(b)) => a == b,
            (Kind::Float(a), Kind::Float(b)) => a.to_bits() == b.to_bits(),
            (Kind::Str(a), Kind::Str(b)) => a.text() == b.text(),
            (Kind::Bytes(a), Kind::Bytes(b)) => a == b,
            (Kind::Symbol(a), Kind::Symbol(b)) => a == b,
            (Kind::Host(a), Kind::Host(b)) => a == b,
            (Kind::Unknown(a), Kind::Unknown(b)) => a == b,
            _ => self.object().is_some() && self.object() == other.object(),
        }
    }
}
