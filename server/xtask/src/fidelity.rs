//! `cargo xtask fidelity`: Revline beside real Alembic over all listed packages, or over anybody's own, offline and
//! online.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use revline_tests::judge::corpus::{Listing, Location};
use revline_tests::judge::offline::Tally;
use revline_tests::judge::program::{Answer, Environment};
use revline_tests::judge::server::Server;
use revline_tests::judge::{DIALECTS, Tools, alter, in_parallel, offline, online};

use crate::{child, paths, setup};

mod readme;

/// Compare what Revline says of each revision of the listed packages with what real Alembic says.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Packages or projects of one's own in place of the listed ones, in the shape of tests/corpus/packages.toml.
    /// Each has a name, its locations, and a folder where it is unpacked or a version that is downloaded. The bars are
    /// told and not held; a wrong claim and a false alarm are failures there too.
    #[arg(long = "packages", value_name = "FILE", conflicts_with = "write")]
    listing: Option<PathBuf>,
    /// Only these packages; all unless given.
    #[arg(long = "package")]
    packages: Vec<String>,
    /// The program; without it, it is built in release.
    #[arg(long)]
    program: Option<PathBuf>,
    /// A Python with Alembic alone, in place of the installed one.
    #[arg(long, requires = "online")]
    plain: Option<PathBuf>,
    /// A Python with what the packages import too, in place of the installed one.
    #[arg(long, requires = "plain")]
    online: Option<PathBuf>,
    /// The unpacked packages, in place of the downloaded ones.
    #[arg(long)]
    corpus: Option<PathBuf>,
    /// Leave out the naming convention's pass and the databases.
    #[arg(long)]
    offline: bool,
    /// Nothing but the rule about what SQLite cannot ALTER.
    #[arg(long, conflicts_with_all = ["offline", "write"])]
    alter: bool,
    /// How many lines of each list.
    #[arg(long, default_value_t = 25)]
    lines: usize,
    /// Write the tables into README.md, between its marks.
    #[arg(long, conflicts_with_all = ["packages", "offline"])]
    write: bool,
    /// How many processes at once.
    #[arg(long, default_value_t = 2)]
    jobs: usize,
}

/// The least share of Alembic's outputs that are exact, and of upgrades that are known, in percent.
const EXACT: usize = 98;
const KNOWN: usize = 75;

