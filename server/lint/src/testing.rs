//! Fixtures in, findings out as text.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use expect_test::Expect;
use revline_analysis::{
    Database, Depth, Difference, Earlier, FailedRun, Files, Index, Inputs, Observed, Sight,
    Snapshot, Witness, code, elsewhere as elsewhere_of,
};
use revline_fixture::{Fixture, ROOT, place};
use revline_history::RevisionId;
use revline_python::Source;
use revline_text::{FileId, Fingerprint, Span};
use revline_vfs::{MemoryDisk, Shared};

use crate::{Cache, Finding};

/// The file of a fixture that is no file: the rows of the database's version table.
const ROWS: &str = "alembic_version";

/// Another: where a run of migrations failed, as `path:line: message`.
const FAILED: &str = "failed_run";

/// Another: what differs between models and database, as `path:line: message` or a message alone.
const DIFFERENCES: &str = "differences";

/// Folders of a fixture that are none: what revisions said when Revline applied them, and on the
/// branch that everybody shares. The names of the files are those of the revisions.
const BEFORE: [&str; 2] = ["applied", "shared"];

/// Everything that is known of a fixture. Files marked `shared` are on the default branch; one marked
/// `elsewhere` is on the branch `wish-list` alone; `alembic_version` holds the rows of the version
/// table of a database that somebody looked at, `failed_run` where its last run failed.
pub(crate) fn snapshot(fixture: Fixture) -> Snapshot {
    let fixture = fixture.in_environment();
    let elsewhere: Vec<PathBuf> = fixture.marked("elsewhere").collect();
    let rows = fixture.file(ROWS).map(|file| file.text.clone());
    let failed = fixture.file(FAILED).map(|file| file.text.clone());
    let is_elsewhere = |path: &Path| elsewhere.iter().any(|one| one == path);
    let here = |(path, _): &(PathBuf, String)| {
        !is_elsewhere(path)
            && ![ROWS, FAILED, DIFFERENCES].iter().any(|name| path.ends_with(name))
            && !BEFORE.iter().any(|name| path.starts_with(Path::new(ROOT).join(name)))
    };
    let mut disk = MemoryDisk::new(fixture.on_disk().filter(here));
    if !elsewhere.is_empty() {
        let there = fixture.on_disk().filter(|(path, _)| is_elsewhere(path));
        disk = disk.with_branch("wish-list", there);
    }
    let shared: Vec<_> = fixture.marked("shared").collect();
    if !shared.is_empty() {
        let files = shared.into_iter().collect();
        disk = disk.with_shared(Shared { branch: "origin/main".to_owned(), files });
    }
    let files = Files::new(Arc::new(disk));
    let index = Index::build(&files, &[ROOT.into()], None, Depth::Shared);
    let mut inputs = Inputs::new(files);
    inputs.set_index(index);
    let differences = fixture.file(DIFFERENCES).map(|file| file.text.clone()).unwrap_or_default();
    let earlier = earlier(&fixture);
    if let Some(rows) = rows {
        for project in inputs.snapshot().projects() {
            let rows: Vec<RevisionId> = rows.split_whitespace().map(RevisionId::new).collect();
            let observed = Observed {
                server: "PostgreSQL 15.18".to_owned(),
                elsewhere: elsewhere_of(inputs.files(), project, &rows),
                earlier: earlier.clone(),
                rows,
                differences: differences
                    .lines()
                    .map(|line| difference(inputs.files(), line))
                    .collect(),
                failed: failed.as_ref().and_then(|place| failed_at(inputs.files(), place)),
            };
            let address = "postgresql://localhost/shop".to_owned();
            let database = Database { name: None, address, sight: Sight::Seen(observed) };
            inputs.observe(&project.environment.script_location, Some(database));
        }
    }
    inputs.snapshot()
}

/// What revisions said before: those below each folder of [`BEFORE`].
fn earlier(fixture: &Fixture) -> Vec<Earlier> {
    let mut earlier = Vec::new();
    for name in BEFORE {
        let folder = Path::new(ROOT).join(name);
        for (path, text) in fixture.on_disk().filter(|(path, _)| path.starts_with(&folder)) {
            let source = Source::parse(FileId(0), text.into());
            let id = path.file_stem().and_then(|stem| stem.to_str()).map(RevisionId::new);
            let (Some(id), Some(code)) = (id, code(&source)) else { continue };
            let witness = match name {
                "applied" => Witness::Run("2026-11-25".to_owned()),
                _ => Witness::Branch("origin/main".to_owned()),
            };
            earlier.push(Earlier { id, code, witness });
        }
    }
    earlier.sort();
    earlier
}

