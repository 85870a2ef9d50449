//! Runs the rules over a snapshot and remembers what they found.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use revline_analysis::{Ground, LastTwo, Project, Snapshot};
use revline_history::Node;
use revline_text::{Edit, FileId, Fingerprint, Range, SourceChange, Span, Text};

use crate::context::{FileContext, Findings, ProjectContext};
use crate::finding::{Finding, Fix, Safety};
use crate::misfits::{Judged, Looked};
use crate::resolved::Resolved;
use crate::rule::{Check, rule, rules};
use crate::suppression::{self, Suppression};

/// The findings of an environment as a whole, by file.
type ByFile = Arc<BTreeMap<FileId, Vec<Finding>>>;

/// Findings remembered by what they were computed from.
#[derive(Default)]
pub struct Cache {
    /// By the place of the environment; an unchanged project is the same object.
    projects: Mutex<HashMap<usize, (Arc<Project>, ByFile)>>,
    /// What is said of a file in the end, by all but the states of databases around it.
    verdicts: LastTwo<FileId, Fingerprint, Arc<Verdict>>,
}

/// The findings of a file, and what they rest on beside what identifies them.
struct Verdict {
    /// For each environment that has the file, in their order.
    stands: Vec<Stand>,
    findings: Arc<Vec<Finding>>,
}

/// The states that a revision of one environment was judged on.
#[derive(Clone)]
struct Stand {
    grounds: Vec<Option<Ground>>,
    looked: Arc<Looked>,
    /// The identity of what all revisions make, where that was asked.
    others: Option<Fingerprint>,
}

/// What the findings of a revision follow from.
struct Basis<'a> {
    /// Its text, its place in the graph, the facts of its projects.
    identity: Fingerprint,
    /// The environments that have it.
    places: Vec<(usize, &'a Arc<Project>, Node)>,
}

impl Cache {
    /// Every file that may have findings: the revision files, and the files of the configuration
    /// that have some. Revisions come in the order in which they run: what one leaves is what the next
    /// one meets, and an evaluation is still at hand when its file is looked at.
    pub fn files(&self, snapshot: &Snapshot) -> Vec<FileId> {
        let mut files: Vec<FileId> = Vec::new();
        let mut seen: HashSet<FileId> = HashSet::new();
        for (place, project) in snapshot.projects().iter().enumerate() {
            let history = project.history();
            let ordered = history.oldest_first().into_iter().map(|node| history[node].file);
            let found = self.of_project(snapshot, place, project);
            let others = project.files.iter().chain(found.keys()).copied();
            files.extend(ordered.chain(others).filter(|file| seen.insert(*file)));
        }
        files
    }

    /// What the rules about environments say, without looking into any file's body: quick, for the
    /// first answer. Comments that suppress nothing are not told here.
    pub fn graph_only(&self, snapshot: &Snapshot) -> Vec<(FileId, Arc<Vec<Finding>>)> {
        let mut by_file: BTreeMap<FileId, Vec<Finding>> = BTreeMap::new();
        for (place, project) in snapshot.projects().iter().enumerate() {
            for (file, findings) in self.of_project(snapshot, place, project).iter() {
                by_file.entry(*file).or_default().extend(findings.iter().cloned());
            }
        }
        let finish = |(file, findings)| {
            let text = snapshot.text(file)?;
            let mut findings = self.settled(snapshot, file, findings);
            suppression::apply(&mut findings, &text, &mut suppression::read(&text));
            Some((file, Arc::new(findings)))
        };
        by_file.into_iter().filter_map(finish).collect()
    }

    /// The findings of a file, ordered by place; none for a file that is not ours. A file that
    /// nothing changed for is not read again.
    pub fn of(&self, snapshot: &Snapshot, file: FileId) -> Arc<Vec<Finding>> {
        let Some(basis) = self.basis(snapshot, file) else {
            return self.computed(snapshot, file, &[]).findings;
        };
        let last = self.verdicts.peek(&file, &basis.identity);
        if let Some(known) = last.and_then(|last| last.standing(snapshot, &basis)) {
            let findings = known.findings.clone();
            self.verdicts.put(&file, basis.identity, known);
            return findings;
        }
        let verdict = Arc::new(self.computed(snapshot, file, &basis.places));
        let findings = verdict.findings.clone();
        self.verdicts.put(&file, basis.identity, verdict);
        findings
    }

