//! A call of `op` as it is written, and where it would be different in a batch.

use revline_python::Source;
use revline_python::syntax::ast::{Arg, Block, Expr, ExprKind, Stmt, StmtKind};
use revline_schema::{AddConstraint, AlterColumn, Constraint, KeyConstraint, Op};
use revline_sql::{Settings, sqlite_support};
use revline_text::{Range, Span};

/// A statement `op.directive(…)` whose table is written as an argument.
pub(super) struct Written<'a> {
    /// The statement, which is nothing but the call.
    pub(super) range: Range,
    /// `op`.
    pub(super) receiver: Range,
    pub(super) arguments: &'a [Arg],
    /// The value of the table's argument.
    pub(super) table: &'a Expr,
    /// The value of `schema=`.
    pub(super) schema: Option<&'a Expr>,
    /// The arguments that a batch does not take, each with a comma at its side.
    pub(super) left_out: Vec<Range>,
}

/// By which argument a directive names its table: its place among the positional ones, its name, and
/// the name of the schema's.
fn of_table(directive: &str) -> Option<(usize, &'static str, &'static str)> {
    Some(match directive {
        "add_column" | "drop_column" | "alter_column" | "create_table_comment"
        | "drop_table_comment" => (0, "table_name", "schema"),
        "create_unique_constraint" | "create_check_constraint" | "create_primary_key"
        | "drop_constraint" => (1, "table_name", "schema"),
        "create_foreign_key" => (1, "source_table", "source_schema"),
        _ => return None,
    })
}

impl<'a> Written<'a> {
    /// Reads a statement; `None` where it is something else, or cannot be rewritten for sure.
    pub(super) fn read(source: &str, statement: &'a Stmt) -> Option<Self> {
        let StmtKind::Expr(call) = &statement.kind else { return None };
        let ExprKind::Call { callee, arguments } = &call.kind else { return None };
        let ExprKind::Attribute { object, name, .. } = &callee.kind else { return None };
        let (place, word, schema_word) = of_table(name)?;
        if arguments.iter().any(|argument| matches!(argument, Arg::Star(_) | Arg::StarStar(_))) {
            return None;
        }
        let keyword = |wanted: &str| {
            arguments.iter().position(
                |argument| matches!(argument, Arg::Keyword { name, .. } if &**name == wanted),
            )
        };
        let positional = matches!(arguments.get(place), Some(Arg::Positional(_))).then_some(place);
        let at = positional.or_else(|| keyword(word))?;
        let schema_at = keyword(schema_word);
        let left_out = left_out(source, arguments, at, schema_at);
        let line = source.get(..call.range.start() as usize)?.rfind('\n').map_or(0, |at| at + 1);
        let before = source.get(line..call.range.start() as usize)?;
        let after = source.get(call.range.end() as usize..)?.lines().next().unwrap_or_default();
        let is_alone = before.trim().is_empty()
            && (after.trim().is_empty() || after.trim().starts_with('#'));
        if !is_alone {
            return None;
        }
        Some(Self {
            range: call.range,
            receiver: object.range,
            arguments,
            table: value(arguments.get(at)?),
            schema: schema_at.and_then(|at| arguments.get(at)).map(value),
            left_out: left_out?,
        })
    }

    /// The argument of this name, or at this place of the directive's signature.
    pub(super) fn argument(&self, place: usize, word: &str) -> Option<&'a Expr> {
        if let Some(Arg::Positional(value)) = self.arguments.get(place) {
            return Some(value);
        }
        self.arguments.iter().find_map(|argument| match argument {
            Arg::Keyword { name, value, .. } if &**name == word => Some(value),
            _ => None,
        })
    }
}

/// Why SQLite cannot take a call of which not every argument is known: some directives it takes in
/// no form. `None` where the call stands elsewhere, or is none of `op`.
pub(super) fn objection(source: &Source, span: Span) -> Option<String> {
    let is_op = source
        .imports()
        .iter()
        .any(|import| import.path == "alembic.op" && &*import.binds == "op");
    if !is_op || span.file != source.span().file {
        return None;
    }
    let mut found = None;
    blocks(source.module(), &mut Vec::new(), &mut |block, _| {
        found = found.or_else(|| block.iter().find_map(|statement| of_op(statement, span.range)));
    });
    let (directive, arguments): (&str, &[Arg]) = found?;
    let is_given = |word: &str, is_change: &dyn Fn(&ExprKind) -> bool| {
        arguments.iter().any(|argument| {
            matches!(argument, Arg::Keyword { name, value, .. }
                if &**name == word && is_change(&value.kind))
        })
    };
    let op = match directive {
        "create_unique_constraint" | "create_check_constraint" | "create_primary_key"
        | "create_foreign_key" | "drop_constraint" => {
            let constraint = Constraint::Unique(KeyConstraint::default());
            Op::AddConstraint(Box::new(AddConstraint { table: "".into(), constraint }))
        }
        "alter_column" => {
            let is_fixed = |kind: &ExprKind| matches!(kind, ExprKind::True | ExprKind::False);
            let is_type = |kind: &ExprKind| matches!(kind, ExprKind::Call { .. });
            if !is_given("nullable", &is_fixed) && !is_given("type_", &is_type) {
                return None;
            }
            Op::AlterColumn(Box::new(AlterColumn { nullable: Some(true), ..AlterColumn::default() }))
        }
        _ => return None,
    };
    super::objection(&sqlite_support(&op, None, &Settings::default()))
}

