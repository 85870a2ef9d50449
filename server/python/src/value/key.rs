//! What a dictionary or set finds its entries by.

use std::sync::Arc;

use super::{HostObject, ObjectId, Symbol};

/// The hashable identity of a value: equal keys are equal values in Python (`1 == True`).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Key {
    /// `None`.
    None,
    /// An integer, a truth value, or a float that is whole.
    Int(i128),
    /// Another float, by its bits.
    Float(u64),
    /// A string.
    Str(Arc<str>),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// A tuple of hashable values.
    Tuple(Vec<Key>),
    /// An external name.
    Symbol(Symbol),
    /// An object known by its identity.
    Object(ObjectId),
    /// An object of the host.
    Host(HostObject),
}
