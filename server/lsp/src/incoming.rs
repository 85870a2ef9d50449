//! From the protocol to the session: every method the client may call, each in a line or two.
//!
//! A notification posts an event and returns; a request asks for the world as its first statement,
//! so that it sees exactly the edits that were sent before it.

mod custom;
mod greeting;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use revline_analysis::Snapshot;
use revline_ide::FilePosition;
use revline_text::{FileId, Position, Range};
use serde_json::Value;
use tokio::sync::watch;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types as lsp;
use tower_lsp::{Client, LanguageServer};

use crate::board::Board;
use crate::client::{Editor, Tone};
use crate::database::{self, Act, Runs};
use crate::event::{Change, Event};
use crate::features::Features;
use crate::outgoing::{self, Outgoing};
use crate::requests;
use crate::session::{Mailbox, Session};
use crate::uri::{self, Platform};
use crate::work::{Cancel, Failure, Lane, Lanes};
use crate::world::World;

/// The server as the protocol sees it.
pub(crate) struct Backend {
    mailbox: Mailbox,
    board: watch::Receiver<Board>,
    editor: Editor,
    lanes: Lanes,
    features: OnceLock<Arc<Features>>,
    /// A pull of the workspace that is held is let go when the next one comes.
    pulls: watch::Sender<u64>,
    panic_in: Option<String>,
    runs: Runs,
    /// The graphs that were handed out last.
    views: Arc<requests::Views>,
}

impl Backend {
    pub(crate) fn new(client: Client, files: revline_vfs::Files, panic_in: Option<String>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let lanes = Lanes::new(cores);
        let editor = Editor::new(client);
        let (mailbox, board) = Session::start(editor.clone(), lanes.clone(), files);
        let pulls = watch::Sender::new(0);
        let (features, views, runs) = (OnceLock::new(), Arc::default(), Runs::default());
        Self { mailbox, board, editor, lanes, features, pulls, panic_in, runs, views }
    }

    /// Computes an answer from how things stand now. To be called before anything is awaited.
    async fn answer<T: Send + 'static>(
        &self,
        method: &'static str,
        compute: impl FnOnce(&World, &Cancel) -> T + Send + 'static,
    ) -> Result<T> {
        let world = self.mailbox.ask();
        let fails = self.panic_in.as_deref() == Some(method);
        let world = world.await.map_err(|_| Error::internal_error())?;
        let computed = self.lanes.run(Lane::Interactive, move |cancel| {
            assert!(!fails, "a panic was asked for in {method}");
            compute(&world, cancel)
        });
        computed.await.map_err(|failure| match failure {
            Failure::Cancelled => Error::request_cancelled(),
            Failure::Panicked(message) => {
                tracing::error!(method, message, "a feature panicked");
                let mut error = Error::internal_error();
                error.message = format!("Revline failed in {method}: {message}").into();
                error
            }
        })
    }
}

/// A document that is ours to answer for, and the place in it.
fn place(world: &World, at: &lsp::TextDocumentPositionParams) -> Option<FilePosition> {
    let file = file(&world.snapshot, &at.text_document.uri)?;
    let text = world.snapshot.text(file)?;
    let offset = text.offset(position(at.position), world.features.encoding);
    Some(FilePosition { file, offset })
}

/// The file of a URI; `None` for other schemes and for files that nobody has named yet.
fn file(snapshot: &Snapshot, uri: &lsp::Uri) -> Option<FileId> {
    snapshot.files().known(&path(uri)?)
}

fn path(uri: &lsp::Uri) -> Option<PathBuf> {
    let path = PathBuf::from(uri::to_path(uri.as_str(), Platform::HOST)?);
    Some(revline_vfs::normalize(&path))
}

fn path_of(uri: &str) -> Option<PathBuf> {
    path(&uri.parse().ok()?)
}

fn renamed(file: &lsp::FileRename) -> Option<(PathBuf, PathBuf)> {
    Some((path_of(&file.old_uri)?, path_of(&file.new_uri)?))
}

