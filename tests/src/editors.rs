//! What editors declare of themselves in `initialize`, as far as it changes a server's answers.
//!
//! Taken from the messages of the editors themselves.

use serde_json::{Value, json};

/// Visual Studio Code 1.99 to 1.139: UTF-16 only, everything else it can have.
pub fn vscode() -> Value {
    json!({
        "clientInfo": { "name": "Visual Studio Code", "version": "1.139.0" },
        "capabilities": {
            "general": { "positionEncodings": ["utf-16"] },
            "window": { "workDoneProgress": true, "showDocument": { "support": true } },
            "workspace": {
                "applyEdit": true,
                "configuration": true,
                "workspaceFolders": true,
                "didChangeConfiguration": { "dynamicRegistration": true },
                "didChangeWatchedFiles": { "dynamicRegistration": true, "relativePatternSupport": true },
                "diagnostics": { "refreshSupport": true },
                "codeLens": { "refreshSupport": true },
                "workspaceEdit": {
                    "documentChanges": true,
                    "resourceOperations": ["create", "rename", "delete"],
                    "failureHandling": "textOnlyTransactional",
                    "normalizesLineEndings": true,
                    "changeAnnotationSupport": { "groupsOnLabel": true },
                },
            },
            "textDocument": {
                "synchronization": { "dynamicRegistration": true, "didSave": true },
                "publishDiagnostics": {
                    "relatedInformation": true,
                    "versionSupport": false,
                    "codeDescriptionSupport": true,
                    "dataSupport": true,
                },
                "diagnostic": { "dynamicRegistration": true, "relatedDocumentSupport": false },
                "codeLens": { "dynamicRegistration": true },
                "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
                "rename": { "prepareSupport": true, "honorsChangeAnnotations": true },
                "codeAction": {
                    "isPreferredSupport": true,
                    "codeActionLiteralSupport": {
                        "codeActionKind": { "valueSet": ["", "quickfix", "refactor", "source"] },
                    },
                },
            },
        },
    })
}

/// Neovim 0.11: UTF-8 first; pulls the diagnostics of open buffers; watches no files; says nothing
/// of `documentChanges`, yet applies them.
pub fn neovim() -> Value {
    json!({
        "clientInfo": { "name": "Neovim", "version": "0.11.4" },
        "capabilities": {
            "general": { "positionEncodings": ["utf-8", "utf-16", "utf-32"] },
            "window": { "workDoneProgress": true, "showDocument": { "support": true } },
            "workspace": {
                "applyEdit": true,
                "configuration": true,
                "workspaceFolders": true,
                "didChangeWatchedFiles": { "dynamicRegistration": false },
                "workspaceEdit": { "resourceOperations": ["rename", "create", "delete"] },
            },
            "textDocument": {
                "synchronization": { "didSave": true },
                "publishDiagnostics": { "relatedInformation": true, "dataSupport": true },
                "diagnostic": { "dynamicRegistration": false },
                "codeLens": { "dynamicRegistration": false },
                "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
                "rename": { "prepareSupport": true },
                "codeAction": {
                    "isPreferredSupport": true,
                    "codeActionLiteralSupport": {
                        "codeActionKind": { "valueSet": ["", "quickfix", "refactor", "source"] },
                    },
                },
            },
        },
    })
}

/// Eglot of Emacs 30: any encoding; no `create`, no pull, no lenses.
pub fn eglot_30() -> Value {
    json!({
        "clientInfo": { "name": "Eglot", "version": "1.17.30" },
        "capabilities": {
            "general": { "positionEncodings": ["utf-32", "utf-8", "utf-16"] },
            "window": { "showDocument": { "support": true }, "workDoneProgress": true },
            "workspace": eglot_workspace(),
            "textDocument": eglot_document(),
        },
    })
}

/// Eglot 1.9 of Emacs 28: says nothing of encodings, so UTF-16; no `create`, no pull, no lenses.
pub fn eglot_28() -> Value {
    json!({
        "capabilities": { "workspace": eglot_workspace(), "textDocument": eglot_document() },
    })
}

fn eglot_workspace() -> Value {
    json!({
        "applyEdit": true,
        "configuration": true,
        "workspaceFolders": true,
        "didChangeWatchedFiles": { "dynamicRegistration": true },
        "workspaceEdit": { "documentChanges": true },
    })
}

fn eglot_document() -> Value {
    json!({
        "synchronization": { "didSave": true },
        "publishDiagnostics": { "relatedInformation": false, "codeDescriptionSupport": false },
        "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
        "codeAction": {
            "isPreferredSupport": true,
            "codeActionLiteralSupport": {
                "codeActionKind": { "valueSet": ["quickfix", "refactor", "source"] },
            },
        },
    })
}

/// Helix 25.07: UTF-8 first; no pull, no lenses.
pub fn helix() -> Value {
    json!({
        "clientInfo": { "name": "helix", "version": "25.07" },
        "capabilities": {
            "general": { "positionEncodings": ["utf-8", "utf-32", "utf-16"] },
            "window": { "workDoneProgress": true, "showDocument": { "support": true } },
            "workspace": {
                "applyEdit": true,
                "configuration": true,
                "workspaceFolders": true,
                "didChangeWatchedFiles": { "dynamicRegistration": true },
                "workspaceEdit": {
                    "documentChanges": true,
                    "resourceOperations": ["create", "rename", "delete"],
                },
            },
            "textDocument": {
                "publishDiagnostics": { "versionSupport": true },
                "rename": { "prepareSupport": true },
                "codeAction": {
                    "isPreferredSupport": true,
                    "codeActionLiteralSupport": {
                        "codeActionKind": { "valueSet": ["", "quickfix", "refactor", "source"] },
                    },
                },
            },
        },
    })
}

/// An editor that can do nothing that has to be declared.
pub fn bare() -> Value {
    json!({ "capabilities": {} })
}
