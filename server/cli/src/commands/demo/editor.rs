//! An editor without a screen: documents, places, and edits that are written to the disk.
#![allow(clippy::disallowed_methods, reason = "an editor's files, not a project's analysis")]

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use revline_text::{Edit, Encoding, Position, Range, Text};
use serde_json::{Value, json};

use super::lsp_client::LspClient;

/// An editor with one folder open.
pub(super) struct Editor {
    server: LspClient,
    folder: PathBuf,
    encoding: Encoding,
}

/// A diagnostic that the server sent.
pub(super) struct Diagnostic {
    pub(super) path: PathBuf,
    /// As it came.
    pub(super) value: Value,
}

impl Diagnostic {
    pub(super) fn rule(&self) -> &str {
        self.value["code"].as_str().unwrap_or_default()
    }
}

impl Editor {
    /// Starts this program as a server on a folder.
    pub(super) fn open(folder: &Path) -> anyhow::Result<Self> {
        let program = std::env::current_exe().context("this program has no path")?;
        let mut server = LspClient::start(&program)?;
        let begun = server.request("initialize", hello(folder))?;
        let encoding = match begun["capabilities"]["positionEncoding"].as_str() {
            Some("utf-8") => Encoding::Utf8,
            Some("utf-32") => Encoding::Utf32,
            _ => Encoding::Utf16,
        };
        server.notify("initialized", json!({}))?;
        Ok(Self { server, folder: folder.to_path_buf(), encoding })
    }

