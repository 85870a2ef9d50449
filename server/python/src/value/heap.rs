//! Where objects live, and how their changes are undone and merged.
//!
//! An unknown condition runs both branches from one state. A [`Region`] remembers what the objects
//! touched in it were before; [`Heap::rewind`] restores them and hands out what they had become,
//! and [`Heap::merge`] makes unknown whatever the two outcomes disagree on.

use std::collections::HashMap;

use super::{
    Bound, Class, Coroutine, Dict, Function, HostObject, Instance, Iter, Kind, Module, Object,
    ObjectId, Scope, Str, Symbol, Term, Unknown, Value,
};

/// How many entries of an object are copied in the time of a step.
const COPIES: u64 = 8;

/// All objects of an evaluation. They live as long as it does; the budget bounds their number.
#[derive(Debug, Default)]
pub struct Heap {
    slots: Vec<Slot>,
    regions: Vec<Region>,
    bytes: u64,
    /// Entries of objects that were copied or compared for regions and that nobody was charged for.
    copied: u64,
}

#[derive(Clone, Debug)]
struct Slot {
    object: Object,
    taint: Option<Unknown>,
}

/// What changed since [`Heap::open`].
#[derive(Debug)]
pub struct Region {
    first_new: usize,
    saved: HashMap<ObjectId, Slot>,
}

/// The outcome of one branch: what the objects it touched became.
#[derive(Debug, Default)]
pub struct Snapshot {
    slots: HashMap<ObjectId, Slot>,
}

