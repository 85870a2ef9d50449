//! The functions of a version file by their shape, without evaluating them.

use std::sync::Arc;

use revline_python::Source;
use revline_python::syntax::Body;
use revline_python::syntax::ast::StmtKind;
use revline_text::{Range, Span};

/// `upgrade` or `downgrade` of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Function {
    /// The name, where the function stands: of its last definition.
    pub name: Option<Span>,
    /// The whole definition.
    pub definition: Option<Span>,
    /// What its body does.
    pub state: FunctionState,
}

impl Function {
    /// The bytes of the definition; empty where there is none.
    pub(super) fn range(&self) -> Range {
        self.definition.map_or(Range::empty(0), |span| span.range)
    }
}

/// What the body of a function does, by its shape.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FunctionState {
    /// There is no such function. Alembic ends in an `AttributeError` when it is needed.
    Absent,
    /// It does nothing.
    Empty {
        /// The body.
        body: Span,
    },
    /// It only raises.
    Raises {
        /// The `raise` statement.
        raise: Span,
        /// The class of the exception, where it is a name.
        exception: Option<Arc<str>>,
    },
    /// It does something.
    Body {
        /// The body.
        body: Span,
    },
}

/// A function for one of several databases: `upgrade_engine1`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Engine {
    /// The name of the database.
    pub name: Arc<str>,
    /// The function.
    pub function: Function,
}

/// The function of that name.
pub(super) fn function(source: &Source, name: &str) -> Function {
    match source.function(name) {
        None => Function { name: None, definition: None, state: FunctionState::Absent },
        Some(view) => Function {
            name: Some(source.at(view.name_range)),
            definition: Some(source.at(view.range)),
            state: match view.body {
                Body::Absent => FunctionState::Absent,
                Body::Empty { range } => FunctionState::Empty { body: source.at(range) },
                Body::Raises { range, exception } => {
                    FunctionState::Raises { raise: source.at(range), exception }
                }
                Body::Present { range } => FunctionState::Body { body: source.at(range) },
            },
        },
    }
}

/// `upgrade` and `downgrade` of a file.
pub fn functions(source: &Source) -> (Function, Function) {
    (function(source, "upgrade"), function(source, "downgrade"))
}

/// The functions of a direction that belong to one of several databases. Only where the function of
/// the direction itself takes the database's name: `upgrade_schema` beside a plain `upgrade()` is a
/// person's own function.
pub(super) fn engines(source: &Source, direction: &str) -> Vec<Engine> {
    let takes_name = source.module().iter().any(|statement| {
        matches!(
            &statement.kind,
            StmtKind::Function(definition)
                if &*definition.name == direction && !definition.parameters.is_empty()
        )
    });
    if !takes_name {
        return Vec::new();
    }
    source
        .functions()
        .into_iter()
        .filter_map(|view| {
            let name = view.name.strip_prefix(direction)?.strip_prefix('_')?;
            Some(Engine { name: name.into(), function: function(source, &view.name) })
        })
        .collect()
}

/// The names of the databases that a file has functions of their own for.
pub fn databases(source: &Source) -> Vec<Arc<str>> {
    engines(source, "upgrade").into_iter().map(|engine| engine.name).collect()
}

/// Whether the function of a direction is the `multidb` template's: it does nothing but call the
/// function of the database whose name it is given.
pub(super) fn dispatches(source: &Source, direction: &str) -> bool {
    let Some(view) = source.function(direction) else { return false };
    let text = view.body_range.slice(&source.text).unwrap_or_default();
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let text = text.replace('\'', "\"");
    text == format!("globals()[\"{direction}_%s\"%engine_name]()")
        || text == format!("globals()[f\"{direction}_{{engine_name}}\"]()")
}

/// Where the functions of a file reach for names through `locals()` and its kin. The evaluator
/// does not follow that.
pub(super) fn looks_up_names(source: &Source, function: &Function) -> Option<Span> {
    function.definition?;
    let calls = source.calls(source.span().range);
    let (_, range) = calls.into_iter().find(|(name, _)| {
        matches!(name.as_str(), "locals" | "vars" | "exec" | "eval" | "__import__")
    })?;
    Some(source.at(range))
}
