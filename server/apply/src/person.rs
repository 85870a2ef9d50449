//! The person for whom a database is opened: the environment of this process, the hosts that they
//! allow, and the discovered databases that they agreed to, which are kept in their own folder and
//! not in the repository.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use revline_analysis::settings::{Platform, load_own, own_folder};
use revline_analysis::{Asking, Believed, Files, NoDatabase, Project, SettingsDefect, Snapshot};

use crate::connect::{Connection, Denied, Permission, connect};
use crate::interpreter::{Interpreter, Surroundings, installed, interpreter};

/// Whoever gave the command.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// The variables of the process; those that are no text are left out.
    pub variables: BTreeMap<String, String>,
    /// The folder of their own settings.
    pub own: Option<PathBuf>,
}

impl Person {
    /// The one who started this process.
    pub fn here() -> Self {
        let variables: BTreeMap<String, String> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let own = own_folder(Platform::current(), &|name| variables.get(name).cloned());
        Self { variables, own }
    }

    /// The hosts beyond this machine that they allow, and what is wrong with their settings.
    pub fn allow(&self, files: &Files) -> (Vec<String>, Vec<SettingsDefect>) {
        match &self.own {
            Some(folder) => {
                let (settings, defects) = load_own(files, folder);
                (settings.database.allow, defects)
            }
            None => (Vec::new(), Vec::new()),
        }
    }

    /// Which database an environment means: of the settings that name in `name`, or what `env.py`
    /// evaluates to.
    ///
    /// # Errors
    /// Why none is known, and the way out.
    pub fn believed(
        &self,
        snapshot: &Snapshot,
        project: &Project,
        name: Option<&str>,
    ) -> Result<Believed, Box<NoDatabase>> {
        let asking = Asking { name, variables: &self.variables, x: &[], section: None };
        snapshot.database(project, &asking)
    }

    /// The database, where it may be opened: it was configured, or the person agreed to it.
    /// `allow` stands beside the hosts of their own settings.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn connect(
        &self,
        files: &Files,
        project: &Project,
        believed: &Believed,
        allow: &[String],
    ) -> Result<Connection, Denied> {
        match connect(believed.clone(), &self.variables, allow, Permission::Unasked) {
            Err(Denied::Unasked { address }) if self.agreed(files, project, &address) => {
                connect(believed.clone(), &self.variables, allow, Permission::Confirmed)
            }
            other => other,
        }
    }

    /// Whether they agreed to connect to this address for this environment.
    pub fn agreed(&self, files: &Files, project: &Project, address: &str) -> bool {
        let line = line(project, address);
        self.agreements(files).is_some_and(|(_, text)| text.lines().any(|known| known == line))
    }

    /// Remembers that they agreed.
    ///
    /// # Errors
    /// Those of the operating system; it will be asked again then.
    pub fn agree(&self, files: &Files, project: &Project, address: &str) -> io::Result<()> {
        let Some((path, text)) = self.agreements(files) else { return Ok(()) };
        let text = format!("{text}{}\n", line(project, address));
        files.disk().write(&path, text.as_bytes())
    }

    /// The file of the agreements, a line for each, and its text.
    fn agreements(&self, files: &Files) -> Option<(PathBuf, String)> {
        let path = self.own.as_ref()?.join("confirmed");
        if files.disk().stamp(&path).is_none() {
            return Some((path, String::new()));
        }
        let bytes = files.disk().read(&path).unwrap_or_default();
        Some((path, String::from_utf8(bytes).unwrap_or_default()))
    }

    /// The interpreter of a project's environment; why there is none.
    ///
    /// # Errors
    /// A sentence that names what was looked at.
    pub fn interpreter(
        &self,
        snapshot: &Snapshot,
        believed: &Believed,
    ) -> Result<Interpreter, String> {
        let around = Surroundings {
            disk: snapshot.files().disk(),
            variables: &self.variables,
            platform: Platform::current(),
        };
        let roots = &snapshot.workspace().roots;
        let root = roots.iter().find(|root| believed.folder.starts_with(root));
        let root = root.unwrap_or(&believed.folder);
        let setting = believed.entry.python.as_deref();
        interpreter(around, setting, &believed.folder, root).map_err(|none| {
            format!(
                "no Python was found; looked at {}; name one as `python` below `[database]`",
                none.looked_at.join(", ")
            )
        })
    }

    /// Whether the project's own Alembic can be started.
    ///
    /// # Errors
    /// A sentence, where it cannot.
    pub fn can_start(&self, snapshot: &Snapshot, believed: &Believed) -> Result<(), String> {
        if believed.entry.alembic_command.is_some() {
            return Ok(());
        }
        let interpreter = self.interpreter(snapshot, believed)?;
        let Some(environment) = &interpreter.environment else { return Ok(()) };
        match installed(snapshot.files().disk(), environment, "alembic") {
            Some(_) => Ok(()),
            None => Err(format!(
                "Alembic is not installed in {}; name another interpreter as `python` below \
                 `[database]`",
                environment.display()
            )),
        }
    }
}

fn line(project: &Project, address: &str) -> String {
    format!("{}\t{address}", project.environment.script_location.display())
}
