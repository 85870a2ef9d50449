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
        match &statement.kind {
            StmtKind::Try { body, handlers, otherwise, finally } => {
                if let (Some(first), Some(last)) = (body.first(), body.last())
                    && handlers.iter().any(goes_on)
                {
                    bodies.push(first.range.cover(last.range));
                }
                left.extend(body.iter().chain(otherwise).chain(finally));
                left.extend(handlers.iter().flat_map(|handler| &handler.body));
            }
            StmtKind::If { branches, otherwise } => {
                left.extend(branches.iter().flat_map(|(_, body)| body).chain(otherwise));
            }
            StmtKind::For { body, otherwise, .. } | StmtKind::While { body, otherwise, .. } => {
                left.extend(body.iter().chain(otherwise));
            }
            StmtKind::With { body, .. } => left.extend(body.iter()),
            StmtKind::Function(function) => left.extend(function.body.iter()),
            StmtKind::Class(class) => left.extend(class.body.iter()),
            _ => {}
        }
    }
    bodies
}

/// Whether a handler does not end by raising again.
fn goes_on(handler: &Handler) -> bool {
    !matches!(handler.body.last().map(|last| &last.kind), Some(StmtKind::Raise { .. }))
}
