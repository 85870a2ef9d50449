//! `post_write_hooks` beside real Alembic: what runs on a new file, and what is said where it cannot.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use revline_tests::oracle;

use super::world::World;

const TEMPLATE: &str = "\"\"\"${message}\"\"\"\nrevision = ${repr(up_revision)}\n\
    down_revision = ${repr(down_revision)}\n\n\ndef upgrade():\n    ${upgrades if upgrades else \"pass\"}\n";

/// A project with these hooks, `name.option = value` a line.
fn hooked(python: &Path, names: &str, options: &str) -> World {
    let world = World::plain().on_sqlite();
    world.write("migrations/script.py.mako", TEMPLATE);
    let settings = format!("[database]\nurl = '$DATABASE_URL'\npython = '{}'\n", python.display());
    world.write("revline.toml", &settings);
    let script = "#!/bin/sh\necho \"exec: $# arguments, $2 and $3\"\necho '# written by a hook' >> \"$1\"\n\
                  echo \"in $(basename \"$PWD\")\" >&2\nexit 3\n";
    world.write("hook folder/hook.sh", script);
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(world.root().join("hook folder/hook.sh"), mode).expect("set");
    world.write(
        "alembic.ini",
        &format!(
            "[alembic]\nscript_location = %(here)s/migrations\npath_separator = os\n\
             file_template = %%(rev)s_%%(slug)s\n[post_write_hooks]\nhooks = {names}\n{options}\n"
        ),
    );
    world
}

/// Both make a revision and a merge; what they print, how they end, and what they write.
fn compared(names: &str, options: &str) -> Option<String> {
    let python = oracle::python()?;
    let worlds = [(); 2].map(|()| hooked(&python, names, options));
    let [ours, theirs] = &worlds;
    let words = ["revision", "-m", "it's new", "--rev-id", "d4"];
    let (got, wanted) = (ours.revline(&words), theirs.alembic(&python, &words));
    let lines = |answer: &str, world: &World| -> Vec<String> {
        let text = answer.replace(&world.root().display().to_string(), "");
        let mut lines: Vec<String> = text.lines().map(|line| line.trim_end().to_owned()).collect();
        lines.sort();
        lines
    };
    assert_eq!(lines(&got.out, ours), lines(&wanted.out, theirs), "{}{}", got.all(), wanted.all());
    assert_eq!(got.code, wanted.code, "{}{}", got.all(), wanted.all());
    let [own, real] = worlds.each_ref().map(|world| {
        let path = world.root().join("migrations/versions/d4_it_s_new.py");
        std::fs::read_to_string(path).expect("it was written")
    });
    assert_eq!(own, real);
    Some(format!("{}{own}", got.err))
}

#[test]
fn hooks_of_every_kind_run_on_a_new_file_as_alembic_runs_them() {
    let options = "sh.type = exec\nsh.executable = %(here)s/hook folder/hook.sh\n\
        sh.options = REVISION_SCRIPT_FILENAME \"two words\" '#'\nsh.cwd = %(here)s/hook folder\n\
        rendered.type = console_scripts\nrendered.entrypoint = mako-render\n\
        checked.type = module\nchecked.module = tokenize\nchecked.options = -e";
    let Some(said) = compared("sh, rendered, checked", options) else { return };
    assert!(said.contains("in hook folder"), "{said}");
    assert!(said.contains("the hook sh did not end well"), "{said}");
    assert!(said.ends_with("# written by a hook\n"), "{said}");
}

#[test]
fn a_hook_that_is_not_there_is_told_in_alembics_words_and_the_file_stays() {
    for (options, word) in [
        ("x.type = module\nx.module = no_such_module", "no_such_module"),
        ("x.type = console_scripts\nx.entrypoint = no-such-script", "no-such-script"),
    ] {
        let Some(_) = compared("x", options) else { return };
        let python = oracle::python().expect("it was there a moment ago");
        let world = hooked(&python, "x", options);
        let answer = world.revline(&["revision", "-m", "x", "--rev-id", "d4"]);
        assert_eq!(answer.code, Some(255));
        assert!(answer.out.contains("FAILED: Could not find"), "{}", answer.all());
        assert!(answer.out.contains(word), "{}", answer.all());
    }
}

#[test]
fn a_type_of_the_projects_own_is_named_and_not_run() {
    let Some(python) = oracle::python() else { return };
    let world = hooked(&python, "x", "x.type = of_env_py");
    let answer = world.revline(&["revision", "-m", "x", "--rev-id", "d4"]);
    assert_eq!(answer.code, Some(1));
    assert!(
        answer.err.contains("the hook x is of a type of the project's own"),
        "{}",
        answer.all()
    );
    assert!(world.root().join("migrations/versions/d4_x.py").is_file());
}

#[test]
fn a_merge_runs_the_hooks_too() {
    let Some(python) = oracle::python() else { return };
    let options = "sh.type = exec\nsh.executable = %(here)s/hook folder/hook.sh";
    let world = hooked(&python, "sh", options);
    world.write(
        "migrations/versions/d4.py",
        "revision = 'd4'\ndown_revision = 'b2'\n\n\ndef upgrade():\n    pass\n",
    );
    let answer = world.revline(&["merge", "heads", "--rev-id", "e5", "-m", "merged"]).well();
    assert!(
        answer.out.contains("Running post write hook 'sh' ...\nexec: 1 arguments"),
        "{}",
        answer.all()
    );
    let text = std::fs::read_to_string(world.root().join("migrations/versions/e5_merged.py"));
    assert!(text.expect("it was written").ends_with("# written by a hook\n"));
}
