//! The standard library, as far as migrations use it.

use revline_text::Span;

use super::machine::{Eval, Machine};
use crate::value::string::{Joiner, is_space, lines};
use crate::value::{Arguments, Call, Kind, State, Str, Term, Value, View};

/// Top-level modules of the standard library, of all versions that run migrations. What is not computed
/// of them is unknown data: calling it changes nothing that a migration is about. Those that run code of
/// others are left out.
const MODULES: &[&str] = &[
    "__future__",
    "abc",
    "aifc",
    "annotationlib",
    "argparse",
    "array",
    "ast",
    "asynchat",
    "asyncio",
    "asyncore",
    "atexit",
    "audioop",
    "base64",
    "binascii",
    "bisect",
    "bz2",
    "calendar",
    "cgi",
    "cgitb",
    "chunk",
    "cmath",
    "cmd",
    "codecs",
    "collections",
    "colorsys",
    "compileall",
    "compression",
    "concurrent",
    "configparser",
    "contextlib",
    "contextvars",
    "copy",
    "copyreg",
    "crypt",
    "csv",
    "ctypes",
    "curses",
    "dataclasses",
    "datetime",
    "dbm",
    "decimal",
    "difflib",
    "dis",
    "distutils",
    "email",
    "encodings",
    "ensurepip",
    "enum",
    "errno",
    "faulthandler",
    "fcntl",
    "filecmp",
    "fileinput",
    "fnmatch",
    "fractions",
    "ftplib",
    "functools",
    "gc",
    "genericpath",
    "getopt",
    "getpass",
    "gettext",
    "glob",
    "graphlib",
    "grp",
    "gzip",
    "hashlib",
    "heapq",
    "hmac",
    "html",
    "http",
    "imaplib",
    "imghdr",
    "importlib",
    "inspect",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "keyword",
    "linecache",
    "locale",
    "logging",
    "lzma",
    "mailbox",
    "mailcap",
    "marshal",
    "math",
    "mimetypes",
    "mmap",
    "modulefinder",
    "msilib",
    "msvcrt",
    "multiprocessing",
    "netrc",
    "nis",
    "nntplib",
    "nt",
    "ntpath",
    "nturl2path",
    "numbers",
    "opcode",
    "operator",
    "optparse",
    "os",
    "ossaudiodev",
    "pathlib",
    "pickle",
    "pickletools",
    "pipes",
    "pkgutil",
    "platform",
    "plistlib",
    "poplib",
    "posix",
    "posixpath",
    "pprint",
    "pstats",
    "pty",
    "pwd",
    "py_compile",
    "pyclbr",
    "pyexpat",
    "queue",
    "quopri",
    "random",
    "re",
    "readline",
    "reprlib",
    "resource",
    "rlcompleter",
    "sched",
    "secrets",
    "select",
    "selectors",
    "shelve",
    "shlex",
    "shutil",
    "signal",
    "site",
    "smtpd",
    "smtplib",
    "sndhdr",
    "socket",
    "socketserver",
    "spwd",
    "sqlite3",
    "sre_compile",
    "sre_constants",
    "sre_parse",
    "ssl",
    "stat",
    "statistics",
    "string",
    "stringprep",
    "struct",
    "subprocess",
    "sunau",
    "symtable",
    "sys",
    "sysconfig",
    "syslog",
    "tabnanny",
    "tarfile",
    "telnetlib",
    "tempfile",
    "termios",
    "textwrap",
    "threading",
    "time",
    "timeit",
    "tkinter",
    "token",
    "tokenize",
    "tomllib",
    "traceback",
    "tracemalloc",
    "tty",
    "turtle",
    "types",
    "typing",
    "typing_extensions",
    "unicodedata",
    "unittest",
    "urllib",
    "uu",
    "uuid",
    "venv",
    "warnings",
    "wave",
    "weakref",
    "webbrowser",
    "winreg",
    "winsound",
    "wsgiref",
    "xdrlib",
    "xml",
    "xmlrpc",
    "zipapp",
    "zipfile",
    "zlib",
    "zoneinfo",
];

/// Whether a dotted path belongs to the standard library.
pub fn is_standard(path: &str) -> bool {
    let first = path.split('.').next().unwrap_or_default();
    MODULES.binary_search(&first).is_ok()
}

/// Decorators that leave a function what it does.
pub(super) fn is_transparent_decorator(path: &str) -> bool {
    matches!(
        path,
        "functools.wraps"
            | "functools.lru_cache"
            | "functools.cache"
            | "functools.total_ordering"
            | "abc.abstractmethod"
            | "enum.unique"
            | "dataclasses.dataclass"
            | "typing.no_type_check"
            | "typing.final"
            | "typing.override"
    )
}