pub(crate) fn run(args: &Args) -> Result<bool> {
    let began = Instant::now();
    let listing = match &args.listing {
        Some(file) => Listing::read(file)?,
        None => Listing::own()?,
    };
    let judges = judges(args, &listing)?;
    let versions = judges.versions;
    let revline = match &args.program {
        Some(program) => program.canonicalize()?,
        None => crate::bench::built()?,
    };
    let server = if args.offline || args.alter { None } else { Some(Server::start()?) };
    let tools = Tools {
        revline,
        plain: judges.plain,
        online: judges.online,
        corpus: judges.corpus,
        work: paths::target().join("revline-judge"),
        server: server.as_ref().map(Server::url),
        jobs: args.jobs,
    };
    let locations = listing.locations(&tools.corpus, &args.packages)?;
    let slowest: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let tell = |line: &str| {
        eprintln!("  {line}");
        if let Ok(mut slowest) = slowest.lock() {
            slowest.push(line.to_owned());
        }
    };

    let mut text = Text::new(args.lines);
    let mut well = true;
    if args.alter {
        let answers = in_parallel(tools.jobs, &locations, |location| {
            let answers = Environment::of(&tools, location, None)?.each(&["sqlite"])?;
            Ok((location.name(), answers))
        })?;
        let answers: BTreeMap<_, _> = answers.into_iter().collect();
        let ran = online::judge(&tools, &locations, &["sqlite"], &answers, &tell)?;
        text.alter(&tools, &locations, &ran, &answers, &tell, &mut well)?;
        eprintln!("{:.0} s in all", began.elapsed().as_secs_f64());
        return Ok(well);
    }
    eprintln!("offline");
    let plain = offline::judge(&tools, &locations, None, &tell)?;
    text.title("Each revision on its own, both directions");
    text.say(&offline::fidelity_table(&plain.tallies).to_string());
    well &= text.wrong_claims(&plain.tallies);
    text.title("Upgrades that are known");
    text.say(&offline::coverage_table(&plain.tallies).to_string());
    for (dialect, tally) in &plain.tallies {
        text.ledger(&format!("{dialect}: why Alembic's text is not exact"), &tally.missing);
        text.ledger(&format!("{dialect}: why an upgrade is not known"), &tally.unknown);
    }
    if let Some(server) = &server {
        eprintln!("with a naming convention");
        let convention = convention();
        let named = offline::judge(&tools, &locations, Some(&convention), &tell)?;
        text.title("The same with a naming convention");
        text.say(&offline::fidelity_table(&named.tallies).to_string());
        well &= text.wrong_claims(&named.tallies);
        for (dialect, tally) in &named.tallies {
            text.ledger(&format!("{dialect}, named: why it is not exact"), &tally.missing);
        }
        eprintln!("online, PostgreSQL {}", server.version);
        let ran = online::judge(&tools, &locations, &DIALECTS, &plain.answers, &tell)?;
        text.title("Beside what real Alembic executes");
        text.say(&online::chain_table(&ran.tallies).to_string());
        text.say(&online::derived_table(&ran).to_string());
        for (dialect, tally) in &ran.tallies {
            text.list(
                &format!("{dialect}: derived, and Alembic executed something else"),
                &tally.derived_different,
            );
            text.list(&format!("{dialect}: the same, behind a gap"), &tally.derived_in_gap);
            text.list(
                &format!("{dialect}: tables that are not as reflected"),
                &tally.states_different,
            );
            let title = format!("{dialect}: exact, and executed otherwise than printed");
            text.list(&title, &tally.exact_different);
            text.ledger(&format!("{dialect}: why chains have gaps"), &tally.gaps);
            well &= tally.derived_different.is_empty() && tally.states_different.is_empty();
        }
        text.alter(&tools, &locations, &ran, &plain.answers, &tell, &mut well)?;
    }
    if args.listing.is_some() {
        text.bars(&plain.tallies);
    } else if args.packages.is_empty() {
        well &= text.bars(&plain.tallies);
    }
    eprintln!("{:.0} s in all", began.elapsed().as_secs_f64());
    if args.write {
        let server = server.as_ref().map(|server| server.version.clone()).unwrap_or_default();
        let packages: std::collections::BTreeSet<_> =
            locations.iter().map(|location| &location.package).collect();
        readme::write(&text.tables, packages.len(), &format!("{versions}, PostgreSQL {server}"))?;
    }
    Ok(well)
}

/// The interpreters and the unpacked packages, those that are given and the installed ones for the rest.
fn judges(args: &Args, listing: &Listing) -> Result<setup::Judges> {
    let mut judges = match (&args.plain, &args.online) {
        (Some(plain), Some(online)) => setup::Judges {
            plain: plain.clone(),
            online: online.clone(),
            corpus: PathBuf::new(),
            versions: versions_of(online)?,
        },
        _ if args.corpus.is_some() || args.listing.is_some() => setup::judges_alone()?,
        _ => setup::judges()?,
    };
    match (&args.corpus, &args.listing) {
        (Some(corpus), _) => judges.corpus = corpus.canonicalize()?,
        (None, Some(file)) => {
            judges.corpus = paths::target().join("revline-judge/packages");
            let names = listing.without_folder(&args.packages);
            if !names.is_empty() {
                setup::fetch(file, &judges.corpus, &names)?;
            }
        }
        (None, None) => ensure!(args.plain.is_none(), "--plain without --packages needs --corpus"),
    }
    Ok(judges)
}

/// The convention of SQLAlchemy's documentation: every kind has a name.
fn convention() -> BTreeMap<String, String> {
    let kinds = [
        ("ix", "ix_%(column_0_label)s"),
        ("uq", "uq_%(table_name)s_%(column_0_name)s"),
        ("ck", "ck_%(table_name)s_%(constraint_name)s"),
        ("fk", "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"),
        ("pk", "pk_%(table_name)s"),
    ];
    kinds.map(|(kind, template)| (kind.to_owned(), template.to_owned())).into()
}

