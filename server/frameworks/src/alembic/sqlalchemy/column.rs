//! `sa.Column` and what hangs on it.

use revline_python::value::{Call, Term};
use revline_python::{Value, View};
use revline_schema::{
    Autoincrement, Column, Computed, Expr, Identity, Literal, Name, PythonDefault, Sequence,
    SequenceOptions, ServerDefault,
};
use revline_text::Span;

use super::{Known, Matched, Read, Reader, Signature, fail, known};

const COLUMN: Signature = Signature {
    name: "Column",
    positional: &[],
    variadic: true,
    keywords: &[
        "name",
        "type_",
        "autoincrement",
        "default",
        "insert_default",
        "key",
        "index",
        "unique",
        "nullable",
        "onupdate",
        "primary_key",
        "server_default",
        "server_onupdate",
        "quote",
        "system",
        "comment",
    ],
};
const COMPUTED: Signature = Signature {
    name: "Computed",
    positional: &["sqltext", "persisted"],
    variadic: false,
    keywords: &[],
};
const IDENTITY: Signature = Signature {
    name: "Identity",
    positional: &[
        "always",
        "on_null",
        "start",
        "increment",
        "minvalue",
        "maxvalue",
        "nominvalue",
        "nomaxvalue",
        "cycle",
        "cache",
        "order",
    ],
    variadic: false,
    keywords: &[],
};
const SEQUENCE: Signature = Signature {
    name: "Sequence",
    positional: &[
        "name",
        "start",
        "increment",
        "minvalue",
        "maxvalue",
        "nominvalue",
        "nomaxvalue",
        "cycle",
        "schema",
        "cache",
        "order",
        "data_type",
        "optional",
        "quote",
        "metadata",
    ],
    variadic: false,
    keywords: &[],
};

