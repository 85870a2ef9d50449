//! New revision files and edits of existing ones, as text.
//!
//! A new file is what Alembic 1.20.1 writes for the same inputs, byte for byte, from the project's
//! own template. Two things are Revline's: an id is made by the project's habit where none is
//! given, and a name that is taken is never taken again. Nothing is written to the disk here, and
//! no hook is run.

mod date;
mod edit;
mod habit;
mod name;
mod own;

use std::fmt;
use std::path::{Path, PathBuf};

use jiff::Zoned;
use revline_vfs::{Files, normalize};

pub use date::create_date;
pub use edit::{Repoint, replace_id, replace_parent, repoint};
pub use habit::{Habit, detect};
pub use name::{FILE_TEMPLATE, file_name, renamed, slug};

use super::config::{Config, Hook};
use super::environment::Environment;
use super::percent::repr;
use super::template::{Context, CreateDate, Ids, STANDARD, render};

/// What a person asks for.
#[derive(Clone, Debug)]
pub struct NewRevision {
    /// `-m`; Alembic writes `empty message` where there is none.
    pub message: Option<String>,
    /// `--rev-id`; else the project's habit decides.
    pub rev_id: Option<String>,
    /// The ids of the parents, resolved, in their order; none for a base.
    pub down: Vec<String>,
    /// Ids or labels that it depends on, resolved.
    pub depends_on: Vec<String>,
    /// Branch labels.
    pub labels: Vec<String>,
    /// `--version-path`, absolute.
    pub version_path: Option<PathBuf>,
    /// The body of `upgrade`, its lines indented from the second on; `pass` where there is none.
    pub upgrades: Option<String>,
    /// The body of `downgrade`.
    pub downgrades: Option<String>,
    /// Import lines of the bodies.
    pub imports: Option<String>,
    /// The current moment, in the time zone of the machine.
    pub now: Zoned,
    /// Twelve random digits in hexadecimal: the id where the project has no other habit.
    pub random_id: String,
}

/// A revision file that is there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExistingFile {
    /// Its id.
    pub id: String,
    /// Its absolute path.
    pub path: PathBuf,
    /// `Create Date:` as written.
    pub created: Option<String>,
}

/// A file to write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewFile {
    /// Its id.
    pub id: String,
    /// Where it goes, absolute; its folder may not be there yet.
    pub path: PathBuf,
    /// Its content.
    pub text: String,
    /// What a person should know, such as a template that could not be used.
    pub notes: Vec<String>,
    /// What the project runs on each new file, in order. Nobody has run it yet.
    pub hooks: Vec<Hook>,
}

impl NewFile {
    /// The notes, and the hooks by their names, for whoever does not run them.
    pub fn told(&self) -> Vec<String> {
        let mut notes = self.notes.clone();
        if !self.hooks.is_empty() {
            let names: Vec<&str> = self.hooks.iter().map(|h| h.name.text.as_str()).collect();
            notes.push(format!("post_write_hooks were not run: {}", names.join(", ")));
        }
        notes
    }
}

/// Why there is no new file, in Alembic's words where it has them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WriteError(pub String);

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WriteError {}

/// The message of a merge where none is given: `merge a and b`, `merge a, b and c`.
pub fn merge_message(ids: &[String]) -> String {
    match ids {
        [] => "merge".to_owned(),
        [one] => format!("merge {one}"),
        [first @ .., last] => format!("merge {} and {last}", first.join(", ")),
    }
}

/// Makes a revision file. Whether the parents are heads (`--splice`) is the caller's question.
pub fn new_revision(
    request: &NewRevision,
    files: &Files,
    environment: &Environment,
    config: &Config,
    existing: &[ExistingFile],
) -> Result<NewFile, WriteError> {
    let mut notes = Vec::new();
    let date = create_date(&request.now, config.timezone.as_ref().map(|s| s.value.as_str()))?;
    let message = request.message.as_deref();
    let id = match &request.rev_id {
        Some(id) => {
            verify(id)?;
            if existing.iter().any(|file| file.id == *id) {
                return Err(WriteError(format!("Revision {id} is present more than once")));
            }
            id.clone()
        }
        None => {
            let habit = detect(existing);
            let slug = slug(message, config.slug_length());
            habit.next(existing, &date, &slug, &request.random_id)
        }
    };
    if id.chars().count() > 32 {
        notes.push(format!("the id {id} is longer than the 32 characters of the version table"));
    }
    let folder = version_folder(request, environment, existing)?;
    let template = config.file_template.as_ref().map_or(FILE_TEMPLATE, |s| s.value.as_str());
    let template = if config.file_template.is_none() && name::only_ids(existing) {
        "%(rev)s"
    } else {
        template
    };
    let path = free_path(files, existing, &folder, |tail| {
        file_name(template, &id, message, tail, config.slug_length(), &date)
    })?;
    let text = text(request, files, environment, config, existing, (&id, &date), &mut notes)?;
    if config.revision_environment.as_ref().is_some_and(|setting| setting.value) {
        notes.push("revision_environment is on, and env.py was not run".to_owned());
    }
    if let Some(encoding) = &config.output_encoding
        && !matches!(encoding.value.to_lowercase().replace('_', "-").as_str(), "utf-8" | "utf8")
        && !text.is_ascii()
    {
        notes.push(format!("output_encoding is {}; the file is written as UTF-8", encoding.value));
    }
    Ok(NewFile { id, path, text, notes, hooks: config.post_write_hooks.clone() })
}

