//! What features ask about a file, without walking it themselves.

use std::sync::Arc;

use revline_text::Range;

use super::Source;
use super::ast::{ExprKind, Stmt, StmtKind};

/// What the body of a function does, as far as its shape tells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Body {
    /// There is no such function.
    Absent,
    /// Nothing: `pass`, `...`, a docstring, a bare `return`, or no statement at all.
    Empty {
        /// The bytes of the body.
        range: Range,
    },
    /// It only raises, after a docstring perhaps.
    Raises {
        /// The `raise` statement.
        range: Range,
        /// The name of the exception's class as written, where it is a name: `NotImplementedError`.
        exception: Option<Arc<str>>,
    },
    /// It does something.
    Present {
        /// The bytes of the body.
        range: Range,
    },
}

/// A function at the top level of a module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FunctionView {
    /// Its name.
    pub name: Arc<str>,
    /// Where the name stands.
    pub name_range: Range,
    /// The whole definition, decorators included.
    pub range: Range,
    /// The bytes of the body's statements.
    pub body_range: Range,
    /// What the body does.
    pub body: Body,
}

/// A name that an import at the top level binds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImportView {
    /// The dotted path of what it stands for, dots of a relative import in front: `sqlalchemy`,
    /// `alembic.op`, `..models.Base`.
    pub path: String,
    /// The name bound in the module.
    pub binds: Arc<str>,
    /// The whole statement.
    pub range: Range,
}

/// An assignment at the top level.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TopAssignment {
    /// The name.
    pub name: Arc<str>,
    /// Where the name stands.
    pub name_range: Range,
    /// The expression assigned.
    pub value_range: Range,
    /// The whole statement.
    pub range: Range,
}

impl Source {
    /// The functions of the top level, in order. A name may stand twice: the last one counts.
    pub fn functions(&self) -> Vec<FunctionView> {
        let mut functions = Vec::new();
        for statement in self.module().iter() {
            if let StmtKind::Function(function) = &statement.kind {
                functions.push(FunctionView {
                    name: function.name.clone(),
                    name_range: function.name_range,
                    range: function.range,
                    body_range: function.body_range,
                    body: body(&function.body, function.body_range),
                });
            }
        }
        functions
    }

    /// The function of that name that counts.
    pub fn function(&self, name: &str) -> Option<FunctionView> {
        self.functions().into_iter().rfind(|function| &*function.name == name)
    }

    /// What the body of the top-level function `name` does.
    pub fn body_of(&self, name: &str) -> Body {
        self.function(name).map_or(Body::Absent, |function| function.body)
    }

    /// The names that imports at the top level bind, in order. `import *` binds none.
    pub fn imports(&self) -> Vec<ImportView> {
        let mut imports = Vec::new();
        for statement in self.module().iter() {
            let range = statement.range;
            match &statement.kind {
                StmtKind::Import(names) => {
                    for name in names {
                        let first = name.module.split('.').next().unwrap_or_default();
                        let (path, binds) = match &name.alias {
                            Some(alias) => (name.module.to_string(), alias.clone()),
                            None => (first.to_owned(), Arc::from(first)),
                        };
                        imports.push(ImportView { path, binds, range });
                    }
                }
                StmtKind::ImportFrom(from) => {
                    let mut prefix = ".".repeat(from.level as usize);
                    prefix.push_str(&from.module);
                    if !from.module.is_empty() {
                        prefix.push('.');
                    }
                    for name in &from.names {
                        let path = format!("{prefix}{}", name.module);
                        let binds = name.alias.clone().unwrap_or_else(|| name.module.clone());
                        imports.push(ImportView { path, binds, range });
                    }
                }
                _ => {}
            }
        }
        imports
    }

    /// The assignments to plain names at the top level, in order.
    pub fn assignments(&self) -> Vec<TopAssignment> {
        let mut assignments = Vec::new();
        for statement in self.module().iter() {
            let StmtKind::Assign { targets, value, .. } = &statement.kind else { continue };
            for target in targets {
                if let ExprKind::Name(name) = &target.kind {
                    assignments.push(TopAssignment {
                        name: name.clone(),
                        name_range: target.range,
                        value_range: value.range,
                        range: statement.range,
                    });
                }
            }
        }
        assignments
    }

    /// The calls in a range of the file, outermost first: the dotted text before the parentheses,
    /// and the bytes of the whole call. Calls of anything but a dotted name are left out.
    pub fn calls(&self, within: Range) -> Vec<(String, Range)> {
        let mut calls = Vec::new();
        let Some(root) = self.root() else { return calls };
        let mut cursor = root.walk();
        loop {
            let node = cursor.node();
            let place = Range::of(node.start_byte(), node.end_byte());
            let relevant = place.intersects(within);
            if relevant && node.kind() == "call" && within.contains(place) {
                let callee = node.child_by_field_name("function");
                let text = callee
                    .map(|callee| Range::of(callee.start_byte(), callee.end_byte()))
                    .and_then(|callee| callee.slice(&self.text))
                    .unwrap_or_default();
                let dotted = |char: char| char == '.' || char == '_' || char.is_alphanumeric();
                if !text.is_empty() && text.chars().all(dotted) {
                    calls.push((text.to_owned(), place));
                }
            }
            if relevant && cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return calls;
                }
            }
        }
    }
}

fn body(statements: &[Stmt], range: Range) -> Body {
    let mut raised = None;
    for statement in statements {
        match &statement.kind {
            StmtKind::Pass | StmtKind::Return(None) => {}
            StmtKind::Expr(expression)
                if matches!(expression.kind, ExprKind::Str(_) | ExprKind::Ellipsis) => {}
            StmtKind::Return(Some(value)) if matches!(value.kind, ExprKind::None) => {}
            StmtKind::Raise { exception } => {
                let class = match exception.as_ref().map(|exception| &exception.kind) {
                    Some(ExprKind::Name(name)) => Some(name.clone()),
                    Some(ExprKind::Call { callee, .. }) => match &callee.kind {
                        ExprKind::Name(name) => Some(name.clone()),
                        ExprKind::Attribute { name, .. } => Some(name.clone()),
                        _ => None,
                    },
                    Some(ExprKind::Attribute { name, .. }) => Some(name.clone()),
                    _ => None,
                };
                raised.get_or_insert((statement.range, class));
                // What follows a `raise` is never reached.
                break;
            }
            _ => return Body::Present { range },
        }
    }
    match raised {
        Some((range, exception)) => Body::Raises { range, exception },
        None => Body::Empty { range },
    }
}
