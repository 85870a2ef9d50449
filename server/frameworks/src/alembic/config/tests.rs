use std::sync::Arc;

use revline_vfs::MemoryDisk;

use super::*;

fn load(files: &[(&str, &str)], section: &str) -> (Config, Vec<String>) {
    let all = Files::new(Arc::new(MemoryDisk::new(files.iter().map(|(p, t)| (*p, *t)))));
    let config = Config::load(
        &all,
        Some(Path::new("/w/alembic.ini")),
        Some(Path::new("/w/pyproject.toml")),
        section,
    );
    let defects = config
        .defects
        .iter()
        .map(|defect| {
            let path = all.path(defect.span.file);
            let text = files.iter().find(|(p, _)| Path::new(p) == &*path).map_or("", |f| f.1);
            let at = defect.span.range.slice(text).unwrap_or("?");
            format!("{at}: {} ({:?})", defect.message, defect.kind)
        })
        .collect();
    (config, defects)
}

fn texts(list: &Option<Setting<Vec<Item>>>) -> Vec<&str> {
    list.iter().flat_map(|list| &list.value).map(|item| item.text.as_str()).collect()
}

#[test]
fn the_ini_section_wins_over_the_toml_table_key_by_key() {
    let (config, defects) = load(
        &[
            ("/w/alembic.ini", "[alembic]\nscript_location = %(here)s/a\n"),
            (
                "/w/pyproject.toml",
                "[tool.alembic]\nscript_location = 'b'\nfile_template = '%%(rev)s'\n\
                 version_locations = ['%(here)s/x', 'y']\nsourceless = true\n\
                 truncate_slug_length = 20\nrevision_environment = true\n",
            ),
        ],
        "alembic",
    );
    assert_eq!(defects, [""; 0]);
    assert_eq!(config.script_location.as_ref().map(|s| s.value.as_str()), Some("/w/a"));
    assert_eq!(config.file_template.as_ref().map(|s| s.value.as_str()), Some("%(rev)s"));
    assert_eq!(texts(&config.version_locations), ["/w/x", "y"]);
    assert_eq!(config.sourceless.as_ref().map(|s| s.value), Some(true));
    assert_eq!(config.revision_environment.as_ref().map(|s| s.value), Some(true));
    assert_eq!(config.slug_length(), 20);
}

#[test]
fn a_named_section_reads_default_behind_it_and_not_alembic() {
    let (config, _) = load(
        &[(
            "/w/alembic.ini",
            "[DEFAULT]\ntimezone=UTC\n[alembic]\nscript_location=a\n[other]\nfile_template=%%(rev)s\n",
        )],
        "other",
    );
    assert_eq!(config.script_location, None);
    assert_eq!(config.timezone.map(|s| s.value), Some("UTC".to_owned()));
    assert_eq!(config.file_template.map(|s| s.value), Some("%(rev)s".to_owned()));
}

#[test]
fn wrong_values_are_defects_on_their_own_bytes() {
    let (config, defects) = load(
        &[
            (
                "/w/alembic.ini",
                "[alembic]\nscript_location = a\nscript_location = b\nsourceless = True\n\
                 path_separator = comma\nversion_locations = a:b\ntruncate_slug_length = x\n\
                 revision_environment = maybe\nbad = 100%\n",
            ),
            (
                "/w/pyproject.toml",
                "[tool.alembic]\nrecursive_version_locations = 'yes'\nfile_template = '%(rev)s'\n\
                 timezone = 3\n",
            ),
        ],
        "alembic",
    );
    assert_eq!(config.script_location.as_ref().map(|s| s.value.as_str()), Some("a"));
    assert_eq!(texts(&config.version_locations), ["a", "b"]);
    assert_eq!(
        defects,
        [
            "script_location: Option 'script_location' in section 'alembic' already exists (Duplicate)",
            "True: sourceless is on only when it is written `true`; 'True' turns it off (Ineffective)",
            "comma: 'comma' is not a valid value for path_separator; expected 'space', 'newline', 'os', ':', ';' (Value)",
            "x: invalid literal for int() with base 10: 'x' (Value)",
            "maybe: String is not true/false: 'maybe' (Value)",
            "%: '%' must be followed by '%' or '(' (Interpolation)",
            "'yes': boolean value expected for TOML parameter 'recursive_version_locations' (Value)",
            "'%(rev)s': KeyError: 'rev' (Interpolation)",
            "3: timezone is a whole number; a string is expected (Value)",
        ]
    );
}

