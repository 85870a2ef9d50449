//! Whose database is opened, and whose is not.

use super::world::World;

/// A file that any opening would find out not to be a database.
const NO_DATABASE: &str = "this is no database";

#[test]
fn a_stale_url_of_the_ini_is_never_opened_beside_an_env_py_that_overrides_it() {
    let mut world = World::plain();
    world.write("stale.db", NO_DATABASE);
    // Without the variable env.py has no database, and neither has Revline.
    let answer = world.revline(&["status", "--yes"]);
    assert_eq!(answer.code, Some(2), "{}", answer.all());
    assert!(answer.err.contains("KeyError: 'DATABASE_URL'"), "{}", answer.err);
    let url = format!("sqlite:///{}", world.root().join("dev.db").display());
    world.set("DATABASE_URL", &url);
    world.revline(&["upgrade", "heads", "--yes"]).well();
    let status = world.revline(&["status", "--yes"]).well();
    assert!(status.out.contains("what env.py evaluates to"), "{}", status.out);
    let stale = std::fs::read_to_string(world.root().join("stale.db")).expect("it is there");
    assert_eq!(stale, NO_DATABASE);
    assert!(world.root().join("dev.db").is_file());
}

#[test]
fn a_discovered_database_is_not_opened_before_somebody_has_said_so() {
    let mut world = World::plain();
    let url = format!("sqlite:///{}", world.root().join("dev.db").display());
    world.set("DATABASE_URL", &url);
    for words in [&["current"][..], &["status"], &["upgrade", "head"], &["stamp", "head"]] {
        let answer = world.revline(words);
        assert_ne!(answer.code, Some(0), "{words:?}");
        assert!(answer.err.contains("nobody has said yet"), "{words:?}: {}", answer.all());
    }
    assert!(!world.root().join("dev.db").exists());
}

#[test]
fn nothing_is_changed_without_a_terminal_or_yes() {
    let world = World::plain().on_sqlite();
    let answer = world.revline(&["upgrade", "heads"]);
    assert_eq!(answer.code, Some(1));
    assert!(answer.err.contains("give --yes"), "{}", answer.err);
    assert!(!world.root().join("dev.db").exists());
    world.revline(&["upgrade", "heads", "--dry-run"]).well();
    world.revline(&["status"]);
    world.revline(&["current"]).well();
    assert!(!world.root().join("dev.db").exists());
}

#[test]
fn a_host_beyond_this_machine_is_refused_until_the_person_allows_it() {
    let mut world = World::plain().on_sqlite();
    world.set("DATABASE_URL", "postgresql://u:secret-word@db.example.invalid/d");
    // What the repository says does not count.
    world.write(
        "revline.toml",
        "[database]\nurl = '$DATABASE_URL'\nallow = ['db.example.invalid']\n",
    );
    let refused = world.revline(&["status"]);
    assert!(refused.err.contains("is not on this machine"), "{}", refused.err);
    world.write("home/.config/revline/config.toml", "[database]\nallow = ['db.example.invalid']\n");
    let tried = world.revline(&["status"]);
    assert!(!tried.err.contains("is not on this machine"), "{}", tried.err);
    assert_eq!(tried.code, Some(2));
    for answer in [refused, tried] {
        assert!(!answer.all().contains("secret-word"), "{}", answer.all());
    }
}
