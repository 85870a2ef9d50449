//! Functions, lambdas and classes.

use std::sync::Arc;

use revline_text::Range;
use tree_sitter::Node;

use super::super::ast::{
    ClassDef, Expr, FunctionDef, Parameter, ParameterKind, Stmt, StmtKind, Suspends,
};
use super::super::scope;
use super::{Lowering, NOT_PYTHON, opaque, parts, range};

impl Lowering<'_> {
    pub(super) fn decorated(&mut self, node: Node<'_>) -> StmtKind {
        let mut decorators = Vec::new();
        for part in parts(node) {
            if part.kind() == "decorator" {
                decorators.push(match parts(part).first() {
                    Some(inner) if !part.has_error() => self.expression(*inner),
                    _ => opaque(range(part), NOT_PYTHON),
                });
            }
        }
        match node.child_by_field_name("definition") {
            Some(inner) if inner.kind() == "function_definition" => {
                match self.function(inner, node, decorators) {
                    Some(function) => StmtKind::Function(function),
                    None => StmtKind::Opaque(NOT_PYTHON),
                }
            }
            Some(inner) => match self.class(inner, node, decorators) {
                Some(class) => StmtKind::Class(class),
                None => StmtKind::Opaque(NOT_PYTHON),
            },
            None => StmtKind::Opaque(NOT_PYTHON),
        }
    }

    pub(super) fn function(
        &mut self,
        node: Node<'_>,
        whole: Node<'_>,
        decorators: Vec<Expr>,
    ) -> Option<Arc<FunctionDef>> {
        let name = node.child_by_field_name("name")?;
        let parameters = node.child_by_field_name("parameters")?;
        if name.is_missing() || parameters.has_error() {
            return None;
        }
        let body = node.child_by_field_name("body");
        let suspends = match body.is_some_and(yields) {
            true => Some(Suspends::Generator),
            false => self.text(node).starts_with("async").then_some(Suspends::Coroutine),
        };
        let statements = self.block(node, "body");
        Some(Arc::new(FunctionDef {
            locals: scope::locals(&statements),
            name: self.name(name),
            name_range: range(name),
            range: range(whole),
            body_range: body.map_or(Range::empty(range(node).end()), statements_range),
            parameters: self.parameters(parameters),
            body: statements,
            decorators,
            suspends,
        }))
    }

    pub(super) fn lambda(&mut self, node: Node<'_>) -> Arc<FunctionDef> {
        let parameters = node.child_by_field_name("parameters");
        let parameters = parameters.map(|list| self.parameters(list)).unwrap_or_default();
        let value = match node.child_by_field_name("body") {
            Some(body) => self.expression(body),
            None => opaque(range(node), NOT_PYTHON),
        };
        let whole = range(node);
        let body_range = value.range;
        let statement = Stmt { range: body_range, kind: StmtKind::Return(Some(value)) };
        Arc::new(FunctionDef {
            name: "<lambda>".into(),
            name_range: Range::new(whole.start(), whole.start().saturating_add(6)),
            range: whole,
            body_range,
            parameters,
            body: vec![statement],
            decorators: Vec::new(),
            locals: Vec::new(),
            suspends: None,
        })
    }

    pub(super) fn class(
        &mut self,
        node: Node<'_>,
        whole: Node<'_>,
        decorators: Vec<Expr>,
    ) -> Option<Arc<ClassDef>> {
        let name = node.child_by_field_name("name")?;
        if name.is_missing() {
            return None;
        }
        let bases = node.child_by_field_name("superclasses");
        let bases = bases.map(|list| self.arguments(list)).unwrap_or_default();
        Some(Arc::new(ClassDef {
            name: self.name(name),
            name_range: range(name),
            range: range(whole),
            bases,
            body: self.block(node, "body"),
            decorators,
        }))
    }

    fn parameters(&mut self, list: Node<'_>) -> Vec<Parameter> {
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut kind = ParameterKind::Either;
        for node in parts(list) {
            let (name, default) = match node.kind() {
                "identifier" => (Some(node), None),
                "typed_parameter" => (parts(node).first().copied(), None),
                "default_parameter" | "typed_default_parameter" => {
                    (node.child_by_field_name("name"), node.child_by_field_name("value"))
                }
                "list_splat_pattern" | "dictionary_splat_pattern" => (Some(node), None),
                "keyword_separator" => {
                    kind = ParameterKind::Keyword;
                    continue;
                }
                "positional_separator" => {
                    for parameter in &mut parameters {
                        parameter.kind = ParameterKind::Positional;
                    }
                    continue;
                }
                _ => (None, None),
            };
            let Some(name) = name else { continue };
            let (name, own) = match name.kind() {
                "list_splat_pattern" => (parts(name).first().copied(), ParameterKind::Rest),
                "dictionary_splat_pattern" => {
                    (parts(name).first().copied(), ParameterKind::Keywords)
                }
                _ => (Some(name), kind),
            };
            let Some(name) = name else { continue };
            if own == ParameterKind::Rest {
                kind = ParameterKind::Keyword;
            }
            let default = default.map(|value| self.expression(value));
            parameters.push(Parameter {
                name: self.name(name),
                range: range(node),
                kind: own,
                default,
            });
        }
        parameters
    }
}

/// The bytes from the first statement of a block to the end of its last one.
fn statements_range(block: Node<'_>) -> Range {
    let statements = parts(block);
    match (statements.first(), statements.last()) {
        (Some(first), Some(last)) => range(*first).cover(range(*last)),
        _ => Range::empty(range(block).start()),
    }
}

/// Whether a body has a `yield` of its own: nested functions are not looked into.
fn yields(body: Node<'_>) -> bool {
    let mut cursor = body.walk();
    loop {
        let kind = cursor.node().kind();
        if kind == "yield" {
            return true;
        }
        let nested = matches!(kind, "function_definition" | "lambda" | "class_definition");
        if !nested && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return false;
            }
        }
    }
}
