//! `kill -9` at random moments, of Revline and of the project's own Alembic: the lock is free, the version table agrees with
//! the schema or `status` says what was left, the next run finishes, and no row is lost.
//!
//! `REVLINE_KILLS` says how often each runner is killed on each database; the moments are drawn from a seed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use revline_tests::judge::place::{Place, mariadb, postgresql, sqlite};
use revline_tests::oracle;
use serde_json::{Value, json};

use super::asked::{run, value, values};
use super::frameworks::managed;
use super::world::{Answer, World, ended, has_password};

/// How many rows a table has that every migration has to keep.
const KEPT: &str = "300";

/// How many rows a revision writes, so that it takes a moment.
const WRITTEN: &str = "60000";

/// Rows that a batch has to keep, a row in `t` for each revision that ran, and work that takes a moment. A revision whose
/// work outlives its transaction can be run again, as those who write such revisions see to.
fn chain(place: &Place) -> World {
    let numbers = |upto: &str| match place {
        Place::Mariadb(_) => format!("SELECT seq FROM seq_1_to_{upto}"),
        _ => format!(
            "WITH RECURSIVE s(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM s WHERE x < {upto}) SELECT x FROM s"
        ),
    };
    let execute = |sql: &str| format!("op.execute(\"{sql}\")\n    ");
    let ran = |id: &str| execute(&format!("INSERT INTO t VALUES ('{id}')"));
    let first = [
        execute("CREATE TABLE IF NOT EXISTS t (id VARCHAR(10))"),
        "op.create_table('kept', sa.Column('id', sa.Integer(), primary_key=True), \
         sa.Column('note', sa.String(20)), if_not_exists=True)\n    "
            .to_owned(),
        execute(&format!("INSERT INTO kept (id) {}", numbers(KEPT))),
        ran("a1"),
    ];
    let work = |id: &str| {
        let table = execute(&format!("CREATE TABLE IF NOT EXISTS w{id} (x INTEGER)"));
        table + &execute(&format!("INSERT INTO w{id} {}", numbers(WRITTEN))) + &ran(id)
    };
    let batch = "with op.batch_alter_table('kept') as batch:\n        \
                 batch.alter_column('note', existing_type=sa.String(20), server_default='none')\n    ";
    let index = "with op.get_context().autocommit_block():\n        \
                 op.drop_index('ix_w', 'wb2', postgresql_concurrently=True, if_exists=True)\n        \
                 op.create_index('ix_w', 'wb2', ['x'], postgresql_concurrently=True)\n    ";
    let index = match place {
        Place::Postgresql(_) => index,
        _ => "",
    };
    let steps = [
        ("a1", first.concat()),
        ("b2", work("b2")),
        ("c3", format!("{batch}{}", ran("c3"))),
        ("d4", work("d4")),
        ("e5", format!("{index}{}", ran("e5"))),
    ];
    let mut parent = None;
    let revisions: Vec<_> = steps
        .iter()
        .map(|(id, body)| (*id, parent.replace(*id), body.trim_end(), "pass"))
        .collect();
    let world = World::of(&revisions);
    let env = super::world::ENV_PY
        .replace("target_metadata=None", "target_metadata=None, transaction_per_migration=True");
    world.write("migrations/env.py", &env);
    world
}

const CHAIN: [&str; 5] = ["a1", "b2", "c3", "d4", "e5"];

/// Fails unless the version table and everything that the revisions made agree; where the database stands.
fn whole(url: &str, place: &Place) -> Option<String> {
    let tables = match place {
        Place::Sqlite(_) => "SELECT name FROM sqlite_master WHERE type = 'table'",
        Place::Postgresql(_) => "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
        Place::Mariadb(_) => {
            "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
        }
    };
    let tables = values(url, tables);
    let has = |name: &str| tables.iter().any(|table| table == name);
    let rows = |table: &str, column: &str| match has(table) {
        true => values(url, &format!("SELECT {column} FROM {table} ORDER BY 1")),
        false => Vec::new(),
    };
    let count =
        |table: &str| value(url, &format!("SELECT count(*) FROM {table}")).unwrap_or_default();
    let at = rows("alembic_version", "version_num");
    let ran = rows("t", "id");
    let reached = ran.len();
    assert_eq!(ran, CHAIN.get(..reached).expect("no more than there are"), "{at:?}");
    assert_eq!(at, CHAIN.get(reached.saturating_sub(1)..reached).expect("as many"), "{ran:?}");
    let is_past = |id: &str| ran.iter().any(|one| one == id);
    if is_past("a1") {
        assert_eq!(count("kept"), KEPT);
    }
    for id in ["b2", "d4"] {
        let table = format!("w{id}");
        match is_past(id) {
            true => assert_eq!(count(&table), WRITTEN),
            // Where a CREATE TABLE cannot be taken back its rows can.
            false if has(&table) => assert_eq!(count(&table), "0"),
            false => {}
        }
    }
    at.into_iter().next()
}

