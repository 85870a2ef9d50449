//! What a Flask application hands to Alembic through Flask-Migrate: the keywords of `Migrate(…)` and of its
//! `init_app(…)`, which `env.py` passes on to `context.configure` as `configure_args`.
//!
//! Calls are read where they are written, in any function; no application is started. What is not written there
//! plainly is not known. The names of the keywords are those of Flask-Migrate 4.1.

use std::collections::BTreeSet;
use std::sync::Arc;

use revline_python::Source;
use revline_python::syntax::ast::{Arg, ExprKind, StmtKind};
use revline_text::{FileId, Range, Span};

use super::migration::Unknown;

/// A keyword that the application passes on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Passed {
    /// Its name.
    pub name: Arc<str>,
    /// What it is.
    pub value: Literal,
    /// Where it stands.
    pub span: Span,
}

/// The value of a keyword.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Literal {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// A string.
    Text(String),
    /// Anything else.
    Other,
}

/// The parameters of `Migrate` and `init_app` that stay with Flask-Migrate.
const OWN: [&str; 4] = ["app", "db", "directory", "command"];

/// Names by which a module may change what is passed on, after it was.
const CHANGED_BY: [&str; 2] = ["configure_args", "alembic_ctx_kwargs"];

/// Whether a module may have a say. `env.py` itself names `configure_args` and is no such module.
pub fn has_a_say(text: &str) -> bool {
    text.contains("flask_migrate") || text.contains("init_app(") || changes(text)
}

fn changes(text: &str) -> bool {
    CHANGED_BY.iter().any(|name| text.contains(name))
}

/// What the modules of an application pass on, each name once.
///
/// # Errors
/// Why that is not known: no module makes a `Migrate(…)`, a call has `**keywords`, a module changes what was passed, or
/// two calls say different things.
pub fn passed(modules: &[Arc<Source>], env_py: Span) -> Result<Vec<Passed>, Unknown> {
    let unknown = |span: Span, why: &str| Unknown { span, why: why.into() };
    let mut objects = BTreeSet::new();
    let mut makes = Vec::new();
    for source in modules {
        if let Some(at) = CHANGED_BY.iter().find_map(|name| source.text.find(name)) {
            let span = source.at(Range::of(at, at));
            return Err(unknown(
                span,
                "a module of the application changes what Flask-Migrate passes on",
            ));
        }
        let names: Vec<String> = source
            .imports()
            .iter()
            .filter_map(|import| match import.path.as_str() {
                "flask_migrate.Migrate" => Some(import.binds.to_string()),
                "flask_migrate" => Some(format!("{}.Migrate", import.binds)),
                _ => None,
            })
            .collect();
        for (callee, range) in source.calls(source.span().range) {
            if names.contains(&callee) {
                objects.extend(bound(&source.text, range));
                makes.push((source, range));
            }
        }
    }
    if makes.is_empty() {
        return Err(unknown(
            env_py,
            "no module of the project makes the `Migrate(…)` of Flask-Migrate",
        ));
    }
    let mut found: Vec<Passed> = Vec::new();
    for (source, range) in makes {
        add(&mut found, source, range, true)?;
    }
    for source in modules {
        for (callee, range) in source.calls(source.span().range) {
            let Some(object) = callee.strip_suffix(".init_app") else { continue };
            let object = object.rsplit('.').next().unwrap_or_default();
            add(&mut found, source, range, objects.contains(object))?;
        }
    }
    Ok(found)
}

/// The name that a call's value is bound to: `migrate = Migrate(…)`, `self.migrate = …`, `migrate: Migrate = …`.
fn bound(text: &str, call: Range) -> Option<String> {
    let before = text.get(..call.start() as usize)?;
    let line = before.rsplit('\n').next()?;
    let target = line.trim_end().strip_suffix('=')?.split(':').next()?.trim();
    let name = target.rsplit('.').next()?;
    let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    plain.then(|| name.to_owned())
}

/// Keywords of `context.configure` that an `init_app` of another extension does not have.
const ALEMBICS: [&str; 9] = [
    "version_table",
    "version_table_schema",
    "version_table_pk",
    "transaction_per_migration",
    "transactional_ddl",
    "render_as_batch",
    "dialect_name",
    "dialect_opts",
    "literal_binds",
];

