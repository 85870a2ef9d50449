//! Findings in files that everybody has already.
//!
//! A revision on the default branch has run elsewhere and is not meant to be edited any more. Its file
//! shows everything that is found in it; advice about its body is a hint there, and out of the way.
//! What is an error stays one: it breaks a new database however old the revision is. What the rules
//! about the whole history say is never old.

use std::sync::Arc;

use revline_analysis::Snapshot;
use revline_lint::{Check, Finding, Severity};
use revline_text::FileId;

/// The findings of a file as an editor shows them.
pub fn in_editor(snapshot: &Snapshot, file: FileId, found: Arc<Vec<Finding>>) -> Arc<Vec<Finding>> {
    let fades = |finding: &Finding| {
        matches!(finding.severity, Severity::Warning | Severity::Info)
            && revline_lint::rule(finding.rule)
                .is_some_and(|rule| matches!(rule.meta.check, Check::File(_)))
    };
    if !found.iter().any(fades) || !is_old(snapshot, file) {
        return found;
    }
    let mut findings = Vec::clone(&found);
    for finding in findings.iter_mut().filter(|finding| fades(finding)) {
        finding.severity = Severity::Hint;
    }
    Arc::new(findings)
}

/// Whether the default branch has the file, in every environment that it belongs to. Where there is no
/// repository nothing is known to be old.
fn is_old(snapshot: &Snapshot, file: FileId) -> bool {
    let path = snapshot.files().path(file);
    let mut owners = snapshot.owners(file).peekable();
    owners.peek().is_some()
        && owners.all(|project| {
            project.shared.as_ref().is_some_and(|shared| shared.files.contains(&*path))
        })
}

#[cfg(test)]
mod tests {
    use revline_lint::Cache;

    use super::*;
    use crate::testing::of;

    #[test]
    fn advice_in_a_shared_file_is_a_hint_and_errors_stay() {
        let fixture = |mark: &str| {
            format!(
                "
//- versions/a.py{mark}
\"\"\"a

Revision ID: other
\"\"\"
from alembic import op
revision = 'a'$0
down_revision = 'nowhere'
def upgrade():
    op.drop_column('t', 'c', nullable=True)
def downgrade():
    pass
"
            )
        };
        let severities = |mark: &str| -> Vec<(&'static str, Severity)> {
            let (snapshot, at) = of(&fixture(mark));
            let found = Cache::default().of(&snapshot, at.file);
            let found = in_editor(&snapshot, at.file, found);
            found.iter().map(|one| (one.rule, one.severity)).collect()
        };
        let fresh = severities("");
        let old = severities(" shared");
        assert!(fresh.contains(&("empty-downgrade", Severity::Warning)), "{fresh:?}");
        assert!(old.contains(&("empty-downgrade", Severity::Hint)), "{old:?}");
        assert!(old.contains(&("missing-parent", Severity::Error)), "{old:?}");
        let rules = |list: &[(&'static str, Severity)]| -> Vec<&str> {
            list.iter().map(|(rule, _)| *rule).collect()
        };
        assert_eq!(rules(&fresh), rules(&old), "nothing is left out");
    }
}