/// Who is killed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Victim {
    Revline,
    /// Revline, which has started a script of the project's own.
    Wrapped,
    Child,
}

fn count() -> u32 {
    std::env::var("REVLINE_KILLS").ok().and_then(|count| count.parse().ok()).unwrap_or(3)
}

/// The processes that this one started.
fn children(process: u32) -> Vec<u32> {
    let path = format!("/proc/{process}/task");
    let tasks = std::fs::read_dir(path).into_iter().flatten().filter_map(Result::ok);
    let read = |task: std::fs::DirEntry| std::fs::read_to_string(task.path().join("children"));
    let all: String = tasks.filter_map(|task| read(task).ok()).collect();
    all.split_whitespace().filter_map(|number| number.parse().ok()).collect()
}

/// And those that these started.
fn descendants(process: u32) -> Vec<u32> {
    let mut all = children(process);
    let mut at = 0;
    while let Some(one) = all.get(at) {
        all.extend(children(*one));
        at += 1;
    }
    all
}

fn is_gone(process: u32) -> bool {
    // A process that nobody waits for stays as a zombie.
    std::fs::read_to_string(format!("/proc/{process}/stat"))
        .map_or(true, |stat| stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with('Z')))
}

fn kill(process: u32) {
    let done = std::process::Command::new("kill").args(["-9", &process.to_string()]).output();
    done.expect("it starts");
}

/// One kind of run on one database.
struct Killing<'a> {
    place: &'a Place,
    url: String,
    world: World,
    words: Vec<&'a str>,
    victim: Victim,
    seen: BTreeMap<String, u32>,
}

impl<'a> Killing<'a> {
    fn new(place: &'a Place, python: &Path, words: &[&'a str], victim: Victim) -> Self {
        let url = place.url_of("killed");
        let mut world = chain(place).on(&place.keyed("killed"), python);
        if victim == Victim::Wrapped {
            world = managed(world, python);
        }
        Self { place, url, world, words: words.to_vec(), victim, seen: BTreeMap::new() }
    }

    fn empty(&self) {
        self.place.drop_database("killed").expect("it is gone");
        self.place.fresh("killed").expect("it is made");
    }

    fn all(mut self, seed: u64) {
        let mut rng = fastrand::Rng::with_seed(seed);
        self.empty();
        let began = Instant::now();
        self.world.revline(&self.words).well();
        let took = began.elapsed();
        for _ in 0..count() {
            // A good part of a run is its beginning, in which nothing is changed.
            let share = if rng.bool() { rng.f64() } else { 0.4 + 0.6 * rng.f64() };
            self.one(took.mul_f64(share).max(Duration::from_millis(1)), rng.bool());
        }
        println!(
            "{} killed {} times within {took:?} of «{}»: {:?}",
            match self.victim {
                Victim::Revline => "Revline",
                Victim::Wrapped => "Revline above a wrapper",
                Victim::Child => "its Alembic",
            },
            count(),
            self.words.join(" "),
            self.seen
        );
    }

    fn one(&mut self, moment: Duration, looks: bool) {
        self.empty();
        let mut revline = self.world.start(&self.words);
        std::thread::sleep(moment);
        let started = descendants(revline.id());
        for process in started.iter().chain([&revline.id()]) {
            let said = std::fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
            assert!(!has_password(&String::from_utf8_lossy(&said)), "an argument has the password");
        }
        match self.victim {
            Victim::Revline | Victim::Wrapped => {
                revline.kill().expect("it is killed");
                revline.wait().expect("it is gone");
                // What it started ends with it.
                // Counted in looks and not by the clock: a machine that stood still has killed nobody meanwhile.
                let mut looks = 0;
                while !started.iter().all(|one| is_gone(*one)) {
                    looks += 1;
                    assert!(looks < 4000, "{started:?} outlived Revline");
                    std::thread::sleep(Duration::from_millis(5));
                }
            }
            Victim::Child => {
                started.iter().for_each(|one| kill(*one));
                let answer = ended(revline);
                if answer.code != Some(0) {
                    assert!(answer.err.contains("was killed"), "{}", answer.all());
                    assert!(answer.err.contains("the database stands at"), "{}", answer.all());
                }
            }
        }
        let found = if looks { self.looked_at() } else { "unseen".to_owned() };
        *self.seen.entry(found).or_default() += 1;
        // The lock is free, and whatever the dead had open has been let go of.
        let mut next = self.asked(&self.words);
        if next.code != Some(0) && next.err.contains(WAY_OUT) {
            self.does_as_told(&next.err);
            next = self.asked(&self.words);
        }
        next.well();
        if self.words.contains(&"stamp") {
            assert_eq!(values(&self.url, "SELECT version_num FROM alembic_version"), ["e5"]);
            return;
        }
        assert_eq!(whole(&self.url, self.place).as_deref(), Some("e5"));
        let status = self.asked(&["status", "--json"]).well();
        let status: Value = serde_json::from_str(&status.out).expect("JSON");
        assert_eq!(status["left"], json!([]));
    }

    /// Runs a command. Where the server did not answer in time, which nobody has killed, the machine stood still: it is
    /// asked once more, and that is told.
    fn asked(&self, words: &[&str]) -> Answer {
        let answer = self.world.revline(words);
        if !answer.err.contains("no answer from ") {
            return answer;
        }
        println!("asked again after {:?}: {}", answer.took, answer.err.trim());
        self.world.revline(words)
    }

    /// What a person does about the copy of a batch, once, however often it is said; an index is dropped by the revision
    /// itself.
    fn does_as_told(&self, said: &str) {
        let told = said.lines().filter_map(|line| Some(line.split_once(WAY_OUT)?.1));
        let told: BTreeSet<&str> = told.collect();
        run(&self.url, &told.into_iter().collect::<Vec<_>>());
    }

    /// What `status` says, which is what there is.
    fn looked_at(&self) -> String {
        let answer = self.asked(&["status", "--json"]);
        if answer.code == Some(2) {
            assert!(
                answer.err.contains("takes its half-done transaction back"),
                "{}",
                answer.all()
            );
            return "half done, which status says".to_owned();
        }
        let status: Value = serde_json::from_str(&answer.out).expect("JSON");
        if self.words.contains(&"stamp") {
            return format!("{}", status["current"]);
        }
        let at = whole(&self.url, self.place);
        let current: Vec<String> = at.iter().cloned().collect();
        assert_eq!(status["current"], json!(current));
        let left = status["left"].as_array().expect("a list");
        let at = at.unwrap_or_else(|| "base".to_owned());
        if left.is_empty() { at } else { format!("{at} with something left") }
    }
}

