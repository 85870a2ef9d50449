//! From Revline's plain data to the protocol's types. Bytes become lines and columns here, and
//! nowhere else.

mod commands;
pub(crate) mod graph;
pub(crate) mod hierarchy;
pub(crate) mod tokens;

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;

use revline_ide::{
    Action, ActionKind, Command, Completion, CompletionKind, Highlight, Hover, Inlay, Lens, Made,
    Renameable, Signature, Symbol, SymbolKind, Work,
};
use revline_lint::{Finding, Severity};
use revline_text::{Edit, FileId, Fingerprint, Range, SourceChange, Span, Text};
use revline_vfs::Files;
use serde_json::json;
use tower_lsp::ls_types as lsp;

use crate::board::Board;
use crate::client::Tone;
use crate::features::Features;
use crate::requests;
use crate::uri::{self, Platform};
use crate::world::World;

/// Translates for one client and one view of the files.
pub(crate) struct Outgoing<'a> {
    files: &'a Files,
    features: &'a Features,
    texts: RefCell<HashMap<FileId, Text>>,
}

impl<'a> Outgoing<'a> {
    pub(crate) fn new(files: &'a Files, features: &'a Features) -> Self {
        Self { files, features, texts: RefCell::default() }
    }

    fn text(&self, file: FileId) -> Text {
        self.texts
            .borrow_mut()
            .entry(file)
            // A file that went away since: every place in it is its start.
            .or_insert_with(|| self.files.text(file).unwrap_or_else(|_| Text::new("")))
            .clone()
    }

    pub(crate) fn range(&self, file: FileId, range: Range) -> lsp::Range {
        let text = self.text(file);
        let position = |offset| {
            let position = text.position(offset, self.features.encoding);
            lsp::Position::new(position.line, position.column)
        };
        lsp::Range::new(position(range.start()), position(range.end()))
    }

    pub(crate) fn location(&self, span: Span) -> Option<lsp::Location> {
        Some(lsp::Location::new(
            uri(&self.files.path(span.file))?,
            self.range(span.file, span.range),
        ))
    }

    pub(crate) fn hover(&self, file: FileId, hover: Hover) -> lsp::Hover {
        lsp::Hover {
            contents: lsp::HoverContents::Markup(markdown(hover.markdown)),
            range: Some(self.range(file, hover.range)),
        }
    }

    pub(crate) fn diagnostic(&self, finding: &Finding) -> lsp::Diagnostic {
        let related = finding.related.iter().filter_map(|related| {
            let location = self.location(related.span)?;
            Some(lsp::DiagnosticRelatedInformation { location, message: related.message.clone() })
        });
        let page = format!("revline:/rules/{}.md", finding.rule);
        lsp::Diagnostic {
            range: self.range(finding.span.file, finding.span.range),
            severity: Some(match finding.severity {
                Severity::Error => lsp::DiagnosticSeverity::ERROR,
                Severity::Warning => lsp::DiagnosticSeverity::WARNING,
                Severity::Info => lsp::DiagnosticSeverity::INFORMATION,
                Severity::Hint => lsp::DiagnosticSeverity::HINT,
            }),
            code: Some(lsp::NumberOrString::String(finding.rule.to_owned())),
            code_description: (self.features.code_description)
                .then(|| page.parse().ok().map(|href| lsp::CodeDescription { href }))
                .flatten(),
            source: Some("revline".to_owned()),
            message: finding.message.clone(),
            related_information: self.features.related_information.then(|| related.collect()),
            tags: finding.unnecessary.then(|| vec![lsp::DiagnosticTag::UNNECESSARY]),
            data: None,
        }
    }

    pub(crate) fn completion(&self, file: FileId, completion: Completion) -> lsp::CompletionItem {
        let snippet = completion.snippet.filter(|_| self.features.snippets);
        lsp::CompletionItem {
            insert_text_format: snippet.is_some().then_some(lsp::InsertTextFormat::SNIPPET),
            kind: Some(match completion.kind {
                CompletionKind::Revision => lsp::CompletionItemKind::REFERENCE,
                CompletionKind::Label => lsp::CompletionItemKind::ENUM_MEMBER,
                CompletionKind::Table => lsp::CompletionItemKind::CLASS,
                CompletionKind::Column => lsp::CompletionItemKind::FIELD,
                CompletionKind::Constraint => lsp::CompletionItemKind::CONSTANT,
                CompletionKind::Directive => lsp::CompletionItemKind::FUNCTION,
                CompletionKind::Keyword => lsp::CompletionItemKind::KEYWORD,
            }),
            detail: Some(completion.detail),
            documentation: (!completion.documentation.is_empty())
                .then(|| lsp::Documentation::MarkupContent(markdown(completion.documentation))),
            sort_text: Some(completion.sort),
            filter_text: Some(completion.label.clone()),
            text_edit: Some(lsp::CompletionTextEdit::Edit(lsp::TextEdit {
                range: self.range(file, completion.replace),
                new_text: snippet.unwrap_or(completion.insert),
            })),
            label: completion.label,
            ..lsp::CompletionItem::default()
        }
    }

