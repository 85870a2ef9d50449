//! Ranges as a person types them: `history -r a:b`, `upgrade a:b --sql`, `stamp a:b --sql`.

use crate::target::End;
use crate::{HistoryError, RevisionId};

/// The two ends of `history`.
#[derive(Clone, Copy, Debug)]
pub struct Walk<'a> {
    start: Option<&'a str>,
    end: Option<&'a str>,
    current: Option<&'a [RevisionId]>,
}

impl<'a> Walk<'a> {
    /// Everything.
    pub const ALL: Walk<'static> = Walk { start: None, end: None, current: None };

    /// The range of `-r`: exactly one colon; an empty side is the base or the heads.
    pub fn parse(text: &'a str) -> Result<Self, HistoryError> {
        let text = text.trim();
        let Some((start, end)) = text.split_once(':') else {
            return Err(HistoryError::HistoryNeedsRange);
        };
        if end.contains(':') {
            return Err(HistoryError::TooManyColons { text: text.to_owned() });
        }
        let side = |side: &'a str| Some(side).filter(|one| !one.is_empty());
        Ok(Self { start: side(start), end: side(end), current: None })
    }

    /// Whether an end is `current`, so that a database has to be asked.
    pub fn needs_current(&self) -> bool {
        self.start == Some("current") || self.end == Some("current")
    }

    /// The range with `current` standing for these rows of the version table. Of two such ends only
    /// the upper one is read so, as in Alembic.
    #[must_use]
    pub fn with_current(self, applied: &'a [RevisionId]) -> Self {
        Self { current: Some(applied), ..self }
    }

    pub(crate) fn upper(&self) -> End<'a> {
        match (self.end, self.current) {
            (Some("current"), Some([])) | (None, _) => End::Typed("heads"),
            (Some("current"), Some(applied)) => End::Applied(applied),
            (Some(end), _) => End::Typed(end),
        }
    }

    pub(crate) fn lower(&self) -> End<'a> {
        match (self.start, self.current) {
            (Some("current"), Some(_)) if self.end == Some("current") => End::Typed("current"),
            (Some("current"), Some([])) | (None, _) => End::Typed("base"),
            (Some("current"), Some(applied)) => End::Applied(applied),
            (Some(start), _) => End::Typed(start),
        }
    }
}

/// The argument of `upgrade` and `downgrade`: a target, with `--sql` after a starting revision.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Argument<'a> {
    /// The revision that `--sql` starts from, as written.
    pub start: Option<&'a str>,
    /// The target.
    pub target: &'a str,
}

impl<'a> Argument<'a> {
    /// The argument of `upgrade`.
    pub fn upgrade(text: &'a str, sql: bool) -> Result<Self, HistoryError> {
        let Some((start, target)) = text.split_once(':') else {
            return Ok(Self { start: None, target: text });
        };
        if !sql {
            return Err(HistoryError::RangeNotAllowed);
        }
        if target.contains(':') {
            return Err(HistoryError::TooManyColons { text: text.to_owned() });
        }
        Ok(Self { start: Some(start), target })
    }

    /// The argument of `downgrade`, which needs a start with `--sql`.
    pub fn downgrade(text: &'a str, sql: bool) -> Result<Self, HistoryError> {
        if sql && !text.contains(':') {
            return Err(HistoryError::DowngradeNeedsRange);
        }
        Self::upgrade(text, sql)
    }
}

/// The arguments of `stamp --sql`: targets, any of them after one and the same starting revision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StampArguments<'a> {
    /// The revision that is started from, as written.
    pub start: Option<&'a str>,
    /// The targets.
    pub targets: Vec<&'a str>,
}

impl<'a> StampArguments<'a> {
    /// The arguments of `stamp --sql`.
    pub fn parse(texts: &[&'a str]) -> Result<Self, HistoryError> {
        let mut start = None;
        let mut targets = Vec::new();
        for text in texts {
            let Some((from, target)) = text.split_once(':') else {
                targets.push(*text);
                continue;
            };
            if target.contains(':') {
                return Err(HistoryError::TooManyColons { text: (*text).to_owned() });
            }
            if start.is_some_and(|start| start != from) {
                return Err(HistoryError::StampNeedsOneStart);
            }
            start = Some(from);
            targets.push(target);
        }
        Ok(Self { start, targets })
    }
}
