//! The database of an environment as `doctor` tells it: which one is believed and why, whether it may
//! be opened, and who would run migrations. Nothing is opened and nothing is started.

use revline_analysis::Project;
use revline_apply::{Denied, Permission, Person};
use serde_json::{Value, json};

use crate::database::{asking, source};
use crate::project::{Globals, Opened, place};

/// What is told, and the same for programs.
pub(super) struct Told {
    pub(super) lines: Vec<(&'static str, String)>,
    pub(super) json: Value,
}

pub(super) fn told(opened: &Opened, project: &Project, globals: &Globals, person: &Person) -> Told {
    let mut lines: Vec<(&'static str, String)> = Vec::new();
    let named: Vec<&String> = project.settings.database.named.keys().collect();
    let believed = match person.believed(&opened.snapshot, project, &asking(globals, project, None))
    {
        Ok(believed) => believed,
        Err(none) => {
            let at = none.span.map(|span| place(&opened.snapshot, span));
            let from = at.as_ref().map(|at| format!("  ({at})")).unwrap_or_default();
            lines.push(("database", format!("none: {}{from}", none.why)));
            lines.push(("", none.way_out.clone()));
            let json = json!({
                "database": null,
                "no_database": { "why": none.why, "place": at, "way_out": none.way_out },
                "named_databases": named,
            });
            return Told { lines, json };
        }
    };
    let from = source(opened, &believed.source);
    lines.push(("database", format!("{}  ({from})", believed.url)));
    if !named.is_empty() {
        let names: Vec<&str> = named.iter().map(|name| name.as_str()).collect();
        lines.push(("", format!("and by name: {}", names.join(", "))));
    }
    let (allow, _) = person.allow(opened.snapshot.files());
    let may =
        revline_apply::connect(believed.clone(), &person.variables, &allow, Permission::Unasked);
    let trust = match may {
        Ok(_) => "configured; opened when a command asks for it".to_owned(),
        Err(Denied::Unasked { .. }) => {
            "discovered; opened when a person has said so once".to_owned()
        }
        Err(denied) => denied.to_string(),
    };
    lines.push(("trust", trust.clone()));
    let own = person.own.as_ref().map(|own| own.join("config.toml").display().to_string());
    lines.push((
        "your settings",
        own.clone().unwrap_or_else(|| "nowhere; there is no home".to_owned()),
    ));
    let schema = believed.version_table_schema.as_ref().map(|schema| format!("{schema}."));
    let table = format!("{}{}", schema.unwrap_or_default(), believed.version_table);
    lines.push(("version table", table.clone()));
    let found = person.interpreter(&opened.snapshot, &believed);
    let disk = opened.snapshot.files().disk();
    let version = |name: &str| {
        let environment = found.as_ref().ok()?.environment.as_ref()?;
        revline_apply::installed(disk, environment, name)
    };
    let (alembic, sqlalchemy) = (version("alembic"), version("sqlalchemy"));
    let shown = match &found {
        Ok(found) => {
            let of = |name: &str, version: &Option<String>| {
                version.as_ref().map(|version| format!(", {name} {version}"))
            };
            let versions =
                [of("Alembic", &alembic), of("SQLAlchemy", &sqlalchemy)].into_iter().flatten();
            let versions: String = versions.collect();
            format!("{}  ({}{versions})", found.path.display(), found.found)
        }
        Err(why) => format!("none: {why}"),
    };
    lines.push(("interpreter", shown));
    let runner = believed.entry.runner.unwrap_or_default();
    let starts = person.can_start(&opened.snapshot, &believed);
    let why = match &starts {
        Ok(()) => String::new(),
        Err(why) => format!("; the project's own Alembic cannot be started: {why}"),
    };
    lines.push(("runner", format!("{}{why}", runner.as_str())));
    for beside in &believed.beside {
        let at = place(&opened.snapshot, beside.span);
        lines.push(("not native", format!("{}  ({at})", beside.why)));
    }
    let json = json!({
        "database": { "url": believed.url.to_string(), "from": from, "trust": trust },
        "named_databases": named,
        "own_settings": own,
        "version_table": table,
        "interpreter": found.as_ref().ok().map(|found| json!({
            "path": found.path, "from": found.found, "alembic": alembic, "sqlalchemy": sqlalchemy,
        })),
        "no_interpreter": found.as_ref().err(),
        "runner": runner.as_str(),
    });
    Told { lines, json }
}