fn verify(id: &str) -> Result<(), WriteError> {
    let mut illegal: Vec<char> =
        id.chars().filter(|c| matches!(c, '@' | '-' | '+' | ':')).collect();
    illegal.sort_unstable();
    illegal.dedup();
    if illegal.is_empty() {
        return Ok(());
    }
    let list: Vec<String> = illegal.iter().map(char::to_string).collect();
    Err(WriteError(format!(
        "Character(s) '{}' not allowed in revision identifier '{id}'",
        list.join(", ")
    )))
}

/// The folder that Alembic puts the file into: the only one, the named one, else the first
/// parent's.
fn version_folder(
    request: &NewRevision,
    environment: &Environment,
    existing: &[ExistingFile],
) -> Result<PathBuf, WriteError> {
    let folders = &environment.version_dirs;
    let folder = match (&request.version_path, folders.as_slice()) {
        (Some(path), _) => path.clone(),
        (None, [only]) => only.clone(),
        (None, _) => {
            let parent = request.down.iter().find_map(|id| {
                existing.iter().find(|file| file.id == *id)?.path.parent().map(Path::to_path_buf)
            });
            parent.ok_or_else(|| {
                WriteError(
                    "Multiple version locations present, please specify --version-path".to_owned(),
                )
            })?
        }
    };
    let wanted = normalize(&folder);
    if folders.iter().any(|known| normalize(known) == wanted) {
        return Ok(wanted);
    }
    Err(WriteError(format!(
        "Path {} is not represented in current version locations",
        folder.display()
    )))
}

/// A path that no file has: the name that Alembic would give, else one with a number at the end of
/// its slug. Alembic would overwrite the file.
fn free_path(
    files: &Files,
    existing: &[ExistingFile],
    folder: &Path,
    name: impl Fn(&str) -> Result<String, WriteError>,
) -> Result<PathBuf, WriteError> {
    let taken = |path: &Path| {
        existing.iter().any(|file| file.path == path) || files.disk().kind(path).is_some()
    };
    let first = name("")?;
    let path = normalize(&folder.join(&first));
    if !path.starts_with(folder) {
        return Err(WriteError(format!("file_template leads out of the version folder: {first}")));
    }
    if !taken(&path) {
        return Ok(path);
    }
    for number in 2..1_000 {
        let tail = format!("_{number}");
        let with_slug = name(&tail)?;
        let with_slug = if with_slug == first {
            format!("{}{tail}.py", first.strip_suffix(".py").unwrap_or(&first))
        } else {
            with_slug
        };
        let path = normalize(&folder.join(with_slug));
        if !taken(&path) {
            return Ok(path);
        }
    }
    Err(WriteError(format!("no free name for {}", path.display())))
}

fn text(
    request: &NewRevision,
    files: &Files,
    environment: &Environment,
    config: &Config,
    existing: &[ExistingFile],
    (id, date): (&str, &CreateDate),
    notes: &mut Vec<String>,
) -> Result<String, WriteError> {
    let mut context = Context::new(&config.options, &config.section);
    let message = request.message.as_deref().unwrap_or("empty message");
    if message.contains("\"\"\"") || message.contains('\\') || message.ends_with('"') {
        notes.push(
            "the message holds quotes or backslashes that the docstring will not keep".to_owned(),
        );
    }
    context.text("message", message);
    context.text("up_revision", id);
    context.ids("down_revision", &scalar(&request.down, Ids::Tuple));
    context.ids("depends_on", &scalar(&request.depends_on, Ids::List));
    let labels =
        if request.labels.is_empty() { Ids::None } else { Ids::Tuple(request.labels.clone()) };
    context.ids("branch_labels", &labels);
    context.date("create_date", date);
    for (name, text) in [
        ("upgrades", &request.upgrades),
        ("downgrades", &request.downgrades),
        ("imports", &request.imports),
    ] {
        if let Some(text) = text {
            context.text(name, text);
        }
    }
    let own = environment.template.as_deref();
    let rendered = match own.map(|path| (path, files.text(files.id(path)))) {
        Some((path, Ok(template))) => match own::render(
            template.as_str(),
            &mut context,
            files,
            own::before(request, existing),
            notes,
        ) {
            Ok(text) => Some(text),
            Err(error) if own::takes_arguments(template.as_str()) => {
                return Err(WriteError(format!(
                    "{}, {error}, and its upgrade() takes arguments, which that of the standard template does not: \
                     let the project's own tool write this revision",
                    path.display()
                )));
            }
            Err(error) => {
                notes.push(format!("{}, {error}; the standard template was taken", path.display()));
                None
            }
        },
        Some((path, Err(error))) => {
            notes.push(format!("{}: {error}; the standard template was taken", path.display()));
            None
        }
        None => {
            let folder = environment.script_location.display();
            notes.push(format!("{folder} has no script.py.mako; the standard template was taken"));
            None
        }
    };
    let text = rendered.unwrap_or_else(|| render(STANDARD, &context).unwrap_or_default());
    // The file must be a revision with these ids, whatever a template makes of them.
    if !text.contains(&repr(id)) && !text.contains(&format!("\"{id}\"")) {
        notes.push("the template does not write the revision's id".to_owned());
    }
    if !request.labels.is_empty() && !text.contains("branch_labels") {
        notes.push(format!(
            "Version {id} specified branch_labels {}, however the migration file does not have them; \
             have you upgraded your script.py.mako to include the 'branch_labels' section?",
            request.labels.join(", ")
        ));
    }
    Ok(text)
}

fn scalar(ids: &[String], several: impl Fn(Vec<String>) -> Ids) -> Ids {
    match ids {
        [] => Ids::None,
        [one] => Ids::One(one.clone()),
        more => several(more.to_vec()),
    }
}

#[cfg(test)]
mod tests;
