//! A language client for tests: synchronous, strict, and never waiting without an end.
//!
//! It answers what a server may ask of a client and fails the test on anything it does not know, so
//! that no message goes unread.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a client in a test: what goes wrong ends the test"
)]

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::workspace_edit;

/// How long an answer may take before the test fails; far above what any should take.
const PATIENCE: Duration = Duration::from_secs(60);

/// An answer: the result, or the error object.
pub type Answer = Result<Value, Value>;

/// The diagnostics of one `publishDiagnostics`.
#[derive(Clone, PartialEq, Debug)]
pub struct Published {
    /// The version it was computed for, for open documents.
    pub version: Option<i64>,
    /// As sent.
    pub diagnostics: Vec<Value>,
}

/// A session with a running server.
pub struct Client {
    child: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    next: i64,
    answers: HashMap<i64, Answer>,
    versions: HashMap<String, i64>,
    capabilities: Value,
    /// Everything that was published, by URI, in order.
    pub published: BTreeMap<String, Vec<Published>>,
    /// What the server asked, with what parameters, in order.
    pub asked: Vec<(String, Value)>,
    /// What the server told beside diagnostics, with what parameters, in order.
    pub told: Vec<(String, Value)>,
    /// What `workspace/configuration` is answered with for the section `revline`.
    pub settings: Value,
    /// The answers to the next questions to the person, in order; then nothing is chosen.
    pub choices: VecDeque<String>,
    /// What the person was told, in order.
    pub heard: Vec<String>,
    /// How much of it [`Client::hears`] gave.
    listened: usize,
}

