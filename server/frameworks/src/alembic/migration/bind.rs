//! The connection, and methods of SQLAlchemy's objects that use one.

use revline_python::value::{Arguments, HostObject, Term};
use revline_python::{Answer, Heap, Kind, Value, View};
use revline_schema::{
    EnumFlavour, Execute, Expr, Key, Literal, Op, Opaque, Options, Sight, Statement, Through,
    TypeKind, TypeOp,
};
use revline_sql::Mode;
use revline_text::Span;

use super::Part;
use super::host::Surroundings;
use super::inspector::shown;
use crate::alembic::sqlalchemy::{Known, Read, Reader, fail, known, opaque};

impl Surroundings<'_> {
    /// A method of the connection.
    pub(super) fn bind_call(
        &mut self,
        heap: &mut Heap,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Answer {
        match name {
            "execute" => self.bind_execute(heap, arguments, Through::Connection, span),
            "exec_driver_sql" => self.bind_execute(heap, arguments, Through::Driver, span),
            "connect" | "execution_options" => Self::object("bind", 0, span),
            "get_bind" => Self::object("bind", 0, span),
            // Rows at most: what stands in a transaction of its own is followed all the same.
            "begin" | "begin_nested" | "get_transaction" => {
                let why = format!("`{name}()` of the connection is not followed");
                let _ = self.rows(why, span);
                Self::object("transaction", 0, span)
            }
            "commit" => self.rows("`commit()` inside of Alembic's transaction", span),
            "detach" | "close" => Answer::none(span),
            "scalar" | "scalars" if self.target.mode == Mode::Execute => {
                let _ = self.bind_execute(heap, arguments, Through::Connection, span);
                let why = "the rows that a query returns are not known";
                Answer::Value(Value::unknown_data(span, why))
            }
            "scalar" | "scalars" => {
                self.needs_database();
                let why = "the rows that a query returns are not known";
                self.steps.push(Op::Opaque(Opaque::at(why, span)), span);
                Answer::Value(Value::unknown_data(span, why))
            }
            "run_sync" => Self::with_bind(arguments, span),
            "in_transaction" | "get_isolation_level" | "default_isolation_level" => {
                self.asks_database(name, span)
            }
            _ => self.not_understood(&format!("{name}() of the connection"), span),
        }
    }

    /// `op.run_async(function, …)`: the function with an asynchronous connection before the rest.
    pub(super) fn run_async(&mut self, arguments: &Arguments, span: Span) -> Answer {
        if self.target.mode == Mode::Script {
            self.needs_database();
            return Answer::Raise {
                class: "NotImplementedError".into(),
                message: "Cannot call run_async in SQL mode".into(),
            };
        }
        self.fact("the driver is asynchronous".into(), span);
        Self::with_bind(arguments, span)
    }

    /// A call of the function that stands first, with the connection before the other arguments.
    fn with_bind(arguments: &Arguments, span: Span) -> Answer {
        let bind = Value::new(Kind::Host(HostObject { what: "bind", id: 0 }), span);
        Answer::handing_on(arguments, bind)
    }

    /// `bind.execute(…)`: a statement, unless somebody looks at what it returns.
    pub(super) fn bind_execute(
        &mut self,
        heap: &Heap,
        arguments: &Arguments,
        through: Through,
        span: Span,
    ) -> Answer {
        if through == Through::Driver {
            self.needs_database();
        }
        let reader = Reader::new(heap, &self.overridden).on(self.steps.schema());
        let op = match executed(&reader, arguments, through, self.target.mode, span) {
            Ok(statement) => {
                Op::Execute(Execute { statement, through, options: Options::default() })
            }
            Err(why) => Op::Opaque(why),
        };
        let op = match op {
            Op::Opaque(why) if self.target.mode == Mode::Execute => {
                self.only_rows(heap, arguments, why)
            }
            Op::Execute(Execute { statement: Statement::Opaque(why), .. })
                if self.target.mode == Mode::Execute =>
            {
                self.only_rows(heap, arguments, why)
            }
            op => op,
        };
        self.steps.push(op, span);
        let mark = self.steps.mark(span);
        Self::object("rows", mark, span)
    }

    /// `with` of a connection or of something that a connection gave.
    pub(super) fn entered(&mut self, object: HostObject, value: &Value, span: Span) -> Answer {
        match object.what {
            "bind" | "session" => Answer::Value(value.clone()),
            "transaction" => Self::object("bind", 0, span),
            _ => self.not_understood(&format!("with {}", object.what), span),
        }
    }

    /// A method of a term: most only build a larger term, some use a connection.
    pub(super) fn term_call(
        &mut self,
        heap: &mut Heap,
        receiver: &Value,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Answer {
        match name {
            "create" | "drop" if self.is_table(heap, receiver) => {
                self.table_op(heap, receiver, name == "create", arguments, span)
            }
            "create" | "drop" => {
                let reader = Reader::new(heap, &self.overridden).on(self.steps.schema());
                let op = type_op(&reader, receiver, name == "create", arguments, span)
                    .unwrap_or_else(Op::Opaque);
                if let Some(op) = self.first_checked(op, span) {
                    self.steps.push(op, span);
                }
                Answer::none(span)
            }
            "create_all" | "drop_all" | "execute" | "bind_processor" => {
                self.not_understood(&format!("{name}()"), span)
            }
            "reflect" => self.reflect(heap, receiver, arguments, span),
            "from_engine" => self.inspect("Inspector.from_engine", span),
            _ => {
                self.note_metadata(receiver, name, arguments);
                Answer::Unclaimed
            }
        }
    }
}

impl Surroundings<'_> {
    /// A statement that is not known. Where it is an INSERT, UPDATE, DELETE or SELECT all the same, it
    /// leaves the schema as it is.
    pub(super) fn only_rows(&self, heap: &Heap, arguments: &Arguments, why: Opaque) -> Op {
        let statement = arguments.get(0, "statement");
        if statement.is_some_and(|statement| is_about_rows(heap, statement)) {
            let statement = Statement::Expr(Expr::Opaque(why));
            let (through, options) = (Through::Connection, Options::default());
            return Op::Execute(Execute { statement, through, options });
        }
        Op::Opaque(why)
    }

    /// What `create()` or `drop()` of a type does online once `checkfirst` is answered from the
    /// schema: nothing where the type is already as it is wanted.
    fn first_checked(&mut self, op: Op, span: Span) -> Option<Op> {
        let (create, type_op) = match &op {
            Op::CreateType(type_op) => (true, type_op),
            Op::DropType(type_op) => (false, type_op),
            _ => return Some(op),
        };
        let Some(schema) = self.steps.schema() else { return Some(op) };
        let TypeKind::Enum(enum_) = &type_op.type_.kind else { return Some(op) };
        let asks = type_op.checkfirst.unwrap_or(enum_.flavour == EnumFlavour::Postgresql);
        let decided = |asked: &TypeOp| {
            let asked = TypeOp { checkfirst: Some(false), ..asked.clone() };
            if create { Op::CreateType(asked) } else { Op::DropType(asked) }
        };
        let Some(name) = enum_.name.as_ref().filter(|_| &*self.target.dialect == "postgresql")
        else {
            return Some(op);
        };
        if !asks {
            return Some(decided(type_op));
        }
        let key = Key {
            schema: enum_.schema.as_ref().map(|schema| schema.text.clone()),
            name: name.text.clone(),
        };
        let (is_there, next) = match schema.look_enum(&key) {
            Sight::Present(_) => (true, (!create).then(|| decided(type_op))),
            Sight::Absent => (false, create.then(|| decided(type_op))),
            Sight::Uncertain(_) => return Some(op),
        };
        self.parts.insert(Part::Types);
        let word = if is_there { "exists" } else { "is absent" };
        self.fact(format!("type {} {word}", shown(&key)), span);
        next
    }
}

