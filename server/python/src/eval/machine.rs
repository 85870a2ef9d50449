//! The state of an evaluation, and the accounting of its work.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use revline_text::{FileId, Range, Span};

use super::guard::Deferred;
use super::{Budget, Host, Opaque, Raised};
use crate::syntax::Source;
use crate::syntax::ast::FunctionDef;
use crate::value::{Arguments, Heap, Kind, ObjectId, Str, Unknown, Value};

/// Why an expression or statement has no outcome of its own.
#[derive(Debug)]
pub(super) enum Halt {
    /// It raises.
    Raise(Box<Raised>),
    /// The budget ran out.
    Stop(Box<Unknown>),
}

/// The part of the budget that an import may use: one in so many steps.
const IMPORT: u64 = 2;

/// What an import may use although the others took three quarters of the budget, in steps.
const LEAST_IMPORT: u64 = 2_000;

pub(super) type Eval<T> = Result<T, Halt>;

/// How a block of statements ended.
#[derive(Debug)]
pub(super) enum Flow {
    Next,
    Return(Value),
    Break,
    Continue,
}

/// Where the names of the running code live.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// Where assignments go.
    pub(super) scope: ObjectId,
    /// What functions defined here see: not the names of a class body.
    pub(super) closure: ObjectId,
    /// The module's globals.
    pub(super) globals: ObjectId,
    /// The module.
    pub(super) module: ObjectId,
    /// The file.
    pub(super) source: Arc<Source>,
    /// The function that runs; none for a module or class body.
    pub(super) definition: Option<Arc<FunctionDef>>,
    /// The host's effects when it was entered.
    pub(super) effects: usize,
    /// Names declared `global` or `nonlocal`, with the scope they live in.
    pub(super) elsewhere: Vec<(Arc<str>, ObjectId)>,
    /// Inside of a comprehension, the scope around it: what `:=` binds lives there.
    pub(super) outer: Option<ObjectId>,
}

pub(crate) struct Machine<'h> {
    pub(super) host: &'h mut dyn Host,
    pub(super) heap: Heap,
    pub(super) budget: Budget,
    pub(super) steps: u64,
    /// The number of steps at which whatever is bounded now stops.
    limit: u64,
    pub(super) depth: u32,
    pub(super) frames: Vec<Frame>,
    pub(super) deferred: Vec<Deferred>,
    /// Guards that are open.
    pub(super) guards: u32,
    pub(super) modules: HashMap<FileId, Value>,
    /// The absolute names of the modules that imports have named.
    pub(super) named: HashSet<Arc<str>>,
    /// The scopes of the modules whose top level runs, innermost last.
    pub(super) reading: Vec<ObjectId>,
    /// The module that is evaluated, as against those that it imports.
    pub(super) main: Option<ObjectId>,
    pub(super) lazy: super::lazy::Lazy,
    /// Bodies of `try` that are running and whose handlers pass over an import that fails.
    pub(super) lenient: u32,
    /// Blocks that wait for the `yield` of their manager, innermost last, and how those ended that did not
    /// have to wait any more.
    pub(super) waiting: Vec<super::generator::Waiting>,
    pub(super) left: Vec<super::generator::Left>,
    /// Coroutines that are running, one inside the other.
    pub(super) coroutines: u32,
    /// Exceptions being handled, innermost last: what a bare `raise` raises.
    pub(super) handling: Vec<Raised>,
}

impl<'h> Machine<'h> {
    pub(super) fn new(host: &'h mut dyn Host, budget: Budget) -> Self {
        Self {
            host,
            heap: Heap::new(),
            steps: 0,
            limit: budget.steps,
            budget,
            depth: 0,
            frames: Vec::new(),
            deferred: Vec::new(),
            guards: 0,
            modules: HashMap::new(),
            named: HashSet::new(),
            reading: Vec::new(),
            main: None,
            lazy: super::lazy::Lazy::default(),
            lenient: 0,
            waiting: Vec::new(),
            left: Vec::new(),
            coroutines: 0,
            handling: Vec::new(),
        }
    }

    /// A range of the running file.
    pub(super) fn at(&self, range: Range) -> Span {
        Span::new(self.frames.last().map_or(FileId(u32::MAX), |frame| frame.source.file), range)
    }

    /// Charges `steps` steps for the work at `span`, which is done only where they are left, and those that were
    /// needed to remember and compare the outcomes of branches.
    pub(super) fn charge(&mut self, steps: u64, span: Span) -> Eval<()> {
        self.steps = self.steps.saturating_add(steps).saturating_add(self.heap.take_work());
        if self.steps > self.limit {
            self.steps = self.limit.saturating_add(1);
            let why = match self.limit < self.budget.steps {
                true => "what is imported takes too many steps to evaluate".to_owned(),
                false => format!("more than {} steps of evaluation", self.budget.steps),
            };
            return Err(Halt::Stop(Box::new(Unknown::new(span, why))));
        }
        if self.heap.bytes() > self.budget.bytes {
            let why = format!("more than {} MiB of values", self.budget.bytes >> 20);
            return Err(Halt::Stop(Box::new(Unknown::new(span, why))));
        }
        Ok(())
    }