/// How `status` and a run that failed say what to do about the copy of a batch.
const WAY_OUT: &str = "Where nobody migrates now: ";

const NATIVE: &[&str] = &["upgrade", "heads", "--yes", "--runner", "native"];
const ALEMBIC: &[&str] = &["upgrade", "heads", "--yes", "--runner", "alembic"];
const STAMP: &[&str] = &["stamp", "heads", "--yes"];

fn killed(place: Option<Place>, words: &[&str], victim: Victim, seed: u64) {
    let (Some(place), Some(python)) = (place, oracle::online()) else { return };
    Killing::new(&place, &python, words, victim).all(seed);
}

/// Each kind of run on each database: what it leaves is no lock and no loss.
macro_rules! kills {
    ($($name:ident: $place:ident, $words:ident, $victim:ident, $seed:literal;)*) => {
        $(
            #[test]
            fn $name() {
                killed($place(), $words, Victim::$victim, $seed);
            }
        )*
    };
}

kills! {
    killed_native_runs_on_sqlite: sqlite, NATIVE, Revline, 10;
    killed_runs_of_alembic_on_sqlite: sqlite, ALEMBIC, Revline, 11;
    killed_alembics_on_sqlite: sqlite, ALEMBIC, Child, 12;
    killed_runs_of_a_wrapper_on_sqlite: sqlite, ALEMBIC, Wrapped, 13;
    killed_native_runs_on_postgresql: postgresql, NATIVE, Revline, 20;
    killed_runs_of_alembic_on_postgresql: postgresql, ALEMBIC, Revline, 21;
    killed_alembics_on_postgresql: postgresql, ALEMBIC, Child, 22;
    killed_runs_of_a_wrapper_on_postgresql: postgresql, ALEMBIC, Wrapped, 23;
    killed_stamps_on_mariadb: mariadb, STAMP, Revline, 30;
    killed_runs_of_alembic_on_mariadb: mariadb, ALEMBIC, Revline, 31;
    killed_alembics_on_mariadb: mariadb, ALEMBIC, Child, 32;
    killed_runs_of_a_wrapper_on_mariadb: mariadb, ALEMBIC, Wrapped, 33;
}
