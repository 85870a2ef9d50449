//! What people write into their settings.

use super::*;

fn parse(text: &str) -> (Settings, Vec<String>) {
    let (settings, defects) = Settings::parse(FileId(0), text, &[]);
    let shown = |defect: &SettingsDefect| {
        let place = defect.span.and_then(|span| span.range.slice(text)).unwrap_or("?");
        format!("{place}: {}", defect.message)
    };
    (settings, defects.iter().map(shown).collect())
}

#[test]
fn an_unknown_key_names_the_nearest_one_and_the_rest_holds() {
    let (settings, defects) = parse("target = ['sqlite']\nignore = ['graph']\n");
    assert_eq!(defects, ["target: There is no setting `target`; did you mean `targets`?"]);
    assert_eq!(settings.ignore, Some(vec!["graph".to_owned()]));
}

#[test]
fn a_value_of_another_kind_is_told_on_its_place() {
    let (_, defects) = parse("targets = 'sqlite'\n[severity]\nx = 'loud'\ny = 1\n");
    assert_eq!(
        defects,
        [
            "'sqlite': This is a string; a list of strings is wanted.",
            "'loud': There is no severity `loud`.",
            "1: This is a whole number; a string is wanted.",
        ]
    );
}

#[test]
fn the_editor_stands_before_the_file_key_by_key() {
    let (file, _) = parse("targets = ['sqlite']\n[severity]\na = 'off'\nb = 'off'\n");
    let (editor, _) = parse("exclude = ['x']\n[severity]\nb = 'hint'\n");
    let both = file.overridden_by(&editor);
    assert_eq!(both.targets, Some(vec!["sqlite".to_owned()]));
    assert_eq!(both.exclude, Some(vec!["x".to_owned()]));
    assert_eq!(both.severity["a"], "off");
    assert_eq!(both.severity["b"], "hint");
}

#[test]
fn databases_have_names_and_share_what_the_main_one_says() {
    let (settings, defects) = parse(
        "[database]\nurl = '$DATABASE_URL'\nrunner = 'native'\nlock-timeout = 5\n\
         [database.test]\nurl = 'sqlite:///t.db'\nlock-timeout = '500ms'\nx = ['tenant=a']\n",
    );
    assert_eq!(defects, [""; 0]);
    let main = settings.database.entry(None).unwrap();
    assert_eq!(main.url.map(|(url, _)| url.secret().to_owned()).as_deref(), Some("$DATABASE_URL"));
    let test = settings.database.entry(Some("test")).unwrap();
    assert_eq!(test.runner, Some(database::Runner::Native));
    assert_eq!(test.lock_timeout, Some(std::time::Duration::from_millis(500)));
    assert_eq!(test.x, Some(vec!["tenant=a".to_owned()]));
    assert_eq!(settings.database.entry(Some("other")), None);
}

#[test]
fn a_repository_allows_no_host() {
    let (settings, defects) = parse("[database]\nallow = ['db.example']\n");
    assert_eq!(settings.database.allow, [""; 0]);
    assert_eq!(
        defects,
        ["allow: Hosts are allowed in your own settings alone, never in the repository's: \
          `revline doctor` says where your own are."]
    );
}

#[test]
fn what_a_database_cannot_mean_is_told_on_its_place() {
    let (_, defects) = parse(
        "[database]\nurls = 'x'\nrunner = 'nativ'\nalembic-command = []\nlock-timeout = 'soon'\n",
    );
    assert_eq!(
        defects,
        [
            "urls: There is no setting of a database `urls`; did you mean `url`?",
            "'nativ': There is no runner `nativ`; did you mean `native`?",
            "[]: An empty list names no program.",
            "'soon': A time is a whole number of seconds, or a text like \"90s\", \"500ms\" or \
             \"5min\".",
        ]
    );
}
