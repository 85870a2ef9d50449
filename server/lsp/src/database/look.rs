//! Looking at a database: where it stands, and whether it may be opened at all.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use revline_analysis::{Applied, Database, Earlier, Observed, Project, Sight, Snapshot, elsewhere};
use revline_apply::{Connection, Denied, Standing};
use revline_history::{Node, RevisionId};
use tracing::warn;

use super::Access;

/// The least time between two looks that nobody asked for.
const REST: Duration = Duration::from_secs(2);

/// How many times as long as a look took nobody looks again: where env.py imports a large project,
/// or the server is far away, looking must not fill the day.
const SPARING: u32 = 20;

/// The longest time for which a database that does not answer is left alone.
const LONGEST: Duration = Duration::from_secs(300);

/// When each environment's database is looked at again.
#[derive(Debug, Default)]
pub(crate) struct Looks(HashMap<PathBuf, Turn>);

#[derive(Clone, Copy, Debug)]
struct Turn {
    /// When the look began that is on its way.
    began: Option<Instant>,
    /// Somebody asked while a look was on its way.
    again: bool,
    /// Nobody looks before.
    not_before: Option<Instant>,
    pause: Duration,
}

impl Looks {
    /// Whether to look now; a look that is on its way is followed by another where `asked`.
    pub(crate) fn begin(&mut self, environment: &Path, now: Instant, asked: bool) -> bool {
        let turn = self.0.entry(environment.to_owned()).or_insert(Turn {
            began: None,
            again: false,
            not_before: None,
            pause: REST,
        });
        if turn.began.is_some() {
            turn.again |= asked;
            return false;
        }
        if !asked && turn.not_before.is_some_and(|then| now < then) {
            return false;
        }
        turn.began = Some(now);
        true
    }

    /// What is looked at may be another database by now: nobody waits for the next look.
    pub(crate) fn reset(&mut self) {
        for turn in self.0.values_mut() {
            (turn.not_before, turn.pause) = (None, REST);
        }
    }

    /// A look is over; whether another one is wanted at once.
    pub(crate) fn end(&mut self, environment: &Path, now: Instant, answered: bool) -> bool {
        let Some(turn) = self.0.get_mut(environment) else { return false };
        let took = turn.began.take().map_or(Duration::ZERO, |began| now.duration_since(began));
        let sparing = (took * SPARING).clamp(REST, LONGEST);
        turn.pause = if answered { sparing } else { (turn.pause * 2).clamp(sparing, LONGEST) };
        turn.not_before = now.checked_add(turn.pause);
        std::mem::take(&mut turn.again)
    }
}

/// What is known of a project's database before it is opened.
enum Found {
    Nothing,
    Known(Box<Database>),
    Open(Box<Connection>),
}

/// Looks at the database of a project; `None` where none is known. Blocks.
pub(crate) fn look(
    snapshot: &Snapshot,
    project: &Project,
    access: &Access,
    runtime: &tokio::runtime::Handle,
) -> Option<Database> {
    match found(snapshot, project, access) {
        Found::Nothing => None,
        Found::Known(database) => Some(*database),
        Found::Open(connection) => {
            let address = connection.address.to_string();
            let sight = match runtime.block_on(revline_apply::standing(project, &connection)) {
                Ok(standing) => {
                    Sight::Seen(observed(snapshot, project, access, &address, standing))
                }
                Err(error) => Sight::Closed(error.to_string()),
            };
            Some(Database { name: access.name(project).map(str::to_owned), address, sight })
        }
    }
}

fn found(snapshot: &Snapshot, project: &Project, access: &Access) -> Found {
    let Ok(believed) = access.believed(snapshot, project) else { return Found::Nothing };
    let files = snapshot.files();
    let denied =
        match access.person.connect(files, project, &believed, &access.hosts(files, project)) {
            Ok(connection) => return Found::Open(Box::new(connection)),
            Err(denied) => denied,
        };
    let why = denied.to_string();
    let (address, sight) = match denied {
        Denied::Unasked { address } => (address, Sight::Offered),
        Denied::Host { host, one_word: true, address } => (address, Sight::Refused { host, why }),
        Denied::Host { address, .. } => (address, Sight::Closed(why)),
        _ => (believed.url.to_string(), Sight::Closed(why)),
    };
    let name = access.name(project).map(str::to_owned);
    Found::Known(Box::new(Database { name, address, sight }))
}

