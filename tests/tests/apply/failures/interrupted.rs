//! Ctrl-C in a terminal, while the run waits for a lock.

use std::time::{Duration, Instant};

use revline_tests::judge::place::postgresql;
use revline_tests::oracle;

use super::super::asked::{aside, meanwhile, values};
use super::super::world::{World, ended};
use super::SOON;

const WAITING: &str = "SELECT count(*) FROM pg_stat_activity \
                       WHERE datname = current_database() AND wait_event_type = 'Lock'";

#[test]
fn a_run_that_is_interrupted_says_where_the_database_stands_and_leaves_no_session_that_waits() {
    let (Some(place), Some(python)) = (postgresql(), oracle::online()) else { return };
    let url = place.fresh("interrupted").expect("it is made");
    let world = World::plain().on(&place.keyed("interrupted"), &python);
    let settings = format!(
        "[database]\nurl = '$DATABASE_URL'\npython = '{}'\nlock-timeout = '60s'\n",
        python.display()
    );
    world.write("revline.toml", &settings);
    world.revline(&["upgrade", "a1", "--yes"]).well();
    for runner in ["native", "alembic"] {
        meanwhile(&url, "SELECT count(*) FROM t", || {
            let revline = world.start(&["upgrade", "head", "--yes", "--runner", runner]);
            let until = Instant::now() + SOON;
            while aside(&url, WAITING).as_deref() != Some("1") {
                assert!(Instant::now() < until, "{runner} does not wait");
                std::thread::sleep(Duration::from_millis(20));
            }
            let number = revline.id().to_string();
            let sent = std::process::Command::new("kill").args(["-INT", &number]).status();
            assert!(sent.expect("it starts").success());
            let answer = ended(revline);
            assert_eq!(aside(&url, WAITING).as_deref(), Some("0"), "{runner}");
            assert_eq!(answer.code, Some(130), "{}", answer.all());
            for said in ["it was cancelled", "what was finished stays: the database stands at a1"] {
                assert!(answer.err.contains(said), "{said}: {}", answer.all());
            }
        });
        assert_eq!(values(&url, "SELECT version_num FROM alembic_version"), ["a1"]);
    }
    world.revline(&["upgrade", "head", "--yes"]).well();
}
