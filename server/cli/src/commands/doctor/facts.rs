//! What is known of a project beside its graph, and what could not be known and why.

use revline_analysis::{
    Facts, Files, How, Naming, Override, Project, Snapshot, TargetSource, Told, Version,
};
use revline_sql::Sqlalchemy;
use serde_json::{Value, json};

use super::report::place;

/// A title and its value, for people, and the same for programs.
pub(super) struct Known {
    pub(super) lines: Vec<(&'static str, String)>,
    pub(super) json: Value,
}

/// The databases that a project is for: name, what says so, whether Revline prints its SQL.
pub(super) fn targets(snapshot: &Snapshot, project: &Project) -> Vec<(String, String, bool)> {
    let files = snapshot.files();
    let from = |source: &TargetSource| match source {
        TargetSource::Settings => "the settings".to_owned(),
        TargetSource::Folder => "the name of the version folder".to_owned(),
        TargetSource::Env(span) => format!("env.py's URL, {}", place(files, *span)),
        TargetSource::Config(span) => format!("the URL in {}", place(files, *span)),
        TargetSource::Driver(package, span) => format!("{package} in {}", place(files, *span)),
    };
    let found = snapshot.found_targets(project).into_iter();
    found
        .map(|target| {
            let known = revline_sql::dialect(&target.dialect).is_some();
            (target.dialect, from(&target.source), known)
        })
        .collect()
}

pub(super) fn known(snapshot: &Snapshot, project: &Project) -> Known {
    let files = snapshot.files();
    let facts = snapshot.facts(project);
    let mut lines: Vec<(&'static str, String)> = Vec::new();
    let urls = urls(files, &facts);
    for (url, place) in &urls {
        lines.push(("url", format!("{url}  ({place})")));
    }
    let variables = facts.variables();
    if !variables.is_empty() {
        const SHOWN: usize = 8;
        let first = variables.iter().take(SHOWN).map(|name| &**name).collect::<Vec<_>>().join(", ");
        let more = if variables.len() > SHOWN { ", …" } else { "" };
        lines.push((
            "variables",
            format!("{first}{more}; they are read to find the database, and never shown"),
        ));
    }
    let settings = snapshot.sql_settings(project);
    let series = match settings.sqlalchemy {
        Sqlalchemy::V2_0 => "2.0",
        Sqlalchemy::V2_1 => "2.1",
    };
    lines.push((
        "sqlalchemy",
        match &facts.packages.sqlalchemy {
            Some(version) if version.text.starts_with(series) => told(files, version),
            Some(version) => format!("{}; SQL is printed as {series} does", told(files, version)),
            None => format!("not known; SQL is printed as {series} does"),
        },
    ));
    lines.push((
        "alembic",
        match &facts.packages.alembic {
            Some(version) => told(files, version),
            None => "not known; 1.20 is followed".to_owned(),
        },
    ));
    let (naming, naming_json) = naming(files, project, &facts);
    lines.push(("naming", naming));
    let configured = configured(files, &facts);
    for (option, value, place) in &configured {
        lines.push(("configure", format!("{option} = {value}  ({place})")));
    }
    let overrides: Vec<&Override> = facts.overrides.iter().filter(|one| matters(one)).collect();
    for one in &overrides {
        let place = place(files, one.span);
        lines.push(("set in Python", format!("{}  ({place})", one.option)));
    }
    let mut unknown: Vec<(String, String)> = Vec::new();
    for env in facts.offline.iter().chain(&facts.online) {
        if let Some(ends) = &env.ends {
            let one = (place(files, ends.span), format!("env.py ends here: {}", ends.why));
            if !unknown.contains(&one) {
                unknown.push(one);
            }
        }
    }
    for (place, why) in &unknown {
        lines.push(("unknown", format!("{place}: {why}")));
    }
    let version = |version: &Option<Version>| {
        version.as_ref().map(|version| {
            json!({
                "version": version.text,
                "how": how(version.how),
                "place": version_place(files, version),
            })
        })
    };
    let json = json!({
        "urls": urls
            .iter()
            .map(|(url, place)| json!({ "url": url, "place": place }))
            .collect::<Vec<_>>(),
        "variables": variables.iter().map(|name| &**name).collect::<Vec<_>>(),
        "sqlalchemy": version(&facts.packages.sqlalchemy),
        "sqlalchemy_printed": series,
        "alembic": version(&facts.packages.alembic),
        "naming_convention": naming_json,
        "configured": configured
            .iter()
            .map(|(option, value, place)| {
                json!({ "option": option, "value": value, "place": place })
            })
            .collect::<Vec<_>>(),
        "set_in_python": overrides
            .iter()
            .map(|one| json!({ "option": one.option, "place": place(files, one.span) }))
            .collect::<Vec<_>>(),
        "unknown": unknown
            .iter()
            .map(|(place, why)| json!({ "place": place, "why": why }))
            .collect::<Vec<_>>(),
    });
    Known { lines, json }
}

/// Whether an option that Python sets decides what is read here.
fn matters(one: &Override) -> bool {
    matches!(one.option.as_str(), "version_locations" | "script_location" | "sqlalchemy.url")
}

/// Every URL that `env.py` evaluates to, passwords hidden, or why one is not known.
fn urls(files: &Files, facts: &Facts) -> Vec<(String, String)> {
    let mut urls: Vec<(String, String)> = Vec::new();
    let calls = facts.offline.iter().chain(&facts.online).flat_map(|env| &env.configured);
    for configured in calls {
        let one = match &configured.url {
            Told::Nothing => continue,
            Told::Known(url, span) => {
                let shown = match url.variable() {
                    Some(name) => format!("the environment variable {name}"),
                    None if url.secret().is_empty() => "an empty text".to_owned(),
                    None => url.to_string(),
                };
                (shown, place(files, *span))
            }
            Told::Unknown(unknown) => {
                (format!("not known: {}", unknown.why), place(files, unknown.span))
            }
        };
        if !urls.contains(&one) {
            urls.push(one);
        }
    }
    let reached = !urls.is_empty();
    let left = facts.offline.iter().chain(&facts.online).flat_map(|env| env.urls());
    for (url, span) in left.filter(|_| !reached) {
        let one = (format!("{url}, if env.py connects to it"), place(files, span));
        if !urls.contains(&one) {
            urls.push(one);
        }
    }
    urls
}

fn naming(files: &Files, project: &Project, facts: &Facts) -> (String, Value) {
    let shown = |pairs: Vec<(&str, &str)>| {
        pairs
            .into_iter()
            .map(|(kind, name)| format!("{kind} {name}"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let set = &project.settings.naming_convention;
    if !set.is_empty() {
        let pairs = set.iter().map(|(kind, name)| (kind.as_str(), name.as_str())).collect();
        let json = json!({ "templates": set, "place": "the settings" });
        return (format!("{}  (the settings)", shown(pairs)), json);
    }
    match &facts.naming {
        Naming::Absent => ("none".to_owned(), Value::Null),
        Naming::Known(convention, span) => {
            let pairs = convention.templates.iter();
            let templates: serde_json::Map<String, Value> =
                (pairs.clone()).map(|(kind, name)| (kind.to_string(), json!(&**name))).collect();
            let place = place(files, *span);
            let text = shown(pairs.map(|(kind, name)| (&**kind, &**name)).collect());
            (format!("{text}  ({place})"), json!({ "templates": templates, "place": place }))
        }
        Naming::Unknown(unknown) => {
            let place = place(files, unknown.span);
            let json = json!({ "templates": null, "place": place, "unknown": &*unknown.why });
            (
                format!(
                    "not known: {}  ({place}); `naming-convention` in the settings says it",
                    unknown.why
                ),
                json,
            )
        }
    }
}

/// What `context.configure` is told under `--sql` that changes the script.
fn configured(files: &Files, facts: &Facts) -> Vec<(&'static str, String, String)> {
    let env = facts.offline.as_slice();
    let mut shown: Vec<(&'static str, String, String)> = Vec::new();
    let mut add = |option: &'static str, told: Told<String>| match told {
        Told::Nothing => {}
        Told::Known(value, span) => shown.push((option, value, place(files, span))),
        Told::Unknown(unknown) => {
            shown.push((option, format!("not known: {}", unknown.why), place(files, unknown.span)));
        }
    };
    add("version_table", Facts::agreed(env, |it| &it.version_table));
    add("version_table_schema", Facts::agreed(env, |it| &it.version_table_schema));
    let truth = |told: Told<bool>| match told {
        Told::Nothing => Told::Nothing,
        Told::Known(truth, span) => {
            Told::Known(if truth { "True" } else { "False" }.to_owned(), span)
        }
        Told::Unknown(unknown) => Told::Unknown(unknown),
    };
    add("transaction_per_migration", truth(Facts::agreed(env, |it| &it.transaction_per_migration)));
    add("transactional_ddl", truth(Facts::agreed(env, |it| &it.transactional_ddl)));
    add("render_as_batch", truth(Facts::agreed(env, |it| &it.render_as_batch)));
    shown
}

fn how(how: How) -> &'static str {
    match how {
        How::Locked => "locked",
        How::Installed => "installed",
        How::Required => "required",
    }
}

fn version_place(files: &Files, version: &Version) -> String {
    let path = || version.path.display().to_string();
    version.span.map_or_else(path, |span| place(files, span))
}

fn told(files: &Files, version: &Version) -> String {
    format!("{}  ({} in {})", version.text, how(version.how), version_place(files, version))
}
