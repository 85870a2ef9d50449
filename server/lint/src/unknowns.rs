//! What the headings of an environment leave open, so that a rule is silent instead of wrong.
//!
//! A heading may be computed (`down_revision = parent()`), or its file may be half typed. Then an
//! identifier that no file declares may be declared there, and a head may have its child there.

use revline_analysis::Project;
use revline_history::Node;
use revline_text::Text;

use crate::ProjectContext;

/// What is not known of an environment's headings.
#[derive(Default)]
pub(crate) struct Unknowns {
    /// Some file computes its own identifier, or cannot be read at all.
    id: bool,
    /// Some revision computes its parents.
    parents: bool,
    /// Some revision computes its labels.
    labels: bool,
    /// The texts of files that declare no revision now; what they mention may become of them.
    unfinished: Vec<Text>,
}

impl Unknowns {
    pub(crate) fn of(context: &ProjectContext<'_>) -> Self {
        let mut unknowns = Self::default();
        for (file, heading) in context.project.headings() {
            let Some(heading) = heading else {
                unknowns.id = true;
                continue;
            };
            unknowns.parents |= heading.computes("down_revision");
            unknowns.labels |= heading.computes("branch_labels");
            if heading.revision.is_some() {
                continue;
            }
            match context.snapshot.text(file) {
                Some(text) if !heading.computes("revision") => unknowns.unfinished.push(text),
                _ => unknowns.id = true,
            }
        }
        unknowns
    }

    /// Whether a file whose revision is not known may declare this identifier.
    pub(crate) fn may_declare(&self, id: &str) -> bool {
        self.id || self.mentions(id)
    }

    /// Whether this branch label may be declared somewhere.
    pub(crate) fn may_label(&self, label: &str) -> bool {
        self.labels || self.may_declare(label)
    }

    /// Whether a revision may have a child that is not known.
    pub(crate) fn may_be_followed(&self, id: &str) -> bool {
        self.parents || self.may_declare(id)
    }

    fn mentions(&self, word: &str) -> bool {
        self.unfinished.iter().any(|text| text.as_str().contains(word))
    }
}

/// Whether a revision declares a branch label, as far as its heading tells: one that is computed
/// may be any.
pub(crate) fn labelled(project: &Project, node: Node) -> bool {
    let revision = &project.history()[node];
    let heading = project.heading(revision.file);
    !revision.labels.is_empty() || heading.is_some_and(|heading| heading.computes("branch_labels"))
}