/// The directive and the arguments of a statement `op.directive(…)` at a place.
fn of_op(statement: &Stmt, range: Range) -> Option<(&str, &[Arg])> {
    let StmtKind::Expr(call) = &statement.kind else { return None };
    let ExprKind::Call { callee, arguments } = &call.kind else { return None };
    let ExprKind::Attribute { object, name, .. } = &callee.kind else { return None };
    let is_op = matches!(&object.kind, ExprKind::Name(name) if &**name == "op");
    (is_op && call.range == range).then_some((&**name, arguments))
}

fn value(argument: &Arg) -> &Expr {
    match argument {
        Arg::Positional(value)
        | Arg::Keyword { value, .. }
        | Arg::Star(value)
        | Arg::StarStar(value) => value,
    }
}

/// The bytes of an argument, its name included.
pub(super) fn whole(argument: &Arg) -> Range {
    match argument {
        Arg::Keyword { name_range, value, .. } => name_range.cover(value.range),
        other => value(other).range,
    }
}

/// Two arguments with the commas that go with them: as one range where they stand beside each other.
fn left_out(source: &str, arguments: &[Arg], at: usize, other: Option<usize>) -> Option<Vec<Range>> {
    let Some(other) = other else { return Some(vec![with_comma(source, arguments, at)?]) };
    let (first, last) = (at.min(other), at.max(other));
    let (one, two) =
        (with_comma(source, arguments, first)?, with_comma(source, arguments, last)?);
    if first + 1 < last {
        return Some(vec![one, two]);
    }
    // The comma before the first goes where nothing follows the last.
    let is_at_end = last + 1 == arguments.len();
    let start = match first.checked_sub(1).and_then(|before| arguments.get(before)) {
        Some(before) if is_at_end => {
            let start = whole(before).end();
            let between = source.get(start as usize..one.start() as usize)?;
            (between.trim() == ",").then_some(start)?
        }
        _ => one.start(),
    };
    Some(vec![Range::new(start, two.end())])
}

/// An argument with the comma that goes with it: the one behind, else the one before. `None` where
/// something else stands between, such as a comment or parentheses.
pub(super) fn with_comma(source: &str, arguments: &[Arg], at: usize) -> Option<Range> {
    let own = whole(arguments.get(at)?);
    if let Some(next) = arguments.get(at + 1) {
        let end = whole(next).start();
        let between = source.get(own.end() as usize..end as usize)?;
        return (between.trim() == ",").then(|| Range::new(own.start(), end));
    }
    match at.checked_sub(1).and_then(|before| arguments.get(before)) {
        Some(before) => {
            let start = whole(before).end();
            let between = source.get(start as usize..own.start() as usize)?;
            (between.trim() == ",").then(|| Range::new(start, own.end()))
        }
        None => Some(own),
    }
}

/// Visits every block of statements, those of functions and classes included; `around` are the
/// names that the `with` blocks around it bind.
pub(super) fn blocks<'a>(
    block: &'a Block,
    around: &mut Vec<&'a str>,
    visit: &mut dyn FnMut(&'a Block, &[&'a str]),
) {
    visit(block, around);
    for statement in block {
        let mut inner: Vec<&'a Block> = Vec::new();
        let outside = around.len();
        match &statement.kind {
            StmtKind::If { branches, otherwise } => {
                inner.extend(branches.iter().map(|(_, body)| body));
                inner.push(otherwise);
            }
            StmtKind::For { body, otherwise, .. } | StmtKind::While { body, otherwise, .. } => {
                inner.extend([body, otherwise]);
            }
            StmtKind::With { items, body } => {
                let targets = items.iter().filter_map(|item| item.target.as_ref());
                around.extend(targets.filter_map(|target| match &target.kind {
                    ExprKind::Name(name) => Some(&**name),
                    _ => None,
                }));
                inner.push(body);
            }
            StmtKind::Try { body, handlers, otherwise, finally } => {
                inner.push(body);
                inner.extend(handlers.iter().map(|handler| &handler.body));
                inner.extend([otherwise, finally]);
            }
            StmtKind::Function(function) => inner.push(&function.body),
            StmtKind::Class(class) => inner.push(&class.body),
            _ => {}
        }
        for block in inner {
            blocks(block, around, visit);
        }
        around.truncate(outside);
    }
}
