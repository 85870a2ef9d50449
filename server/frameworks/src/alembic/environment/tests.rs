use std::path::Path;
use std::sync::Arc;

use revline_vfs::{Files, MemoryDisk};

use super::*;

fn files(list: &[(&str, &str)]) -> Files {
    Files::new(Arc::new(MemoryDisk::new(list.iter().map(|(path, text)| (*path, *text)))))
}

/// `name: folders [profiles] {targets}` for each environment, then defects, then notes.
fn show(list: &[(&str, &str)]) -> String {
    let files = files(list);
    let discovery = discover(&files, Path::new("/w"), &[]);
    let mut out = String::new();
    for environment in &discovery.environments {
        let folders: Vec<_> =
            environment.version_dirs.iter().map(|path| path.display().to_string()).collect();
        let profiles: Vec<_> = environment.profiles.iter().map(|p| p.name.clone()).collect();
        let targets: Vec<_> = environment.targets.iter().map(|t| t.dialect.clone()).collect();
        let recursive = if environment.recursive { " recursive" } else { "" };
        out += &format!(
            "{}: {}{recursive} [{}] {{{}}}\n",
            environment.name,
            folders.join(" "),
            profiles.join(" "),
            targets.join(" ")
        );
        for defect in &environment.defects {
            out += &format!("  ! {}\n", defect.message);
        }
    }
    for note in &discovery.notes {
        out += &format!("# {}: {}\n", note.path.display(), note.text);
    }
    out
}

const ENV: &str = "from alembic import context\n";