    /// The revision files of the sample, by name.
    pub(super) fn revisions(&self) -> anyhow::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(self.folder.join("alembic/versions"))? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "py") {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }

    /// A path as it is shown: from the folder.
    pub(super) fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.folder).unwrap_or(path).to_string_lossy().replace('\\', "/")
    }

    /// The diagnostics of a file.
    pub(super) fn diagnostics(&mut self, path: &Path) -> anyhow::Result<Vec<Diagnostic>> {
        let params = json!({ "textDocument": { "uri": uri(path) } });
        let report = self.server.request("textDocument/diagnostic", params)?;
        let items = report["items"].as_array().cloned().unwrap_or_default();
        let diagnostic = |value| Diagnostic { path: path.to_path_buf(), value };
        Ok(items.into_iter().map(diagnostic).collect())
    }

    /// Opens a document.
    pub(super) fn show(&mut self, path: &Path) -> anyhow::Result<()> {
        let text = fs::read_to_string(path)?;
        let document =
            json!({ "uri": uri(path), "languageId": "python", "version": 1, "text": text });
        self.server.notify("textDocument/didOpen", json!({ "textDocument": document }))
    }

    /// What is shown over the `skip`th byte of the first `word` in a document: Markdown.
    pub(super) fn hover(
        &mut self,
        path: &Path,
        word: &str,
        skip: usize,
    ) -> anyhow::Result<Option<String>> {
        let text = Text::new(&fs::read_to_string(path)?);
        let at = text.as_str().find(word).with_context(|| format!("there is no `{word}`"))?;
        let at = text.position(u32::try_from(at + skip)?, self.encoding);
        let params = json!({
            "textDocument": { "uri": uri(path) },
            "position": { "line": at.line, "character": at.column },
        });
        let answer = self.server.request("textDocument/hover", params)?;
        Ok(answer["contents"]["value"].as_str().map(str::to_owned))
    }

    /// The document with the SQL of the way back of a revision.
    pub(super) fn downgrade_sql(&mut self, path: &Path) -> anyhow::Result<Option<String>> {
        let argument = json!({ "uri": uri(path), "direction": "downgrade" });
        let params = json!({ "command": "revline.showSql", "arguments": [argument] });
        let shown = self.server.request("workspace/executeCommand", params)?;
        let params = json!({ "uri": shown["document"] });
        let answer = self.server.request("workspace/textDocumentContent", params)?;
        Ok(answer["text"].as_str().map(str::to_owned))
    }

    /// The quick fixes of a diagnostic.
    pub(super) fn fixes(&mut self, diagnostic: &Diagnostic) -> anyhow::Result<Vec<Value>> {
        let params = json!({
            "textDocument": { "uri": uri(&diagnostic.path) },
            "range": diagnostic.value["range"],
            "context": { "diagnostics": [diagnostic.value], "only": ["quickfix"] },
        });
        let answer = self.server.request("textDocument/codeAction", params)?;
        Ok(answer.as_array().cloned().unwrap_or_default())
    }

    /// The heads of all environments, as the server sees them now.
    pub(super) fn heads(&mut self) -> anyhow::Result<Vec<String>> {
        let params = json!({ "command": "revline.heads", "arguments": [] });
        let answer = self.server.request("workspace/executeCommand", params)?;
        let mut heads = Vec::new();
        for environment in answer["environments"].as_array().into_iter().flatten() {
            for head in environment["heads"].as_array().into_iter().flatten() {
                heads.extend(head["revision"].as_str().map(str::to_owned));
            }
        }
        Ok(heads)
    }

    /// Writes the edit of an action to the disk, tells the server, and returns the files.
    pub(super) fn apply(&mut self, action: &Value) -> anyhow::Result<Vec<PathBuf>> {
        let operations = action["edit"]["documentChanges"].as_array();
        let operations = operations.context("the quick fix carries no edit")?;
        let mut written = Vec::new();
        for operation in operations {
            if operation["kind"] == "create" {
                let path = path(&operation["uri"])?;
                fs::File::create_new(&path)
                    .with_context(|| format!("{} cannot be made", path.display()))?;
            } else if operation.get("kind").is_some() {
                bail!("the quick fix does more than write: {}", operation["kind"]);
            } else {
                let path = path(&operation["textDocument"]["uri"])?;
                let text = Text::new(&fs::read_to_string(&path)?);
                let edits = operation["edits"].as_array().cloned().unwrap_or_default();
                let edits: Vec<Edit> = edits
                    .iter()
                    .map(|edit| {
                        let range = self.range(&text, &edit["range"]);
                        Edit::replace(range, edit["newText"].as_str().unwrap_or_default())
                    })
                    .collect();
                fs::write(&path, text.edited(&edits).as_str())?;
                written.push(path);
            }
        }
        let changes: Vec<Value> =
            written.iter().map(|path| json!({ "uri": uri(path), "type": 1 })).collect();
        self.server.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }))?;
        Ok(written)
    }

    /// A range of the protocol in bytes.
    pub(super) fn range(&self, text: &Text, range: &Value) -> Range {
        let number =
            |value: &Value| value.as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
        let offset = |at: &Value| {
            let position = Position::new(number(&at["line"]), number(&at["character"]));
            text.offset(position, self.encoding)
        };
        Range::new(offset(&range["start"]), offset(&range["end"]))
    }

    /// Closes the editor.
    pub(super) fn close(self) -> anyhow::Result<()> {
        self.server.stop()
    }
}

/// What an editor says of itself.
fn hello(folder: &Path) -> Value {
    json!({
        "processId": std::process::id(),
        "clientInfo": { "name": "revline demo", "version": env!("CARGO_PKG_VERSION") },
        "workspaceFolders": [{ "uri": uri(folder), "name": "shop" }],
        "capabilities": {
            "general": { "positionEncodings": ["utf-8", "utf-16"] },
            "workspace": {
                "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create"] },
            },
            "textDocument": {
                "diagnostic": {},
                "publishDiagnostics": { "relatedInformation": true },
                "hover": { "contentFormat": ["markdown"] },
                "codeAction": {
                    "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix"] } },
                },
            },
        },
    })
}

/// What a path in a URI keeps as it is.
const PLAIN: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn uri(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    let root = if path.starts_with('/') { "" } else { "/" };
    format!("file://{root}{}", utf8_percent_encode(&path, PLAIN))
}

/// The path of a `file:` URI.
pub(super) fn path(uri: &Value) -> anyhow::Result<PathBuf> {
    let uri = uri.as_str().unwrap_or_default();
    let path = uri.strip_prefix("file://").with_context(|| format!("{uri} is no file"))?;
    let path = percent_decode_str(path).decode_utf8()?;
    let path = if cfg!(windows) { path.trim_start_matches('/') } else { &path };
    Ok(PathBuf::from(path))
}
