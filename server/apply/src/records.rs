//! What Revline applied: for each database the code of the revisions that it ran there, kept in the
//! person's own folder, so that a revision that is changed afterwards is noticed.
//!
//! A record says what was run and when. That nobody else ran the revision anew since is not known.

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::PathBuf;

use jiff::Zoned;
use revline_analysis::settings::Runner;
use revline_analysis::{Applied, Disk, Earlier, Files, Project, Snapshot, Witness};
use revline_history::{Node, RevisionId, Step};
use revline_text::Fingerprint;

use crate::person::Person;
use crate::plan::Plan;

/// The records of one database, by revision: the identity of its code, and the day.
type Records = BTreeMap<RevisionId, (Fingerprint, String)>;

impl Person {
    /// What Revline knows of the revisions that stand on a database with these rows. Records of
    /// revisions that are not applied there any more are forgotten.
    ///
    /// # Errors
    /// Those of the operating system.
    pub fn records(
        &self,
        files: &Files,
        project: &Project,
        address: &str,
        rows: &[RevisionId],
    ) -> io::Result<Vec<Earlier>> {
        let Some(book) = self.book(project, address) else { return Ok(Vec::new()) };
        let mut records = book.read(files.disk())?;
        let known = records.len();
        let applied = applied(project, rows);
        records.retain(|id, _| applied.contains(id));
        if records.len() < known {
            book.write(files.disk(), &records)?;
        }
        let earlier = |(id, (code, day))| Earlier { id, code, witness: Witness::Run(day) };
        Ok(records.into_iter().map(earlier).collect())
    }

    /// Keeps what a run of a plan applied, as far as the rows afterwards say that it did.
    ///
    /// # Errors
    /// Those of the operating system.
    pub(crate) fn keep(
        &self,
        snapshot: &Snapshot,
        project: &Project,
        plan: &Plan,
        rows: &[RevisionId],
    ) -> io::Result<()> {
        let Some(book) = self.book(project, &plan.address) else { return Ok(()) };
        let disk = snapshot.files().disk();
        let mut records = book.read(disk)?;
        let history = project.history();
        let applied = applied(project, rows);
        let day = Zoned::now().date().to_string();
        for step in &plan.steps {
            let Step::Upgrade(node) = step.step else { continue };
            let revision = &history[node];
            // The project's Alembic reads what is saved.
            let code = match plan.runner {
                Ok(Runner::Alembic) => snapshot.code_on_disk(revision.file),
                _ => snapshot.code_here(revision.file),
            };
            match code.filter(|_| applied.contains(&revision.id)) {
                Some(code) => records.insert(revision.id.clone(), (code, day.clone())),
                None => records.remove(&revision.id),
            };
        }
        records.retain(|id, _| applied.contains(id));
        book.write(disk, &records)
    }

    fn book(&self, project: &Project, address: &str) -> Option<Book> {
        let title = format!("{}\t{address}", project.environment.script_location.display());
        let name = format!("{:?}.txt", Fingerprint::of_bytes(title.as_bytes()));
        Some(Book { path: self.own.as_ref()?.join("applied").join(name), title })
    }
}

fn applied(project: &Project, rows: &[RevisionId]) -> HashSet<RevisionId> {
    let history = project.history();
    let id = |node: Node| history[node].id.clone();
    Applied::of(rows, history).nodes().map(id).collect()
}

/// The file of one database: what it is about, then a line for each revision.
struct Book {
    path: PathBuf,
    title: String,
}

impl Book {
    fn read(&self, disk: &dyn Disk) -> io::Result<Records> {
        if disk.stamp(&self.path).is_none() {
            return Ok(Records::new());
        }
        let text = String::from_utf8_lossy(&disk.read(&self.path)?).into_owned();
        // A line that is not ours says nothing.
        Ok(text.lines().skip(1).filter_map(record).collect())
    }

    fn write(&self, disk: &dyn Disk, records: &Records) -> io::Result<()> {
        let mut text = format!("{}\n", self.title);
        for (id, (code, day)) in records {
            text.push_str(&format!("{id}\t{code:?}\t{day}\n"));
        }
        disk.write(&self.path, text.as_bytes())
    }
}

fn record(line: &str) -> Option<(RevisionId, (Fingerprint, String))> {
    let mut cells = line.split('\t');
    let (id, code, day) = (cells.next()?, cells.next()?, cells.next()?);
    let code = Fingerprint(u128::from_str_radix(code, 16).ok()?);
    Some((RevisionId::new(id), (code, day.to_owned())))
}
