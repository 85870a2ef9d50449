//! What `revision`, `merge` and `rebase` share: the moment, and writing with Alembic's words.

use jiff::Zoned;
use revline_analysis::Project;
use revline_analysis::write::{NewFile, Now};
use revline_apply::{Event, HookError, Person, run_hook};
use revline_history::{History, HistoryError, Node, RevisionId};
use revline_text::SourceChange;
use revline_vfs::{Kind, apply};

use crate::database::runtime;
use crate::output::{Failure, print, warn};
use crate::project::Opened;

/// The moment and the random bits of a new file.
pub(crate) fn now() -> Now {
    Now { moment: Zoned::now(), random: uuid::Uuid::new_v4().as_u128() }
}

/// Refuses an identifier with characters of the identifier grammar, before anything is looked up.
pub(crate) fn check_id(id: Option<&str>) -> Result<(), Failure> {
    let Some(id) = id else { return Ok(()) };
    let mut characters: Vec<char> =
        id.chars().filter(|one| matches!(one, '@' | '-' | '+' | ':')).collect();
    characters.sort_unstable();
    characters.dedup();
    if characters.is_empty() {
        return Ok(());
    }
    let characters: Vec<String> = characters.iter().map(char::to_string).collect();
    let id = RevisionId::from(id);
    Err(HistoryError::BadCharacters { characters: characters.join(", "), id }.into())
}

/// The parents of a new revision, each once.
pub(crate) fn parents(history: &History, names: &[&str]) -> Result<Vec<Node>, Failure> {
    let parents = history.resolve_parents(names)?;
    let twice = parents
        .iter()
        .enumerate()
        .any(|(at, one)| parents.get(..at).is_some_and(|before| before.contains(one)));
    if twice {
        return Err(Failure::Alembics("Duplicate head revisions specified".to_owned()));
    }
    Ok(parents)
}

/// Writes a new file, says so as Alembic does, and runs the hooks of the project on it: who typed the
/// command trusts the repository that names them.
pub(crate) fn create(opened: &Opened, project: &Project, file: NewFile) -> Result<(), Failure> {
    let files = opened.snapshot.files();
    let folder =
        file.path.parent().filter(|folder| files.disk().kind(folder) != Some(Kind::Folder));
    let folder =
        folder.map(|folder| format!("Creating directory {} ...  done\n", folder.display()));
    let (path, hooks) = (file.path.clone(), file.hooks.clone());
    apply(&SourceChange::create(file.path, file.text), files)
        .map_err(|error| Failure::Ours(error.to_string()))?;
    print(&format!("{}Generating {} ...  done\n", folder.unwrap_or_default(), path.display()));
    for note in &file.notes {
        warn(note);
    }
    if hooks.is_empty() {
        return Ok(());
    }
    let person = Person::here();
    let settings = project.settings.database.entry(None).unwrap_or_default();
    let folder = opened.snapshot.folder_of_commands(project);
    let python = person.python(&opened.snapshot, settings.python.as_deref(), &folder);
    let python = python.as_ref().map_err(String::as_str);
    let runtime = runtime().map_err(|error| Failure::Ours(error.to_string()))?;
    for hook in &hooks {
        let name = &hook.name.text;
        print(&format!("Running post write hook '{name}' ...\n"));
        let mut hear = |event| match event {
            Event::Answered(line) => print(&format!("{line}\n")),
            Event::Said(line) => anstream::eprintln!("{line}"),
            _ => {}
        };
        match runtime.block_on(run_hook(hook, &path, &folder, &person, python, &mut hear)) {
            Ok(ended) => {
                print("  done\n");
                if !ended.is_well() {
                    warn(&format!(
                        "the hook {name} did not end well; {} stays as it is now",
                        path.display()
                    ));
                }
            }
            Err(error) => {
                print("  FAILED\n");
                return Err(match error {
                    HookError::Alembics(sentence) => Failure::Alembics(sentence),
                    HookError::Ours(sentence) => Failure::Ours(sentence),
                });
            }
        }
    }
    Ok(())
}
