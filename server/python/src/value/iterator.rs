//! What gives one item after the other.

use std::sync::Arc;

use super::{ObjectId, Value};
use crate::syntax::Source;
use crate::syntax::ast::{Comprehension, FunctionDef};

/// An iterator, which is used up by going through it; or a range or the keys, values or items of a
/// dictionary, which are not.
#[derive(Clone, Debug)]
pub struct Iter {
    /// Its type's name: `map`, `list_iterator`, `range`.
    pub what: &'static str,
    pub(crate) state: State,
}

/// Which part of a dictionary.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names are those of the methods")]
pub enum Part {
    Keys,
    Values,
    Items,
}

/// What an iterator goes through, and where it stands.
#[derive(Clone, Debug)]
pub(crate) enum State {
    Range {
        start: i128,
        count: u64,
        step: i128,
    },
    /// A part of a dictionary, as it is when it is looked at.
    Entries {
        of: Value,
        part: Part,
    },
    Items {
        items: Arc<[Value]>,
        at: usize,
    },
    /// A list, as it is when the next item is taken.
    List {
        list: Value,
        at: usize,
    },
    Map {
        function: Value,
        over: Vec<Value>,
    },
    Filter {
        function: Value,
        over: Value,
    },
    Zip {
        over: Vec<Value>,
    },
    Enumerate {
        over: Value,
        next: i128,
    },
    /// The iterables that follow, the next one last.
    Chain {
        current: Option<Value>,
        rest: Vec<Value>,
    },
    Generator(Suspended),
}

/// A generator expression between two items.
#[derive(Clone, Debug)]
pub(crate) struct Suspended {
    pub(crate) comprehension: Arc<Comprehension>,
    pub(crate) scope: ObjectId,
    pub(crate) globals: ObjectId,
    pub(crate) module: ObjectId,
    pub(crate) source: Arc<Source>,
    pub(crate) definition: Option<Arc<FunctionDef>>,
    pub(crate) outer: ObjectId,
    /// The iterators of its `for` clauses, as far as they are entered.
    pub(crate) over: Vec<Value>,
}

impl Iter {
    /// Whether going through it uses it up.
    pub fn is_used_up(&self) -> bool {
        !matches!(self.state, State::Range { .. } | State::Entries { .. })
    }
}
