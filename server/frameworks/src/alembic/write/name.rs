//! File names: slug, `file_template`, and new names after a change of id.

use std::path::{Path, PathBuf};

use super::{ExistingFile, WriteError};
use crate::alembic::percent::{Argument, named};
use crate::alembic::template::CreateDate;

/// The name of a file where none is configured.
pub const FILE_TEMPLATE: &str = "%(rev)s_%(slug)s";

/// The words of a message in lower case between underscores, cut to `length` characters: the last
/// word that does not fit whole goes, and an underscore stands at the end.
pub fn slug(message: Option<&str>, length: i64) -> String {
    let mut slug = String::new();
    let mut inside = false;
    for c in message.unwrap_or_default().chars() {
        if is_word(c) {
            if !inside && !slug.is_empty() {
                slug.push('_');
            }
            slug.push(c);
        }
        inside = is_word(c);
    }
    let slug = lower(&slug);
    let count = i64::try_from(slug.chars().count()).unwrap_or(i64::MAX);
    if count <= length {
        return slug;
    }
    // A negative length counts from the end, as in Python.
    let keep = if length < 0 { count.saturating_add(length).max(0) } else { length };
    let cut: String = slug.chars().take(usize::try_from(keep).unwrap_or(0)).collect();
    let whole = cut.rsplit_once('_').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{whole}_")
}

/// Python's `\w`: letters and numbers of any script, and the underscore; no combining marks.
fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric() && !is_mark(c)
}

/// Rust counts letters-like marks (`Other_Alphabetic`) as alphabetic, Python does not.
fn is_mark(c: char) -> bool {
    if c.is_ascii() {
        return false;
    }
    static MARKS: std::sync::OnceLock<Option<regex::Regex>> = std::sync::OnceLock::new();
    let marks = MARKS
        .get_or_init(|| regex::Regex::new(r"^[\p{M}\x{24b6}-\x{24e9}\x{1f130}-\x{1f189}]$").ok());
    let mut buffer = [0; 4];
    marks.as_ref().is_some_and(|marks| marks.is_match(c.encode_utf8(&mut buffer)))
}

fn lower(text: &str) -> String {
    text.to_lowercase()
}

/// The file's name by the template, `/` allowed, with `.py`. `tail` is put behind the slug.
pub fn file_name(
    template: &str,
    id: &str,
    message: Option<&str>,
    tail: &str,
    slug_length: i64,
    date: &CreateDate,
) -> Result<String, WriteError> {
    let slug = slug(message, slug_length);
    let moment = date.moment.datetime();
    let name = named(template, |key| {
        Some(match key {
            "rev" => Argument::Str(id.to_owned()),
            "slug" => Argument::Str(format!("{slug}{tail}")),
            "epoch" => Argument::Int(date.moment.timestamp().as_second()),
            "year" => Argument::Int(moment.year().into()),
            "month" => Argument::Int(moment.month().into()),
            "day" => Argument::Int(moment.day().into()),
            "hour" => Argument::Int(moment.hour().into()),
            "minute" => Argument::Int(moment.minute().into()),
            "second" => Argument::Int(moment.second().into()),
            _ => return None,
        })
    });
    match name {
        Ok(name) => Ok(format!("{name}.py")),
        Err(error) => Err(WriteError(format!("file_template: {}", error.message))),
    }
}

/// Whether the project's files are named by their ids alone.
pub(super) fn only_ids(existing: &[ExistingFile]) -> bool {
    let stem =
        |file: &ExistingFile| file.path.file_stem().is_some_and(|stem| stem == file.id.as_str());
    let count = existing.iter().filter(|file| stem(file)).count();
    count >= 2 && count * 5 >= existing.len() * 4
}

/// The file's path after a change of its id, where its name holds the id as a whole word.
pub fn renamed(path: &Path, old: &str, new: &str) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let stem = name.strip_suffix(".py")?;
    let edges = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let (at, _) = stem.match_indices(old).find(|(at, found)| {
        edges(stem.get(..*at).and_then(|before| before.chars().next_back()))
            && edges(stem.get(at + found.len()..).and_then(|after| after.chars().next()))
    })?;
    let before = stem.get(..at)?;
    let after = stem.get(at + old.len()..)?;
    if old.is_empty() || new.contains(['/', '\\']) {
        return None;
    }
    Some(path.with_file_name(format!("{before}{new}{after}.py")))
}
