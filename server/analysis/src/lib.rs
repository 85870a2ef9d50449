//! The joined model: what the files of a workspace say together.
//!
//! [`Inputs`] is the one mutable value: events change it, and [`Inputs::snapshot`] gives everything
//! as it is now. A [`Snapshot`] is immutable and cheap to clone; whatever is computed from it is
//! remembered by the identity of what it read. This crate refuses to judge: what is wrong with a
//! history is data here, and a finding in `lint`.

mod ahead;
mod changes;
mod creation;
mod database;
mod earlier;
mod facts;
mod file_table;
mod heading;
mod index;
mod inputs;
mod inventory;
mod memo;
mod migration;
mod observed;
mod plan;
mod project;
mod replay;
mod run;
mod script;
mod snapshot;
mod standing;
mod timeline;
mod touches;
pub mod write;

pub use creation::creation;
pub use database::{Asking, Believed, NoDatabase, UrlSource};
pub use earlier::{Earlier, Witness, code};
pub use facts::{Facts, FoundTarget, Models, Naming, TargetSource};
pub use heading::Heading;
pub use index::{Depth, Index, Workspace};
pub use inputs::{Effect, Inputs};
pub use inventory::{
    CheckEntry, ColumnEntry, Doubt, EnumEntry, ForeignKeyEntry, IndexEntry, Inventory, KeyEntry,
    TableEntry,
};
pub use memo::LastTwo;
pub use observed::{
    Applied, Database, Difference, Elsewhere, FailedRun, Observed, Place, Sight, elsewhere,
};
pub use project::{Graph, Project};
pub use replay::Passage;
pub use revline_frameworks::alembic::config::Url;
pub use revline_frameworks::alembic::config::{ConfigDefect, ConfigDefectKind};
pub use revline_frameworks::alembic::env_py::{EnvPy, Override, Told};
pub use revline_frameworks::alembic::environment::Profile;
pub use revline_frameworks::alembic::environment::{Discovery, Environment, Note};
pub use revline_frameworks::alembic::migration::Unknown;
pub use revline_frameworks::alembic::migration::{
    Direction, FunctionState, Migration, Part, Target, follow,
};
pub use revline_frameworks::alembic::packages::{Driver, How, Packages, Version};
pub use revline_frameworks::settings::{Settings, SettingsDefect, unknown as unknown_word};
pub use revline_vfs::{Disk, Entry, Files, Kind};
pub use run::Run;
pub use script::{Execution, Script};

/// Settings as whoever holds them gives them: values with their places.
pub mod settings {
    pub use revline_frameworks::settings::database::{
        DATABASE_KEYS, DatabaseEntry, DatabaseSettings, Runner,
    };
    pub use revline_frameworks::settings::own::{Platform, load_own, own_file, own_folder};
    pub use revline_frameworks::tree::{Entry, Node, Tree};
}
pub use snapshot::Snapshot;
pub use standing::Standing;
pub use timeline::{AllMade, Differs, Ground, Made, MadeHere, Reach};
pub use touches::{Deed, Subject, Touch, steps_before, touches};
