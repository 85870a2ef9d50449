//! The commands on every listed package, on SQLite, PostgreSQL and MariaDB, beside Alembic's own.

use std::path::Path;

use anyhow::{Result, bail};
use revline_tests::judge::commands::{Outcome, Tally, judge};
use revline_tests::judge::place::{Place, mariadb, postgresql, sqlite};
use revline_tests::judge::{corpus, in_parallel};

use super::Args;
use crate::setup::Judges;

pub(super) fn run(args: &Args, judges: &Judges, revline: &Path) -> Result<bool> {
    let (Some(sqlite), Some(postgresql), Some(mariadb)) = (sqlite(), postgresql(), mariadb())
    else {
        bail!("a database is missing");
    };
    let places: [(&str, Place); 3] =
        [("sqlite", sqlite), ("postgresql", postgresql), ("mariadb", mariadb)];
    let locations = corpus::locations(&judges.corpus, &args.packages)?;
    let pairs: Vec<(&corpus::Location, &(&str, Place))> = places
        .iter()
        .flat_map(|place| locations.iter().map(move |location| (location, place)))
        .collect();
    let outcomes = in_parallel(args.jobs, &pairs, |(location, (dialect, place))| {
        let outcome = judge(&judges.online, revline, place, location)
            .unwrap_or_else(|why| Outcome::Different(format!("{why:#}")));
        eprintln!("  {} on {dialect}: {outcome:?}", location.name());
        Ok(outcome)
    })?;
    let mut tally = Tally::default();
    for ((location, (dialect, _)), outcome) in pairs.iter().zip(&outcomes) {
        tally.add(location, dialect, outcome);
    }
    println!("{}", tally.table());
    for line in tally.different().iter().take(args.lines) {
        println!("  {line}");
    }
    Ok(tally.different().is_empty())
}
