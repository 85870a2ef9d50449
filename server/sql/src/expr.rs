//! Expressions, with SQLAlchemy's rules for parentheses: an operand is grouped when its operator
//! binds no tighter than the one around it.

use revline_schema::{
    BinaryOp, Bind, ColumnRef, Expr, Literal, Name, Select, SqlType, TableClause, TableName,
    UnaryOp,
};

mod operators;

pub(crate) use operators::type_of;
use operators::{
    Around, REGISTERED, flatten, is_boolean, is_integer, is_text, keyword_function, opposite, own,
    precedence, word,
};

pub use crate::literal::Temporal;
use crate::print::{Cx, Halt, Print};
use crate::select::{self, MadeUp};

use crate::{identifier, literal, text_clause};

/// How deep an expression may be nested before printing gives up.
const MAX_DEPTH: usize = 128;

/// `CAST(value AS type)`; a collation of the type stands behind it.
pub(crate) fn cast(value: &str, type_text: &str) -> String {
    let (type_text, collation) = match type_text.find(" COLLATE ") {
        Some(at) => type_text.split_at(at),
        None => (type_text, ""),
    };
    format!("CAST({value} AS {type_text}){collation}")
}

/// Where an expression is printed.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) cx: Cx<'a>,
    /// Columns carry their table's name.
    pub(crate) qualified: bool,
    /// Values are written out.
    pub(crate) literal_binds: bool,
    /// Tables of the statement around a subquery, which the subquery does not name again.
    pub(crate) outer: &'a [&'a TableClause],
    /// The labels that the statement has made up so far.
    pub(crate) made_up: Option<&'a MadeUp>,
    pub(crate) depth: usize,
}

impl<'a> Scope<'a> {
    /// Inside DDL: bare columns, values written out.
    pub(crate) fn ddl(cx: Cx<'a>) -> Self {
        let (qualified, literal_binds) = (false, true);
        Self { cx, qualified, literal_binds, outer: &[], made_up: None, depth: 0 }
    }

    /// Inside a statement of its own.
    pub(crate) fn statement(cx: Cx<'a>, made_up: &'a MadeUp) -> Self {
        let literal_binds = cx.settings.literal_binds || cx.mode == crate::Mode::Execute;
        let made_up = Some(made_up);
        Self { cx, qualified: true, literal_binds, outer: &[], made_up, depth: 0 }
    }

