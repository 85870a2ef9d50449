//! From the tree to statements.
//!
//! Nesting is bounded here once, so that nothing above needs to be afraid of deep trees.

mod definition;
mod expression;
mod statement;

use std::sync::Arc;

use revline_text::Range;
use tree_sitter::Node;

use super::Source;
use super::ast::{Block, Expr, ExprKind, Stmt, StmtKind};

/// Deeper nesting becomes opaque. Python itself stops at 100 levels of indentation and 200 of
/// parentheses.
const MOST_LEVELS: u32 = 120;

pub(super) const TOO_DEEP: &str = "nested too deeply to be read";
pub(super) const NOT_PYTHON: &str = "not valid Python";

/// The statements of a file; of one that the parser gave up on, a single opaque one.
pub(super) fn module(source: &Source) -> Block {
    let Some(root) = source.root() else {
        let kind = StmtKind::Opaque("the file is too large or too tangled to parse");
        return vec![Stmt { range: source.span().range, kind }];
    };
    Lowering { source, level: 0 }.statements(root)
}

/// One expression of a file, given by its node.
pub(crate) fn expression(source: &Source, node: Node<'_>) -> Expr {
    Lowering { source, level: 0 }.expression(node)
}

struct Lowering<'a> {
    source: &'a Source,
    level: u32,
}

impl<'a> Lowering<'a> {
    fn text(&self, node: Node<'_>) -> &'a str {
        range(node).slice(&self.source.text).unwrap_or_default()
    }

    fn name(&self, node: Node<'_>) -> Arc<str> {
        self.text(node).into()
    }

    /// Runs `lower` one level deeper; `None` past the bound.
    fn deeper<T>(&mut self, lower: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.level >= MOST_LEVELS {
            return None;
        }
        self.level += 1;
        let lowered = lower(self);
        self.level -= 1;
        Some(lowered)
    }
}

fn range(node: Node<'_>) -> Range {
    Range::of(node.start_byte(), node.end_byte())
}

fn opaque(range: Range, why: &'static str) -> Expr {
    Expr { range, kind: ExprKind::Opaque(why) }
}

/// The named children that mean something: comments left out, errors kept.
fn parts(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !child.is_extra() || child.is_error()).collect()
}
