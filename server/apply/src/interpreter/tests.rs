//! Projects of every tool, on a disk in memory.

use std::collections::BTreeMap;
use std::path::Path;

use revline_analysis::settings::Platform;
use revline_vfs::MemoryDisk;

use super::*;

fn find(files: &[&str], variables: &[(&str, &str)], setting: Option<&str>) -> String {
    let texts = files.iter().map(|path| {
        let name = if path.contains("pyproject") {
            "[project]\nname = 'My.Shop'\n[tool.poetry]\n[tool.hatch]\n"
        } else if path.ends_with(".pdm-python") {
            "/pdm/bin/python\n"
        } else {
            ""
        };
        (*path, name)
    });
    let disk = MemoryDisk::new(texts);
    let variables: BTreeMap<String, String> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let around = Surroundings { disk: &disk, variables: &variables, platform: Platform::Unix };
    match interpreter(around, setting, Path::new("/w/app"), Path::new("/w")) {
        Ok(found) => format!("{}: {}", found.found, found.path.display()),
        Err(none) => format!("none: {}", none.looked_at.join(", ")),
    }
}

#[test]
fn a_setting_stands_before_everything_and_is_not_replaced() {
    let files = ["/w/env/bin/python", "/w/.venv/bin/python"];
    assert_eq!(find(&files, &[], Some("env")), "the setting `python`: /w/env/bin/python");
    assert_eq!(
        find(&files, &[], Some("env/bin/python")),
        "the setting `python`: /w/env/bin/python"
    );
    assert_eq!(find(&files, &[], Some("gone")), "none: the setting `python`: /w/gone");
}

#[test]
fn an_active_environment_stands_before_the_one_at_the_project() {
    let files = ["/active/bin/python", "/w/.venv/bin/python"];
    assert_eq!(
        find(&files, &[("VIRTUAL_ENV", "/active")], None),
        "VIRTUAL_ENV: /active/bin/python"
    );
    assert_eq!(find(&files, &[("VIRTUAL_ENV", "/gone")], None), ".venv: /w/.venv/bin/python");
    assert_eq!(
        find(&["/w/app/.venv/bin/python3", files[1]], &[], None),
        ".venv: /w/app/.venv/bin/python3"
    );
}

#[test]
fn what_tools_keep_elsewhere_is_found_by_their_rules() {
    let home = [("HOME", "/h")];
    // sha256 of the path, in the alphabet for URLs.
    let poetry = [
        "/w/pyproject.toml",
        "/h/.cache/pypoetry/virtualenvs/my.shop-0buMo1Rn-py3.9/bin/python",
        "/h/.cache/pypoetry/virtualenvs/my.shop-0buMo1Rn-py3.12/bin/python",
    ];
    assert_eq!(
        find(&poetry, &home, None),
        "poetry: /h/.cache/pypoetry/virtualenvs/my.shop-0buMo1Rn-py3.12/bin/python"
    );
    let pdm = ["/w/.pdm-python", "/pdm/bin/python"];
    assert_eq!(find(&pdm, &home, None), "pdm: /pdm/bin/python");
    let hatch = [
        "/w/pyproject.toml",
        "/h/.local/share/hatch/env/virtual/my-shop/0buMo1Rn/my-shop/bin/python",
    ];
    assert_eq!(
        find(&hatch, &home, None),
        "hatch: /h/.local/share/hatch/env/virtual/my-shop/0buMo1Rn/my-shop/bin/python"
    );
    let pipenv = ["/w/app/Pipfile", "/h/.local/share/virtualenvs/app-apaByIw7/bin/python"];
    assert_eq!(
        find(&pipenv, &home, None),
        "pipenv: /h/.local/share/virtualenvs/app-apaByIw7/bin/python"
    );
    let uv = ["/w/uv.lock", "/w/envs/dev/bin/python"];
    let set = [("UV_PROJECT_ENVIRONMENT", "envs/dev")];
    assert_eq!(find(&uv, &set, None), "uv: /w/envs/dev/bin/python");
}

#[test]
fn the_python_of_the_path_is_the_last_resort_and_nothing_is_told_with_what_was_looked_at() {
    assert_eq!(
        find(&["/usr/bin/python3"], &[("PATH", "/bin:/usr/bin")], None),
        "PATH: /usr/bin/python3"
    );
    assert_eq!(
        find(&["/x"], &[("PATH", "/bin")], None),
        "none: /w/app/.venv, /w/app/venv, /w/.venv, /w/venv, PATH"
    );
}

#[test]
fn what_is_installed_is_read_from_its_folder() {
    let disk = MemoryDisk::new([
        ("/e/lib/python3.12/site-packages/alembic-1.20.1.dist-info/METADATA", ""),
        ("/e/lib/python3.12/site-packages/flask_migrate-4.1.0.dist-info/METADATA", ""),
    ]);
    let of = |name: &str| installed(&disk, Path::new("/e"), name);
    assert_eq!(of("alembic").as_deref(), Some("1.20.1"));
    assert_eq!(of("Flask-Migrate").as_deref(), Some("4.1.0"));
    assert_eq!(of("sqlalchemy"), None);
}