#[test]
fn every_environment_of_a_monorepo_is_found() {
    expect_test::expect![[r#"
        api/alembic: /w/api/alembic/versions [alembic] {postgresql}
        jobs/db: /w/jobs/db/versions [alembic] {}
        web/migrations: /w/web/migrations/versions [alembic] {}
        # /w/tools/pyproject.toml: has no [tool.alembic]
    "#]]
    .assert_eq(&show(&[
        (
            "/w/api/alembic.ini",
            "[alembic]\nscript_location = %(here)s/alembic\nsqlalchemy.url = postgresql+asyncpg://u:p@h/d\n",
        ),
        ("/w/api/alembic/env.py", ENV),
        ("/w/jobs/pyproject.toml", "[tool.alembic]\nscript_location = '%(here)s/db'\n"),
        ("/w/jobs/db/env.py", ENV),
        ("/w/web/migrations/alembic.ini", "[alembic]\nfile_template = x\n[loggers]\nkeys = root\n"),
        ("/w/web/migrations/env.py", "from flask import current_app\nfrom alembic import context\n"),
        ("/w/tools/pyproject.toml", "[project]\ndependencies = ['alembic']\n"),
        ("/w/node_modules/x/alembic.ini", "[alembic]\nscript_location = y\n"),
        ("/w/tox.ini", "[tox]\n"),
    ]));
}

#[test]
fn an_env_py_that_no_file_names_is_an_environment_when_it_names_alembic() {
    expect_test::expect![[r#"
        lib/migrate: /w/lib/migrate/versions [] {}
        # /w/gym/env.py: stands beside version files and does not name alembic
        # /w/lib/migrate/env.py: no configuration names its folder; the defaults are taken
    "#]]
    .assert_eq(&show(&[
        ("/w/lib/migrate/env.py", ENV),
        ("/w/lib/migrate/versions/a.py", ""),
        ("/w/gym/env.py", "class Env: ..."),
        ("/w/gym/versions/a.py", ""),
        ("/w/other/env.py", ENV),
    ]));
}

#[test]
fn a_package_location_is_looked_for_in_the_workspace() {
    expect_test::expect![[r#"
        backend/src/app/db/migrations: /w/backend/src/app/db/migrations/versions [alembic] {}
        deep/odd/pkg/migrations: /w/deep/odd/pkg/migrations/versions [alembic] {}
        py/tool/m: /w/py/tool/m/a /w/py/tool/m/b [alembic] {}
        # /w/else.ini: [alembic]: the package of airflow:migrations is not in the workspace
    "#]]
    .assert_eq(&show(&[
        ("/w/backend/alembic.ini", "[alembic]\nscript_location = app.db:migrations\n"),
        ("/w/backend/src/app/db/migrations/env.py", ENV),
        (
            "/w/py.ini",
            "[alembic]\nscript_location = tool:m\nprepend_sys_path = py\npath_separator = newline\n\
             version_locations = tool:m/a\n  tool:m:b\n",
        ),
        ("/w/py/tool/m/a/1.py", ""),
        ("/w/py/tool/m/b/2.py", ""),
        ("/w/etc/pkg.ini", "[alembic]\nscript_location = pkg:migrations\n"),
        ("/w/deep/odd/pkg/migrations/env.py", ENV),
        ("/w/else.ini", "[alembic]\nscript_location = airflow:migrations\n"),
    ]));
}

#[test]
fn sections_on_one_folder_are_profiles_and_on_others_are_environments() {
    expect_test::expect![[r#"
        a: /w/a/versions [dev prod] {sqlite postgresql}
        b: /w/b/versions [tenants] {}
        b#2: /w/b/x [expand] {}
    "#]]
    .assert_eq(&show(&[
        (
            "/w/db.ini",
            "[dev]\nscript_location = a\nsqlalchemy.url = sqlite:///d\n\
             [prod]\nscript_location = ./a\nsqlalchemy.url = postgresql://h/d\n\
             [tenants]\nscript_location = b\n\
             [expand]\nscript_location = b\npath_separator = os\nversion_locations = b/x\n",
        ),
        ("/w/a/env.py", ENV),
        ("/w/b/env.py", ENV),
        ("/w/b/x/1.py", ""),
        ("/w/b/versions/1.py", ""),
    ]));
}

#[test]
fn one_section_in_several_files_is_named_with_its_file() {
    expect_test::expect![[r#"
        a: /w/a/versions [alembic.ini:alembic test.ini:alembic] {}
    "#]]
    .assert_eq(&show(&[
        ("/w/alembic.ini", "[alembic]\nscript_location = a\n"),
        ("/w/test.ini", "[alembic]\nscript_location = a\n"),
        ("/w/a/env.py", ENV),
    ]));
}

#[test]
fn the_pyproject_template_with_its_small_ini_is_one_environment() {
    expect_test::expect![[r#"
        alembic: /w/alembic/versions [alembic] {}
    "#]]
    .assert_eq(&show(&[
        ("/w/alembic.ini", "[alembic]\nsqlalchemy.url = driver://user:pass@localhost/dbname\n[loggers]\nkeys=root\n"),
        ("/w/pyproject.toml", "[tool.alembic]\nscript_location = '%(here)s/alembic'\n"),
        ("/w/alembic/env.py", ENV),
    ]));
}

#[test]
fn the_databases_of_a_template_for_several_are_hints_and_no_profiles() {
    expect_test::expect![[r#"
        m: /w/m/versions [alembic] {mysql sqlite}
    "#]]
    .assert_eq(&show(&[
        (
            "/w/alembic.ini",
            "[DEFAULT]\nscript_location = m\n[alembic]\ndatabases = one, two\n\
             [one]\nsqlalchemy.url = mysql+pymysql://u:p@h/d\n[two]\nsqlalchemy.url = sqlite:///x\n",
        ),
        ("/w/m/env.py", ENV),
    ]));
}

#[test]
fn a_folder_that_is_not_there_is_a_defect_on_its_value() {
    expect_test::expect![[r#"
        nope: /w/nope/versions [alembic] {}
          ! Path doesn't exist: /w/nope.  Please use the 'init' command to create a new scripts folder.
        # /w/t/alembic.ini: [alembic]: a template, not a configuration
    "#]]
    .assert_eq(&show(&[
        ("/w/alembic.ini", "[alembic]\nscript_location = nope\n"),
        ("/w/t/alembic.ini", "[alembic]\nscript_location = {{ name }}/m\n"),
    ]));
}

#[test]
fn a_relative_location_may_start_from_a_folder_above() {
    expect_test::expect![[r#"
        conf/m: /w/conf/m/versions [alembic] {}
    "#]]
    .assert_eq(&show(&[
        ("/w/conf/etc/alembic.ini", "[alembic]\nscript_location = conf/m\n"),
        ("/w/conf/m/env.py", ENV),
    ]));
}

#[test]
fn folders_below_an_empty_version_folder_are_told_apart_by_dialect() {
    expect_test::expect![[r#"
        m/postgresql: /w/m/versions/postgresql [] {postgresql}
        m/sqlite: /w/m/versions/sqlite [] {sqlite}
        n: /w/n/versions recursive [] {}
        # /w/m/env.py: no configuration names its folder; the defaults are taken
        # /w/m/versions: holds a folder for each dialect; each is an environment of its own
        # /w/n/env.py: no configuration names its folder; the defaults are taken
        # /w/n/versions: holds no revision itself; the folders below it are read
    "#]]
    .assert_eq(&show(&[
        ("/w/m/env.py", ENV),
        ("/w/m/versions/sqlite/a.py", ""),
        ("/w/m/versions/postgresql/a.py", ""),
        ("/w/m/versions/__init__.py", ""),
        ("/w/n/env.py", ENV),
        ("/w/n/versions/liberty/expand/a.py", ""),
        ("/w/n/versions/HEAD", ""),
    ]));
}

#[test]
fn files_are_listed_in_load_order_and_owned_by_path() {
    let list = [
        ("/w/alembic.ini", "[alembic]\nscript_location = m\nrecursive_version_locations = true\n"),
        ("/w/m/env.py", ENV),
        ("/w/m/versions/b.py", ""),
        ("/w/m/versions/a/z.py", ""),
        ("/w/m/versions/a/Z.py", ""),
        ("/w/m/versions/c.py", ""),
        ("/w/m/versions/__init__.py", ""),
        ("/w/m/versions/.#b.py", ""),
        ("/w/m/versions/b.pyc", ""),
        ("/w/m/versions/__pycache__/b.py", ""),
        ("/w/m/versions/README", ""),
    ];
    let files = files(&list);
    let found = discover(&files, Path::new("/w"), &[]);
    let environment = &found.environments[0];
    let versions = version_files(&files, environment, &found.listings);
    assert_eq!(versions.defects, []);
    let shown: Vec<_> = versions.files.iter().map(|path| path.display().to_string()).collect();
    let expected = [
        "/w/m/versions/b.py",
        "/w/m/versions/c.py",
        "/w/m/versions/a/Z.py",
        "/w/m/versions/a/z.py",
    ];
    assert_eq!(shown, expected);
    for (path, _) in list {
        assert_eq!(owns(environment, Path::new(path)), expected.contains(&path), "{path}");
    }
    assert!(owns(environment, Path::new("/w/m/versions/new/not_yet.py")));
}

#[test]
fn compiled_files_without_source_are_told_apart() {
    let files = files(&[
        ("/w/alembic.ini", "[alembic]\nscript_location = m\nsourceless = true\n"),
        ("/w/m/env.py", ENV),
        ("/w/m/versions/a.py", ""),
        ("/w/m/versions/a.pyc", ""),
        ("/w/m/versions/b.pyc", ""),
        ("/w/m/versions/b.pyo", ""),
        ("/w/m/versions/__pycache__/a.cpython-311.pyc", ""),
        ("/w/m/versions/__pycache__/c.cpython-311.pyc", ""),
    ]);
    let found = discover(&files, Path::new("/w"), &[]);
    let versions = version_files(&files, &found.environments[0], &found.listings);
    let names = |list: &[PathBuf]| -> Vec<String> {
        list.iter()
            .map(|p| p.file_name().unwrap_or_default().to_string_lossy().into_owned())
            .collect()
    };
    assert_eq!(names(&versions.files), ["a.py"]);
    assert_eq!(names(&versions.compiled), ["b.pyc", "c.cpython-311.pyc"]);
}

#[test]
fn no_input_makes_discovery_panic() {
    let ini = "[DEFAULT]\r\nx = %(here)s\n[alembic]\nscript_location : %(x)s/m é\nversion_locations =\n  a:b, c\n\
               \u{1c}path_separator = os\nsqlalchemy.url = pg://u:p@h\n[post_write_hooks]\nhooks = a, é\na.type = exec\n";
    let toml = "[tool.alembic]\nscript_location = '%(here)s/é'\nversion_locations = ['a', \"%%\"]\n\
                [[tool.alembic.post_write_hooks]]\nname = 'x'\n";
    let cuts = |text: &'static str| {
        text.char_indices().flat_map(move |(at, c)| {
            let rest = &text[at + c.len_utf8()..];
            [text[..at].to_owned(), text[at..].to_owned(), format!("{}{rest}", &text[..at])]
        })
    };
    for text in cuts(ini) {
        show(&[("/w/alembic.ini", &text), ("/w/m é/env.py", ENV), ("/w/pyproject.toml", toml)]);
    }
    for text in cuts(toml) {
        show(&[("/w/pyproject.toml", &text), ("/w/é/env.py", ENV), ("/w/é/versions/a.py", "")]);
    }
    let places =
        ["..", "../../..", "/", ":", "a:", ":b", "a::b", "a:/etc", ".:.", "\u{0}", "a:..:..:..:.."];
    for place in places {
        show(&[(
            "/w/alembic.ini",
            &format!("[alembic]\nscript_location = {place}\nversion_locations = {place}\n"),
        )]);
    }
}
