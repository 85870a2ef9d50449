//! Expressions.

use std::sync::Arc;

use revline_text::Range;
use tree_sitter::Node;

use super::super::ast::{
    Arg, Clause, Comprehension, ComprehensionKind, Expr, ExprKind, FStringPart,
};
use super::super::literal::{self, Shape};
use super::{Lowering, NOT_PYTHON, TOO_DEEP, opaque, parts, range};
use crate::value::Operator;
use crate::value::string::Joiner;

impl Lowering<'_> {
    pub(super) fn expression(&mut self, node: Node<'_>) -> Expr {
        let mut node = node;
        while node.kind() == "parenthesized_expression" {
            match parts(node).as_slice() {
                [inner] => node = *inner,
                _ => return opaque(range(node), NOT_PYTHON),
            }
        }
        if node.is_error() || node.is_missing() {
            return opaque(range(node), NOT_PYTHON);
        }
        let kind = self.deeper(|lowering| lowering.expression_kind(node));
        Expr { range: range(node), kind: kind.unwrap_or(ExprKind::Opaque(TOO_DEEP)) }
    }

    fn boxed(&mut self, node: Node<'_>) -> Box<Expr> {
        Box::new(self.expression(node))
    }

    fn field(&mut self, node: Node<'_>, name: &str) -> Box<Expr> {
        match node.child_by_field_name(name) {
            Some(child) => self.boxed(child),
            None => Box::new(opaque(range(node), NOT_PYTHON)),
        }
    }

    pub(super) fn all(&mut self, node: Node<'_>) -> Vec<Expr> {
        parts(node).into_iter().map(|child| self.expression(child)).collect()
    }

    fn expression_kind(&mut self, node: Node<'_>) -> ExprKind {
        match node.kind() {
            "identifier" | "keyword_identifier" => ExprKind::Name(self.name(node)),
            "none" => ExprKind::None,
            "true" => ExprKind::True,
            "false" => ExprKind::False,
            "ellipsis" => ExprKind::Ellipsis,
            "integer" => self.integer(node),
            "float" => self.float(node),
            "string" | "concatenated_string" => self.string(node),
            "tuple" | "expression_list" | "pattern_list" | "tuple_pattern" => {
                ExprKind::Tuple(self.all(node))
            }
            "list" | "list_pattern" => ExprKind::List(self.all(node)),
            "set" => ExprKind::Set(self.all(node)),
            "dictionary" => self.dictionary(node),
            "attribute" => self.attribute(node),
            "subscript" => self.subscript(node),
            "slice" => self.slice(node),
            "call" => self.call(node),
            "not_operator" => {
                ExprKind::Unary { operator: Operator::Not, operand: self.field(node, "argument") }
            }
            "unary_operator" => self.unary(node),
            "binary_operator" => self.binary(node),
            "comparison_operator" => self.comparison(node),
            "boolean_operator" => self.boolean(node),
            "conditional_expression" => self.conditional(node),
            "lambda" => ExprKind::Lambda(self.lambda(node)),
            "list_comprehension" => self.comprehension(node, ComprehensionKind::List),
            "set_comprehension" => self.comprehension(node, ComprehensionKind::Set),
            "dictionary_comprehension" => self.comprehension(node, ComprehensionKind::Dict),
            "generator_expression" => self.comprehension(node, ComprehensionKind::Generator),
            "list_splat" | "list_splat_pattern" => match parts(node).as_slice() {
                [inner] => ExprKind::Starred(self.boxed(*inner)),
                _ => ExprKind::Opaque(NOT_PYTHON),
            },
            "named_expression" => match node.child_by_field_name("name") {
                Some(name) => {
                    ExprKind::Named { name: self.name(name), value: self.field(node, "value") }
                }
                None => ExprKind::Opaque(NOT_PYTHON),
            },
            "as_pattern_target" => match parts(node).as_slice() {
                [inner] => self.expression(*inner).kind,
                _ => ExprKind::Opaque(NOT_PYTHON),
            },
            "await" => match parts(node).as_slice() {
                [inner] => ExprKind::Await(self.boxed(*inner)),
                _ => ExprKind::Opaque(NOT_PYTHON),
            },
            "yield" => match parts(node).as_slice() {
                [] => ExprKind::Yield(None),
                [inner] if !self.text(node).contains(" from ") => {
                    ExprKind::Yield(Some(self.boxed(*inner)))
                }
                _ => ExprKind::Opaque("`yield from` is not evaluated"),
            },
            "ERROR" => ExprKind::Opaque(NOT_PYTHON),
            _ => ExprKind::Opaque("an expression beyond what is evaluated"),
        }
    }

    fn integer(&self, node: Node<'_>) -> ExprKind {
        let digits = self.text(node).replace('_', "").to_ascii_lowercase();
        let digits = digits.trim_end_matches('l');
        if digits.ends_with('j') {
            return ExprKind::Opaque("a complex number is not evaluated");
        }
        let parsed = match digits.as_bytes() {
            [b'0', b'x', ..] => i128::from_str_radix(digits.get(2..).unwrap_or_default(), 16),
            [b'0', b'o', ..] => i128::from_str_radix(digits.get(2..).unwrap_or_default(), 8),
            [b'0', b'b', ..] => i128::from_str_radix(digits.get(2..).unwrap_or_default(), 2),
            _ => digits.parse(),
        };
        parsed.map_or(ExprKind::Opaque("an integer of more than 127 bits"), ExprKind::Int)
    }

    fn float(&self, node: Node<'_>) -> ExprKind {
        match self.text(node).replace('_', "").parse() {
            Ok(number) => ExprKind::Float(number),
            Err(_) => ExprKind::Opaque("a complex number is not evaluated"),
        }
    }

    fn string(&mut self, node: Node<'_>) -> ExprKind {
        const NAMED: &str = "a string with an escape that is not evaluated";
        let pieces = match node.kind() {
            "string" => vec![node],
            _ => parts(node),
        };
        let shapes: Vec<Shape> =
            pieces.iter().filter_map(|piece| Shape::of(self.text(*piece).as_bytes())).collect();
        if shapes.len() != pieces.len() {
            return ExprKind::Opaque(NOT_PYTHON);
        }
        if shapes.iter().any(|shape| shape.format) {
            return self.format_string(&pieces, &shapes);
        }
        let bytes = shapes.first().is_some_and(|shape| shape.bytes);
        if shapes.iter().any(|shape| shape.bytes != bytes) {
            return ExprKind::Opaque(NOT_PYTHON);
        }
        let mut joiner = Joiner::default();
        for (piece, shape) in pieces.iter().zip(&shapes) {
            let Some(content) = content(*piece, *shape) else {
                return ExprKind::Opaque(NOT_PYTHON);
            };
            let source = self.source;
            if !literal::decode(&mut joiner, source.file, &source.text, content, *shape) {
                return ExprKind::Opaque(NAMED);
            }
        }
        let string = joiner.finish(self.source.at(range(node)));
        if !bytes {
            return ExprKind::Str(string);
        }
        let narrow = string.text().chars().map(|char| u8::try_from(u32::from(char)));
        match narrow.collect::<Result<Arc<[u8]>, _>>() {
            Ok(bytes) => ExprKind::Bytes(bytes),
            Err(_) => ExprKind::Opaque(NOT_PYTHON),
        }
    }

    fn format_string(&mut self, pieces: &[Node<'_>], shapes: &[Shape]) -> ExprKind {
        let mut all = Vec::new();
        for (piece, shape) in pieces.iter().zip(shapes) {
            if shape.bytes
                || self.text(*piece).bytes().take(2).any(|byte| matches!(byte, b't' | b'T'))
            {
                return ExprKind::Opaque("a template string is not evaluated");
            }
            let Some(content) = content(*piece, *shape) else {
                return ExprKind::Opaque(NOT_PYTHON);
            };
            if !self.format_parts(*piece, content, *shape, &mut all) {
                return ExprKind::Opaque("a string with an escape that is not evaluated");
            }
        }
        ExprKind::FString(all)
    }

    /// The text and the interpolations among the children of `node` that lie in `content`.
    fn format_parts(
        &mut self,
        node: Node<'_>,
        content: Range,
        shape: Shape,
        all: &mut Vec<FStringPart>,
    ) -> bool {
        let mut at = content.start();
        for child in parts(node) {
            if !matches!(child.kind(), "interpolation" | "format_expression") {
                continue;
            }
            let place = range(child);
            if !self.format_text(Range::new(at, place.start().max(at)), shape, all) {
                return false;
            }
            at = place.end();
            let part = self.interpolation(child, shape);
            all.push(part);
        }
        self.format_text(Range::new(at, content.end().max(at)), shape, all)
    }

    fn format_text(&self, piece: Range, shape: Shape, all: &mut Vec<FStringPart>) -> bool {
        let mut joiner = Joiner::default();
        let source = self.source;
        let told = literal::decode(&mut joiner, source.file, &source.text, piece, shape);
        if joiner.len() > 0 {
            all.push(FStringPart::Text(joiner.finish(source.at(piece))));
        }
        told
    }

    fn interpolation(&mut self, node: Node<'_>, shape: Shape) -> FStringPart {
        // Python reads `{x:=5}` as a format; an assignment would stand in parentheses.
        if let Some(child) = node.child_by_field_name("expression")
            && child.kind() == "named_expression"
            && let Some(name) = child.child_by_field_name("name")
        {
            let value = self.expression(name);
            let format = vec![self.format_of_equals(value.range, range(node))];
            return FStringPart::Value { value, echo: None, conversion: None, format };
        }
        let value = *self.field(node, "expression");
        let conversion = node
            .child_by_field_name("type_conversion")
            .and_then(|child| self.text(child).chars().nth(1));
        let mut format = Vec::new();
        if let Some(spec) = node.child_by_field_name("format_specifier") {
            let whole = range(spec);
            let content = Range::new(whole.start().saturating_add(1), whole.end());
            let read =
                self.deeper(|lowering| lowering.format_parts(spec, content, shape, &mut format));
            if read != Some(true) {
                format.push(FStringPart::Value {
                    value: opaque(whole, "a format that is not evaluated"),
                    echo: None,
                    conversion: None,
                    format: Vec::new(),
                });
            }
        }
        let mut cursor = node.walk();
        let echoes = node.children(&mut cursor).any(|child| child.kind() == "=");
        let echo = echoes.then(|| {
            let mut joiner = Joiner::default();
            let from = range(node).start().saturating_add(1);
            let text = self.source.text.get(value.range.end() as usize..).unwrap_or_default();
            let sign = text.find('=').map_or(0, |sign| sign + 1);
            let spaces = text.get(sign..).unwrap_or_default();
            let spaces = spaces.len() - spaces.trim_start_matches([' ', '\t']).len();
            let end = value.range.end() as usize + sign + spaces;
            let piece = Range::of(from as usize, end);
            joiner.text(
                piece.slice(&self.source.text).unwrap_or_default(),
                self.source.at(piece),
                true,
            );
            joiner.finish(self.source.at(piece))
        });
        FStringPart::Value { value, echo, conversion, format }
    }

    /// The format behind the value of an interpolation, where it begins with `=` and the tree has something else.
    fn format_of_equals(&self, value: Range, whole: Range) -> FStringPart {
        let end = whole.end().saturating_sub(1) as usize;
        let text = self.source.text.get(value.end() as usize..end).unwrap_or_default();
        let start = value.end() as usize + text.find(':').map_or(0, |colon| colon + 1);
        let piece = Range::of(start, end.max(start));
        let text = piece.slice(&self.source.text).unwrap_or_default();
        if text.contains(['{', '\\']) {
            let value = opaque(piece, "a format that is not evaluated");
            return FStringPart::Value { value, echo: None, conversion: None, format: Vec::new() };
        }
        let mut joiner = Joiner::default();
        joiner.text(text, self.source.at(piece), true);
        FStringPart::Text(joiner.finish(self.source.at(piece)))
    }

    fn dictionary(&mut self, node: Node<'_>) -> ExprKind {
        let mut entries = Vec::new();
        for part in parts(node) {
            let entry = match part.kind() {
                "pair" => (Some(*self.field(part, "key")), *self.field(part, "value")),
                "dictionary_splat" => match parts(part).as_slice() {
                    [inner] => (None, self.expression(*inner)),
                    _ => return ExprKind::Opaque(NOT_PYTHON),
                },
                _ => return ExprKind::Opaque(NOT_PYTHON),
            };
            entries.push(entry);
        }
        ExprKind::Dict(entries)
    }

    fn attribute(&mut self, node: Node<'_>) -> ExprKind {
        match node.child_by_field_name("attribute") {
            Some(name) => ExprKind::Attribute {
                object: self.field(node, "object"),
                name: self.name(name),
                name_range: range(name),
            },
            None => ExprKind::Opaque(NOT_PYTHON),
        }
    }

    fn subscript(&mut self, node: Node<'_>) -> ExprKind {
        let object = self.field(node, "value");
        let mut cursor = node.walk();
        let keys: Vec<Node<'_>> = node.children_by_field_name("subscript", &mut cursor).collect();
        let index = match keys.as_slice() {
            [] => return ExprKind::Opaque(NOT_PYTHON),
            [key] => self.boxed(*key),
            [first, ..] => {
                let last = keys.last().unwrap_or(first);
                let whole = range(*first).cover(range(*last));
                let items = keys.iter().map(|key| self.expression(*key)).collect();
                Box::new(Expr { range: whole, kind: ExprKind::Tuple(items) })
            }
        };
        ExprKind::Subscript { object, index }
    }

    fn slice(&mut self, node: Node<'_>) -> ExprKind {
        let mut bounds: [Option<Box<Expr>>; 3] = [None, None, None];
        let mut at = 0;
        let mut cursor = node.walk();
        let children: Vec<Node<'_>> = node.children(&mut cursor).collect();
        for child in children {
            if child.kind() == ":" {
                at += 1;
            } else if !child.is_extra() || child.is_error() {
                match bounds.get_mut(at) {
                    Some(bound) => *bound = Some(self.boxed(child)),
                    None => return ExprKind::Opaque(NOT_PYTHON),
                }
            }
        }
        let [lower, upper, step] = bounds;
        ExprKind::Slice { lower, upper, step }
    }

    fn call(&mut self, node: Node<'_>) -> ExprKind {
        let callee = self.field(node, "function");
        let arguments = match node.child_by_field_name("arguments") {
            Some(list) if list.kind() == "generator_expression" => {
                vec![Arg::Positional(self.expression(list))]
            }
            Some(list) => self.arguments(list),
            None => return ExprKind::Opaque(NOT_PYTHON),
        };
        ExprKind::Call { callee, arguments }
    }

    pub(super) fn arguments(&mut self, list: Node<'_>) -> Vec<Arg> {
        let mut arguments = Vec::new();
        for part in parts(list) {
            let inner = parts(part).first().copied();
            arguments.push(match (part.kind(), inner) {
                ("list_splat", Some(inner)) => Arg::Star(self.expression(inner)),
                ("dictionary_splat", Some(inner)) => Arg::StarStar(self.expression(inner)),
                ("keyword_argument", _) => match part.child_by_field_name("name") {
                    Some(name) => Arg::Keyword {
                        name: self.name(name),
                        name_range: range(name),
                        value: *self.field(part, "value"),
                    },
                    None => Arg::Positional(opaque(range(part), NOT_PYTHON)),
                },
                _ => Arg::Positional(self.expression(part)),
            });
        }
        arguments
    }

    fn unary(&mut self, node: Node<'_>) -> ExprKind {
        let operator = match node.child_by_field_name("operator").map(|sign| sign.kind()) {
            Some("-") => Operator::Neg,
            Some("+") => Operator::Pos,
            _ => Operator::Invert,
        };
        ExprKind::Unary { operator, operand: self.field(node, "argument") }
    }

    fn binary(&mut self, node: Node<'_>) -> ExprKind {
        let mut rest = Vec::new();
        let mut left = node;
        while left.kind() == "binary_operator" {
            let sign = left.child_by_field_name("operator").map_or("", |sign| sign.kind());
            let Some(operator) = binary_operator(sign) else {
                return ExprKind::Opaque(NOT_PYTHON);
            };
            rest.push((operator, *self.field(left, "right")));
            match left.child_by_field_name("left") {
                Some(child) => left = child,
                None => return ExprKind::Opaque(NOT_PYTHON),
            }
        }
        rest.reverse();
        ExprKind::Binary { first: self.boxed(left), rest }
    }

    fn comparison(&mut self, node: Node<'_>) -> ExprKind {
        let mut cursor = node.walk();
        let mut signs: Vec<Operator> = Vec::new();
        let mut operands: Vec<Expr> = Vec::new();
        let mut more = cursor.goto_first_child();
        while more {
            let part = cursor.node();
            if cursor.field_name() == Some("operators") {
                signs.extend(comparison_operator(part.kind()));
            } else if part.is_named() && (!part.is_extra() || part.is_error()) {
                operands.push(self.expression(part));
            }
            more = cursor.goto_next_sibling();
        }
        if operands.len() != signs.len() + 1 || operands.is_empty() {
            return ExprKind::Opaque(NOT_PYTHON);
        }
        let rest = operands.split_off(1);
        match operands.pop() {
            Some(first) => ExprKind::Compare {
                first: Box::new(first),
                rest: signs.into_iter().zip(rest).collect(),
            },
            None => ExprKind::Opaque(NOT_PYTHON),
        }
    }

    fn boolean(&mut self, node: Node<'_>) -> ExprKind {
        let sign = |node: Node<'_>| node.child_by_field_name("operator").map(|sign| sign.kind());
        let own = sign(node);
        let mut operands = Vec::new();
        let mut left = node;
        while left.kind() == "boolean_operator" && sign(left) == own {
            operands.push(*self.field(left, "right"));
            match left.child_by_field_name("left") {
                Some(child) => left = child,
                None => return ExprKind::Opaque(NOT_PYTHON),
            }
        }
        operands.push(self.expression(left));
        operands.reverse();
        let operator = if own == Some("and") { Operator::And } else { Operator::Or };
        ExprKind::Bool { operator, operands }
    }

    fn conditional(&mut self, node: Node<'_>) -> ExprKind {
        match parts(node).as_slice() {
            [then, test, otherwise] => ExprKind::Conditional {
                test: self.boxed(*test),
                then: self.boxed(*then),
                otherwise: self.boxed(*otherwise),
            },
            _ => ExprKind::Opaque(NOT_PYTHON),
        }
    }

    fn comprehension(&mut self, node: Node<'_>, kind: ComprehensionKind) -> ExprKind {
        let Some(body) = node.child_by_field_name("body") else {
            return ExprKind::Opaque(NOT_PYTHON);
        };
        let (element, value) = if body.kind() == "pair" {
            (*self.field(body, "key"), Some(*self.field(body, "value")))
        } else {
            (self.expression(body), None)
        };
        let mut clauses = Vec::new();
        for part in parts(node).into_iter().skip(1) {
            match (part.kind(), parts(part).as_slice()) {
                ("for_in_clause", [target, iterable]) if !self.text(part).starts_with("async") => {
                    let target = self.expression(*target);
                    clauses.push(Clause::For { target, iterable: self.expression(*iterable) });
                }
                ("if_clause", [test]) => clauses.push(Clause::If(self.expression(*test))),
                _ => return ExprKind::Opaque("a comprehension that is not evaluated"),
            }
        }
        ExprKind::Comprehension(Arc::new(Comprehension { kind, element, value, clauses }))
    }
}

