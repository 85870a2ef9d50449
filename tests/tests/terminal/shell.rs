//! Completions and pages of the manual, as a shell and `man` take them.

use std::process::Command;

use revline_tests::project::Project;

use super::{revline, said, well};

#[test]
fn bash_completes_commands_options_and_values() {
    let folder = Project::empty();
    let (code, script, told) = revline(folder.root(), &["completions", "bash"]);
    assert_eq!((code, told.as_str()), (0, ""));
    let script = folder.write("revline.bash", &script);
    let complete = |line: &str| {
        let words = line.replace('\'', "");
        let asked = format!(
            "source '{}'; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _revline revline \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"; \
             printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            script.display()
        );
        let printed = well(Command::new("bash").args(["--norc", "-c", &asked]));
        printed.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(complete("revline gra"), ["graph"]);
    assert_eq!(complete("revline lint --write"), ["--write-baseline"]);
    assert_eq!(complete("revline lint --format gi"), ["github", "gitlab"]);
    assert!(!complete("revline ''").contains(&"completions".to_owned()));
    for shell in ["zsh", "fish", "elvish", "powershell"] {
        let (code, script, _) = revline(folder.root(), &["completions", shell]);
        assert_eq!(code, 0);
        assert!(script.contains("write-baseline"), "{shell}: {script}");
    }
}

#[test]
fn every_command_that_is_shown_has_a_page() {
    let folder = Project::empty();
    let (code, _, told) = revline(folder.root(), &["man", "man1"]);
    assert_eq!((code, told.as_str()), (0, ""));
    let (_, help, _) = revline(folder.root(), &["--help"]);
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands: Vec<&str> = commands
        .take_while(|line| line.starts_with("  "))
        .filter_map(|line| line.split_whitespace().next().filter(|_| !line.starts_with("   ")))
        .filter(|name| *name != "help")
        .collect();
    assert!(commands.len() > 12, "{commands:?}");
    for name in &commands {
        let page = std::fs::read_to_string(folder.path(&format!("man1/revline-{name}.1")));
        let page = page.unwrap_or_else(|error| panic!("revline-{name}: {error}"));
        assert!(page.contains(".TH REVLINE-"), "{page}");
    }
    let pages = folder.path("man1").read_dir().expect("a folder").count();
    assert_eq!(pages, commands.len() + 1);
    // Where there is groff, it has nothing to complain about.
    let mut groff = Command::new("sh");
    let script = "command -v groff >/dev/null || exit 0; exec groff -man -ww -z man1/*.1";
    let (code, _, told) = said(groff.args(["-c", script]).current_dir(folder.root()));
    assert_eq!((code, told.as_str()), (0, ""));
}