/// The same of well-known packages, by the path of what was imported and called.
pub(super) fn is_transparent_foreign(path: &str) -> bool {
    let path = path.trim_end_matches(".()");
    matches!(
        path,
        "backoff.on_exception"
            | "backoff.on_predicate"
            | "cachetools.cached"
            | "cachetools.func.lru_cache"
            | "cachetools.func.ttl_cache"
            | "deprecated.deprecated"
            | "public.private"
            | "public.public"
            | "tenacity.retry"
    )
}

/// Modules whose functions call what they are handed, now or later.
const CALLERS: &[&str] = &[
    "atexit",
    "concurrent",
    "contextlib",
    "multiprocessing",
    "sched",
    "signal",
    "threading",
    "timeit",
];

/// Calls a function of the standard library.
pub(super) fn call(
    machine: &mut Machine<'_>,
    path: &str,
    callee: &Value,
    arguments: Arguments,
    span: Span,
) -> Eval<Value> {
    if let Some(value) = machine.event_loop_function(path, &arguments, span)? {
        return Ok(value);
    }
    machine.hand_over(&arguments, &format!("`{path}`"), span);
    let first = arguments.positional.first().map(|argument| argument.value.clone());
    match path {
        "textwrap.dedent" => match first.as_ref().and_then(Value::as_string) {
            Some(text) => {
                let text = dedent(text, span);
                return Ok(machine.string(text, span));
            }
            None => return Ok(unknown(path, first.as_ref(), machine, span)),
        },
        "textwrap.indent" if arguments.get(2, "predicate").is_none() => {
            if let (Some(text), Some(prefix)) =
                (first.as_ref().and_then(Value::as_str), arguments.get(1, "prefix"))
                && let Some(prefix) = prefix.as_str()
            {
                let size = (text.len() as u64).saturating_mul(prefix.len() as u64 + 1);
                if let Err(large) = machine.fits(size, span) {
                    return Ok(large);
                }
                let mut out = String::new();
                for (start, _, end) in lines(text) {
                    let line = text.get(start..end).unwrap_or_default();
                    if !line.chars().all(is_space) {
                        out.push_str(prefix);
                    }
                    out.push_str(line);
                }
                return Ok(machine.text(&out, span));
            }
        }
        "importlib.import_module" => {
            let name = arguments.get(0, "name").and_then(Value::as_str);
            let package = arguments.get(1, "package").and_then(Value::as_str);
            let path = match (name.and_then(|name| Some((name, name.strip_prefix('.')?))), package)
            {
                (None, _) => name.map(str::to_owned),
                (Some((_, rest)), Some(package)) if !rest.starts_with('.') => {
                    Some(format!("{package}.{rest}"))
                }
                _ => None,
            };
            if let Some(path) = path {
                return machine.imported(0, &path, span);
            }
        }
        "json.dumps" if arguments.positional.len() == 1 && arguments.keywords.is_empty() => {
            let mut out = String::new();
            if let Some(value) = &first
                && json(machine, value, &mut out, 0).is_some()
            {
                return Ok(machine.text(&out, span));
            }
            if let Some(View::Set(_) | View::Bytes(_)) =
                first.as_ref().map(|it| machine.heap.view(it))
            {
                return machine.raise("TypeError", "Object is not JSON serializable", span);
            }
        }
        "typing.cast" => {
            if let Some(value) = arguments.positional.get(1) {
                return Ok(value.value.clone());
            }
        }
        "copy.copy" | "copy.deepcopy" => {
            if let Some(value) = first.as_ref().and_then(|it| copy(machine, it, path)) {
                return Ok(value);
            }
        }
        "collections.OrderedDict" => {
            let made = super::builtin::call(machine, "dict", callee, arguments, span)?;
            if let Some(dict) = machine.heap.dict_mut(&made) {
                dict.is_ordered = true;
            }
            return Ok(made);
        }
        "itertools.chain" if arguments.unknown.is_none() => {
            let values = arguments.positional.iter().rev();
            let rest = values.map(|argument| argument.value.clone()).collect();
            return Ok(machine.make_iter("chain", State::Chain { current: None, rest }, span));
        }
        "enum.auto" => return Ok(Value::symbol("enum.auto", span)),
        "warnings.warn" | "time.sleep" | "sys.stdout.write" | "logging.info"
        | "logging.warning" | "logging.debug" | "logging.error" => return Ok(Value::none(span)),
        _ => {}
    }
    if matches!(path, "contextlib.suppress" | "contextlib.nullcontext")
        || path.starts_with(super::coroutine::ASYNCIO)
        || path.starts_with("typing.")
        || path.starts_with("functools.")
        || path.starts_with("dataclasses.")
    {
        let call = Call { callee: callee.clone(), arguments, assigned: Vec::new() };
        return Ok(machine.heap.term(Term::Call(call), span));
    }
    // What was made of a function of the source may run it.
    let functions = arguments.positional.iter().map(|it| &it.value).find(|value| {
        matches!(machine.heap.view(value), View::Function(_) | View::Bound(_) | View::Class(_))
    });
    let module = path.split('.').next().unwrap_or_default();
    if functions.is_some() && CALLERS.contains(&module) {
        let why = format!("what `{path}` makes of a function");
        return Ok(Value::unknown(span, why));
    }
    Ok(unknown(path, None, machine, span))
}