impl Reader<'_> {
    /// The call of a construct of SQLAlchemy, with its name.
    pub(crate) fn construct<'v>(&'v self, value: &'v Value) -> Option<(&'v str, &'v Call)> {
        let View::Term(Term::Call(call)) = self.heap.view(value) else { return None };
        match known(call.callee.as_symbol()?.path()) {
            Known::Sa(name) => Some((name, call)),
            _ => None,
        }
    }

    /// `sa.Column(…)`.
    pub(crate) fn column(&self, value: &Value) -> Read<Column> {
        self.view(value)?;
        let Some(("Column", call)) = self.construct(value) else {
            return fail(value.span, "not a column");
        };
        if !call.assigned.is_empty() {
            return fail(value.span, "a column whose attributes are assigned");
        }
        let mut matched = COLUMN.bind(&call.arguments, value.span)?;
        matched.ignore(&["doc", "info", "insert_sentinel"]);
        let mut rest = matched.rest.iter().map(|argument| &argument.value).peekable();
        let mut name = self.name_of(&matched, "name")?;
        if name.is_none()
            && let Some(first) = rest.peek()
            && !self.is_argument(first)
            && !self.looks_like_type(first)
        {
            name = if first.is_none() { None } else { Some(self.name(first)?) };
            rest.next();
        }
        let mut type_ = matched.get("type_").map(|value| self.sql_type(value)).unwrap_or_default();
        if matched.get("type_").is_none()
            && let Some(second) = rest.peek()
            && self.is_type(second)
        {
            type_ = self.sql_type(second);
            rest.next();
        }
        let Some(mut name) = name else {
            return fail(value.span, "a column without a name");
        };
        if let Some(quote) = self.choice(&matched, "quote")? {
            name.quote = Some(quote);
        }
        let mut column = Column { origin: value.span.into(), ..Column::new(name, type_) };
        self.column_keywords(&mut column, &matched)?;
        for argument in rest {
            self.column_argument(&mut column, argument)?;
        }
        Ok(column)
    }

    fn looks_like_type(&self, value: &Value) -> bool {
        match self.heap.view(value) {
            View::Symbol(_) | View::Class(_) | View::Instance(_) => true,
            View::Term(Term::Call(call)) => match call.callee.as_symbol() {
                Some(symbol) => !matches!(
                    known(symbol.path()),
                    Known::Op("f") | Known::Sa("conv" | "quoted_name")
                ),
                None => true,
            },
            _ => false,
        }
    }

    /// Whether a value is one of the things that follow name and type.
    fn is_argument(&self, value: &Value) -> bool {
        self.construct(value).is_some() && !self.is_type(value)
    }

    fn column_keywords(&self, column: &mut Column, matched: &Matched<'_>) -> Read<()> {
        column.nullable = match matched.get("nullable") {
            Some(value) => Some(self.truth(value)?),
            None => None,
        };
        column.primary_key = self.flag(matched, "primary_key")?;
        column.index = self.flag(matched, "index")?;
        column.unique = self.flag(matched, "unique")?;
        column.system = self.flag(matched, "system")?;
        column.comment = self.text_of(matched, "comment")?;
        column.has_onupdate = matched.some("onupdate").is_some();
        column.key = self.name_of(matched, "key")?.filter(|key| key.text != column.name.text);
        column.autoincrement = match matched.get("autoincrement") {
            Some(value) => self.autoincrement(value)?,
            None => Autoincrement::Auto,
        };
        if let Some(value) = matched.some("server_default") {
            column.server_default = Some(self.server_default(value));
        }
        if let Some(value) = matched.some("default") {
            if let Some(("Sequence", call)) = self.construct(value) {
                column.sequence = Some(self.sequence(call, value.span)?);
            } else {
                column.default = Some(self.python_default(value));
            }
        }
        column.options = self.options(matched.extra.iter().copied());
        Ok(())
    }

    fn autoincrement(&self, value: &Value) -> Read<Autoincrement> {
        Ok(match self.view(value)? {
            View::Str(text) if text.text() == "auto" => Autoincrement::Auto,
            View::Str(text) if text.text() == "ignore_fk" => Autoincrement::IgnoreFk,
            View::Bool(true) => Autoincrement::True,
            View::Bool(false) | View::None => Autoincrement::False,
            _ => return fail(value.span, "`autoincrement` is not understood"),
        })
    }

    fn python_default(&self, value: &Value) -> PythonDefault {
        match self.heap.view(value) {
            View::Symbol(_) | View::Function(_) | View::Bound(_) | View::Class(_) => {
                PythonDefault::Callable
            }
            View::Unknown(_) => PythonDefault::Callable,
            _ => match self.literal(value) {
                Literal::Expr(expr) => PythonDefault::Expr(*expr),
                Literal::Opaque(_) => PythonDefault::Callable,
                literal => PythonDefault::Value(literal),
            },
        }
    }

    fn column_argument(&self, column: &mut Column, value: &Value) -> Read<()> {
        self.view(value)?;
        let Some((name, call)) = self.construct(value) else {
            return fail(value.span, "an argument of Column() that is not understood");
        };
        match name {
            "ForeignKey" => column.foreign_keys.push(self.foreign_key(call, value.span)?),
            "CheckConstraint" => column.checks.push(self.check(call, value.span)?),
            "Computed" | "Identity" | "FetchedValue" | "DefaultClause" => {
                column.server_default = Some(self.server_default(value));
            }
            "Sequence" => column.sequence = Some(self.sequence(call, value.span)?),
            "ColumnDefault" => column.default = Some(PythonDefault::Callable),
            _ => return fail(value.span, format!("{name}() on a column is not understood")),
        }
        Ok(())
    }

    /// The value of `server_default=`; opaque where it is not understood.
    pub(crate) fn server_default(&self, value: &Value) -> ServerDefault {
        self.try_server_default(value).unwrap_or_else(|why| ServerDefault::Expr(Expr::Opaque(why)))
    }

    fn try_server_default(&self, value: &Value) -> Read<ServerDefault> {
        if let View::Str(_) = self.view(value)? {
            return Ok(ServerDefault::Str(self.text(value)?));
        }
        if let Some((name, call)) = self.construct(value) {
            match name {
                "Computed" => return self.computed(call, value.span).map(ServerDefault::Computed),
                "Identity" => return self.identity(call, value.span).map(ServerDefault::Identity),
                "FetchedValue" => return Ok(ServerDefault::Fetched),
                "DefaultClause" => {
                    let Some(inner) = call.arguments.get(0, "arg") else {
                        return fail(value.span, "DefaultClause() is missing an argument");
                    };
                    return self.deeper(value.span, || self.try_server_default(inner));
                }
                _ => {}
            }
        }
        match self.view(value)? {
            View::Term(_) => self.expr(value).map(ServerDefault::Expr),
            View::Symbol(symbol) if known(symbol.path()) == Known::Sa("FetchedValue") => {
                fail(value.span, "FetchedValue is a class; it has to be called")
            }
            View::Symbol(_) => self.expr(value).map(ServerDefault::Expr),
            _ => fail(
                value.span,
                "Argument 'arg' is expected to be one of type 'str', a text or a SQL expression",
            ),
        }
    }

    fn computed(&self, call: &Call, span: Span) -> Read<Computed> {
        let matched = COMPUTED.bind(&call.arguments, span)?;
        matched.no_extra("Computed")?;
        Ok(Computed {
            expression: self.text_or_expr(matched.need("Computed", "sqltext", span)?)?,
            persisted: self.choice(&matched, "persisted")?,
        })
    }

    fn identity(&self, call: &Call, span: Span) -> Read<Identity> {
        let matched = IDENTITY.bind(&call.arguments, span)?;
        matched.no_extra("Identity")?;
        Ok(Identity {
            always: self.flag(&matched, "always")?,
            on_null: self.choice(&matched, "on_null")?,
            sequence: self.sequence_options(&matched)?,
        })
    }

    fn sequence_options(&self, matched: &Matched<'_>) -> Read<SequenceOptions> {
        Ok(SequenceOptions {
            start: self.number(matched, "start")?,
            increment: self.number(matched, "increment")?,
            minvalue: self.number(matched, "minvalue")?,
            maxvalue: self.number(matched, "maxvalue")?,
            nominvalue: self.choice(matched, "nominvalue")?,
            nomaxvalue: self.choice(matched, "nomaxvalue")?,
            cycle: self.choice(matched, "cycle")?,
            cache: self.number(matched, "cache")?,
            order: self.choice(matched, "order")?,
        })
    }

    /// `sa.Sequence(…)`.
    pub(crate) fn sequence(&self, call: &Call, span: Span) -> Read<Sequence> {
        let matched = SEQUENCE.bind(&call.arguments, span)?;
        matched.no_extra("Sequence")?;
        let mut name: Name = self.name(matched.need("Sequence", "name", span)?)?;
        name.quote = self.choice(&matched, "quote")?.or(name.quote);
        Ok(Sequence {
            name,
            schema: self.schema_of(&matched, "schema")?,
            optional: self.flag(&matched, "optional")?,
            has_metadata: matched.some("metadata").is_some(),
            data_type: matched.some("data_type").map(|value| self.sql_type(value)),
            options: self.sequence_options(&matched)?,
        })
    }

    /// A Python string as SQL text, or an expression.
    pub(crate) fn text_or_expr(&self, value: &Value) -> Read<Expr> {
        match self.view(value)? {
            View::Str(_) => Ok(Expr::text(self.text(value)?)),
            _ => self.expr(value),
        }
    }
}
