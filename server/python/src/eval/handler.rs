//! What handlers and bodies of `try` do, as far as their text shows it.

use crate::syntax::ast::{Expr, ExprKind, Handler, Stmt, StmtKind};

/// Whether one of the handlers is entered where an import fails.
pub(super) fn catch_imports(handlers: &[Handler]) -> bool {
    const CLASSES: &[&str] = &["ImportError", "ModuleNotFoundError", "Exception", "BaseException"];
    let catches =
        |class: &Expr| matches!(&class.kind, ExprKind::Name(name) if CLASSES.contains(&&**name));
    handlers.iter().any(|handler| match &handler.class {
        None => true,
        Some(class) => match &class.kind {
            ExprKind::Tuple(classes) => classes.iter().any(catches),
            _ => catches(class),
        },
    })
}

/// Whether an exception of a library may enter a handler that does not raise one again.
pub(super) fn goes_on(handler: &Handler) -> bool {
    let is_builtin = |class: &Expr| match &class.kind {
        ExprKind::Name(name) => {
            !matches!(&**name, "Exception" | "BaseException")
                && super::builtin::exception_bases(name).is_some()
        }
        _ => false,
    };
    let enters = match &handler.class {
        None => true,
        Some(class) => match &class.kind {
            ExprKind::Tuple(classes) => !classes.iter().all(is_builtin),
            _ => !is_builtin(class),
        },
    };
    // What stands before the last statement may still leave the handler.
    enters
        && !matches!(
            handler.body.as_slice(),
            [before @ .., Stmt { kind: StmtKind::Raise { .. }, .. }]
                if before.iter().all(|it| matches!(it.kind, StmtKind::Expr(_) | StmtKind::Assign { .. }))
        )
}

/// Whether every exception ends in a handler that does nothing but tell about it.
pub(super) fn passes_over(handlers: &[Handler]) -> bool {
    let catches_all = |handler: &Handler| match handler.class.as_ref().map(|class| &class.kind) {
        None => true,
        Some(ExprKind::Name(name)) => matches!(&**name, "Exception" | "BaseException"),
        Some(_) => false,
    };
    handlers.iter().any(catches_all)
        && handlers.iter().all(|handler| handler.body.iter().all(only_tells))
}

pub(super) fn only_tells(statement: &Stmt) -> bool {
    match &statement.kind {
        StmtKind::Pass => true,
        StmtKind::Expr(expression) => match &expression.kind {
            ExprKind::Call { callee, .. } => match &callee.kind {
                ExprKind::Name(name) => &**name == "print",
                ExprKind::Attribute { object, .. } => match &object.kind {
                    ExprKind::Name(name) => {
                        let name = name.trim_start_matches('_').to_ascii_lowercase();
                        matches!(&*name, "log" | "logger" | "logging" | "warnings")
                    }
                    _ => false,
                },
                _ => false,
            },
            kind => matches!(kind, ExprKind::Str(..)),
        },
        _ => false,
    }
}

/// Whether a block leaves no name behind, so that what follows it does not depend on how far it went.
pub(super) fn binds_nothing(block: &[Stmt]) -> bool {
    let mut stack: Vec<&Stmt> = block.iter().collect();
    while let Some(statement) = stack.pop() {
        match &statement.kind {
            StmtKind::Pass | StmtKind::Expr(_) => {}
            StmtKind::With { body, .. } => stack.extend(body.iter()),
            StmtKind::If { branches, otherwise } => {
                stack.extend(branches.iter().flat_map(|(_, body)| body).chain(otherwise));
            }
            StmtKind::For { body, otherwise, .. } => stack.extend(body.iter().chain(otherwise)),
            _ => return false,
        }
    }
    true
}
