use std::sync::Arc;

use revline_vfs::MemoryDisk;

use super::*;
use crate::tree::{Entry, Node};

fn load(list: &[(&str, &str)]) -> (Settings, Vec<String>) {
    let files = Files::new(Arc::new(MemoryDisk::new(list.iter().map(|(p, t)| (*p, *t)))));
    let (settings, defects) = Settings::load(&files, Path::new("/w"));
    let shown = defects.into_iter().map(|defect| {
        let at = defect.span.and_then(|span| {
            let path = files.path(span.file);
            let text = list.iter().find(|(p, _)| Path::new(p) == &*path)?.1;
            span.range.slice(text).map(|text| text.lines().next().unwrap_or_default().to_owned())
        });
        format!("{}: {}", at.unwrap_or_default(), defect.message)
    });
    let shown = shown.collect();
    (settings, shown)
}

fn values(list: &Option<Vec<Sourced<String>>>) -> Vec<&str> {
    list.iter().flatten().map(|item| item.value.as_str()).collect()
}

#[test]
fn every_setting_is_read_from_pyproject() {
    let (settings, defects) = load(&[(
        "/w/pyproject.toml",
        "[tool.revline]\ntargets = ['postgresql', 'sqlite']\nexclude = ['old/**']\nselect = ['graph']\n\
         ignore = ['empty-revision']\ndefault-branch = 'main'\nformat = 'json'\n\
         [tool.revline.severity]\nmultiple-heads = 'error'\nx = 'off'\n\
         [tool.revline.per-file-ignores]\n'db/versions/0*.py' = ['a', 'b']\n\
         [tool.revline.naming-convention]\nix = 'ix_%(column_0_label)s'\n",
    )]);
    assert_eq!(defects, [""; 0]);
    assert_eq!(values(&settings.targets), ["postgresql", "sqlite"]);
    assert_eq!(settings.excluded(), ["old/**"]);
    assert_eq!(values(&settings.select), ["graph"]);
    assert_eq!(values(&settings.ignore), ["empty-revision"]);
    assert_eq!(settings.default_branch.as_ref().map(|s| s.value.as_str()), Some("main"));
    assert_eq!(settings.format.as_ref().map(|s| s.value.as_str()), Some("json"));
    assert_eq!(settings.severity["multiple-heads"].value, Severity::Error);
    assert_eq!(settings.severity["x"].value, Severity::Off);
    assert_eq!(settings.naming_convention["ix"].value, "ix_%(column_0_label)s");
    assert_eq!(settings.ignored_in("db/versions/01.py").collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(settings.ignored_in("db/versions/x/01.py").count(), 0);
}

#[test]
fn an_unknown_name_is_told_with_the_nearest_known_one() {
    let (_, defects) = load(&[(
        "/w/revline.toml",
        "target = ['postgres']\ntargets = ['postgres', 'db2']\nformat = 'sarf'\nzzz = 1\n\
         [severity]\nx = 'warn'\n[naming-convention]\nidx = ''\n",
    )]);
    assert_eq!(
        defects,
        [
            "target: the setting `target` is not known; did you mean `targets`?",
            "'postgres': the dialect `postgres` is not known; did you mean `postgresql`?",
            "'db2': the dialect `db2` is not known; known are postgresql, mysql, mariadb, sqlite, mssql, oracle",
            "'sarf': the format `sarf` is not known; did you mean `sarif`?",
            "zzz: the setting `zzz` is not known; known are targets, exclude, select, ignore, severity, per-file-ignores, naming-convention, default-branch, format",
            "'warn': the severity `warn` is not known; did you mean `warning`?",
            "idx: the kind of constraint `idx` is not known; did you mean `ix`?",
        ]
    );
}

#[test]
fn a_wrong_type_is_told_on_its_value_and_the_rest_counts() {
    let (settings, defects) = load(&[(
        "/w/revline.toml",
        "targets = 'sqlite'\nselect = ['a', 1]\nexclude = ['[']\nseverity = 3\ndefault-branch = true\n",
    )]);
    assert_eq!(
        defects,
        [
            "'sqlite': `targets` is a string; a list of strings is expected",
            "1: `select` is a whole number; a string is expected",
            "'[': `[` is no glob: unclosed character class; missing ']'",
            "3: `severity` is a whole number; a table is expected",
            "true: `default-branch` is true or false; a string is expected",
        ]
    );
    assert_eq!(values(&settings.select), ["a"]);
}

#[test]
fn revline_toml_is_read_instead_of_pyproject() {
    let (settings, defects) = load(&[
        ("/w/revline.toml", "select = ['own']\n"),
        ("/w/pyproject.toml", "[tool.revline]\nselect = ['shared']\n"),
    ]);
    assert_eq!(values(&settings.select), ["own"]);
    assert_eq!(
        defects,
        ["[tool.revline]: revline.toml stands beside this file and is read instead"]
    );
}

#[test]
fn broken_toml_is_told_and_what_could_be_read_counts() {
    let (settings, defects) = load(&[("/w/revline.toml", "select = ['a']\nignore = \n")]);
    assert_eq!(values(&settings.select), ["a"]);
    assert_eq!(defects.len(), 1);
}

#[test]
fn an_editors_settings_stand_over_the_projects() {
    let text = |text: &str| Tree::of(Node::Str(text.to_owned()));
    let entry = |key: &str, value: Tree| Entry { key: key.to_owned(), key_span: None, value };
    let editor = Tree::of(Node::Table(vec![
        entry("defaultBranch", text("trunk")),
        entry("select", Tree::of(Node::Null)),
        entry("severity", Tree::of(Node::Table(vec![entry("x", text("hint"))]))),
        entry("formt", text("json")),
    ]));
    let (over, defects) = Settings::of(&editor);
    let message = "the setting `formt` is not known; did you mean `format`?".to_owned();
    assert_eq!(defects, [SettingsDefect { span: None, message, meant: Some("format".to_owned()) }]);
    let (project, _) = load(&[(
        "/w/revline.toml",
        "select = ['a']\ndefault-branch = 'main'\n[severity]\nx = 'error'\ny = 'off'\n",
    )]);
    let both = project.overridden(over);
    assert_eq!(values(&both.select), ["a"]);
    assert_eq!(both.default_branch.map(|s| s.value), Some("trunk".to_owned()));
    assert_eq!(both.severity["x"].value, Severity::Hint);
    assert_eq!(both.severity["y"].value, Severity::Off);
}
