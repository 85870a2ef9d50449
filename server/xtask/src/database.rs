//! `cargo xtask database`: the live schema beside SQLAlchemy's inspector, on the tables of all listed packages.

use std::collections::BTreeMap;

use anyhow::Result;
use revline_tests::judge::live::packages::{self, Tally};
use revline_tests::judge::mariadb::Mariadb;
use revline_tests::judge::server::Server;
use revline_tests::judge::{corpus, in_parallel};

use crate::setup;

/// Build the tables of the listed packages on SQLite, PostgreSQL and MariaDB, and compare what is read of them.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only these packages; all unless given.
    #[arg(long = "package")]
    packages: Vec<String>,
    /// How many lines of what differs.
    #[arg(long, default_value_t = 25)]
    lines: usize,
    /// How many processes at once.
    #[arg(long, default_value_t = 2)]
    jobs: usize,
}

pub(crate) fn run(args: &Args) -> Result<bool> {
    let judges = setup::judges()?;
    let locations = corpus::locations(&judges.corpus, &args.packages)?;
    let (postgresql, mariadb) = (Server::start()?, Mariadb::start()?);
    let files = tempfile::tempdir()?;
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for dialect in ["sqlite", "postgresql", "mariadb"] {
        let all = in_parallel(args.jobs, &locations, |location| {
            let name = format!("live_{}", location.name().replace('-', "_"));
            let url = match dialect {
                "sqlite" => format!("sqlite:///{}/{name}.db", files.path().display()),
                "postgresql" => {
                    packages::execute(&postgresql.url(), &format!("CREATE DATABASE {name}"))?;
                    postgresql.url_of("judge", &name)
                }
                _ => {
                    packages::execute(&mariadb.url("mysql"), &format!("CREATE DATABASE {name}"))?;
                    mariadb.url(&name)
                }
            };
            let judged = packages::judge(&judges.online, location, &url);
            eprintln!("  {dialect} {}", location.name());
            judged
        })?;
        let tally = tallies.entry(dialect).or_default();
        all.into_iter().for_each(|one| tally.add(one));
    }
    println!("{} on SQLite, PostgreSQL {}, MariaDB\n", judges.versions, postgresql.version);
    println!("{}", packages::table(tallies.iter().map(|(dialect, tally)| (*dialect, tally))));
    let mut well = true;
    for (dialect, tally) in &tallies {
        well &= tally.differing.is_empty();
        for line in tally.differing.iter().take(args.lines) {
            println!("{dialect}: {line}");
        }
        if tally.differing.len() > args.lines {
            println!("{dialect}: and {} more", tally.differing.len() - args.lines);
        }
    }
    Ok(well)
}
