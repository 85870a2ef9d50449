//! Runs the rules over a snapshot and remembers what they found.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use revline_analysis::{LastTwo, Project, Snapshot};
use revline_text::{Edit, FileId, Fingerprint, Range, SourceChange, Span, Text};

use crate::context::{FileContext, Findings, ProjectContext};
use crate::finding::{Finding, Fix, Safety};
use crate::misfits::Judged;
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
    files: LastTwo<(FileId, usize), Fingerprint, Arc<Vec<Finding>>>,
    /// What is said of a file in the end.
    settled: LastTwo<FileId, Fingerprint, Arc<Vec<Finding>>>,
}

impl Cache {
    /// Every file that may have findings: the revision files, and the files of the configuration
    /// that have some.
    pub fn files(&self, snapshot: &Snapshot) -> Vec<FileId> {
        let mut files: BTreeSet<FileId> = BTreeSet::new();
        for (place, project) in snapshot.projects().iter().enumerate() {
            files.extend(project.files.iter().copied());
            files.extend(self.of_project(snapshot, place, project).keys().copied());
        }
        files.into_iter().collect()
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
        match self.identity(snapshot, file) {
            Some(identity) => self.settled.get(&file, identity, || self.computed(snapshot, file)),
            None => self.computed(snapshot, file),
        }
    }

    /// What the findings of a file follow from; `None` where it is no revision.
    fn identity(&self, snapshot: &Snapshot, file: FileId) -> Option<Fingerprint> {
        let mut identity = None;
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
            let state = snapshot.state_identity(project, node);
            identity = Some(Fingerprint::of(&(identity, place, text, facts, state, found)));
        }
        identity
    }

    fn computed(&self, snapshot: &Snapshot, file: FileId) -> Arc<Vec<Finding>> {
        let mut findings: Vec<Finding> = Vec::new();
        for (place, project) in snapshot.projects().iter().enumerate() {
            if let Some(found) = self.of_project(snapshot, place, project).get(&file) {
                findings.extend(found.iter().cloned());
            }
            findings.extend(self.of_body(snapshot, place, project, file).iter().cloned());
        }
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

    /// What the rules about migrations say of one file.
    fn of_body(
        &self,
        snapshot: &Snapshot,
        place: usize,
        project: &Arc<Project>,
        file: FileId,
    ) -> Arc<Vec<Finding>> {
        let graph = project.graph();
        let (Some(heading), Some(node)) = (project.heading(file), graph.node(file)) else {
            return Arc::default();
        };
        // A heading outlives edits of the body, so the text itself is asked.
        let Some(text) = snapshot.text(file) else { return Arc::default() };
        // What other revisions do counts as far as this one meets it.
        let judged = &Judged::of(snapshot, project, node, file);
        let facts = snapshot.body_facts(project, node);
        let identity = Fingerprint::of(&(text.fingerprint(), facts, judged.identity));
        let compute = || {
            let mut list = Vec::new();
            let Some(source) = snapshot.syntax(file) else { return Arc::default() };
            let header = snapshot.header(file).unwrap_or_default();
            let (header, source) = (&*header, &source);
            let context = FileContext {
                snapshot,
                project,
                graph,
                file,
                node,
                heading,
                header,
                source,
                judged,
            };
            for rule in rules() {
                if let Check::File(check) = rule.meta.check {
                    check(&context, &mut Findings::new(rule, project.name(), &mut list));
                }
            }
            Arc::new(list)
        };
        self.files.get(&(file, place), identity, compute)
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

#[cfg(test)]
mod tests {
    use revline_analysis::{Depth, Files, Index, Inputs};
    use revline_vfs::MemoryDisk;

    use super::*;

    #[test]
    fn an_edit_of_the_body_alone_is_judged_anew() {
        let head = "revision = 'a'\ndown_revision = None\ndef upgrade():\n    op.f()\n";
        let path = Path::new("/p/versions/a.py");
        let disk = MemoryDisk::new([
            ("/p/alembic.ini", "[alembic]\nscript_location = %(here)s\n".to_owned()),
            ("/p/env.py", String::new()),
            ("/p/versions/a.py", head.to_owned()),
        ]);
        let files = Files::new(Arc::new(disk));
        let mut inputs = Inputs::new(files.clone());
        inputs.set_index(Index::build(&files, &["/p".into()], None, Depth::Graph));
        inputs.open(path, Text::new(head), 1);
        let cache = Cache::default();
        let file = files.id(path);
        let names = |inputs: &Inputs| -> Vec<&str> {
            cache.of(&inputs.snapshot(), file).iter().map(|finding| finding.rule).collect()
        };
        assert_eq!(names(&inputs), ["missing-downgrade"]);
        let body = format!("{head}def downgrade():\n    pass\n");
        inputs.edit(file, Text::new(&body), 2);
        assert_eq!(names(&inputs), ["empty-downgrade"]);
        inputs.edit(file, Text::new(&body.replace("pass", "op.f()")), 3);
        assert_eq!(names(&inputs), [""; 0]);
    }

    #[test]
    fn what_another_revision_does_is_seen_and_what_it_says_is_not() {
        let files_of = crate::testing::history(&[
            "op.create_table('users', sa.Column('id', sa.Integer()), sa.Column('nick', sa.Text()))",
            "op.add_column('teams', sa.Column('id', sa.Integer()))",
            "op.drop_column('users', 'id')",
        ]);
        let fixture = revline_fixture::Fixture::parse(&files_of).in_environment();
        let text_of = |name: &str| {
            let path = format!("versions/{name}.py");
            fixture.files.iter().find(|file| file.path == path).expect("a file").text.clone()
        };
        let files = Files::new(Arc::new(MemoryDisk::new(fixture.on_disk())));
        let mut inputs = Inputs::new(files.clone());
        let root = revline_fixture::ROOT;
        inputs.set_index(Index::build(&files, &[root.into()], None, Depth::Graph));
        let id = |name: &str| files.id(&Path::new(root).join(format!("versions/{name}.py")));
        let first = Path::new(root).join("versions/a.py");
        inputs.open(&first, Text::new(&text_of("a")), 1);
        let cache = Cache::default();
        let of = |inputs: &Inputs, name: &str| cache.of(&inputs.snapshot(), id(name));
        let rules = |inputs: &Inputs, name: &str| -> Vec<&str> {
            of(inputs, name).iter().map(|finding| finding.rule).collect()
        };
        assert_eq!(rules(&inputs, "b"), [""; 0], "it may have been there before the history");
        let before = of(&inputs, "c");
        assert_eq!(before.len(), 0);

        let commented = text_of("a").replace("    op.create", "    # made\n    op.create");
        inputs.edit(id("a"), Text::new(&commented), 2);
        assert!(Arc::ptr_eq(&before, &of(&inputs, "c")), "a comment changes nothing behind it");

        let renamed = text_of("a").replace("'users'", "'team'");
        inputs.edit(id("a"), Text::new(&renamed), 3);
        assert_eq!(rules(&inputs, "b"), ["no-such-table"]);
        inputs.edit(id("a"), Text::new(&text_of("a").replace("'id'", "'key'")), 4);
        assert_eq!(rules(&inputs, "c"), ["no-such-column"]);
    }
}
