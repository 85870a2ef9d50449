//! The SQL of a function or of one operation, for each database that the project is for.

use std::fmt::Write as _;

use revline_analysis::{Direction, Project, Script, Snapshot};
use revline_sql::{DIALECTS, Dialect, Statement, StatementKind, Status};
use revline_text::{FileId, Range};

use crate::types::{FilePosition, Hover};

/// A hover of more bytes or lines for one database is cut: editors scroll badly, and the document
/// behind the lens «SQL» shows it whole.
const LONGEST: usize = 6_000;
const MOST_LINES: usize = 60;

/// The SQL of `upgrade` or `downgrade` under the caret, or of the one call there.
pub(super) fn hover(snapshot: &Snapshot, at: FilePosition) -> Option<Hover> {
    let project = snapshot.owners(at.file).next()?.clone();
    let graph = project.graph();
    let node = graph.node(at.file)?;
    let source = snapshot.syntax(at.file)?;
    let function =
        source.functions().into_iter().find(|function| function.range.touches(at.offset))?;
    let direction = match &*function.name {
        "upgrade" => Direction::Upgrade,
        "downgrade" => Direction::Downgrade,
        _ => return None,
    };
    let on_name = function.name_range.touches(at.offset);
    let scripts: Vec<(&'static dyn Dialect, Script)> = dialects(snapshot, &project)
        .into_iter()
        .map(|dialect| (dialect, snapshot.script_of(&project, node, direction, dialect)))
        .collect();
    if on_name {
        let mut markdown = String::new();
        for (dialect, script) in &scripts {
            let body: Vec<&Statement> = statements(script).collect();
            section(&mut markdown, *dialect, script, &body, None);
        }
        return Some(Hover { markdown, range: function.name_range });
    }
    // The innermost call with SQL of its own.
    let call = scripts
        .iter()
        .flat_map(|(_, script)| places(script, at.file))
        .filter(|range| range.touches(at.offset))
        .min_by_key(|range| range.len())?;
    let mut markdown = String::new();
    for (dialect, script) in &scripts {
        let own: Vec<&Statement> = statements(script)
            .filter(|statement| {
                statement
                    .origin
                    .is_some_and(|span| span.file == at.file && call.contains(span.range))
            })
            .collect();
        section(&mut markdown, *dialect, script, &own, Some((at.file, call)));
    }
    Some(Hover { markdown, range: call })
}

/// The project's own databases, else every one that Revline prints.
fn dialects(snapshot: &Snapshot, project: &Project) -> Vec<&'static dyn Dialect> {
    let targets = snapshot.targets(project);
    if targets.is_empty() { DIALECTS.to_vec() } else { targets }
}

fn statements(script: &Script) -> impl Iterator<Item = &Statement> {
    script.bodies.iter().flat_map(|(_, body)| &body.statements)
}

/// The calls that gave statements, and those that could not be rendered.
fn places(script: &Script, file: FileId) -> Vec<Range> {
    let rendered = statements(script).filter_map(|statement| statement.origin);
    let unknown = script.unknowns().filter_map(|unknown| unknown.origin.span());
    rendered.chain(unknown).filter(|span| span.file == file).map(|span| span.range).collect()
}

