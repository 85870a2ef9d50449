//! The metadata of a project's models, and its naming convention.

use std::sync::Arc;

use revline_python::value::{Call, Term};
use revline_python::{Heap, ObjectId, Value, View};
use revline_schema::NamingConvention;
use revline_text::Span;

use super::Told;
use super::configure::why;
use super::host::Running;
use crate::alembic::migration::Unknown;

/// How many bases are followed.
const MOST_BASES: usize = 64;

/// The naming convention of a `target_metadata`. Of a list of metadata Alembic takes none
/// (`SchemaObjects.metadata` asks whether the object has the attribute).
pub(super) fn naming(heap: &Heap, value: &Value) -> Told<NamingConvention> {
    match heap.view(value) {
        View::None | View::List(_) | View::Tuple(_) | View::Dict(_) => Told::Nothing,
        View::Term(Term::Call(call)) if is(call, "MetaData") => {
            let given = call.assigned.iter().rev().find(|(name, _)| &**name == "naming_convention");
            let given = given
                .map(|(_, value)| value)
                .or_else(|| call.arguments.keyword("naming_convention").map(|it| &it.value));
            match (given, &call.arguments.unknown) {
                (Some(value), _) => convention(heap, value),
                (None, Some(unknown)) => {
                    Told::Unknown(Unknown { span: unknown.span, why: unknown.why.clone() })
                }
                (None, None) => Told::Nothing,
            }
        }
        View::Unknown(_) => Told::Unknown(why(heap, value)),
        _ => Told::Unknown(Unknown {
            span: value.span,
            why: "the metadata is not understood".into(),
        }),
    }
}

fn convention(heap: &Heap, value: &Value) -> Told<NamingConvention> {
    let View::Dict(dict) = heap.view(value) else {
        return match heap.view(value) {
            View::None => Told::Nothing,
            _ => Told::Unknown(why(heap, value)),
        };
    };
    let mut convention = NamingConvention::default();
    for (key, template) in dict.entries() {
        let key = match heap.view(key) {
            View::Str(key) => key.text().to_owned(),
            View::Symbol(symbol) => match symbol.name() {
                "Index" => "ix",
                "UniqueConstraint" => "uq",
                "CheckConstraint" => "ck",
                "ForeignKeyConstraint" => "fk",
                "PrimaryKeyConstraint" => "pk",
                _ => continue,
            }
            .to_owned(),
            _ => return Told::Unknown(why(heap, key)),
        };
        match heap.view(template) {
            View::Str(text) => {
                convention.templates.insert(key.into(), text.text().into());
            }
            // A function that makes a token: whoever uses the token finds it unknown.
            View::Function(_) | View::Bound(_) => {}
            _ => return Told::Unknown(why(heap, template)),
        }
    }
    if convention.templates.is_empty() {
        Told::Nothing
    } else {
        Told::Known(convention, value.span)
    }
}

/// Whether a call is one of SQLAlchemy's constructor of that name.
fn is(call: &Call, name: &str) -> bool {
    call.callee
        .as_symbol()
        .is_some_and(|symbol| symbol.path().starts_with("sqlalchemy") && symbol.name() == name)
}

/// The naming convention of a database made with Flask-SQLAlchemy here; `None` for anything else.
pub(super) fn flask_naming(heap: &Heap, value: &Value) -> Option<Told<NamingConvention>> {
    let View::Term(Term::Call(call)) = heap.view(value) else { return None };
    let symbol = call.callee.as_symbol()?;
    if symbol.name() != "SQLAlchemy" || !symbol.path().starts_with("flask_sqlalchemy") {
        return None;
    }
    Some(match holder(heap, value, 0) {
        Holder::Given(metadata) => naming(heap, &metadata),
        Holder::Own(_) => Told::Nothing,
        _ => Told::Unknown(Unknown { span: value.span, why: "its metadata is not known".into() }),
    })
}

/// What `object` is, as far as its metadata goes.
enum Holder {
    /// It is given this metadata.
    Given(Value),
    /// This object makes a metadata of its own.
    Own(Value),
    /// Each class that derives from it makes a metadata of its own.
    Fresh,
    /// `sqlmodel.SQLModel`: one for everybody.
    SqlModel,
    /// Nothing that has metadata; the next base may.
    None,
    /// Not known.
    Unknown,
}