/// A value to look at.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the variants are those of `Kind`")]
pub enum View<'a> {
    None,
    Ellipsis,
    Bool(bool),
    Int(i128),
    Float(f64),
    Str(&'a Str),
    Bytes(&'a [u8]),
    List(&'a [Value]),
    Tuple(&'a [Value]),
    Dict(&'a Dict),
    Set(&'a Dict),
    Iter(&'a Iter),
    Symbol(&'a Symbol),
    Term(&'a Term),
    Function(&'a Function),
    Bound(&'a Bound),
    Coroutine(&'a Coroutine),
    Class(&'a Class),
    Instance(&'a Instance),
    Module(&'a Module),
    Host(HostObject),
    Unknown(&'a Unknown),
}

impl Heap {
    /// A heap without objects.
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of objects ever made.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether no object was ever made.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Bytes charged for values so far: an estimate that only grows.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Charges the budget for values made outside the heap.
    pub fn charge(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes as u64);
    }

    /// Steps for the work of regions since the last call.
    pub(crate) fn take_work(&mut self) -> u64 {
        let steps = self.copied / COPIES;
        self.copied %= COPIES;
        steps
    }

    /// Adds an object.
    pub fn add(&mut self, object: Object) -> ObjectId {
        let size = match &object {
            Object::List(items) | Object::Tuple(items) => items.len(),
            Object::Dict(dict) | Object::Set(dict) => dict.len().saturating_mul(4),
            _ => 4,
        };
        self.charge(size.saturating_add(2).saturating_mul(size_of::<Value>()));
        let id = ObjectId(u32::try_from(self.slots.len()).unwrap_or(u32::MAX));
        self.slots.push(Slot { object, taint: None });
        id
    }

    /// A new list.
    pub fn list(&mut self, items: Vec<Value>, span: revline_text::Span) -> Value {
        Value::new(Kind::List(self.add(Object::List(items))), span)
    }

    /// A new tuple.
    pub fn tuple(&mut self, items: Vec<Value>, span: revline_text::Span) -> Value {
        Value::new(Kind::Tuple(self.add(Object::Tuple(items))), span)
    }

    /// A new dictionary.
    pub fn dict(&mut self, dict: Dict, span: revline_text::Span) -> Value {
        Value::new(Kind::Dict(self.add(Object::Dict(dict))), span)
    }

    /// A new dictionary with string keys.
    pub fn record<const N: usize>(
        &mut self,
        entries: [(&str, Value); N],
        span: revline_text::Span,
    ) -> Value {
        let mut dict = Dict::default();
        for (name, value) in entries {
            dict.insert(super::Key::Str(name.into()), Value::str(name, span), value);
        }
        self.dict(dict, span)
    }

    /// A new term.
    pub fn term(&mut self, term: Term, span: revline_text::Span) -> Value {
        Value::new(Kind::Term(self.add(Object::Term(term))), span)
    }

    /// What a value is, objects looked up. An uncertain object is [`View::Unknown`].
    pub fn view<'a>(&'a self, value: &'a Value) -> View<'a> {
        match &value.kind {
            Kind::None => View::None,
            Kind::Ellipsis => View::Ellipsis,
            Kind::Bool(truth) => View::Bool(*truth),
            Kind::Int(number) => View::Int(*number),
            Kind::Float(number) => View::Float(*number),
            Kind::Str(string) => View::Str(string),
            Kind::Bytes(bytes) => View::Bytes(bytes),
            Kind::Symbol(symbol) => View::Symbol(symbol),
            Kind::Host(object) => View::Host(*object),
            Kind::Unknown(unknown) => View::Unknown(unknown),
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
            | Kind::Module(id) => self.view_object(*id),
        }
    }

    fn view_object(&self, id: ObjectId) -> View<'_> {
        let Some(slot) = self.slots.get(id.0 as usize) else {
            return View::None;
        };
        if let Some(unknown) = &slot.taint {
            return View::Unknown(unknown);
        }
        match &slot.object {
            Object::List(items) => View::List(items),
            Object::Tuple(items) => View::Tuple(items),
            Object::Dict(dict) => View::Dict(dict),
            Object::Set(dict) => View::Set(dict),
            Object::Iter(iter) => View::Iter(iter),
            Object::Term(term) => View::Term(term),
            Object::Function(function) => View::Function(function),
            Object::Bound(bound) => View::Bound(bound),
            Object::Coroutine(coroutine) => View::Coroutine(coroutine),
            Object::Class(class) => View::Class(class),
            Object::Instance(instance) => View::Instance(instance),
            Object::Module(module) => View::Module(module),
            Object::Scope(_) => View::None,
        }
    }

    /// The items of a list or tuple that is certain.
    pub fn items<'a>(&'a self, value: &'a Value) -> Option<&'a [Value]> {
        match self.view(value) {
            View::List(items) | View::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// Why a value is unknown, itself or as an object whose content is uncertain. Parts of it may be
    /// unknown all the same: see [`Heap::unknown_within`].
    pub fn unknown<'a>(&'a self, value: &'a Value) -> Option<&'a Unknown> {
        match self.view(value) {
            View::Unknown(unknown) => Some(unknown),
            _ => None,
        }
    }

    /// The first unknown part of a value, looking into lists, tuples, dictionaries, sets and terms.
    /// Bounded: what is nested deeper than a hundred levels is not looked at.
    pub fn unknown_within(&self, value: &Value) -> Option<Unknown> {
        let mut stack: Vec<(&Value, u32)> = vec![(value, 0)];
        let mut seen = 0_u32;
        while let Some((value, depth)) = stack.pop() {
            seen += 1;
            if depth > 100 || seen > 100_000 {
                continue;
            }
            let deeper = depth + 1;
            match self.view(value) {
                View::Unknown(unknown) => return Some(unknown.clone()),
                View::List(items) | View::Tuple(items) => {
                    stack.extend(items.iter().rev().map(|item| (item, deeper)));
                }
                View::Dict(dict) | View::Set(dict) => {
                    for (key, item) in dict.entries().iter().rev() {
                        stack.push((item, deeper));
                        stack.push((key, deeper));
                    }
                }
                View::Term(Term::Call(call)) => {
                    if let Some(unknown) = &call.arguments.unknown {
                        return Some(unknown.clone());
                    }
                    let keywords = call.arguments.keywords.iter().rev();
                    stack.extend(keywords.map(|keyword| (&keyword.value, deeper)));
                    let positional = call.arguments.positional.iter().rev();
                    stack.extend(positional.map(|argument| (&argument.value, deeper)));
                    stack.push((&call.callee, deeper));
                }
                View::Term(Term::Attribute { object, .. }) => stack.push((object, deeper)),
                View::Term(Term::Item { object, key }) => {
                    stack.push((key, deeper));
                    stack.push((object, deeper));
                }
                View::Term(Term::Operation(operation)) => {
                    stack.extend(operation.operands.iter().rev().map(|item| (item, deeper)));
                }
                _ => {}
            }
        }
        None
    }

    /// An object as it is, even where it is uncertain.
    pub(crate) fn object(&self, id: ObjectId) -> Option<&Object> {
        self.slots.get(id.0 as usize).map(|slot| &slot.object)
    }

    /// An object to change; what it was before is remembered for the open regions.
    pub fn change(&mut self, id: ObjectId) -> Option<&mut Object> {
        self.save(id);
        self.slots.get_mut(id.0 as usize).map(|slot| &mut slot.object)
    }

    /// Makes the content of an object uncertain.
    pub fn taint(&mut self, id: ObjectId, unknown: Unknown) {
        self.save(id);
        if let Some(slot) = self.slots.get_mut(id.0 as usize) {
            slot.taint.get_or_insert(unknown);
        }
    }

    /// The list behind a value, to change it; `None` where it is no list, or an uncertain one.
    pub fn list_mut(&mut self, value: &Value) -> Option<&mut Vec<Value>> {
        match (&value.kind, self.unknown(value)) {
            (Kind::List(id), None) => match self.change(*id)? {
                Object::List(items) => Some(items),
                _ => None,
            },
            _ => None,
        }
    }

    /// The dictionary or set behind a value, to change it; `None` for anything else and for an
    /// uncertain one.
    pub fn dict_mut(&mut self, value: &Value) -> Option<&mut Dict> {
        match (&value.kind, self.unknown(value)) {
            (Kind::Dict(id) | Kind::Set(id), None) => match self.change(*id)? {
                Object::Dict(dict) | Object::Set(dict) => Some(dict),
                _ => None,
            },
            _ => None,
        }
    }

    /// The names of a module, a call or a class body; `None` for another object.
    pub fn scope(&self, id: ObjectId) -> Option<&Scope> {
        match self.object(id) {
            Some(Object::Scope(scope)) => Some(scope),
            _ => None,
        }
    }

    pub(crate) fn scope_mut(&mut self, id: ObjectId) -> Option<&mut Scope> {
        match self.change(id) {
            Some(Object::Scope(scope)) => Some(scope),
            _ => None,
        }
    }

    fn save(&mut self, id: ObjectId) {
        let Some(region) = self.regions.last_mut() else { return };
        if (id.0 as usize) < region.first_new
            && !region.saved.contains_key(&id)
            && let Some(slot) = self.slots.get(id.0 as usize)
        {
            self.copied = self.copied.saturating_add(slot.object.entries());
            region.saved.insert(id, slot.clone());
        }
    }

    /// Opens a region: from here on, what changes is remembered.
    pub(crate) fn open(&mut self) {
        self.regions.push(Region { first_new: self.slots.len(), saved: HashMap::new() });
    }

    /// How many regions are open.
    pub(crate) fn regions(&self) -> usize {
        self.regions.len()
    }

    /// Closes the innermost regions until so many are open, and keeps their changes.
    pub(crate) fn close_to(&mut self, regions: usize) {
        while self.regions.len() > regions {
            self.keep();
        }
    }

    /// Restores what was there when the innermost region was opened, keeps the region open, and
    /// returns what the touched objects had become.
    pub(crate) fn rewind(&mut self) -> Snapshot {
        let Some(region) = self.regions.last_mut() else { return Snapshot::default() };
        let mut slots = HashMap::new();
        for (id, before) in region.saved.drain() {
            if let Some(slot) = self.slots.get_mut(id.0 as usize) {
                slots.insert(id, std::mem::replace(slot, before));
            }
        }
        Snapshot { slots }
    }

    /// Closes the innermost region and keeps its changes.
    pub(crate) fn keep(&mut self) {
        let Some(region) = self.regions.pop() else { return };
        // The changes are changes of the region around it too.
        if let Some(outer) = self.regions.last_mut() {
            for (id, slot) in region.saved {
                if (id.0 as usize) < outer.first_new {
                    outer.saved.entry(id).or_insert(slot);
                }
            }
        }
    }

    /// Closes the innermost region, drops its changes, and puts `snapshot` in their place.
    pub(crate) fn replace(&mut self, snapshot: Snapshot) {
        let _dropped = self.rewind();
        self.apply(snapshot);
        self.keep();
    }

    /// Puts an outcome in place, within the innermost region.
    pub(crate) fn apply(&mut self, snapshot: Snapshot) {
        for (id, slot) in snapshot.slots {
            self.save(id);
            if let Some(place) = self.slots.get_mut(id.0 as usize) {
                *place = slot;
            }
        }
    }

    /// Closes the innermost region. Where its outcome and `other` (the outcome of the other branch
    /// from the same state) disagree, the value becomes unknown.
    pub(crate) fn merge(&mut self, other: Snapshot, unknown: &Unknown) {
        let Some(region) = self.regions.last() else { return };
        let mut touched: Vec<ObjectId> =
            region.saved.keys().chain(other.slots.keys()).copied().collect();
        touched.sort_unstable();
        touched.dedup();
        for id in touched {
            let before = self.regions.last().and_then(|region| region.saved.get(&id)).cloned();
            let theirs = match other.slots.get(&id) {
                Some(slot) => slot.clone(),
                None => match before {
                    Some(slot) => slot,
                    None => continue,
                },
            };
            // Their copy, and what is compared with it.
            self.copied = self.copied.saturating_add(3 * theirs.object.entries());
            self.save(id);
            if let Some(slot) = self.slots.get_mut(id.0 as usize) {
                slot.merge(theirs, unknown);
            }
        }
        self.keep();
    }
}

impl Object {
    /// How many values it holds itself.
    fn entries(&self) -> u64 {
        let entries = match self {
            Self::List(items) | Self::Tuple(items) => items.len(),
            Self::Dict(dict) | Self::Set(dict) => dict.len(),
            Self::Scope(scope) => scope.names.len(),
            Self::Instance(instance) => instance.attributes.len(),
            _ => 1,
        };
        entries as u64
    }
}

impl Slot {
    fn merge(&mut self, other: Self, unknown: &Unknown) {
        if let Some(taint) = other.taint {
            self.taint.get_or_insert(taint);
        }
        let agree = match (&mut self.object, other.object) {
            (Object::Scope(ours), Object::Scope(theirs)) => {
                for name in theirs.order {
                    if !ours.names.contains_key(&name) && !ours.order.contains(&name) {
                        ours.order.push(name);
                    }
                }
                merge_names(&mut ours.names, theirs.names, unknown);
                if ours.star.is_none() {
                    ours.star = theirs.star;
                }
                true
            }
            (Object::Instance(ours), Object::Instance(theirs)) => {
                merge_names(&mut ours.attributes, theirs.attributes, unknown);
                true
            }
            (Object::List(ours), Object::List(theirs)) => same_items(ours, &theirs),
            (Object::Dict(ours), Object::Dict(theirs))
            | (Object::Set(ours), Object::Set(theirs)) => {
                ours.len() == theirs.len()
                    && ours
                        .entries()
                        .iter()
                        .zip(theirs.entries())
                        .all(|(a, b)| a.0.same(&b.0) && a.1.same(&b.1))
            }
            _ => false,
        };
        if !agree {
            self.taint.get_or_insert_with(|| unknown.clone());
        }
    }
}

fn same_items(ours: &[Value], theirs: &[Value]) -> bool {
    ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| a.same(b))
}

fn merge_names(
    ours: &mut std::collections::BTreeMap<std::sync::Arc<str>, Value>,
    theirs: std::collections::BTreeMap<std::sync::Arc<str>, Value>,
    unknown: &Unknown,
) {
    let lost = |span| Value::new(Kind::Unknown(unknown.clone()), span);
    for (name, value) in ours.iter_mut() {
        match theirs.get(name) {
            Some(other) if other.same(value) => {}
            _ => *value = lost(value.span),
        }
    }
    for (name, value) in theirs {
        ours.entry(name).or_insert_with(|| lost(value.span));
    }
}