fn section(
    markdown: &mut String,
    dialect: &dyn Dialect,
    script: &Script,
    statements: &[&Statement],
    only: Option<(FileId, Range)>,
) {
    let terminator = dialect.facts().terminator;
    let mut sql = String::new();
    for statement in statements {
        let end = match statement.kind {
            StatementKind::Sql | StatementKind::Transaction => terminator,
            StatementKind::Comment | StatementKind::Unknown => "",
        };
        let _ = write!(sql, "{}{end}\n\n", statement.text.trim_end());
        if sql.len() > LONGEST {
            break;
        }
    }
    cut(&mut sql);
    let status = match script.status {
        Status::Exact => "",
        Status::Derived => " · derived from the history",
        Status::Partial => " · partial",
        Status::Refused => " · Alembic refuses",
    };
    let _ = writeln!(markdown, "**{}**{status}\n", dialect.facts().name);
    if sql.trim().is_empty() {
        let _ = writeln!(markdown, "_no SQL_\n");
    } else {
        // A fence longer than any run of backticks in the SQL.
        let fence = "`".repeat(longest_run(&sql).max(2) + 1);
        let _ = writeln!(markdown, "{fence}sql\n{}\n{fence}\n", sql.trim_end());
    }
    let told = |origin: revline_schema::Origin| match only {
        Some((file, range)) => {
            origin.span().is_some_and(|span| span.file == file && range.intersects(span.range))
        }
        None => true,
    };
    let assumed = script.assumes().filter(|assumption| told(assumption.origin));
    let assumed = assumed.map(|assumption| format!("assumes: {}", assumption.fact));
    // What stands in the SQL as a comment needs no second place.
    let unknown = script.unknowns().filter(|unknown| told(unknown.origin));
    let unknown = unknown.map(|unknown| unknown.why.to_string()).filter(|why| !sql.contains(why));
    let mut notes: Vec<String> = Vec::new();
    for note in assumed.chain(unknown) {
        if !notes.contains(&note) {
            let _ = writeln!(markdown, "- {}", super::escape(&note));
            notes.push(note);
        }
    }
    markdown.push('\n');
}

/// Cuts a long text at the end of a line.
fn cut(sql: &mut String) {
    let lines = sql.match_indices('\n').map(|(at, _)| at).nth(MOST_LINES - 1);
    let end = lines.unwrap_or(sql.len()).min(sql.floor_char_boundary(LONGEST));
    if end < sql.trim_end().len() {
        let line = sql.get(..end).and_then(|kept| kept.rfind('\n')).filter(|_| lines.is_none());
        sql.truncate(line.unwrap_or(end));
        sql.push_str("\n-- … the lens «SQL» and `revline sql` show the rest");
    }
}

fn longest_run(text: &str) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for char in text.chars() {
        run = if char == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::testing::on_top;

    #[track_caller]
    fn check(body: &str, expect: Expect) {
        let (snapshot, at) = on_top(body);
        let hover = super::hover(&snapshot, at);
        expect.assert_eq(&hover.map(|hover| hover.markdown).unwrap_or_default());
    }

    #[test]
    fn what_is_not_known_is_told_once_and_in_its_place() {
        check(
            "def up$0grade():\n    rows = op.get_bind().execute(sa.text(\"SELECT 1\")).fetchall()\n    for row in rows:\n        op.execute(row)\n    for row in rows:\n        op.execute(row)\n",
            expect![[r#"
                **sqlite** · partial

                ```sql
                SELECT 1;

                -- not known: whether this runs: a loop over: the rows that a query returns are not known

                -- not known: whether this runs: a loop over: the rows that a query returns are not known
                ```

                - assumes: this is what runs on a database that followed the history

            "#]],
        );
        check(
            "def upgrade():\n    op.ex$0ecute(open(\"a.sql\").read())\n    op.execute(open(\"a.sql\").read())\n",
            expect![[r#"
                **sqlite** · partial

                ```sql
                -- not known: `open` of a string is not evaluated
                ```


            "#]],
        );
    }

    #[test]
    fn what_the_history_says_is_told_as_assumed() {
        check(
            "def up$0grade():\n    if sa.inspect(op.get_bind()).has_table(\"users\"):\n        op.drop_table(\"users\")\n    if sa.inspect(op.get_bind()).has_table(\"users\"):\n        op.drop_table(\"users\")\n",
            expect![[r#"
                **sqlite** · derived from the history

                ```sql
                DROP TABLE users;
                ```

                - assumes: table users exists
                - assumes: table users is absent

            "#]],
        );
    }
}
