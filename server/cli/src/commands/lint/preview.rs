//! `--diff`: what `--fix` would change, as a unified diff that `git apply` and `patch -p1` take.

use std::path::Path;

use revline_vfs::Changed;
use similar::TextDiff;

use crate::output::diff_line;

/// The lines around a change that are shown with it.
const AROUND: usize = 3;

/// The diff of all files, their paths told from a folder.
pub(super) fn diff(changed: &[Changed], folder: &Path) -> String {
    changed.iter().map(|one| of_file(one, folder)).collect()
}

fn of_file(changed: &Changed, folder: &Path) -> String {
    let path = changed.path.strip_prefix(folder).unwrap_or(&changed.path);
    let path = path.to_string_lossy().replace('\\', "/");
    let text = |content: &Option<Vec<u8>>| {
        String::from_utf8_lossy(content.as_deref().unwrap_or_default()).into_owned()
    };
    let name = |content: &Option<Vec<u8>>, side: char| match content {
        Some(_) => format!("{side}/{}", path.trim_start_matches('/')),
        None => "/dev/null".to_owned(),
    };
    let (before, after) = (text(&changed.before), text(&changed.after));
    let diff = TextDiff::from_lines(&before, &after);
    let mut unified = diff.unified_diff();
    unified.context_radius(AROUND).header(&name(&changed.before, 'a'), &name(&changed.after, 'b'));
    let shown = unified.to_string();
    // A line's carriage return belongs to the file.
    shown.strip_suffix('\n').unwrap_or(&shown).split('\n').map(diff_line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_ends_of_a_file_and_its_missing_last_one_are_kept() {
        let changed = |before: Option<&str>, after: &str| Changed {
            path: "/w/v/a.py".into(),
            before: before.map(|text| text.as_bytes().to_vec()),
            after: Some(after.as_bytes().to_vec()),
        };
        let plain = |text: &str| {
            anstream::adapter::strip_str(&diff(
                &[changed(
                    text.split_once('|').map(|(before, _)| before),
                    text.rsplit('|').next().unwrap_or_default(),
                )],
                Path::new("/w"),
            ))
            .to_string()
        };
        assert_eq!(
            plain("a\r\nb|a\r\nc"),
            "--- a/v/a.py\n+++ b/v/a.py\n@@ -1,2 +1,2 @@\n a\r\n-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n"
        );
        assert_eq!(plain("a\n"), "--- /dev/null\n+++ b/v/a.py\n@@ -0,0 +1 @@\n+a\n");
    }
}
