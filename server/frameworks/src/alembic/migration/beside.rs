//! What a migration does beside the database: files, processes, messages to others. No SQL shows it, so
//! that nobody who runs the SQL alone has done what the migration does.

use revline_python::eval::is_standard;
use revline_python::value::{Arguments, Kind};
use revline_python::{Answer, Value};
use revline_schema::{Op, Opaque};
use revline_text::Span;

use super::Fact;
use super::host::Surroundings;

/// Modules of the standard library that leave everything as it is, or only tell something.
const QUIET: &str = "\
    __future__ abc array ast base64 binascii bisect calendar cmath collections colorsys
    configparser contextlib contextvars copy csv dataclasses datetime decimal difflib email enum
    errno fnmatch fractions functools getpass gettext glob graphlib hashlib heapq hmac html
    importlib inspect ipaddress itertools json keyword locale logging math numbers operator pathlib
    platform pprint queue random re reprlib secrets shlex statistics string stringprep struct sys
    textwrap time timeit tomllib traceback types typing typing_extensions unicodedata uuid warnings
    weakref zlib zoneinfo";

/// The same of functions in modules that also do something.
const QUIET_PATHS: &str = "\
    io.BytesIO io.StringIO os.cpu_count os.environ.get os.fspath os.getcwd os.getenv os.getpid
    os.listdir os.scandir os.stat os.urandom os.walk";

/// Methods of paths that change the file system.
const WRITING: &str = "\
    chmod hardlink_to mkdir rename rmdir symlink_to touch unlink write_bytes write_text";

/// The last words of calls that only tell something: those of loggers and consoles.
const TELLING: &str = "\
    critical debug echo error exception get_logger getLogger info log print secho warn warning";

/// What a call of the system or of the standard library does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Effect {
    /// Nothing that lasts.
    Quiet,
    /// It ends the program.
    Ends,
    /// It starts another program.
    Process,
    /// It changes something that is no database, or asks somebody.
    Elsewhere,
}

impl Surroundings<'_> {
    /// Remembers that something is done that no step shows.
    pub(super) fn does_beside(&mut self, what: &str, span: Span) {
        let what = what.strip_prefix("builtins.").unwrap_or(what);
        let deed = Fact { fact: what.into(), span };
        if !self.is_loading() && !self.beside.contains(&deed) {
            self.beside.push(deed);
        }
    }

    /// A call of the system or of the standard library. `None` where the evaluator goes on by itself.
    pub(super) fn standard_call(
        &mut self,
        path: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Option<Answer> {
        match effect(path, arguments) {
            Effect::Quiet => None,
            Effect::Ends => {
                let status = arguments.get(0, "status");
                let message = match status.map(|status| &status.kind) {
                    Some(Kind::Int(status)) => status.to_string(),
                    _ => status.and_then(Value::as_str).unwrap_or_default().to_owned(),
                };
                Some(Answer::Raise { class: "SystemExit".to_owned(), message })
            }
            Effect::Process => {
                self.does_beside(path, span);
                let why = format!("what `{path}` starts may change anything");
                self.steps.push(Op::Opaque(Opaque::at(why, span)), span);
                None
            }
            Effect::Elsewhere => {
                self.does_beside(path, span);
                None
            }
        }
    }

    /// A method of a value that is not known.
    pub(super) fn method_of_unknown(&mut self, name: &str, span: Span) {
        if has(WRITING, name) {
            self.does_beside(name, span);
        }
    }
}

/// Whether a call of a package that was not found only tells something.
pub(super) fn is_telling(path: &str) -> bool {
    let last = path.trim_end_matches(".()").rsplit('.').next().unwrap_or_default();
    has(TELLING, last)
}

fn has(words: &str, wanted: &str) -> bool {
    words.split_ascii_whitespace().any(|word| word == wanted)
}

fn effect(path: &str, arguments: &Arguments) -> Effect {
    match path {
        "builtins.open" => {
            return if opens_to_write(arguments) { Effect::Elsewhere } else { Effect::Quiet };
        }
        "builtins.input" => return Effect::Elsewhere,
        "sys.exit" => return Effect::Ends,
        _ if !is_standard(path) => return Effect::Quiet,
        _ => {}
    }
    let module = path.split('.').next().unwrap_or_default();
    let is_process = module == "subprocess"
        || module == "pty"
        || path.strip_prefix("os.").is_some_and(|name| {
            matches!(name, "system" | "popen" | "startfile")
                || ["exec", "spawn", "posix_spawn", "fork"]
                    .iter()
                    .any(|start| name.starts_with(start))
        });
    if is_process {
        return Effect::Process;
    }
    let is_quiet = has(QUIET, module)
        || has(QUIET_PATHS, path)
        || path.starts_with("os.path.")
        || path.starts_with("urllib.parse.");
    if is_quiet { Effect::Quiet } else { Effect::Elsewhere }
}

/// Whether `open(…)` is not certainly to read.
fn opens_to_write(arguments: &Arguments) -> bool {
    match arguments.get(1, "mode") {
        None => arguments.unknown.is_some(),
        Some(mode) => mode.as_str().is_none_or(|mode| mode.contains(['a', 'w', 'x', '+'])),
    }
}
