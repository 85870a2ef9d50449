//! What a process starts, opens and connects to, as `strace` sees it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::Duration;

use revline_tests::lsp::{Client, uri};
use revline_tests::{editors, lsp, oracle};
use serde_json::{Value, json};

use super::world::World;

/// The program under a tracer, and what that saw.
struct Traced {
    program: PathBuf,
    log: PathBuf,
}

impl Traced {
    fn new(world: &World) -> Option<Self> {
        let strace = oracle::strace()?;
        let (program, log) = (world.root().join("traced"), world.root().join("trace.log"));
        let script = format!(
            "#!/bin/sh\nexec {} -f -qq -o {} -e trace=execve,connect,open,openat {} \"$@\"\n",
            strace.display(),
            log.display(),
            lsp::program().display()
        );
        executable(world, "traced", &script);
        Some(Self { program, log })
    }

    /// The calls of this name, without the process that made them.
    fn calls(&self, name: &str) -> Vec<String> {
        let log = std::fs::read_to_string(&self.log).expect("the tracer wrote");
        let calls =
            log.lines().filter_map(|line| line.split_once(' ')).map(|(_, call)| call.trim());
        calls.filter(|call| call.starts_with(&format!("{name}("))).map(str::to_owned).collect()
    }

    /// The files whose name ends so that somebody opened, or tried to.
    fn opened(&self, end: &str) -> Vec<String> {
        let mut all = [self.calls("open"), self.calls("openat")].concat();
        all.retain(|call| call.split('"').nth(1).is_some_and(|path| path.ends_with(end)));
        all
    }
}

fn executable(world: &World, path: &str, text: &str) {
    world.write(path, text);
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(world.root().join(path), mode).expect("set");
}

/// A project in which everything that can name a program names one that leaves a trace, and everything that can name a
/// database names one.
fn tempting() -> (World, std::net::TcpListener) {
    let mut world = World::plain();
    let trap = format!("#!/bin/sh\ntouch {}\n", world.root().join("sprung").display());
    for path in ["trap", ".venv/bin/python", ".venv/bin/alembic", ".git/hooks/post-index-change"] {
        executable(&world, path, &trap);
    }
    world.write(".venv/pyvenv.cfg", "home = /usr\n");
    world.write(".git/HEAD", "ref: refs/heads/main\n");
    world.write(".git/objects/info/packs", "");
    world.write(".git/refs/heads/none", "");
    let trap = world.root().join("trap").display().to_string();
    world.write(".git/config", &format!("[core]\n\tfsmonitor = {trap}\n\tsshCommand = {trap}\n"));
    world.write(
        "alembic.ini",
        &format!(
            "[alembic]\nscript_location = %(here)s/migrations\npath_separator = os\n\
             sqlalchemy.url = sqlite:///stale.db\n[post_write_hooks]\nhooks = trap\n\
             trap.type = exec\ntrap.executable = {trap}\n"
        ),
    );
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("it is set");
    let port = listener.local_addr().expect("it has one").port();
    world.write(
        "revline.toml",
        &format!(
            "[database]\nurl = 'sqlite:///meant.db'\npython = './trap'\nalembic-command = ['./trap']\n\
             [database.away]\nurl = 'postgresql://u:p@127.0.0.1:{port}/d'\n"
        ),
    );
    world.set("DATABASE_URL", &format!("postgresql://u:p@127.0.0.1:{port}/d"));
    for name in ["meant.db", "stale.db"] {
        world.write(name, "");
    }
    (world, listener)
}

/// What a person does in an editor, and what they could be lured into.
fn everything(world: &World, program: &std::path::Path, trusted: bool) {
    let home = world.root().join("home").display().to_string();
    let mut client = Client::start_program(program, &[("HOME", &home), ("XDG_CONFIG_HOME", &home)]);
    let mut editor = editors::vscode();
    editor["initializationOptions"] =
        json!({ "trusted": trusted, "documents": true, "settings": {} });
    client.greet(&editor, &[&world.root()]);
    let file = world.root().join("migrations/versions/b2.py");
    let text = client.open_file(&file);
    let document = json!({ "textDocument": { "uri": uri(&file) } });
    let at = |line: usize| -> Value {
        let mut params = document.clone();
        params["position"] = json!({ "line": line, "character": 6 });
        params
    };
    client.replace(&file, &text.replace("age", "years"));
    let line = text.lines().position(|line| line.starts_with("def upgrade")).expect("it is there");
    for (method, params) in [
        ("textDocument/hover", at(line)),
        ("textDocument/completion", at(line + 1)),
        ("textDocument/codeLens", document.clone()),
        ("textDocument/diagnostic", document.clone()),
        ("textDocument/documentSymbol", document.clone()),
    ] {
        client.request(method, params);
    }
    for name in ["connect", "status", "upgrade", "downgrade", "stamp"] {
        let command = format!("revline.{name}");
        client.request(
            "workspace/executeCommand",
            json!({ "command": command, "arguments": [{ "target": "head" }] }),
        );
    }
    client.pump(Duration::from_secs(2), |_| false);
}

