//! The project's own template, with what it asks a running Flask application taken from the revision before.

use revline_python::Source;
use revline_vfs::Files;

use super::{ExistingFile, NewRevision};
use crate::alembic::template::{self, Context, TemplateError};

/// The revision that a new one is likest: its first parent, else the newest one.
pub(super) fn before<'a>(
    request: &NewRevision,
    existing: &'a [ExistingFile],
) -> Option<&'a ExistingFile> {
    match request.down.first() {
        Some(parent) => existing.iter().find(|file| file.id == *parent),
        None => existing.last(),
    }
}

/// Renders a template. Where it asks a Flask application for its databases, as Flask-Migrate's for several databases
/// does, they are those that the revision before has functions for, and a note says so.
pub(super) fn render(
    template: &str,
    context: &mut Context<'_>,
    files: &Files,
    before: Option<&ExistingFile>,
    notes: &mut Vec<String>,
) -> Result<String, TemplateError> {
    let binds = match before {
        Some(before) if template.contains("SQLALCHEMY_BINDS") => {
            binds(files, before).map(|names| (before, names))
        }
        _ => None,
    };
    let Some((before, names)) = binds else { return template::render(template, context) };
    context.binds(names.clone());
    let text = template::render(template, context)?;
    let named = match names.as_slice() {
        [] => "the main one alone".to_owned(),
        names => format!("the main one, {}", names.join(", ")),
    };
    notes.push(format!(
        "the template asks the running application for its databases; taken from {}: {named}",
        before.id
    ));
    Ok(text)
}

/// The databases beside the main one that a revision has functions for, in their order; `None` where it has none for
/// the main one.
fn binds(files: &Files, before: &ExistingFile) -> Option<Vec<String>> {
    let file = files.id(&before.path);
    let text = files.text(file).ok()?;
    let source = Source::parse(file, text.as_str().into());
    let functions = source.functions();
    let mut names: Vec<String> = functions
        .iter()
        .filter_map(|function| function.name.strip_prefix("upgrade_").map(str::to_owned))
        .collect();
    let main = names.iter().position(String::is_empty)?;
    names.remove(main);
    Some(names)
}

/// Whether the `upgrade` that a template writes takes arguments: `env.py` then hands some over.
pub(super) fn takes_arguments(template: &str) -> bool {
    let after = template.split("def upgrade(").nth(1).unwrap_or(")");
    !after.trim_start().starts_with(')')
}
