//! The tables that one public package makes are read alike on each database; `cargo xtask database` does all packages.

use revline_tests::judge::corpus::locations;
use revline_tests::judge::live::packages::judge;

use super::oracle::{corpus, python};
use super::places::{Place, mariadb, postgresql, sqlite};

fn check(place: Option<Place>) {
    let (Some(python), Some(corpus), Some(place)) = (python(), corpus(), place) else { return };
    let all = locations(&corpus, &["mlflow".to_owned()]).unwrap();
    let tally = judge(&python, &all[0], &place.url()).unwrap();
    assert_eq!(tally.differing, Vec::<String>::new());
    assert!(tally.tables.0 > 10, "{tally:?}");
}

#[test]
fn a_package_on_sqlite() {
    check(sqlite());
}

#[test]
fn a_package_on_postgresql() {
    check(postgresql());
}

#[test]
fn a_package_on_mariadb() {
    check(mariadb());
}
