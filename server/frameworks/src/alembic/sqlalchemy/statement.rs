//! Statements built from constructs: insert, update, delete, select, and DDL constructs.

use revline_python::value::{Arguments, Call, Term};
use revline_python::{Value, View};
use revline_schema::{
    Delete, Expr, Insert, Literal, Name, Select, SourceText, Statement, TableClause, TextClause,
    Update,
};
use revline_sql::DIALECTS;
use revline_text::Span;

use super::{Known, Read, Reader, fail, known, opaque};

/// A statement while its methods are applied one after the other.
enum Building {
    Insert(Insert),
    Update(Update),
    Delete(Delete),
    Select(Select),
}

impl Reader<'_> {
    /// What is handed to `op.execute`; opaque where it is not understood.
    pub(crate) fn statement(&self, value: &Value) -> Statement {
        self.try_statement(value).unwrap_or_else(Statement::Opaque)
    }

    fn try_statement(&self, value: &Value) -> Read<Statement> {
        match self.view(value)? {
            View::Str(_) => {
                Ok(Statement::Text(TextClause { text: self.text(value)?, ..TextClause::default() }))
            }
            View::Term(Term::Call(call)) => {
                if let Some((name, call)) = self.construct(value)
                    && let Some(statement) = self.ddl(name, call, value.span)?
                {
                    return Ok(statement);
                }
                if let Some(building) = self.building(call, value.span)? {
                    return Ok(match building {
                        Building::Insert(insert) => Statement::Insert(Box::new(insert)),
                        Building::Update(update) => Statement::Update(Box::new(update)),
                        Building::Delete(delete) => Statement::Delete(Box::new(delete)),
                        Building::Select(select) => Statement::Select(Box::new(select)),
                    });
                }
                match self.expr(value)? {
                    Expr::Text(text) => Ok(Statement::Text(text)),
                    expr => Ok(Statement::Expr(expr)),
                }
            }
            View::Term(_) => self.expr(value).map(Statement::Expr),
            _ => fail(value.span, "not a statement"),
        }
    }

    fn ddl(&self, name: &str, call: &Call, span: Span) -> Read<Option<Statement>> {
        let first = || match call.arguments.positional.first() {
            Some(argument) => Ok(&argument.value),
            None => fail(span, format!("{name}() is missing an argument")),
        };
        Ok(match name {
            "DDL" => {
                if call.arguments.positional.len() > 1 || !call.arguments.keywords.is_empty() {
                    return fail(span, "DDL() with a context is not understood");
                }
                Some(Statement::Ddl(self.text(first()?)?))
            }
            "CreateSchema" | "DropSchema" => {
                let value = first()?;
                let flag = |name: &str| match call.arguments.keyword(name) {
                    Some(keyword) => match keyword.value.as_bool() {
                        Some(truth) => Ok(truth),
                        None => fail(keyword.value.span, format!("`{name}` is not understood")),
                    },
                    None => Ok(false),
                };
                let Some(schema) = value.as_str().filter(|schema| needs_no_quotes(schema)) else {
                    return fail(value.span, "the name of the schema is not understood");
                };
                let makes = name == "CreateSchema";
                let (verb, word) = match makes {
                    true => (
                        "CREATE SCHEMA",
                        if flag("if_not_exists")? { " IF NOT EXISTS" } else { "" },
                    ),
                    false => ("DROP SCHEMA", if flag("if_exists")? { " IF EXISTS" } else { "" }),
                };
                let cascade = if !makes && flag("cascade")? { " CASCADE" } else { "" };
                let text = format!("{verb}{word} {schema}{cascade}");
                Some(Statement::Ddl(SourceText::at(text, span)))
            }
            "CreateSequence" | "DropSequence" => {
                if !call.arguments.keywords.is_empty() {
                    return fail(span, format!("the keywords of {name}() are not understood"));
                }
                let value = first()?;
                let Some(("Sequence", sequence)) = self.construct(value) else {
                    return fail(value.span, "not a sequence");
                };
                let sequence = Box::new(self.sequence(sequence, value.span)?);
                Some(if name == "CreateSequence" {
                    Statement::CreateSequence(sequence)
                } else {
                    Statement::DropSequence(sequence)
                })
            }
            _ => None,
        })
    }

    /// A query, where a value is one.
    pub(super) fn select(&self, value: &Value) -> Read<Option<Select>> {
        let View::Term(Term::Call(call)) = self.view(value)? else { return Ok(None) };
        Ok(match self.building(call, value.span)? {
            Some(Building::Select(select)) => Some(select),
            _ => None,
        })
    }

    fn building(&self, call: &Call, span: Span) -> Read<Option<Building>> {
        if let Some(unknown) = &call.arguments.unknown {
            return Err(opaque(unknown));
        }
        if let Some(symbol) = call.callee.as_symbol() {
            let name = match known(symbol.path()) {
                Known::Sa(name) => name,
                _ => return Ok(None),
            };
            return self.started(name, &call.arguments, span);
        }
        let View::Term(Term::Attribute { object, name }) = self.view(&call.callee)? else {
            return Ok(None);
        };
        let View::Term(Term::Call(inner)) = self.view(object)? else { return Ok(None) };
        if let Some(building) = self.deeper(span, || self.building(inner, object.span))? {
            return self.applied(building, name, &call.arguments, span).map(Some);
        }
        if !matches!(&**name, "insert" | "update" | "delete" | "select") {
            return Ok(None);
        }
        let Ok(table) = self.table(object) else {
            // Whatever it is, it is no table that is understood; say why.
            return self.table(object).map(|_| None);
        };
        if !call.arguments.is_empty() {
            return fail(span, format!("the arguments of `{name}()` are not understood"));
        }
        Ok(Some(match &**name {
            "insert" => Building::Insert(Insert { table, ..Insert::default() }),
            "update" => Building::Update(Update { table, ..Update::default() }),
            "delete" => Building::Delete(Delete { table, ..Delete::default() }),
            _ => Building::Select(self.whole(table, span)),
        }))
    }

    /// `SELECT` of all columns of a table.
    pub(super) fn whole(&self, table: TableClause, span: Span) -> Select {
        Select { columns: table_columns(&table), origin: span.into(), ..Select::default() }
    }

    fn started(&self, name: &str, arguments: &Arguments, span: Span) -> Read<Option<Building>> {
        let table = || match arguments.positional.as_slice() {
            [only] if arguments.keywords.is_empty() => self.table(&only.value),
            _ => fail(span, format!("{name}() takes one table")),
        };
        Ok(Some(match name {
            "insert" => Building::Insert(Insert { table: table()?, ..Insert::default() }),
            "update" => Building::Update(Update { table: table()?, ..Update::default() }),
            "delete" => Building::Delete(Delete { table: table()?, ..Delete::default() }),
            "select" => {
                if !arguments.keywords.is_empty() {
                    return fail(span, "select() takes no keywords");
                }
                let mut select = Select { origin: span.into(), ..Select::default() };
                for argument in &arguments.positional {
                    self.selected(&argument.value, &mut select)?;
                }
                Building::Select(select)
            }
            _ => return Ok(None),
        }))
    }

    fn selected(&self, value: &Value, select: &mut Select) -> Read<()> {
        if matches!(self.view(value)?, View::List(_) | View::Tuple(_)) {
            return fail(value.span, "select() takes its columns one by one, not as a list");
        }
        if let Ok(table) = self.table(value) {
            select.columns.extend(table_columns(&table));
            return Ok(());
        }
        select.columns.push(self.expr(value)?);
        Ok(())
    }

    fn applied(
        &self,
        building: Building,
        method: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Read<Building> {
        let unknown = || fail(span, format!("`{method}()` of a statement is not understood"));
        Ok(match (building, method) {
            (Building::Insert(mut insert), "values") => {
                for row in self.value_rows(arguments, span)? {
                    insert.rows.push(row);
                }
                Building::Insert(insert)
            }
            (Building::Insert(mut insert), "from_select") => {
                if arguments.positional.len() != 2 || !arguments.keywords.is_empty() {
                    return unknown();
                }
                let (Some(names), Some(query)) =
                    (arguments.positional.first(), arguments.positional.get(1))
                else {
                    return unknown();
                };
                let Some(query) = self.select(&query.value)? else {
                    return fail(query.span, "not a query that is understood");
                };
                insert.from_select = Some((self.names(&names.value)?, Box::new(query)));
                Building::Insert(insert)
            }
            (Building::Update(mut update), "values") => {
                let mut rows = self.value_rows(arguments, span)?.into_iter();
                if let (Some(row), None) = (rows.next(), rows.next()) {
                    update.values.extend(row);
                } else {
                    return fail(span, "several rows for one UPDATE");
                }
                Building::Update(update)
            }
            (Building::Update(mut update), "where") => {
                update.conditions.extend(self.conditions(arguments, span)?);
                Building::Update(update)
            }
            (Building::Delete(mut delete), "where") => {
                delete.conditions.extend(self.conditions(arguments, span)?);
                Building::Delete(delete)
            }
            (Building::Select(select), method) => {
                Building::Select(self.refined(select, method, arguments, span)?)
            }
            _ => return unknown(),
        })
    }

    pub(super) fn refined(
        &self,
        mut select: Select,
        method: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Read<Select> {
        let one = || -> Read<Box<Expr>> {
            match self.expressions(arguments, span)?.pop() {
                Some(expr) => Ok(Box::new(expr)),
                None => fail(span, format!("{method}() is missing an argument")),
            }
        };
        match method {
            "where" | "filter" => select.conditions.extend(self.conditions(arguments, span)?),
            "group_by" => {
                self.no_names(arguments)?;
                select.group_by.extend(self.expressions(arguments, span)?);
            }
            "having" => select.having.extend(self.conditions(arguments, span)?),
            "order_by" => {
                self.no_names(arguments)?;
                select.order_by.extend(self.expressions(arguments, span)?);
            }
            "distinct" if arguments.is_empty() => select.distinct = true,
            "limit" => select.limit = Some(one()?),
            "offset" => select.offset = Some(one()?),
            "select_from" => {
                for argument in &arguments.positional {
                    select.from.push(self.table(&argument.value)?);
                }
            }
            "scalar_subquery" | "as_scalar" if arguments.is_empty() => {}
            _ => return fail(span, format!("`{method}()` of a query is not understood")),
        }
        Ok(select)
    }

    /// Positional arguments as expressions; an error where there are keywords.
    /// Conditions; a truth value of Python is the constant.
    pub(super) fn conditions(&self, arguments: &Arguments, span: Span) -> Read<Vec<Expr>> {
        if let Some(text) = arguments.positional.iter().find(|it| it.value.as_str().is_some()) {
            let why = "Textual SQL expression should be explicitly declared as text()";
            return fail(text.span, why);
        }
        let mut conditions = self.expressions(arguments, span)?;
        for (condition, argument) in conditions.iter_mut().zip(&arguments.positional) {
            match argument.value.as_bool() {
                Some(true) => *condition = Expr::True,
                Some(false) => *condition = Expr::False,
                None => {}
            }
        }
        Ok(conditions)
    }

    /// Where a string is no value, but a name that SQLAlchemy looks for among columns and labels.
    pub(super) fn no_names(&self, arguments: &Arguments) -> Read<()> {
        match arguments.positional.iter().find(|it| it.value.as_str().is_some()) {
            Some(name) => fail(name.span, "what this name stands for is not looked for"),
            None => Ok(()),
        }
    }

    pub(super) fn expressions(&self, arguments: &Arguments, span: Span) -> Read<Vec<Expr>> {
        if let Some(unknown) = &arguments.unknown {
            return Err(opaque(unknown));
        }
        if !arguments.keywords.is_empty() {
            return fail(span, "keywords that are not understood");
        }
        arguments.positional.iter().map(|argument| self.expr(&argument.value)).collect()
    }

    /// The rows of `.values(…)`: keywords, one dictionary, or a list of dictionaries.
    fn value_rows(&self, arguments: &Arguments, span: Span) -> Read<Vec<Vec<(Name, Expr)>>> {
        if let Some(unknown) = &arguments.unknown {
            return Err(opaque(unknown));
        }
        let mut named = Vec::new();
        for keyword in &arguments.keywords {
            let name = Name::at(keyword.name.clone(), keyword.name_span);
            named.push((name, self.assigned(&keyword.value)?));
        }
        match arguments.positional.as_slice() {
            [] => Ok(vec![named]),
            [only] if named.is_empty() => match self.view(&only.value)? {
                View::Dict(_) => Ok(vec![self.value_row(&only.value)?]),
                View::List(rows) => rows.iter().map(|row| self.value_row(row)).collect(),
                _ => fail(only.span, "rows that are not dictionaries are not understood"),
            },
            _ => fail(span, "the arguments of `values()` are not understood"),
        }
    }

    fn value_row(&self, value: &Value) -> Read<Vec<(Name, Expr)>> {
        let View::Dict(dict) = self.view(value)? else {
            return fail(value.span, "a row that is not a dictionary");
        };
        dict.entries()
            .iter()
            .map(|(key, item)| Ok((self.column_name(key)?, self.assigned(item)?)))
            .collect()
    }

    /// A value that a column is set to.
    fn assigned(&self, value: &Value) -> Read<Expr> {
        match self.view(value)? {
            View::Term(_) => match self.literal(value) {
                Literal::Expr(expr) => Ok(*expr),
                Literal::Opaque(why) => Err(why),
                literal => Ok(Expr::value(literal)),
            },
            _ => self.bound(value),
        }
    }
}

/// All columns of a table in their order.
fn table_columns(table: &TableClause) -> Vec<Expr> {
    let shared = std::sync::Arc::new(table.clone());
    table
        .columns
        .iter()
        .map(|(name, type_)| {
            Expr::Column(revline_schema::ColumnRef {
                name: name.clone(),
                table: Some(shared.clone()),
                type_: type_.clone(),
            })
        })
        .collect()
}

/// Whether a name is printed as it is in every dialect.
fn needs_no_quotes(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.chars().all(is_plain)
        && name.starts_with(|c: char| !c.is_ascii_digit())
        && DIALECTS.iter().all(|dialect| dialect.facts().reserved.binary_search(&name).is_err())
}
