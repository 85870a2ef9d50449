//! What the session does about databases: when they are looked at, and what they said last.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use revline_analysis::{Database, Difference, Effect, FailedRun, Observed, Project, Sight};
use revline_history::RevisionId;
use revline_text::FileId;
use tracing::{error, warn};

use super::Session;
use crate::client::Tone;
use crate::database;
use crate::event::Event;
use crate::settings;

impl Session {
    /// A look is over.
    pub(super) fn looked(&mut self, environment: &Path, seen: Option<Database>) {
        let closed = |sight: &Sight| matches!(sight, Sight::Closed(_) | Sight::Refused { .. });
        let answered = seen.as_ref().is_none_or(|it| !closed(&it.sight));
        if self.looks.end(environment, Instant::now(), answered) {
            self.look_at_databases(Some(environment));
        }
        let compared = self.compared.remove(environment);
        self.set_database(environment, |before| {
            let mut database = database::joined(seen, before)?;
            if let (Sight::Seen(observed), Some(found)) = (&mut database.sight, compared) {
                observed.differences = found;
            }
            Some(database)
        });
    }

    /// The models were compared with the database. Where nobody looked at it yet, the look that
    /// follows takes it along.
    pub(super) fn compared(&mut self, environment: &Path, found: Vec<Difference>) {
        let snapshot = self.inputs.snapshot();
        let here = |project: &&Arc<Project>| project.environment.script_location == environment;
        let seen = snapshot.projects().iter().find(here).is_some_and(|it| it.observed().is_some());
        if seen {
            self.change_observed(environment, |observed| observed.differences = found);
        } else {
            self.compared.insert(environment.to_owned(), found);
        }
    }

    /// A file is edited: what was found to differ there may differ no more.
    pub(super) fn forget_differences(&mut self, file: FileId) {
        let is_there =
            |difference: &Difference| difference.place.is_some_and(|(span, _)| span.file == file);
        let snapshot = self.inputs.snapshot();
        for project in snapshot.projects() {
            let differences = project.observed().map(|observed| observed.differences.as_slice());
            if differences.unwrap_or_default().iter().any(is_there) {
                let here = project.environment.script_location.clone();
                self.change_observed(&here, |observed| {
                    observed.differences.retain(|difference| !is_there(difference));
                });
            }
        }
    }

    /// A run is over; where it failed, and where the database stands now, as far as that is known. A
    /// failure holds as long as the database stands there.
    pub(super) fn ran(
        &mut self,
        environment: &Path,
        failed: Option<FailedRun>,
        rows: Option<Vec<RevisionId>>,
    ) {
        self.change_observed(environment, |observed| {
            observed.failed = failed;
            if let Some(rows) = rows {
                observed.rows = rows;
            }
        });
    }

    fn change_observed(&mut self, environment: &Path, change: impl FnOnce(&mut Observed)) {
        self.set_database(environment, |before| {
            let mut database = before.map(|it| (**it).clone())?;
            if let Sight::Seen(observed) = &mut database.sight {
                change(observed);
            }
            Some(database)
        });
    }

    /// From now on the database of an environment is this one of the settings.
    pub(super) fn choose_database(&mut self, environment: PathBuf, name: Option<String>) {
        let disk = self.inputs.files().disk();
        if let Err(error) = self.access.person.choose(disk, &environment, name.as_deref()) {
            let why = format!(
                "The choice holds until the editor is closed, and is not remembered: {error}"
            );
            self.editor.tell(Tone::Warning, why);
        }
        let chosen = Arc::make_mut(&mut self.access.chosen);
        match name {
            Some(name) => chosen.insert(environment.clone(), name),
            None => chosen.remove(&environment),
        };
        // What another one said holds no more.
        self.set_database(&environment, |_| None);
        self.look_at_databases(Some(&environment));
    }

    /// Takes over what the person chose before.
    pub(super) fn remember_databases(&mut self) {
        match self.access.person.chosen(self.inputs.files().disk()) {
            Ok(chosen) => self.access.chosen = Arc::new(chosen),
            Err(error) => warn!(%error, "which databases were chosen cannot be read"),
        }
    }

    /// Takes over the hosts that the editor's settings allow.
    pub(super) fn allow_hosts(&mut self) {
        let settings = self.settings.as_ref().map(settings::from_json).unwrap_or_default();
        self.access.allow = Arc::new(settings.database.allow);
    }

    /// Looks where databases stand, each in a task of its own: the one of an environment that a
    /// person asked about, or those that nobody looked at for a while.
    pub(super) fn look_at_databases(&mut self, asked: Option<&Path>) {
        if !self.access.trusted || !self.indexed {
            return;
        }
        let snapshot = self.inputs.snapshot();
        for project in snapshot.projects() {
            let here = &project.environment.script_location;
            if asked.is_some_and(|asked| asked != here)
                || !self.looks.begin(here, Instant::now(), asked.is_some())
            {
                continue;
            }
            let (snapshot, project, access) =
                (snapshot.clone(), project.clone(), self.access.clone());
            let (mailbox, here) = (self.mailbox.clone(), here.clone());
            tokio::spawn(async move {
                let runtime = tokio::runtime::Handle::current();
                let look = move || database::look(&snapshot, &project, &access, &runtime);
                let seen = tokio::task::spawn_blocking(look).await;
                let seen = seen.unwrap_or_else(|panic| {
                    error!(%panic, "looking at a database failed");
                    None
                });
                mailbox.post(Event::Looked(here, seen));
            });
        }
    }

    fn set_database(
        &mut self,
        environment: &Path,
        change: impl FnOnce(Option<&Arc<Database>>) -> Option<Database>,
    ) {
        let snapshot = self.inputs.snapshot();
        let here = |project: &&Arc<Project>| project.environment.script_location == environment;
        let Some(project) = snapshot.projects().iter().find(here) else { return };
        let database = change(project.database.as_ref());
        let effect = self.inputs.observe(environment, database);
        if effect != Effect::Nothing {
            // Lenses say where the database stands.
            self.stale = true;
        }
        self.after(effect);
    }
}
