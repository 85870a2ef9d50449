//! Projects in memory, and whose URL counts.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use revline_vfs::{Files, MemoryDisk};

use super::{Asking, Believed, UrlSource};
use crate::{Depth, Index, Inputs};

const INI: &str =
    "[alembic]\nscript_location = migrations\nsqlalchemy.url = postgresql://u:stale@old/old\n";

const THROUGH: &str = "from alembic import context\nfrom sqlalchemy import engine_from_config\nconfig = context.config\nwith engine_from_config(config.get_section(config.config_ini_section), prefix='sqlalchemy.').connect() as connection:\n    context.configure(connection=connection, version_table='v', transaction_per_migration=True)\n    context.run_migrations()\n";

const OVER: &str = "import os\nfrom alembic import context\nfrom sqlalchemy import create_engine\nwith create_engine(os.environ['DATABASE_URL']).connect() as connection:\n    context.configure(connection=connection)\n    context.run_migrations()\n";

fn ask(
    files: &[(&str, &str)],
    name: Option<&str>,
    variables: &[(&str, &str)],
) -> Result<Believed, String> {
    let mut all = vec![
        ("/w/alembic.ini", INI),
        ("/w/migrations/env.py", THROUGH),
        ("/w/migrations/versions/a1.py", "revision = 'a1'\ndown_revision = None\n"),
    ];
    for file in files {
        all.retain(|known| known.0 != file.0);
        all.push(*file);
    }
    let files = Files::new(Arc::new(MemoryDisk::new(all)));
    let index = Index::build(&files, &[PathBuf::from("/w")], None, Depth::Graph);
    let mut inputs = Inputs::new(files);
    inputs.set_index(index);
    let snapshot = inputs.snapshot();
    let project = snapshot.projects()[0].clone();
    let variables: BTreeMap<String, String> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    snapshot
        .database(&project, &Asking { name, ..Asking::default() }, &variables)
        .map_err(|no| no.why)
}

/// The URL and what says so.
fn url(
    files: &[(&str, &str)],
    name: Option<&str>,
    variables: &[(&str, &str)],
) -> Result<(String, &'static str), String> {
    ask(files, name, variables).map(|found| {
        let source = match found.source {
            UrlSource::Settings(_, None) => "settings",
            UrlSource::Settings(_, Some(_)) => "variable of the settings",
            UrlSource::Env(_) => "env.py",
            UrlSource::Config(_) => "ini",
        };
        (found.url.secret().to_owned(), source)
    })
}

fn known(url: &str, source: &'static str) -> Result<(String, &'static str), String> {
    Ok((url.to_owned(), source))
}

#[test]
fn the_ini_counts_only_where_env_py_passes_it_through() {
    assert_eq!(url(&[], None, &[]), known("postgresql://u:stale@old/old", "ini"));
    let over = [("/w/migrations/env.py", OVER)];
    let set = [("DATABASE_URL", "sqlite:///dev.db")];
    assert_eq!(url(&over, None, &set), known("sqlite:///dev.db", "env.py"));
    let why = "env.py ends before it connects: Python raises KeyError: 'DATABASE_URL'";
    assert_eq!(url(&over, None, &[]), Err(why.to_owned()));
    let lost = [(
        "/w/migrations/env.py",
        "from alembic import context\nimport nowhere\ncontext.configure(connection=nowhere.connect())\n",
    )];
    let why =
        "what env.py connects to is not known: the module `nowhere` was not found in the workspace";
    assert_eq!(url(&lost, None, &[]), Err(why.to_owned()));
}

#[test]
fn a_project_that_sets_the_url_in_its_own_command_line_has_a_stale_one_in_the_ini() {
    let cli = [("/w/manage.py", "config.set_main_option('sqlalchemy.url', url)\n")];
    let why = "the project's own command line sets the URL, and the one in the configuration is \
               what nobody runs with";
    assert_eq!(url(&cli, None, &[]), Err(why.to_owned()));
}

#[test]
fn settings_stand_before_everything_and_name_variables() {
    let literal = [("/w/revline.toml", "[database]\nurl = 'sqlite:///set.db'\n")];
    assert_eq!(url(&literal, None, &[]), known("sqlite:///set.db", "settings"));
    let variable = [("/w/revline.toml", "[database]\nurl = '$DB'\nenv-file = '.env'\n")];
    let set = [("DB", "sqlite:///var.db")];
    assert_eq!(url(&variable, None, &set), known("sqlite:///var.db", "variable of the settings"));
    let why = "the `env-file` /w/.env cannot be read";
    assert_eq!(url(&variable, None, &[]), Err(why.to_owned()));
    let with_file = [variable[0], ("/w/.env", "DB=sqlite:///file.db\n")];
    assert_eq!(url(&with_file, None, &[]), known("sqlite:///file.db", "variable of the settings"));
    let without = [("/w/revline.toml", "[database]\nurl = '$DB'\n")];
    let why = "the setting `url` is $DB, which is not set";
    assert_eq!(url(&without, None, &[]), Err(why.to_owned()));
}

#[test]
fn a_named_database_never_falls_back_to_another() {
    let named = [(
        "/w/revline.toml",
        "[database.test]\nurl = 'sqlite:///t.db'\n[database.bare]\nx = ['a']\n",
    )];
    assert_eq!(url(&named, Some("test"), &[]), known("sqlite:///t.db", "settings"));
    assert_eq!(url(&named, Some("bare"), &[]), Err("`[database.bare]` has no `url`".to_owned()));
    assert_eq!(url(&named, Some("x"), &[]), Err("there is no `[database.x]`".to_owned()));
}

#[test]
fn what_env_py_says_of_the_version_table_holds_for_every_url() {
    let literal = [("/w/revline.toml", "[database]\nurl = 'sqlite:///set.db'\n")];
    let found = ask(&literal, None, &[]).unwrap();
    assert_eq!((found.version_table.as_str(), found.transaction_per_migration), ("v", Ok(true)));
    assert_eq!(found.env_url.unwrap().to_string(), "postgresql://u:***@old/old");
    let over = [("/w/migrations/env.py", OVER)];
    let found = ask(&over, None, &[("DATABASE_URL", "sqlite:///dev.db")]).unwrap();
    assert_eq!(found.env_variable.as_deref(), Some("DATABASE_URL"));
    assert!(!format!("{found:?}").contains("stale"));
}
