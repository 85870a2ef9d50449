//! The surroundings of a migration: who answers for `op`, `context`, `sa` and the connection.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use revline_python::eval::Presumption;
use revline_python::eval::{
    Callee, Foreign, Guard as PythonGuard, Import, Invocation, Opaque as PythonOpaque,
};
use revline_python::value::{Arguments, Call, HostObject, Operator, Term};
use revline_python::{
    Answer, GuardKind, Heap, Host, Imported, Kind, ObjectId, Symbol, Value, View,
};
use revline_schema::{
    Execute, Expr, Key, Op, Opaque, Options, Schema, Statement, Step, TableName, Through,
};
use revline_sql::Mode;
use revline_text::Span;

use super::imports::{Imports, known_module};
use super::inspector::Inspector;
use super::metadata::{self, Made, Reflection};
use super::steps::{Block, Steps};
use super::{Fact, Part, Target, Unknown, UnresolvedImport, World};
use crate::alembic::operations::{Directive, Receiver, is_directive};
use crate::alembic::sqlalchemy::Reader;

/// Everything that was heard.
pub(super) struct Gathered {
    pub(super) steps: Vec<Step>,
    pub(super) unknowns: Vec<Unknown>,
    pub(super) endings: Vec<Unknown>,
    pub(super) reads: Vec<Fact>,
    pub(super) beside: Vec<Unknown>,
    pub(super) parts: BTreeSet<Part>,
    pub(super) needs_database: bool,
    pub(super) unresolved: Vec<UnresolvedImport>,
}

/// The host of one evaluation.
pub(super) struct Surroundings<'w> {
    pub(super) target: &'w Target,
    pub(super) world: &'w dyn World,
    pub(super) steps: Steps,
    pub(super) unknowns: Vec<Unknown>,
    endings: Vec<Unknown>,
    imports: Imports<'w>,
    /// Batches made so far, entered or not.
    batches: Vec<Block>,
    pub(super) overridden: BTreeSet<Arc<str>>,
    reads: Vec<Fact>,
    /// What is done beside the database.
    pub(super) beside: Vec<Unknown>,
    /// The parts of the schema that were looked at.
    pub(super) parts: BTreeSet<Part>,
    needs_database: bool,
    pub(super) inspectors: Vec<Inspector>,
    /// Answers of `get_table_names` of which not all is known, with the database's schema asked for.
    pub(super) listings: Vec<(Schema, Option<String>)>,
    /// What reflected metadata found, and the place of each metadata among it.
    pub(super) reflections: Vec<Reflection>,
    pub(super) reflected: BTreeMap<ObjectId, u32>,
    /// The tables that each metadata was given, by the metadata and their names.
    pub(super) made: BTreeMap<(ObjectId, Key), Made>,
    /// Whether functions that were handed to other packages speak of no database, by their places.
    pub(super) harmless: BTreeMap<Span, bool>,
    /// The names of tables that were given columns or constraints after they were made.
    pub(super) grown: BTreeMap<ObjectId, TableName>,
}

impl<'w> Surroundings<'w> {
    pub(super) fn new(target: &'w Target, world: &'w dyn World) -> Self {
        Self {
            target,
            world,
            steps: Steps::on(
                world.schema().filter(|_| target.mode == Mode::Execute),
                &target.dialect,
            ),
            unknowns: Vec::new(),
            endings: Vec::new(),
            imports: Imports::new(world),
            batches: Vec::new(),
            overridden: BTreeSet::new(),
            reads: Vec::new(),
            beside: Vec::new(),
            parts: BTreeSet::new(),
            needs_database: false,
            inspectors: Vec::new(),
            listings: Vec::new(),
            reflections: Vec::new(),
            reflected: BTreeMap::new(),
            made: BTreeMap::new(),
            harmless: BTreeMap::new(),
            grown: BTreeMap::new(),
        }
    }

    pub(super) fn finish(mut self, whole: Span) -> Gathered {
        if self.steps.is_cut() {
            self.unknown(whole, "more operations than a migration has; only the first are kept");
        }
        if let Some(span) = self.steps.at_load() {
            self.unknown(span, "Alembic does this when it loads the file, before all revisions");
        }
        Gathered {
            steps: self.steps.finish(),
            unknowns: self.unknowns,
            endings: self.endings,
            reads: self.reads,
            beside: self.beside,
            parts: self.parts,
            needs_database: self.needs_database,
            unresolved: self.imports.unresolved,
        }
    }

