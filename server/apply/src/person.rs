//! The person for whom a database is opened: the environment of this process, the hosts that they
//! allow, the discovered databases that they agreed to, and the one of several that they chose, which
//! are kept in their own folder and not in the repository.

mod kept;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use revline_analysis::settings::{Platform, load_own, own_file, own_folder};
use revline_analysis::{
    Asking, Believed, Disk, Files, NoDatabase, Project, SettingsDefect, Snapshot,
};

use kept::Kept;

use crate::connect::{Connection, Denied, Permission, connect};
use crate::interpreter::{Interpreter, Surroundings, installed, interpreter};

/// Whoever gave the command.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// The variables of the process; those that are no text are left out.
    pub variables: BTreeMap<String, String>,
    /// The folder of their own settings.
    pub own: Option<PathBuf>,
    /// The program `revline`, which keeps children that would outlive it; none in a test.
    pub program: Option<PathBuf>,
}

impl Person {
    /// The one who started this process.
    pub fn here() -> Self {
        let variables: BTreeMap<String, String> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let own = own_folder(Platform::current(), &|name| variables.get(name).cloned());
        let program = std::env::current_exe().ok();
        Self { variables, own, program }
    }

    /// What stands before a child that does not watch its input.
    pub(crate) fn keeper(&self) -> Vec<OsString> {
        self.program.iter().flat_map(|program| [program.into(), "keep".into()]).collect()
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

    /// The file of their own settings, with a beginning where it was not there; none on a machine
    /// without a folder for it.
    ///
    /// # Errors
    /// Those of the operating system.
    pub fn settings_file(&self, files: &Files) -> io::Result<Option<PathBuf>> {
        let Some(folder) = &self.own else { return Ok(None) };
        let path = own_file(folder);
        if files.disk().stamp(&path).is_none() {
            files.disk().write(&path, BEGINNING.as_bytes())?;
        }
        Ok(Some(path))
    }

    /// Which database an environment means: of the settings that are asked for, or what `env.py`
    /// evaluates to.
    ///
    /// # Errors
    /// Why none is known, and the way out.
    pub fn believed(
        &self,
        snapshot: &Snapshot,
        project: &Project,
        asking: &Asking<'_>,
    ) -> Result<Believed, Box<NoDatabase>> {
        snapshot.database(project, asking, &self.variables)
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
        let connected = |permission| connect(believed.clone(), &self.variables, allow, permission);
        let Err(Denied::Unasked { address }) = connected(Permission::Unasked) else {
            return connected(Permission::Unasked);
        };
        let Some(agreements) = self.agreements() else {
            return Err(Denied::Unasked { address });
        };
        match agreements.have(files.disk(), &line(project, &address)) {
            Ok(true) => connected(Permission::Confirmed),
            Ok(false) => Err(Denied::Unasked { address }),
            Err(error) => Err(Denied::Unread {
                address,
                path: agreements.path().display().to_string(),
                why: error.to_string(),
            }),
        }
    }

    /// Remembers that they agreed to connect to this address for this environment.
    ///
    /// # Errors
    /// Those of the operating system, also where what they agreed to before cannot be read: nothing
    /// is written over it. It will be asked again then.
    pub fn agree(&self, files: &Files, project: &Project, address: &str) -> io::Result<()> {
        match self.agreements() {
            Some(agreements) => agreements.add(files.disk(), &line(project, address)),
            None => Ok(()),
        }
    }

    /// The hosts beyond this machine that they allowed for this environment alone.
    ///
    /// # Errors
    /// Those of the operating system.
    pub fn hosts(&self, files: &Files, project: &Project) -> io::Result<Vec<String>> {
        match self.agreements() {
            Some(agreements) => agreements.beginning(files.disk(), &line(project, HOST)),
            None => Ok(Vec::new()),
        }
    }

    /// Remembers that they allowed a host for this environment.
    ///
    /// # Errors
    /// As [`Self::agree`].
    pub fn allow_host(&self, files: &Files, project: &Project, host: &str) -> io::Result<()> {
        self.agree(files, project, &format!("{HOST}{host}"))
    }

    /// The databases that they chose of several, by the script folder of the environment.
    ///
    /// # Errors
    /// Those of the operating system.
    pub fn chosen(&self, disk: &dyn Disk) -> io::Result<BTreeMap<PathBuf, String>> {
        let Some(own) = &self.own else { return Ok(BTreeMap::new()) };
        let text = Kept::choices(own).text(disk)?;
        let cells = text.lines().filter_map(|line| line.rsplit_once('\t'));
        Ok(cells.map(|(environment, name)| (environment.into(), name.to_owned())).collect())
    }

    /// Remembers which of several databases they chose for an environment; `None` for the main one.
    ///
    /// # Errors
    /// As [`Self::agree`].
    pub fn choose(
        &self,
        disk: &dyn Disk,
        environment: &Path,
        name: Option<&str>,
    ) -> io::Result<()> {
        let Some(own) = &self.own else { return Ok(()) };
        let beginning = format!("{}\t", environment.display());
        let line = name.map(|name| format!("{beginning}{name}"));
        Kept::choices(own).replace(disk, &beginning, line.as_deref())
    }

    fn agreements(&self) -> Option<Kept> {
        self.own.as_deref().map(Kept::agreements)
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
        self.python(snapshot, believed.entry.python.as_deref(), &believed.folder)
    }

    /// The interpreter of an environment whose commands are run in this folder; `setting` is what the
    /// settings name.
    ///
    /// # Errors
    /// A sentence that names what was looked at.
    pub fn python(
        &self,
        snapshot: &Snapshot,
        setting: Option<&str>,
        folder: &Path,
    ) -> Result<Interpreter, String> {
        let around = Surroundings {
            disk: snapshot.files().disk(),
            variables: &self.variables,
            platform: Platform::current(),
        };
        let roots = &snapshot.workspace().roots;
        let root = roots.iter().find(|root| folder.starts_with(root));
        let root = root.map_or(folder, PathBuf::as_path);
        interpreter(around, setting, folder, root).map_err(|none| {
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

/// The settings of a person who has none yet.
const BEGINNING: &str = "[database]\n# hosts beyond this machine that may be connected to, such as \
                         \"db.example.com\"\nallow = []\n";

/// What stands before a host where an address would; no address begins so.
const HOST: &str = "host ";

fn line(project: &Project, address: &str) -> String {
    format!("{}\t{address}", project.environment.script_location.display())
}
