//! Calls, functions and their parameters.

use std::collections::BTreeMap;
use std::sync::Arc;

use revline_text::Span;

use super::machine::{Eval, Flow, Frame, Halt, Machine};
use super::{Answer, Callee, Foreign, Invocation, builtin, library};
use crate::syntax::ast::{Arg, Expr, ExprKind, FunctionDef, Parameter, ParameterKind, Suspends};
use crate::value::{
    Arguments, Bound, Call, Dict, Function, Key, Kind, Object, Scope, Term, Unknown, Value, View,
};

/// A function that calls itself under a condition that is not known is followed this often.
const MOST_GUARDED: usize = 3;

impl Machine<'_> {
    /// A function or lambda where it is defined.
    pub(super) fn function(&mut self, definition: &Arc<FunctionDef>) -> Eval<Value> {
        let mut defaults = Vec::with_capacity(definition.parameters.len());
        for parameter in &definition.parameters {
            defaults.push(match &parameter.default {
                Some(default) => Some(self.expression(default)?),
                None => None,
            });
        }
        let span = self.at(definition.range);
        let Some(frame) = self.frames.last() else { return Ok(Value::none(span)) };
        let function = Function {
            definition: definition.clone(),
            source: frame.source.clone(),
            scope: frame.closure,
            defaults,
            attributes: BTreeMap::new(),
        };
        Ok(Value::new(Kind::Function(self.heap.add(Object::Function(function))), span))
    }

    pub(super) fn decorate(&mut self, decorator: &Expr, value: Value) -> Eval<Value> {
        let span = self.at(decorator.range);
        let decorator = self.expression(decorator)?;
        if let Kind::Symbol(symbol) = &decorator.kind
            && let Some(kind) = symbol.path().strip_prefix("builtins.")
            && matches!(kind, "staticmethod" | "classmethod" | "property")
        {
            let name: Arc<str> = Arc::from("__decorated__");
            self.set_attribute(&value, &name, &Value::str(kind, span));
            return Ok(value);
        }
        if let Kind::Symbol(symbol) = &decorator.kind
            && matches!(
                symbol.path(),
                "contextlib.contextmanager" | "contextlib.asynccontextmanager"
            )
            && self.mark_as_manager(&value, span)
        {
            return Ok(value);
        }
        let transparent = match self.heap.view(&decorator) {
            View::Unknown(unknown) => {
                unknown.foreign.as_deref().is_some_and(library::is_transparent_foreign)
            }
            View::Symbol(symbol) => library::is_transparent_decorator(symbol.path()),
            View::Term(Term::Call(call)) => call
                .callee
                .as_symbol()
                .is_some_and(|symbol| library::is_transparent_decorator(symbol.path())),
            _ => false,
        };
        if transparent {
            if let View::Term(Term::Call(call)) = self.heap.view(&decorator)
                && call.callee.as_symbol().is_some_and(|it| it.path() == "functools.wraps")
                && let Some(wrapped) = call.arguments.get(0, "wrapped").cloned()
            {
                let name = self.attribute(&wrapped, "__name__", span)?;
                self.set_attribute(&value, &Arc::from("__name__"), &name);
            }
            return Ok(value);
        }
        self.call(&decorator, Arguments::of(vec![value]), span, span)
    }

    pub(super) fn call_expression(
        &mut self,
        callee: &Expr,
        arguments: &[Arg],
        span: Span,
    ) -> Eval<Value> {
        let callee_span = self.at(callee.range);
        if let ExprKind::Attribute { object, name, .. } = &callee.kind {
            let object = self.expression(object)?;
            if matches!(object.kind, Kind::Symbol(_)) {
                let callee = self.attribute(&object, name, callee_span)?;
                let arguments = self.arguments(arguments)?;
                return self.call(&callee, arguments, span, callee_span);
            }
            let arguments = self.arguments(arguments)?;
            return self.method(&object, name, arguments, span, callee_span);
        }
        let value = self.expression(callee)?;
        let arguments = self.arguments(arguments)?;
        self.call(&value, arguments, span, callee_span)
    }

    /// Calls a method by its name.
    pub(super) fn call_method(
        &mut self,
        object: &Value,
        name: &str,
        arguments: Arguments,
        span: Span,
    ) -> Eval<Value> {
        self.method(object, name, arguments, span, span)
    }

    fn method(
        &mut self,
        object: &Value,
        name: &str,
        arguments: Arguments,
        span: Span,
        callee_span: Span,
    ) -> Eval<Value> {
        if let Some(value) = self.super_call(object, name, &arguments, span)? {
            return Ok(value);
        }
        if let Some(value) = self.globals_call(object, name, &arguments, span)? {
            return Ok(value);
        }
        if let Some(value) = self.event_loop_method(object, name, &arguments, span)? {
            return Ok(value);
        }
        match &object.kind {
            Kind::Term(_) | Kind::Host(_) => {
                let callee = Callee::Method { receiver: object, name };
                let call = Invocation { callee, arguments: &arguments, span, callee_span };
                match self.host.call(&mut self.heap, &call) {
                    Answer::Unclaimed => {}
                    answer => return self.settle_answer(answer, span),
                }
                let term = Term::Attribute { object: object.clone(), name: name.into() };
                let callee = self.heap.term(term, callee_span);
                self.unclaimed(object, callee, arguments, span)
            }
            Kind::Unknown(_) => {
                let callee = Callee::Method { receiver: object, name };
                let call = Invocation { callee, arguments: &arguments, span, callee_span };
                match self.host.call(&mut self.heap, &call) {
                    Answer::Unclaimed => {
                        self.call_unknown(&self.why(object).child(name), &arguments, span)
                    }
                    answer => self.settle_answer(answer, span),
                }
            }
            Kind::Instance(_)
            | Kind::Class(_)
            | Kind::Module(_)
            | Kind::Function(_)
            | Kind::Bound(_)
            | Kind::Symbol(_) => {
                let callee = self.attribute(object, name, callee_span)?;
                if callee.as_unknown().is_some()
                    && let Kind::Instance(_) = object.kind
                {
                    let asked = Callee::Method { receiver: object, name };
                    let call =
                        Invocation { callee: asked, arguments: &arguments, span, callee_span };
                    match self.host.call(&mut self.heap, &call) {
                        Answer::Unclaimed => {}
                        answer => return self.settle_answer(answer, span),
                    }
                }
                self.call(&callee, arguments, span, callee_span)
            }
            _ => self.builtin_method(object, name, arguments, span),
        }
    }

    /// A call of something external that the host did not claim.
    fn unclaimed(
        &mut self,
        receiver: &Value,
        callee: Value,
        arguments: Arguments,
        span: Span,
    ) -> Eval<Value> {
        if let Kind::Host(object) = receiver.kind {
            let why = format!("it is not known what this call of the {} does", object.what);
            let why = Unknown::new(span, why);
            self.opaque(span, why.clone(), Some(&arguments));
            return Ok(Value::new(Kind::Unknown(why), span));
        }
        let described = self.describe(&callee);
        self.hand_over(&arguments, &described, span);
        let call = Call { callee, arguments, assigned: Vec::new() };
        Ok(self.heap.term(Term::Call(call), span))
    }

    fn call_unknown(&mut self, why: &Unknown, arguments: &Arguments, span: Span) -> Eval<Value> {
        let foreign = why.foreign.clone();
        if let Some(path) = &foreign
            && let Some(value) = self.event_loop_function(path, arguments, span)?
        {
            return Ok(value);
        }
        let nature = match foreign {
            Some(path) => self.host.foreign(&self.heap, &path, arguments, span),
            None => Foreign::Unknown,
        };
        if why.data {
            self.hand_over(arguments, "something that is not known", span);
        }
        if matches!(nature, Foreign::Harmless | Foreign::Once) {
            self.taint_arguments(arguments, why);
        } else if !why.data {
            self.opaque(span, why.clone(), Some(arguments));
            self.taint_arguments(arguments, why);
        }
        let result = match nature {
            Foreign::Harmless | Foreign::Its => why.child("()"),
            Foreign::Once | Foreign::Unknown => {
                Unknown { foreign: None, head: None, ..why.clone() }
            }
        };
        Ok(Value::new(Kind::Unknown(result), span))
    }

    /// Calls a value.
    pub(super) fn call(
        &mut self,
        callee: &Value,
        arguments: Arguments,
        span: Span,
        callee_span: Span,
    ) -> Eval<Value> {
        self.deeper(span, |machine| machine.call_kind(callee, arguments, span, callee_span))
    }

    fn call_kind(
        &mut self,
        callee: &Value,
        arguments: Arguments,
        span: Span,
        callee_span: Span,
    ) -> Eval<Value> {
        match &callee.kind {
            Kind::Function(_) => self.call_function(callee, arguments, None, span),
            Kind::Class(id) => self.instantiate(*id, arguments, span),
            Kind::Bound(_) => {
                let View::Bound(bound) = self.heap.view(callee) else {
                    return self.call_unknown(&self.why(callee), &arguments, span);
                };
                let Bound { receiver, function, name } = bound.clone();
                match function {
                    Some(function) => {
                        self.call_function(&function, arguments, Some(receiver), span)
                    }
                    None => self.builtin_method(&receiver, &name, arguments, span),
                }
            }
            Kind::Symbol(symbol) => {
                let external = |value: &Value| {
                    matches!(value.kind, Kind::Term(_) | Kind::Host(_) | Kind::Symbol(_))
                };
                let own = symbol.path().starts_with("builtins.");
                let asks = !own
                    || builtin::reaches_out(symbol.name())
                    || arguments.positional.iter().any(|it| external(&it.value));
                if asks {
                    let asked = Callee::Symbol(symbol);
                    let call =
                        Invocation { callee: asked, arguments: &arguments, span, callee_span };
                    match self.host.call(&mut self.heap, &call) {
                        Answer::Unclaimed => {}
                        answer => return self.settle_answer(answer, span),
                    }
                }
                if let Some(name) = symbol.path().strip_prefix("builtins.") {
                    let name = name.to_owned();
                    return builtin::call(self, &name, callee, arguments, span);
                }
                if library::is_standard(symbol.path()) {
                    let path = symbol.path().to_owned();
                    return library::call(self, &path, callee, arguments, span);
                }
                self.unclaimed(callee, callee.clone(), arguments, span)
            }
            Kind::Term(_) | Kind::Host(_) => {
                if let View::Term(Term::Attribute { object, name }) = self.heap.view(callee) {
                    let (object, name) = (object.clone(), name.clone());
                    return self.method(&object, &name, arguments, span, callee_span);
                }
                if let Some((function, arguments)) = self.partial(callee, &arguments) {
                    return self.call(&function, arguments, span, callee_span);
                }
                let asked = Callee::Value(callee);
                let call = Invocation { callee: asked, arguments: &arguments, span, callee_span };
                match self.host.call(&mut self.heap, &call) {
                    Answer::Unclaimed => self.unclaimed(callee, callee.clone(), arguments, span),
                    answer => self.settle_answer(answer, span),
                }
            }
            Kind::Instance(_) => match self.class_attribute(callee, "__call__") {
                Some(function) => {
                    self.call_function(&function, arguments, Some(callee.clone()), span)
                }
                None => {
                    let asked = Callee::Value(callee);
                    let call =
                        Invocation { callee: asked, arguments: &arguments, span, callee_span };
                    match self.host.call(&mut self.heap, &call) {
                        Answer::Unclaimed => {
                            let why = format!(
                                "it is not known what calling {} does",
                                self.describe(callee)
                            );
                            self.call_unknown(&Unknown::new(span, why), &arguments, span)
                        }
                        answer => self.settle_answer(answer, span),
                    }
                }
            },
            Kind::Unknown(unknown) => self.call_unknown(&unknown.clone(), &arguments, span),
            _ => {
                let message = format!("{} is not callable", self.describe(callee));
                self.raise("TypeError", &message, span)
            }
        }
    }

    /// The function of a `functools.partial` and all of its arguments.
    fn partial(&self, callee: &Value, arguments: &Arguments) -> Option<(Value, Arguments)> {
        let View::Term(Term::Call(made)) = self.heap.view(callee) else { return None };
        let is_partial = made.callee.as_symbol()?.path() == "functools.partial";
        let (function, own) = made.arguments.positional.split_first().filter(|_| is_partial)?;
        let mut all = Arguments {
            positional: own.iter().chain(&arguments.positional).cloned().collect(),
            keywords: arguments.keywords.clone(),
            unknown: made.arguments.unknown.clone().or_else(|| arguments.unknown.clone()),
        };
        for keyword in &made.arguments.keywords {
            if all.keyword(&keyword.name).is_none() {
                all.keywords.push(keyword.clone());
            }
        }
        Some((function.value.clone(), all))
    }

    /// What the host answered, as a value.
    pub(super) fn settle_answer(&mut self, answer: Answer, span: Span) -> Eval<Value> {
        match answer {
            Answer::Value(value) => Ok(value),
            Answer::Unclaimed => Ok(Value::unknown(span, "this is not evaluated")),
            Answer::Raise { class, message } => self.raise(&class, &message, span),
            Answer::Invoke { function, arguments } => {
                let made = self.call(&function, arguments, span, span)?;
                self.awaiting(made, span)
            }
        }
    }

    /// Calls a function of the source.
    pub(super) fn call_function(
        &mut self,
        callee: &Value,
        arguments: Arguments,
        receiver: Option<Value>,
        span: Span,
    ) -> Eval<Value> {
        let View::Function(function) = self.heap.view(callee) else {
            if receiver.is_some() || !matches!(callee.kind, Kind::Function(_)) {
                let mut arguments = arguments;
                if let Some(receiver) = receiver {
                    let first = crate::value::Argument { span: receiver.span, value: receiver };
                    arguments.positional.insert(0, first);
                }
                return self.call(callee, arguments, span, span);
            }
            return self.call_unknown(&self.why(callee), &arguments, span);
        };
        let suspends = function.definition.suspends;
        let is_manager = function.attributes.contains_key(super::generator::MARK);
        let name = function.definition.name.clone();
        let mut arguments = arguments;
        if let Some(receiver) = receiver {
            let first = crate::value::Argument { span: receiver.span, value: receiver };
            arguments.positional.insert(0, first);
        }
        match suspends {
            None => self.run_function(callee, arguments, span),
            Some(Suspends::Coroutine) => Ok(self.coroutine(callee, arguments, span)),
            Some(Suspends::Generator) if is_manager => Ok(self.coroutine(callee, arguments, span)),
            Some(Suspends::Generator) => {
                let why = Unknown::new(span, format!("`{name}` is a generator"));
                self.opaque(span, why.clone(), Some(&arguments));
                self.taint_arguments(&arguments, &why);
                Ok(Value::new(Kind::Unknown(why), span))
            }
        }
    }

    /// Runs the body of a function of the source.
    pub(super) fn run_function(
        &mut self,
        callee: &Value,
        arguments: Arguments,
        span: Span,
    ) -> Eval<Value> {
        let View::Function(function) = self.heap.view(callee) else {
            return self.call_unknown(&self.why(callee), &arguments, span);
        };
        let function = function.clone();
        if self.guards > 0 && self.running(&function.definition) >= MOST_GUARDED {
            let why = format!("how often `{}` calls itself is not known", function.definition.name);
            // Where it did nothing so far it does nothing again; and with nothing that is known, it does
            // what it did, as often as a loop would.
            let same = |frame: &&Frame| {
                frame
                    .definition
                    .as_ref()
                    .is_some_and(|running| Arc::ptr_eq(running, &function.definition))
            };
            let entered = self.frames.iter().find(same).map(|frame| frame.effects);
            let is_idle = entered == Some(self.host.effects());
            let is_again = is_idle
                || arguments.unknown.is_none()
                    && arguments.positional.iter().map(|it| &it.value).all(|it| self.is_any(it))
                    && arguments.keywords.iter().map(|it| &it.value).all(|it| self.is_any(it));
            let why = if is_again { Unknown::data(span, why) } else { Unknown::new(span, why) };
            if !is_again {
                self.opaque(span, why.clone(), Some(&arguments));
            }
            self.taint_arguments(&arguments, &why);
            return Ok(Value::new(Kind::Unknown(why), span));
        }
        let names = self.parameters(&function, arguments, span)?;
        let mut scope = Scope { parent: Some(function.scope), ..Scope::default() };
        for (name, value) in names {
            scope.order.push(name.clone());
            scope.names.insert(name, value);
        }
        let scope = self.heap.add(Object::Scope(scope));
        let (globals, module) = self.home(&function);
        self.frames.push(Frame {
            scope,
            closure: scope,
            globals,
            module,
            source: function.source.clone(),
            definition: Some(function.definition.clone()),
            effects: self.host.effects(),
            elsewhere: Vec::new(),
        });
        let mark = self.deferred.len();
        let flow = self.deeper(span, |machine| machine.block(&function.definition.body));
        self.frames.pop();
        if let Err(Halt::Stop(stop)) = flow {
            return Err(Halt::Stop(stop));
        }
        let flow = flow.map(|flow| match flow {
            Flow::Return(value) => Flow::Return(value),
            _ => Flow::Next,
        });
        self.close_function(mark, flow, span)
    }

    /// Whether a value says nothing that a function could do something else by.
    fn is_any(&self, value: &Value) -> bool {
        value.is_none() || value.as_bool().is_some() || self.heap.unknown(value).is_some()
    }

    /// How many calls of a function are running.
    fn running(&self, definition: &Arc<FunctionDef>) -> usize {
        let same = |frame: &&Frame| {
            frame.definition.as_ref().is_some_and(|running| Arc::ptr_eq(running, definition))
        };
        self.frames.iter().filter(same).count()
    }

    /// The globals and the module of a function.
    fn home(&self, function: &Function) -> (crate::ObjectId, crate::ObjectId) {
        let file = function.source.file;
        if let Some(value) = self.modules.get(&file)
            && let View::Module(module) = self.heap.view(value)
            && let Some(id) = value.object()
        {
            return (module.scope, id);
        }
        match self.frames.first() {
            Some(frame) => (frame.globals, frame.module),
            None => (function.scope, function.scope),
        }
    }

    fn parameters(
        &mut self,
        function: &Function,
        arguments: Arguments,
        span: Span,
    ) -> Eval<Vec<(Arc<str>, Value)>> {
        let definition = &function.definition;
        let name = definition.name.clone();
        let Arguments { positional, mut keywords, unknown } = arguments;
        let mut positional = positional.into_iter();
        let mut bound: Vec<(Arc<str>, Value)> = Vec::new();
        for (index, parameter) in definition.parameters.iter().enumerate() {
            let by_place =
                matches!(parameter.kind, ParameterKind::Positional | ParameterKind::Either);
            let by_name = matches!(parameter.kind, ParameterKind::Keyword | ParameterKind::Either);
            let value = match parameter.kind {
                ParameterKind::Rest => match &unknown {
                    Some(why) => Some(Value::new(Kind::Unknown(why.clone()), span)),
                    None => {
                        let rest = positional.by_ref().map(|argument| argument.value).collect();
                        Some(self.heap.tuple(rest, span))
                    }
                },
                ParameterKind::Keywords => match &unknown {
                    Some(why) => Some(Value::new(Kind::Unknown(why.clone()), span)),
                    None => {
                        let later = rest_names(&definition.parameters, index);
                        let mut dict = Dict::default();
                        for keyword in std::mem::take(&mut keywords) {
                            if later.contains(&&*keyword.name) {
                                keywords.push(keyword);
                                continue;
                            }
                            let key = Value::str(&keyword.name, keyword.name_span);
                            dict.insert(Key::Str(keyword.name), key, keyword.value);
                        }
                        Some(self.heap.dict(dict, span))
                    }
                },
                _ => None,
            };
            let value = value
                .or_else(|| if by_place { positional.next().map(|it| it.value) } else { None })
                .or_else(|| {
                    let at = keywords.iter().position(|it| by_name && it.name == parameter.name)?;
                    Some(keywords.remove(at).value)
                })
                .or_else(|| {
                    unknown.as_ref().map(|why| Value::new(Kind::Unknown(why.clone()), span))
                })
                .or_else(|| function.defaults.get(index).cloned().flatten());
            match value {
                Some(value) => bound.push((parameter.name.clone(), value)),
                None => {
                    let message =
                        format!("{name}() missing 1 required argument: '{}'", parameter.name);
                    return self.raise("TypeError", &message, span);
                }
            }
        }
        if positional.next().is_some() {
            return self.raise("TypeError", &format!("{name}() takes fewer arguments"), span);
        }
        if let Some(keyword) = keywords.first() {
            let message = format!("{name}() got an unexpected keyword argument '{}'", keyword.name);
            return self.raise("TypeError", &message, span);
        }
        Ok(bound)
    }
}

/// The names of the parameters behind `index`.
fn rest_names(parameters: &[Parameter], index: usize) -> Vec<&str> {
    parameters.iter().skip(index + 1).map(|parameter| &*parameter.name).collect()
}
