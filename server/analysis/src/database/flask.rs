//! What a Flask application hands to `context.configure` by way of Flask-Migrate.

use revline_frameworks::alembic::env_py::{CONFIGURE_ARGS, Handed, MigrateCalls, Told, literal};
use revline_vfs::Walk;

use crate::migration::Around;
use crate::{Project, Snapshot};

/// How many modules of a workspace are looked through.
const MOST_MODULES: usize = 5000;

impl Snapshot {
    /// The calls of the project's modules; nothing where there are too many modules to know them all.
    pub(super) fn migrate_calls(&self, project: &Project) -> MigrateCalls {
        let mut calls = MigrateCalls::default();
        let root = self.root_of(&project.environment.script_location);
        let own = &project.environment.script_location;
        let walk = Walk::default();
        let modules = self.files().disk().find(&root, &walk, &|name| name.ends_with(".py")).files;
        if modules.len() > MOST_MODULES {
            return calls;
        }
        let world = Around::new(self, project);
        for path in modules.iter().filter(|path| !path.starts_with(own)) {
            let Some(text) = self.text(self.files().id(path)) else { continue };
            if MigrateCalls::concerns(text.as_str())
                && let Some(source) = world.source(path)
            {
                calls.read(&source);
            }
        }
        calls
    }
}

/// What `env.py` says of an option, with what the application says where `env.py` hands that on. `read`
/// makes a value of what is written.
pub(super) fn completed<T>(
    told: Told<T>,
    name: &str,
    calls: Option<&MigrateCalls>,
    read: impl Fn(&str) -> Option<T>,
) -> Told<T> {
    let (Told::Unknown(unknown), Some(calls)) = (&told, calls) else { return told };
    if *unknown.why != *CONFIGURE_ARGS {
        return told;
    }
    match calls.keyword(name) {
        Handed::Nothing | Handed::This("None", _) => Told::Nothing,
        Handed::This(written, span) => match read(written) {
            Some(value) => Told::Known(value, span),
            None => told,
        },
        Handed::Unknown => told,
    }
}

/// A text as it is written.
pub(super) fn text(written: &str) -> Option<String> {
    literal(written).map(str::to_owned)
}

/// A truth as it is written.
pub(super) fn truth(written: &str) -> Option<bool> {
    match written {
        "True" => Some(true),
        "False" => Some(false),
        _ => None,
    }
}