/// The program under test: `REVLINE_BIN`, else what Cargo builds from these sources.
pub fn program() -> PathBuf {
    if let Some(program) = std::env::var_os("REVLINE_BIN").filter(|path| !path.is_empty()) {
        return PathBuf::from(program);
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--package", "revline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .expect("cargo starts");
    assert!(built.success(), "the server does not build");
    let test = std::env::current_exe().expect("a test knows its own path");
    let folder = test.parent().and_then(Path::parent).expect("a test lies in target/*/deps");
    folder.join(if cfg!(windows) { "revline.exe" } else { "revline" })
}

impl Client {
    /// Starts the server and says nothing to it yet. Its log goes to the test's standard error.
    pub fn start(environment: &[(&str, &str)]) -> Self {
        Self::start_program(&program(), environment)
    }

    /// As [`Client::start`], for another program.
    pub fn start_program(program: &Path, environment: &[(&str, &str)]) -> Self {
        let mut child = Command::new(program)
            .args(["server", "--stdio"])
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let output = child.stdout.take().expect("standard output is piped");
        let (sender, messages) = channel();
        thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(message) = frame(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        Self {
            input: child.stdin.take(),
            child,
            messages,
            next: 0,
            answers: HashMap::new(),
            versions: HashMap::new(),
            capabilities: Value::Null,
            published: BTreeMap::new(),
            asked: Vec::new(),
            told: Vec::new(),
            settings: json!({}),
            choices: VecDeque::new(),
            heard: Vec::new(),
            listened: 0,
        }
    }

    /// Starts the server and greets it as `editor` (one of [`crate::editors`]) in `folders`.
    pub fn open(editor: &Value, folders: &[&Path]) -> Self {
        let mut client = Self::start(&[]);
        client.greet(editor, folders);
        client
    }

    /// `initialize` and `initialized`; the answer to the first.
    pub fn greet(&mut self, editor: &Value, folders: &[&Path]) -> Value {
        self.capabilities = editor["capabilities"].clone();
        let named = |folder: &&Path| json!({ "uri": uri(folder), "name": "folder" });
        let mut greeting = editor.clone();
        greeting["processId"] = json!(std::process::id());
        greeting["rootUri"] = folders.first().map_or(Value::Null, |folder| json!(uri(folder)));
        greeting["workspaceFolders"] = folders.iter().map(named).collect();
        let answer = self.request("initialize", greeting);
        self.notify("initialized", json!({}));
        answer
    }

    /// Writes bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("the client has not left");
        input.write_all(bytes).and_then(|()| input.flush()).expect("the server reads");
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    /// Sends a notification.
    #[allow(clippy::needless_pass_by_value, reason = "calls are written with json!")]
    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request and does not wait; its number.
    #[allow(clippy::needless_pass_by_value, reason = "calls are written with json!")]
    pub fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.next += 1;
        let id = self.next;
        let mut message = json!({ "jsonrpc": "2.0", "id": id, "method": method });
        if !params.is_null() {
            message["params"] = params;
        }
        self.send(&message);
        id
    }

    /// The answer to a request, once it is there.
    pub fn answer(&mut self, id: i64) -> Answer {
        self.answer_within(id, PATIENCE).unwrap_or_else(|| panic!("no answer to request {id}"))
    }

    /// The answer to a request if it comes in time.
    pub fn answer_within(&mut self, id: i64, time: Duration) -> Option<Answer> {
        self.pump(time, |client| client.answers.contains_key(&id));
        self.answers.remove(&id)
    }

    /// Asks and waits; the result or the error.
    pub fn try_request(&mut self, method: &str, params: Value) -> Answer {
        let id = self.ask(method, params);
        self.answer(id)
    }

    /// Asks and waits; the result. An error ends the test.
    pub fn request(&mut self, method: &str, params: Value) -> Value {
        match self.try_request(method, params) {
            Ok(result) => result,
            Err(error) => panic!("{method} was refused: {error}"),
        }
    }

    /// Handles messages until `done`, at most for `time`; whether it was done.
    pub fn pump(&mut self, time: Duration, done: impl Fn(&Self) -> bool) -> bool {
        let end = Instant::now() + time;
        while !done(self) {
            let left = end.saturating_duration_since(Instant::now());
            match self.messages.recv_timeout(left) {
                Ok(message) => self.handle(message),
                Err(RecvTimeoutError::Timeout) => return false,
                Err(RecvTimeoutError::Disconnected) => return done(self),
            }
        }
        true
    }

    /// Waits until the newest published diagnostics of a file are as wanted; they are returned.
    pub fn diagnostics(&mut self, file: &Path, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let key = uri(file);
        let newest = |client: &Self| client.published.get(&key).and_then(|all| all.last()).cloned();
        let done = self.pump(PATIENCE, |client| {
            newest(client).is_some_and(|published| wanted(&published.diagnostics))
        });
        let found = newest(self);
        assert!(done, "the diagnostics of {key} did not come; the newest are {found:#?}");
        found.map(|published| published.diagnostics).unwrap_or_default()
    }

    /// Waits for something that the server tells; its parameters, the newest first.
    pub fn tells(&mut self, method: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let newest = |client: &Self| {
            let mut told = client.told.iter().rev();
            told.find(|(name, params)| name == method && wanted(params)).cloned()
        };
        let done = self.pump(PATIENCE, |client| newest(client).is_some());
        assert!(done, "{method} did not come as wanted; told were {:#?}", self.told);
        newest(self).map(|(_, params)| params).unwrap_or_default()
    }

    fn handle(&mut self, message: Value) {
        let method = message.get("method").and_then(Value::as_str).map(str::to_owned);
        let Some(method) = method else {
            let answer = match message.get("error") {
                Some(error) => Err(error.clone()),
                None => Ok(message.get("result").cloned().unwrap_or_default()),
            };
            // An answer to something unreadable carries no number.
            self.answers.insert(message["id"].as_i64().unwrap_or(-1), answer);
            return;
        };
        let params = message.get("params").cloned().unwrap_or_default();
        let Some(id) = message.get("id").cloned() else {
            match method.as_str() {
                "textDocument/publishDiagnostics" => self.take_diagnostics(&params),
                "window/showMessage" => {
                    self.told.push((method.clone(), params.clone()));
                    self.heard.push(params["message"].as_str().unwrap_or_default().to_owned());
                }
                "$/progress" | "window/logMessage" => {}
                "revline/status" | "revline/graphChanged" => {
                    self.told.push((method, params));
                }
                other => panic!("the server sent the notification {other}: {params}"),
            }
            return;
        };
        let result = match method.as_str() {
            "workspace/configuration" => {
                let items = params["items"].as_array().map_or(0, Vec::len);
                Value::Array(vec![self.settings.clone(); items])
            }
            "client/registerCapability"
            | "client/unregisterCapability"
            | "window/workDoneProgress/create"
            | "workspace/diagnostic/refresh"
            | "workspace/codeLens/refresh"
            | "workspace/textDocumentContent/refresh" => Value::Null,
            "window/showDocument" => json!({ "success": true }),
            "window/showMessageRequest" => {
                let choice = self.choices.pop_front();
                choice.map_or(Value::Null, |title| json!({ "title": title }))
            }
            "workspace/applyEdit" => {
                match workspace_edit::apply(&self.capabilities, &params["edit"]) {
                    Ok(_) => json!({ "applied": true }),
                    Err(reason) => json!({ "applied": false, "failureReason": reason }),
                }
            }
            other => panic!("the server asked {other}: {params}"),
        };
        self.asked.push((method, params));
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": result }));
    }

    fn take_diagnostics(&mut self, params: &Value) {
        let published = Published {
            version: params["version"].as_i64(),
            diagnostics: params["diagnostics"].as_array().cloned().unwrap_or_default(),
        };
        let uri = params["uri"].as_str().unwrap_or_default().to_owned();
        self.published.entry(uri).or_default().push(published);
    }

    /// What the person is told next. What was told before the answer to a request counts too: the
    /// order of the two is not fixed.
    pub fn hears(&mut self) -> String {
        let next = self.listened;
        let heard = self.pump(PATIENCE, |client| client.heard.len() > next);
        assert!(heard, "the person heard nothing after {:?}", self.heard);
        self.listened += 1;
        self.heard[next].clone()
    }

    /// Opens a document with this text.
    pub fn open_text(&mut self, uri: &str, text: &str) {
        self.versions.insert(uri.to_owned(), 1);
        let document = json!({ "uri": uri, "languageId": "python", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Opens a file as it is on disk; its text.
    pub fn open_file(&mut self, path: &Path) -> String {
        let text = std::fs::read_to_string(path).expect("the file is there");
        self.open_text(&uri(path), &text);
        text
    }

    /// Sends content changes; the version after them.
    #[allow(clippy::needless_pass_by_value, reason = "calls are written with json!")]
    pub fn change(&mut self, path: &Path, changes: Value) -> i64 {
        let uri = uri(path);
        let version = self.versions.entry(uri.clone()).or_default();
        *version += 1;
        let version = *version;
        let document = json!({ "uri": uri, "version": version });
        let params = json!({ "textDocument": document, "contentChanges": changes });
        self.notify("textDocument/didChange", params);
        version
    }

    /// Sends a whole new text.
    pub fn replace(&mut self, path: &Path, text: &str) -> i64 {
        self.change(path, json!([{ "text": text }]))
    }

    /// Closes the connection without a word and waits for the process; `None` when it stays.
    pub fn vanish(&mut self, time: Duration) -> Option<ExitStatus> {
        self.input = None;
        self.wait(time)
    }

    /// How the process ended; `None` when it still runs after `time`.
    pub fn wait(&mut self, time: Duration) -> Option<ExitStatus> {
        let end = Instant::now() + time;
        loop {
            if let Some(status) = self.child.try_wait().expect("the child can be asked") {
                return Some(status);
            }
            if Instant::now() >= end {
                return None;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// The process number of the server.
    pub fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // Already gone, mostly; a test that failed leaves no process behind.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The next message; `None` at the end. What is not a frame on standard output ends the test.
fn frame(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some(number) = line.strip_prefix("Content-Length: ") {
            length = number.parse().expect("a length is a number");
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).expect("a frame holds JSON"))
}

/// The `file:` URI of an absolute path, spelt as the server spells it.
pub fn uri(path: &Path) -> String {
    let mut uri = String::from("file://");
    for byte in path.to_str().expect("paths of tests are UTF-8").bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

/// A request's parameters for a place in a file.
pub fn at(path: &Path, line: u32, character: u32) -> Value {
    json!({
        "textDocument": { "uri": uri(path) },
        "position": { "line": line, "character": character },
    })
}

/// The codes of diagnostics, sorted.
pub fn codes(diagnostics: &[Value]) -> Vec<&str> {
    let mut codes: Vec<&str> =
        diagnostics.iter().filter_map(|diagnostic| diagnostic["code"].as_str()).collect();
    codes.sort_unstable();
    codes
}

/// The diagnostics of one rule.
pub fn of_rule<'a>(diagnostics: &'a [Value], rule: &str) -> Vec<&'a Value> {
    diagnostics.iter().filter(|diagnostic| diagnostic["code"] == rule).collect()
}