/// The failed run that `path:line: message` names.
fn failed_at(files: &Files, place: &str) -> Option<FailedRun> {
    let ((span, text), message) = placed(files, place.trim())?;
    Some(FailedRun { span, text, message })
}

fn difference(files: &Files, line: &str) -> Difference {
    let (place, message) = match placed(files, line) {
        Some((place, message)) => (Some(place), message),
        None => (None, line.to_owned()),
    };
    Difference { place, short: String::new(), message }
}

/// A line of a file, the identity of its text, and the message behind it, of `path:line: message`.
fn placed(files: &Files, place: &str) -> Option<((Span, Fingerprint), String)> {
    let (path, rest) = place.split_once(':')?;
    let (line, message) = rest.split_once(": ")?;
    let file = files.id(&Path::new(ROOT).join(path));
    let text = files.text(file).ok()?;
    let range = text.line_range(line.parse::<u32>().ok()?.checked_sub(1)?)?;
    Some(((Span::new(file, range), text.fingerprint()), message.to_owned()))
}

/// Every finding, ordered by file name and place.
pub(crate) fn all(snapshot: &Snapshot) -> Vec<(FileId, Finding)> {
    let cache = Cache::default();
    let mut files = cache.files(snapshot);
    files.sort_by_key(|file| snapshot.files().path(*file));
    let of = |file: FileId| {
        let findings = cache.of(snapshot, file);
        findings.iter().map(|finding| (file, finding.clone())).collect::<Vec<_>>()
    };
    files.into_iter().flat_map(of).collect()
}

/// Compares all findings of a fixture.
#[track_caller]
pub(crate) fn check(fixture: &str, expect: Expect) {
    let snapshot = snapshot(Fixture::parse(fixture));
    let found: Vec<Finding> = all(&snapshot).into_iter().map(|(_, finding)| finding).collect();
    expect.assert_eq(&show(&snapshot, &found));
}

/// Compares the findings of the rules about the graph and the configuration, which look into no
/// body.
#[track_caller]
pub(crate) fn check_graph(fixture: &str, expect: Expect) {
    let snapshot = snapshot(Fixture::parse(fixture));
    let mut found: Vec<Finding> = Vec::new();
    for (_, findings) in Cache::default().graph_only(&snapshot) {
        found.extend(findings.iter().cloned());
    }
    let path = |finding: &Finding| snapshot.files().path(finding.span.file);
    found.sort_by_key(|finding| (path(finding), finding.span.range, finding.rule));
    expect.assert_eq(&show(&snapshot, &found));
}

/// Findings as `path:line:column severity rule: message`, with what belongs to them below.
fn show(snapshot: &Snapshot, findings: &[Finding]) -> String {
    let at = |span: Span| {
        let path = snapshot.files().path(span.file);
        let text = snapshot.text(span.file).unwrap_or_else(|| revline_text::Text::new(""));
        place(Path::new(&*path), &text, span.range.start())
    };
    let mut shown = String::new();
    for finding in findings {
        let Finding { rule, severity, span, message, .. } = finding;
        writeln!(shown, "{} {} {rule}: {message}", at(*span), severity.as_str()).expect("a string");
        for related in &finding.related {
            writeln!(shown, "  {} {}", at(related.span), related.message).expect("a string");
        }
        for fix in &finding.fixes {
            let change = &fix.change;
            let warned = if change.annotation.is_some() { ", warned" } else { "" };
            writeln!(shown, "  fix ({}{warned}): {}", fix.safety.as_str(), fix.title)
                .expect("a string");
        }
    }
    shown
}

/// A chain of revisions, each with the operations of its `upgrade`; its `downgrade` is `op.undo()`,
/// which is not understood.
pub(crate) fn history(upgrades: &[&str]) -> String {
    let mut fixture = String::new();
    let mut before = "None".to_owned();
    for (at, upgrade) in upgrades.iter().enumerate() {
        let id = char::from(b'a' + u8::try_from(at).expect("few revisions"));
        let body = upgrade.trim().replace('\n', "\n    ");
        write!(
            fixture,
            "//- versions/{id}.py\nimport sqlalchemy as sa\nfrom alembic import op\nrevision = '{id}'\n\
             down_revision = {before}\ndef upgrade():\n    {body}\ndef downgrade():\n    op.undo()\n"
        )
        .expect("a string");
        before = format!("'{id}'");
    }
    fixture
}