fn observed(
    snapshot: &Snapshot,
    project: &Project,
    access: &Access,
    address: &str,
    standing: Standing,
) -> Observed {
    let missing: Vec<RevisionId> = standing.unknown.clone();
    Observed {
        server: standing
            .server
            .map(|server| format!("{} {}", server.product, server.version))
            .unwrap_or_default(),
        elsewhere: elsewhere(snapshot.files(), project, &missing),
        earlier: earlier(snapshot, project, access, address, &standing.rows),
        rows: standing.rows,
        differences: Vec::new(),
        failed: None,
    }
}

/// What applied revisions said before: what Revline knows of its own runs, else what git says.
fn earlier(
    snapshot: &Snapshot,
    project: &Project,
    access: &Access,
    address: &str,
    rows: &[RevisionId],
) -> Vec<Earlier> {
    let recorded = access.person.records(snapshot.files(), project, address, rows);
    let mut earlier = recorded.unwrap_or_else(|error| {
        warn!(%error, "what Revline applied cannot be read");
        Vec::new()
    });
    let known: HashSet<&RevisionId> = earlier.iter().map(|one| &one.id).collect();
    let history = project.history();
    let applied = Applied::of(rows, history);
    let others: Vec<Node> =
        applied.nodes().filter(|node| !known.contains(&history[*node].id)).collect();
    earlier.extend(snapshot.before_here(project, &others));
    earlier.sort();
    earlier
}

/// What a look says, with the failure and the differences that are known from before: a look mends
/// neither a migration nor a model.
pub(crate) fn joined(
    mut seen: Option<Database>,
    before: Option<&Arc<Database>>,
) -> Option<Database> {
    let Some(Database { sight: Sight::Seen(observed), .. }) = &mut seen else { return seen };
    if let Some(Sight::Seen(last)) = before.map(|database| &database.sight)
        && last.rows == observed.rows
    {
        observed.failed.clone_from(&last.failed);
        observed.differences.clone_from(&last.differences);
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_does_not_answer_is_left_alone_for_longer_and_longer() {
        let (mut looks, here) = (Looks::default(), Path::new("/app"));
        let mut now = Instant::now();
        let mut waits = Vec::new();
        for _ in 0..10 {
            assert!(looks.begin(here, now, true), "a person who asks is answered");
            assert!(!looks.end(here, now, false));
            let mut wait = Duration::ZERO;
            while !looks.begin(here, now + wait, false) {
                wait += Duration::from_secs(1);
            }
            assert!(!looks.end(here, now + wait, false));
            waits.push(wait.as_secs());
            now += wait;
        }
        assert_eq!(waits, [4, 16, 64, 256, 300, 300, 300, 300, 300, 300]);
        assert!(looks.begin(here, now, true));
        assert!(!looks.end(here, now, true));
        assert!(looks.begin(here, now + REST, false), "one that answers is looked at again soon");
    }

    #[test]
    fn who_is_slow_to_answer_is_asked_less_often_until_the_settings_change() {
        let (mut looks, here) = (Looks::default(), Path::new("/app"));
        let now = Instant::now();
        assert!(looks.begin(here, now, false));
        let over = now + Duration::from_secs(3);
        assert!(!looks.end(here, over, true));
        assert!(!looks.begin(here, over + Duration::from_secs(59), false));
        looks.reset();
        assert!(looks.begin(here, over + Duration::from_secs(59), false));
    }

    #[test]
    fn who_asks_during_a_look_gets_another_one() {
        let (mut looks, here, now) = (Looks::default(), Path::new("/app"), Instant::now());
        assert!(looks.begin(here, now, false));
        assert!(!looks.begin(here, now, false));
        assert!(!looks.begin(here, now, true));
        assert!(looks.end(here, now, true), "the one who asked is waiting");
        assert!(looks.begin(here, now, true));
        assert!(!looks.end(here, now, true));
    }
}
