//! The SQL of a revision or a range as a document to read: for each database what Alembic prints,
//! with what it assumes and what is not known marked where it matters.

use std::fmt::Write as _;

use revline_analysis::{Direction, Project, Script, Snapshot};
use revline_history::Node;
use revline_sql::{StatementKind, Status};

use crate::types::SqlDocument;

/// The text of a document; errors are sentences for a person. A range with a colon, or a relative
/// one, is read as Alembic reads it for `--sql`; one revision stands on its own.
pub fn sql_document(snapshot: &Snapshot, wanted: &SqlDocument) -> Result<String, String> {
    let projects = snapshot.projects();
    let project = projects
        .iter()
        .find(|project| project.name() == wanted.environment)
        .ok_or_else(|| format!("There is no environment {}", wanted.environment))?;
    let direction = if wanted.downgrade { Direction::Downgrade } else { Direction::Upgrade };
    let history = project.history();
    let alone = history.find(&wanted.range);
    let mut text = String::new();
    let title = alone.and_then(|node| history[node].title.lines().next()).unwrap_or_default();
    // Writing into a string cannot fail.
    let _ = writeln!(text, "-- {} {}{}", direction.as_str(), wanted.range, titled(title));
    for dialect in snapshot.dialects(project) {
        let script = match alone {
            Some(node) => snapshot.script_of(project, node, direction, dialect),
            None => {
                let run = project.run(Some(&wanted.range), direction);
                let run = run.map_err(|error| error.to_string())?;
                snapshot.script(project, &run.steps, run.rows, dialect)
            }
        };
        let status = match script.status {
            Status::Exact => "what Alembic prints",
            Status::Derived => "derived: Alembic would ask the database",
            Status::Partial => "partial: some of it is not known",
            Status::Refused => "refused by Alembic",
        };
        let name = dialect.facts().name;
        let _ = writeln!(text, "\n-- ==== {name} ==== {status}\n");
        text.push_str(marked(&script).trim_end());
        text.push('\n');
    }
    Ok(text)
}

fn titled(title: &str) -> String {
    if title.is_empty() { String::new() } else { format!(": {title}") }
}

