//! The figures that may not drop: `tests/corpus/floors.toml`.

#![allow(clippy::disallowed_methods, reason = "the floors are a file of the tests")]

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};

use super::corpus::tests;

/// What the checked-in file says.
#[derive(Clone, Debug)]
pub struct Floors {
    /// The packages that continuous integration looks at.
    pub packages: Vec<String>,
    /// By name: the least that a count may be.
    pub least: BTreeMap<String, usize>,
    /// By name: the most that a count may be.
    pub most: BTreeMap<String, usize>,
}

impl Floors {
    /// Reads the file.
    pub fn read() -> Result<Self> {
        let text = std::fs::read_to_string(tests().join("corpus/floors.toml"))?;
        let table: toml::Table = text.parse()?;
        let packages = table.get("packages").and_then(toml::Value::as_array);
        let counts = |key: &str| -> Result<BTreeMap<String, usize>> {
            let counts = table.get(key).and_then(toml::Value::as_table).context("a table")?;
            counts
                .iter()
                .map(|(name, count)| {
                    let count = count.as_integer().and_then(|count| usize::try_from(count).ok());
                    Ok((name.clone(), count.with_context(|| format!("{name} is no count"))?))
                })
                .collect()
        };
        Ok(Self {
            packages: packages
                .context("a list of packages")?
                .iter()
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect(),
            least: counts("least")?,
            most: counts("most")?,
        })
    }

    /// What has dropped or grown beyond its bound, and what is bounded but was not measured.
    pub fn broken(&self, figures: &BTreeMap<String, usize>) -> Vec<String> {
        let mut broken = Vec::new();
        for (bounds, word) in [(&self.least, "least"), (&self.most, "most")] {
            for (name, bound) in bounds {
                match figures.get(name) {
                    None => broken.push(format!("{name} was not measured")),
                    Some(figure) if word == "least" && figure < bound => {
                        broken.push(format!("{name}: {figure}, at least {bound}"));
                    }
                    Some(figure) if word == "most" && figure > bound => {
                        broken.push(format!("{name}: {figure}, at most {bound}"));
                    }
                    Some(_) => {}
                }
            }
        }
        broken
    }
}
