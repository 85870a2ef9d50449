//! Quiet remarks: what the SQL of an operation assumes and what of it is not known, the names that a
//! convention computes, and the place of the revision in its lineage.

use std::collections::BTreeMap;

use revline_analysis::{Direction, Snapshot};
use revline_sql::Status;
use revline_text::{FileId, Range};

use crate::names::computed_names;
use crate::types::Inlay;

/// Longer reasons are cut beside the code; the whole stands behind the remark.
const LONGEST: usize = 60;

/// The remarks in a part of a revision file, in the order of their places.
pub fn inlays(snapshot: &Snapshot, file: FileId, within: Range) -> Vec<Inlay> {
    let mut found: BTreeMap<(u32, String), Vec<&'static str>> = BTreeMap::new();
    let Some(project) = snapshot.owners(file).next() else { return Vec::new() };
    let Some(node) = project.graph().node(file) else { return Vec::new() };
    let dialects = snapshot.dialects(project);
    for direction in [Direction::Upgrade, Direction::Downgrade] {
        for dialect in &dialects {
            let script = snapshot.script_of(project, node, direction, *dialect);
            // What Alembic refuses is a finding of a rule.
            if script.status == Status::Refused {
                continue;
            }
            let assumed = script.assumes().map(|one| (one.origin, "assumes", &one.fact));
            let unknown = script.unknowns().map(|one| (one.origin, "partial", &one.why));
            for (origin, word, why) in assumed.chain(unknown) {
                let Some(span) = origin.span().filter(|span| span.file == file) else { continue };
                if within.touches(span.range.end()) {
                    let key = (span.range.end(), format!("{word}: {why}"));
                    found.entry(key).or_default().push(dialect.facts().name);
                }
            }
        }
    }
    let shown = found.into_iter().map(|((offset, told), mut on)| {
        on.dedup();
        let whole =
            if on.len() < dialects.len() { format!("{told} ({})", on.join(", ")) } else { told };
        let first = whole.lines().next().unwrap_or_default();
        let label = match first.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", first.get(..end).unwrap_or_default().trim_end()),
            None => first.to_owned(),
        };
        Inlay { offset, label, whole }
    });
    let mut all: Vec<Inlay> = shown.collect();
    let names = computed_names(snapshot, project, file).into_iter();
    all.extend(names.filter(|(offset, _)| within.touches(*offset)).map(|(offset, name)| Inlay {
        offset,
        whole: format!("The naming convention calls it {name}"),
        label: name,
    }));
    let history = project.history();
    if let Some(statement) = history[node].spans.id.statement
        && within.touches(statement.range.end())
    {
        let position = history.position(node);
        let label = format!("{} of {}", position.place, position.of);
        let whole = format!("Revision {label} in its lineage");
        all.push(Inlay { offset: statement.range.end(), label, whole });
    }
    all.sort_by_key(|inlay| inlay.offset);
    all
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::testing::{of, on_top};

    #[track_caller]
    fn check((snapshot, at): (revline_analysis::Snapshot, crate::FilePosition), expect: Expect) {
        let text = snapshot.text(at.file).expect("the file is there");
        let found = super::inlays(&snapshot, at.file, text.range());
        let shown: Vec<String> = found
            .iter()
            .map(|one| {
                let line = text.line_of(one.offset) + 1;
                format!("{line}: {} | {}", one.label, one.whole)
            })
            .collect();
        expect.assert_eq(&shown.join("\n"));
    }

    #[test]
    fn only_what_is_not_known_gets_a_remark_beside_the_place_in_the_lineage() {
        check(
            on_top(
                "$0def upgrade():\n    op.drop_table(\"users\")\n    op.execute(open(\"x\").read())\n",
            ),
            expect![[r#"
                3: 4 of 4 | Revision 4 of 4 in its lineage
                8: partial: `open` of a string is not evaluated | partial: `open` of a string is not evaluated"#]],
        );
    }

    #[test]
    fn names_that_the_convention_computes_are_told() {
        check(
            of(r#"
//- revline.toml
[naming-convention]
uq = "uq_%(table_name)s_%(column_0_name)s"
ck = "ck_%(table_name)s_%(constraint_name)s"
fk = "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"
ix = "ix_%(column_0_label)s"
//- versions/a.py
from alembic import op
import sqlalchemy as sa
revision = "a"$0
down_revision = None

def upgrade():
    op.create_table(
        "t",
        sa.Column("id", sa.Integer(), sa.ForeignKey("o.id")),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("id", name=op.f("own")),
        sa.CheckConstraint("id > 0", name="positive"),
    )
    op.create_unique_constraint(None, "t", ["id"])
    op.create_index(None, "t", ["id"])
    op.create_index("mine", "t", ["id"])

def downgrade():
    pass
"#),
            expect![[r#"
                3: 1 of 1 | Revision 1 of 1 in its lineage
                9: fk_t_id_o | The naming convention calls it fk_t_id_o
                10: uq_t_id | The naming convention calls it uq_t_id
                12: ck_t_positive | The naming convention calls it ck_t_positive
                14: uq_t_id | The naming convention calls it uq_t_id
                15: ix_t_id | The naming convention calls it ix_t_id"#]],
        );
    }
}