/// The text of a script with its assumptions and gaps as comments before the statements that they
/// are about.
fn marked(script: &Script) -> String {
    let sql = &script.sql;
    let mut text = String::with_capacity(sql.len());
    let mut at = 0;
    for (_, body) in &script.bodies {
        let mut notes: Vec<(Option<u32>, String)> = Vec::new();
        for assumption in &body.assumes {
            let place = assumption.origin.span().map(|span| span.range.end());
            notes.push((place, format!("-- assumes: {}", one_line(&assumption.fact))));
        }
        let mut refusals = Vec::new();
        for unknown in &body.unknowns {
            let why = one_line(&unknown.why);
            let is_told = body.statements.iter().any(|statement| {
                statement.kind == StatementKind::Unknown && statement.text.contains(&why)
            });
            if is_told {
                continue;
            }
            if body.status == Status::Refused {
                refusals.push(format!("-- refused: {why}"));
            } else {
                let place = unknown.origin.span().map(|span| span.range.start());
                notes.push((place, format!("-- not known: {why}")));
            }
        }
        notes.sort_by_key(|(place, _)| *place);
        let mut notes = notes.into_iter().peekable();
        for statement in &body.statements {
            let Some(found) = sql.get(at..).and_then(|rest| rest.find(&statement.text)) else {
                continue;
            };
            text.push_str(sql.get(at..at + found).unwrap_or_default());
            // What ends before the call of this statement ends is about it or about what is above.
            let end = statement.origin.map(|span| span.range.end());
            while let Some((_, note)) = notes.next_if(|(place, _)| place.is_none() || *place <= end)
            {
                let _ = writeln!(text, "{note}");
            }
            text.push_str(&statement.text);
            at += found + statement.text.len();
        }
        let left: Vec<String> = notes.map(|(_, note)| note).chain(refusals).collect();
        if !left.is_empty() {
            // Behind the terminator of the last statement, which ends its line.
            let line = sql
                .get(at..)
                .and_then(|rest| rest.find('\n'))
                .map_or(sql.len(), |end| at + end + 1);
            text.push_str(sql.get(at..line).unwrap_or_default());
            at = line;
            for note in left {
                let _ = writeln!(text, "\n{note}");
            }
        }
    }
    text.push_str(sql.get(at..).unwrap_or_default());
    text
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The document of one direction of a revision.
pub(crate) fn of_revision(project: &Project, node: Node, downgrade: bool) -> SqlDocument {
    SqlDocument {
        environment: project.name().to_owned(),
        range: project.history()[node].id.to_string(),
        downgrade,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::testing::on_top;

    #[track_caller]
    fn check(body: &str, range: &str, downgrade: bool, expect: Expect) {
        let (snapshot, _) = on_top(&format!("$0{body}"));
        let environment = snapshot.projects()[0].name().to_owned();
        let document = SqlDocument { environment, range: range.to_owned(), downgrade };
        let text =
            sql_document(&snapshot, &document).unwrap_or_else(|why| format!("error: {why}\n"));
        expect.assert_eq(&text);
    }

    #[test]
    fn a_revision_stands_on_its_own_and_a_range_is_read_as_alembic_reads_it() {
        check(
            "def upgrade():\n    pass\n",
            "b",
            true,
            expect![[r#"
            -- downgrade b

            -- ==== sqlite ==== what Alembic prints

            -- Running downgrade b -> a

            DROP INDEX ix_users_name;

            ALTER TABLE users DROP COLUMN name;

            UPDATE alembic_version SET version_num='a' WHERE alembic_version.version_num = 'b';
        "#]],
        );
        check(
            "def upgrade():\n    pass\n",
            "a:c",
            false,
            expect![[r#"
            -- upgrade a:c

            -- ==== sqlite ==== what Alembic prints

            -- Running upgrade a -> b

            ALTER TABLE users ADD COLUMN name TEXT DEFAULT 'x';

            CREATE INDEX ix_users_name ON users (name);

            UPDATE alembic_version SET version_num='b' WHERE alembic_version.version_num = 'a';

            -- Running upgrade b -> c

            ALTER TABLE posts RENAME TO articles;

            UPDATE alembic_version SET version_num='c' WHERE alembic_version.version_num = 'b';
        "#]],
        );
        check(
            "def upgrade():\n    pass\n",
            "nowhere",
            false,
            expect![[r#"
            error: Can't locate revision identified by 'nowhere'
        "#]],
        );
    }

    #[test]
    fn gaps_and_refusals_are_marked_in_place() {
        check(
            "def upgrade():\n    op.drop_table(\"users\")\n    op.execute(open(\"x\").read())\n    op.drop_table(\"articles\")\n",
            "d",
            false,
            expect![[r#"
                -- upgrade d

                -- ==== sqlite ==== partial: some of it is not known

                -- Running upgrade c -> d

                DROP TABLE users;

                -- not known: `open` of a string is not evaluated

                DROP TABLE articles;

                UPDATE alembic_version SET version_num='d' WHERE alembic_version.version_num = 'c';
            "#]],
        );
        check(
            "def upgrade():\n    op.drop_table(\"articles\")\n    op.drop_constraint(\"uq_users_email\", \"users\")\n",
            "d",
            false,
            expect![[r#"
                -- upgrade d

                -- ==== sqlite ==== refused by Alembic

                -- Running upgrade c -> d

                DROP TABLE articles;

                -- refused: No support for ALTER of constraints in SQLite dialect. Please refer to the batch mode feature which allows for SQLite migrations using a copy-and-move strategy.

                UPDATE alembic_version SET version_num='d' WHERE alembic_version.version_num = 'c';
            "#]],
        );
    }
}