impl Running<'_> {
    /// `Base.metadata`, `db.metadata`, `registry.metadata`; `None` where the object has none that
    /// is known here.
    pub(super) fn metadata_of(&mut self, heap: &mut Heap, object: &Value) -> Option<Value> {
        match holder(heap, object, 0) {
            Holder::Given(value) => Some(value),
            Holder::Own(owner) => {
                let id = owner.object()?;
                Some(self.own_metadata(heap, Some(id), owner.span))
            }
            Holder::SqlModel => Some(self.own_metadata(heap, None, object.span)),
            Holder::None | Holder::Fresh | Holder::Unknown => None,
        }
    }

    /// The one metadata that belongs to an object; of SQLModel without one.
    pub(super) fn own_metadata(
        &mut self,
        heap: &mut Heap,
        owner: Option<ObjectId>,
        span: Span,
    ) -> Value {
        if let Some(value) = self.metadata.get(&owner) {
            return value.clone();
        }
        let call = Call {
            callee: Value::symbol("sqlalchemy.MetaData", span),
            arguments: revline_python::value::Arguments::default(),
            assigned: Vec::new(),
        };
        let value = heap.term(Term::Call(call), span);
        self.metadata.insert(owner, value.clone());
        value
    }
}

fn holder(heap: &Heap, object: &Value, depth: usize) -> Holder {
    if depth > MOST_BASES {
        return Holder::Unknown;
    }
    match heap.view(object) {
        View::Symbol(symbol) => match symbol.path() {
            "sqlmodel.SQLModel" | "sqlmodel.main.SQLModel" => Holder::SqlModel,
            path if path.starts_with("sqlalchemy.orm")
                && matches!(symbol.name(), "DeclarativeBase" | "DeclarativeBaseNoMeta") =>
            {
                Holder::Fresh
            }
            path if path.starts_with("sqlalchemy") || path.starts_with("typing") => Holder::None,
            "builtins.object" | "abc.ABC" => Holder::None,
            _ => Holder::Unknown,
        },
        View::Class(class) => {
            let own = |name: &str| heap.scope(class.scope)?.names.get(name);
            if let Some(metadata) = own("metadata") {
                return Holder::Given(metadata.clone());
            }
            if let Some(registry) = own("registry") {
                return of_call(heap, registry, depth);
            }
            for base in &class.bases {
                match holder(heap, base, depth + 1) {
                    Holder::Fresh => return Holder::Own(object.clone()),
                    Holder::None => {}
                    found => return found,
                }
            }
            Holder::None
        }
        View::Term(_) => of_call(heap, object, depth),
        _ => Holder::Unknown,
    }
}

fn of_call(heap: &Heap, object: &Value, depth: usize) -> Holder {
    let View::Term(Term::Call(call)) = heap.view(object) else { return Holder::Unknown };
    if let Some((_, value)) = call.assigned.iter().rev().find(|(name, _)| &**name == "metadata") {
        return Holder::Given(value.clone());
    }
    if call.arguments.unknown.is_some() {
        return Holder::Unknown;
    }
    let given = |name: &str| {
        let keyword = call.arguments.keyword(name)?;
        (!keyword.value.is_none()).then_some(&keyword.value)
    };
    if let View::Term(Term::Attribute { object: registry, name }) = heap.view(&call.callee) {
        // `registry(…).generate_base()`.
        return match &**name {
            "generate_base" => of_call(heap, registry, depth + 1),
            _ => Holder::Unknown,
        };
    }
    let Some(symbol) = call.callee.as_symbol() else { return Holder::Unknown };
    let sqlalchemy = symbol.path().starts_with("sqlalchemy.");
    match symbol.name() {
        // Without a metadata these make one, whatever class they are given to start from.
        "declarative_base" if sqlalchemy => match given("metadata") {
            Some(metadata) => Holder::Given(metadata.clone()),
            None if call.arguments.positional.is_empty() => Holder::Own(object.clone()),
            None => Holder::Unknown,
        },
        "automap_base" if sqlalchemy => match (given("metadata"), given("declarative_base")) {
            (Some(metadata), _) => Holder::Given(metadata.clone()),
            (None, Some(base)) => holder(heap, base, depth + 1),
            (None, None) if call.arguments.positional.is_empty() => Holder::Own(object.clone()),
            (None, None) => Holder::Unknown,
        },
        "registry" if sqlalchemy => match given("metadata") {
            Some(metadata) => Holder::Given(metadata.clone()),
            None => Holder::Own(object.clone()),
        },
        "SQLAlchemy" if symbol.path().starts_with("flask_sqlalchemy") => {
            match (given("metadata"), given("model_class")) {
                (Some(metadata), _) => Holder::Given(metadata.clone()),
                (None, Some(class)) => match holder(heap, class, depth + 1) {
                    Holder::None | Holder::Fresh => Holder::Own(object.clone()),
                    found => found,
                },
                (None, None) => Holder::Own(object.clone()),
            }
        }
        _ => Holder::Unknown,
    }
}

/// Why the metadata of an object is not known.
pub(super) fn unknown_metadata(heap: &Heap, object: &Value) -> Arc<str> {
    match heap.view(object) {
        View::Unknown(unknown) => unknown.why.clone(),
        View::Class(class) => {
            let base = class.bases.iter().find_map(|base| heap.unknown(base));
            base.map_or_else(
                || format!("the metadata of `{}` is not known", class.name).into(),
                |base| base.why.clone(),
            )
        }
        _ => "the metadata is not understood".into(),
    }
}
