//! What the client can do, as plain data. A client that lacks something is served without it.

use revline_text::Encoding;

/// The abilities that change what is sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Features {
    /// The client's name, for the log.
    pub(crate) client: String,
    /// What columns count.
    pub(crate) encoding: Encoding,
    /// Edits with versions, and file operations beside them.
    pub(crate) document_changes: bool,
    /// Files may be made. Without it a text edit on the new URI makes the file.
    pub(crate) create_files: bool,
    /// Files may be renamed. Without it a rename leaves the file name as it is.
    pub(crate) rename_files: bool,
    /// A change may carry a warning that a person confirms.
    pub(crate) change_annotations: bool,
    /// The client asks for diagnostics of its open documents.
    pub(crate) pull_diagnostics: bool,
    /// The client asks again when it is told to.
    pub(crate) refresh_diagnostics: bool,
    /// The client asks for lenses again when it is told to.
    pub(crate) refresh_lenses: bool,
    /// Diagnostics may name other places.
    pub(crate) related_information: bool,
    /// Diagnostics may link to their documentation.
    pub(crate) code_description: bool,
    /// An outline may be a tree.
    pub(crate) nested_symbols: bool,
    /// Code actions may be more than commands.
    pub(crate) code_action_literals: bool,
    /// Watches can be registered.
    pub(crate) watch_files: bool,
    /// The client can be asked for its settings.
    pub(crate) configuration: bool,
    /// Progress can be shown.
    pub(crate) progress: bool,
    /// The client shows a document when asked.
    pub(crate) show_document: bool,
    /// The client shows documents of the scheme `revline`, and asks again when it is told to.
    pub(crate) documents: bool,
    /// A completion may have places to fill in.
    pub(crate) snippets: bool,
    /// Parameters may be told by their place in the signature.
    pub(crate) label_offsets: bool,
    /// The edit of a code action, and its command, may be asked for once it was chosen.
    pub(crate) lazy_actions: bool,
    /// The client wants the SQL inside strings coloured in by the server.
    pub(crate) sql_tokens: bool,
    /// A token may go over several lines.
    pub(crate) multiline_tokens: bool,
    /// The client shows how the server stands (`revline/status`).
    pub(crate) status: bool,
    /// The client shows the graph and is told when it changed (`revline/graphChanged`).
    pub(crate) graph: bool,
    /// Lenses may carry `editor.action.showReferences`, which only VS Code knows.
    pub(crate) show_references: bool,
}

impl Default for Features {
    fn default() -> Self {
        Self {
            client: String::new(),
            encoding: Encoding::Utf16,
            document_changes: false,
            create_files: false,
            rename_files: false,
            change_annotations: false,
            pull_diagnostics: false,
            refresh_diagnostics: false,
            refresh_lenses: false,
            related_information: false,
            code_description: false,
            nested_symbols: false,
            code_action_literals: false,
            watch_files: false,
            configuration: false,
            progress: false,
            show_document: false,
            documents: false,
            snippets: false,
            label_offsets: false,
            lazy_actions: false,
            sql_tokens: false,
            multiline_tokens: false,
            status: false,
            graph: false,
            show_references: false,
        }
    }
}