/// `RequestFailed`, with a sentence for a person.
fn failed(message: String) -> Error {
    let code = tower_lsp::jsonrpc::ErrorCode::ServerError(-32803);
    Error { code, message: message.into(), data: None }
}

fn position(position: lsp::Position) -> Position {
    Position::new(position.line, position.character)
}

fn range(world: &World, file: FileId, range: lsp::Range) -> Range {
    let Some(text) = world.snapshot.text(file) else { return Range::default() };
    let offset = |at| text.offset(position(at), world.features.encoding);
    Range::new(offset(range.start), offset(range.end))
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: lsp::InitializeParams) -> Result<lsp::InitializeResult> {
        let start = greeting::start(&params);
        let capabilities = greeting::capabilities(&start.features);
        // A second `initialize` is refused by the library before it comes here.
        drop(self.features.set(Arc::new(start.features.clone())));
        self.mailbox.post(Event::Initialize(Box::new(start)));
        Ok(lsp::InitializeResult {
            capabilities,
            server_info: Some(lsp::ServerInfo {
                name: "revline".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            offset_encoding: None,
        })
    }

    async fn initialized(&self, _: lsp::InitializedParams) {
        self.mailbox.post(Event::Initialized);
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_open(&self, params: lsp::DidOpenTextDocumentParams) {
        let document = params.text_document;
        if let Some(path) = path(&document.uri) {
            let (text, version) = (document.text, document.version);
            self.mailbox.post(Event::Opened { path, text, version });
        }
    }

    async fn did_change(&self, params: lsp::DidChangeTextDocumentParams) {
        let Some(path) = path(&params.text_document.uri) else { return };
        let change = |change: lsp::TextDocumentContentChangeEvent| match change.range {
            Some(range) => Change::Part(position(range.start), position(range.end), change.text),
            None => Change::Whole(change.text),
        };
        let changes = params.content_changes.into_iter().map(change).collect();
        self.mailbox.post(Event::Changed { path, version: params.text_document.version, changes });
    }

    async fn did_save(&self, _: lsp::DidSaveTextDocumentParams) {
        self.mailbox.post(Event::Saved);
    }

    async fn did_close(&self, params: lsp::DidCloseTextDocumentParams) {
        if let Some(path) = path(&params.text_document.uri) {
            self.mailbox.post(Event::Closed(path));
        }
    }

    async fn did_change_watched_files(&self, params: lsp::DidChangeWatchedFilesParams) {
        let paths = params.changes.iter().filter_map(|change| path(&change.uri)).collect();
        self.mailbox.post(Event::Touched(paths));
    }

    async fn will_rename_files(
        &self,
        params: lsp::RenameFilesParams,
    ) -> Result<Option<lsp::WorkspaceEdit>> {
        let moves: Vec<_> = params.files.iter().filter_map(renamed).collect();
        let told = self
            .answer("workspace/willRenameFiles", move |world, _| requests::renaming(world, &moves));
        self.editor.warn(told.await?);
        Ok(None)
    }

    async fn did_rename_files(&self, params: lsp::RenameFilesParams) {
        let moves = params.files.iter().filter_map(renamed);
        self.mailbox.post(Event::Touched(moves.flat_map(|(from, to)| [from, to]).collect()));
    }

    async fn will_delete_files(
        &self,
        params: lsp::DeleteFilesParams,
    ) -> Result<Option<lsp::WorkspaceEdit>> {
        let paths: Vec<_> = params.files.iter().filter_map(|file| path_of(&file.uri)).collect();
        let told = self
            .answer("workspace/willDeleteFiles", move |world, _| requests::deleting(world, &paths));
        self.editor.warn(told.await?);
        Ok(None)
    }

    async fn did_delete_files(&self, params: lsp::DeleteFilesParams) {
        let paths = params.files.iter().filter_map(|file| path_of(&file.uri)).collect();
        self.mailbox.post(Event::Touched(paths));
    }

    async fn did_change_workspace_folders(&self, params: lsp::DidChangeWorkspaceFoldersParams) {
        let paths = |folders: &[lsp::WorkspaceFolder]| {
            folders.iter().filter_map(|folder| path(&folder.uri)).collect()
        };
        let (added, removed) = (paths(&params.event.added), paths(&params.event.removed));
        self.mailbox.post(Event::Folders { added, removed });
    }

    async fn did_change_configuration(&self, params: lsp::DidChangeConfigurationParams) {
        // Clients that are asked send null here; the others their whole settings.
        let own = params.settings.get("revline").cloned().filter(Value::is_object);
        self.mailbox.post(Event::Settings(own));
    }

    async fn hover(&self, params: lsp::HoverParams) -> Result<Option<lsp::Hover>> {
        self.answer("textDocument/hover", move |world, _| {
            let at = place(world, &params.text_document_position_params)?;
            let hover = requests::hover(world, at)?;
            Some(outgoing(world).hover(at.file, hover))
        })
        .await
    }

    async fn goto_definition(
        &self,
        params: lsp::GotoDefinitionParams,
    ) -> Result<Option<lsp::GotoDefinitionResponse>> {
        self.answer("textDocument/definition", move |world, _| {
            let at = place(world, &params.text_document_position_params)?;
            let target = requests::definition(world, at)?;
            outgoing(world).location(target).map(lsp::GotoDefinitionResponse::Scalar)
        })
        .await
    }

    async fn references(&self, params: lsp::ReferenceParams) -> Result<Option<Vec<lsp::Location>>> {
        self.answer("textDocument/references", move |world, _| {
            let at = place(world, &params.text_document_position)?;
            let places = requests::references(world, at, params.context.include_declaration)?;
            let outgoing = outgoing(world);
            Some(places.into_iter().filter_map(|span| outgoing.location(span)).collect())
        })
        .await
    }

    async fn symbol(
        &self,
        params: lsp::WorkspaceSymbolParams,
    ) -> Result<Option<lsp::WorkspaceSymbolResponse>> {
        self.answer("workspace/symbol", move |world, cancel| {
            let found = requests::workspace_symbols(world, &params.query, cancel).into_iter();
            let outgoing = outgoing(world);
            let found = found.filter_map(|one| outgoing.found(one)).collect();
            Some(lsp::WorkspaceSymbolResponse::Flat(found))
        })
        .await
    }

    async fn prepare_call_hierarchy(
        &self,
        params: lsp::CallHierarchyPrepareParams,
    ) -> Result<Option<Vec<lsp::CallHierarchyItem>>> {
        self.answer("textDocument/prepareCallHierarchy", move |world, _| {
            let at = place(world, &params.text_document_position_params)?;
            let item = requests::revision_item(world, at)?;
            Some(vec![outgoing(world).revision_item(&item)?])
        })
        .await
    }

    async fn incoming_calls(
        &self,
        params: lsp::CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<lsp::CallHierarchyIncomingCall>>> {
        self.answer("callHierarchy/incomingCalls", move |world, _| {
            let (environment, id) = outgoing::hierarchy::named_item(&params.item)?;
            let above = requests::standing_on(world, &environment, &id)?;
            let outgoing = outgoing(world);
            Some(above.iter().filter_map(|one| outgoing.incoming_call(one)).collect())
        })
        .await
    }

    async fn outgoing_calls(
        &self,
        params: lsp::CallHierarchyOutgoingCallsParams,
    ) -> Result<Option<Vec<lsp::CallHierarchyOutgoingCall>>> {
        self.answer("callHierarchy/outgoingCalls", move |world, _| {
            let (environment, id) = outgoing::hierarchy::named_item(&params.item)?;
            let own = file(&world.snapshot, &params.item.uri);
            let below = requests::stood_on(world, &environment, &id)?;
            let outgoing = outgoing(world);
            Some(below.iter().filter_map(|one| outgoing.outgoing_call(own, one)).collect())
        })
        .await
    }

    async fn document_link(
        &self,
        params: lsp::DocumentLinkParams,
    ) -> Result<Option<Vec<lsp::DocumentLink>>> {
        self.answer("textDocument/documentLink", move |world, _| {
            let file = file(&world.snapshot, &params.text_document.uri)?;
            let found = requests::links(world, file)?.into_iter();
            let outgoing = outgoing(world);
            Some(found.filter_map(|link| outgoing.link(file, link)).collect())
        })
        .await
    }

    async fn semantic_tokens_full(
        &self,
        params: lsp::SemanticTokensParams,
    ) -> Result<Option<lsp::SemanticTokensResult>> {
        self.answer("textDocument/semanticTokens/full", move |world, _| {
            let file = file(&world.snapshot, &params.text_document.uri)?;
            let within = world.snapshot.text(file)?.range();
            let found = requests::sql_tokens(world, file, within)?;
            Some(lsp::SemanticTokensResult::Tokens(outgoing(world).tokens(file, &found)))
        })
        .await
    }

    async fn semantic_tokens_range(
        &self,
        params: lsp::SemanticTokensRangeParams,
    ) -> Result<Option<lsp::SemanticTokensRangeResult>> {
        self.answer("textDocument/semanticTokens/range", move |world, _| {
            let file = file(&world.snapshot, &params.text_document.uri)?;
            let found = requests::sql_tokens(world, file, range(world, file, params.range))?;
            Some(lsp::SemanticTokensRangeResult::Tokens(outgoing(world).tokens(file, &found)))
        })
        .await
    }

    async fn completion(
        &self,
        params: lsp::CompletionParams,
    ) -> Result<Option<lsp::CompletionResponse>> {
        self.answer("textDocument/completion", move |world, _| {
            let at = place(world, &params.text_document_position)?;
            let outgoing = outgoing(world);
            let items = requests::completions(world, at)
                .into_iter()
                .map(|completion| outgoing.completion(at.file, completion))
                .collect::<Vec<_>>();
            (!items.is_empty()).then_some(lsp::CompletionResponse::Array(items))
        })
        .await
    }

    async fn document_highlight(
        &self,
        params: lsp::DocumentHighlightParams,
    ) -> Result<Option<Vec<lsp::DocumentHighlight>>> {
        self.answer("textDocument/documentHighlight", move |world, _| {
            let at = place(world, &params.text_document_position_params)?;
            let outgoing = outgoing(world);
            let found: Vec<lsp::DocumentHighlight> = requests::highlights(world, at)
                .iter()
                .map(|highlight| outgoing.highlight(at.file, highlight))
                .collect();
            (!found.is_empty()).then_some(found)
        })
        .await
    }

    async fn signature_help(
        &self,
        params: lsp::SignatureHelpParams,
    ) -> Result<Option<lsp::SignatureHelp>> {
        self.answer("textDocument/signatureHelp", move |world, _| {
            let at = place(world, &params.text_document_position_params)?;
            Some(outgoing(world).signature(requests::signature(world, at)?))
        })
        .await
    }

    async fn inlay_hint(
        &self,
        params: lsp::InlayHintParams,
    ) -> Result<Option<Vec<lsp::InlayHint>>> {
        self.answer("textDocument/inlayHint", move |world, _| {
            let file = file(&world.snapshot, &params.text_document.uri)?;
            let within = range(world, file, params.range);
            let found = requests::inlays(world, file, within)?.into_iter();
            let outgoing = outgoing(world);
            Some(found.map(|inlay| outgoing.inlay(file, inlay)).collect())
        })
        .await
    }

    async fn prepare_rename(
        &self,
        params: lsp::TextDocumentPositionParams,
    ) -> Result<Option<lsp::PrepareRenameResponse>> {
        self.answer("textDocument/prepareRename", move |world, _| {
            let at = place(world, &params)?;
            let name = requests::prepare_rename(world, at)?;
            Some(outgoing(world).renameable(at.file, name))
        })
        .await
    }

    async fn rename(&self, params: lsp::RenameParams) -> Result<Option<lsp::WorkspaceEdit>> {
        let renamed = self.answer("textDocument/rename", move |world, _| {
            let at = place(world, &params.text_document_position);
            let Some(at) = at.filter(|at| world.snapshot.is_revision(at.file)) else {
                return Ok(None);
            };
            let change = requests::rename(world, at, &params.new_name)?;
            Ok(outgoing(world).workspace_edit(&change))
        });
        renamed.await?.map_err(|message: String| Error {
            code: tower_lsp::jsonrpc::ErrorCode::InvalidParams,
            message: message.into(),
            data: None,
        })
    }

    async fn document_symbol(
        &self,
        params: lsp::DocumentSymbolParams,
    ) -> Result<Option<lsp::DocumentSymbolResponse>> {
        self.answer("textDocument/documentSymbol", move |world, _| {
            let file = file(&world.snapshot, &params.text_document.uri)?;
            let symbols = requests::symbols(world, file)?;
            let outgoing = outgoing(world);
            Some(if world.features.nested_symbols {
                let nested = symbols.into_iter().map(|symbol| outgoing.symbol(file, symbol));
                lsp::DocumentSymbolResponse::Nested(nested.collect())
            } else {
                lsp::DocumentSymbolResponse::Flat(outgoing.flat_symbols(file, symbols))
            })
        })
        .await
    }

    async fn code_lens(&self, params: lsp::CodeLensParams) -> Result<Option<Vec<lsp::CodeLens>>> {
        self.answer("textDocument/codeLens", move |world, _| {
            let file = file(&world.snapshot, &params.text_document.uri)?;
            let outgoing = outgoing(world);
            let lenses = requests::lenses(world, file)?.into_iter();
            Some(lenses.filter_map(|lens| outgoing.lens(file, lens)).collect())
        })
        .await
    }

    async fn code_action(
        &self,
        params: lsp::CodeActionParams,
    ) -> Result<Option<lsp::CodeActionResponse>> {
        self.answer("textDocument/codeAction", move |world, _| {
            if !world.features.code_action_literals {
                return None;
            }
            let file = file(&world.snapshot, &params.text_document.uri)?;
            let range = range(world, file, params.range);
            let only = params.context.only.as_deref();
            let wanted = |action: &lsp::CodeAction| {
                only.is_none_or(|kinds| {
                    let kind = action.kind.as_ref().map_or("", lsp::CodeActionKind::as_str);
                    kinds.iter().any(|wanted| {
                        kind == wanted.as_str()
                            || kind.starts_with(&format!("{}.", wanted.as_str()))
                    })
                })
            };
            let outgoing = outgoing(world);
            let actions = requests::actions(world, file, range)?.into_iter();
            let actions = actions.filter_map(|(action, mended)| {
                let mended = mended.iter().map(|finding| outgoing.diagnostic(finding)).collect();
                outgoing.action(world, action, mended)
            });
            Some(actions.filter(wanted).map(lsp::CodeActionOrCommand::CodeAction).collect())
        })
        .await
    }

    async fn code_action_resolve(&self, action: lsp::CodeAction) -> Result<lsp::CodeAction> {
        let resolved = self.answer("codeAction/resolve", move |world, _| {
            let made = requests::resolve(world, action.data.as_ref())?;
            outgoing(world).resolved(action, made).ok_or("A path of the change has no URI".into())
        });
        resolved.await?.map_err(failed)
    }

    async fn diagnostic(
        &self,
        params: lsp::DocumentDiagnosticParams,
    ) -> Result<lsp::DocumentDiagnosticReportResult> {
        let previous = params.previous_result_id;
        self.answer("textDocument/diagnostic", move |world, _| {
            let file = file(&world.snapshot, &params.text_document.uri);
            let findings = file.map(|file| requests::diagnostics(world, file)).unwrap_or_default();
            let report = outgoing(world).document_report(&findings, previous.as_deref());
            lsp::DocumentDiagnosticReportResult::Report(report)
        })
        .await
    }

    async fn workspace_diagnostic(
        &self,
        params: lsp::WorkspaceDiagnosticParams,
    ) -> Result<lsp::WorkspaceDiagnosticReportResult> {
        self.mailbox.post(Event::PulledWorkspace);
        let world = self.mailbox.ask();
        let mut number = 0;
        self.pulls.send_modify(|pulls| {
            *pulls += 1;
            number = *pulls;
        });
        let mut later_pulls = self.pulls.subscribe();
        let mut board = self.board.clone();
        let mut world = world.await.map_err(|_| Error::internal_error())?;
        loop {
            let posted = board.borrow_and_update().clone();
            let previous = &params.previous_result_ids;
            let items = Outgoing::new(world.snapshot.files(), &world.features)
                .workspace_reports(&posted, previous);
            let superseded = *later_pulls.borrow_and_update() != number;
            if !items.is_empty() || superseded {
                let report = lsp::WorkspaceDiagnosticReport { items };
                return Ok(lsp::WorkspaceDiagnosticReportResult::Report(report));
            }
            // Held until there is something to say, or the client asks again.
            tokio::select! {
                changed = board.changed() => changed.map_err(|_| Error::internal_error())?,
                changed = later_pulls.changed() => changed.map_err(|_| Error::internal_error())?,
            }
            world = self.mailbox.ask().await.map_err(|_| Error::internal_error())?;
        }
    }

    async fn execute_command(&self, params: lsp::ExecuteCommandParams) -> Result<Option<Value>> {
        let argument = params.arguments.into_iter().next().unwrap_or(Value::Null);
        let method = "workspace/executeCommand";
        let command = params.command;
        if let Some(wish) = database::wish(&command, &argument) {
            let world = self.mailbox.ask();
            let (editor, mailbox) = (self.editor.clone(), self.mailbox.clone());
            let runs = self.runs.clone();
            // It takes as long as a person and a database take, and occupies no place meanwhile.
            let world = world.await.map_err(|_| Error::internal_error())?;
            Act { world, editor, mailbox, runs, argument, wish }.begin();
            return Ok(None);
        }
        let tells = argument.get("tell").and_then(Value::as_bool).unwrap_or_default();
        let done = self
            .answer(method, move |world, _| {
                requests::command(world, &command, &argument).map(|done| (done, world.clone()))
            })
            .await?;
        let (mut done, world) = done.map_err(failed)?;
        if let Some((environment, name)) = done.chooses.take() {
            self.mailbox.post(Event::Chose(environment, name));
        }
        if done.reindex {
            self.mailbox.post(Event::Reindex);
        }
        if let Some(hooked) = done.hooked.take() {
            done.say(&hooked.write(&world, &self.mailbox).await.map_err(failed)?);
        }
        if let Some(change) = &done.change {
            let applied = self.editor.apply(world.snapshot.files(), &world.features, change).await;
            applied.map_err(|reason| {
                failed(format!("The editor did not make the change: {reason}"))
            })?;
        }
        if let Some(message) = tells.then(|| done.take_message()).flatten() {
            self.editor.tell(Tone::Information, message);
        }
        if let Some(path) = &done.opens {
            self.editor.show(&world.features, path).await;
        }
        if let Some(uri) = &done.shows {
            self.editor.show_document(&world.features, uri).await;
        }
        Ok(Some(done.result))
    }
}

fn outgoing(world: &World) -> Outgoing<'_> {
    Outgoing::new(world.snapshot.files(), &world.features)
}