/// Whether a statement is made by `insert()`, `update()`, `delete()` or `select()`.
fn is_about_rows(heap: &Heap, statement: &Value) -> bool {
    let mut at = statement;
    for _ in 0..64 {
        let call = match heap.view(at) {
            View::Term(Term::Call(call)) => call,
            View::Unknown(unknown) => return unknown.head.as_deref().is_some_and(begins_with_rows),
            View::Str(text) => return begins_with_rows(text.text()),
            _ => return false,
        };
        match heap.view(&call.callee) {
            View::Symbol(symbol) => match known(symbol.path()) {
                Known::Sa("insert" | "update" | "delete" | "select")
                | Known::Dialect(_, "insert") => return true,
                Known::Sa("text") => match call.arguments.get(0, "text") {
                    Some(text) => at = text,
                    None => return false,
                },
                _ => return false,
            },
            View::Term(Term::Attribute { object, name }) => match &**name {
                "insert" | "update" | "delete" | "select" => return true,
                _ => at = object,
            },
            _ => return false,
        }
    }
    false
}

/// Whether a text, of which this is the beginning, is a statement about rows.
fn begins_with_rows(head: &str) -> bool {
    let mut words = head.split_whitespace().map(str::to_ascii_uppercase);
    let first = words.next().unwrap_or_default();
    !head.contains(';')
        && words.next().is_some()
        && matches!(first.as_str(), "INSERT" | "UPDATE" | "DELETE" | "SELECT" | "WITH")
}

