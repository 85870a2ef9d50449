//! Everything that can happen to a session: one closed list.

use std::path::PathBuf;
use std::sync::Arc;

use revline_analysis::{Database, Difference, FailedRun, Index};
use revline_history::RevisionId;
use revline_lint::Finding;
use revline_text::{FileId, Fingerprint, Position, Text};
use tokio::sync::oneshot;

use crate::features::Features;
use crate::told::Standing;
use crate::world::World;

/// One event of the mailbox.
pub(crate) enum Event {
    /// The client said who it is.
    Initialize(Box<Start>),
    /// The client is ready to be asked.
    Initialized,
    /// A document was opened.
    Opened {
        /// Its path.
        path: PathBuf,
        /// Its whole text.
        text: String,
        /// The editor's version.
        version: i32,
    },
    /// A document was edited.
    Changed {
        /// Its path.
        path: PathBuf,
        /// The version after the edits.
        version: i32,
        /// The edits, each over the text that the one before it left.
        changes: Vec<Change>,
    },
    /// A document was saved.
    Saved,
    /// A document was closed.
    Closed(PathBuf),
    /// Files changed on disk.
    Touched(Vec<PathBuf>),
    /// Folders came or went.
    Folders {
        /// New ones.
        added: Vec<PathBuf>,
        /// Those that left.
        removed: Vec<PathBuf>,
    },
    /// The editor's settings changed; `None` where it has to be asked for them.
    Settings(Option<serde_json::Value>),
    /// Somebody wants to know how things stand now.
    Ask(oneshot::Sender<World>),
    /// The client asked for the diagnostics of the workspace.
    PulledWorkspace,
    /// The environments were searched for; which search it was.
    Indexed(u64, Box<Index>),
    /// A pause in typing.
    Settled(u64),
    /// A part of the findings was computed, in which pass.
    Found(u64, Vec<(FileId, Arc<Vec<Finding>>)>),
    /// A part of a pass ended.
    Passed(u64, Passed),
    /// A document with SQL was handed to the client: its address and what identifies its text.
    Shown(String, Fingerprint),
    /// How things stand was worked out; which working out it was.
    Stands(u64, Box<Standing>),
    /// A while went by: the disk may have changed.
    CheckDisk,
    /// Somebody wants to know where databases stand: of one environment, by its script folder, or of
    /// all, where nobody waits for it.
    Look(Option<PathBuf>),
    /// A database was looked at: the script folder of its environment, and what came of it.
    Looked(PathBuf, Option<Database>),
    /// A run ended on the database of an environment: where it failed, and where the database stands then,
    /// as far as that is known.
    Ran(PathBuf, Option<FailedRun>, Option<Vec<RevisionId>>),
    /// The models were compared with the database of an environment: what differs.
    Compared(PathBuf, Vec<Difference>),
    /// A person chose the database of an environment: its script folder, and the name in the settings,
    /// `None` for the main one.
    Chose(PathBuf, Option<String>),
    /// Search for environments again.
    Reindex,
}

/// How far a pass came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Passed {
    /// Through the open documents.
    Open,
    /// Through the files that are not open too; the identity of all states that they were judged on,
    /// where it is known.
    Whole(Option<Fingerprint>),
}

/// One edit of a document.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// The whole text.
    Whole(String),
    /// What stood between two positions is replaced.
    Part(Position, Position, String),
}

/// What the client said at the start.
pub(crate) struct Start {
    pub(crate) features: Features,
    pub(crate) roots: Vec<PathBuf>,
    pub(crate) settings: Option<serde_json::Value>,
    pub(crate) trusted: bool,
}

/// The text after an edit; `None` where a position is not in the text, so that the document is out
/// of step with the editor's.
pub(crate) fn edited(
    text: &Text,
    change: Change,
    encoding: revline_text::Encoding,
) -> Option<Text> {
    match change {
        Change::Whole(text) => Some(Text::new(&text)),
        Change::Part(start, end, new) => {
            // A column past the end of its line is allowed by the protocol and means that end; a line
            // past the end of the text is not.
            let inside = |position: Position| position.line < text.line_count();
            if !inside(start) || !inside(end) || end < start {
                return None;
            }
            let range =
                revline_text::Range::new(text.offset(start, encoding), text.offset(end, encoding));
            Some(text.edited(&[revline_text::Edit::replace(range, new)]))
        }
    }
}
