//! Classes looked at from outside.

use std::sync::Arc;

use super::{Class, Heap, Object, ObjectId, Value};

impl Heap {
    /// The class behind an id; `None` where it is something else.
    pub fn class(&self, id: ObjectId) -> Option<&Class> {
        match self.object(id) {
            Some(Object::Class(class)) => Some(class),
            _ => None,
        }
    }

    /// A name of the body of a class itself; its bases are not asked.
    pub fn attribute_of(&self, class: &Class, name: &str) -> Option<&Value> {
        self.scope(class.scope)?.names.get(name)
    }

    /// The names of the body of a class in order of their first assignment, with their values.
    pub fn attributes_of<'a>(
        &'a self,
        class: &Class,
    ) -> impl Iterator<Item = (&'a Arc<str>, &'a Value)> + use<'a> {
        self.scope(class.scope).into_iter().flat_map(|scope| {
            scope.order.iter().filter_map(|name| Some((name, scope.names.get(name)?)))
        })
    }
}