    /// What the findings of a file follow from; `None` where it is no revision.
    fn basis<'a>(&self, snapshot: &'a Snapshot, file: FileId) -> Option<Basis<'a>> {
        let mut basis = Basis { identity: Fingerprint::default(), places: Vec::new() };
        for (place, project) in snapshot.projects().iter().enumerate() {
            let found = self.of_project(snapshot, place, project);
            let found = found.get(&file);
            let Some(node) = project.graph().node(file) else {
                if found.is_some() {
                    return None;
                }
                continue;
            };
            let text = snapshot.text_identity(project, file)?;
            let facts = snapshot.body_facts(project, node);
            basis.identity = Fingerprint::of(&(basis.identity, place, text, facts, found));
            basis.places.push((place, project, node));
        }
        (!basis.places.is_empty()).then_some(basis)
    }

    fn computed(
        &self,
        snapshot: &Snapshot,
        file: FileId,
        places: &[(usize, &Arc<Project>, Node)],
    ) -> Verdict {
        let mut findings: Vec<Finding> = Vec::new();
        let mut stands = Vec::with_capacity(places.len());
        for (place, project) in snapshot.projects().iter().enumerate() {
            if let Some(found) = self.of_project(snapshot, place, project).get(&file) {
                findings.extend(found.iter().cloned());
            }
        }
        for (_, project, node) in places {
            let grounds = snapshot.grounds(project, *node);
            let looked = Arc::new(of_body(snapshot, project, *node, file, &mut findings));
            let others = looked.asked_others.then(|| snapshot.identity_of_all_made(project));
            stands.push(Stand { grounds, looked, others });
        }
        Verdict { stands, findings: self.finished(snapshot, file, findings) }
    }

    /// Findings as they are told: wanted, not suppressed, each once, in order.
    fn finished(
        &self,
        snapshot: &Snapshot,
        file: FileId,
        findings: Vec<Finding>,
    ) -> Arc<Vec<Finding>> {
        if findings.is_empty() && !snapshot.is_revision(file) {
            return Arc::default();
        }
        let Some(text) = snapshot.text(file) else {
            return Arc::new(self.settled(snapshot, file, findings));
        };
        let mut findings = self.settled(snapshot, file, findings);
        let mut suppressions = suppression::read(&text);
        suppression::apply(&mut findings, &text, &mut suppressions);
        if !suppressions.is_empty() {
            let own = about_suppressions(snapshot, file, &text, &suppressions);
            findings.extend(self.settled(snapshot, file, own));
        }
        findings.sort_by(|a, b| (a.span, a.rule, &a.message).cmp(&(b.span, b.rule, &b.message)));
        // A file of several environments has most of its findings in each.
        findings.dedup_by(|a, b| (a.span, a.rule, &a.message) == (b.span, b.rule, &b.message));
        Arc::new(findings)
    }

    /// What the rules about the environment as a whole say.
    fn of_project(&self, snapshot: &Snapshot, place: usize, project: &Arc<Project>) -> ByFile {
        {
            let known = self.projects.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((last, findings)) = known.get(&place)
                && (Arc::ptr_eq(last, project) || project.has_graph_of(last))
            {
                return findings.clone();
            }
        }
        let mut list = Vec::new();
        let graph = project.graph();
        let context = ProjectContext { snapshot, project, graph };
        for rule in rules() {
            if let Check::Project(check) = rule.meta.check {
                check(&context, &mut Findings::new(rule, project.name(), &mut list));
            }
        }
        let mut by_file: BTreeMap<FileId, Vec<Finding>> = BTreeMap::new();
        for finding in list {
            by_file.entry(finding.span.file).or_default().push(finding);
        }
        let findings = Arc::new(by_file);
        let mut known = self.projects.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(place, (project.clone(), findings.clone()));
        findings
    }

    /// Findings as the settings of their environment want them.
    fn settled(&self, snapshot: &Snapshot, file: FileId, findings: Vec<Finding>) -> Vec<Finding> {
        let path = snapshot.files().path(file);
        let mut settled = Vec::with_capacity(findings.len());
        let mut resolved: Option<(&str, Resolved<'_>)> = None;
        for finding in findings {
            let project =
                snapshot.projects().iter().find(|project| project.name() == finding.environment);
            let Some(project) = project else {
                settled.push(finding);
                continue;
            };
            if resolved.as_ref().is_none_or(|(name, _)| *name != project.name()) {
                resolved = Some((project.name(), Resolved::new(&project.settings)));
            }
            let root = snapshot.workspace().roots.iter().find(|root| path.starts_with(root));
            let relative =
                root.and_then(|root| path.strip_prefix(root).ok()).unwrap_or(Path::new(""));
            if let Some((_, resolved)) = &resolved {
                settled.extend(resolved.apply(finding, relative));
            }
        }
        settled
    }
}

