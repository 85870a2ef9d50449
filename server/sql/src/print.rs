//! What every printing function is handed, and the two ways in which it can stop.

use revline_schema::{Name, Opaque};

use crate::dialect::Dialect;
use crate::rendered::Mode;
use crate::settings::Settings;

/// Why something is not printed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Halt {
    /// Alembic or SQLAlchemy raises; its sentence.
    Refused(String),
    /// Not known.
    Unknown(Opaque),
}

impl Halt {
    /// Something that this crate does not print.
    pub fn unknown(why: impl Into<String>) -> Self {
        Self::Unknown(Opaque::new(why.into()))
    }
}

impl From<Opaque> for Halt {
    fn from(opaque: Opaque) -> Self {
        Self::Unknown(opaque)
    }
}

/// The outcome of printing.
pub type Print<T = String> = Result<T, Halt>;

/// For which dialect, mode and environment something is printed.
#[derive(Clone, Copy)]
pub struct Cx<'a> {
    /// The dialect.
    pub dialect: &'static dyn Dialect,
    /// The settings of the environment.
    pub settings: &'a Settings,
    /// The text that is wanted.
    pub mode: Mode,
}

impl Cx<'_> {
    /// Whether `%` is doubled in printed text.
    pub fn doubles_percent(&self) -> bool {
        self.mode == Mode::Script && self.settings.paramstyle == crate::Paramstyle::Pyformat
    }

    /// An identifier, quoted where it must be.
    pub fn quote(&self, name: &Name) -> String {
        crate::identifier::quote(*self, name)
    }
}
