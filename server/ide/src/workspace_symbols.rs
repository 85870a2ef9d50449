//! Revisions and tables of the whole workspace by name.

use std::collections::BTreeMap;

use revline_analysis::Snapshot;
use revline_schema::Key;
use revline_text::{Range, Span};

use crate::place::target;

/// More than anybody reads; a longer query finds the rest.
const MOST: usize = 200;

/// What a name means.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum FoundKind {
    /// A revision.
    Revision,
    /// A table, at the operation that made it.
    Table,
}

/// A name that was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// Identifier and title, or the table's name.
    pub name: String,
    /// What it is.
    pub kind: FoundKind,
    /// The environment's name.
    pub environment: String,
    /// Where it is declared.
    pub span: Span,
}

/// The revisions whose identifier or title, and the tables at the heads whose name holds the letters
/// of `query` in their order, the closest first. `stop` ends the search for tables early.
pub fn workspace_symbols(snapshot: &Snapshot, query: &str, stop: &dyn Fn() -> bool) -> Vec<Found> {
    let wanted: Vec<char> = query.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let mut found: Vec<(u32, Found)> = Vec::new();
    for project in snapshot.projects() {
        let history = project.history();
        let environment = || project.name().to_owned();
        for node in history.newest_first() {
            let revision = &history[node];
            let title = revision.title.lines().next().unwrap_or_default().trim();
            let name = if title.is_empty() {
                revision.id.to_string()
            } else {
                format!("{} {title}", revision.id)
            };
            if let Some(distance) = distance(&name, &wanted) {
                let span = target(history, node);
                let kind = FoundKind::Revision;
                found.push((distance, Found { name, kind, environment: environment(), span }));
            }
        }
        let mut tables: BTreeMap<&Key, Span> = BTreeMap::new();
        let Some(dialect) = snapshot.dialects(project).first().copied() else { continue };
        let states: Vec<_> = history
            .real_heads()
            .iter()
            .filter_map(|head| snapshot.schema_after_unless(project, *head, dialect, stop))
            .collect();
        for table in states.iter().flat_map(|state| state.tables.iter()) {
            if let Some(span) = table.1.name.name.span() {
                tables.entry(table.0).or_insert(span);
            }
        }
        for (key, span) in tables {
            let name = match &key.schema {
                Some(schema) => format!("{schema}.{}", key.name),
                None => key.name.to_string(),
            };
            if let Some(distance) = distance(&name, &wanted) {
                // A remembered state may have places from before an edit.
                let end = snapshot.text(span.file).map_or(0, |text| text.range().end());
                let range = Range::new(span.range.start().min(end), span.range.end().min(end));
                let span = Span::new(span.file, range);
                let kind = FoundKind::Table;
                found.push((distance, Found { name, kind, environment: environment(), span }));
            }
        }
    }
    found.sort_by_key(|(distance, _)| *distance);
    found.truncate(MOST);
    found.into_iter().map(|(_, found)| found).collect()
}

/// How far a name is from what was typed: 0 where it begins so, more for each letter between;
/// `None` where the letters are not there in this order.
fn distance(name: &str, wanted: &[char]) -> Option<u32> {
    let mut left = wanted.iter().peekable();
    let mut gaps = 0;
    let mut gap = 0;
    for char in name.chars().flat_map(char::to_lowercase) {
        if left.next_if(|wanted| **wanted == char).is_some() {
            gaps += gap;
            gap = 0;
        } else if char.is_alphanumeric() {
            gap = 1;
        }
    }
    left.peek().is_none().then_some(gaps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::on_top;

    #[track_caller]
    fn check(query: &str, expected: &[&str]) {
        let (snapshot, _) = on_top("$0def upgrade():\n    pass\n");
        let found = workspace_symbols(&snapshot, query, &|| false);
        let shown: Vec<String> = found
            .iter()
            .map(|one| {
                let file = snapshot.files().path(one.span.file);
                let text = snapshot.text(one.span.file).unwrap();
                let letters = one.span.range.slice(text.as_str()).unwrap();
                let file = file.file_name().unwrap().to_string_lossy().into_owned();
                format!("{:?} {} {file} {letters}", one.kind, one.name)
            })
            .collect();
        assert_eq!(shown, expected, "{query}");
    }

    #[test]
    fn revisions_and_tables_are_found_by_their_letters() {
        check("usr", &["Table users a.py \"users\""]);
        check("articles", &["Table articles c.py \"articles\""]);
        check("b", &["Revision b b.py \"b\""]);
        check("nowhere", &[]);
    }

    #[test]
    fn an_empty_query_lists_everything_newest_first() {
        check(
            "",
            &[
                "Revision d d.py \"d\"",
                "Revision c c.py \"c\"",
                "Revision b b.py \"b\"",
                "Revision a a.py \"a\"",
                "Table articles c.py \"articles\"",
                "Table users a.py \"users\"",
            ],
        );
    }
}
