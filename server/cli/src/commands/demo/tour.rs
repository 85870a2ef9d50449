//! What is asked of the server, in order, and how its answers are shown.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;
use revline_analysis::{Depth, Files, Index, Inputs, Snapshot};
use revline_ide::{GraphMarks, GraphView};
use revline_lint::{Cache, Severity};
use revline_text::Text;
use revline_vfs::RealDisk;
use serde_json::Value;

use super::editor::{self, Diagnostic, Editor};
use crate::commands::graph::newest;
use crate::frame::{Frame, Place};
use crate::output::print;

/// The two heads' younger side, and a straight migration: the revision that is pointed at.
const REVISION: &str = "96f05a3ed8b7";

/// The first revision, which makes two tables.
const FIRST: &str = "3f1c8a52d7e4";

/// What is wrong in the sample, on purpose.
const EXPECTED: [&str; 4] =
    ["multiple-heads", "missing-downgrade", "docstring-mismatch", "sqlite-unsupported-alter"];

/// How many revisions are drawn.
const ROWS: usize = 6;

/// Walks through the sample and returns what was expected and did not come.
pub(super) fn run(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut missing: Vec<String> = Vec::new();
    let mut expect = |there: bool, what: &str| {
        if !there {
            missing.push(what.to_owned());
        }
    };
    say!(
        "A web shop with an Alembic history is copied to a temporary folder, and a language server\n\
         is started on it. No Python runs; what follows is what the server answers to an editor, and in\n\
         the end the sample's own SQLite database is brought to the head."
    );
    let began = Instant::now();
    let mut editor = Editor::open(folder)?;

    let found = all(&mut editor)?;
    title("Diagnostics");
    let revisions = editor.revisions()?.len();
    say!(
        "{} in {revisions} revisions, {} ms after the server was started.\n",
        found.len(),
        began.elapsed().as_millis()
    );
    for diagnostic in &found {
        say!("{}\n", picture(&editor, diagnostic).context("a file went away")?);
    }
    for rule in EXPECTED {
        expect(has(&found, rule), rule);
    }

    title("The graph");
    let before = editor.heads()?;
    print(&read(folder).picture()?);
    expect(before.len() == 2, "a graph with two heads");

    let file = editor.revisions()?.into_iter().find(|path| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(REVISION))
    });
    let file = file.context("the sample has lost a revision")?;
    editor.show(&file)?;
    title(&format!("Hover on `down_revision` in {}", editor.shown(&file)));
    let card = editor.hover(&file, "= 'a53e1f6bc094'", 4)?;
    quote(card.as_deref());
    expect(card.is_some_and(|card| card.contains("index orders")), "the parent's title on hover");
    title(&format!("Hover on `upgrade` in {}", editor.shown(&file)));
    let sql = editor.hover(&file, "def upgrade", 4)?;
    quote(sql.as_deref());
    expect(sql.is_some_and(|sql| sql.contains("ALTER TABLE orders")), "SQL on hover");

    title(&format!("Hover on the table `orders` in {}", editor.shown(&file)));
    let table = editor.hover(&file, "'orders'", 1)?;
    quote(table.as_deref());
    expect(table.is_some_and(|card| card.contains("+ gift_message")), "a table on hover");
    title("The document behind the lens «SQL» over `downgrade`");
    let sql = editor.downgrade_sql(&file)?;
    quote(sql.as_deref());
    expect(sql.is_some_and(|sql| sql.contains("DROP COLUMN gift_message")), "a document with SQL");

    title(&format!("revline schema {FIRST}"));
    let schema = schema(folder)?;
    quote(Some(&schema));
    expect(schema.contains("customers"), "the schema at a revision");

    title("The quick fix");
    let conflict = found.iter().find(|diagnostic| {
        diagnostic.rule() == "multiple-heads" && diagnostic.value["severity"] == 1
    });
    let fixes = match conflict {
        Some(conflict) => editor.fixes(conflict)?,
        None => Vec::new(),
    };
    say!("The two heads can be brought together in these ways:");
    for fix in &fixes {
        say!("  - {}", name(fix));
    }
    let merge = fixes.iter().find(|fix| name(fix).starts_with("Merge heads"));
    expect(merge.is_some(), "the quick fix that merges");
    if let Some(merge) = merge {
        let written = editor.apply(merge)?;
        for path in &written {
            say!("\n«{}» wrote {}:\n", name(merge), editor.shown(path));
            quote(read(folder).text(path).as_ref().map(Text::as_str));
        }
        expect(!written.is_empty(), "a new file");

        title("The graph afterwards");
        let after = editor.heads()?;
        print(&read(folder).picture()?);
        expect(after.len() == 1, "a graph with one head");
        let left = all(&mut editor)?;
        expect(!has(&left, "multiple-heads"), "an end of multiple-heads");
        let rules: BTreeSet<&str> = left.iter().map(Diagnostic::rule).collect();
        let rules: Vec<&str> = rules.into_iter().collect();
        say!("\nWhat remains: {}.", rules.join(", "));
    }
    title("What SQLite cannot ALTER, wrapped in a batch by its own quick fix");
    expect(mend(&mut editor)?, "an end of sqlite-unsupported-alter");
    editor.close()?;
    Ok(missing)
}

