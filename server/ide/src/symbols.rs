//! The outline of a revision file.

use revline_analysis::Snapshot;
use revline_text::{FileId, Range};

use crate::types::{Symbol, SymbolKind};

/// The outline of a revision file: the revision, and in it `upgrade` and `downgrade` with their
/// operations.
pub fn symbols(snapshot: &Snapshot, file: FileId) -> Vec<Symbol> {
    let Some(project) = snapshot.owners(file).next() else { return Vec::new() };
    let graph = project.graph();
    let Some(node) = graph.node(file) else { return Vec::new() };
    let (Some(source), Some(text)) = (snapshot.syntax(file), snapshot.text(file)) else {
        return Vec::new();
    };
    let revision = &graph.history[node];
    let children = source.functions().into_iter().map(|function| {
        let operations = source
            .calls(function.range)
            .into_iter()
            .filter(|(callee, _)| callee.starts_with("op.") || callee.starts_with("batch_op."));
        Symbol {
            name: function.name.to_string(),
            detail: String::new(),
            kind: SymbolKind::Function,
            range: function.range,
            selection: function.name_range,
            children: operations
                .map(|(callee, range)| Symbol {
                    name: callee,
                    detail: first_argument(text.as_str(), range),
                    kind: SymbolKind::Operation,
                    range,
                    selection: range,
                    children: Vec::new(),
                })
                .collect(),
        }
    });
    vec![Symbol {
        name: revision.id.to_string(),
        detail: revision.title.lines().next().unwrap_or_default().to_owned(),
        kind: SymbolKind::Revision,
        range: text.range(),
        selection: revision.spans.id.value.map_or(Range::empty(0), |span| span.range),
        children: children.collect(),
    }]
}

/// The first argument of a call where it is a plain string: the table, mostly.
fn first_argument(text: &str, call: Range) -> String {
    let source = call.slice(text).unwrap_or_default();
    let Some((_, arguments)) = source.split_once('(') else { return String::new() };
    let arguments = arguments.trim_start();
    let Some(quote) = arguments.chars().next().filter(|quote| matches!(quote, '\'' | '"')) else {
        return String::new();
    };
    arguments.get(1..).and_then(|rest| rest.split(quote).next()).unwrap_or_default().to_owned()
}
