//! `initialize`: what the client says it can do, and what the server says back.

use std::path::PathBuf;

use revline_text::Encoding;
use serde_json::Value;
use tower_lsp::ls_types as lsp;

use super::path;
use crate::event::Start;
use crate::features::Features;
use crate::{outgoing, requests};

/// What the client can do and where it works.
pub(super) fn start(params: &lsp::InitializeParams) -> Start {
    let capabilities = &params.capabilities;
    let workspace = capabilities.workspace.as_ref();
    let document = capabilities.text_document.as_ref();
    let window = capabilities.window.as_ref();
    let general = capabilities.general.as_ref();
    let edits = workspace.and_then(|workspace| workspace.workspace_edit.as_ref());
    let operations =
        edits.and_then(|edits| edits.resource_operations.as_deref()).unwrap_or_default();
    let publishes = document.and_then(|document| document.publish_diagnostics.as_ref());
    let dynamic = |found: Option<Option<bool>>| found.flatten().unwrap_or(false);
    let options = params.initialization_options.as_ref();
    let option = |key: &str| options.and_then(|options| options.get(key));
    let client = params.client_info.as_ref().map_or("", |client| &client.name).to_owned();
    // The editor may prefer any; bytes cost nothing.
    let encodings = general.and_then(|general| general.position_encodings.as_deref());
    let encodings = encodings.unwrap_or_default();
    let encoding = if encodings.contains(&lsp::PositionEncodingKind::UTF8) {
        Encoding::Utf8
    } else if encodings.contains(&lsp::PositionEncodingKind::UTF16) || encodings.is_empty() {
        Encoding::Utf16
    } else if encodings.contains(&lsp::PositionEncodingKind::UTF32) {
        Encoding::Utf32
    } else {
        Encoding::Utf16
    };
    let refresh_diagnostics =
        dynamic(workspace.and_then(|w| w.diagnostics.as_ref()).map(|d| d.refresh_support));
    let is_vscode = client.starts_with("Visual Studio Code") || client == "code-server";
    let tokens = document.and_then(|document| document.semantic_tokens.as_ref());
    let flag = |key: &str| option(key).and_then(Value::as_bool);
    let resolved = document
        .and_then(|document| document.code_action.as_ref())
        .and_then(|actions| actions.resolve_support.as_ref())
        .map(|resolves| resolves.properties.as_slice())
        .unwrap_or_default();
    let resolves = |property: &str| resolved.iter().any(|one| one == property);
    let features = Features {
        encoding,
        // Neovim applies document changes though it declares only file operations.
        document_changes: !operations.is_empty()
            || edits.and_then(|edits| edits.document_changes).unwrap_or(false),
        create_files: operations.contains(&lsp::ResourceOperationKind::Create),
        rename_files: operations.contains(&lsp::ResourceOperationKind::Rename),
        change_annotations: edits.is_some_and(|edits| edits.change_annotation_support.is_some()),
        // Who pulls but cannot be told to pull again (Neovim 0.11) would keep what an edit of another
        // file made wrong; such a client is pushed to.
        pull_diagnostics: document.is_some_and(|document| document.diagnostic.is_some())
            && refresh_diagnostics,
        refresh_diagnostics,
        refresh_lenses: dynamic(
            workspace.and_then(|w| w.code_lens.as_ref()).map(|lens| lens.refresh_support),
        ),
        related_information: dynamic(publishes.map(|publishes| publishes.related_information)),
        code_description: dynamic(publishes.map(|publishes| publishes.code_description_support)),
        nested_symbols: dynamic(
            document
                .and_then(|document| document.document_symbol.as_ref())
                .map(|symbols| symbols.hierarchical_document_symbol_support),
        ),
        code_action_literals: document
            .and_then(|document| document.code_action.as_ref())
            .is_some_and(|actions| actions.code_action_literal_support.is_some()),
        watch_files: dynamic(
            workspace
                .and_then(|workspace| workspace.did_change_watched_files.as_ref())
                .map(|watched| watched.dynamic_registration),
        ),
        configuration: workspace.and_then(|workspace| workspace.configuration).unwrap_or(false),
        progress: window.and_then(|window| window.work_done_progress).unwrap_or(false),
        show_document: window
            .and_then(|window| window.show_document.as_ref())
            .is_some_and(|show| show.support),
        documents: flag("documents").unwrap_or(false),
        lazy_actions: resolves("edit") && resolves("command"),
        // VS Code takes the tokens of one server alone; ours must not shut out a Python server's.
        sql_tokens: tokens.is_some() && flag("semanticTokens").unwrap_or(!is_vscode),
        multiline_tokens: tokens.and_then(|tokens| tokens.multiline_token_support).unwrap_or(false),
        status: flag("status").unwrap_or(false),
        graph: flag("graph").unwrap_or(false),
        snippets: dynamic(
            document
                .and_then(|document| document.completion.as_ref())
                .and_then(|completion| completion.completion_item.as_ref())
                .map(|item| item.snippet_support),
        ),
        label_offsets: dynamic(
            document
                .and_then(|document| document.signature_help.as_ref())
                .and_then(|help| help.signature_information.as_ref())
                .and_then(|information| information.parameter_information.as_ref())
                .map(|parameter| parameter.label_offset_support),
        ),
        show_references: is_vscode,
        client,
    };
    let folders = params.workspace_folders.as_deref().unwrap_or_default();
    let mut roots: Vec<PathBuf> = folders.iter().filter_map(|folder| path(&folder.uri)).collect();
    if roots.is_empty() {
        #[expect(deprecated, reason = "what older clients send")]
        let root = params.root_uri.as_ref();
        roots.extend(root.and_then(path));
    }
    Start {
        features,
        roots,
        settings: option("settings").filter(|settings| settings.is_object()).cloned(),
        trusted: option("trusted").and_then(Value::as_bool).unwrap_or(false),
    }
}

