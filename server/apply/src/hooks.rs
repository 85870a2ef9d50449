//! What a project runs on each new file: `post_write_hooks` of its configuration, as
//! `alembic.script.write_hooks` 1.20.1 does.
//!
//! They are programs that the repository names. Whether they may run is asked before; nothing here
//! decides it. A hook that ends badly does not take the file back, as with Alembic.

use std::path::Path;
use std::time::Duration;

use revline_analysis::write::Hook;
use revline_process::{Ended, Line, Task};

use crate::event::{Event, Hear};
use crate::interpreter::Interpreter;
use crate::person::Person;

/// What stands for the file in a hook's options; it is put in front where it does not.
const FILE: &str = "REVISION_SCRIPT_FILENAME";

/// Starts a program or a module as Alembic finds it in the environment, with the arguments that follow.
const STARTER: &str = include_str!("hooks/starter.py");

/// The code of `starter.py` where there is no such thing.
const MISSING: i32 = 97;

/// How long a hook may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// Why a hook did not run.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum HookError {
    /// In Alembic's own sentence.
    #[error("{0}")]
    Alembics(String),
    /// In ours.
    #[error("{0}")]
    Ours(String),
}

/// Runs one hook on a file that was written, in the folder that Alembic is run in. Answers how it ended.
///
/// # Errors
/// [`HookError`], where it could not be started.
pub async fn run_hook(
    hook: &Hook,
    file: &Path,
    folder: &Path,
    person: &Person,
    interpreter: Result<&Interpreter, &str>,
    hear: Hear<'_>,
) -> Result<Ended, HookError> {
    let task = task(hook, file, folder, person, interpreter)?;
    let ended = revline_process::run(&task, |line| {
        hear(match line {
            Line::Out(text) => Event::Answered(text),
            Line::Err(text) => Event::Said(text),
        });
    });
    match ended.await {
        Ok(Ended::Exited(Some(MISSING))) if option(hook, "type") != Some("exec") => {
            let name = |key| option(hook, key).unwrap_or_default();
            Err(HookError::Alembics(match option(hook, "module") {
                Some(module) if option(hook, "type") == Some("module") => {
                    format!("Could not find module {module}")
                }
                _ => format!("Could not find entrypoint console_scripts.{}", name("entrypoint")),
            }))
        }
        Ok(ended) => Ok(ended),
        Err(error) => {
            let program = task.program.display();
            Err(HookError::Ours(format!("{program} does not start: {error}")))
        }
    }
}

fn option<'a>(hook: &'a Hook, key: &str) -> Option<&'a str> {
    hook.options.get(key).map(String::as_str)
}

/// The child of a hook.
fn task(
    hook: &Hook,
    file: &Path,
    folder: &Path,
    person: &Person,
    interpreter: Result<&Interpreter, &str>,
) -> Result<Task, HookError> {
    let name = &hook.name.text;
    let needed = |key: &str| {
        option(hook, key).ok_or_else(|| {
            let sentence = format!("Key {name}.{key} is required for post write hook '{name}'");
            HookError::Alembics(sentence)
        })
    };
    let kind = option(hook, "type").ok_or_else(|| {
        HookError::Alembics(format!(
            "Key '{name}.type' (or 'type' in toml) is required for post write hook '{name}'"
        ))
    })?;
    let python = || interpreter.map_err(|why| HookError::Ours(why.to_owned()));
    let (program, mut first) = match kind {
        "exec" => (needed("executable")?.into(), Vec::new()),
        "module" => {
            let module = needed("module")?;
            (python()?.path.clone(), vec!["-c", STARTER, "module", module])
        }
        "console_scripts" => {
            let script = needed("entrypoint")?;
            (python()?.path.clone(), vec!["-c", STARTER, "console_scripts", script])
        }
        other => {
            // Only env.py, which is not run for a new file, can say what that is.
            return Err(HookError::Ours(format!(
                "the hook {name} is of a type of the project's own ({other})"
            )));
        }
    };
    let options = words(option(hook, "options").unwrap_or_default(), file)
        .ok_or_else(|| HookError::Ours(format!("the options of the hook {name} end in a quote")))?;
    first.extend(options.iter().map(String::as_str));
    Ok(Task {
        program,
        arguments: first.into_iter().map(Into::into).collect(),
        folder: option(hook, "cwd").map_or_else(|| folder.to_owned(), |cwd| folder.join(cwd)),
        environment: person
            .variables
            .iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect(),
        input: None,
        keeper: person.keeper(),
        timeout: Some(PATIENCE),
    })
}

/// The words of a hook's options, with the file in its place; `None` where a quote is not closed.
fn words(options: &str, file: &Path) -> Option<Vec<String>> {
    let options = match options.contains(FILE) {
        true => options.to_owned(),
        false => format!("{FILE} {options}"),
    };
    // Python's reader takes `#` as a letter.
    let marked = options.replace('#', MARK);
    let words = shlex::split(&marked)?;
    let file = file.display().to_string();
    Some(words.iter().map(|word| word.replace(MARK, "#").replace(FILE, &file)).collect())
}

/// A character that no file has.
const MARK: &str = "\u{10fffe}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_words_with_the_file_in_its_place() {
        let split = |options: &str| words(options, Path::new("/w/a b.py"));
        let of = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect());
        assert_eq!(split(""), of(&["/w/a b.py"]));
        assert_eq!(split("-l 79"), of(&["/w/a b.py", "-l", "79"]));
        assert_eq!(
            split("check --fix 'REVISION_SCRIPT_FILENAME' #x \"a\\\"b\""),
            of(&["check", "--fix", "/w/a b.py", "#x", "a\"b"])
        );
        assert_eq!(split("'open"), None);
    }
}
