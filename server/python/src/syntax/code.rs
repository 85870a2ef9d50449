//! What a file does, apart from how it is written.

use std::borrow::Cow;

use revline_text::Fingerprint;
use tree_sitter::Node;

use super::Source;

/// How nodes are told apart; another one where this module comes to read the same file otherwise, so
/// that what was kept of an older one is not compared.
const EDITION: u8 = 1;

impl Source {
    /// The identity of the code: without comments, layout, the docstrings of the module and of its
    /// functions, and the functions and assignments of the top level that `without` names. `None`
    /// where not all of the file is Python.
    pub fn code_identity(&self, without: &[&str]) -> Option<Fingerprint> {
        let root = self.root().filter(|root| !root.has_error())?;
        let mut tokens: Vec<Cow<'_, str>> = Vec::new();
        let mut cursor = root.walk();
        'walk: loop {
            let node = cursor.node();
            let text = self.text.get(node.byte_range()).unwrap_or_default();
            // Python reads a line end of Windows within a string as its own.
            let text = match text.contains("\r\n") {
                true => Cow::Owned(text.replace("\r\n", "\n")),
                false => Cow::Borrowed(text),
            };
            let is_left_out = node.kind() == "comment"
                || is_docstring(node)
                || is_trailing_comma(node)
                || (is_at_top(node)
                    && self.declares(node).is_some_and(|name| without.contains(&name)));
            let is_whole = node.kind() == "string" || node.child_count() == 0;
            if !is_left_out && !is_whole {
                tokens.extend((node.kind() == "block").then_some("{".into()));
                if cursor.goto_first_child() {
                    continue;
                }
            }
            if !is_left_out {
                tokens.push(text);
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    break 'walk;
                }
                tokens.extend((cursor.node().kind() == "block").then_some("}".into()));
            }
        }
        Some(Fingerprint::of(&(EDITION, tokens)))
    }

    /// The name that a statement of the top level defines or assigns.
    fn declares(&self, node: Node<'_>) -> Option<&str> {
        let name = match node.kind() {
            "function_definition" => node.child_by_field_name("name")?,
            "expression_statement" => node.named_child(0)?.child_by_field_name("left")?,
            _ => return None,
        };
        self.text.get(name.byte_range())
    }
}

fn is_at_top(node: Node<'_>) -> bool {
    node.parent().is_some_and(|parent| parent.kind() == "module")
}

/// A string that stands first in a module or a function.
fn is_docstring(node: Node<'_>) -> bool {
    let is_string = node.kind() == "expression_statement"
        && node.named_child_count() == 1
        && node.named_child(0).is_some_and(|child| child.kind() == "string");
    is_string
        && std::iter::successors(node.prev_named_sibling(), Node::prev_named_sibling)
            .all(|before| before.kind() == "comment")
        && node.parent().is_some_and(|parent| match parent.kind() {
            "module" => true,
            "block" => parent.parent().is_some_and(|it| it.kind() == "function_definition"),
            _ => false,
        })
}

/// A comma before a closing bracket, which formatters add; in a tuple it has a meaning.
fn is_trailing_comma(node: Node<'_>) -> bool {
    let brackets = ["argument_list", "list", "dictionary", "set", "parameters"];
    node.kind() == ","
        && node.parent().is_some_and(|parent| brackets.contains(&parent.kind()))
        && std::iter::successors(node.next_sibling(), Node::next_sibling)
            .find(|after| after.kind() != "comment")
            .is_some_and(|after| [")", "]", "}"].contains(&after.kind()))
}

#[cfg(test)]
mod tests {
    use revline_text::FileId;

    use super::*;

    const FILE: &str = "\"\"\"add email\"\"\"\nfrom alembic import op\nrevision = 'a'\n\
                        def upgrade():\n    if op.get_bind():\n        op.execute('A')\n    \
                        op.drop_table('t')\ndef downgrade():\n    op.create_table('t')\n";

    fn identity(text: &str) -> Option<Fingerprint> {
        Source::parse(FileId(0), text.into()).code_identity(&["revision", "downgrade"])
    }

    #[track_caller]
    fn check(from: &str, to: &str, same: bool) {
        assert!(FILE.contains(from), "{from}");
        let changed = FILE.replace(from, to);
        assert_eq!(identity(FILE) == identity(&changed), same, "{changed}");
    }

    #[test]
    fn how_it_is_written_does_not_matter() {
        check("add email", "add the email", true);
        check("revision = 'a'", "revision: str = 'b'  # moved", true);
        check("create_table('t')", "create_table('t', sa.Column('id'))", true);
        check("op.drop_table('t')", "# gone\n    op.drop_table(\n        't',  # all\n    )", true);
        check("\n", "\r\n", true);
        check("def upgrade():\n", "def upgrade():\n    \"\"\"Up.\"\"\"\n\n", true);
    }

    #[test]
    fn what_it_does_matters() {
        check("drop_table('t')", "drop_table('u')", false);
        check("drop_table('t')", "drop_table(('t',))", false);
        check("    op.drop_table", "        op.drop_table", false);
        check("'A'", "'A '", false);
        check("from alembic import op\n", "", false);
    }

    #[test]
    fn a_file_that_is_not_python_has_none() {
        assert_eq!(identity("def upgrade(:\n"), None);
    }
}
