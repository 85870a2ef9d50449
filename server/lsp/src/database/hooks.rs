//! A new file where the project runs something on each: written to disk and handed to its
//! `post_write_hooks`, as Alembic does. In a folder that is trusted alone.

use std::path::PathBuf;

use revline_analysis::write::{Hook, NewFile};
use revline_analysis::{Project, Snapshot};
use revline_apply::{Event as Happened, run_hook};
use revline_text::SourceChange;

use crate::event::Event;
use crate::session::Mailbox;
use crate::world::World;

/// A file that is still to be written, and what runs on it then.
pub(crate) struct Hooked {
    /// Where it comes to stand.
    path: PathBuf,
    text: String,
    hooks: Vec<Hook>,
    /// The folder that Alembic is run in.
    folder: PathBuf,
    /// The interpreter that the settings name.
    python: Option<String>,
}

impl Hooked {
    pub(crate) fn new(snapshot: &Snapshot, project: &Project, file: NewFile) -> Self {
        let settings = project.settings.database.entry(None).unwrap_or_default();
        Self {
            path: file.path,
            text: file.text,
            hooks: file.hooks,
            folder: snapshot.folder_of_commands(project),
            python: settings.python,
        }
    }

    /// Writes it and runs the hooks, one after the other; what became of them, in a few words. One that
    /// does not end well takes nothing back.
    ///
    /// # Errors
    /// A sentence, where the file cannot be written.
    pub(crate) async fn write(self, world: &World, mailbox: &Mailbox) -> Result<String, String> {
        let (snapshot, person) = (&world.snapshot, &world.access.person);
        let change = SourceChange::create(self.path.clone(), self.text);
        revline_vfs::apply(&change, snapshot.files()).map_err(|error| error.to_string())?;
        let python = person.python(snapshot, self.python.as_deref(), &self.folder);
        let python = python.as_ref().map_err(String::as_str);
        let mut said = Vec::new();
        for hook in &self.hooks {
            let name = &hook.name.text;
            let mut last = String::new();
            let mut hear = |event| {
                if let Happened::Answered(line) | Happened::Said(line) = event
                    && !line.trim().is_empty()
                {
                    last = line;
                }
            };
            let ended = run_hook(hook, &self.path, &self.folder, person, python, &mut hear).await;
            match ended {
                Ok(ended) if ended.is_well() => said.push(format!("ran {name}")),
                Ok(_) => said.push(format!("the hook {name} did not end well: {last}")),
                Err(error) => {
                    // Alembic runs none of the others then.
                    said.push(format!("the hook {name} did not run: {error}"));
                    break;
                }
            }
        }
        mailbox.post(Event::Touched(vec![self.path]));
        Ok(said.join("; "))
    }
}
