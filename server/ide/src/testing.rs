//! Fixtures in, answers out as text.

use std::path::Path;
use std::sync::Arc;

use revline_analysis::{Depth, Files, Index, Inputs, Snapshot};
use revline_fixture::{Fixture, ROOT, place};
use revline_text::Span;
use revline_vfs::{MemoryDisk, Shared};

use crate::types::FilePosition;

/// A small history: `a` makes two tables, `b` changes one of them, `c` renames the other. The file
/// that is tested comes after them and follows `c`.
const BEFORE: &str = r#"
//- versions/a.py
from alembic import op
import sqlalchemy as sa
revision = "a"
down_revision = None

def upgrade():
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email", sa.String(80), nullable=False),
        sa.UniqueConstraint("email", name="uq_users_email"),
    )
    op.create_table("posts", sa.Column("id", sa.Integer(), primary_key=True))

def downgrade():
    op.drop_table("posts")
    op.drop_table("users")
//- versions/b.py
from alembic import op
import sqlalchemy as sa
revision = "b"
down_revision = "a"

def upgrade():
    op.add_column("users", sa.Column("name", sa.Text(), server_default="x"))
    op.create_index("ix_users_name", "users", ["name"])

def downgrade():
    op.drop_index("ix_users_name", table_name="users")
    op.drop_column("users", "name")
//- versions/c.py
from alembic import op
import sqlalchemy as sa
revision = "c"
down_revision = "b"

def upgrade():
    op.rename_table("posts", "articles")

def downgrade():
    op.rename_table("articles", "posts")
"#;

/// The history with another revision `d` on top, whose functions are given with a cursor; and the
/// place of the cursor.
pub(crate) fn on_top(body: &str) -> (Snapshot, FilePosition) {
    let head = "from alembic import op\nimport sqlalchemy as sa\nrevision = \"d\"\ndown_revision = \"c\"\n\n";
    of(&format!("{BEFORE}//- versions/d.py\n{head}{body}"))
}

/// A project of these files, and the place of its cursor. Files marked `shared` are on the default
/// branch.
pub(crate) fn of(fixture: &str) -> (Snapshot, FilePosition) {
    let fixture = Fixture::parse(fixture).in_environment();
    let cursor = fixture.cursors.first().cloned().expect("a cursor");
    let shared: std::collections::BTreeSet<_> = fixture.marked("shared").collect();
    let mut disk = MemoryDisk::new(fixture.on_disk());
    if !shared.is_empty() {
        disk = disk.with_shared(Shared { branch: "origin/main".to_owned(), files: shared });
    }
    let files = Files::new(Arc::new(disk));
    let index = Index::build(&files, &[ROOT.into()], None, Depth::Shared);
    let mut inputs = Inputs::new(files);
    inputs.set_index(index);
    let snapshot = inputs.snapshot();
    let file = snapshot.files().id(&cursor.path);
    (snapshot, FilePosition { file, offset: cursor.offset })
}

/// `versions/a.py:6:5` of each place, a line each.
pub(crate) fn places(snapshot: &Snapshot, spans: &[Span]) -> String {
    let line = |span: &Span| {
        let path = snapshot.files().path(span.file);
        let text = snapshot.text(span.file).expect("the file is there");
        let what = span.range.slice(text.as_str()).unwrap_or_default();
        format!("{} {what}\n", place(Path::new(&*path), &text, span.range.start()))
    };
    spans.iter().map(line).collect()
}