/// Adds the keywords of a call. Where it is not certain that the call is Flask-Migrate's, those alone that nobody else
/// takes.
fn add(
    found: &mut Vec<Passed>,
    source: &Source,
    call: Range,
    is_sure: bool,
) -> Result<(), Unknown> {
    let Some(text) = call.slice(&source.text) else { return Ok(()) };
    let alone = Source::parse(FileId(u32::MAX), text.into());
    let arguments = match alone.module().first().map(|statement| &statement.kind) {
        Some(StmtKind::Expr(expr)) => match &expr.kind {
            ExprKind::Call { arguments, .. } => arguments,
            _ => return Ok(()),
        },
        _ => return Ok(()),
    };
    for argument in arguments {
        match argument {
            Arg::Positional(_) => {}
            Arg::Keyword { name, name_range, value } => {
                let is_own = OWN.contains(&&**name);
                if is_own || !is_sure && !ALEMBICS.contains(&&**name) {
                    continue;
                }
                let start = call.start() + name_range.start();
                let span =
                    source.at(Range::of(start as usize, (start + name_range.len()) as usize));
                let value = match &value.kind {
                    ExprKind::None => Literal::None,
                    ExprKind::True => Literal::Bool(true),
                    ExprKind::False => Literal::Bool(false),
                    ExprKind::Str(text) => Literal::Text(text.text().to_owned()),
                    _ => Literal::Other,
                };
                match found.iter().find(|known| known.name == *name) {
                    None => found.push(Passed { name: name.clone(), value, span }),
                    Some(known) if known.value == value => {}
                    Some(_) => {
                        let why = format!(
                            "the application passes `{name}` to Flask-Migrate in several ways"
                        );
                        return Err(Unknown { span, why: why.into() });
                    }
                }
            }
            Arg::Star(_) | Arg::StarStar(_) if is_sure => {
                let why =
                    "the application passes arguments to Flask-Migrate that are not written there";
                return Err(Unknown { span: source.at(call), why: why.into() });
            }
            Arg::Star(_) | Arg::StarStar(_) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(modules: &[&str], expected: &str) {
        let sources: Vec<Arc<Source>> = (0..)
            .zip(modules)
            .map(|(number, text)| Arc::new(Source::parse(FileId(number), (*text).into())))
            .collect();
        let nowhere = Span::new(FileId(9), Range::empty(0));
        let said = match passed(&sources, nowhere) {
            Ok(found) => {
                let each = found.iter().map(|one| {
                    let place = one.span.range.slice(modules[one.span.file.0 as usize]);
                    assert_eq!(place, Some(&*one.name));
                    format!("{}={:?}", one.name, one.value)
                });
                each.collect::<Vec<_>>().join(" ")
            }
            Err(unknown) => format!("? {}: {}", unknown.span.file.0, unknown.why),
        };
        assert_eq!(said, expected);
    }

    #[test]
    fn keywords_are_read_where_they_are_written() {
        let make = "from flask_migrate import Migrate\nmigrate = Migrate()\n";
        check(&[make, "def create_app():\n    migrate.init_app(app, db, 'migrations')\n"], "");
        check(
            &[
                make,
                "def create_app():\n    ext.migrate.init_app(app, db=db, version_table='v', include_schemas=True)\n",
            ],
            "version_table=Text(\"v\") include_schemas=Bool(true)",
        );
        check(
            &[
                "import flask_migrate as fm\nm = fm.Migrate(app, db, directory='m', version_table=None)\n",
            ],
            "version_table=None",
        );
        // Another extension's; and one that may be Flask-Migrate's under another name.
        check(&[make, "cache.init_app(app, config={})\nmigration.init_app(app, **more)\n"], "");
        check(&[make, "migration.init_app(app, db, version_table=NAME)\n"], "version_table=Other");
    }

    #[test]
    fn what_is_not_written_plainly_is_not_known() {
        check(
            &["x = 1\n"],
            "? 9: no module of the project makes the `Migrate(…)` of Flask-Migrate",
        );
        let make = "from flask_migrate import Migrate\nclass A:\n    def f(self):\n        self.migrate = Migrate()\n";
        check(
            &[make, "migrate.init_app(app, **options)"],
            "? 1: the application passes arguments to Flask-Migrate that are not written there",
        );
        check(
            &[
                make,
                "a.migrate.init_app(x, version_table='a')\nb.migrate.init_app(y, version_table='b')",
            ],
            "? 1: the application passes `version_table` to Flask-Migrate in several ways",
        );
        check(
            &[make, "migrate.alembic_ctx_kwargs['version_table'] = 'x'\n"],
            "? 1: a module of the application changes what Flask-Migrate passes on",
        );
    }
}