    /// Remembers something that no step shows.
    pub(super) fn unknown(&mut self, span: Span, why: impl Into<Arc<str>>) {
        let unknown = Unknown { span, why: why.into() };
        if !self.unknowns.contains(&unknown) {
            self.unknowns.push(unknown);
        }
    }

    /// Remembers what the outcome rests on.
    pub(super) fn fact(&mut self, fact: String, span: Span) {
        if !self.reads.iter().any(|known| *known.fact == *fact && known.span == span) {
            self.reads.push(Fact { fact: fact.into(), span });
        }
    }

    /// Whether a file is being loaded. Alembic loads files before it runs them: what loading one does
    /// is no step of a migration.
    pub(super) const fn is_loading(&self) -> bool {
        self.steps.is_loading()
    }

    /// Offline Alembic has nothing to answer this with.
    pub(super) fn needs_database(&mut self) {
        self.needs_database = true;
    }

    /// Rows are read or written in a way that is not known. The schema stays as it is.
    pub(super) fn rows(&mut self, why: impl Into<Arc<str>>, span: Span) -> Answer {
        let why = why.into();
        self.needs_database = true;
        let statement = Statement::Expr(Expr::Opaque(Opaque::at(why.clone(), span)));
        let execute =
            Execute { statement, through: Through::Connection, options: Options::default() };
        self.steps.push(Op::Execute(execute), span);
        Answer::Value(Value::unknown_data(span, why))
    }

    /// An object of the host's.
    pub(super) fn object(what: &'static str, id: u32, span: Span) -> Answer {
        Answer::Value(Value::new(Kind::Host(HostObject { what, id }), span))
    }

    pub(super) fn directive(
        &mut self,
        heap: &mut Heap,
        name: &str,
        batch: Option<u32>,
        arguments: &Arguments,
        span: Span,
    ) -> Answer {
        match name {
            // Final names and inline literals stay terms, for whoever reads the argument.
            "f" | "inline_literal" => {
                return if batch.is_none() {
                    Answer::Unclaimed
                } else {
                    let callee = Value::symbol(&format!("alembic.op.{name}"), span);
                    let arguments = arguments.clone();
                    let call = Call { callee, arguments, assigned: Vec::new() };
                    Answer::Value(heap.term(Term::Call(call), span))
                };
            }
            "get_bind" => return Self::object("bind", 0, span),
            "get_context" => return Self::object("context", 0, span),
            "run_async" if batch.is_none() => return self.run_async(arguments, span),
            "batch_alter_table" if batch.is_none() => {
                return self.batch(heap, arguments, span);
            }
            _ => {}
        }
        if !is_directive(name) {
            let why = format!("`{name}` is not a directive of Alembic");
            self.steps.push(Op::Opaque(Opaque::at(why.clone(), span)), span);
            return Answer::unknown(span, why);
        }
        let reader = Reader::new(heap, &self.overridden).on(self.steps.schema());
        let op = match batch {
            None => {
                let receiver = Receiver::Op;
                let directive = Directive { reader: &reader, name, receiver, arguments, span };
                directive.read().unwrap_or_else(|why| directive.unread(why))
            }
            Some(id) => match self.steps.table_of(id) {
                Some(table) => {
                    let receiver = Receiver::Batch(table);
                    let directive = Directive { reader: &reader, name, receiver, arguments, span };
                    directive.read().unwrap_or_else(|why| directive.unread(why))
                }
                // What it executes does not wait for its end, so it runs behind it too.
                None if name == "execute" => {
                    let receiver = Receiver::Op;
                    let directive = Directive { reader: &reader, name, receiver, arguments, span };
                    directive.read().unwrap_or_else(|why| directive.unread(why))
                }
                None => Op::Opaque(Opaque::at("the batch is not open here", span)),
            },
        };
        let created = matches!(op, Op::CreateTable(_));
        let op = match op {
            Op::Execute(Execute { statement: Statement::Opaque(why), .. })
                if self.target.mode == Mode::Execute =>
            {
                self.only_rows(heap, arguments, why)
            }
            op => op,
        };
        // A batch gathers its operations; what it executes runs at once.
        let gathered = match batch {
            Some(id) if name != "execute" => self.steps.push_in(id, op.clone(), span),
            _ => false,
        };
        if !gathered {
            self.steps.push(op, span);
        }
        if created { Self::created(heap, arguments, span) } else { Answer::none(span) }
    }

