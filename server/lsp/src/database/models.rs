//! What the project's own Alembic says of its models: compared with the database, or written as a new
//! revision.

use revline_analysis::Project;
use revline_apply::{Connection, Failure, Hear, Run, differences, generate, named};

use super::Act;
use super::progress::Progress;
use crate::event::Event;

impl Act {
    /// Compares the models with the database; what differs is told as diagnostics.
    pub(super) async fn compare(
        &self,
        project: &Project,
        connection: &Connection,
    ) -> Result<Option<String>, String> {
        let title = format!("Compare the models with {}", connection.address);
        let compared = self
            .with_alembic(project, connection, title, async |run, hear| {
                differences(run, hear).await
            })
            .await?;
        let Some(found) = compared else { return Ok(None) };
        let address = &connection.address;
        let said = match found.as_slice() {
            [] => format!("The models and {address} agree"),
            [one] => format!("The models ask for 1 change of {address}: {}", one.short),
            all => format!("The models ask for {} changes of {address}: {}", all.len(), named(all)),
        };
        let here = project.environment.script_location.clone();
        self.mailbox.post(Event::Compared(here, found));
        Ok(Some(said))
    }

    /// Writes the revision that the models ask for, and opens it.
    pub(super) async fn generate(
        &self,
        project: &Project,
        connection: &Connection,
        message: &str,
    ) -> Result<Option<String>, String> {
        let title = "New revision from model changes".to_owned();
        let generated = self
            .with_alembic(project, connection, title, async |run, hear| {
                generate(run, message, hear).await
            })
            .await?;
        let Some(generated) = generated else { return Ok(None) };
        let detected = match generated.differences.as_slice() {
            [] => "nothing was detected".to_owned(),
            all => named(all),
        };
        self.mailbox.post(Event::Touched(generated.files.clone()));
        let Some(file) = generated.files.first() else {
            return Ok(Some(format!("No revision was written: {detected}")));
        };
        self.editor.show(&self.world.features, file).await;
        let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy();
        Ok(Some(format!("Wrote {name}: {detected}")))
    }

    /// Lets the project's own Alembic work under the lock and a progress; `None` where it was
    /// cancelled.
    async fn with_alembic<T>(
        &self,
        project: &Project,
        connection: &Connection,
        title: String,
        work: impl AsyncFnOnce(&Run<'_>, Hear<'_>) -> Result<T, Failure>,
    ) -> Result<Option<T>, String> {
        let lock = connection.lock().await.map_err(|error| error.to_string())?;
        let progress = Progress::begin(self, title);
        let run = Run { cancel: Some(&progress.cancel), ..self.run_on(project, connection) };
        let done = work(&run, &mut |_| {}).await;
        progress.end(self).await;
        drop(lock);
        match done {
            Ok(done) => Ok(Some(done)),
            Err(failure) if failure.is_cancelled => Ok(None),
            Err(failure) => Err(failure.message),
        }
    }
}
