//! Projects in temporary folders.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test's own files: what goes wrong ends the test"
)]

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

/// An Alembic project that is deleted in the end.
pub struct Project {
    folder: TempDir,
    root: PathBuf,
}

impl Project {
    /// An empty folder.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        // Where the temporary folder is reached by a link, the server's names are the real ones.
        let root = folder.path().canonicalize().expect("the folder is there");
        Self { folder, root }
    }

    /// A copy of `fixtures/alembic/shop`: 14 revisions and two heads, `4cb8d2719ea0` and, later and
    /// so in error, `96f05a3ed8b7`.
    pub fn shop() -> Self {
        let project = Self::empty();
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/alembic/shop");
        copy(&fixtures, &project.root);
        project
    }

    /// An environment in `alembic/` whose revisions are given as `(id, parents)`, the parents written
    /// in Python.
    pub fn of(revisions: &[(&str, &str)]) -> Self {
        let project = Self::empty();
        project.write("alembic.ini", "[alembic]\nscript_location = %(here)s/alembic\n");
        project.write("alembic/env.py", "");
        for (id, parents) in revisions {
            project.write(&format!("alembic/versions/{id}.py"), &revision(id, id, parents));
        }
        project
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path in the project.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// The file of a revision: the one in `alembic/versions` whose name begins with the identifier.
    pub fn revision(&self, id: &str) -> PathBuf {
        let folder = self.path("alembic/versions");
        let mut entries = folder.read_dir().expect("there is a version folder");
        let found = entries.find_map(|entry| {
            let path = entry.ok()?.path();
            path.file_name()?.to_str()?.starts_with(id).then_some(path)
        });
        found.unwrap_or_else(|| panic!("no revision {id}"))
    }

    /// Writes a file, with its folders; its path.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a file lies in a folder"))
            .and_then(|()| std::fs::write(&path, text))
            .expect("the folder can be written");
        path
    }

    /// Keeps the folder until here.
    pub fn close(self) {
        self.folder.close().expect("the folder can be deleted");
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder can be made");
    for entry in from.read_dir().expect("the fixture is there") {
        let entry = entry.expect("an entry can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}

/// The text of a revision file that no rule about single files complains about.
pub fn revision(id: &str, title: &str, parents: &str) -> String {
    format!(
        "\"\"\"{title}\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n\n\
         revision = \"{id}\"\ndown_revision = {parents}\nbranch_labels = None\ndepends_on = None\n\n\n\
         def upgrade():\n    op.create_table(\"t_{id}\", sa.Column(\"id\", sa.Integer(), nullable=False))\n\n\n\
         def downgrade():\n    op.drop_table(\"t_{id}\")\n"
    )
}

/// The position behind `before` in a text of ASCII: `place(text, "revision = \"")`.
pub fn place(text: &str, before: &str) -> (u32, u32) {
    let at =
        text.find(before).unwrap_or_else(|| panic!("no {before:?} in the text")) + before.len();
    let above = text.get(..at).unwrap_or_default();
    let line = above.matches('\n').count();
    let column = at - above.rfind('\n').map_or(0, |at| at + 1);
    (u32::try_from(line).unwrap_or(0), u32::try_from(column).unwrap_or(0))
}

/// A protocol range on one line.
pub fn range(line: u32, start: u32, end: u32) -> Value {
    json!({
        "start": { "line": line, "character": start },
        "end": { "line": line, "character": end },
    })
}