    fn deeper(self) -> Print<Self> {
        if self.depth >= MAX_DEPTH {
            return Err(Halt::unknown("the expression is nested too deeply"));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }

    /// An expression on its own, without parentheses.
    pub(crate) fn print(self, expr: &Expr) -> Print {
        self.printed(expr, None)
    }

    /// An expression as SQLAlchemy's `self_group()` leaves it: any operator is put in parentheses.
    pub(crate) fn grouped(self, expr: &Expr) -> Print {
        self.operand(expr, Around::Anything)
    }

    /// A condition of WHERE, where a boolean column may need a comparison.
    pub(crate) fn condition(self, expr: &Expr) -> Print {
        self.as_boolean(expr, Around::Nothing)
    }

    /// Conditions joined by AND.
    pub(crate) fn conditions(self, conditions: &[Expr]) -> Print {
        match conditions {
            [one] => self.condition(one),
            many => self.print(&Expr::And(many.to_vec())),
        }
    }

    fn as_boolean(self, expr: &Expr, around: Around) -> Print {
        let (yes, _) = self.cx.dialect.facts().booleans;
        if is_boolean(expr) && !self.cx.dialect.facts().native_boolean {
            return Ok(format!("{} = {yes}", self.print(expr)?));
        }
        if matches!(expr, Expr::True | Expr::False) && !self.cx.dialect.facts().native_boolean {
            return Ok(format!("{} = {yes}", self.print(expr)?));
        }
        self.operand(expr, around)
    }

    /// An operand inside an operator.
    fn operand(self, expr: &Expr, around: Around) -> Print {
        let text = self.deeper()?.print(expr)?;
        let group = match own(expr) {
            None => matches!((expr, around), (Expr::Text(_), Around::In)),
            Some((precedence, operator)) => around.groups(precedence, operator),
        };
        Ok(if group { format!("({text})") } else { text })
    }

    fn printed(self, expr: &Expr, beside: Option<&SqlType>) -> Print {
        let (yes, no) = self.cx.dialect.facts().booleans;
        Ok(match expr {
            Expr::Text(clause) => text_clause::print(self.cx, clause, self.literal_binds)?,
            Expr::Bind(bind) => self.bind(bind, beside)?,
            Expr::InlineLiteral(bind) => match &bind.type_ {
                Some(type_) => literal::typed(self.cx, &bind.value, type_)?,
                None => literal::untyped(self.cx, &bind.value)?,
            },
            Expr::Null => "NULL".to_owned(),
            Expr::True => yes.to_owned(),
            Expr::False => no.to_owned(),
            Expr::Column(column) => self.column(column),
            Expr::LiteralColumn(text) => {
                if self.cx.doubles_percent() {
                    text.as_str().replace('%', "%%")
                } else {
                    text.as_str().to_owned()
                }
            }
            Expr::Function { path, args, .. } => self.function(path, args)?,
            Expr::Unary { op, operand } => self.unary(*op, operand)?,
            Expr::Binary { op, left, right } => self.binary(op, left, right)?,
            Expr::And(items) => self.boolean_list(items, " AND ", 3)?,
            Expr::Or(items) => self.boolean_list(items, " OR ", 2)?,
            Expr::In { operand, among, negated } => self.among(operand, among, *negated)?,
            Expr::Between { operand, low, high, negated } => {
                let around = Around::Operator { precedence: 5, operator: "between" };
                let type_ = type_of(operand);
                let part = |part: &Expr| {
                    self.beside(part, type_, Around::Operator { precedence: 3, operator: "and" })
                };
                format!(
                    "{} {}BETWEEN {} AND {}",
                    self.operand(operand, around)?,
                    if *negated { "NOT " } else { "" },
                    part(low)?,
                    part(high)?,
                )
            }
            Expr::Like { operand, pattern, escape, negated, case_insensitive } => {
                let around = Around::Operator { precedence: 5, operator: "like" };
                let left = self.operand(operand, around)?;
                let right = self.beside(pattern, type_of(operand), around)?;
                let mut text = if *case_insensitive {
                    self.cx.dialect.ilike(&left, &right, *negated)
                } else {
                    format!("{left} {}LIKE {right}", if *negated { "NOT " } else { "" })
                };
                if let Some(escape) = escape {
                    text.push_str(&format!(" ESCAPE {}", literal::string(self.cx, escape)));
                }
                text
            }
            Expr::Cast { operand, type_ } => {
                let inner = self.deeper()?.as_type(operand, type_)?;
                cast(&inner, &self.cx.dialect.type_text(self.cx, type_)?)
            }
            Expr::Coerce { operand, type_ } => self.deeper()?.as_type(operand, type_)?,
            Expr::Case { value, whens, otherwise } => {
                self.case(value.as_deref(), whens, otherwise.as_deref())?
            }
            Expr::List(items) => {
                let scope = self.deeper()?;
                let items: Print<Vec<_>> =
                    items.iter().map(|item| scope.printed(item, beside)).collect();
                format!("({})", items?.join(", "))
            }
            Expr::Label { operand, .. } => self.deeper()?.printed(operand, beside)?,
            Expr::Collate { operand, collation } => format!(
                "{} COLLATE {}",
                self.operand(operand, Around::Operator { precedence: 4, operator: "collate" })?,
                self.cx.quote(collation)
            ),
            Expr::Select(query) => format!("({})", self.subquery(query)?),
            Expr::Exists(query) => format!("EXISTS ({})", self.subquery(query)?),
            Expr::Opaque(opaque) => return Err(opaque.clone().into()),
        })
    }

    fn subquery(self, query: &Select) -> Print {
        select::print(self.deeper()?, query)
    }

    fn bind(self, bind: &Bind, beside: Option<&SqlType>) -> Print {
        if !self.literal_binds {
            return Err(Halt::unknown("how bound parameters are named is not known"));
        }
        match &bind.type_ {
            Some(type_) => literal::typed(self.cx, &bind.value, type_),
            None => literal::compared(self.cx, &bind.value, beside),
        }
    }

    /// An expression of which a type is told; a plain value takes it.
    fn as_type(self, expr: &Expr, type_: &SqlType) -> Print {
        match expr {
            Expr::Bind(Bind { value, type_: None }) if self.literal_binds => {
                literal::typed(self.cx, value, type_)
            }
            _ => self.printed(expr, Some(type_)),
        }
    }

    /// An operand that takes the type of what stands beside it.
    fn beside(self, expr: &Expr, type_: Option<&SqlType>, around: Around) -> Print {
        match expr {
            Expr::Bind(bind) => self.bind(bind, type_),
            _ => self.operand(expr, around),
        }
    }

    pub(crate) fn column(self, column: &ColumnRef) -> String {
        let name = self.cx.quote(&column.name);
        match &column.table {
            Some(table) if self.qualified => format!("{}.{name}", self.table(table)),
            _ => name,
        }
    }

    /// A table where a column names it.
    pub(crate) fn table(self, table: &TableClause) -> String {
        match &table.alias {
            Some(alias) => self.cx.quote(alias),
            None => table_name(self.cx, table),
        }
    }

    fn function(self, path: &[Name], args: &[Expr]) -> Print {
        let scope = self.deeper()?;
        let args: Print<Vec<_>> = args.iter().map(|arg| scope.printed(arg, None)).collect();
        let args = args?;
        let Some((name, packages)) = path.split_last() else {
            return Err(Halt::unknown("a function without a name"));
        };
        let lower = name.text.to_lowercase();
        if packages.is_empty() {
            if let Some(text) = self.cx.dialect.function(self.cx, &lower, &args) {
                return Ok(text);
            }
            if let Some(text) = keyword_function(&lower) {
                return Ok(if args.is_empty() {
                    text.to_owned()
                } else {
                    format!("{text}({})", args.join(", "))
                });
            }
            if lower == "count" && args.is_empty() {
                return Ok("count(*)".to_owned());
            }
        }
        let spell = |name: &Name| {
            if name.quote == Some(true) || identifier::has_illegal_characters(name.as_str()) {
                self.cx.quote(name)
            } else {
                name.text.to_string()
            }
        };
        let last = if packages.is_empty() && REGISTERED.contains(&lower.as_str()) {
            lower
        } else {
            spell(name)
        };
        let mut text: String = packages.iter().map(|package| spell(package) + ".").collect();
        text.push_str(&format!("{last}({})", args.join(", ")));
        Ok(text)
    }

    fn unary(self, op: UnaryOp, operand: &Expr) -> Print {
        let suffix = |word: &str| Ok(format!("{} {word}", self.operand(operand, Around::Nothing)?));
        match op {
            UnaryOp::Not => self.not(operand),
            UnaryOp::Negative => Ok(format!(
                "-{}",
                self.operand(operand, Around::Operator { precedence: 8, operator: "neg" })?
            )),
            UnaryOp::Desc => suffix("DESC"),
            UnaryOp::Asc => suffix("ASC"),
            UnaryOp::NullsFirst => suffix("NULLS FIRST"),
            UnaryOp::NullsLast => suffix("NULLS LAST"),
            UnaryOp::Distinct => {
                Ok(format!("DISTINCT {}", self.operand(operand, Around::Nothing)?))
            }
        }
    }

    fn not(self, operand: &Expr) -> Print {
        let (_, no) = self.cx.dialect.facts().booleans;
        let scope = self.deeper()?;
        if let Some(opposite) = opposite(operand) {
            return scope.print(&opposite);
        }
        if is_boolean(operand) && !self.cx.dialect.facts().native_boolean {
            return Ok(format!("{} = {no}", scope.print(operand)?));
        }
        match operand {
            Expr::Unary { op: UnaryOp::Not, operand } => scope.print(operand),
            _ => Ok(format!("NOT {}", self.operand(operand, Around::Not)?)),
        }
    }

    fn binary(self, op: &BinaryOp, left: &Expr, right: &Expr) -> Print {
        if let Some(text) = self.constant_comparison(op, left, right)? {
            return Ok(text);
        }
        let (precedence, operator) = precedence(op);
        let around = Around::Operator { precedence, operator };
        let (left_type, right_type) = (type_of(left), type_of(right));
        let first = self.beside(left, right_type, around)?;
        let second = self.beside(right, left_type, around)?;
        Ok(match op {
            BinaryOp::Div => self
                .cx
                .dialect
                .division(&first, &second, is_integer(right))
                .ok_or_else(|| Halt::unknown("the type of this divisor is not known"))?,
            BinaryOp::IsDistinctFrom | BinaryOp::IsNotDistinctFrom => format!(
                "{first} {} {second}",
                self.cx.dialect.distinct_from(*op == BinaryOp::IsNotDistinctFrom)
            ),
            BinaryOp::Add if is_text(left_type) || is_text(right_type) => {
                format!("{first} || {second}")
            }
            BinaryOp::FloorDiv | BinaryOp::Getitem => {
                return Err(Halt::unknown("this operator is not printed yet"));
            }
            BinaryOp::Custom(text) => format!("{first} {text} {second}"),
            _ => format!("{first} {} {second}", word(op)),
        })
    }

    /// Comparisons with NULL, true and false.
    fn constant_comparison(
        self,
        op: &BinaryOp,
        left: &Expr,
        right: &Expr,
    ) -> Print<Option<String>> {
        let (yes, no) = self.cx.dialect.facts().booleans;
        let constant = match right {
            Expr::Null | Expr::Bind(Bind { value: Literal::None, .. }) => "NULL",
            Expr::True | Expr::Bind(Bind { value: Literal::Bool(true), .. }) => yes,
            Expr::False | Expr::Bind(Bind { value: Literal::Bool(false), .. }) => no,
            _ => return Ok(None),
        };
        let word = match (op, constant) {
            (BinaryOp::Eq | BinaryOp::Is, "NULL") | (BinaryOp::Is, _) => "IS",
            (BinaryOp::Ne | BinaryOp::IsNot, "NULL") | (BinaryOp::IsNot, _) => "IS NOT",
            (BinaryOp::Eq, _) => "=",
            (BinaryOp::Ne, _) => "!=",
            _ => return Ok(None),
        };
        let around = Around::Operator { precedence: 5, operator: "is" };
        Ok(Some(format!("{} {word} {constant}", self.operand(left, around)?)))
    }

    fn boolean_list(self, items: &[Expr], joiner: &str, precedence: u8) -> Print {
        let around =
            Around::Operator { precedence, operator: if precedence == 3 { "and" } else { "or" } };
        let mut flat = Vec::new();
        flatten(items, precedence == 3, &mut flat, 0);
        let scope = self.deeper()?;
        // `BooleanClauseList`: a constant decides the whole or says nothing.
        let is_and = precedence == 3;
        let (idle, decides) =
            if is_and { (Expr::True, Expr::False) } else { (Expr::False, Expr::True) };
        if flat.contains(&&decides) {
            return scope.condition(&decides);
        }
        let many = flat.len();
        flat.retain(|item| **item != idle);
        match flat.as_slice() {
            [] if many > 0 => return scope.condition(&idle),
            [only] if many > 1 => return scope.condition(only),
            _ => {}
        }
        let parts: Print<Vec<_>> =
            flat.into_iter().map(|item| scope.as_boolean(item, around)).collect();
        Ok(parts?.join(joiner))
    }

    fn among(self, operand: &Expr, among: &Expr, negated: bool) -> Print {
        let around = Around::Operator { precedence: 5, operator: "in" };
        let left = self.operand(operand, around)?;
        let type_ = type_of(operand);
        let right = match among {
            Expr::List(items) if items.is_empty() => {
                return Ok(self.cx.dialect.in_nothing(&left, negated));
            }
            Expr::List(items) => {
                let scope = self.deeper()?;
                let is_row =
                    |item: &Expr| matches!(item, Expr::Bind(Bind { value: Literal::List(_), .. }));
                if items.iter().any(is_row) {
                    return Err(Halt::unknown("rows to look in are not printed yet"));
                }
                let items: Print<Vec<_>> =
                    items.iter().map(|item| scope.printed(item, type_)).collect();
                format!("({})", items?.join(", "))
            }
            other => self.operand(other, Around::In)?,
        };
        Ok(if negated { format!("({left} NOT IN {right})") } else { format!("{left} IN {right}") })
    }

    fn case(self, value: Option<&Expr>, whens: &[(Expr, Expr)], otherwise: Option<&Expr>) -> Print {
        let scope = self.deeper()?;
        let mut text = "CASE ".to_owned();
        if let Some(value) = value {
            text.push_str(&format!("{} ", scope.print(value)?));
        }
        for (condition, result) in whens {
            let condition = match value {
                Some(value) => scope.beside(condition, type_of(value), Around::Anything)?,
                None => scope.grouped(condition)?,
            };
            text.push_str(&format!("WHEN {condition} THEN {} ", scope.printed(result, None)?));
        }
        if let Some(otherwise) = otherwise {
            text.push_str(&format!("ELSE {} ", scope.printed(otherwise, None)?));
        }
        text.push_str("END");
        Ok(text)
    }

    /// A value on its way into a column.
    pub(crate) fn assigned(self, value: &Expr, type_: Option<&SqlType>) -> Print {
        match value {
            Expr::Bind(bind) if self.literal_binds => match (&bind.type_, type_) {
                (Some(type_), _) | (None, Some(type_)) => {
                    literal::typed(self.cx, &bind.value, type_)
                }
                (None, None) => literal::typed(self.cx, &bind.value, &SqlType::default()),
            },
            Expr::Bind(_) => Err(Halt::unknown("how bound parameters are named is not known")),
            _ => self.grouped(value),
        }
    }
}

/// A table with its schema, in a statement.
pub(crate) fn table_name(cx: Cx<'_>, table: &TableClause) -> String {
    identifier::table(cx, &TableName { schema: table.schema.clone(), name: table.name.clone() })
}
