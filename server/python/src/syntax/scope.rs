//! Which names a block of statements binds.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::ast::{Expr, ExprKind, ImportName, Stmt, StmtKind};

/// The names that a function's body makes its own by binding them, sorted: those that it does not declare
/// to live elsewhere.
pub(crate) fn locals(body: &[Stmt]) -> Vec<Arc<str>> {
    let mut names = Names::default();
    names.block(body);
    names.bound.difference(&names.declared).cloned().collect()
}

/// The names that a block binds.
pub(crate) fn bound(body: &[Stmt]) -> BTreeSet<Arc<str>> {
    let mut names = Names::default();
    names.block(body);
    names.bound
}

#[derive(Default)]
struct Names {
    bound: BTreeSet<Arc<str>>,
    declared: BTreeSet<Arc<str>>,
}

impl Names {
    fn block(&mut self, body: &[Stmt]) {
        let mut stack: Vec<&Stmt> = body.iter().collect();
        while let Some(statement) = stack.pop() {
            match &statement.kind {
                StmtKind::Assign { targets, .. } | StmtKind::Delete(targets) => {
                    targets.iter().for_each(|target| self.target(target));
                }
                StmtKind::AugAssign { target, .. } | StmtKind::Declare { target } => {
                    self.target(target);
                }
                StmtKind::For { target, body, otherwise, .. } => {
                    self.target(target);
                    stack.extend(body.iter().chain(otherwise));
                }
                StmtKind::While { body, otherwise, .. } => {
                    stack.extend(body.iter().chain(otherwise));
                }
                StmtKind::If { branches, otherwise } => {
                    stack.extend(branches.iter().flat_map(|(_, body)| body).chain(otherwise));
                }
                StmtKind::With { items, body } => {
                    for target in items.iter().filter_map(|item| item.target.as_deref()) {
                        self.target(target);
                    }
                    stack.extend(body.iter());
                }
                StmtKind::Try { body, handlers, otherwise, finally } => {
                    self.bound.extend(handlers.iter().filter_map(|handler| handler.name.clone()));
                    stack.extend(body.iter().chain(otherwise).chain(finally));
                    stack.extend(handlers.iter().flat_map(|handler| &handler.body));
                }
                StmtKind::Function(definition) => {
                    self.bound.insert(definition.name.clone());
                }
                StmtKind::Class(definition) => {
                    self.bound.insert(definition.name.clone());
                }
                StmtKind::Import(names) => names.iter().for_each(|name| self.import(name)),
                StmtKind::ImportFrom(from) => from.names.iter().for_each(|name| self.import(name)),
                StmtKind::Global(names) | StmtKind::Nonlocal(names) => {
                    self.declared.extend(names.iter().cloned());
                }
                _ => {}
            }
        }
    }

    fn import(&mut self, name: &ImportName) {
        self.bound.insert(match &name.alias {
            Some(alias) => alias.clone(),
            None => name.module.split('.').next().unwrap_or_default().into(),
        });
    }

    fn target(&mut self, target: &Expr) {
        let mut stack = vec![target];
        while let Some(target) = stack.pop() {
            match &target.kind {
                ExprKind::Name(name) => {
                    self.bound.insert(name.clone());
                }
                ExprKind::Tuple(items) | ExprKind::List(items) => stack.extend(items),
                ExprKind::Starred(inner) => stack.push(inner),
                _ => {}
            }
        }
    }
}
