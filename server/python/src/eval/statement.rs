//! Statements.

use std::sync::Arc;

use revline_text::Span;

use super::guard::Level;
use super::handler::{binds_nothing, catch_imports, goes_on, passes_over};
use super::machine::{Eval, Flow, Halt, Machine};
use super::{Answer, Raised};
use crate::syntax::ast::{Expr, Handler, Stmt, StmtKind, WithItem};
use crate::value::{Class, Kind, Object, Scope, Term, Unknown, Value, View};

impl Machine<'_> {
    pub(super) fn block(&mut self, block: &[Stmt]) -> Eval<Flow> {
        for statement in block {
            match self.statement(statement)? {
                Flow::Next => {}
                flow => return Ok(flow),
            }
        }
        Ok(Flow::Next)
    }

    fn statement(&mut self, statement: &Stmt) -> Eval<Flow> {
        let span = self.at(statement.range);
        self.deeper(span, |machine| machine.statement_kind(statement, span))
    }

    fn statement_kind(&mut self, statement: &Stmt, span: Span) -> Eval<Flow> {
        match &statement.kind {
            StmtKind::Expr(expression) => {
                self.expression(expression)?;
            }
            StmtKind::Assign { targets, value, .. } => {
                let value = self.expression(value)?;
                for target in targets {
                    self.assign(target, &value)?;
                }
            }
            StmtKind::AugAssign { target, operator, value } => {
                self.augment(target, *operator, value, span)?;
            }
            StmtKind::Return(value) => {
                return Ok(Flow::Return(match value {
                    Some(value) => self.expression(value)?,
                    None => Value::none(span),
                }));
            }
            StmtKind::Raise { exception } => return self.raise_statement(exception.as_ref(), span),
            StmtKind::Assert { test, message } => return self.assert(test, message.as_ref(), span),
            StmtKind::If { branches, otherwise } => return self.branches(branches, otherwise),
            StmtKind::For { target, iterable, body, otherwise } => {
                return self.for_loop(target, iterable, body, otherwise);
            }
            StmtKind::While { test, body, otherwise } => {
                return self.while_loop(test, body, otherwise);
            }
            StmtKind::With { items, body } => return self.with(items, body),
            StmtKind::Try { body, handlers, otherwise, finally } => {
                let flow = self.attempt(body, handlers, otherwise);
                if let Err(Halt::Stop(_)) = &flow {
                    return flow;
                }
                return match self.block(finally)? {
                    Flow::Next => flow,
                    other => Ok(other),
                };
            }
            StmtKind::Function(definition) => {
                let mut value = self.function(definition)?;
                for decorator in definition.decorators.iter().rev() {
                    value = self.decorate(decorator, value)?;
                }
                self.bind(&definition.name, value);
            }
            StmtKind::Class(definition) => {
                let mut value = self.class(definition)?;
                for decorator in definition.decorators.iter().rev() {
                    value = self.decorate(decorator, value)?;
                }
                self.bind(&definition.name, value);
            }
            StmtKind::Import(names) => self.import(names)?,
            StmtKind::ImportFrom(from) => self.import_from(from, span)?,
            StmtKind::Global(names) => self.declare_global(names),
            StmtKind::Nonlocal(names) => self.declare_nonlocal(names),
            StmtKind::Delete(targets) => {
                for target in targets {
                    self.delete(target)?;
                }
            }
            StmtKind::Break => return Ok(Flow::Break),
            StmtKind::Continue => return Ok(Flow::Continue),
            StmtKind::Pass | StmtKind::Declare { .. } => {}
            StmtKind::Opaque(why) => {
                let unknown = Unknown::new(span, *why);
                self.opaque(span, unknown, None);
            }
        }
        Ok(Flow::Next)
    }

    fn branches(&mut self, branches: &[(Expr, Vec<Stmt>)], otherwise: &[Stmt]) -> Eval<Flow> {
        let Some(((test, body), rest)) = branches.split_first() else {
            return self.block(otherwise);
        };
        let value = self.expression(test)?;
        match self.truth_of(&value, self.at(test.range))? {
            Ok(true) => self.block(body),
            Ok(false) => self.branches_deeper(rest, otherwise),
            Err(why) => {
                let span = self.at(test.range);
                let why = condition(&why);
                self.both(
                    span,
                    &why,
                    |machine| machine.block(body),
                    |machine| machine.branches_deeper(rest, otherwise),
                )
            }
        }
    }

    /// `elif` after `elif` nests: each costs a level.
    fn branches_deeper(
        &mut self,
        branches: &[(Expr, Vec<Stmt>)],
        otherwise: &[Stmt],
    ) -> Eval<Flow> {
        match branches.first() {
            Some((test, _)) => {
                let span = self.at(test.range);
                self.deeper(span, |machine| machine.branches(branches, otherwise))
            }
            None => self.block(otherwise),
        }
    }

    fn for_loop(
        &mut self,
        target: &Expr,
        iterable: &Expr,
        body: &[Stmt],
        otherwise: &[Stmt],
    ) -> Eval<Flow> {
        let span = self.at(iterable.range);
        let value = self.expression(iterable)?;
        let mark = self.deferred.len();
        self.in_order(&value, span);
        let flow = match self.walk(&value, span)? {
            Ok(mut walk) => self.rounds(target, &mut walk, body, span)?,
            Err(why) => {
                self.unknown_rounds(target, why, body, span)?;
                Flow::Next
            }
        };
        let flow = match flow {
            Flow::Next => self.block(otherwise)?,
            Flow::Break => Flow::Next,
            flow => flow,
        };
        self.close_loop(mark, Level::Loop);
        Ok(flow)
    }

    fn while_loop(&mut self, test: &Expr, body: &[Stmt], otherwise: &[Stmt]) -> Eval<Flow> {
        let span = self.at(test.range);
        let mark = self.deferred.len();
        let flow = loop {
            self.charge(1, span)?;
            let value = self.expression(test)?;
            match self.truth_of(&value, span)? {
                Ok(true) => {
                    let round = self.deferred.len();
                    let flow = self.block(body)?;
                    self.close_loop(round, Level::Round);
                    match flow {
                        Flow::Next | Flow::Continue => {}
                        flow => break flow,
                    }
                    // `while True:` with a `break` under a condition that is not known.
                    if self.may_have_left(round) {
                        let why = Unknown::new(span, "how often the loop runs is not known");
                        self.any_number_of_times(span, &why, |machine| {
                            machine.forget(body, &why);
                            machine.block(body)
                        })?;
                        break Flow::Next;
                    }
                }
                Ok(false) => break Flow::Next,
                Err(why) => {
                    let why = condition(&why);
                    self.any_number_of_times(span, &why, |machine| {
                        machine.forget(body, &why);
                        machine.block(body)
                    })?;
                    break Flow::Next;
                }
            }
        };
        let flow = match flow {
            Flow::Next => self.block(otherwise)?,
            Flow::Break => Flow::Next,
            flow => flow,
        };
        self.close_loop(mark, Level::Loop);
        Ok(flow)
    }

    /// Makes every name that `body` assigns unknown: it may have run before.
    pub(super) fn forget(&mut self, body: &[Stmt], why: &Unknown) {
        let Some(place) = body.first().map(|first| self.at(first.range)) else { return };
        for name in crate::syntax::scope::bound(body) {
            if self.lookup(&name).is_some() {
                self.bind(&name, Value::new(Kind::Unknown(why.clone()), place));
            }
        }
    }

    fn with(&mut self, items: &[WithItem], body: &Arc<Vec<Stmt>>) -> Eval<Flow> {
        let Some((item, rest)) = items.split_first() else { return self.block(body) };
        let span = self.at(item.range);
        let manager = self.expression(&item.value)?;
        if rest.is_empty()
            && let Some(generator) = self.generator(&manager)
        {
            return self.with_generator(generator, item, body, span);
        }
        let external = matches!(
            manager.kind,
            Kind::Symbol(_) | Kind::Term(_) | Kind::Host(_) | Kind::Unknown(_)
        );
        let suppressed = self.suppressed(&manager);
        let entered = match &manager.kind {
            Kind::Instance(_) => {
                let name = if item.is_async { "__aenter__" } else { "__enter__" };
                let entered = self.call_method(&manager, name, Default::default(), span)?;
                if item.is_async { self.awaiting(entered, span)? } else { entered }
            }
            // `nullcontext(value)` gives that value.
            _ if suppressed.is_some() => match self.heap.view(&manager) {
                View::Term(Term::Call(call))
                    if call
                        .callee
                        .as_symbol()
                        .is_some_and(|it| it.path() == "contextlib.nullcontext") =>
                {
                    call.arguments.get(0, "enter_result").cloned().unwrap_or(Value::none(span))
                }
                _ => Value::none(span),
            },
            _ if external => match self.host.enter(&mut self.heap, &manager, span) {
                Answer::Unclaimed => manager.clone(),
                answer => self.settle_answer(answer, span)?,
            },
            _ => Value::unknown(span, "this is no context manager"),
        };
        if let Some(target) = &item.target {
            self.assign(target, &entered)?;
        }
        let mark = self.deferred.len();
        let effects = self.host.effects();
        let flow = self.deeper(span, |machine| machine.with(rest, body));
        let may_suppress = match &suppressed {
            Some(classes) => !classes.is_empty(),
            None => matches!(manager.kind, Kind::Instance(_)),
        };
        if may_suppress && self.host.effects() > effects {
            self.host.caught(span);
        }
        if let Err(Halt::Stop(_)) = &flow {
            return flow;
        }
        // The manager is left however the block ends, so no guard opened inside reaches over it.
        let exits = self.settle(mark);
        if external && suppressed.is_none() {
            self.host.exit(&mut self.heap, &manager, span);
        } else if matches!(manager.kind, Kind::Instance(_)) {
            let told = match &flow {
                Err(Halt::Raise(raised)) => vec![
                    self.class_of_exception(&raised.exception, span),
                    raised.exception.clone(),
                    Value::unknown_data(span, "a traceback"),
                ],
                _ => vec![Value::none(span), Value::none(span), Value::none(span)],
            };
            let told = crate::value::Arguments::of(told);
            let name = if item.is_async { "__aexit__" } else { "__exit__" };
            let left = self.call_method(&manager, name, told, span)?;
            let left = if item.is_async { self.awaiting(left, span)? } else { left };
            if let Err(Halt::Raise(_)) = &flow {
                let truth = self.truth_of(&left, span)?;
                for exit in exits {
                    self.resume(exit);
                }
                return match truth {
                    // It is passed over.
                    Ok(true) => Ok(Flow::Next),
                    Ok(false) => flow,
                    Err(why) => {
                        self.after_raise(span, &condition(&why), &Flow::Next);
                        Ok(Flow::Next)
                    }
                };
            }
        }
        for exit in exits {
            self.resume(exit);
        }
        match (flow, suppressed) {
            (Err(Halt::Raise(raised)), Some(classes)) => {
                for class in classes {
                    if self.catches(&raised, &class) == Some(true) {
                        return Ok(Flow::Next);
                    }
                }
                Err(Halt::Raise(raised))
            }
            (flow, _) => flow,
        }
    }

    /// The classes of a `contextlib.suppress(…)`; none at all for `contextlib.nullcontext()`.
    fn suppressed(&self, manager: &Value) -> Option<Vec<Value>> {
        let View::Term(Term::Call(call)) = self.heap.view(manager) else { return None };
        match call.callee.as_symbol()?.path() {
            "contextlib.nullcontext" => Some(Vec::new()),
            "contextlib.suppress" => {
                Some(call.arguments.positional.iter().map(|it| it.value.clone()).collect())
            }
            _ => None,
        }
    }

    /// The body and what follows where it succeeds, as one attempt of the host's where its failure
    /// is passed over.
    fn tried(
        &mut self,
        body: &[Stmt],
        handlers: &[Handler],
        otherwise: &[Stmt],
    ) -> (Eval<Flow>, bool) {
        let first = body.first().filter(|_| passes_over(handlers) && binds_nothing(body));
        if let Some(first) = first {
            let span = self.at(first.range);
            self.host.enter_attempt(span);
        }
        let mark = self.deferred.len();
        let is_lenient = u32::from(catch_imports(handlers));
        let effects = self.host.effects();
        self.lenient += is_lenient;
        let mut flow = self.block(body);
        self.lenient -= is_lenient;
        if self.host.effects() > effects
            && handlers.iter().any(goes_on)
            && let Some(first) = body.first()
        {
            let span = self.at(first.range);
            self.host.caught(span);
        }
        let succeeded = matches!(flow, Ok(Flow::Next));
        if succeeded {
            flow = self.block(otherwise);
        }
        if first.is_some() {
            // No guard that was opened inside reaches over the end of the attempt.
            let exits = self.settle(mark);
            self.host.leave_attempt();
            for exit in exits {
                self.resume(exit);
            }
        }
        (flow, succeeded)
    }

    fn attempt(&mut self, body: &[Stmt], handlers: &[Handler], otherwise: &[Stmt]) -> Eval<Flow> {
        let raised = match self.tried(body, handlers, otherwise) {
            (Err(Halt::Raise(raised)), false) => raised,
            (flow, _) => return flow,
        };
        for handler in handlers {
            let matches = match &handler.class {
                None => Some(true),
                Some(class) => {
                    let class = self.expression(class)?;
                    self.catches(&raised, &class)
                }
            };
            if matches == Some(false) {
                continue;
            }
            if let Some(name) = &handler.name {
                self.bind(name, raised.exception.clone());
            }
            self.handling.push((*raised).clone());
            let flow = match matches {
                Some(_) => self.block(&handler.body),
                None => {
                    let span = self.at(handler.range);
                    let why = Unknown::new(span, "it is not known whether this handler is entered");
                    self.both(
                        span,
                        &why,
                        |machine| machine.block(&handler.body),
                        |_| Ok(Flow::Next),
                    )
                }
            };
            self.handling.pop();
            if let Some(name) = &handler.name
                && !matches!(flow, Err(Halt::Stop(_)))
            {
                self.unbind(name);
            }
            return flow;
        }
        Err(Halt::Raise(raised))
    }

    fn raise_statement(&mut self, exception: Option<&Expr>, span: Span) -> Eval<Flow> {
        let Some(exception) = exception else {
            return match self.handling.last() {
                Some(raised) => Err(Halt::Raise(Box::new(raised.clone()))),
                None => self.raise("RuntimeError", "No active exception to reraise", span),
            };
        };
        let exception = self.expression(exception)?;
        let (class, message) = self.describe_exception(&exception);
        Err(Halt::Raise(Box::new(Raised { exception, span, class, message })))
    }

    fn assert(&mut self, test: &Expr, message: Option<&Expr>, span: Span) -> Eval<Flow> {
        let value = self.expression(test)?;
        match self.truth_of(&value, span)? {
            Ok(true) => Ok(Flow::Next),
            Ok(false) => {
                let message = match message {
                    Some(message) => self.expression(message)?,
                    None => Value::str("", span),
                };
                let text = message.as_str().unwrap_or_default().to_owned();
                self.raise("AssertionError", &text, span)
            }
            Err(why) => {
                let why = condition(&why);
                self.after_raise(span, &why, &Flow::Next);
                Ok(Flow::Next)
            }
        }
    }

    fn class(&mut self, definition: &crate::syntax::ast::ClassDef) -> Eval<Value> {
        let span = self.at(definition.range);
        let arguments = self.arguments(&definition.bases)?;
        let has_keywords = !arguments.keywords.is_empty();
        let bases = arguments.positional.into_iter().map(|argument| {
            match self.heap.view(&argument.value) {
                // `Base[Any]`: parameters are for type checkers.
                View::Term(Term::Item { object, .. }) if object.as_symbol().is_some() => {
                    object.clone()
                }
                _ => argument.value,
            }
        });
        let bases = bases.collect();
        let Some(frame) = self.frames.last().cloned() else { return Ok(Value::none(span)) };
        let scope = Scope { parent: Some(frame.closure), ..Scope::default() };
        let scope = self.heap.add(Object::Scope(scope));
        let closure = frame.closure;
        self.frames.push(super::machine::Frame {
            scope,
            closure,
            elsewhere: Vec::new(),
            outer: None,
            ..frame
        });
        let mark = self.deferred.len();
        let flow = self.block(&definition.body);
        self.frames.pop();
        self.close_function(mark, flow, span)?;
        let class = Class {
            name: definition.name.clone(),
            bases,
            scope,
            name_span: self.at(definition.name_range),
            fields: Self::fields(&definition.body),
            has_keywords,
        };
        let class = self.heap.add(Object::Class(class));
        self.finish_class(class, span)?;
        Ok(Value::new(Kind::Class(class), span))
    }

    fn declare_global(&mut self, names: &[Arc<str>]) {
        if let Some(frame) = self.frames.last_mut() {
            let globals = frame.globals;
            frame.elsewhere.extend(names.iter().map(|name| (name.clone(), globals)));
        }
    }

    fn declare_nonlocal(&mut self, names: &[Arc<str>]) {
        for name in names {
            let mut scope = self.frames.last().and_then(|frame| self.heap.scope(frame.scope));
            while let Some(parent) = scope.and_then(|scope| scope.parent) {
                scope = self.heap.scope(parent);
                if scope.is_some_and(|scope| scope.names.contains_key(name)) {
                    if let Some(frame) = self.frames.last_mut() {
                        frame.elsewhere.push((name.clone(), parent));
                    }
                    break;
                }
            }
        }
    }
}

/// Why a condition is not known.
pub(super) fn condition(why: &Unknown) -> Unknown {
    if why.why.starts_with("condition is not known") {
        return why.clone();
    }
    Unknown { why: format!("condition is not known: {}", why.why).into(), ..why.clone() }
}
