//! Revisions in hierarchies, lists and links.

use revline_ide::{Found, FoundKind, Link, LinkTarget, Neighbour, RevisionItem};
use revline_text::{FileId, Span};
use serde_json::{Value, json};
use tower_lsp::ls_types as lsp;

use super::{Outgoing, uri};

impl Outgoing<'_> {
    /// A revision in a call hierarchy; `None` where its path has no URI.
    pub(crate) fn revision_item(&self, item: &RevisionItem) -> Option<lsp::CallHierarchyItem> {
        let file = item.span.file;
        Some(lsp::CallHierarchyItem {
            name: item.id.clone(),
            kind: lsp::SymbolKind::MODULE,
            tags: None,
            detail: (!item.title.is_empty()).then(|| item.title.clone()),
            uri: uri(&self.files.path(file))?,
            range: self.range(file, item.statement.cover(item.span.range)),
            selection_range: self.range(file, item.span.range),
            data: Some(json!({ "environment": item.environment, "revision": item.id })),
        })
    }

    /// Something that stands on the revision that was asked about.
    pub(crate) fn incoming_call(&self, from: &Neighbour) -> Option<lsp::CallHierarchyIncomingCall> {
        let file = from.item.span.file;
        Some(lsp::CallHierarchyIncomingCall {
            from: self.revision_item(&from.item)?,
            from_ranges: from.named_at.iter().map(|range| self.range(file, *range)).collect(),
        })
    }

    /// Something that the revision that was asked about, in `file`, stands on.
    pub(crate) fn outgoing_call(
        &self,
        file: Option<FileId>,
        to: &Neighbour,
    ) -> Option<lsp::CallHierarchyOutgoingCall> {
        let named = to.named_at.iter().filter_map(|range| Some(self.range(file?, *range)));
        Some(lsp::CallHierarchyOutgoingCall {
            to: self.revision_item(&to.item)?,
            from_ranges: named.collect(),
        })
    }

    /// A link; `None` where the client shows no pages of rules.
    pub(crate) fn link(&self, file: FileId, link: Link) -> Option<lsp::DocumentLink> {
        let target = match link.target {
            LinkTarget::File(file) => uri(&self.files.path(file))?,
            LinkTarget::Rule(_) if !self.features.documents => return None,
            LinkTarget::Rule(name) => format!("revline:/rules/{name}.md").parse().ok()?,
        };
        Some(lsp::DocumentLink {
            range: self.range(file, link.range),
            target: Some(target),
            tooltip: Some(link.tooltip),
            data: None,
        })
    }

    /// A name that was searched for.
    #[expect(deprecated, reason = "the field has no default and no successor")]
    pub(crate) fn found(&self, found: Found) -> Option<lsp::SymbolInformation> {
        Some(lsp::SymbolInformation {
            name: found.name,
            kind: match found.kind {
                FoundKind::Revision => lsp::SymbolKind::MODULE,
                FoundKind::Table => lsp::SymbolKind::STRUCT,
            },
            tags: None,
            deprecated: None,
            location: self.location(Span::new(found.span.file, found.span.range))?,
            container_name: Some(found.environment),
        })
    }
}

/// The environment and identifier that an item of a hierarchy carries.
pub(crate) fn named_item(item: &lsp::CallHierarchyItem) -> Option<(String, String)> {
    let data = item.data.as_ref()?;
    let text = |key: &str| data.get(key).and_then(Value::as_str).map(str::to_owned);
    Some((text("environment")?, text("revision")?))
}
