//! What has an identity: the objects of the heap.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use revline_text::Span;

use super::{Iter, Key, ObjectId, Unknown, Value};
use crate::syntax::Source;
use crate::syntax::ast;

/// An object of the heap.
#[derive(Clone, Debug)]
pub enum Object {
    /// A list.
    List(Vec<Value>),
    /// A tuple.
    Tuple(Vec<Value>),
    /// A dictionary.
    Dict(Dict),
    /// A set; the values of its dictionary are `None`.
    Set(Dict),
    /// An iterator, a range, or the keys, values or items of a dictionary.
    Iter(Iter),
    /// Something made of external names.
    Term(Term),
    /// A function.
    Function(Function),
    /// A method with its receiver.
    Bound(Bound),
    /// An `async` function with its arguments.
    Coroutine(Coroutine),
    /// A class.
    Class(Class),
    /// An object of a class.
    Instance(Instance),
    /// A module that was read.
    Module(Module),
    /// The names of a module, a function call or a class body.
    Scope(Scope),
}

/// Something made of external names that nobody computed further.
#[derive(Clone, Debug)]
pub enum Term {
    /// `sa.Column("id", sa.Integer())`.
    Call(Call),
    /// `table.c`, where `table` is itself a term or a host's object.
    Attribute {
        /// What it is an attribute of.
        object: Value,
        /// Its name.
        name: Arc<str>,
    },
    /// `row["id"]`.
    Item {
        /// What is subscripted.
        object: Value,
        /// The key.
        key: Value,
    },
    /// `column == 5`, `a & b`, `-x`.
    Operation(Operation),
}

/// A call of an external name that the host did not claim.
#[derive(Clone, Debug)]
pub struct Call {
    /// What is called: a symbol, or an attribute term for a method.
    pub callee: Value,
    /// With what.
    pub arguments: Arguments,
    /// Attributes assigned to the result afterwards, in order.
    pub assigned: Vec<(Arc<str>, Value)>,
}

/// An operator applied to something external.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The operator.
    pub operator: Operator,
    /// One operand, or the left and the right one.
    pub operands: Vec<Value>,
}

/// Python's operators.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[expect(missing_docs, reason = "the names are those of Python's `operator` module")]
pub enum Operator {
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    MatMul,
    LeftShift,
    RightShift,
    BitAnd,
    BitOr,
    BitXor,
    Eq,
    NotEq,
    Lt,
    LtEq,
    Gt,
    GtEq,
    Is,
    IsNot,
    In,
    NotIn,
    Not,
    Neg,
    Pos,
    Invert,
    And,
    Or,
}

/// An argument of a call.
#[derive(Clone, Debug)]
pub struct Argument {
    /// Its value; its own span is where the value was made.
    pub value: Value,
    /// Where it stands in the call.
    pub span: Span,
}

/// A keyword argument of a call.
#[derive(Clone, Debug)]
pub struct Keyword {
    /// The keyword.
    pub name: Arc<str>,
    /// Where the keyword stands; the place of the `**` argument where it came from one.
    pub name_span: Span,
    /// Its value.
    pub value: Value,
    /// Where the value stands in the call.
    pub span: Span,
}

/// The arguments of a call, `*` and `**` already taken apart.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// In order.
    pub positional: Vec<Argument>,
    /// In order; a name stands once.
    pub keywords: Vec<Keyword>,
    /// A `*` or `**` argument that could not be taken apart: more arguments may follow.
    pub unknown: Option<Unknown>,
}

impl Arguments {
    /// The keyword argument of that name.
    pub fn keyword(&self, name: &str) -> Option<&Keyword> {
        self.keywords.iter().find(|keyword| &*keyword.name == name)
    }

    /// What is given, positional before named.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        let positional = self.positional.iter().map(|argument| &argument.value);
        positional.chain(self.keywords.iter().map(|keyword| &keyword.value))
    }

    /// The positional argument at `index`, else the keyword `name`.
    pub fn get(&self, index: usize, name: &str) -> Option<&Value> {
        match self.positional.get(index) {
            Some(argument) => Some(&argument.value),
            None => self.keyword(name).map(|keyword| &keyword.value),
        }
    }

    /// Whether there is no argument at all, not even an unknown one.
    pub fn is_empty(&self) -> bool {
        self.positional.is_empty() && self.keywords.is_empty() && self.unknown.is_none()
    }

    /// Positional arguments of the given values.
    pub fn of(values: Vec<Value>) -> Self {
        let positional = values.into_iter().map(|value| Argument { span: value.span, value });
        Self { positional: positional.collect(), ..Self::default() }
    }
}