/// What the server can do.
pub(super) fn capabilities(features: &Features) -> lsp::ServerCapabilities {
    lsp::ServerCapabilities {
        position_encoding: Some(match features.encoding {
            Encoding::Utf8 => lsp::PositionEncodingKind::UTF8,
            Encoding::Utf16 => lsp::PositionEncodingKind::UTF16,
            Encoding::Utf32 => lsp::PositionEncodingKind::UTF32,
        }),
        text_document_sync: Some(lsp::TextDocumentSyncCapability::Options(
            lsp::TextDocumentSyncOptions {
                open_close: Some(true),
                change: Some(lsp::TextDocumentSyncKind::INCREMENTAL),
                save: Some(lsp::TextDocumentSyncSaveOptions::Supported(true)),
                ..lsp::TextDocumentSyncOptions::default()
            },
        )),
        hover_provider: Some(lsp::HoverProviderCapability::Simple(true)),
        definition_provider: Some(lsp::OneOf::Left(true)),
        references_provider: Some(lsp::OneOf::Left(true)),
        document_symbol_provider: Some(lsp::OneOf::Left(true)),
        code_action_provider: Some(lsp::CodeActionProviderCapability::Options(
            lsp::CodeActionOptions {
                code_action_kinds: Some(vec![
                    lsp::CodeActionKind::QUICKFIX,
                    lsp::CodeActionKind::REFACTOR,
                ]),
                resolve_provider: Some(features.lazy_actions),
                ..lsp::CodeActionOptions::default()
            },
        )),
        workspace_symbol_provider: Some(lsp::OneOf::Left(true)),
        call_hierarchy_provider: Some(lsp::CallHierarchyServerCapability::Simple(true)),
        document_link_provider: Some(lsp::DocumentLinkOptions {
            resolve_provider: Some(false),
            work_done_progress_options: lsp::WorkDoneProgressOptions::default(),
        }),
        semantic_tokens_provider: features.sql_tokens.then(|| {
            lsp::SemanticTokensServerCapabilities::SemanticTokensOptions(
                lsp::SemanticTokensOptions {
                    legend: outgoing::tokens::legend(),
                    range: Some(true),
                    full: Some(lsp::SemanticTokensFullOptions::Bool(true)),
                    work_done_progress_options: lsp::WorkDoneProgressOptions::default(),
                },
            )
        }),
        code_lens_provider: Some(lsp::CodeLensOptions { resolve_provider: Some(false) }),
        completion_provider: Some(lsp::CompletionOptions {
            trigger_characters: Some(["\"", "'", "."].map(str::to_owned).to_vec()),
            ..lsp::CompletionOptions::default()
        }),
        signature_help_provider: Some(lsp::SignatureHelpOptions {
            trigger_characters: Some(["(", ","].map(str::to_owned).to_vec()),
            ..lsp::SignatureHelpOptions::default()
        }),
        document_highlight_provider: Some(lsp::OneOf::Left(true)),
        inlay_hint_provider: Some(lsp::OneOf::Left(true)),
        rename_provider: Some(lsp::OneOf::Right(lsp::RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: lsp::WorkDoneProgressOptions::default(),
        })),
        diagnostic_provider: features.pull_diagnostics.then(|| {
            lsp::DiagnosticServerCapabilities::Options(lsp::DiagnosticOptions {
                identifier: Some("revline".to_owned()),
                inter_file_dependencies: true,
                workspace_diagnostics: true,
                work_done_progress_options: lsp::WorkDoneProgressOptions::default(),
            })
        }),
        execute_command_provider: Some(lsp::ExecuteCommandOptions {
            commands: requests::COMMANDS.iter().map(|name| (*name).to_owned()).collect(),
            work_done_progress_options: lsp::WorkDoneProgressOptions::default(),
        }),
        workspace: Some(lsp::WorkspaceServerCapabilities {
            workspace_folders: Some(lsp::WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(lsp::OneOf::Left(true)),
            }),
            file_operations: Some(lsp::WorkspaceFileOperationsServerCapabilities {
                did_rename: Some(python_files()),
                will_delete: Some(python_files()),
                did_delete: Some(python_files()),
                ..lsp::WorkspaceFileOperationsServerCapabilities::default()
            }),
        }),
        ..lsp::ServerCapabilities::default()
    }
}

/// Which files and folders the client tells of when they move or go away.
fn python_files() -> lsp::FileOperationRegistrationOptions {
    let filter = |glob: &str, matches| lsp::FileOperationFilter {
        scheme: Some("file".to_owned()),
        pattern: lsp::FileOperationPattern {
            glob: glob.to_owned(),
            matches: Some(matches),
            options: None,
        },
    };
    lsp::FileOperationRegistrationOptions {
        filters: vec![
            filter("**/*.py", lsp::FileOperationPatternKind::File),
            filter("**", lsp::FileOperationPatternKind::Folder),
        ],
    }
}