#[test]
fn an_untrusted_workspace_starts_no_process_and_opens_no_database() {
    let (world, listener) = tempting();
    let Some(traced) = Traced::new(&world) else { return };
    everything(&world, &traced.program, false);
    // The tracer's own start of the program, and nothing else.
    assert_eq!(traced.calls("execve").len(), 1, "{:#?}", traced.calls("execve"));
    assert_eq!(traced.calls("connect"), Vec::<String>::new());
    assert_eq!(traced.opened(".db"), Vec::<String>::new());
    assert!(!traced.opened("revline.toml").is_empty(), "the tracer saw nothing");
    assert!(!world.root().join("sprung").exists());
    assert!(listener.accept().is_err(), "somebody connected");
}

#[test]
fn a_trusted_editor_that_only_looks_starts_no_process_and_opens_the_meant_database_alone() {
    let (world, listener) = tempting();
    let Some(traced) = Traced::new(&world) else { return };
    world.write("revline.toml", "[database]\nurl = 'sqlite:///meant.db'\n");
    everything(&world, &traced.program, true);
    assert_eq!(traced.calls("execve").len(), 1, "{:#?}", traced.calls("execve"));
    assert_eq!(traced.calls("connect"), Vec::<String>::new());
    assert!(!traced.opened("meant.db").is_empty(), "it was not looked at");
    assert_eq!(traced.opened("stale.db"), Vec::<String>::new());
    assert!(!world.root().join("sprung").exists());
    assert!(listener.accept().is_err(), "somebody connected");
}

#[test]
fn no_keystroke_looks_at_the_database() {
    let world = World::plain();
    let Some(traced) = Traced::new(&world) else { return };
    world.write("revline.toml", "[database]\nurl = 'sqlite:///meant.db'\n");
    world.write("meant.db", "");
    let home = world.root().join("home").display().to_string();
    let mut client =
        Client::start_program(&traced.program, &[("HOME", &home), ("XDG_CONFIG_HOME", &home)]);
    let mut editor = editors::vscode();
    editor["initializationOptions"] = json!({ "trusted": true, "documents": true, "settings": {} });
    client.greet(&editor, &[&world.root()]);
    let file = world.root().join("migrations/versions/b2.py");
    let text = client.open_file(&file);
    let end = std::time::Instant::now() + Duration::from_secs(30);
    while traced.opened("meant.db").is_empty() {
        assert!(std::time::Instant::now() < end, "nobody looks");
        client.pump(Duration::from_millis(50), |_| false);
    }
    // Beyond the time for which nobody would look again in any case.
    client.pump(Duration::from_secs(3), |_| false);
    let before = traced.opened("meant.db").len();
    for at in 0..60 {
        client.replace(&file, &text.replace("age", &format!("age_{at}")));
        client.pump(Duration::from_millis(70), |_| false);
    }
    assert_eq!(traced.opened("meant.db").len(), before);
    client.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri(&file) } }));
    let end = std::time::Instant::now() + Duration::from_secs(30);
    while traced.opened("meant.db").len() == before {
        assert!(std::time::Instant::now() < end, "nobody looks after a save");
        client.pump(Duration::from_millis(50), |_| false);
    }
}

#[test]
fn the_stale_url_of_the_ini_is_opened_by_no_command() {
    let mut world = World::plain();
    let Some(traced) = Traced::new(&world) else { return };
    world.set("DATABASE_URL", &format!("sqlite:///{}", world.root().join("meant.db").display()));
    world.write("stale.db", "");
    for words in [
        &["upgrade", "heads", "--yes"][..],
        &["current", "--yes"],
        &["status", "--yes"],
        &["downgrade", "-1", "--yes"],
        &["stamp", "heads", "--yes"],
        &["doctor"],
    ] {
        let mut command = std::process::Command::new(&traced.program);
        world.run(command.args(words)).well();
        assert_eq!(traced.opened("stale.db"), Vec::<String>::new(), "{words:?}");
        assert_eq!(traced.calls("execve").len(), 1, "{words:?}: {:#?}", traced.calls("execve"));
        assert!(words == ["doctor"] || !traced.opened("meant.db").is_empty(), "{words:?}");
    }
}