/// The statement that `execute(statement, parameters)` runs.
fn executed(
    reader: &Reader<'_>,
    arguments: &Arguments,
    through: Through,
    mode: Mode,
    span: Span,
) -> Read<Statement> {
    if let Some(unknown) = &arguments.unknown {
        return Err(opaque(unknown));
    }
    // Offline the connection is a mock without this method.
    if through == Through::Driver && mode == Mode::Script {
        return fail(span, "'MockConnection' object has no attribute 'exec_driver_sql'");
    }
    let Some(value) = arguments.get(0, "statement") else {
        return fail(span, "execute() is missing a statement");
    };
    if mode == Mode::Execute && through == Through::Connection && value.as_str().is_some() {
        return fail(value.span, "Not an executable object: a plain string");
    }
    let statement = reader.statement(value);
    // Offline the mock ignores the parameters.
    let Some(parameters) = arguments.get(1, "parameters").filter(|value| !value.is_none()) else {
        return Ok(statement);
    };
    if mode == Mode::Script {
        return Ok(statement);
    }
    let (Statement::Text(mut text), View::Dict(dict)) = (statement, reader.view(parameters)?)
    else {
        return fail(parameters.span, "the parameters of this statement are not understood");
    };
    for (key, value) in dict.entries() {
        let (Some(key), value) = (key.as_str(), reader.literal(value)) else {
            return fail(parameters.span, "a parameter whose name is not a string");
        };
        if let Literal::Opaque(why) = value {
            return Err(why);
        }
        text.binds.insert(key.into(), revline_schema::Bind { value, type_: None });
    }
    Ok(Statement::Text(text))
}

/// `Enum(…).create(bind, checkfirst)` and `.drop`.
fn type_op(
    reader: &Reader<'_>,
    receiver: &Value,
    create: bool,
    arguments: &Arguments,
    span: Span,
) -> Read<Op> {
    if let Some(unknown) = &arguments.unknown {
        return Err(opaque(unknown));
    }
    let table = match reader.view(receiver)? {
        View::Term(Term::Call(call)) => call.callee.as_symbol().is_some_and(|symbol| {
            matches!(known(symbol.path()), Known::Sa("Table" | "Index" | "Sequence"))
        }),
        _ => false,
    };
    let word = if create { "create" } else { "drop" };
    if table {
        return fail(span, format!("`{word}()` of a table, index or sequence is not understood"));
    }
    let type_ = reader.sql_type(receiver);
    match &type_.kind {
        TypeKind::Enum(_) => {}
        TypeKind::Opaque(why) => return Err(why.clone()),
        _ => return fail(span, format!("`{word}()` of this type is not understood")),
    }
    let checkfirst = match arguments.get(1, "checkfirst") {
        Some(value) => Some(reader.truth(value)?),
        None => None,
    };
    let op = TypeOp { type_, checkfirst, origin: span.into() };
    Ok(if create { Op::CreateType(op) } else { Op::DropType(op) })
}
