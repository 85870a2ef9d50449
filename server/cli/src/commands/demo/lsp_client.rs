//! A client of the language server protocol, as small as it can be: frames, requests, answers.
//!
//! It knows no method of Revline's; what the server asks of it is answered with nothing.
#![allow(clippy::disallowed_methods, reason = "the server is a process of this very program")]

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context as _, anyhow, bail};
use serde_json::{Value, json};

/// An answer that has not come by then does not come.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server and the line to it.
pub(super) struct LspClient {
    server: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    asked: i64,
}

impl LspClient {
    /// Starts `program server` as a child process.
    pub(super) fn start(program: &Path) -> anyhow::Result<Self> {
        let told = std::env::var_os("REVLINE_LOG").is_some();
        let mut server = Command::new(program)
            .arg("server")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(if told { Stdio::inherit() } else { Stdio::null() })
            .spawn()
            .with_context(|| format!("{} cannot be started", program.display()))?;
        let input = server.stdin.take();
        let output = server.stdout.take().context("the server has no output")?;
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            // The end of the output ends the thread, and with it the channel.
            while let Ok(Some(message)) = read(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        Ok(Self { server, input, messages, asked: 0 })
    }

    /// Tells the server something.
    pub(super) fn notify(&mut self, method: &str, params: Value) -> anyhow::Result<()> {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }))
    }

    /// Asks the server and waits for its answer. Errors are the server's own, or that none came.
    pub(super) fn request(&mut self, method: &str, params: Value) -> anyhow::Result<Value> {
        self.asked += 1;
        let id = self.asked;
        let mut message = json!({ "jsonrpc": "2.0", "id": id, "method": method });
        if !params.is_null() {
            message["params"] = params;
        }
        self.send(&message)?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let message = self
                .messages
                .recv_timeout(left)
                .map_err(|_| anyhow!("the server did not answer {method}"))?;
            if message.get("method").is_some() {
                self.put_off(&message)?;
            } else if message.get("id").and_then(Value::as_i64) == Some(id) {
                if let Some(error) = message.get("error") {
                    bail!("{method}: {}", error["message"].as_str().unwrap_or("an error"));
                }
                return Ok(message.get("result").cloned().unwrap_or_default());
            }
        }
    }

    /// Answers what the server asks with nothing.
    fn put_off(&mut self, message: &Value) -> anyhow::Result<()> {
        match message.get("id") {
            Some(id) => self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": null })),
            None => Ok(()),
        }
    }

    fn send(&mut self, message: &Value) -> anyhow::Result<()> {
        let input = self.input.as_mut().context("the server was told to leave")?;
        let body = message.to_string();
        write!(input, "Content-Length: {}\r\n\r\n{body}", body.len())
            .and_then(|()| input.flush())
            .context("the server has gone")
    }

    /// Lets the server go, and waits until it is gone.
    pub(super) fn stop(mut self) -> anyhow::Result<()> {
        self.request("shutdown", Value::Null)?;
        self.notify("exit", Value::Null)?;
        self.input = None;
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if let Some(status) = self.server.try_wait().context("the server cannot be asked")? {
                if status.success() {
                    return Ok(());
                }
                bail!("the server left with {status}");
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        bail!("the server does not leave")
    }
}

impl Drop for LspClient {
    fn drop(&mut self) {
        self.input = None;
        if matches!(self.server.try_wait(), Ok(None)) {
            // It is on its way out, or does not listen; either way nothing more can be done here.
            drop(self.server.kill());
            drop(self.server.wait());
        }
    }
}

/// The next message; `None` at the end.
fn read(output: &mut impl BufRead) -> std::io::Result<Option<Value>> {
    let mut length: Option<u64> = None;
    let mut line = String::new();
    loop {
        line.clear();
        if output.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let head = line.trim_end();
        if head.is_empty() {
            break;
        }
        if let Some((name, value)) = head.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok();
        }
    }
    let mut body = Vec::new();
    output.take(length.unwrap_or(0)).read_to_end(&mut body)?;
    Ok(Some(serde_json::from_slice(&body).map_err(std::io::Error::other)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_one_after_the_other() {
        let mut wire = std::io::Cursor::new(
            "Content-Length: 8\r\nContent-Type: x\r\n\r\n{\"id\":1}content-length: 4\r\n\r\nnull",
        );
        let mut next = || read(&mut wire).expect("it is whole");
        assert_eq!(next(), Some(json!({ "id": 1 })));
        assert_eq!(next(), Some(Value::Null));
        assert_eq!(next(), None);
    }
}
