//! Quiet remarks at the end of operations: what their SQL assumes, and what of it is not known.

use std::collections::BTreeMap;

use revline_analysis::{Direction, Snapshot};
use revline_sql::Status;
use revline_text::{FileId, Range};

use crate::types::Inlay;

/// Longer reasons are cut beside the code; the whole stands behind the remark.
const LONGEST: usize = 60;

/// The remarks in a part of a revision file, in the order of their places; none where everything is
/// known.
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
    shown.collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::on_top;

    #[test]
    fn only_what_is_not_known_gets_a_remark() {
        let (snapshot, at) = on_top(
            "$0def upgrade():\n    op.drop_table(\"users\")\n    op.execute(open(\"x\").read())\n",
        );
        let text = snapshot.text(at.file).expect("the file is there");
        let found = super::inlays(&snapshot, at.file, text.range());
        let shown: Vec<String> = found
            .iter()
            .map(|one| {
                let line = text.line_of(one.offset) + 1;
                format!("{line}: {} | {}", one.label, one.whole)
            })
            .collect();
        expect!["8: partial: `open` of a string is not evaluated | partial: `open` of a string is not evaluated"].assert_eq(&shown.join("\n"));
    }
}
