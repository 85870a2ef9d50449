//! Imports, and the modules behind them.

use std::sync::Arc;

use revline_text::Span;

use super::machine::{Eval, Flow, Frame, Halt, Machine};
use super::{Import, Imported, Presumption, library};
use crate::syntax::Source;
use crate::syntax::ast::{ImportFrom, ImportName};
use crate::value::{Kind, Module, Object, Scope, Unknown, Value, View};

impl Machine<'_> {
    pub(super) fn import(&mut self, names: &[ImportName]) -> Eval<()> {
        for name in names {
            let span = self.at(name.range);
            let first = name.module.split('.').next().unwrap_or_default();
            self.name_modules(&name.module);
            let (path, binds) = match &name.alias {
                Some(alias) => (&*name.module, alias.clone()),
                None => (first, Arc::from(first)),
            };
            if self.postpone(&binds, 0, path, None, span) {
                continue;
            }
            let value = self.imported(0, path, span)?;
            self.bind(&binds, value);
        }
        Ok(())
    }

    pub(super) fn import_from(&mut self, from: &ImportFrom, span: Span) -> Eval<()> {
        let place = self.at(from.module_range);
        if !from.star {
            let mut is_postponed = true;
            for name in &from.names {
                let span = self.at(name.range);
                let binds = name.alias.clone().unwrap_or_else(|| name.module.clone());
                is_postponed &=
                    self.postpone(&binds, from.level, &from.module, Some(&name.module), span);
            }
            if is_postponed {
                return Ok(());
            }
        }
        let module = self.imported(from.level, &from.module, place)?;
        if from.star {
            self.import_star(&module, &from.module, span);
            return Ok(());
        }
        for name in &from.names {
            let span = self.at(name.range);
            let value = self.member(&module, &name.module, span)?;
            let value = match value.kind {
                Kind::Unknown(_) if module.as_unknown().is_some() => Value { span, ..value },
                _ => value,
            };
            let binds = name.alias.clone().unwrap_or_else(|| name.module.clone());
            self.bind(&binds, value);
        }
        Ok(())
    }

    /// Notes that a module and the packages around it are imported.
    fn name_modules(&mut self, path: &Arc<str>) {
        for (end, _) in path.match_indices('.') {
            let package = path.get(..end).unwrap_or_default();
            if !self.named.contains(package) {
                self.named.insert(package.into());
            }
        }
        if !self.named.contains(path) {
            self.named.insert(path.clone());
        }
    }

    /// `from module import name`: what stands in the module, or else a module of the package.
    pub(super) fn member(&mut self, module: &Value, name: &str, span: Span) -> Eval<Value> {
        if let View::Module(module) = self.heap.view(module) {
            let path = format!("{}.{name}", module.name);
            self.named.insert(path.into());
        }
        self.attribute(module, name, span)
    }

    fn import_star(&mut self, module: &Value, name: &str, span: Span) {
        let Some(globals) = self.frames.last().map(|frame| frame.scope) else { return };
        let from = match self.heap.view(module) {
            View::Module(module) => Some(module.scope),
            _ => None,
        };
        let Some((from, scope)) = from.and_then(|id| Some((id, self.heap.scope(id)?.clone())))
        else {
            let why = format!("it may come from `from {name} import *`");
            if let Some(scope) = self.heap.scope_mut(globals) {
                scope.star.get_or_insert(Unknown::new(span, why));
            }
            return;
        };
        let listed: Option<Vec<String>> = scope.names.get("__all__").and_then(|all| {
            let items = self.heap.items(all)?;
            items.iter().map(|item| item.as_str().map(str::to_owned)).collect()
        });
        for name in &scope.order {
            let wanted = match &listed {
                Some(listed) => listed.iter().any(|other| other.as_str() == &**name),
                None => !name.starts_with('_'),
            };
            if wanted && let Some(value) = scope.names.get(name) {
                self.bind_in(globals, name, value.clone());
            }
        }
        for name in self.awaited_names(from) {
            let wanted = match &listed {
                Some(listed) => listed.iter().any(|other| other.as_str() == &*name),
                None => !name.starts_with('_'),
            };
            if wanted && !scope.names.contains_key(&name) {
                self.await_too(globals, from, &name);
            }
        }
        if let (Some(unknown), Some(scope)) = (scope.star, self.heap.scope_mut(globals)) {
            scope.star.get_or_insert(unknown);
        }
    }

    pub(super) fn imported(&mut self, level: u32, path: &str, span: Span) -> Eval<Value> {
        let importer = match self.frames.last().map(|frame| self.heap.object(frame.module)) {
            Some(Some(Object::Module(module))) => module.name.clone(),
            _ => Arc::from(""),
        };
        let import = Import { file: span.file, importer: &importer, level, module: path, span };
        let imported = self.host.import(&import);
        if self.lenient > 0 && matches!(imported, Imported::Source { .. }) {
            self.host.presumed(Presumption::Importable, path, span);
        }
        self.module(imported, path, span)
    }

    /// The module that the host named.
    pub(super) fn module(&mut self, imported: Imported, path: &str, span: Span) -> Eval<Value> {
        match imported {
            Imported::Symbol(symbol) => Ok(Value::new(Kind::Symbol(symbol), span)),
            Imported::Unknown(why) => Ok(Value::unknown(span, why)),
            Imported::Foreign(why) => {
                let foreign = Some(Arc::from(path));
                let why = Unknown { foreign, ..Unknown::new(span, why) };
                Ok(Value::new(Kind::Unknown(why), span))
            }
            Imported::Unclaimed if library::is_standard(path) => Ok(Value::symbol(path, span)),
            Imported::Unclaimed => Ok(Value::unknown(span, format!("`{path}` is not known"))),
            Imported::Namespace { name } => {
                let source = Arc::new(Source::parse(span.file, Arc::from("")));
                let scope = self.heap.add(Object::Scope(Scope::default()));
                let module = Module { source, scope, name: name.into() };
                Ok(Value::new(Kind::Module(self.heap.add(Object::Module(module))), span))
            }
            Imported::Source { source, name } => self.read_module(&source, &name, span),
        }
    }

    /// Evaluates a module once.
    pub(super) fn read_module(
        &mut self,
        source: &Arc<Source>,
        name: &str,
        span: Span,
    ) -> Eval<Value> {
        if let Some(value) = self.modules.get(&source.file) {
            return Ok(value.clone());
        }
        // What is imported that far away is rarely looked at, and must not use up what the file
        // itself may need.
        if self.depth.saturating_mul(3) > self.budget.depth.saturating_mul(2) {
            let why = format!("`{name}` is imported through too many other modules");
            return Ok(Value::unknown(span, why));
        }
        let scope = self.heap.add(Object::Scope(Scope::default()));
        let module = Module { source: source.clone(), scope, name: name.into() };
        let module = self.heap.add(Object::Module(module));
        let value = Value::new(Kind::Module(module), source.span());
        // Before it is evaluated, so that modules may import each other.
        self.modules.insert(source.file, value.clone());
        let run = |machine: &mut Self| {
            machine.reading.push(scope);
            let read = machine.deeper(span, |machine| machine.run_module(source, module, scope));
            if !matches!(read, Err(Halt::Stop(_))) {
                machine.reading.pop();
            }
            read
        };
        let run = match self.bounded(run) {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(why)) => return Ok(Value::new(Kind::Unknown(why), span)),
            Err(halt) => Err(halt),
        };
        match run {
            Err(Halt::Raise(raised)) => {
                let why = format!("importing `{name}` raises {}", raised.class);
                if let Some(scope) = self.heap.scope_mut(scope) {
                    scope.star.get_or_insert(Unknown::new(raised.span, why));
                }
                Ok(value)
            }
            Err(stop) => Err(stop),
            Ok(_) => Ok(value),
        }
    }

    /// Runs the top level of a module.
    pub(super) fn run_module(
        &mut self,
        source: &Arc<Source>,
        module: crate::ObjectId,
        scope: crate::ObjectId,
    ) -> Eval<Value> {
        self.frames.push(Frame {
            scope,
            closure: scope,
            globals: scope,
            module,
            source: source.clone(),
            definition: None,
            effects: self.host.effects(),
            elsewhere: Vec::new(),
            outer: None,
        });
        let mark = self.deferred.len();
        let statements = source.module().clone();
        self.host.enter_module();
        let flow = self.block(&statements);
        self.host.leave_module();
        self.frames.pop();
        let flow = flow.map(|_| Flow::Next);
        self.close_function(mark, flow, source.span())
    }
}
