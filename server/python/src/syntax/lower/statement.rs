//! Statements.

use std::sync::Arc;

use tree_sitter::Node;

use super::super::ast::{Block, Expr, Handler, ImportFrom, ImportName, Stmt, StmtKind, WithItem};
use super::expression::augmented_operator;
use super::{Lowering, NOT_PYTHON, TOO_DEEP, opaque, parts, range};

impl Lowering<'_> {
    pub(super) fn statements(&mut self, block: Node<'_>) -> Block {
        parts(block).into_iter().map(|node| self.statement(node)).collect()
    }

    /// The statements of a clause's block; empty where there is none.
    pub(super) fn block(&mut self, node: Node<'_>, field: &str) -> Block {
        match node.child_by_field_name(field) {
            Some(block) => self.statements(block),
            None => Vec::new(),
        }
    }

    fn statement(&mut self, node: Node<'_>) -> Stmt {
        let kind = self.deeper(|lowering| lowering.statement_kind(node));
        Stmt { range: range(node), kind: kind.unwrap_or(StmtKind::Opaque(TOO_DEEP)) }
    }

    /// A field of a statement as an expression; opaque where a part of it is not Python.
    fn expression_field(&mut self, node: Node<'_>, field: &str) -> Expr {
        match node.child_by_field_name(field) {
            Some(child) if !child.has_error() => self.expression(child),
            Some(child) => opaque(range(child), NOT_PYTHON),
            None => opaque(range(node), NOT_PYTHON),
        }
    }

    fn statement_kind(&mut self, node: Node<'_>) -> StmtKind {
        match node.kind() {
            "if_statement" => self.if_statement(node),
            "for_statement" => StmtKind::For {
                target: self.expression_field(node, "left"),
                iterable: self.expression_field(node, "right"),
                body: self.block(node, "body"),
                otherwise: self.otherwise(node),
            },
            "while_statement" => StmtKind::While {
                test: self.expression_field(node, "condition"),
                body: self.block(node, "body"),
                otherwise: self.otherwise(node),
            },
            "with_statement" => self.with_statement(node),
            "try_statement" => self.try_statement(node),
            "function_definition" => match self.function(node, node, Vec::new()) {
                Some(function) => StmtKind::Function(function),
                None => StmtKind::Opaque(NOT_PYTHON),
            },
            "class_definition" => match self.class(node, node, Vec::new()) {
                Some(class) => StmtKind::Class(class),
                None => StmtKind::Opaque(NOT_PYTHON),
            },
            "decorated_definition" => self.decorated(node),
            "match_statement" => StmtKind::Opaque("`match` is not evaluated"),
            _ if node.has_error() => StmtKind::Opaque(NOT_PYTHON),
            _ => self.simple_statement(node),
        }
    }

    fn simple_statement(&mut self, node: Node<'_>) -> StmtKind {
        let inner = parts(node);
        match node.kind() {
            "expression_statement" => self.expression_statement(node, &inner),
            "return_statement" => {
                StmtKind::Return(inner.first().map(|value| self.expression(*value)))
            }
            "raise_statement" => {
                let cause = node.child_by_field_name("cause").map(|cause| cause.id());
                let exception = inner.first().filter(|first| Some(first.id()) != cause);
                StmtKind::Raise { exception: exception.map(|value| self.expression(*value)) }
            }
            "assert_statement" => match inner.as_slice() {
                [test] => StmtKind::Assert { test: self.expression(*test), message: None },
                [test, message, ..] => StmtKind::Assert {
                    test: self.expression(*test),
                    message: Some(self.expression(*message)),
                },
                [] => StmtKind::Opaque(NOT_PYTHON),
            },
            "pass_statement" | "type_alias_statement" | "future_import_statement" => StmtKind::Pass,
            "break_statement" => StmtKind::Break,
            "continue_statement" => StmtKind::Continue,
            "global_statement" => StmtKind::Global(self.names(&inner)),
            "nonlocal_statement" => StmtKind::Nonlocal(self.names(&inner)),
            "delete_statement" => StmtKind::Delete(match inner.as_slice() {
                [list] if list.kind() == "expression_list" => self.all(*list),
                _ => inner.iter().map(|target| self.expression(*target)).collect(),
            }),
            "import_statement" => StmtKind::Import(self.imported(node)),
            "import_from_statement" => self.import_from(node),
            "print_statement" | "exec_statement" => {
                StmtKind::Opaque("a statement of Python 2 is not evaluated")
            }
            "ERROR" => StmtKind::Opaque(NOT_PYTHON),
            _ => StmtKind::Opaque("a statement beyond what is evaluated"),
        }
    }

    fn names(&self, nodes: &[Node<'_>]) -> Vec<Arc<str>> {
        nodes.iter().map(|node| self.name(*node)).collect()
    }

    fn expression_statement(&mut self, node: Node<'_>, inner: &[Node<'_>]) -> StmtKind {
        match inner {
            [only] if only.kind() == "assignment" => self.assignment(*only),
            [only] if only.kind() == "augmented_assignment" => {
                let sign = only.child_by_field_name("operator").map_or("", |sign| sign.kind());
                match augmented_operator(sign) {
                    Some(operator) => StmtKind::AugAssign {
                        target: self.expression_field(*only, "left"),
                        operator,
                        value: self.expression_field(*only, "right"),
                    },
                    None => StmtKind::Opaque(NOT_PYTHON),
                }
            }
            [only] => StmtKind::Expr(self.expression(*only)),
            _ => StmtKind::Expr(Expr {
                range: range(node),
                kind: super::super::ast::ExprKind::Tuple(
                    inner.iter().map(|item| self.expression(*item)).collect(),
                ),
            }),
        }
    }

    fn assignment(&mut self, node: Node<'_>) -> StmtKind {
        let mut targets = vec![self.expression_field(node, "left")];
        let annotation = node.child_by_field_name("type").map(range);
        let mut right = node.child_by_field_name("right");
        while let Some(next) = right.filter(|right| right.kind() == "assignment") {
            targets.push(self.expression_field(next, "left"));
            right = next.child_by_field_name("right");
        }
        match (right, targets.pop()) {
            (Some(value), Some(last)) => {
                targets.push(last);
                StmtKind::Assign { targets, value: self.expression(value), annotation }
            }
            (None, Some(target)) => StmtKind::Declare { target },
            (_, None) => StmtKind::Opaque(NOT_PYTHON),
        }
    }

    fn if_statement(&mut self, node: Node<'_>) -> StmtKind {
        let mut branches =
            vec![(self.expression_field(node, "condition"), self.block(node, "consequence"))];
        let mut otherwise = Vec::new();
        let mut cursor = node.walk();
        let others: Vec<Node<'_>> =
            node.children_by_field_name("alternative", &mut cursor).collect();
        for other in others {
            if other.kind() == "elif_clause" {
                let test = self.expression_field(other, "condition");
                branches.push((test, self.block(other, "consequence")));
            } else {
                otherwise = self.block(other, "body");
            }
        }
        StmtKind::If { branches, otherwise }
    }

    fn otherwise(&mut self, node: Node<'_>) -> Block {
        match node.child_by_field_name("alternative") {
            Some(clause) => self.block(clause, "body"),
            None => Vec::new(),
        }
    }

    fn with_statement(&mut self, node: Node<'_>) -> StmtKind {
        let is_async = self.text(node).starts_with("async");
        let Some(clause) = parts(node).into_iter().find(|part| part.kind() == "with_clause") else {
            return StmtKind::Opaque(NOT_PYTHON);
        };
        let mut items = Vec::new();
        for item in parts(clause) {
            let Some(value) = item.child_by_field_name("value").filter(|it| !it.has_error()) else {
                return StmtKind::Opaque(NOT_PYTHON);
            };
            // `with (a as x, b as y):` may be read as one item, a tuple of patterns.
            let several = match value.kind() {
                "tuple" if parts(value).iter().any(|part| part.kind() == "as_pattern") => {
                    parts(value)
                }
                "parenthesized_expression"
                    if parts(value).iter().any(|part| part.kind() == "as_pattern") =>
                {
                    parts(value)
                }
                _ => vec![value],
            };
            for value in several {
                items.push(self.with_item(value, is_async));
            }
        }
        StmtKind::With { items, body: self.block(node, "body") }
    }

    fn with_item(&mut self, value: Node<'_>, is_async: bool) -> WithItem {
        if value.kind() == "as_pattern"
            && let [inner, target] = parts(value).as_slice()
        {
            return WithItem {
                range: range(value),
                value: self.expression(*inner),
                target: Some(self.expression(*target)),
                is_async,
            };
        }
        WithItem { range: range(value), value: self.expression(value), target: None, is_async }
    }

    fn try_statement(&mut self, node: Node<'_>) -> StmtKind {
        let body = self.block(node, "body");
        let (mut handlers, mut otherwise, mut finally) = (Vec::new(), Vec::new(), Vec::new());
        for part in parts(node) {
            match part.kind() {
                "except_clause" => handlers.push(self.handler(part)),
                "else_clause" => otherwise = self.block(part, "body"),
                "finally_clause" => finally = self.last_block(part),
                _ => {}
            }
        }
        StmtKind::Try { body, handlers, otherwise, finally }
    }

    fn last_block(&mut self, node: Node<'_>) -> Block {
        match parts(node).into_iter().rfind(|part| part.kind() == "block") {
            Some(block) => self.statements(block),
            None => Vec::new(),
        }
    }

    fn handler(&mut self, node: Node<'_>) -> Handler {
        let mut class = node.child_by_field_name("value");
        let mut name = node.child_by_field_name("alias");
        if let Some(pattern) = class.filter(|class| class.kind() == "as_pattern")
            && let [inner, target] = parts(pattern).as_slice()
        {
            class = Some(*inner);
            name = Some(*target);
        }
        let body = self.last_block(node);
        Handler {
            range: range(node),
            class: class.map(|class| {
                if class.has_error() {
                    opaque(range(class), NOT_PYTHON)
                } else {
                    self.expression(class)
                }
            }),
            name: name.map(|name| self.name(name)),
            body,
        }
    }

    /// The names of an import statement.
    fn imported(&mut self, node: Node<'_>) -> Vec<ImportName> {
        let mut cursor = node.walk();
        let names: Vec<Node<'_>> = node.children_by_field_name("name", &mut cursor).collect();
        let mut imported = Vec::new();
        for node in names {
            let (name, alias) = if node.kind() == "aliased_import" {
                (node.child_by_field_name("name"), node.child_by_field_name("alias"))
            } else {
                (Some(node), None)
            };
            if let Some(name) = name {
                imported.push(ImportName {
                    module: self.dotted(name),
                    range: range(name),
                    alias: alias.map(|alias| self.name(alias)),
                });
            }
        }
        imported
    }

    fn dotted(&self, node: Node<'_>) -> Arc<str> {
        let names: Vec<&str> = parts(node).into_iter().map(|part| self.text(part)).collect();
        names.join(".").into()
    }

    fn import_from(&mut self, node: Node<'_>) -> StmtKind {
        let Some(module) = node.child_by_field_name("module_name") else {
            return StmtKind::Opaque(NOT_PYTHON);
        };
        let (mut level, mut name): (u32, Arc<str>) = (0, Arc::from(""));
        if module.kind() == "relative_import" {
            for part in parts(module) {
                if part.kind() == "import_prefix" {
                    let dots = self.text(part).bytes().filter(|byte| *byte == b'.').count();
                    level = u32::try_from(dots).unwrap_or(u32::MAX);
                } else {
                    name = self.dotted(part);
                }
            }
        } else {
            name = self.dotted(module);
        }
        let star = parts(node).iter().any(|part| part.kind() == "wildcard_import");
        StmtKind::ImportFrom(ImportFrom {
            level,
            module: name,
            module_range: range(module),
            names: self.imported(node),
            star,
        })
    }
}
