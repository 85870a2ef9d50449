//! A device without room (`ENOSPC`): a file system of its own, which is mounted in a namespace of its own, so that nothing
//! of it is seen elsewhere. A test starts itself again in there, once.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use revline_tests::judge::mariadb::Mariadb;
use revline_tests::judge::place::{Place, started};
use revline_tests::judge::server::Server;
use revline_tests::oracle;

use super::super::asked::{value, values};
use super::room::{filling, stays};

/// Says to the inner test where the device is.
const DEVICE: &str = "REVLINE_TEST_DEVICE";

/// How many MiB it has.
const SIZE: u32 = 400;

/// The ways into a namespace with the device in it: each a command before the one that is run there. Root mounts; anybody
/// else does in a namespace in which they are root, and is themselves again behind it; where those are forbidden, by sudo.
fn ways(folder: &Path) -> Vec<Vec<String>> {
    let asked = |what: &str| {
        let done = Command::new("id").arg(what).output().expect("it starts");
        String::from_utf8_lossy(&done.stdout).trim().to_owned()
    };
    let (user, group) = (asked("-u"), asked("-g"));
    let mount = |back: &str| {
        format!(
            "mount -t tmpfs -o size={SIZE}m,mode=1777 tmpfs '{}' && exec {back}\"$@\"",
            folder.display()
        )
    };
    let way = |words: &[&str], back: &str| {
        let shell = ["sh".to_owned(), "-c".to_owned(), mount(back), "sh".to_owned()];
        words.iter().map(|word| (*word).to_owned()).chain(shell).collect()
    };
    if user == "0" {
        return vec![way(&["unshare", "-m"], ""), way(&["unshare", "-Urm"], "")];
    }
    let own = format!("unshare -U --map-user={user} --map-group={group} -- ");
    let dropped = format!("setpriv --reuid={user} --regid={group} --init-groups -- ");
    vec![
        way(&["unshare", "-Urm"], &own),
        way(&["sudo", "-n", "--preserve-env", "unshare", "-m"], &dropped),
    ]
}

/// Does the work with a small device. Where nothing can be mounted that is said aloud, and fails in CI.
fn with_device(test: &str, work: impl FnOnce(&Path)) {
    if let Some(device) = std::env::var_os(DEVICE) {
        return work(Path::new(&device));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let in_there = |way: &[String], program: &Path, words: &[&str]| {
        let (first, rest) = way.split_first().expect("a program");
        let mut command = Command::new(first);
        command.args(rest).arg(program).args(words).env(DEVICE, folder.path());
        command.output().map_err(|why| format!("{first}: {why}"))
    };
    let mut refused = Vec::new();
    for way in ways(folder.path()) {
        match in_there(&way, Path::new("true"), &[]) {
            Ok(done) if done.status.success() => {}
            Ok(done) => {
                refused.push(format!("{way:?}: {}", String::from_utf8_lossy(&done.stderr)));
                continue;
            }
            Err(why) => {
                refused.push(why);
                continue;
            }
        }
        let own = std::env::current_exe().expect("this program");
        let done = in_there(&way, &own, &["--exact", test, "--nocapture"]).expect("it starts");
        let said = String::from_utf8_lossy(&done.stdout);
        let all = format!("{said}{}", String::from_utf8_lossy(&done.stderr));
        assert!(done.status.success() && said.contains("1 passed"), "{way:?}: {all}");
        println!("{all}");
        return;
    }
    assert!(!oracle::is_strict(), "no file system can be mounted here: {refused:#?}");
    println!("SKIPPED: no file system can be mounted here: {refused:#?}");
}

/// Takes all the room of a device but so many KiB; dropping it gives it back.
struct Filled(PathBuf);

impl Filled {
    fn but(device: &Path, room: u64) -> Self {
        let path = device.join("filler");
        let mut file = File::create(&path).expect("it is made");
        let mut size = 0;
        let error = loop {
            match file.write_all(&[1; 64 << 10]) {
                Ok(()) => size += 64 << 10,
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), io::ErrorKind::StorageFull, "{error}");
        file.set_len(size - room * 1024).expect("it is shortened");
        Self(path)
    }
}

impl Drop for Filled {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

/// The database stays as it was while there is no room, and the next run finishes once there is.
fn full(device: &Path, place: &Place, room: u64, runners: &[(&str, &[&str])]) {
    let Some(python) = oracle::online() else { return };
    place.fresh("narrow").expect("it is made");
    let url = place.url_of("narrow");
    let world = filling(place).on(&place.keyed("narrow"), &python);
    world.revline(&["upgrade", "a1", "--yes"]).well();
    let filled = Filled::but(device, room);
    for (runner, words) in runners {
        stays(world.revline(&["upgrade", "head", "--yes", "--runner", runner]), &url, words);
        assert_eq!(world.status()["current"], serde_json::json!(["a1"]), "{runner}");
    }
    drop(filled);
    world.revline(&["upgrade", "head", "--yes"]).well();
    assert_eq!(values(&url, "SELECT version_num FROM alembic_version"), ["b2"]);
    let rows = if matches!(place, Place::Sqlite(_)) { "4000" } else { "60000" };
    assert_eq!(value(&url, "SELECT count(*) FROM t").as_deref(), Some(rows));
}

#[test]
fn a_sqlite_file_on_a_full_device_stays_as_it_was() {
    with_device("failures::device::a_sqlite_file_on_a_full_device_stays_as_it_was", |device| {
        let place = Place::Sqlite(tempfile::tempdir_in(device).expect("a folder"));
        let words: &[&str] = &["database or disk is full"];
        let native: &[&str] = &["database or disk is full", "make room on the disk"];
        full(device, &place, 1000, &[("native", native), ("alembic", words)]);
    });
}

#[test]
fn a_postgresql_server_on_a_full_device_stays_as_it_was() {
    with_device(
        "failures::device::a_postgresql_server_on_a_full_device_stays_as_it_was",
        |device| {
            let server = Server::start_on(device).and_then(Place::of_postgresql);
            let Some(place) = started(server) else { return };
            let words: &[&str] = &["could not extend file", "No space left on device"];
            let native: &[&str] = &["No space left on device", "make room on the server's disk"];
            full(device, &place, 4000, &[("native", native), ("alembic", words)]);
        },
    );
}

#[test]
fn a_mariadb_server_on_a_full_device_stays_as_it_was() {
    with_device("failures::device::a_mariadb_server_on_a_full_device_stays_as_it_was", |device| {
        let server = Mariadb::start_on(device).and_then(Place::of_mariadb);
        let Some(place) = started(server) else { return };
        full(device, &place, 4000, &[("alembic", &["The table 't' is full"])]);
    });
}
