//! What calls of the standard library, of the system and of packages that were not found do beside computing.

use revline_python::eval::is_standard;
use revline_python::value::Arguments;

/// Modules of the standard library that leave everything as it is, or only tell something.
const QUIET: &str = "\
    __future__ abc argparse array ast asyncio base64 binascii bisect calendar cmath codecs
    collections colorsys configparser contextlib contextvars copy csv dataclasses datetime
    decimal difflib email enum errno fnmatch fractions functools getpass gettext glob graphlib
    hashlib heapq hmac html importlib inspect ipaddress itertools json keyword locale logging
    math numbers operator pathlib platform pprint queue random re reprlib secrets shlex
    statistics string stringprep struct sys textwrap time timeit tomllib traceback types typing
    typing_extensions unicodedata uuid warnings weakref zlib zoneinfo";

/// The same of functions in modules that also do something.
const QUIET_PATHS: &str = "\
    io.BytesIO io.StringIO os.cpu_count os.fspath os.getcwd os.getenv os.getpid os.listdir
    os.scandir os.stat os.uname os.urandom os.walk socket.gethostname";

/// The last words of calls that only tell something: those of loggers and consoles.
const TELLING: &str = "\
    critical debug echo error exception get_logger getLogger info log print secho warn warning";

/// What a call of the system or of the standard library does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Effect {
    /// Nothing that lasts.
    Quiet,
    /// It ends the program.
    Ends,
    /// It starts another program.
    Process,
    /// It changes something that is no database, or asks somebody.
    Elsewhere,
}

/// Whether a call of a package that was not found only tells something.
pub(crate) fn is_telling(path: &str) -> bool {
    let last = path.trim_end_matches(".()").rsplit('.').next().unwrap_or_default();
    has(TELLING, last)
}

/// Whether a word is among others.
pub(crate) fn has(words: &str, wanted: &str) -> bool {
    words.split_ascii_whitespace().any(|word| word == wanted)
}

/// What a call does, by the dotted path of what is called.
pub(crate) fn effect(path: &str, arguments: &Arguments) -> Effect {
    match path {
        "builtins.open" | "io.open" | "codecs.open" | "gzip.open" | "bz2.open" | "lzma.open"
        | "tarfile.open" | "zipfile.ZipFile" => {
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
        || path.starts_with("os.environ.")
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
