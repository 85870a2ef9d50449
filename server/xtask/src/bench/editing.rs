//! What an editor waits for in the middle of a long history: a hover, the diagnostics of an edited body,
//! and what depends on it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use revline_tests::editors;
use revline_tests::lsp::{Client, at, uri};
use revline_tests::project::Project;
use serde_json::json;

use super::{PAUSE, Row, edits, percentile, spread};

/// How many hovers are measured.
const HOVERS: usize = 100;

/// How often the diagnostics of a closed file are waited for.
const DEPENDENTS: usize = 40;

/// Measures in a session of its own, in the middle of the generated history.
pub(super) fn rows(program: &Path, project: &Project, revisions: usize) -> Result<Vec<Row>> {
    let middle = file(project, revisions / 2)?;
    let late = file(project, revisions - revisions / 100 - 2)?;
    let mut client = Client::start_program(program, &[]);
    client.greet(&editors::eglot_30(), &[project.root()]);
    let text = client.open_file(&middle);
    client.open_file(&late);
    client.pump(Duration::from_secs(20), |_| false);

    let mut hovers = Vec::new();
    for number in 0..HOVERS {
        let file = file(project, revisions / 2 + number * 3)?;
        if number > 0 {
            client.open_file(&file);
        }
        hovers.push(hover(&mut client, &file)?);
    }
    hovers.sort_unstable();

    // A column of the table goes and comes: SQL, the schema and all that follows are other ones.
    let line = text.lines().position(|line| line.contains("sa.Column('name'"));
    let line = u32::try_from(line.context("the file is as it was generated")?)?;
    let column = u32::try_from(
        text.lines().nth(line as usize).and_then(|text| text.find("name")).unwrap_or(0),
    )?;
    let change = |edit: usize| {
        // With `size` the column that follows is there already, and a rule says so.
        let name = if edit.is_multiple_of(2) { "size" } else { "name" };
        json!({ "range": revline_tests::project::range(line, column, column + 4), "text": name })
    };
    let own = edits(&mut client, &middle, change)?;
    let mut hovered = Vec::new();
    for edit in 0..20 {
        client.change(&middle, json!([change(edit)]));
        hovered.push(hover(&mut client, &late)?);
    }
    hovered.sort_unstable();
    // The file that drops the column is not open; what it meets is told of it all the same.
    let closed = file(project, super::dependent(revisions))?;
    let mut dependents = Vec::new();
    for edit in 0..DEPENDENTS {
        let name = if edit % 2 == 0 { "nome" } else { "name" };
        let range = revline_tests::project::range(line, column, column + 4);
        let before = client.published.get(&uri(&closed)).map_or(0, Vec::len);
        let sent = Instant::now();
        client.change(&middle, json!([{ "range": range, "text": name }]));
        let seen = client.pump(Duration::from_secs(10), |client| {
            client.published.get(&uri(&closed)).is_some_and(|all| all.len() > before)
        });
        ensure!(seen, "nothing was told of the file that drops the column");
        dependents.push(sent.elapsed().saturating_sub(PAUSE));
    }
    dependents.sort_unstable();
    Ok(vec![
        row("hover on upgrade", &hovers, "p95 5 ms", 5),
        row(
            "edit of SQL in the middle to its diagnostics, beyond the pause",
            &own,
            "p95 20 ms",
            20,
        ),
        row("hover near the end, right after an edit in the middle", &hovered, "p95 500 ms", 500),
        row(
            "edit in the middle to the diagnostics of a closed file, beyond the pause",
            &dependents,
            "p95 500 ms",
            500,
        ),
    ])
}

fn hover(client: &mut Client, file: &Path) -> Result<Duration> {
    let text = std::fs::read_to_string(file)?;
    let line = text.lines().position(|line| line.starts_with("def upgrade"));
    let line = u32::try_from(line.context("the file is as it was generated")?)?;
    let began = Instant::now();
    let answer = client.request("textDocument/hover", at(file, line, 5));
    let took = began.elapsed();
    ensure!(answer.to_string().contains("CREATE TABLE"), "no SQL in the hover: {answer}");
    Ok(took)
}

/// The file of a numbered revision.
fn file(project: &Project, number: usize) -> Result<PathBuf> {
    let ending = format!("_step_{number}.py");
    let entries = std::fs::read_dir(project.path("migrations/versions"))?;
    let found = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.to_string_lossy().ends_with(&ending));
    found.with_context(|| format!("no revision {number}"))
}

fn row(what: &'static str, times: &[Duration], aim: &'static str, limit: u64) -> Row {
    let met = percentile(times, 95) <= Duration::from_millis(limit);
    Row { what, measured: spread(times), aim, met }
}
