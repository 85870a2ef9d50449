//! Workspace edits, made on disk as an editor with the given capabilities would make them.
//!
//! What the editor did not say it can do is refused, and nothing is made then.

#![allow(clippy::disallowed_methods, reason = "a test's editor writes files")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

/// Makes the edit and returns the files that were written or renamed, in order.
pub fn apply(capabilities: &Value, edit: &Value) -> Result<Vec<PathBuf>, String> {
    let declared = &capabilities["workspace"]["workspaceEdit"];
    let can = |operation: &str| {
        declared["resourceOperations"]
            .as_array()
            .is_some_and(|all| all.iter().any(|one| one == operation))
    };
    let takes_documents = declared["documentChanges"] == true || can("create");
    let mut after: BTreeMap<PathBuf, Option<String>> = BTreeMap::new();
    let read = |after: &BTreeMap<PathBuf, Option<String>>, path: &PathBuf| match after.get(path) {
        Some(text) => text.clone(),
        None => std::fs::read_to_string(path).ok(),
    };
    if let Some(changes) = edit["changes"].as_object() {
        for (uri, edits) in changes {
            let path = path(uri)?;
            let text = read(&after, &path).unwrap_or_default();
            after.insert(path, Some(edited(&text, edits)?));
        }
    }
    let operations = edit["documentChanges"].as_array().cloned().unwrap_or_default();
    if !operations.is_empty() && !takes_documents {
        return Err("documentChanges was not declared".to_owned());
    }
    for operation in &operations {
        let uri = |key: &str| path(operation[key].as_str().unwrap_or_default());
        match operation["kind"].as_str() {
            None => {
                let document = &operation["textDocument"]["uri"];
                let path = path(document.as_str().unwrap_or_default())?;
                let text = read(&after, &path).unwrap_or_default();
                after.insert(path, Some(edited(&text, &operation["edits"])?));
            }
            Some("create") if can("create") => {
                let path = uri("uri")?;
                if read(&after, &path).is_some() {
                    return Err(format!("{} is there already", path.display()));
                }
                after.insert(path, Some(String::new()));
            }
            Some("rename") if can("rename") => {
                let (old, new) = (uri("oldUri")?, uri("newUri")?);
                let text = read(&after, &old).ok_or("what is renamed is not there")?;
                after.insert(old, None);
                after.insert(new, Some(text));
            }
            Some(other) => return Err(format!("the operation {other} was not declared")),
        }
    }
    for (path, text) in &after {
        let done = match text {
            Some(text) => std::fs::write(path, text),
            None => std::fs::remove_file(path),
        };
        done.map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(after.into_keys().collect())
}

/// The path of a `file:` URI.
pub fn path(uri: &str) -> Result<PathBuf, String> {
    let rest = uri.strip_prefix("file://").ok_or_else(|| format!("{uri} is no file"))?;
    let mut bytes = Vec::new();
    let mut left = rest.as_bytes();
    while let Some((first, rest)) = left.split_first() {
        let code = rest.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                left = rest.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                left = rest;
            }
        }
    }
    String::from_utf8(bytes).map(PathBuf::from).map_err(|error| error.to_string())
}

/// The text after edits whose columns count UTF-16 in ASCII lines, which every encoding counts alike.
fn edited(text: &str, edits: &Value) -> Result<String, String> {
    let offset = |position: &Value| -> Result<usize, String> {
        let number = |key: &str| position[key].as_u64().and_then(|n| usize::try_from(n).ok());
        let (line, column) =
            (number("line").ok_or("no line")?, number("character").ok_or("no column")?);
        let mut start = 0;
        for _ in 0..line {
            let rest = text.get(start..).unwrap_or_default();
            start += rest.find('\n').ok_or_else(|| format!("there is no line {line}"))? + 1;
        }
        let rest = text.get(start..).unwrap_or_default();
        let rest = rest.split('\n').next().unwrap_or_default();
        if !rest.is_ascii() && column > 0 {
            return Err(format!("line {line} is not ASCII"));
        }
        if column > rest.len() {
            Err(format!("line {line} has no column {column}"))
        } else {
            Ok(start + column)
        }
    };
    let mut parts = Vec::new();
    for edit in edits.as_array().ok_or("no edits")? {
        let range = &edit["range"];
        let new = edit["newText"].as_str().ok_or("no text")?;
        parts.push((offset(&range["start"])?, offset(&range["end"])?, new));
    }
    parts.sort_by_key(|(start, end, _)| (*start, *end));
    let mut after = String::new();
    let mut done = 0;
    for (start, end, new) in parts {
        after.push_str(text.get(done..start).ok_or("edits overlap")?);
        after.push_str(new);
        done = end;
    }
    after.push_str(text.get(done..).ok_or("an edit ends outside")?);
    Ok(after)
}