    #[expect(deprecated, reason = "the field has no default and no successor")]
    pub(crate) fn symbol(&self, file: FileId, symbol: Symbol) -> lsp::DocumentSymbol {
        let children: Vec<lsp::DocumentSymbol> =
            symbol.children.into_iter().map(|child| self.symbol(file, child)).collect();
        lsp::DocumentSymbol {
            name: symbol.name,
            detail: (!symbol.detail.is_empty()).then_some(symbol.detail),
            kind: symbol_kind(symbol.kind),
            tags: None,
            deprecated: None,
            range: self.range(file, symbol.range),
            selection_range: self.range(file, symbol.selection),
            children: (!children.is_empty()).then_some(children),
        }
    }

    /// The outline as a list, for clients that know no tree.
    #[expect(deprecated, reason = "the field has no default and no successor")]
    pub(crate) fn flat_symbols(
        &self,
        file: FileId,
        symbols: Vec<Symbol>,
    ) -> Vec<lsp::SymbolInformation> {
        let mut flat = Vec::new();
        let mut open: Vec<(Symbol, Option<String>)> =
            symbols.into_iter().rev().map(|symbol| (symbol, None)).collect();
        while let Some((symbol, container)) = open.pop() {
            let Some(location) = self.location(Span::new(file, symbol.range)) else { continue };
            let name = symbol.name.clone();
            open.extend(symbol.children.into_iter().rev().map(|child| (child, Some(name.clone()))));
            flat.push(lsp::SymbolInformation {
                name: symbol.name,
                kind: symbol_kind(symbol.kind),
                tags: None,
                deprecated: None,
                location,
                container_name: container,
            });
        }
        flat
    }

    /// A lens; `None` where the client cannot do what it offers.
    pub(crate) fn lens(&self, file: FileId, lens: Lens) -> Option<lsp::CodeLens> {
        // An empty command shows the title and does nothing on a click.
        let nothing = ("", Vec::new());
        let (command, arguments) = match lens.command {
            None => nothing,
            Some(references @ Command::ShowReferences { .. }) => {
                self.command(references).unwrap_or(nothing)
            }
            Some(command) => self.command(command)?,
        };
        Some(lsp::CodeLens {
            range: self.range(file, lens.range),
            command: Some(lsp::Command {
                title: lens.title,
                command: command.to_owned(),
                arguments: (!arguments.is_empty()).then_some(arguments),
            }),
            data: None,
        })
    }

    pub(crate) fn highlight(&self, file: FileId, highlight: &Highlight) -> lsp::DocumentHighlight {
        lsp::DocumentHighlight {
            range: self.range(file, highlight.range),
            kind: Some(if highlight.writes {
                lsp::DocumentHighlightKind::WRITE
            } else {
                lsp::DocumentHighlightKind::READ
            }),
        }
    }

    pub(crate) fn inlay(&self, file: FileId, inlay: Inlay) -> lsp::InlayHint {
        lsp::InlayHint {
            position: self.range(file, Range::empty(inlay.offset)).start,
            label: lsp::InlayHintLabel::String(inlay.label),
            kind: None,
            text_edits: None,
            tooltip: Some(lsp::InlayHintTooltip::String(inlay.whole)),
            padding_left: Some(true),
            padding_right: None,
            data: None,
        }
    }

