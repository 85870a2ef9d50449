//! The functions of a migration as the rules ask for them.

use revline_python::Source;
use revline_python::syntax::ast::{Block, Expr, ExprKind, StmtKind};
use revline_python::syntax::{Body, FunctionView};

/// `upgrade` and the `downgrade` that belongs to it.
pub(crate) struct Pair {
    /// `upgrade`, or `upgrade_NAME` where one calls several by the name of a database.
    pub(crate) upgrade: FunctionView,
    /// The function of the other direction, where there is one.
    pub(crate) downgrade: Option<FunctionView>,
}

impl Pair {
    /// Whether the upgrade does something.
    pub(crate) const fn does_something(&self) -> bool {
        matches!(self.upgrade.body, Body::Present { .. })
    }
}

/// The pairs of a migration. In Alembic's template for several databases `upgrade(engine_name)`
/// calls `upgrade_NAME()` through `globals()`: there the pairs are those, and not the two callers.
/// None for a file that is not Python as it stands: what it lacks may be about to be typed.
pub(crate) fn pairs(source: &Source) -> Vec<Pair> {
    if !source.is_valid() {
        return Vec::new();
    }
    let functions = source.functions();
    let find = |name: &str| functions.iter().rfind(|function| &*function.name == name).cloned();
    let Some(upgrade) = find("upgrade") else { return Vec::new() };
    let calls_others =
        source.calls(upgrade.body_range).iter().any(|(callee, _)| callee == "globals");
    if !calls_others {
        return vec![Pair { upgrade, downgrade: find("downgrade") }];
    }
    let named = functions.iter().filter_map(|function| {
        let name = function.name.strip_prefix("upgrade_")?;
        let downgrade = find(&format!("downgrade_{name}"));
        Some(Pair { upgrade: function.clone(), downgrade })
    });
    named.collect()
}

/// Whether the module binds a name at all: by a definition, an assignment or an import, also within
/// `if`, `try` and the like, and by anything that could bind any name.
pub(crate) fn may_bind(source: &Source, name: &str) -> bool {
    binds(source.module(), name, 0)
}

/// Deeper than this nobody defines a name of the module.
const DEEPEST: usize = 16;

fn binds(block: &Block, name: &str, depth: usize) -> bool {
    if depth > DEEPEST {
        return true;
    }
    let within = |block: &Block| binds(block, name, depth + 1);
    block.iter().any(|statement| match &statement.kind {
        StmtKind::Function(function) => &*function.name == name,
        StmtKind::Class(class) => &*class.name == name,
        StmtKind::Assign { targets, .. } => targets.iter().any(|target| names(target, name, 0)),
        StmtKind::AugAssign { target, .. } => names(target, name, 0),
        StmtKind::Import(imports) => imports.iter().any(|import| {
            let first = import.module.split('.').next().unwrap_or_default();
            import.alias.as_deref().unwrap_or(first) == name
        }),
        StmtKind::ImportFrom(from) => {
            let bound = |import: &revline_python::syntax::ast::ImportName| {
                import.alias.as_deref().unwrap_or(&import.module) == name
            };
            from.star || from.names.iter().any(bound)
        }
        StmtKind::If { branches, otherwise } => {
            branches.iter().any(|(_, block)| within(block)) || within(otherwise)
        }
        StmtKind::For { target, body, otherwise, .. } => {
            names(target, name, 0) || within(body) || within(otherwise)
        }
        StmtKind::While { body, otherwise, .. } => within(body) || within(otherwise),
        StmtKind::With { items, body } => {
            let target = |target: &Expr| names(target, name, 0);
            items.iter().any(|item| item.target.as_deref().is_some_and(target)) || within(body)
        }
        StmtKind::Try { body, handlers, otherwise, finally } => {
            within(body)
                || handlers.iter().any(|handler| within(&handler.body))
                || within(otherwise)
                || within(finally)
        }
        // `globals()[...] = ...`, `exec(...)`: it may bind anything.
        StmtKind::Expr(expression) => calls_unknown(expression),
        StmtKind::Opaque(_) => true,
        StmtKind::Declare { .. }
        | StmtKind::Return(_)
        | StmtKind::Raise { .. }
        | StmtKind::Assert { .. }
        | StmtKind::Global(_)
        | StmtKind::Nonlocal(_)
        | StmtKind::Delete(_)
        | StmtKind::Pass
        | StmtKind::Break
        | StmtKind::Continue => false,
    })
}

fn names(target: &Expr, name: &str, depth: usize) -> bool {
    if depth > DEEPEST {
        return true;
    }
    match &target.kind {
        ExprKind::Name(own) => &**own == name,
        ExprKind::Tuple(parts) | ExprKind::List(parts) => {
            parts.iter().any(|part| names(part, name, depth + 1))
        }
        ExprKind::Starred(inner) => names(inner, name, depth + 1),
        ExprKind::Subscript { object, .. } => matches!(object.kind, ExprKind::Call { .. }),
        _ => false,
    }
}

fn calls_unknown(expression: &Expr) -> bool {
    let ExprKind::Call { callee, .. } = &expression.kind else { return false };
    match &callee.kind {
        ExprKind::Name(name) => matches!(&**name, "exec" | "setattr"),
        ExprKind::Attribute { object, .. } => matches!(object.kind, ExprKind::Call { .. }),
        _ => false,
    }
}