    /// What `op.create_table` returns: the table, usable in statements.
    fn created(heap: &mut Heap, arguments: &Arguments, span: Span) -> Answer {
        let metadata = Call {
            callee: Value::symbol("sqlalchemy.MetaData", span),
            arguments: Arguments::default(),
            assigned: Vec::new(),
        };
        let metadata = heap.term(Term::Call(metadata), span);
        let mut arguments = arguments.clone();
        arguments.keywords.retain(|keyword| &*keyword.name != "if_not_exists");
        if let Some(at) =
            arguments.keywords.iter().position(|keyword| &*keyword.name == "table_name")
        {
            let name = arguments.keywords.remove(at);
            let name = revline_python::value::Argument { value: name.value, span: name.span };
            arguments.positional.insert(0, name);
        }
        let metadata = revline_python::value::Argument { value: metadata, span };
        arguments.positional.insert(1.min(arguments.positional.len()), metadata);
        let call = Call {
            callee: Value::symbol("sqlalchemy.Table", span),
            arguments,
            assigned: Vec::new(),
        };
        Answer::Value(heap.term(Term::Call(call), span))
    }

    fn batch(&mut self, heap: &Heap, arguments: &Arguments, span: Span) -> Answer {
        let id = u32::try_from(self.batches.len()).unwrap_or(u32::MAX);
        let reader = Reader::new(heap, &self.overridden).on(self.steps.schema());
        match reader.batch(arguments, span) {
            Ok((table, options)) => {
                self.batches.push(Block::Batch { id, table, options: Box::new(options) });
                Self::object("batch", id, span)
            }
            Err(why) => {
                let text = why.why.clone();
                self.steps.push(Op::Opaque(why), span);
                Answer::unknown(span, text)
            }
        }
    }

    /// Turns `bind.execute(…)` whose result somebody looks at into something unknown.
    fn used(&mut self, object: HostObject, span: Span) -> Answer {
        let why = "the rows that a query returns are not known";
        self.needs_database = true;
        // Online the statement runs all the same, and it is known.
        if object.what == "rows" && self.target.mode == Mode::Script {
            self.steps.spoil(object.id, Opaque::at(why, span));
        }
        Answer::Value(Value::unknown_data(span, why))
    }
}

/// A module that is known, of a package that was not found.
fn foreign_module(heap: &Heap, object: &Value, name: &str) -> Option<Symbol> {
    let path = heap.unknown(object)?.foreign.as_ref()?;
    known_module(&format!("{path}.{name}"))
}

/// The answer of `in` for `not in`.
fn negated(answer: Answer, operator: Operator, span: Span) -> Answer {
    match (answer, operator) {
        (Answer::Value(Value { kind: Kind::Bool(is), .. }), Operator::NotIn) => {
            Answer::Value(Value::bool(!is, span))
        }
        (answer, _) => answer,
    }
}

/// Whether `alembic.op` has a function of that name.
pub(super) fn is_function(name: &str) -> bool {
    const OTHERS: &[&str] =
        &["batch_alter_table", "f", "get_bind", "get_context", "inline_literal", "run_async"];
    OTHERS.contains(&name) || is_directive(name)
}

/// Whether a name may stand for a number or a flag: `alembic.op` has functions besides, and
/// `sqlalchemy.util` is for SQLAlchemy itself (`py2k`).
fn is_flag(symbol: &Symbol) -> bool {
    let path = symbol.path();
    path.strip_prefix("alembic.op.").is_some_and(|name| !is_function(name))
        || path.starts_with("sqlalchemy.util.") && symbol.name() != "TYPE_CHECKING"
}

/// The host's object behind a value.
pub(super) fn host_object(value: &Value) -> Option<HostObject> {
    match value.kind {
        Kind::Host(object) => Some(object),
        _ => None,
    }
}