impl Verdict {
    /// The verdict on the states of now, where what it rests on is equal in them.
    fn standing(self: Arc<Self>, snapshot: &Snapshot, basis: &Basis<'_>) -> Option<Arc<Self>> {
        if self.stands.len() != basis.places.len() {
            return None;
        }
        let mut moved: Vec<Stand> = Vec::new();
        for (stand, (_, project, node)) in self.stands.iter().zip(&basis.places) {
            if stand.others.is_some_and(|others| others != snapshot.identity_of_all_made(project)) {
                return None;
            }
            let grounds = snapshot.grounds(project, *node);
            if grounds != stand.grounds {
                let differs = snapshot.differs_since(project, *node, &stand.grounds)?;
                if stand.looked.is_concerned(&differs, snapshot, project, *node) {
                    return None;
                }
            }
            moved.push(Stand { grounds, ..stand.clone() });
        }
        if self.stands.iter().zip(&moved).all(|(stand, moved)| stand.grounds == moved.grounds) {
            return Some(self);
        }
        Some(Arc::new(Self { stands: moved, findings: self.findings.clone() }))
    }
}

/// Adds what the rules about migrations say of one file; which parts of the states around it counted.
fn of_body(
    snapshot: &Snapshot,
    project: &Arc<Project>,
    node: Node,
    file: FileId,
    findings: &mut Vec<Finding>,
) -> Looked {
    let graph = project.graph();
    let Some(heading) = project.heading(file) else { return Looked::default() };
    let Some(source) = snapshot.syntax(file) else { return Looked::default() };
    // What other revisions do counts as far as this one meets it.
    let judged = Judged::of(snapshot, project, node, file);
    let header = snapshot.header(file).unwrap_or_default();
    let context = FileContext {
        snapshot,
        project,
        graph,
        file,
        node,
        heading,
        header: &header,
        source: &source,
        judged: &judged,
    };
    for rule in rules() {
        if let Check::File(check) = rule.meta.check {
            check(&context, &mut Findings::new(rule, project.name(), findings));
        }
    }
    judged.looked
}

/// What is to say about the suppression comments themselves.
fn about_suppressions(
    snapshot: &Snapshot,
    file: FileId,
    text: &Text,
    suppressions: &[Suppression],
) -> Vec<Finding> {
    let mut list = Vec::new();
    let environment = snapshot.owners(file).next().map(|project| project.name().to_owned());
    let environment = environment.unwrap_or_default();
    for suppression in suppressions {
        for named in &suppression.rules {
            let span = Span::new(file, named.range);
            if rule(&named.name).is_none() {
                let known = rules().iter().map(|rule| rule.name);
                let message = revline_analysis::unknown_word("rule", &named.name, known);
                if let Some(rule) = rule("unknown-rule") {
                    Findings::new(rule, &environment, &mut list).push(span, message).done();
                }
            } else if !named.used
                && let Some(rule) = rule("unused-suppression")
            {
                let message = format!("There is no `{}` here to ignore.", named.name);
                let edit = removal(text, suppression, named.range);
                let fix = Fix {
                    title: "Remove the suppression".to_owned(),
                    change: SourceChange::edit(file, vec![edit]),
                    safety: Safety::Safe,
                };
                Findings::new(rule, &environment, &mut list).push(span, message).fix(fix).done();
            }
        }
    }
    for finding in &mut list {
        finding.unnecessary = finding.rule == "unused-suppression";
    }
    list
}

/// Takes a rule out of a comment; the whole comment where it is the only one.
fn removal(text: &Text, suppression: &Suppression, rule: Range) -> Edit {
    let source = text.as_str();
    let line = text.line_of(suppression.range.start());
    let line = text.line_range(line).unwrap_or(suppression.range);
    if suppression.rules.len() > 1 {
        let after = source.get(rule.end() as usize..).unwrap_or_default();
        let before = source.get(..rule.start() as usize).unwrap_or_default();
        let range = match after.strip_prefix(',') {
            Some(rest) => {
                let space = rest.len() - rest.trim_start_matches(' ').len();
                Range::of(rule.start() as usize, rule.end() as usize + 1 + space)
            }
            None => Range::of(before.trim_end_matches([' ', ',']).len(), rule.end() as usize),
        };
        return Edit::replace(range, "");
    }
    let head =
        Range::new(line.start(), suppression.range.start()).slice(source).unwrap_or_default();
    let code = head.trim_end().trim_end_matches('#').trim_end();
    if code.is_empty() {
        // The comment has the line to itself: the line goes with it.
        let end = source.get(line.end() as usize..).unwrap_or_default();
        let break_length = if end.starts_with("\r\n") { 2 } else { usize::from(!end.is_empty()) };
        return Edit::replace(
            Range::of(line.start() as usize, line.end() as usize + break_length),
            "",
        );
    }
    Edit::replace(Range::of(line.start() as usize + code.len(), line.end() as usize), "")
}
