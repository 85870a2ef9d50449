//! A walk over everything that a module says, for rules that look at names and calls.

use revline_python::syntax::ast::{
    Arg, Block, Clause, Expr, ExprKind, FStringPart, FunctionDef, Stmt, StmtKind,
};

/// What a walk meets.
pub(crate) enum Met<'a> {
    /// A statement, before what it consists of.
    Statement(&'a Stmt),
    /// An expression, before what it consists of.
    Expression(&'a Expr),
    /// A function or lambda, before what it consists of.
    Function(&'a FunctionDef),
}

/// Visits every statement and expression; `caught` says whether it stands in a `try` that has
/// handlers. The tree is bounded in depth, and so is the walk.
pub(crate) fn walk<'a>(block: &'a Block, visit: &mut dyn FnMut(&Met<'a>, bool)) {
    Walk { visit, caught: false }.block(block);
}

struct Walk<'v, 'a> {
    visit: &'v mut dyn FnMut(&Met<'a>, bool),
    caught: bool,
}

impl<'a> Walk<'_, 'a> {
    fn block(&mut self, block: &'a Block) {
        for statement in block {
            self.statement(statement);
        }
    }

    fn all(&mut self, expressions: impl IntoIterator<Item = &'a Expr>) {
        for expression in expressions {
            self.expression(expression);
        }
    }

    fn statement(&mut self, statement: &'a Stmt) {
        (self.visit)(&Met::Statement(statement), self.caught);
        match &statement.kind {
            StmtKind::Expr(value) => self.expression(value),
            StmtKind::Assign { targets, value, .. } => {
                self.all(targets);
                self.expression(value);
            }
            StmtKind::Declare { target } => self.expression(target),
            StmtKind::AugAssign { target, value, .. } => {
                self.expression(target);
                self.expression(value);
            }
            StmtKind::Return(value) => self.all(value),
            StmtKind::Raise { exception } => self.all(exception),
            StmtKind::Assert { test, message } => {
                self.expression(test);
                self.all(message);
            }
            StmtKind::If { branches, otherwise } => {
                for (test, body) in branches {
                    self.expression(test);
                    self.block(body);
                }
                self.block(otherwise);
            }
            StmtKind::For { target, iterable, body, otherwise } => {
                self.expression(target);
                self.expression(iterable);
                self.block(body);
                self.block(otherwise);
            }
            StmtKind::While { test, body, otherwise } => {
                self.expression(test);
                self.block(body);
                self.block(otherwise);
            }
            StmtKind::With { items, body } => {
                for item in items {
                    self.expression(&item.value);
                    self.all(&item.target);
                }
                self.block(body);
            }
            StmtKind::Try { body, handlers, otherwise, finally } => {
                let outside = self.caught;
                self.caught |= !handlers.is_empty();
                self.block(body);
                self.caught = outside;
                for handler in handlers {
                    self.all(&handler.class);
                    self.block(&handler.body);
                }
                self.block(otherwise);
                self.block(finally);
            }
            StmtKind::Function(function) => {
                self.all(&function.decorators);
                self.function(function);
            }
            StmtKind::Class(class) => {
                self.all(&class.decorators);
                self.arguments(&class.bases);
                self.block(&class.body);
            }
            StmtKind::Delete(targets) => self.all(targets),
            StmtKind::Import(_)
            | StmtKind::ImportFrom(_)
            | StmtKind::Global(_)
            | StmtKind::Nonlocal(_)
            | StmtKind::Pass
            | StmtKind::Break
            | StmtKind::Continue
            | StmtKind::Opaque(_) => {}
        }
    }

    fn function(&mut self, function: &'a FunctionDef) {
        (self.visit)(&Met::Function(function), self.caught);
        self.all(function.parameters.iter().filter_map(|parameter| parameter.default.as_ref()));
        self.block(&function.body);
    }

    fn arguments(&mut self, arguments: &'a [Arg]) {
        for argument in arguments {
            match argument {
                Arg::Positional(value)
                | Arg::Star(value)
                | Arg::StarStar(value)
                | Arg::Keyword { value, .. } => self.expression(value),
            }
        }
    }

    fn text(&mut self, parts: &'a [FStringPart]) {
        for part in parts {
            if let FStringPart::Value { value, format, .. } = part {
                self.expression(value);
                self.text(format);
            }
        }
    }

    fn expression(&mut self, expression: &'a Expr) {
        (self.visit)(&Met::Expression(expression), self.caught);
        match &expression.kind {
            ExprKind::FString(parts) => self.text(parts),
            ExprKind::Tuple(items) | ExprKind::List(items) | ExprKind::Set(items) => {
                self.all(items);
            }
            ExprKind::Dict(items) => {
                for (key, value) in items {
                    self.all(key);
                    self.expression(value);
                }
            }
            ExprKind::Attribute { object, .. } => self.expression(object),
            ExprKind::Subscript { object, index } => {
                self.expression(object);
                self.expression(index);
            }
            ExprKind::Slice { lower, upper, step } => {
                for part in [lower, upper, step] {
                    self.all(part.as_deref());
                }
            }
            ExprKind::Call { callee, arguments } => {
                self.expression(callee);
                self.arguments(arguments);
            }
            ExprKind::Unary { operand, .. } => self.expression(operand),
            ExprKind::Binary { first, rest } | ExprKind::Compare { first, rest } => {
                self.expression(first);
                self.all(rest.iter().map(|(_, operand)| operand));
            }
            ExprKind::Bool { operands, .. } => self.all(operands),
            ExprKind::Conditional { test, then, otherwise } => {
                for part in [test, then, otherwise] {
                    self.expression(part);
                }
            }
            ExprKind::Lambda(function) => self.function(function),
            ExprKind::Comprehension(comprehension) => {
                self.all([&comprehension.element]);
                self.all(&comprehension.value);
                for clause in &comprehension.clauses {
                    match clause {
                        Clause::For { target, iterable } => self.all([target, iterable]),
                        Clause::If(test) => self.expression(test),
                    }
                }
            }
            ExprKind::Starred(inner) | ExprKind::Await(inner) => self.expression(inner),
            ExprKind::Named { value, .. } => self.expression(value),
            ExprKind::Name(_)
            | ExprKind::None
            | ExprKind::True
            | ExprKind::False
            | ExprKind::Ellipsis
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Str(_)
            | ExprKind::Bytes(_)
            | ExprKind::Opaque(_) => {}
        }
    }
}
