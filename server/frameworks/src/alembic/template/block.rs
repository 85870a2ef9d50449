//! The Python between `<%` and `%>`: imports, assignments of one name, and `if` around them.

use super::Problem;
use super::expression::{Expr, parse};

/// Deeper nesting is refused.
const DEEPEST: usize = 20;

#[derive(Clone, PartialEq, Debug)]
pub(super) enum Statement {
    Assign(String, Expr),
    /// A name that an import binds, and what it stands for.
    Import(String, String),
    /// The arms of an `if`; the last may have no test.
    If(Vec<(Option<Expr>, Vec<Statement>)>),
}

/// A line that may go over several, and how far it is indented.
struct Line {
    indent: usize,
    text: String,
}

/// The statements of a block.
pub(super) fn statements(source: &str) -> Result<Vec<Statement>, Problem> {
    let lines = logical_lines(source).into_iter().filter_map(|line| {
        let text = line.trim();
        let says = !text.is_empty() && !text.starts_with('#');
        says.then(|| Line { indent: line.len() - line.trim_start().len(), text: text.to_owned() })
    });
    let lines: Vec<Line> = lines.collect();
    let mut at = 0;
    let statements = suite(&lines, &mut at, 0)?;
    match lines.get(at) {
        None => Ok(statements),
        Some(line) => Err(Problem::new(format!("the indentation of `{}`", line.text))),
    }
}

/// Statements that are indented as the first of them.
fn suite(lines: &[Line], at: &mut usize, depth: usize) -> Result<Vec<Statement>, Problem> {
    if depth > DEEPEST {
        return Err(Problem::new("an `if` that nests too deeply"));
    }
    let mut out = Vec::new();
    let Some(first) = lines.get(*at) else { return Ok(out) };
    while let Some(line) = lines.get(*at).filter(|line| line.indent == first.indent) {
        *at += 1;
        match line.text.strip_prefix("if").filter(|rest| rest.starts_with([' ', '('])) {
            None => simple(&line.text, &mut out)?,
            Some(test) => {
                let mut arms = vec![arm(Some(test), lines, line, at, depth)?];
                while let Some(next) = lines.get(*at).filter(|next| next.indent == line.indent) {
                    let test = match next.text.strip_prefix("elif ") {
                        Some(test) => Some(test),
                        None if next.text.starts_with("else") => None,
                        None => break,
                    };
                    *at += 1;
                    arms.push(arm(test, lines, next, at, depth)?);
                    if test.is_none() {
                        break;
                    }
                }
                out.push(Statement::If(arms));
            }
        }
    }
    Ok(out)
}

/// One arm, whose head has been read.
fn arm(
    test: Option<&str>,
    lines: &[Line],
    head: &Line,
    at: &mut usize,
    depth: usize,
) -> Result<(Option<Expr>, Vec<Statement>), Problem> {
    let refuse = || Problem::new(format!("the Python statement `{}` in a block", head.text));
    let whole = test.unwrap_or_else(|| head.text.trim_start_matches("else"));
    let code = whole.split_once(" #").map_or(whole, |(code, _)| code).trim();
    let code = code.strip_suffix(':').ok_or_else(refuse)?;
    let test = match test {
        Some(_) => Some(parse(code)?),
        None if code.trim().is_empty() => None,
        None => return Err(refuse()),
    };
    match lines.get(*at) {
        Some(first) if first.indent > head.indent => Ok((test, suite(lines, at, depth + 1)?)),
        _ => Err(refuse()),
    }
}

fn simple(text: &str, out: &mut Vec<Statement>) -> Result<(), Problem> {
    let code = text.split_once(" #").map_or(text, |(code, _)| code).trim();
    if let Some(names) = code.strip_prefix("import ") {
        for name in names.split(',') {
            let (path, bound) = match name.split_once(" as ") {
                Some((path, bound)) => (path.trim(), bound.trim()),
                None => (name.trim(), name.trim().split('.').next().unwrap_or_default()),
            };
            out.push(Statement::Import(bound.to_owned(), path.to_owned()));
        }
    } else if let Some(rest) = code.strip_prefix("from ") {
        let (module, names) =
            rest.split_once(" import ").ok_or_else(|| Problem::new("an unusual import"))?;
        for name in names.trim().trim_start_matches('(').trim_end_matches(')').split(',') {
            let (name, bound) = name.split_once(" as ").unwrap_or((name, name));
            let path = format!("{}.{}", module.trim(), name.trim());
            out.push(Statement::Import(bound.trim().to_owned(), path));
        }
    } else if let Some((name, value)) = assignment(text) {
        out.push(Statement::Assign(name.to_owned(), parse(value)?));
    } else if code != "pass" {
        let first = text.split_whitespace().next().unwrap_or_default();
        return Err(Problem::new(format!("the Python statement `{first} …` in a block")));
    }
    Ok(())
}

fn assignment(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once('=')?;
    let name = name.trim();
    let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    (plain && !value.starts_with('=')).then_some((name, value))
}

/// Lines joined while brackets are open.
fn logical_lines(source: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut depth = 0_i64;
    for line in source.lines() {
        let step: i64 = line
            .chars()
            .map(|c| match c {
                '(' | '[' | '{' => 1,
                ')' | ']' | '}' => -1,
                _ => 0,
            })
            .sum();
        match out.last_mut() {
            Some(last) if depth > 0 => {
                last.push('\n');
                last.push_str(line);
            }
            _ => out.push(line.to_owned()),
        }
        depth += step;
    }
    out
}