    /// Runs `inner` one level deeper; past the bound the evaluation stops.
    pub(super) fn deeper<T>(
        &mut self,
        span: Span,
        inner: impl FnOnce(&mut Self) -> Eval<T>,
    ) -> Eval<T> {
        self.charge(1, span)?;
        if self.depth >= self.budget.depth {
            let why = format!("nested more than {} levels deep", self.budget.depth);
            return Err(Halt::Stop(Box::new(Unknown::new(span, why))));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    /// Runs `inner`, an import, with a part of the budget, so that what is imported cannot use up what
    /// the file itself needs. An import that does has no effect, and the reason is the inner error.
    pub(super) fn bounded<T>(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Eval<T>,
    ) -> Eval<Result<T, Unknown>> {
        let limit = self.limit;
        // One inside of another leaves the half of what is left.
        let share = match limit < self.budget.steps {
            true => limit.saturating_sub(self.steps) / 2,
            false => self.budget.steps / IMPORT,
        };
        let most = (self.budget.steps / 4 * 3).max(self.steps.saturating_add(LEAST_IMPORT));
        self.limit = limit.min(most).min(self.steps.saturating_add(share));
        let (frames, deferred) = (self.frames.len(), self.deferred.len());
        let (handling, regions) = (self.handling.len(), self.heap.regions());
        let reading = self.reading.len();
        let result = inner(self);
        let is_spent = self.steps > limit || self.heap.bytes() > self.budget.bytes;
        self.limit = limit;
        let why = match result {
            Err(Halt::Stop(why)) if !is_spent => *why,
            result => return result.map(Ok),
        };
        let _ = self.settle(deferred);
        self.frames.truncate(frames);
        self.handling.truncate(handling);
        self.heap.close_to(regions);
        // Nothing of the modules that were being read is certain.
        for scope in self.reading.split_off(reading.min(self.reading.len())) {
            if let Some(scope) = self.heap.scope_mut(scope) {
                scope.names.clear();
                scope.order.clear();
                scope.star.get_or_insert_with(|| why.clone());
            }
        }
        Ok(Err(why))
    }

    /// Whether a string of so many bytes, or a list of so many items, may be made; else unknown.
    pub(super) fn fits(&self, size: u64, span: Span) -> Result<(), Value> {
        if size > self.budget.largest {
            let why = format!("larger than {} bytes", self.budget.largest);
            return Err(Value::unknown_data(span, why));
        }
        Ok(())
    }

    /// A string computed at `span`.
    pub(super) fn text(&mut self, text: &str, span: Span) -> Value {
        self.heap.charge(text.len());
        Value::str(text, span)
    }

    /// A string with its places.
    pub(super) fn string(&mut self, string: Str, span: Span) -> Value {
        self.heap.charge(string.text().len());
        Value::new(Kind::Str(string), span)
    }

    /// Raises a builtin exception. The message is for a person: Python's own has other words, which vary.
    pub(super) fn raise<T>(&mut self, class: &str, message: &str, span: Span) -> Eval<T> {
        let said = Value::unknown_data(span, "the words of an error of Python's own");
        self.raise_with(class, message, said, span)
    }

    /// Raises an exception with the argument that it has in Python.
    pub(super) fn raise_with<T>(
        &mut self,
        class: &str,
        message: &str,
        argument: Value,
        span: Span,
    ) -> Eval<T> {
        let callee =
            if class.contains('.') { class.to_owned() } else { format!("builtins.{class}") };
        let arguments = Arguments::of(vec![argument]);
        let call = crate::value::Call {
            callee: Value::symbol(&callee, span),
            arguments,
            assigned: Vec::new(),
        };
        let exception = self.heap.term(crate::value::Term::Call(call), span);
        let class = callee.strip_prefix("builtins.").unwrap_or(&callee).to_owned();
        let message = message.to_owned();
        Err(Halt::Raise(Box::new(Raised { exception, span, class, message })))
    }

    /// Tells the host that anything may have happened.
    pub(super) fn opaque(&mut self, span: Span, why: Unknown, arguments: Option<&Arguments>) {
        self.host.opaque(&self.heap, &Opaque { span, why, arguments });
    }

    /// Makes everything changeable that `arguments` reach uncertain: unknown code has seen it.
    pub(super) fn taint_arguments(&mut self, arguments: &Arguments, why: &Unknown) {
        let mut stack: Vec<Value> = arguments.values().cloned().collect();
        let mut seen = BTreeSet::new();
        while let Some(value) = stack.pop() {
            let Some(id) = value.object() else { continue };
            if !seen.insert(id) || seen.len() > 10_000 {
                continue;
            }
            match self.heap.view(&value) {
                crate::View::List(items) | crate::View::Tuple(items) => {
                    stack.extend(items.iter().cloned());
                }
                crate::View::Dict(dict) => {
                    stack.extend(dict.entries().iter().map(|(_, value)| value.clone()));
                }
                crate::View::Instance(instance) => {
                    stack.extend(instance.attributes.values().cloned());
                }
                _ => {}
            }
            if matches!(
                value.kind,
                Kind::List(_) | Kind::Dict(_) | Kind::Set(_) | Kind::Instance(_)
            ) {
                self.heap.taint(id, why.clone());
            }
        }
    }
}