/// What stands between the quotes of a literal; `None` where the closing quotes are missing.
fn content(node: Node<'_>, shape: Shape) -> Option<Range> {
    let whole = range(node);
    let start = whole.start() as usize + shape.open;
    let end = (whole.end() as usize).checked_sub(shape.close())?;
    (start <= end).then(|| Range::of(start, end))
}

fn binary_operator(sign: &str) -> Option<Operator> {
    Some(match sign.trim_end_matches('=') {
        "+" => Operator::Add,
        "-" => Operator::Sub,
        "*" => Operator::Mul,
        "/" => Operator::Div,
        "//" => Operator::FloorDiv,
        "%" => Operator::Mod,
        "**" => Operator::Pow,
        "@" => Operator::MatMul,
        "<<" => Operator::LeftShift,
        ">>" => Operator::RightShift,
        "&" => Operator::BitAnd,
        "|" => Operator::BitOr,
        "^" => Operator::BitXor,
        _ => return None,
    })
}

/// The operator of an augmented assignment: `+=`.
pub(super) fn augmented_operator(sign: &str) -> Option<Operator> {
    binary_operator(sign)
}

fn comparison_operator(sign: &str) -> Option<Operator> {
    Some(match sign {
        "==" => Operator::Eq,
        "!=" | "<>" => Operator::NotEq,
        "<" => Operator::Lt,
        "<=" => Operator::LtEq,
        ">" => Operator::Gt,
        ">=" => Operator::GtEq,
        "is" => Operator::Is,
        "is not" => Operator::IsNot,
        "in" => Operator::In,
        "not in" => Operator::NotIn,
        _ => return None,
    })
}