/// A dictionary in order of insertion.
#[derive(Clone, Debug, Default)]
pub struct Dict {
    /// Whether it is an `OrderedDict`, which prints and compares otherwise.
    pub(crate) is_ordered: bool,
    entries: Vec<(Value, Value)>,
    index: HashMap<Key, usize>,
}

impl Dict {
    /// Keys and values in order.
    pub fn entries(&self) -> &[(Value, Value)] {
        &self.entries
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The value of a key.
    pub fn get(&self, key: &Key) -> Option<&Value> {
        self.index.get(key).and_then(|at| self.entries.get(*at)).map(|(_, value)| value)
    }

    /// The value of a string key.
    pub fn get_str(&self, key: &str) -> Option<&Value> {
        self.get(&Key::Str(key.into()))
    }

    /// Sets the value of a key; an existing key keeps its place.
    pub fn insert(&mut self, key: Key, name: Value, value: Value) {
        if let Some(entry) = self.index.get(&key).and_then(|at| self.entries.get_mut(*at)) {
            entry.1 = value;
        } else {
            self.index.insert(key, self.entries.len());
            self.entries.push((name, value));
        }
    }

    /// Removes a key.
    pub fn remove(&mut self, key: &Key) -> Option<(Value, Value)> {
        let at = self.index.remove(key)?;
        for place in self.index.values_mut() {
            if *place > at {
                *place -= 1;
            }
        }
        Some(self.entries.remove(at))
    }
}

/// A function of the source.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its definition; a lambda has the name `<lambda>`.
    pub definition: Arc<ast::FunctionDef>,
    /// The file that defines it.
    pub source: Arc<Source>,
    /// The names that its body sees.
    pub scope: ObjectId,
    /// Values of the parameters' defaults, by parameter.
    pub defaults: Vec<Option<Value>>,
    /// Attributes assigned to it.
    pub attributes: BTreeMap<Arc<str>, Value>,
}

/// A method with its receiver.
#[derive(Clone, Debug)]
pub struct Bound {
    /// The receiver.
    pub receiver: Value,
    /// The function; for a method of a built-in type its name is enough.
    pub function: Option<Value>,
    /// The method's name.
    pub name: Arc<str>,
}

/// A call of an `async` function that has not run.
#[derive(Clone, Debug)]
pub struct Coroutine {
    /// The function.
    pub function: Value,
    /// With what, the receiver first where there is one.
    pub arguments: Arguments,
}

/// A class of the source.
#[derive(Clone, Debug)]
pub struct Class {
    /// Its name.
    pub name: Arc<str>,
    /// Its bases: classes, symbols, terms, unknown values.
    pub bases: Vec<Value>,
    /// The names of its body, in order.
    pub scope: ObjectId,
    /// The `class` statement's name.
    pub name_span: Span,
    /// The names that its body annotates, in order.
    pub fields: Vec<Arc<str>>,
    /// Whether it has keyword arguments, such as a metaclass, that may make its objects otherwise.
    pub has_keywords: bool,
}

/// An object of a class of the source.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Its class.
    pub class: ObjectId,
    /// What the class was called with.
    pub arguments: Arguments,
    /// Its own attributes.
    pub attributes: BTreeMap<Arc<str>, Value>,
}

/// A module that was read.
#[derive(Clone, Debug)]
pub struct Module {
    /// Its file.
    pub source: Arc<Source>,
    /// Its globals.
    pub scope: ObjectId,
    /// The name it was imported as, for imports relative to it; empty for the file evaluated first.
    pub name: Arc<str>,
}

/// Names and their values.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Values by name.
    pub names: BTreeMap<Arc<str>, Value>,
    /// Names in order of their first assignment.
    pub order: Vec<Arc<str>>,
    /// The scope around it, which a function sees.
    pub parent: Option<ObjectId>,
    /// The function whose call it belongs to.
    pub definition: Option<Arc<ast::FunctionDef>>,
    /// A `from … import *` that could not be followed: any other name may come from there.
    pub star: Option<Unknown>,
}