    pub(crate) fn signature(&self, signature: Signature) -> lsp::SignatureHelp {
        let label = |range: Range| {
            if self.features.label_offsets {
                lsp::ParameterLabel::LabelOffsets([range.start(), range.end()])
            } else {
                lsp::ParameterLabel::Simple(
                    range.slice(&signature.label).unwrap_or_default().to_owned(),
                )
            }
        };
        let parameters = signature.parameters.iter().map(|parameter| lsp::ParameterInformation {
            label: label(parameter.label),
            documentation: (!parameter.documentation.is_empty()).then(|| {
                lsp::Documentation::MarkupContent(markdown(parameter.documentation.clone()))
            }),
        });
        let active = signature.active.and_then(|active| u32::try_from(active).ok());
        let information = lsp::SignatureInformation {
            parameters: Some(parameters.collect()),
            documentation: Some(lsp::Documentation::MarkupContent(markdown(
                signature.documentation.clone(),
            ))),
            active_parameter: active,
            label: signature.label.clone(),
        };
        lsp::SignatureHelp {
            signatures: vec![information],
            active_signature: Some(0),
            active_parameter: active,
        }
    }

    /// An action with its change, or with what it takes to ask for that where the client asks.
    pub(crate) fn action(
        &self,
        world: &World,
        action: Action,
        mended: Vec<lsp::Diagnostic>,
    ) -> Option<lsp::CodeAction> {
        let empty = lsp::CodeAction {
            kind: Some(match action.kind {
                ActionKind::QuickFix => lsp::CodeActionKind::QUICKFIX,
                ActionKind::Refactor => lsp::CodeActionKind::REFACTOR,
            }),
            diagnostics: (!mended.is_empty()).then_some(mended),
            is_preferred: action.preferred.then_some(true),
            title: action.title,
            ..lsp::CodeAction::default()
        };
        match action.work {
            Work::Done(made) => self.resolved(empty, made),
            Work::Asks(command) => {
                let (name, arguments) = self.command(command)?;
                let command =
                    lsp::Command::new(empty.title.clone(), name.to_owned(), Some(arguments));
                Some(lsp::CodeAction { command: Some(command), ..empty })
            }
            Work::Later(later) if requests::at_once(world, &later).is_some() => {
                let (name, argument) = requests::at_once(world, &later)?;
                let command =
                    lsp::Command::new(empty.title.clone(), name.to_owned(), Some(vec![argument]));
                Some(lsp::CodeAction { command: Some(command), ..empty })
            }
            Work::Later(later) if self.features.lazy_actions => {
                Some(lsp::CodeAction { data: Some(requests::later(&later)), ..empty })
            }
            Work::Later(later) => self.resolved(empty, world.make(&later).ok()?),
        }
    }

    /// The action with its change; `None` where a path has no URI.
    pub(crate) fn resolved(&self, action: lsp::CodeAction, made: Made) -> Option<lsp::CodeAction> {
        let show = made.opens.as_deref().and_then(uri).filter(|_| self.features.show_document);
        let said = (!made.notes.is_empty()).then(|| made.notes.join("; "));
        let command = (show.is_some() || said.is_some()).then(|| lsp::Command {
            title: "Open the new file".to_owned(),
            command: "revline.show".to_owned(),
            arguments: Some(vec![json!({ "uri": show, "message": said, "tell": true })]),
        });
        let edit = Some(self.workspace_edit(&made.change)?);
        Some(lsp::CodeAction { edit, command, ..action })
    }

    pub(crate) fn renameable(&self, file: FileId, name: Renameable) -> lsp::PrepareRenameResponse {
        lsp::PrepareRenameResponse::RangeWithPlaceholder {
            range: self.range(file, name.range),
            placeholder: name.name,
        }
    }