/// Applies the fix of each statement that SQLite cannot run; whether none is left.
fn mend(editor: &mut Editor) -> anyhow::Result<bool> {
    const RULE: &str = "sqlite-unsupported-alter";
    // Each fix takes at least one away, and the sample has a few.
    for _ in 0..16 {
        let found = all(editor)?;
        let Some(next) = found.iter().find(|found| found.rule() == RULE) else { return Ok(true) };
        let fixes = editor.fixes(next)?;
        let Some(fix) = fixes.iter().find(|fix| name(fix).starts_with("Wrap in a batch")) else {
            return Ok(false);
        };
        for path in editor.apply(fix)? {
            say!("«{}» changed {}", name(fix), editor.shown(&path));
        }
    }
    Ok(false)
}

/// What this program says of the schema at the first revision.
#[expect(clippy::disallowed_methods, reason = "this same program, on the sample")]
fn schema(folder: &Path) -> anyhow::Result<String> {
    let program = std::env::current_exe().context("this program has no path")?;
    let done = std::process::Command::new(program)
        .args(["schema", FIRST])
        .current_dir(folder)
        .env_remove("ALEMBIC_CONFIG")
        .output()?;
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

pub(super) fn title(text: &str) {
    say!("\n\u{1b}[1;36m== {text}\u{1b}[0m\n");
}

pub(super) fn quote(text: Option<&str>) {
    for line in text.unwrap_or("(the server has nothing to say here)").lines() {
        say!("    {}", line.trim_end());
    }
}

fn name(action: &Value) -> &str {
    action["title"].as_str().unwrap_or_default()
}

fn has(found: &[Diagnostic], rule: &str) -> bool {
    found.iter().any(|diagnostic| diagnostic.rule() == rule)
}

/// The diagnostics of all revisions.
fn all(editor: &mut Editor) -> anyhow::Result<Vec<Diagnostic>> {
    let mut found = Vec::new();
    for path in editor.revisions()? {
        found.extend(editor.diagnostics(&path)?);
    }
    Ok(found)
}

/// A diagnostic in its code.
fn picture(editor: &Editor, diagnostic: &Diagnostic) -> anyhow::Result<String> {
    let files = Files::new(Arc::new(RealDisk));
    let text = |path: &Path| files.text(files.id(path));
    let own = text(&diagnostic.path)?;
    let value = &diagnostic.value;
    let mut others = Vec::new();
    for related in value["relatedInformation"].as_array().into_iter().flatten() {
        let path = editor::path(&related["location"]["uri"])?;
        others.push((related, text(&path)?, path));
    }
    let related = others.iter().map(|(related, text, path)| Place {
        path: editor.shown(path),
        text,
        range: editor.range(text, &related["location"]["range"]),
        label: related["message"].as_str().unwrap_or_default().to_owned(),
    });
    let frame = Frame {
        severity: match value["severity"].as_u64() {
            Some(1) => Severity::Error,
            Some(2) => Severity::Warning,
            Some(3) => Severity::Info,
            _ => Severity::Hint,
        },
        rule: diagnostic.rule(),
        message: value["message"].as_str().unwrap_or_default(),
        at: Place {
            path: editor.shown(&diagnostic.path),
            text: &own,
            range: editor.range(&own, &value["range"]),
            label: String::new(),
        },
        related: related.collect(),
        help: None,
    };
    Ok(frame.render())
}

/// The sample as it stands on disk, for the drawing.
struct Read(Snapshot);

fn read(folder: &Path) -> Read {
    let files = Files::new(Arc::new(RealDisk));
    let mut inputs = Inputs::new(files.clone());
    inputs.set_index(Index::build(&files, &[folder.to_path_buf()], None, Depth::Graph));
    Read(inputs.snapshot())
}

impl Read {
    fn picture(&self) -> anyhow::Result<String> {
        let project = self.0.projects().first().context("the sample has no environment")?;
        let findings = Cache::default().graph_only(&self.0).into_iter().collect();
        let view = GraphView::of(project, &GraphMarks { findings, ..GraphMarks::default() });
        Ok(newest(&view, ROWS))
    }

    fn text(&self, path: &Path) -> Option<Text> {
        self.0.text(self.0.files().id(path))
    }
}
