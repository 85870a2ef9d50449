//! Why a question about a history has no answer, in Alembic's own sentences.

use crate::RevisionId;

/// Why a target, a range or a whole folder cannot be used.
///
/// The text is the sentence that Alembic 1.20.1 prints after `FAILED:`. Where Alembic ends in a
/// traceback the sentence is Revline's own; [`HistoryError::is_alembics`] tells them apart.
#[derive(thiserror::Error, Clone, PartialEq, Eq, Debug)]
pub enum HistoryError {
    /// A parent or a dependency does not exist. Alembic ends in a `KeyError`.
    #[error("Revision {reference} referenced from {revision} is not present")]
    MissingReference {
        /// What does not exist.
        reference: RevisionId,
        /// Who names it.
        revision: RevisionId,
    },
    /// The identifier holds characters of the identifier grammar.
    #[error("Character(s) '{characters}' not allowed in revision identifier '{id}'")]
    BadCharacters {
        /// Those characters, sorted, with commas between them.
        characters: String,
        /// The identifier.
        id: RevisionId,
    },
    /// A label is taken already.
    #[error("Branch name '{label}' in revision {revision} already used by revision {first}")]
    LabelTwice {
        /// The label.
        label: String,
        /// Who declares it too late.
        revision: RevisionId,
        /// Who has it.
        first: RevisionId,
    },
    /// Revisions lead back to themselves.
    #[error("{kind} is detected in revisions ({})", join(revisions))]
    Cycle {
        /// Through which references.
        kind: CycleKind,
        /// The revisions that Alembic lists: those that are not between a base and a head.
        revisions: Vec<RevisionId>,
    },
    /// No revision answers to a name.
    #[error("Can't locate revision identified by '{argument}'")]
    NotFound {
        /// The part of the target that names nothing, or too much.
        argument: String,
        /// What exactly is wrong with it.
        why: Unresolved,
    },
    /// `head` was asked for and there are several.
    #[error(
        "Multiple head revisions are present for given argument '{argument}'; please specify a specific target revision, '<branchname>@{argument}' to narrow to a specific head, or 'heads' for all heads"
    )]
    MultipleHeads {
        /// The target.
        argument: String,
        /// The heads.
        heads: Vec<RevisionId>,
    },
    /// `head` was asked for as the target of a stamp and there are several.
    #[error("Multiple heads are present; please specify a single target revision")]
    MultipleHeadsToStamp {
        /// The heads.
        heads: Vec<RevisionId>,
    },
    /// `head` was asked for as the parent of a new revision and there are several.
    #[error(
        "Multiple heads are present; please specify the head revision on which the new revision should be based, or perform a merge."
    )]
    MultipleHeadsToExtend {
        /// The heads.
        heads: Vec<RevisionId>,
    },
    /// The target does not lie above what is applied.
    #[error("Destination {target} is not a valid upgrade target from current head(s)")]
    NotAnUpgrade {
        /// The target.
        target: String,
    },
    /// The target does not lie below what is applied.
    #[error("Destination {target} is not a valid downgrade target from current head(s)")]
    NotADowngrade {
        /// The target.
        target: String,
    },
    /// The ends of a range do not lie on one line.
    #[error(
        "Requested range {start}:{end} does not refer to ancestor/descendant revisions along the same branch"
    )]
    NotARange {
        /// The lower end.
        start: String,
        /// The upper end.
        end: String,
    },
    /// `label@base` names a branch that none of the roots belongs to.
    #[error("Not a valid downgrade target from current heads")]
    NoSuchRoot,
    /// A relative target leads nowhere.
    #[error("Relative revision {relative} didn't produce {steps} migrations")]
    TooFewMigrations {
        /// As written, with its sign.
        relative: String,
        /// How many migrations were asked for.
        steps: String,
    },
    /// A relative target with a symbol leads past a base or a head.
    #[error("Walked too far")]
    WalkedTooFar,
    /// A relative target meets a fork or a merge.
    #[error("Ambiguous walk")]
    AmbiguousWalk,
    /// `+N` with several current heads.
    #[error("Ambiguous upgrade from multiple current revisions")]
    AmbiguousUpgrade,
    /// Two targets, one of which is an ancestor of the other.
    #[error(
        "Requested revision {revision} overlaps with other requested revisions {}",
        join(others)
    )]
    Overlap {
        /// The target.
        revision: RevisionId,
        /// Those it includes.
        others: Vec<RevisionId>,
    },
    /// A range where there may be none.
    #[error("Range revision not allowed")]
    RangeNotAllowed,
    /// `downgrade --sql` without a range.
    #[error("downgrade with --sql requires <fromrev>:<torev>")]
    DowngradeNeedsRange,
    /// `history -r` without a colon.
    #[error("History range requires [start]:[end], [start]:, or :[end]")]
    HistoryNeedsRange,
    /// Several starting revisions for one offline stamp.
    #[error("Stamp operation with --sql only supports a single starting revision at a time")]
    StampNeedsOneStart,
    /// `edit` of nothing.
    #[error("No revision files indicated by symbol '{symbol}'")]
    NothingIndicated {
        /// The symbol.
        symbol: String,
    },
    /// More than one colon. Alembic ends in a `ValueError`.
    #[error("'{text}' has more than one ':'; a range is [start]:[end]")]
    TooManyColons {
        /// As written.
        text: String,
    },
    /// An empty name, as in `label@`. Alembic ends in an `AssertionError`.
    #[error("'{argument}' names no revision")]
    EmptyName {
        /// The target.
        argument: String,
    },
    /// The target lies before the first revision or after the last. Alembic ends in an
    /// `AssertionError`.
    #[error("'{target}' leads beyond the first or the last revision")]
    BeyondTheEnd {
        /// The target.
        target: String,
    },
    /// The branch of a relative downgrade is not applied, or several revisions of it are. Alembic
    /// ends in an `AssertionError`.
    #[error(
        "{applied} current revisions belong to branch '{branch}'; a relative downgrade needs exactly one"
    )]
    NotOneOnBranch {
        /// The branch.
        branch: String,
        /// How many.
        applied: usize,
    },
    /// A range starts at `revision@symbol` and the revision has no label or several. Alembic ends in
    /// an `AssertionError`.
    #[error("Revision {id} does not have exactly one branch label to narrow the range by")]
    NotOneLabel {
        /// The revision.
        id: RevisionId,
    },
    /// Part of a range lies on no way between its ends, because a dependency joins them where no
    /// parent does. Alembic ends in an `AssertionError`.
    #[error("Requested range up to {end} is joined by dependencies alone")]
    JoinedByDependencies {
        /// The upper end.
        end: String,
    },
    /// What the version table holds does not fit the step. Alembic ends in an `AssertionError` or
    /// a `KeyError`.
    #[error("The version table does not fit: {why}")]
    VersionTable {
        /// What does not fit.
        why: String,
    },
    /// A stamp whose target lies both above and below what is applied. Alembic ends in an
    /// `AssertionError`.
    #[error(
        "'{target}' lies above some of the current heads and below others; stamp one branch at a time"
    )]
    StampBothWays {
        /// The target.
        target: RevisionId,
    },
}