    /// The change as the client can take it; `None` where a path has no URI.
    pub(crate) fn workspace_edit(&self, change: &SourceChange) -> Option<lsp::WorkspaceEdit> {
        let edits = |file: FileId, edits: &[Edit]| -> Vec<lsp::TextEdit> {
            let to_lsp = |edit: &Edit| lsp::TextEdit {
                range: self.range(file, edit.range),
                new_text: edit.text.clone(),
            };
            edits.iter().map(to_lsp).collect()
        };
        if !self.features.document_changes {
            let mut changes: HashMap<lsp::Uri, Vec<lsp::TextEdit>> = HashMap::new();
            for (file, list) in &change.edits {
                changes.insert(uri(&self.files.path(*file))?, edits(*file, list));
            }
            for create in &change.creates {
                changes.insert(uri(&create.path)?, vec![whole(create.text.clone())]);
            }
            return Some(lsp::WorkspaceEdit {
                changes: Some(changes),
                ..lsp::WorkspaceEdit::default()
            });
        }
        let annotation = change.annotation.as_ref().filter(|_| self.features.change_annotations);
        // Files that are made or moved belong to what is confirmed or left.
        let warned = || annotation.map(|_| ANNOTATION.to_owned());
        let annotate = |edit: lsp::TextEdit| match annotation {
            Some(_) => lsp::OneOf::Right(lsp::AnnotatedTextEdit {
                text_edit: edit,
                annotation_id: ANNOTATION.to_owned(),
            }),
            None => lsp::OneOf::Left(edit),
        };
        let document = |uri: lsp::Uri, version: Option<i32>, edits: Vec<lsp::TextEdit>| {
            lsp::DocumentChangeOperation::Edit(lsp::TextDocumentEdit {
                text_document: lsp::OptionalVersionedTextDocumentIdentifier { uri, version },
                edits: edits.into_iter().map(annotate).collect(),
            })
        };
        let mut operations = Vec::new();
        for (file, list) in &change.edits {
            let version = self.files.document(*file).map(|document| document.version);
            operations.push(document(uri(&self.files.path(*file))?, version, edits(*file, list)));
        }
        for create in &change.creates {
            let path = uri(&create.path)?;
            if self.features.create_files {
                operations.push(lsp::DocumentChangeOperation::Op(lsp::ResourceOp::Create(
                    lsp::CreateFile { uri: path.clone(), options: None, annotation_id: warned() },
                )));
            }
            operations.push(document(path, None, vec![whole(create.text.clone())]));
        }
        if self.features.rename_files {
            for rename in &change.renames {
                operations.push(lsp::DocumentChangeOperation::Op(lsp::ResourceOp::Rename(
                    lsp::RenameFile {
                        old_uri: uri(&self.files.path(rename.file))?,
                        new_uri: uri(&rename.to)?,
                        options: None,
                        annotation_id: warned(),
                    },
                )));
            }
        }
        Some(lsp::WorkspaceEdit {
            changes: None,
            document_changes: Some(lsp::DocumentChanges::Operations(operations)),
            change_annotations: annotation.map(|annotation| {
                let shown = lsp::ChangeAnnotation {
                    label: annotation.label.clone(),
                    needs_confirmation: Some(true),
                    description: Some(annotation.description.clone()),
                };
                HashMap::from([(ANNOTATION.to_owned(), shown)])
            }),
        })
    }
}

/// The kind of a message that warns.
pub(crate) const WARNING: lsp::MessageType = lsp::MessageType::WARNING;

const ANNOTATION: &str = "revline";

/// The URI of an absolute path.
pub(crate) fn uri(path: &Path) -> Option<lsp::Uri> {
    uri::from_path(path.to_str()?, Platform::HOST).parse().ok()
}

fn markdown(value: String) -> lsp::MarkupContent {
    lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value }
}

/// The content of a new file.
fn whole(text: String) -> lsp::TextEdit {
    lsp::TextEdit { range: lsp::Range::default(), new_text: text }
}

fn symbol_kind(kind: SymbolKind) -> lsp::SymbolKind {
    match kind {
        SymbolKind::Revision => lsp::SymbolKind::MODULE,
        SymbolKind::Function => lsp::SymbolKind::FUNCTION,
        SymbolKind::Operation => lsp::SymbolKind::EVENT,
    }
}