fn unknown(path: &str, cause: Option<&Value>, machine: &Machine<'_>, span: Span) -> Value {
    if let Some(why) = cause.and_then(|cause| machine.heap.unknown(cause)) {
        return Value::new(Kind::Unknown(why.clone()), span);
    }
    let why = match path {
        "uuid.uuid1" | "uuid.uuid4" => "a new UUID at each run".to_owned(),
        _ if path.ends_with(".now") || path.ends_with(".utcnow") || path.ends_with(".today") => {
            "the time of the run".to_owned()
        }
        "os.getenv" | "os.environ.get" => "the environment of the run".to_owned(),
        _ if path.starts_with("logging.") => "a logger".to_owned(),
        _ => format!("`{path}` is not evaluated"),
    };
    Value::unknown_data(span, why)
}

fn copy(machine: &mut Machine<'_>, value: &Value, path: &str) -> Option<Value> {
    let deep = path == "copy.deepcopy";
    let flat = |items: &[Value]| !deep || items.iter().all(|item| item.object().is_none());
    let span = value.span;
    match machine.heap.view(value) {
        View::List(items) if flat(items) => {
            let items = items.to_vec();
            Some(machine.heap.list(items, span))
        }
        View::Dict(dict)
            if !deep || dict.entries().iter().all(|(_, item)| item.object().is_none()) =>
        {
            let dict = dict.clone();
            Some(machine.heap.dict(dict, span))
        }
        View::List(_)
        | View::Dict(_)
        | View::Set(_)
        | View::Term(_)
        | View::Instance(_)
        | View::Unknown(_)
        | View::Host(_) => None,
        _ => Some(value.clone()),
    }
}

/// `textwrap.dedent`, each line with its place.
fn dedent(text: &Str, span: Span) -> Str {
    let lines: Vec<&str> = text.text().split_inclusive('\n').collect();
    let mut margin: Option<&str> = None;
    for line in &lines {
        let body = line.trim_end_matches('\n');
        let rest = body.trim_start_matches([' ', '\t']);
        if rest.is_empty() {
            continue;
        }
        let indent = body.get(..body.len() - rest.len()).unwrap_or_default();
        margin = Some(match margin {
            None => indent,
            Some(margin) => {
                let same = margin.bytes().zip(indent.bytes()).take_while(|(a, b)| a == b).count();
                margin.get(..same).unwrap_or_default()
            }
        });
    }
    let margin = margin.map_or(0, str::len);
    let mut joiner = Joiner::default();
    let mut at = 0;
    for line in lines {
        let body = line.trim_end_matches('\n');
        let blank = body.trim_matches([' ', '\t']).is_empty();
        let from = if blank { at + body.len() } else { at + margin };
        if let Some(piece) = text.slice(from, at + line.len()) {
            joiner.push(&piece);
        }
        at += line.len();
    }
    joiner.finish(span)
}

/// `json.dumps` with its defaults.
fn json(machine: &Machine<'_>, value: &Value, out: &mut String, level: u32) -> Option<()> {
    if level > 50 || out.len() > 4 << 20 {
        return None;
    }
    match machine.heap.view(value) {
        View::None => out.push_str("null"),
        View::Bool(truth) => out.push_str(if truth { "true" } else { "false" }),
        View::Float(number) if !number.is_finite() => out.push_str(match number.is_nan() {
            true => "NaN",
            false if number > 0.0 => "Infinity",
            false => "-Infinity",
        }),
        View::Int(_) | View::Float(_) => out.push_str(&crate::emit::literal(&machine.heap, value)?),
        View::Str(text) => json_string(text.text(), out),
        View::List(items) | View::Tuple(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                json(machine, item, out, level + 1)?;
            }
            out.push(']');
        }
        View::Dict(dict) => {
            out.push('{');
            for (index, (key, item)) in dict.entries().iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                json_string(key.as_str()?, out);
                out.push_str(": ");
                json(machine, item, out, level + 1)?;
            }
            out.push('}');
        }
        _ => return None,
    }
    Some(())
}

fn json_string(text: &str, out: &mut String) {
    out.push('"');
    for unit in text.encode_utf16() {
        match unit {
            0x22 => out.push_str("\\\""),
            0x5c => out.push_str("\\\\"),
            0x0a => out.push_str("\\n"),
            0x0d => out.push_str("\\r"),
            0x09 => out.push_str("\\t"),
            0x08 => out.push_str("\\b"),
            0x0c => out.push_str("\\f"),
            0x20..=0x7e => out.push(char::from(u8::try_from(unit).unwrap_or(b'?'))),
            _ => out.push_str(&format!("\\u{unit:04x}")),
        }
    }
    out.push('"');
}