impl Host for Surroundings<'_> {
    fn import(&mut self, import: &Import<'_>) -> Imported {
        self.imports.resolve(import)
    }

    fn call(&mut self, heap: &mut Heap, call: &Invocation<'_>) -> Answer {
        let (arguments, span) = (call.arguments, call.span);
        match call.callee {
            Callee::Symbol(symbol) => {
                let path = symbol.path();
                self.standard_call(path, arguments, span)
                    .unwrap_or_else(|| self.symbol_call(heap, path, arguments, span))
            }
            Callee::Method { receiver, name } => match host_object(receiver) {
                Some(HostObject { what: "batch", id }) => {
                    self.directive(heap, name, Some(id), arguments, span)
                }
                Some(object) if object.what == "rows" => self.used(object, span),
                Some(HostObject { what: "inspector", id }) => {
                    self.inspector_call(heap, Some(id), name, arguments, span)
                }
                Some(object) => self.object_call(heap, object, name, arguments, span),
                None => {
                    if let Some(answer) = self.grow_table(heap, receiver, name, arguments, span) {
                        return answer;
                    }
                    if heap.unknown(receiver).is_some() {
                        self.method_of_unknown(name, span);
                    }
                    match self.foreign_session(heap, receiver, name, span) {
                        Some(answer) => answer,
                        None => self.term_call(heap, receiver, name, arguments, span),
                    }
                }
            },
            Callee::Value(value) => match host_object(value) {
                Some(HostObject { what: "sessionmaker", .. }) => Self::object("session", 0, span),
                _ => Answer::Unclaimed,
            },
        }
    }

    fn attribute(&mut self, heap: &mut Heap, object: &Value, name: &str, span: Span) -> Answer {
        match host_object(object) {
            Some(object) if object.what == "rows" => self.used(object, span),
            Some(HostObject { what: "inspector", .. }) => self.inspector_attribute(name, span),
            Some(object) => self.object_attribute(object, name, span),
            // A class by that name is asked for when it is called.
            None if name == "session" => self
                .foreign_session(heap, object, name, span)
                .unwrap_or_else(|| self.symbol_attribute(heap, object, name, span)),
            None => match foreign_module(heap, object, name) {
                Some(symbol) => Answer::Value(Value::new(Kind::Symbol(symbol), span)),
                None => self.symbol_attribute(heap, object, name, span),
            },
        }
    }

    fn item(&mut self, heap: &mut Heap, object: &Value, key: &Value, span: Span) -> Answer {
        match host_object(object) {
            Some(HostObject { what: "metadata", id }) => self.metadata_item(heap, id, key, span),
            Some(object) => self.used(object, span),
            None => Answer::Unclaimed,
        }
    }

    fn iterate(&mut self, heap: &mut Heap, object: &Value, span: Span) -> Answer {
        match host_object(object) {
            Some(HostObject { what: "metadata", id }) => match self.found_names(id, span) {
                Ok(names) => Answer::Value(heap.list(names, span)),
                Err(unknown) => Answer::Value(unknown),
            },
            Some(HostObject { what: "tables", .. }) => {
                Answer::Value(Value::unknown_data(span, "not all tables are known"))
            }
            Some(object) => self.used(object, span),
            None => self.parts_of_table(heap, object, span),
        }
    }

    fn operate(
        &mut self,
        heap: &mut Heap,
        operator: Operator,
        operands: &[Value],
        span: Span,
    ) -> Answer {
        if let Some((id, name)) = metadata::asked_of_metadata(operands, operator) {
            return negated(self.is_found(heap, id, name, span), operator, span);
        }
        if let ([name, listing], Operator::In | Operator::NotIn) = (operands, operator)
            && let Some(HostObject { what: "tables", id }) = host_object(listing)
        {
            return negated(self.is_listed(id, name, span), operator, span);
        }
        if let Some(is) = self.compared_names(heap, operator, operands) {
            return Answer::Value(Value::bool(is, span));
        }
        match operands.iter().find_map(host_object) {
            Some(object) if object.what == "rows" => self.used(object, span),
            _ => Answer::Unclaimed,
        }
    }

    fn truth(&mut self, heap: &Heap, value: &Value) -> Option<bool> {
        match host_object(value) {
            Some(object) if object.what == "rows" => {
                let _ = self.used(object, value.span);
                None
            }
            Some(HostObject { what: "tables" | "metadata", .. }) => Some(true),
            Some(_) => Some(true),
            // A table, a column's type, metadata: objects without a truth of their own.
            None => match heap.view(value) {
                View::Symbol(symbol) if is_flag(symbol) => None,
                View::Symbol(symbol) => Some(symbol.name() != "TYPE_CHECKING"),
                _ => None,
            },
        }
    }

    fn effects(&self) -> usize {
        self.steps.count()
    }

    fn foreign(&mut self, heap: &Heap, path: &str, arguments: &Arguments, span: Span) -> Foreign {
        self.foreign_call(heap, path, arguments, span)
    }

    fn text(&self, heap: &Heap, value: &Value) -> Option<String> {
        super::types::text(heap, value)
    }

    fn enter(&mut self, _: &mut Heap, value: &Value, span: Span) -> Answer {
        match host_object(value) {
            Some(HostObject { what: "batch", id }) => {
                if let Some(Block::Batch { id, table, options }) = self.batches.get(id as usize) {
                    let block =
                        Block::Batch { id: *id, table: table.clone(), options: options.clone() };
                    self.steps.enter(block, value.span);
                }
                Answer::Value(value.clone())
            }
            Some(HostObject { what: "autocommit", .. }) => {
                self.steps.enter(Block::Autocommit, value.span);
                Answer::none(span)
            }
            Some(object) => self.entered(object, value, span),
            None => Answer::Unclaimed,
        }
    }

    fn exit(&mut self, _: &mut Heap, value: &Value, _: Span) {
        if let Some(HostObject { what: "batch" | "autocommit", .. }) = host_object(value) {
            self.steps.leave();
        }
    }

    fn enter_guard(&mut self, _: &Heap, guard: &PythonGuard) {
        if guard.kind == GuardKind::AfterRaise && self.is_loading() {
            // A file that cannot be loaded has no migration to speak of.
        } else if guard.kind == GuardKind::AfterRaise {
            // What follows runs whenever the migration succeeds; that it does is not known.
            let (span, why) = (guard.why.span, guard.why.why.clone());
            let ending = Unknown { span, why: format!("it may end here: {why}").into() };
            if !self.endings.contains(&ending) {
                self.endings.push(ending);
            }
        } else {
            self.steps.guard(&guard.why.why, guard.span);
        }
    }

    fn leave_guard(&mut self, _: &Heap, guard: &PythonGuard) {
        if guard.kind != GuardKind::AfterRaise {
            self.steps.unguard();
        }
    }

    fn made(&mut self, _: &Heap, _: &Value, span: Span) -> Option<(&'static str, Arguments)> {
        // What a `TypeDecorator` is on a dialect, it says itself.
        let dialect = Value::new(Kind::Host(HostObject { what: "dialect", id: 0 }), span);
        Some(("load_dialect_impl", Arguments::of(vec![dialect])))
    }

    fn enter_module(&mut self) {
        self.steps.load();
    }

    fn leave_module(&mut self) {
        self.steps.loaded();
    }

    fn enter_attempt(&mut self, span: Span) {
        self.steps.attempt(span);
    }

    fn leave_attempt(&mut self) {
        self.steps.unguard();
    }

    fn caught(&mut self, span: Span) {
        self.may_go_on_otherwise(span);
    }

    fn presumed(&mut self, presumption: Presumption, module: &str, span: Span) {
        let fact = match presumption {
            Presumption::Imported => format!("something has imported the module `{module}`"),
            Presumption::Importable => format!("the module `{module}` can be imported"),
        };
        self.fact(fact, span);
    }

    fn unordered(&mut self, span: Span) {
        if !self.is_loading() {
            self.fact(
                "this set is gone through in the order in which it is written".to_owned(),
                span,
            );
        }
    }

    fn opaque(&mut self, heap: &Heap, opaque: &PythonOpaque<'_>) {
        self.hand_over(heap, opaque);
        if self.is_loading() {
            return;
        }
        let why = Opaque::at(opaque.why.why.clone(), opaque.why.span);
        self.steps.push(Op::Opaque(why), opaque.span);
    }
}
