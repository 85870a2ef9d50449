//! The links of the documentation lead somewhere.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Every page of Markdown below a folder.
fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in folder.read_dir().expect("a folder").flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() && name != "node_modules" {
            pages(&path, found);
        } else if name.ends_with(".md") {
            found.push(path);
        }
    }
}

/// The targets of `[text](target)`, outside of code.
fn links(text: &str) -> Vec<String> {
    let mut fenced = false;
    let mut links = Vec::new();
    for line in text.lines() {
        fenced ^= line.trim_start().starts_with("```");
        if fenced {
            continue;
        }
        // Code in a line is every second part between back quotes.
        let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("x");
        links.extend(
            prose.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0.to_owned())),
        );
    }
    links
}

/// The anchors of a page's headings, as GitHub makes them.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            let kept =
                title.chars().filter(|one| one.is_alphanumeric() || matches!(one, ' ' | '-' | '_'));
            kept.collect::<String>().replace(' ', "-")
        })
        .collect()
}

#[test]
fn every_link_of_the_documentation_leads_to_a_file_and_a_heading() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the root").to_path_buf();
    let mut all = vec![root.join("README.md"), root.join("server/ARCHITECTURE.md")];
    pages(&root.join("server/docs"), &mut all);
    pages(&root.join("editors"), &mut all);
    let mut broken = Vec::new();
    let mut linked = BTreeSet::new();
    let mut seen = 0;
    for page in &all {
        let text = std::fs::read_to_string(page).expect("a page");
        for link in links(&text) {
            if link.starts_with("http") {
                continue;
            }
            seen += 1;
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target =
                if path.is_empty() { page.clone() } else { page.with_file_name("").join(path) };
            let name = page.strip_prefix(&root).unwrap_or(page).display();
            let Ok(target) = target.canonicalize() else {
                broken.push(format!("{name}: {link}"));
                continue;
            };
            if !anchor.is_empty() {
                let there = std::fs::read_to_string(&target).expect("a page");
                if !anchors(&there).contains(anchor) {
                    broken.push(format!("{name}: {link}: no such heading"));
                }
            }
            linked.insert(target);
        }
    }
    assert!(seen > 30, "only {seen} links were found");
    assert_eq!(broken, Vec::<String>::new());
    // A page that nobody links to is a page that nobody reads.
    let mut book = Vec::new();
    pages(&root.join("server/docs"), &mut book);
    let lost: Vec<_> = book
        .iter()
        .filter(|page| !page.ends_with("docs/README.md"))
        .filter(|page| !linked.contains(&page.canonicalize().expect("it is there")))
        .collect();
    assert_eq!(lost, Vec::<&PathBuf>::new());
}
