//! The header from the tree.

use std::sync::OnceLock;

use revline_text::Range;
use tree_sitter::{Node, Query, QueryCursor, QueryMatch, StreamingIterator};

use super::read::{MOST_LEVELS, named};
use super::scan::MOST_ENTRIES;
use super::{Docstring, Header, HeaderEntry, HeaderText, HeaderValue, docstring};
use crate::syntax::Source;
use crate::syntax::ast::ExprKind;
use crate::syntax::literal::Shape;
use crate::syntax::lower;

/// The assignments that a header is made of.
const HEADER: &str = include_str!("../../../../grammars/python/header.scm");

fn query() -> Option<&'static Query> {
    static QUERY: OnceLock<Option<Query>> = OnceLock::new();
    QUERY.get_or_init(|| Query::new(&tree_sitter_python::LANGUAGE.into(), HEADER).ok()).as_ref()
}

/// Reads from the tree what [`scan`](super::scan) reads from the lines. The two agree on every file
/// that is Python; where a statement is broken, both say so or the scan says
/// [`HeaderValue::Other`].
pub fn confirm(source: &Source, names: &[&str]) -> Header {
    let mut header = Header::default();
    let (Some(root), Some(query)) = (source.root(), query()) else { return header };
    header.docstring = module_docstring(source, root);
    let mut cursor = QueryCursor::new();
    cursor.set_max_start_depth(Some(0));
    let mut walk = root.walk();
    for statement in root.named_children(&mut walk) {
        let start = statement.start_byte();
        if header.entries.len() >= MOST_ENTRIES {
            break;
        }
        if statement.kind() != "expression_statement" || !at_margin(&source.text, start) {
            continue;
        }
        let mut matches = cursor.matches(query, statement, source.text.as_bytes());
        if let Some(found) = matches.next() {
            header.entries.extend(entry(source, query, found, names));
        }
    }
    header
}

fn entry(
    source: &Source,
    query: &Query,
    found: &QueryMatch<'_, '_>,
    names: &[&str],
) -> Option<HeaderEntry> {
    let capture = |wanted: &str| {
        let index = query.capture_index_for_name(wanted)?;
        found.captures.iter().find(|capture| capture.index == index).map(|it| it.node)
    };
    let name = capture("name")?;
    let text = range(name).slice(&source.text)?;
    if !names.contains(&text) {
        return None;
    }
    let assignment = capture("assignment");
    let augmented = capture("augmented");
    let statement = assignment.or(augmented);
    let right = statement.and_then(|node| node.child_by_field_name("right"));
    let annotation = assignment.and_then(|node| node.child_by_field_name("type")).map(range);
    let behind = annotation.map_or(range(name).end(), Range::end);
    let value_range = right.map_or(Range::empty(behind), range);
    let value = match (statement, right) {
        (Some(statement), Some(_)) if statement.has_error() => HeaderValue::Broken,
        (_, None) => HeaderValue::Broken,
        _ if augmented.is_some() => HeaderValue::Other,
        (_, Some(right)) => {
            let reader = Reader { source, before: name.start_byte() };
            reader.value(right, 0).unwrap_or(HeaderValue::Other)
        }
    };
    let name_range = range(name);
    Some(HeaderEntry { name: text.to_owned(), name_range, annotation, value_range, value })
}
/// Whether a statement that starts at byte `at` is the first of its line.
fn at_margin(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    matches!(before.as_bytes().last(), None | Some(b'\n')) || before == "\u{feff}"
}

fn range(node: Node<'_>) -> Range {
    Range::of(node.start_byte(), node.end_byte())
}

fn module_docstring(source: &Source, root: Node<'_>) -> Option<Docstring> {
    let first = parts(root).into_iter().next()?;
    let string = match parts(first).as_slice() {
        [string] if first.kind() == "expression_statement" => *string,
        _ => return None,
    };
    if string.kind() != "string" || first.has_error() {
        return None;
    }
    let literal = range(string);
    let shape = Shape::of(literal.slice(&source.text)?.as_bytes())?;
    if shape.bytes || shape.format {
        return None;
    }
    let start = literal.start() as usize + shape.open;
    let content = Range::of(start, (literal.end() as usize).checked_sub(shape.close())?);
    Some(docstring::read(&source.text, literal, content))
}

fn parts(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !child.is_extra()).collect()
}

struct Reader<'a> {
    source: &'a Source,
    before: usize,
}

impl Reader<'_> {
    fn value(&self, node: Node<'_>, level: u32) -> Option<HeaderValue> {
        if level > MOST_LEVELS {
            return None;
        }
        let inner = |node| parts(node).into_iter().map(|part| self.value(part, level + 1));
        match node.kind() {
            "none" => Some(HeaderValue::None),
            "string" | "concatenated_string" => self.text(node).map(HeaderValue::Text),
            "parenthesized_expression" => match parts(node).as_slice() {
                [only] => self.value(*only, level + 1),
                _ => None,
            },
            "tuple" | "list" | "set" | "expression_list" => {
                let items = inner(node).map(|item| match item {
                    Some(HeaderValue::Text(text)) => Some(text),
                    _ => None,
                });
                items.collect::<Option<Vec<_>>>().map(HeaderValue::Many)
            }
            "binary_operator" => self.sum(node, level),
            "identifier" => {
                let name = range(node).slice(&self.source.text)?;
                named(&self.source.text, name, self.before, level)
            }
            _ => None,
        }
    }

    fn sum(&self, node: Node<'_>, level: u32) -> Option<HeaderValue> {
        let mut operands = Vec::new();
        let mut left = node;
        while left.kind() == "binary_operator" {
            if left.child_by_field_name("operator")?.kind() != "+" {
                return None;
            }
            operands.push(left.child_by_field_name("right")?);
            left = left.child_by_field_name("left")?;
        }
        operands.push(left);
        let mut sum: Option<HeaderText> = None;
        for operand in operands.into_iter().rev() {
            let HeaderValue::Text(text) = self.value(operand, level + 1)? else { return None };
            sum = Some(match sum {
                Some(sum) => sum.joined(text),
                None => text,
            });
        }
        sum.map(HeaderValue::Text)
    }

    fn text(&self, node: Node<'_>) -> Option<HeaderText> {
        let ExprKind::Str(string) = lower::expression(self.source, node).kind else { return None };
        let pieces = if node.kind() == "string" { vec![node] } else { parts(node) };
        let (first, last) = (range(*pieces.first()?), range(*pieces.last()?));
        let text = &self.source.text;
        let opening = Shape::of(first.slice(text)?.as_bytes())?;
        let closing = Shape::of(last.slice(text)?.as_bytes())?;
        let content = Range::of(
            first.start() as usize + opening.open,
            (last.end() as usize).checked_sub(closing.close())?,
        );
        let value = string.text().to_owned();
        let plain = pieces.len() == 1 && content.slice(text) == Some(value.as_str());
        Some(HeaderText { value, literal: first.cover(last), content, plain, named: false })
    }
}
