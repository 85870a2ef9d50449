//! A table before and after a revision, in one card.

use std::fmt::Write as _;

use revline_analysis::{Direction, Snapshot, Subject, TableEntry};
use revline_schema::{Key, Schema};

use super::escape;
use crate::card::{Mark, compared};
use crate::named::{Named, named};
use crate::types::{FilePosition, Hover};

/// Lines of a table that did not change are shown up to this many; those that did always.
const MOST_KEPT: usize = 24;

/// The card of the table whose name, or whose column's, index's or constraint's name, is under the
/// caret.
pub(super) fn hover(snapshot: &Snapshot, at: FilePosition) -> Option<Hover> {
    let named = named(snapshot, at)?;
    let (before, after) = named.states(snapshot);
    let (old, new) = named.tables(&before, &after)?;
    let settings = snapshot.sql_settings(&named.project);
    let entry = |schema: &Schema, key: &Key| {
        let table = schema.tables.get(key)?;
        Some(TableEntry::of(table, named.dialect, &settings))
    };
    let was = entry(&before, &old);
    // A table that only a doubt put there, since an operation asks for it, is not new.
    let is = entry(&after, &new)
        .filter(|is| was.is_some() || is.doubt.is_none() || !is.columns.is_empty());
    let mut card = String::new();
    // Writing into a string cannot fail.
    let _ = writeln!(card, "{}", heading(&named, &old, &new));
    let lines = compared(was.as_ref(), is.as_ref());
    let is_changed = lines.iter().any(|(mark, _)| *mark != Mark::Kept);
    let revision = &named.project.history()[named.node].id;
    let what = match (was.is_some(), is.is_some(), is_changed) {
        (false, false, _) => None,
        (false, true, _) => Some("new in"),
        (true, false, _) => Some("dropped by"),
        (true, true, true) => Some("changed by"),
        (true, true, false) if old != new => Some("renamed by"),
        (true, true, false) => Some("not changed by"),
    };
    let doing = match named.direction {
        Direction::Upgrade => "",
        Direction::Downgrade => "the downgrade of ",
    };
    match what {
        Some(what) => {
            let dialect = named.dialect.facts().name;
            let _ = writeln!(card, "\n{what} {doing}`{revision}` · {dialect}\n");
            let _ = writeln!(card, "```diff\n{}```", drawn(&lines, is_changed));
        }
        None => {
            let why = if before.is_certain() {
                "there is no such table at this point"
            } else {
                "whether there is such a table at this point is not known"
            };
            let _ = writeln!(card, "\n{why}");
        }
    }
    for doubt in doubts(&[&before, &after], &[was.as_ref(), is.as_ref()]) {
        let _ = writeln!(card, "\nuncertain: {}", escape(&doubt));
    }
    Some(Hover { markdown: card, range: named.touch.span.range })
}

fn heading(named: &Named, old: &Key, new: &Key) -> String {
    let shown = |key: &Key| match &key.schema {
        Some(schema) => format!("{schema}.{}", key.name),
        None => key.name.to_string(),
    };
    let table = if old == new {
        format!("**{}**", escape(&shown(new)))
    } else {
        format!("**{}** → **{}**", escape(&shown(old)), escape(&shown(new)))
    };
    match &named.touch.subject {
        Subject::Table(_) => format!("table {table}"),
        Subject::Column(_, name) => format!("column **{}** of {table}", escape(name)),
        Subject::Index(_, name) => format!("index **{}** of {table}", escape(name)),
        Subject::Constraint(_, name) => format!("constraint **{}** of {table}", escape(name)),
    }
}

fn drawn(lines: &[(Mark, String)], is_changed: bool) -> String {
    let mut text = String::new();
    let mut kept = 0;
    let mut left_out = 0;
    for (mark, line) in lines {
        let sign = match mark {
            Mark::Kept => ' ',
            Mark::Added => '+',
            Mark::Removed => '-',
        };
        if *mark == Mark::Kept {
            kept += 1;
            // Beside a change, a long table is cut to what tells where the change is.
            if kept > MOST_KEPT {
                left_out += 1;
                continue;
            }
        }
        let _ = writeln!(text, "{sign} {}", line.replace("```", "'''"));
    }
    if left_out > 0 {
        let others = if is_changed { "that stay" } else { "more" };
        let _ = writeln!(text, "  … {left_out} lines {others}");
    }
    text
}