#[test]
fn each_item_of_a_list_keeps_its_place() {
    let ini = "[alembic]\npath_separator = newline\nversion_locations =\n  %(here)s/a\n  b c\n";
    let (config, defects) = load(&[("/w/alembic.ini", ini)], "alembic");
    assert_eq!(defects, [""; 0]);
    let items = config.version_locations.expect("a list").value;
    let shown: Vec<_> =
        items.iter().map(|i| (i.text.as_str(), i.span.range.slice(ini).unwrap_or("?"))).collect();
    assert_eq!(shown, [("/w/a", "%(here)s/a"), ("b c", "b c")]);
}

#[test]
fn without_a_separator_lists_are_split_the_old_way_and_said_to_be() {
    let ini = "[alembic]\nversion_locations = a,  b c , d\nprepend_sys_path = .:src\n";
    let (config, defects) = load(&[("/w/alembic.ini", ini)], "alembic");
    assert_eq!(texts(&config.version_locations), ["a", "b", "c", "", "d"]);
    assert_eq!(texts(&config.prepend_sys_path), [".", "src"]);
    assert_eq!(defects.len(), 2);
    assert!(defects[0].starts_with("version_locations: No path_separator found"), "{defects:?}");
    let ini = "[alembic]\nversion_locations = a;b\nversion_path_separator = ;\n";
    let (config, defects) = load(&[("/w/alembic.ini", ini)], "alembic");
    assert_eq!(texts(&config.version_locations), ["a", "b"]);
    assert!(defects[0].contains("(Deprecated)"), "{defects:?}");
}

#[test]
fn urls_of_the_section_and_of_its_databases_are_hints_without_passwords() {
    let ini = "[alembic]\nscript_location = m\ndatabases = one, two\n\
               sqlalchemy.url = postgresql://u:s3cret@h/d\n\
               [one]\nsqlalchemy.url = sqlite:///one.db\n[two]\nx=1\n";
    let (config, _) = load(&[("/w/alembic.ini", ini)], "alembic");
    let shown: Vec<String> = config
        .databases
        .iter()
        .map(|d| {
            format!(
                "{}={}",
                d.name.text,
                d.url.as_ref().map_or("-".into(), |u| u.value.to_string())
            )
        })
        .collect();
    assert_eq!(shown, ["one=sqlite:///one.db", "two=-"]);
    assert_eq!(config.options.get("alembic", "databases"), Some("one, two"));
    assert!(!format!("{config:?}").contains("s3cret"));
}

#[test]
fn hooks_come_from_the_ini_section_else_from_the_toml_list() {
    let ini = "[alembic]\n[post_write_hooks]\nhooks = black, x\nblack.type = console_scripts\n\
               black.entrypoint = black\nblack.options = -l 79 REVISION_SCRIPT_FILENAME\n";
    let toml =
        "[[tool.alembic.post_write_hooks]]\nname = 'ruff'\ntype = 'module'\nmodule = 'ruff'\n";
    let (config, defects) =
        load(&[("/w/alembic.ini", ini), ("/w/pyproject.toml", toml)], "alembic");
    let names: Vec<&str> = config.post_write_hooks.iter().map(|h| h.name.text.as_str()).collect();
    assert_eq!(names, ["black", "x"]);
    assert_eq!(config.post_write_hooks[0].options["entrypoint"], "black");
    assert_eq!(
        defects,
        ["x: Key 'x.type' (or 'type' in toml) is required for post write hook 'x' (Value)"]
    );
    let (config, defects) = load(&[("/w/pyproject.toml", toml)], "alembic");
    assert_eq!(defects, [""; 0]);
    assert_eq!(config.post_write_hooks[0].options["module"], "ruff");
}

#[test]
fn a_file_that_is_no_toml_is_a_defect_and_the_ini_goes_on_counting() {
    let (config, defects) = load(
        &[("/w/alembic.ini", "[alembic]\nscript_location=a\n"), ("/w/pyproject.toml", "x = [\n")],
        "alembic",
    );
    assert!(config.script_location.is_some());
    assert!(defects.iter().any(|d| d.ends_with("(Syntax)")), "{defects:?}");
}
