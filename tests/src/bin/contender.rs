//! `contender URL count FILE | hold`: takes the lock of a database, as a process of its own.
//!
//! `count` adds one to the number in FILE, slowly, and gives the lock back; `hold` says that it has it and waits for the
//! end of its input.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program of the tests, which talks with them and writes their files"
)]

use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use revline_database::{Address, Surroundings, Timeouts, lock};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let url = arguments.first().context("the first argument is a URL")?;
    let surroundings = Surroundings { folder: Path::new("/"), variable: &|_| None };
    let address = Address::parse(url, &surroundings)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let patience = Duration::from_secs(60);
        let never = std::future::pending();
        let held = lock(&address, "alembic_version", &Timeouts::default(), patience, never).await?;
        match (arguments.get(1).map(String::as_str), arguments.get(2)) {
            (Some("count"), Some(file)) => {
                let number: u32 = std::fs::read_to_string(file)?.trim().parse()?;
                tokio::time::sleep(Duration::from_millis(30)).await;
                std::fs::write(file, (number + 1).to_string())?;
                held.release().await;
                Ok(())
            }
            (Some("hold"), None) => {
                println!("held");
                std::io::stdin().read_to_end(&mut Vec::new())?;
                Ok(())
            }
            _ => bail!("the second argument is `count FILE` or `hold`"),
        }
    })
}
