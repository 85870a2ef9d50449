//! Paths compared as text: `.` and `..` resolved without asking the disk.

use std::path::{Component, Path, PathBuf};

/// The path without `.` and with every `..` taken back, by text alone, so that two spellings of
/// one path are equal. Links are not resolved.
pub fn normalize(path: &Path) -> PathBuf {
    let mut parts: Vec<Component<'_>> = Vec::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => match parts.last() {
                Some(Component::Normal(_)) => {
                    parts.pop();
                }
                Some(Component::RootDir | Component::Prefix(_)) => {}
                _ => parts.push(part),
            },
            part => parts.push(part),
        }
    }
    parts.iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_resolved_by_text() {
        let normal = |path: &str| normalize(Path::new(path)).display().to_string();
        assert_eq!(normal("/a/./b/../c"), "/a/c");
        assert_eq!(normal("/../a"), "/a");
        assert_eq!(normal("../a/.."), "..");
    }
}
