//! A rule's documentation: the `//!` lines at the head of its own file.
//!
//! The headings are fixed, so that every page reads alike and the examples can be run:
//! «What it does», «Why is this bad?», «Example», «Use instead», «Fix safety», «References».
//!
//! The files of «Example» stand in an environment with an `alembic.ini`, an `env.py` and a
//! `script.py.mako`, which a block of that name replaces, and have a finding of the rule. The files
//! of «Use instead» laid over them have none. Where the rule has a fix, the first fix of each
//! finding makes those files; the other ways out stand in words below them.

use crate::rule::rules;

/// The headings of a page, in order. «Fix safety» stands where the rule has a fix.
pub const HEADINGS: [&str; 6] =
    ["What it does", "Why is this bad?", "Example", "Use instead", "Fix safety", "References"];

/// A page as Markdown, taken from the source text of a rule's file.
pub fn page(source: &str) -> String {
    let mut page = String::new();
    for line in source.lines() {
        let Some(text) = line.strip_prefix("//!") else { break };
        page.push_str(text.strip_prefix(' ').unwrap_or(text));
        page.push('\n');
    }
    page
}

/// The files of `server/docs/rules/`: the page of every rule and the list of them, by file name.
pub fn pages() -> Vec<(String, String)> {
    let mut list =
        String::from("# Rules\n\n| rule | group | severity | finds |\n|---|---|---|---|\n");
    let mut pages = Vec::new();
    for rule in rules() {
        let file = format!("{}.md", rule.name);
        let summary = rule.summary();
        let summary = summary.strip_prefix("Finds ").unwrap_or(&summary).trim_end_matches('.');
        list.push_str(&format!(
            "| [{}]({file}) | {} | {} | {summary} |\n",
            rule.name,
            rule.meta.group.as_str(),
            rule.meta.severity.as_str(),
        ));
        pages.push((file, rule.page()));
    }
    pages.push(("README.md".to_owned(), list));
    pages
}

/// The first sentence of «What it does», on one line.
pub fn summary(page: &str) -> String {
    let text = section(page, HEADINGS[0]).unwrap_or_default();
    let paragraph = text.trim().split("\n\n").next().unwrap_or_default().replace('\n', " ");
    match paragraph.find(". ") {
        Some(end) => paragraph.get(..=end).unwrap_or_default().to_owned(),
        None => paragraph,
    }
}

/// The text under a heading, without the heading.
pub fn section<'a>(page: &'a str, heading: &str) -> Option<&'a str> {
    let mut offset = 0;
    let mut start = None;
    let mut fenced = false;
    for line in page.split_inclusive('\n') {
        fenced ^= line.starts_with("```");
        if !fenced && let Some(title) = line.strip_prefix("## ") {
            if let Some(start) = start {
                return page.get(start..offset);
            }
            if title.trim() == heading {
                start = Some(offset + line.len());
            }
        }
        offset += line.len();
    }
    start.and_then(|start| page.get(start..))
}

/// A file in an example.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExampleFile {
    /// The path in the sample environment, as the first line of the block names it.
    pub path: String,
    /// The content.
    pub text: String,
}

/// The files that a section shows: each fenced block is one, its first line `# path` names it.
pub fn files(section: &str) -> Vec<ExampleFile> {
    let mut files = Vec::new();
    let mut current: Option<ExampleFile> = None;
    let mut fenced = false;
    for line in section.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
            files.extend(current.take());
        } else if let Some(file) = &mut current {
            file.text.push_str(line);
            file.text.push('\n');
        } else if fenced && let Some(path) = line.strip_prefix("# ") {
            current = Some(ExampleFile { path: path.trim().to_owned(), text: String::new() });
        }
    }
    files
}

#[cfg(test)]
mod executable;

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "\
//! ## What it does
//! Finds a thing. And more.
//!
//! ## Example
//! ```python
//! # versions/a.py
//! ## not a heading
//! ```
//! ## Use instead
//! Nothing.
use x;
";

    #[test]
    fn a_page_is_the_head_of_the_file() {
        let page = page(SOURCE);
        assert_eq!(summary(&page), "Finds a thing.");
        assert_eq!(section(&page, "Use instead"), Some("Nothing.\n"));
        assert_eq!(section(&page, "References"), None);
        let example = section(&page, "Example").expect("there is an example");
        let file = ExampleFile { path: "versions/a.py".into(), text: "## not a heading\n".into() };
        assert_eq!(files(example), [file]);
    }
}
