//! What happens where it is not known whether something happens.
//!
//! An unknown condition runs both branches from one state and merges the outcomes. A branch that
//! leaves its function or loop (`return`, `break`, `continue`) while the other goes on is *deferred*:
//! the rest runs inside a guard, and the two outcomes are merged where the function or loop ends.

use revline_text::Span;

use super::machine::{Eval, Flow, Halt, Machine};
use super::{Guard, GuardKind};
use crate::value::{Kind, Snapshot, Unknown, Value};

/// How far an exit that may have happened leads.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Level {
    /// To the next round of the loop.
    Round,
    /// Behind the loop.
    Loop,
    /// Out of the function.
    Function,
}

/// An exit that may have happened.
#[derive(Debug)]
pub(super) struct Deferred {
    level: Level,
    /// The state at the exit, to be merged; none where only the host's guard is to be closed.
    exit: Option<(Snapshot, Unknown)>,
    guard: Guard,
    value: Option<Value>,
}

/// An exit out of a region that was closed.
pub(super) struct Exit {
    level: Level,
    guard: Guard,
    value: Option<Value>,
    certain_state: bool,
}

impl Machine<'_> {
    pub(super) fn enter_guard(&mut self, guard: &Guard) {
        self.guards = self.guards.saturating_add(1);
        self.host.enter_guard(&self.heap, guard);
    }

    pub(super) fn leave_guard(&mut self, guard: &Guard) {
        self.guards = self.guards.saturating_sub(1);
        self.host.leave_guard(&self.heap, guard);
    }

    /// Runs both branches of a condition that is not known.
    pub(super) fn both(
        &mut self,
        span: Span,
        why: &Unknown,
        first: impl FnOnce(&mut Self) -> Eval<Flow>,
        second: impl FnOnce(&mut Self) -> Eval<Flow>,
    ) -> Eval<Flow> {
        let guard = Guard { kind: GuardKind::Branch, span, why: why.clone(), holds: true };
        let other = Guard { holds: false, ..guard.clone() };
        self.heap.open();
        let (one, mut exits) = self.guarded(&guard, first)?;
        let taken = self.heap.rewind();
        let (two, more) = self.guarded(&other, second)?;
        exits.extend(more);
        let flow = self.meet(span, why, one, taken, two);
        // Exits out of the branches themselves: their states are merged already.
        for exit in exits {
            self.resume(exit);
        }
        flow
    }

    /// Runs a branch inside its guard, with the exits that were deferred in it.
    fn guarded(
        &mut self,
        guard: &Guard,
        branch: impl FnOnce(&mut Self) -> Eval<Flow>,
    ) -> Eval<(Eval<Flow>, Vec<Exit>)> {
        let mark = self.deferred.len();
        self.enter_guard(guard);
        let flow = branch(self);
        let exits = self.settle(mark);
        self.leave_guard(guard);
        match flow {
            Err(Halt::Stop(stop)) => Err(Halt::Stop(stop)),
            flow => Ok((flow, exits)),
        }
    }

    /// Closes the region of two branches: the state is that of the second, `taken` the outcome of
    /// the first.
    fn meet(
        &mut self,
        span: Span,
        why: &Unknown,
        one: Eval<Flow>,
        taken: Snapshot,
        two: Eval<Flow>,
    ) -> Eval<Flow> {
        match (one, two) {
            (Ok(Flow::Next), Ok(Flow::Next)) => {
                self.heap.merge(taken, why);
                Ok(Flow::Next)
            }
            (Err(one), Err(_)) => {
                self.heap.merge(taken, why);
                Err(one)
            }
            (Err(_), Ok(flow)) => {
                self.heap.keep();
                self.after_raise(span, why, &flow);
                Ok(flow)
            }
            (Ok(flow), Err(_)) => {
                self.heap.replace(taken);
                self.after_raise(span, why, &flow);
                Ok(flow)
            }
            (Ok(Flow::Next), Ok(exit)) => {
                let left = self.heap.rewind();
                self.heap.apply(taken);
                self.defer(span, why, exit, left);
                Ok(Flow::Next)
            }
            (Ok(exit), Ok(Flow::Next)) => {
                self.defer(span, why, exit, taken);
                Ok(Flow::Next)
            }
            (Ok(Flow::Return(one)), Ok(Flow::Return(two))) => {
                self.heap.merge(taken, why);
                Ok(Flow::Return(either(one, &two, why)))
            }
            (Ok(Flow::Break), Ok(Flow::Break)) => {
                self.heap.merge(taken, why);
                Ok(Flow::Break)
            }
            (Ok(Flow::Continue), Ok(Flow::Continue)) => {
                self.heap.merge(taken, why);
                Ok(Flow::Continue)
            }
            (Ok(one), Ok(two)) => {
                self.defer(span, why, one, taken);
                Ok(two)
            }
        }
    }

    /// Remembers an exit that may have happened with the state `left`; its region stays open.
    fn defer(&mut self, span: Span, why: &Unknown, exit: Flow, left: Snapshot) {
        let (level, value) = match exit {
            Flow::Return(value) => (Level::Function, Some(value)),
            Flow::Break => (Level::Loop, None),
            Flow::Continue | Flow::Next => (Level::Round, None),
        };
        let guard = Guard { kind: GuardKind::AfterExit, span, why: why.clone(), holds: true };
        self.enter_guard(&guard);
        self.deferred.push(Deferred { level, exit: Some((left, why.clone())), guard, value });
    }

    /// One branch raises: what follows runs wherever the function succeeds.
    pub(super) fn after_raise(&mut self, span: Span, why: &Unknown, flow: &Flow) {
        if matches!(flow, Flow::Next) {
            let guard = Guard { kind: GuardKind::AfterRaise, span, why: why.clone(), holds: true };
            self.enter_guard(&guard);
            self.deferred.push(Deferred { level: Level::Function, exit: None, guard, value: None });
        }
    }

    /// Lets an exit whose state is merged already go on being possible.
    pub(super) fn resume(&mut self, exit: Exit) {
        self.enter_guard(&exit.guard);
        let state = if exit.certain_state {
            None
        } else {
            self.heap.open();
            Some((Snapshot::default(), exit.guard.why.clone()))
        };
        self.deferred.push(Deferred {
            level: exit.level,
            exit: state,
            guard: exit.guard,
            value: exit.value,
        });
    }

    /// What follows a loop over something unknown whose body returns.
    pub(super) fn maybe_returned(&mut self, span: Span, why: &Unknown, value: Value) {
        self.heap.open();
        self.defer(span, why, Flow::Return(value), Snapshot::default());
    }

    fn close(&mut self, deferred: Deferred) -> Exit {
        let Deferred { level, exit, guard, value } = deferred;
        self.leave_guard(&guard);
        let certain_state = exit.is_none();
        if let Some((snapshot, why)) = exit {
            self.heap.merge(snapshot, &why);
        }
        Exit { level, guard, value, certain_state }
    }

    /// Closes everything deferred since `mark`.
    pub(super) fn settle(&mut self, mark: usize) -> Vec<Exit> {
        let mut exits = Vec::new();
        while self.deferred.len() > mark {
            if let Some(deferred) = self.deferred.pop() {
                exits.push(self.close(deferred));
            }
        }
        exits
    }

    /// The end of a round or of a loop: closes the exits that lead no farther. Those below one that
    /// leads farther wait for it, since the host's guards nest.
    pub(super) fn close_loop(&mut self, mark: usize, level: Level) {
        while self.deferred.len() > mark
            && self.deferred.last().is_some_and(|deferred| deferred.level <= level)
        {
            if let Some(deferred) = self.deferred.pop() {
                self.close(deferred);
            }
        }
    }

    /// Whether the loop whose exits were deferred since `mark` may have been left.
    pub(super) fn may_have_left(&self, mark: usize) -> bool {
        let since = self.deferred.get(mark..).unwrap_or_default();
        since.iter().any(|deferred| deferred.level >= Level::Loop && deferred.exit.is_some())
    }

    /// The end of a function or module: everything deferred in it is merged; the value is unknown
    /// where another may have been returned.
    pub(super) fn close_function(
        &mut self,
        mark: usize,
        flow: Eval<Flow>,
        span: Span,
    ) -> Eval<Value> {
        let exits = self.settle(mark);
        let mut returned = match flow {
            Ok(Flow::Return(value)) => Some(value),
            Ok(_) => Some(Value::none(span)),
            Err(Halt::Raise(raised)) => {
                if !exits.iter().any(|exit| exit.value.is_some()) {
                    return Err(Halt::Raise(raised));
                }
                // It may have returned before: where it succeeds, it has.
                None
            }
            Err(stop) => return Err(stop),
        };
        for exit in exits {
            if let Some(value) = exit.value {
                returned = Some(match returned {
                    Some(other) => either(other, &value, &exit.guard.why),
                    None => value,
                });
            }
        }
        Ok(returned.unwrap_or_else(|| Value::none(span)))
    }

    /// Runs a body any number of times: once, inside a guard, merged with not running it.
    pub(super) fn any_number_of_times(
        &mut self,
        span: Span,
        why: &Unknown,
        body: impl FnOnce(&mut Self) -> Eval<Flow>,
    ) -> Eval<()> {
        let guard = Guard { kind: GuardKind::Loop, span, why: why.clone(), holds: true };
        self.heap.open();
        let (flow, exits) = self.guarded(&guard, body)?;
        let taken = self.heap.rewind();
        let mut returned = None;
        match flow {
            Err(_) => {
                self.heap.keep();
                self.after_raise(span, why, &Flow::Next);
            }
            Ok(flow) => {
                self.heap.merge(taken, why);
                if let Flow::Return(value) = flow {
                    returned = Some(value);
                }
            }
        }
        for exit in exits {
            if exit.level == Level::Function {
                self.resume(exit);
            }
        }
        if let Some(value) = returned {
            self.maybe_returned(span, why, value);
        }
        Ok(())
    }
}

/// One of two values, nobody knows which.
pub(super) fn either(one: Value, two: &Value, why: &Unknown) -> Value {
    if one.same(two) { one } else { Value::new(Kind::Unknown(why.clone()), one.span) }
}