impl Outgoing<'_> {
    /// The answer to a pull of one document: the findings, or that they are those of last time.
    pub(crate) fn document_report(
        &self,
        findings: &[Finding],
        previous: Option<&str>,
    ) -> lsp::DocumentDiagnosticReport {
        let identity = result_id(Fingerprint::of(findings));
        if previous == Some(identity.as_str()) {
            return lsp::DocumentDiagnosticReport::Unchanged(
                lsp::RelatedUnchangedDocumentDiagnosticReport {
                    related_documents: None,
                    unchanged_document_diagnostic_report: lsp::UnchangedDocumentDiagnosticReport {
                        result_id: identity,
                    },
                },
            );
        }
        lsp::DocumentDiagnosticReport::Full(lsp::RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: lsp::FullDocumentDiagnosticReport {
                result_id: Some(identity),
                items: findings.iter().map(|finding| self.diagnostic(finding)).collect(),
            },
        })
    }

    /// What changed on the board since the client's last pull, but for the documents that it has
    /// open and pulls one by one.
    pub(crate) fn workspace_reports(
        &self,
        board: &Board,
        previous: &[lsp::PreviousResultId],
    ) -> Vec<lsp::WorkspaceDocumentDiagnosticReport> {
        let known: HashMap<&str, &str> =
            previous.iter().map(|last| (last.uri.as_str(), last.value.as_str())).collect();
        let mut reports = Vec::new();
        for (file, posted) in board.files() {
            if self.files.document(file).is_some() {
                continue;
            }
            let Some(uri) = uri(&self.files.path(file)) else { continue };
            let identity = result_id(posted.identity);
            match known.get(uri.as_str()) {
                Some(last) if *last == identity => continue,
                None if posted.findings.is_empty() => continue,
                _ => {}
            }
            let items = posted.findings.iter().map(|finding| self.diagnostic(finding)).collect();
            reports.push(lsp::WorkspaceDocumentDiagnosticReport::Full(
                lsp::WorkspaceFullDocumentDiagnosticReport {
                    uri,
                    version: None,
                    full_document_diagnostic_report: lsp::FullDocumentDiagnosticReport {
                        result_id: Some(identity),
                        items,
                    },
                },
            ));
        }
        reports
    }
}

fn result_id(identity: Fingerprint) -> String {
    format!("{identity:?}")
}

/// The files that the client is asked to watch.
pub(crate) fn watches() -> Vec<lsp::Registration> {
    let watch = |glob: &str| lsp::FileSystemWatcher {
        glob_pattern: lsp::GlobPattern::String(glob.to_owned()),
        kind: None,
    };
    let globs =
        ["**/*.py", "**/*.ini", "**/pyproject.toml", "**/revline.toml", "**/script.py.mako"];
    let options = lsp::DidChangeWatchedFilesRegistrationOptions {
        watchers: globs.into_iter().map(watch).collect(),
    };
    vec![lsp::Registration {
        id: "revline.files".to_owned(),
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: serde_json::to_value(options).ok(),
    }]
}

/// The settings that the client is asked for.
pub(crate) fn settings_wanted() -> Vec<lsp::ConfigurationItem> {
    vec![lsp::ConfigurationItem { scope_uri: None, section: Some("revline".to_owned()) }]
}

/// A token for a progress of ours.
pub(crate) fn progress_token() -> lsp::ProgressToken {
    lsp::ProgressToken::String("revline.index".to_owned())
}

/// The token of a progress.
pub(crate) fn token(token: String) -> lsp::ProgressToken {
    lsp::ProgressToken::String(token)
}

/// How a message is shown.
pub(crate) fn tone(tone: Tone) -> lsp::MessageType {
    match tone {
        Tone::Information => lsp::MessageType::INFO,
        Tone::Warning => lsp::MessageType::WARNING,
        Tone::Error => lsp::MessageType::ERROR,
    }
}

/// The answers to a question.
pub(crate) fn answers(answers: &[&str]) -> Vec<lsp::MessageActionItem> {
    let item = |title: &&str| lsp::MessageActionItem {
        title: (*title).to_owned(),
        properties: HashMap::new(),
    };
    answers.iter().map(item).collect()
}

/// `workspace/textDocumentContent/refresh` of LSP 3.18, which the library lacks.
pub(crate) enum RenewDocument {}

impl lsp::request::Request for RenewDocument {
    type Params = serde_json::Value;
    type Result = serde_json::Value;
    const METHOD: &'static str = "workspace/textDocumentContent/refresh";
}

/// `revline/status`: how the server stands, to a client that shows it.
pub(crate) enum Status {}

impl lsp::notification::Notification for Status {
    type Params = serde_json::Value;
    const METHOD: &'static str = "revline/status";
}

/// `revline/graphChanged`: the client should ask again for a graph that it shows.
pub(crate) enum GraphChanged {}

impl lsp::notification::Notification for GraphChanged {
    type Params = serde_json::Value;
    const METHOD: &'static str = "revline/graphChanged";
}

/// A wish to see a file.
pub(crate) fn show(path: &Path) -> Option<lsp::ShowDocumentParams> {
    show_uri(uri(path)?.as_str())
}

/// A wish to see a document.
pub(crate) fn show_uri(uri: &str) -> Option<lsp::ShowDocumentParams> {
    Some(lsp::ShowDocumentParams {
        uri: uri.parse().ok()?,
        external: Some(false),
        take_focus: Some(true),
        selection: None,
    })
}
