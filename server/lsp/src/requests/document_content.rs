//! `workspace/textDocumentContent`: documents that exist nowhere but here.

/// The text of a virtual document: `revline:/rules/NAME.md` is the page of a rule.
pub(crate) fn document_content(uri: &str) -> Option<String> {
    let path = uri.strip_prefix("revline:")?.trim_start_matches('/');
    let name = path.strip_prefix("rules/")?;
    let name = name.strip_suffix(".md").unwrap_or(name);
    revline_lint::rule(name).map(revline_lint::Rule::page)
}
