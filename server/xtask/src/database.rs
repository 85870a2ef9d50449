//! `cargo xtask database`: the live schema beside SQLAlchemy's inspector, on the tables of all listed packages.

use anyhow::Result;
use revline_tests::judge::asked::execute;
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
    /// Only these of sqlite, postgresql and mariadb; all unless given.
    #[arg(long = "dialect", value_parser = DIALECTS)]
    dialects: Vec<String>,
    /// How many lines of what differs.
    #[arg(long, default_value_t = 25)]
    lines: usize,
    /// How many processes at once.
    #[arg(long, default_value_t = 2)]
    jobs: usize,
}

const DIALECTS: [&str; 3] = ["sqlite", "postgresql", "mariadb"];

pub(crate) fn run(args: &Args) -> Result<bool> {
    let judges = setup::judges()?;
    let locations = corpus::locations(&judges.corpus, &args.packages)?;
    let (postgresql, mariadb) = (Server::start()?, Mariadb::start()?);
    let files = tempfile::tempdir()?;
    println!("{} on SQLite, PostgreSQL {}, MariaDB", judges.versions, postgresql.version);
    let mut well = true;
    let is_meant = |dialect: &&str| {
        args.dialects.is_empty() || args.dialects.iter().any(|given| given == dialect)
    };
    for dialect in DIALECTS.into_iter().filter(is_meant) {
        let all = in_parallel(args.jobs, &locations, |location| {
            let name = format!("live_{}", location.name().replace('-', "_"));
            let url = match dialect {
                "sqlite" => format!("sqlite:///{}/{name}.db", files.path().display()),
                "postgresql" => {
                    execute(&postgresql.url(), &[&format!("CREATE DATABASE {name}")])?;
                    postgresql.url_of("judge", &name)
                }
                _ => {
                    execute(&mariadb.url("mysql"), &[&format!("CREATE DATABASE {name}")])?;
                    mariadb.url(&name)
                }
            };
            let judged = packages::judge(&judges.online, location, &url);
            eprintln!("  {dialect} {}", location.name());
            judged
        })?;
        let mut tally = Tally::default();
        all.into_iter().for_each(|one| tally.add(one));
        println!("\n{}", packages::table(std::iter::once((dialect, &tally))));
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