fn doubts(states: &[&Schema], tables: &[Option<&TableEntry>]) -> Vec<String> {
    let of_tables = tables.iter().flatten().filter_map(|table| table.doubt.as_ref());
    let of_tables = of_tables.map(|doubt| doubt.why.clone());
    let of_states = states.iter().filter_map(|schema| schema.doubt.as_ref());
    let mut all: Vec<String> = Vec::new();
    for why in of_tables.chain(of_states.map(|doubt| doubt.why.to_string())) {
        if !all.contains(&why) {
            all.push(why);
        }
    }
    all
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
    fn a_changed_table_shows_what_this_revision_does_to_it() {
        check(
            "def upgrade():\n    op.drop_column(\"us$0ers\", \"email\")\n    op.alter_column(\"users\", \"name\", nullable=False)\n",
            expect![[r#"
                table **users**

                changed by `d` · sqlite

                ```diff
                  id     INTEGER      not null
                - email  VARCHAR(80)  not null
                - name   TEXT         default 'x'
                + name   TEXT         not null  default 'x'
                  primary key (id)
                - unique uq_users_email (email)
                  index ix_users_name (name)
                ```
            "#]],
        );
    }

    #[test]
    fn a_column_a_foreign_keys_target_and_an_index_show_their_table() {
        check(
            "def upgrade():\n    op.add_column(\"articles\", sa.Column(\"user_id\", sa.Integer(), sa.ForeignKey(\"users.$0id\")))\n",
            expect![[r#"
                column **id** of **users**

                not changed by `d` · sqlite

                ```diff
                  id     INTEGER      not null
                  email  VARCHAR(80)  not null
                  name   TEXT         default 'x'
                  primary key (id)
                  unique uq_users_email (email)
                  index ix_users_name (name)
                ```
            "#]],
        );
        check(
            "def upgrade():\n    op.drop_index(\"ix$0_users_name\")\n",
            expect![[r#"
            index **ix\_users\_name** of **users**

            changed by `d` · sqlite

            ```diff
              id     INTEGER      not null
              email  VARCHAR(80)  not null
              name   TEXT         default 'x'
              primary key (id)
              unique uq_users_email (email)
            - index ix_users_name (name)
            ```
        "#]],
        );
    }

    #[test]
    fn a_renamed_table_is_one_table() {
        check(
            "def upgrade():\n    op.rename_table(\"articles\", \"pag$0es\")\n",
            expect![[r#"
                table **articles** → **pages**

                renamed by `d` · sqlite

                ```diff
                  id  INTEGER  not null
                  primary key (id)
                ```
            "#]],
        );
    }

    #[test]
    fn a_downgrade_starts_from_what_the_upgrade_leaves() {
        check(
            "def upgrade():\n    op.drop_table(\"articles\")\n\ndef downgrade():\n    op.create_table(\"art$0icles\", sa.Column(\"id\", sa.Integer()))\n",
            expect![[r#"
                table **articles**

                new in the downgrade of `d` · sqlite

                ```diff
                + id  INTEGER
                ```
            "#]],
        );
    }

    #[test]
    fn what_is_not_known_is_said() {
        check(
            "def upgrade():\n    op.execute(open(\"x\").read())\n    op.drop_column(\"users\", \"e$0mail\")\n",
            expect![[r#"
                column **email** of **users**

                changed by `d` · sqlite

                ```diff
                  id     INTEGER      not null
                - email  VARCHAR(80)  not null
                  name   TEXT         default 'x'
                  primary key (id)
                - unique uq_users_email (email)
                  index ix_users_name (name)
                ```

                uncertain: \`open\` of a string is not evaluated
            "#]],
        );
        check(
            "def upgrade():\n    op.drop_table(\"noth$0ing\")\n",
            expect![[r#"
            table **nothing**

            there is no such table at this point
        "#]],
        );
    }
}