fn versions_of(python: &PathBuf) -> Result<String> {
    let code = "import alembic, sqlalchemy; print('alembic', alembic.__version__ + ', SQLAlchemy', sqlalchemy.__version__)";
    let asked = child::hush(std::process::Command::new(python).args(["-c", code]))?;
    ensure!(asked.well, "{}", asked.last_words());
    asked.lines.into_iter().next().context("Python prints its versions")
}

/// What is printed at once, since a run is long; the tables are kept.
struct Text {
    lines: usize,
    tables: String,
}

fn put(text: &str) {
    print!("{text}");
}

impl Text {
    fn new(lines: usize) -> Self {
        Self { lines, tables: String::new() }
    }

    fn title(&mut self, title: &str) {
        put(&format!("\n== {title}\n\n"));
        if !self.tables.is_empty() {
            self.tables.push('\n');
        }
        self.tables.push_str(&format!("{title}:\n\n"));
    }

    fn say(&mut self, table: &str) {
        put(table);
        put("\n");
        if self.tables.ends_with("|\n") {
            self.tables.push('\n');
        }
        self.tables.push_str(table);
    }

    fn list(&mut self, title: &str, lines: &[String]) {
        if lines.is_empty() {
            return;
        }
        put(&format!("{title}: {}\n", lines.len()));
        for line in lines.iter().take(self.lines) {
            put(&format!("    {line}\n"));
        }
    }

    fn ledger(&mut self, title: &str, ledger: &revline_tests::judge::ledger::Ledger) {
        put(&format!("{title}: {}\n", ledger.total()));
        for (reason, count, place) in ledger.sorted().into_iter().take(self.lines) {
            put(&format!("  {count:5}  {reason}   [{place}]\n"));
        }
        put("\n");
    }

    /// The rule about ALTER beside what ran on SQLite.
    fn alter(
        &mut self,
        tools: &Tools,
        locations: &[Location],
        ran: &online::Judged,
        answers: &BTreeMap<String, Vec<Answer>>,
        tell: &(dyn Fn(&str) + Sync),
        well: &mut bool,
    ) -> Result<()> {
        eprintln!("the rule about ALTER on SQLite");
        let runs = ran.runs.get("sqlite").map(Vec::as_slice).unwrap_or_default();
        let rule = alter::judge(tools, locations, runs, answers, true, tell)?;
        self.title("The rule about what SQLite cannot ALTER");
        self.say(&alter::table(&rule).to_string());
        self.list("fails, and the rule is silent", &rule.missed);
        self.ledger("why it is silent", &rule.unknown);
        self.list("the rule fires, and it runs", &rule.false_alarms);
        self.list("mended, and it does not run", &rule.not_mended);
        *well &=
            rule.missed.is_empty() && rule.false_alarms.is_empty() && rule.not_mended.is_empty();
        Ok(())
    }

    /// Whether nothing that is called exact is something else.
    fn wrong_claims(&mut self, tallies: &BTreeMap<String, Tally>) -> bool {
        for (dialect, tally) in tallies {
            self.list(&format!("{dialect}: exact and different"), &tally.different);
            self.list(&format!("{dialect}: exact, and Alembic refuses"), &tally.overclaimed);
        }
        tallies.values().all(|tally| tally.different.is_empty() && tally.overclaimed.is_empty())
    }

    /// The bars, which hold over all listed packages alone; whether they are met.
    fn bars(&mut self, tallies: &BTreeMap<String, Tally>) -> bool {
        let mut all = true;
        for (dialect, tally) in tallies {
            let mut bar = |what: &str, part: usize, whole: usize, percent: usize| {
                let met = part * 100 >= whole * percent;
                let word = if met { "met" } else { "MISSED" };
                put(&format!("{dialect}: {what}: {part} of {whole}, bar {percent} %: {word}\n"));
                all &= met;
            };
            bar("exact and equal", tally.equal, tally.rendered, EXACT);
            let known = tally.upgrades_of("exact") + tally.upgrades_of("derived");
            if dialect == "postgresql" {
                bar("upgrades known", known, tally.upgrades(), KNOWN);
            }
        }
        all
    }
}
