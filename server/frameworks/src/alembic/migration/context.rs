//! `alembic.context`, the migration context and the dialect.

use std::sync::Arc;

use revline_python::value::{Arguments, HostObject};
use revline_python::{Answer, Heap, Kind, Value, View};
use revline_schema::{Execute, Op, Opaque, Options, Statement, Through};
use revline_sql::{Cx, Mode, Settings, dialect};
use revline_text::Span;

use super::constructs;
use super::host::{Surroundings, host_object, is_function};
use crate::alembic::sqlalchemy::Reader;

/// The version of Alembic that is followed.
const ALEMBIC: &str = "1.20.1";

impl Surroundings<'_> {
    /// `packaging.version.Version(text)`: its numbers, which compare as versions do; unknown where it
    /// is more than numbers.
    pub(super) fn version(heap: &mut Heap, arguments: &Arguments, span: Span) -> Answer {
        let text = arguments.get(0, "version").and_then(Value::as_str).unwrap_or_default();
        let numbers: Result<Vec<i128>, _> = text.trim().split('.').map(str::parse).collect();
        let Ok(mut numbers) = numbers else {
            return Answer::Value(Value::unknown_data(span, "a version that is not only numbers"));
        };
        while numbers.last() == Some(&0) {
            numbers.pop();
        }
        let items = numbers.into_iter().map(|number| Value::new(Kind::Int(number), span)).collect();
        Answer::Value(heap.tuple(items, span))
    }

    pub(super) fn is_offline(&self) -> bool {
        self.target.mode == Mode::Script
    }

    /// A call of `alembic.context.<name>`.
    pub(super) fn context_call(
        &mut self,
        heap: &Heap,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Answer {
        match name {
            "get_context" => Self::object("context", 0, span),
            "get_bind" => Self::object("bind", 0, span),
            "is_offline_mode" => Answer::Value(Value::bool(self.is_offline(), span)),
            "execute" => self.execute(heap, arguments, Through::Operation, span),
            "get_x_argument" => Answer::Value(Value::unknown_data(
                span,
                "`-x` arguments are given on the command line",
            )),
            "get_tag_argument"
            | "get_head_revision"
            | "get_head_revisions"
            | "get_starting_revision_argument"
            | "get_revision_argument" => {
                let why = format!("`context.{name}()` depends on the run");
                Answer::Value(Value::unknown_data(span, why))
            }
            _ => self.not_understood(&format!("context.{name}()"), span),
        }
    }

    /// Something that may have any effect.
    pub(super) fn not_understood(&mut self, what: &str, span: Span) -> Answer {
        let why = format!("`{what}` is not understood");
        self.steps.push(Op::Opaque(Opaque::at(why.clone(), span)), span);
        Answer::Value(Value::unknown_data(span, why))
    }

    /// `execute(statement)` on something that is no `op`.
    pub(super) fn execute(
        &mut self,
        heap: &Heap,
        arguments: &Arguments,
        through: Through,
        span: Span,
    ) -> Answer {
        let op = match arguments.positional.first().map(|argument| &argument.value) {
            Some(statement) if arguments.unknown.is_none() => {
                let reader = Reader::new(heap, &self.overridden).on(self.steps.schema());
                Op::Execute(Execute {
                    statement: reader.statement(statement),
                    through,
                    options: Options::default(),
                })
            }
            _ => Op::Opaque(Opaque::at("the arguments of `execute()` are not understood", span)),
        };
        let op = match op {
            Op::Execute(Execute { statement: Statement::Opaque(why), .. })
                if !self.is_offline() =>
            {
                self.only_rows(heap, arguments, why)
            }
            op => op,
        };
        self.steps.push(op, span);
        Answer::none(span)
    }

    /// A method of the migration context, a dialect, or another object of the host's.
    pub(super) fn object_call(
        &mut self,
        heap: &mut Heap,
        object: HostObject,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Answer {
        match (object.what, name) {
            ("context", "autocommit_block") => Self::object("autocommit", 0, span),
            ("context", "get_context") => Self::object("context", 0, span),
            ("context", "get_bind") => Self::object("bind", 0, span),
            ("context" | "impl", "execute") => {
                self.execute(heap, arguments, Through::Operation, span)
            }
            ("context", "is_offline_mode") => Answer::Value(Value::bool(self.is_offline(), span)),
            ("config", "get_main_option") => self.main_option(arguments, span),
            ("config", _) => Answer::Value(Value::unknown_data(
                span,
                "what the configuration says is not known here",
            )),
            ("bind", _) => self.bind_call(heap, name, arguments, span),
            ("transaction", "commit" | "close") => Answer::none(span),
            ("metadata", _) => self.metadata_call(heap, object.id, name, arguments, span),
            ("preparer", "quote" | "quote_identifier") => {
                self.quoted(heap, name == "quote_identifier", arguments, span)
            }
            ("preparer", _) => Answer::Value(Value::unknown_data(
                span,
                format!("`identifier_preparer.{name}()` is not understood"),
            )),
            ("dialect", "type_descriptor") => match arguments.get(0, "typeobj") {
                Some(type_) => Answer::Value(type_.clone()),
                None => Answer::unknown(span, "type_descriptor() is missing a type"),
            },
            ("dialect", _)
                if self.steps.schema().is_some()
                    && (name.starts_with("has_") || name.starts_with("get_")) =>
            {
                self.inspector_call(heap, None, name, arguments, span)
            }
            ("dialect", "has_table" | "has_index" | "has_sequence" | "has_schema") => {
                self.asks_database(name, span)
            }
            ("session" | "sessionmaker", _) => {
                self.session_call(heap, object, name, arguments, span)
            }
            ("dialect", _) => Answer::Value(Value::unknown_data(
                span,
                format!("`dialect.{name}()` is not understood"),
            )),
            _ => self.not_understood(&format!("{}.{name}()", object.what), span),
        }
    }

    /// An identifier as `IdentifierPreparer` writes it. A percent sign is doubled for some drivers.
    fn quoted(&self, heap: &Heap, always: bool, arguments: &Arguments, span: Span) -> Answer {
        let unknown = || Answer::Value(Value::unknown_data(span, "which identifier is quoted"));
        let ([given], [], None) =
            (arguments.positional.as_slice(), arguments.keywords.as_slice(), &arguments.unknown)
        else {
            return unknown();
        };
        let Ok(mut name) = Reader::new(heap, &self.overridden).name(&given.value) else {
            return unknown();
        };
        let Some(dialect) = dialect(&self.target.dialect).filter(|_| !name.text.contains('%'))
        else {
            return unknown();
        };
        if always {
            name.quote = Some(true);
        }
        let settings = Settings::default();
        let quoted = Cx { dialect, settings: &settings, mode: self.target.mode }.quote(&name);
        Answer::Value(Value::str(&quoted, span))
    }

    fn main_option(&mut self, arguments: &Arguments, span: Span) -> Answer {
        let name = arguments.get(0, "name").and_then(Value::as_str);
        let answer = name.and_then(|name| Some((name, self.world.main_option(name)?)));
        let Some((name, answer)) = answer else {
            return Answer::Value(Value::unknown_data(
                span,
                "what the configuration says is not known here",
            ));
        };
        let fact = match &answer {
            Some(value) => format!("the configuration's option {name} is {value:?}"),
            None => format!("the configuration has no option {name}"),
        };
        // Alembic's own script reads the same file; what runs on a database may be given other options.
        if !self.is_offline() {
            self.fact(fact, span);
        }
        Answer::Value(match (answer, arguments.get(1, "default")) {
            (Some(value), _) => Value::str(&value, span),
            (None, Some(default)) => default.clone(),
            (None, None) => Value::none(span),
        })
    }

    /// An attribute of an object of the host's.
    pub(super) fn object_attribute(
        &mut self,
        object: HostObject,
        name: &str,
        span: Span,
    ) -> Answer {
        let dialect = self.target.dialect.clone();
        match (object.what, name) {
            ("bind", "dialect") | ("context" | "impl", "dialect") => {
                Self::object("dialect", 0, span)
            }
            ("session", "bind") => Self::object("bind", 0, span),
            ("bind", "engine" | "connection") => Self::object("bind", 0, span),
            // The driver behind the plus sign is not known; it is looked at for the name before it.
            ("dialect", "dialect_description") if matches!(&*dialect, "postgresql" | "sqlite") => {
                let driver = if &*dialect == "sqlite" { "pysqlite" } else { "psycopg2" };
                self.fact(format!("the driver is {driver}"), span);
                Answer::Value(Value::str(&format!("{dialect}+{driver}"), span))
            }
            ("bind" | "dialect", "name") => Answer::Value(Value::str(&dialect, span)),
            ("context", "bind" | "connection") => Self::object("bind", 0, span),
            ("context", "config") => Self::object("config", 0, span),
            ("context", "impl") => Self::object("impl", 0, span),
            ("context", "as_sql") => Answer::Value(Value::bool(self.is_offline(), span)),
            ("context", "version_table_schema") => {
                Answer::Value(match self.world.version_table_schema() {
                    Some(schema) => Value::str(schema, span),
                    None => Value::none(span),
                })
            }
            ("impl", "bind" | "connection") => Self::object("bind", 0, span),
            ("dialect", "identifier_preparer") => Self::object("preparer", 0, span),
            ("dialect", _)
                if let Some(value) =
                    super::dialect::attribute(&dialect, self.is_offline(), name, span) =>
            {
                Answer::Value(value)
            }
            ("context" | "impl" | "dialect" | "bind" | "config", _) if !is_method(name) => {
                Answer::Value(Value::unknown_data(
                    span,
                    format!("`{name}` of the {} is not known", words(object.what)),
                ))
            }
            _ => Answer::Unclaimed,
        }
    }

    /// An attribute of a name of `alembic.context` that is no function.
    pub(super) fn symbol_attribute(
        &mut self,
        heap: &mut Heap,
        object: &Value,
        name: &str,
        span: Span,
    ) -> Answer {
        match heap.view(object) {
            View::Symbol(symbol) if symbol.path() == "alembic.context" && name == "config" => {
                Self::object("config", 0, span)
            }
            // The `Operations` behind the module's functions.
            View::Symbol(symbol) if symbol.path() == "alembic.op._proxy" => match name {
                "migration_context" => Self::object("context", 0, span),
                "impl" => Self::object("impl", 0, span),
                _ if is_function(name) => {
                    Answer::Value(Value::symbol(&format!("alembic.op.{name}"), span))
                }
                _ => Answer::unknown(span, format!("`{name}` of Alembic's operations")),
            },
            // What is printed here is what this version prints.
            View::Symbol(symbol) if symbol.path() == "alembic" && name == "__version__" => {
                if !self.is_offline() {
                    self.fact(format!("Alembic is {ALEMBIC}"), span);
                }
                Answer::Value(Value::str(ALEMBIC, span))
            }
            _ => match Self::type_attribute(heap, object, name, span)
                .or_else(|| constructs::attribute(heap, object, name, span))
            {
                Some(value) => Answer::Value(value),
                None if name == "as_mutable" && is_mutable(heap, object) => {
                    Answer::Value(Value::symbol("sqlalchemy.ext.mutable.Mutable.as_mutable", span))
                }
                None => self.reflected_tables(object, name, span).unwrap_or(Answer::Unclaimed),
            },
        }
    }

    /// `isinstance(bind.dialect, MySQLDialect)`.
    pub(super) fn is_instance(&mut self, heap: &Heap, arguments: &Arguments, span: Span) -> Answer {
        let [value, class] = arguments.positional.as_slice() else { return Answer::Unclaimed };
        let Some(HostObject { what: "dialect", .. }) = host_object(&value.value) else {
            return Answer::Unclaimed;
        };
        let classes: Vec<Value> = match heap.items(&class.value) {
            Some(items) => items.to_vec(),
            None => vec![class.value.clone()],
        };
        let mut is = Some(false);
        for class in &classes {
            let one = class.as_symbol().and_then(|symbol| self.is_dialect_class(symbol.path()));
            match one {
                Some(true) => return Answer::Value(Value::bool(true, span)),
                Some(false) => {}
                None => is = None,
            }
        }
        Answer::Value(match is {
            Some(is) => Value::bool(is, span),
            None => Value::unknown_data(span, "not known which dialect this class is"),
        })
    }

    fn is_dialect_class(&self, path: &str) -> Option<bool> {
        let mut parts = path.split('.');
        let (Some("sqlalchemy"), Some("dialects"), Some(module)) =
            (parts.next(), parts.next(), parts.next())
        else {
            return None;
        };
        let class = parts.next_back()?;
        let dialect: &Arc<str> = &self.target.dialect;
        // Classes of one driver say more than the dialect's name does.
        match (module, class) {
            ("postgresql", "PGDialect") => Some(&**dialect == "postgresql"),
            ("mysql", "MySQLDialect") => Some(matches!(&**dialect, "mysql" | "mariadb")),
            ("sqlite", "SQLiteDialect") => Some(&**dialect == "sqlite"),
            ("mssql", "MSDialect") => Some(&**dialect == "mssql"),
            ("oracle", "OracleDialect") => Some(&**dialect == "oracle"),
            (module, _)
                if module != &**dialect && !(module == "mysql" && &**dialect == "mariadb") =>
            {
                Some(false)
            }
            _ => None,
        }
    }
}

/// Whether a class of the source inherits from one of `sqlalchemy.ext.mutable`.
fn is_mutable(heap: &Heap, class: &Value) -> bool {
    let mut open = vec![class];
    for _ in 0..64 {
        let Some(at) = open.pop() else { return false };
        match heap.view(at) {
            View::Class(class) => open.extend(&class.bases),
            View::Symbol(symbol) if symbol.path().starts_with("sqlalchemy.ext.mutable.") => {
                return true;
            }
            _ => {}
        }
    }
    false
}

/// Methods come as calls; asked for as attributes, they stay what they are.
fn is_method(name: &str) -> bool {
    matches!(
        name,
        "execute"
            | "exec_driver_sql"
            | "scalar"
            | "scalars"
            | "autocommit_block"
            | "begin_transaction"
            | "begin"
            | "begin_nested"
            | "get_transaction"
            | "detach"
            | "connect"
            | "commit"
            | "rollback"
            | "run_sync"
            | "close"
            | "execution_options"
            | "get_bind"
            | "get_context"
            | "get_main_option"
            | "has_table"
            | "is_offline_mode"
    )
}

fn words(what: &str) -> &str {
    match what {
        "bind" => "connection",
        "context" => "migration context",
        other => other,
    }
}
