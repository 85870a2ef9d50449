//! Where a migration has another plan for what Alembic refuses: the bodies of `try` whose handler goes on.
//!
//! The evaluator enters a handler for what it raises itself. What Alembic and SQLAlchemy refuse is known when a
//! step is printed, and no sooner; which handler that would enter, and what follows, is not known then.

use revline_python::Source;
use revline_python::syntax::ast::{Handler, Stmt, StmtKind};
use revline_text::Range;

/// The bodies, as ranges of the text.
pub(super) fn handled(source: &Source) -> Vec<Range> {
    let mut bodies = Vec::new();
    let mut left: Vec<&Stmt> = source.module().iter().collect();
    while let Some(statement) = left.pop() {
        if let StmtKind::Try { body, handlers, .. } = &statement.kind
            && let (Some(first), Some(last)) = (body.first(), body.last())
            && handlers.iter().any(goes_on)
        {
            bodies.push(first.range.cover(last.range));
        }
        left.extend(inside(statement));
    }
    bodies
}

/// Whether a handler raises nothing: one that asks what was raised hands on what it does not expect.
fn goes_on(handler: &Handler) -> bool {
    let mut left: Vec<&Stmt> = handler.body.iter().collect();
    while let Some(statement) = left.pop() {
        if matches!(statement.kind, StmtKind::Raise { .. }) {
            return false;
        }
        left.extend(inside(statement));
    }
    true
}

/// The statements in a statement.
fn inside(statement: &Stmt) -> Vec<&Stmt> {
    match &statement.kind {
        StmtKind::Try { body, handlers, otherwise, finally } => {
            let handling = handlers.iter().flat_map(|handler| &handler.body);
            body.iter().chain(handling).chain(otherwise).chain(finally).collect()
        }
        StmtKind::If { branches, otherwise } => {
            branches.iter().flat_map(|(_, body)| body).chain(otherwise).collect()
        }
        StmtKind::For { body, otherwise, .. } | StmtKind::While { body, otherwise, .. } => {
            body.iter().chain(otherwise).collect()
        }
        StmtKind::With { body, .. } => body.iter().collect(),
        StmtKind::Function(function) => function.body.iter().collect(),
        StmtKind::Class(class) => class.body.iter().collect(),
        _ => Vec::new(),
    }
}