/// Through which references a cycle leads, as Alembic names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CycleKind {
    /// Parents.
    Cycle,
    /// Parents and dependencies.
    DependencyCycle,
    /// One revision is its own parent.
    SelfLoop,
    /// One revision depends on itself.
    DependencySelfLoop,
}

impl std::fmt::Display for CycleKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Cycle => "Cycle",
            Self::DependencyCycle => "Dependency cycle",
            Self::SelfLoop => "Self-loop",
            Self::DependencySelfLoop => "Dependency self-loop",
        })
    }
}

/// Why a name was not resolved. Alembic knows, and does not print it.
#[derive(thiserror::Error, Clone, PartialEq, Eq, Debug)]
pub enum Unresolved {
    /// Nothing is named so, or begins so.
    #[error("nothing is named '{0}' or begins with it")]
    NoSuchRevision(String),
    /// Nothing is named so that could be a branch.
    #[error("no branch is named '{0}'")]
    NoSuchBranch(String),
    /// Several names begin so.
    #[error("several names begin with '{prefix}': {}", candidates.join(", "))]
    Ambiguous {
        /// The beginning.
        prefix: String,
        /// The names.
        candidates: Vec<String>,
    },
    /// The revision is not of the branch.
    #[error("revision {revision} is not a member of branch '{branch}'")]
    NotOnBranch {
        /// The revision.
        revision: RevisionId,
        /// The branch.
        branch: String,
    },
}

impl HistoryError {
    /// Whether this is a sentence that Alembic prints. `false` where Alembic itself ends in a
    /// traceback.
    pub fn is_alembics(&self) -> bool {
        !matches!(
            self,
            Self::MissingReference { .. }
                | Self::TooManyColons { .. }
                | Self::EmptyName { .. }
                | Self::BeyondTheEnd { .. }
                | Self::NotOneOnBranch { .. }
                | Self::NotOneLabel { .. }
                | Self::JoinedByDependencies { .. }
                | Self::VersionTable { .. }
                | Self::StampBothWays { .. }
        )
    }
}

fn join(ids: &[RevisionId]) -> String {
    ids.iter().map(RevisionId::as_str).collect::<Vec<_>>().join(", ")
}
