//! Servers that are down, unknown or let nobody in, and databases that are not there.

use revline_tests::judge::place::{Place, mariadb, postgresql};

use super::super::world::World;
use super::{SOON, told};

/// Everything that is done with a database.
const COMMANDS: [&[&str]; 5] = [
    &["status"],
    &["current"],
    &["upgrade", "head", "--yes"],
    &["downgrade", "base", "--yes"],
    &["stamp", "head", "--yes"],
];

fn all(world: &World, words: &[&str]) {
    for command in COMMANDS {
        let answer = told(world.revline(command), SOON, words);
        let changes = command.len() > 1;
        assert!(!changes || answer.err.contains("Nothing was changed"), "{}", answer.all());
    }
}

#[test]
fn a_server_that_is_down_is_told() {
    let mut world = World::plain().on_sqlite();
    for (driver, login) in
        [("postgresql+psycopg", "u:p%40ss-w%25rd%2F"), ("mysql+pymysql", "u:p%40ss-w%25rd%2F")]
    {
        world.set("DATABASE_URL", &format!("{driver}://{login}@127.0.0.1:9/d"));
        all(&world, &["no server answers", "u:***@127.0.0.1:9", "is the server started"]);
    }
}

#[test]
fn a_host_that_nobody_knows_is_told() {
    let mut world = World::plain().on_sqlite();
    world.write(
        "home/.config/revline/config.toml",
        "[database]\nallow = ['no-such-host.invalid']\n",
    );
    for driver in ["postgresql+asyncpg", "mariadb+pymysql"] {
        world.set("DATABASE_URL", &format!("{driver}://u:p%40ss-w%25rd%2F@no-such-host.invalid/d"));
        all(&world, &["the host is not known", "is the name right"]);
    }
}

fn not_let_in(place: Option<Place>) {
    let Some(place) = place else { return };
    let mut world = World::plain().on_sqlite();
    let wrong = place.keyed("nowhere").replace("person:", "person:wrong-");
    world.set("DATABASE_URL", &wrong);
    all(&world, &["the server does not let this user in", "look at user and password of the URL"]);
    world.set("DATABASE_URL", &place.keyed("nowhere"));
    all(&world, &["the server has no such database", "or mend the URL"]);
}

#[test]
fn a_wrong_password_and_a_missing_database_of_postgresql_are_told() {
    not_let_in(postgresql());
}

#[test]
fn a_wrong_password_and_a_missing_database_of_mariadb_are_told() {
    not_let_in(mariadb());
}
