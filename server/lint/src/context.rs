//! What a rule sees, and where it puts what it found.

use std::sync::Arc;

use revline_analysis::{Graph, Heading, Project, Snapshot};
use revline_history::{History, Node, Revision};
use revline_python::{Header, Source};
use revline_text::{FileId, Span};

use crate::finding::{Direction, Finding, Fix, Related, Severity};
use crate::misfits::Judged;
use crate::rule::Rule;

/// An environment, for rules about the graph and the configuration.
pub struct ProjectContext<'a> {
    /// Everything.
    pub snapshot: &'a Snapshot,
    /// The environment.
    pub project: &'a Project,
    /// Its graph.
    pub graph: &'a Graph,
}

impl<'a> ProjectContext<'a> {
    /// The history.
    pub fn history(&self) -> &'a History {
        &self.graph.history
    }

    /// The name of a file as people say it: without its folders.
    pub fn file_name(&self, file: FileId) -> String {
        let path = self.snapshot.files().path(file);
        path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    }

    /// A revision as sentences name it: `` `ab12` (versions/ab12_add_email.py) `` without the folder.
    pub fn named(&self, node: Node) -> String {
        let revision = &self.history()[node];
        format!("`{}` ({})", revision.id, self.file_name(revision.file))
    }

    /// The identifier of a revision in the quotes of sentences.
    pub fn quoted(&self, node: Node) -> String {
        format!("`{}`", self.history()[node].id)
    }

    /// Where a revision is shown: at its identifier.
    pub fn id_span(&self, node: Node) -> Span {
        let revision = &self.history()[node];
        revision
            .spans
            .id
            .value
            .unwrap_or_else(|| Span::new(revision.file, revline_text::Range::empty(0)))
    }
}

/// A revision file, for rules about migrations.
pub struct FileContext<'a> {
    /// Everything.
    pub snapshot: &'a Snapshot,
    /// The environment it is looked at in.
    pub project: &'a Project,
    /// The graph of the environment.
    pub graph: &'a Graph,
    /// The file.
    pub file: FileId,
    /// Its revision in the graph.
    pub node: Node,
    /// Its head.
    pub heading: &'a Heading,
    /// The assignments and the docstring in its head.
    pub header: &'a Header,
    /// Its tree.
    pub source: &'a Arc<Source>,
    /// What it does on the databases of its project.
    pub(crate) judged: &'a Judged,
}

impl FileContext<'_> {
    /// The revision.
    pub fn revision(&self) -> &Revision {
        &self.graph.history[self.node]
    }

    /// Whether it declares several parents.
    pub fn is_merge(&self) -> bool {
        self.revision().down.len() > 1
    }

    /// A range of the file as a span.
    pub fn at(&self, range: revline_text::Range) -> Span {
        Span::new(self.file, range)
    }
}

/// Where a rule puts what it found.
pub struct Findings<'a> {
    rule: &'static Rule,
    environment: &'a str,
    list: &'a mut Vec<Finding>,
}

impl<'a> Findings<'a> {
    pub(crate) fn new(
        rule: &'static Rule,
        environment: &'a str,
        list: &'a mut Vec<Finding>,
    ) -> Self {
        Self { rule, environment, list }
    }

    /// Adds a finding with the rule's own severity. The message is one or two sentences: what is
    /// wrong, and the way out where it is known.
    pub fn push(&mut self, span: Span, message: impl Into<String>) -> Draft<'_> {
        self.list.push(Finding {
            rule: self.rule.name,
            severity: self.rule.meta.severity,
            span,
            message: message.into(),
            related: Vec::new(),
            direction: None,
            fixes: Vec::new(),
            environment: self.environment.to_owned(),
            unnecessary: false,
        });
        Draft(self.list)
    }
}

/// The finding that was just added, to say more about it.
pub struct Draft<'a>(&'a mut Vec<Finding>);

impl Draft<'_> {
    fn change(self, change: impl FnOnce(&mut Finding)) -> Self {
        if let Some(finding) = self.0.last_mut() {
            change(finding);
        }
        self
    }

    /// Names another place.
    #[must_use]
    pub fn related(self, span: Span, message: impl Into<String>) -> Self {
        let related = Related { span, message: message.into() };
        self.change(|finding| finding.related.push(related))
    }

    /// Offers a fix.
    #[must_use]
    pub fn fix(self, fix: Fix) -> Self {
        self.change(|finding| finding.fixes.push(fix))
    }

    /// Lowers or raises the severity of this one finding.
    #[must_use]
    pub fn severity(self, severity: Severity) -> Self {
        self.change(|finding| finding.severity = severity)
    }

    /// Says which function it is about.
    #[must_use]
    pub fn direction(self, direction: Direction) -> Self {
        self.change(|finding| finding.direction = Some(direction))
    }

    /// Ends the sentence.
    pub fn done(self) {}
}
