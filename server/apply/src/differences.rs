//! What the project's own Alembic finds different between the models and the database: asked for
//! alone (`alembic check`), or written as a new revision (`alembic revision --autogenerate`).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use revline_analysis::{Difference, Snapshot};
use revline_text::{Fingerprint, Range, Span};

use crate::event::{Event, Failure, Hear};
use crate::run::Run;

/// The word that `drift.py` begins its lines with.
const MARK: &str = "revline-difference\t";

/// What Alembic's own sentence begins with where it finds something.
const DETECTED: &str = "New upgrade operations detected: ";

/// What came of `revision --autogenerate`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Generated {
    /// The files that are there now and were not before.
    pub files: Vec<PathBuf>,
    /// What was detected.
    pub differences: Vec<Difference>,
}

/// Compares the models with the database; nothing is written, but that Alembic makes its version table
/// where there is none. The lock has to be held by the caller.
///
/// # Errors
/// [`Failure`], where Alembic could not compare.
pub async fn differences(run: &Run<'_>, hear: Hear<'_>) -> Result<Vec<Difference>, Failure> {
    let mut found = Vec::new();
    let outcome = listen(run, &["check".to_owned()], &mut found, hear).await;
    match outcome {
        Ok(()) => Ok(found),
        Err(_) if !found.is_empty() => Ok(found),
        // A wrapper tells the sentence alone.
        Err(failure) => match failure.message.split_once(DETECTED) {
            Some((_, all)) => Ok(vec![Difference {
                place: None,
                short: all.to_owned(),
                message: format!("The models and the database differ: {all}"),
            }]),
            None => Err(failure),
        },
    }
}

/// Writes the revision that the models ask for. The lock has to be held by the caller.
///
/// # Errors
/// [`Failure`], as Alembic has it.
pub async fn generate(run: &Run<'_>, message: &str, hear: Hear<'_>) -> Result<Generated, Failure> {
    let words = ["revision", "--autogenerate", "-m", message].map(str::to_owned);
    let own = |path: &PathBuf| {
        run.project.environment.version_dirs.iter().any(|folder| path.starts_with(folder))
    };
    let before: BTreeSet<PathBuf> = run.snapshot.paths_on_disk().into_iter().collect();
    let mut differences = Vec::new();
    listen(run, &words, &mut differences, hear).await?;
    let after = run.snapshot.paths_on_disk();
    let files = after.into_iter().filter(|path| own(path) && !before.contains(path)).collect();
    Ok(Generated { files, differences })
}

/// How many differences are named in a sentence.
const NAMED: usize = 4;

/// Differences in a sentence: the first of them, and how many more.
pub fn named(differences: &[Difference]) -> String {
    let mut names: Vec<&str> =
        differences.iter().take(NAMED).map(|one| one.short.as_str()).collect();
    let more = format!("{} more", differences.len().saturating_sub(NAMED));
    if differences.len() > NAMED {
        names.push(&more);
    }
    names.join(", ")
}

/// Runs a command of Alembic that compares, and adds to `found` what it finds different, whether or
/// not it ends well. The lock has to be held by the caller.
///
/// # Errors
/// [`Failure`], as Alembic has it.
pub async fn listen(
    run: &Run<'_>,
    words: &[String],
    found: &mut Vec<Difference>,
    hear: Hear<'_>,
) -> Result<(), Failure> {
    let mut take = |event| match &event {
        Event::Said(line) => match line.strip_prefix(MARK) {
            Some(cells) => found.extend(difference(run.snapshot, cells)),
            None => hear(event),
        },
        _ => hear(event),
    };
    run.child(words, true, &mut take).await.map(|_| ())
}

fn difference(snapshot: &Snapshot, cells: &str) -> Option<Difference> {
    let cells: Vec<&str> = cells.split('\t').collect();
    let [kind, schema, table, name, before, after, path, line] = cells.as_slice() else {
        return None;
    };
    let table = match *schema {
        "" => (*table).to_owned(),
        schema => format!("{schema}.{table}"),
    };
    let (what, of) = match kind.split_once('_')?.1 {
        "table" => ("table", format!("`{table}`")),
        "column" => ("column", format!("`{table}.{name}`")),
        "index" if name.is_empty() => ("index", format!("without a name on `{table}`")),
        "index" => ("index", format!("`{name}` on `{table}`")),
        "fk" if name.is_empty() => ("foreign key", format!("without a name on `{table}`")),
        "fk" => ("foreign key", format!("`{name}` on `{table}`")),
        "constraint" if name.is_empty() => ("constraint", format!("without a name on `{table}`")),
        "constraint" => ("constraint", format!("`{name}` on `{table}`")),
        "table_comment" => ("comment", format!("of the table `{table}`")),
        other => (other, format!("of `{table}.{name}`")),
    };
    let what = what.replace('_', " ");
    let (short, message) = if kind.starts_with("add_") {
        (format!("{what} {of} added"), format!("The {what} {of} is not in the database."))
    } else if kind.starts_with("remove_") {
        (
            format!("{what} {of} dropped"),
            format!("The database has a {what} {of} that no model declares."),
        )
    } else {
        let states = format!("`{before}` in the database and `{after}` in the models");
        (format!("{what} {of} changed"), format!("The {what} {of} is {states}."))
    };
    Some(Difference { place: place(snapshot, path, line), short, message })
}

/// The line of a file of the workspace, and the identity of its text.
fn place(snapshot: &Snapshot, path: &str, line: &str) -> Option<(Span, Fingerprint)> {
    let disk = snapshot.files().disk();
    let real = disk.real_path(Path::new(path)).ok()?;
    // As the editor calls it, which may have opened the folder by a link.
    let below =
        |root: &PathBuf| Some(root.join(real.strip_prefix(disk.real_path(root).ok()?).ok()?));
    let path = snapshot.workspace().roots.iter().find_map(below)?;
    let file = snapshot.files().id(&path);
    let text = snapshot.text(file)?;
    // Python has read what is saved.
    if disk.read(&path).ok()? != text.as_str().as_bytes() {
        return None;
    }
    let range = text.line_range(line.parse::<u32>().ok()?.checked_sub(1)?)?;
    let content = range.slice(text.as_str())?;
    let start = range.start() as usize + content.len() - content.trim_start().len();
    let range = Range::of(start, start + content.trim().len());
    Some((Span::new(file, range), text.fingerprint()))
}
