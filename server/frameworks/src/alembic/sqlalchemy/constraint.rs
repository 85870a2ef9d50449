//! Constraints and indexes, as they stand in `op.create_table`.

use revline_python::value::Call;
use revline_python::{Value, View};
use revline_schema::{
    CheckConstraint, Constraint, Deferral, Expr, ForeignKey, ForeignKeyConstraint, Index,
    IndexElement, KeyConstraint, Name, ReferenceRules, TableItem, TableName, UnaryOp,
};
use revline_text::Span;

use super::{Known, Matched, Read, Reader, Signature, fail, known};

const FOREIGN_KEY: Signature = Signature {
    name: "ForeignKey",
    positional: &[
        "column",
        "_constraint",
        "use_alter",
        "name",
        "onupdate",
        "ondelete",
        "deferrable",
        "initially",
        "link_to_name",
        "match",
        "info",
        "comment",
    ],
    variadic: false,
    keywords: &[],
};
const FOREIGN_KEY_CONSTRAINT: Signature = Signature {
    name: "ForeignKeyConstraint",
    positional: &[
        "columns",
        "refcolumns",
        "name",
        "onupdate",
        "ondelete",
        "deferrable",
        "initially",
        "use_alter",
        "link_to_name",
        "match",
        "table",
        "info",
        "comment",
    ],
    variadic: false,
    keywords: &[],
};
const KEY: Signature = Signature {
    name: "UniqueConstraint",
    positional: &[],
    variadic: true,
    keywords: &["name", "deferrable", "initially", "info", "comment"],
};
const CHECK: Signature = Signature {
    name: "CheckConstraint",
    positional: &["sqltext", "name", "deferrable", "initially", "table", "info"],
    variadic: false,
    keywords: &["comment"],
};
const INDEX: Signature = Signature {
    name: "Index",
    positional: &["name"],
    variadic: true,
    keywords: &["unique", "quote", "info"],
};

impl Reader<'_> {
    /// An argument of `op.create_table` or `sa.Table`; opaque where it is not understood.
    pub(crate) fn table_item(&self, value: &Value) -> TableItem {
        self.try_table_item(value).unwrap_or_else(TableItem::Opaque)
    }

    /// Whether an argument of a table is a `MetaData()`, which SQLAlchemy takes and passes over.
    pub(crate) fn is_metadata(&self, value: &Value) -> bool {
        self.construct(value).is_some_and(|(name, _)| name == "MetaData")
    }

    fn try_table_item(&self, value: &Value) -> Read<TableItem> {
        self.view(value)?;
        let Some((name, call)) = self.construct(value) else {
            return fail(value.span, "an argument of a table that is not understood");
        };
        let span = value.span;
        Ok(match name {
            "Column" => self.column(value)?.into(),
            "Index" => self.index(call, span)?.into(),
            "PrimaryKeyConstraint" => Constraint::PrimaryKey(self.key(call, span)?).into(),
            "UniqueConstraint" => Constraint::Unique(self.key(call, span)?).into(),
            "CheckConstraint" => Constraint::Check(self.check(call, span)?).into(),
            "ForeignKeyConstraint" => {
                Constraint::ForeignKey(self.foreign_key_constraint(call, span)?).into()
            }
            _ => return fail(span, format!("{name}() in a table is not understood")),
        })
    }

    /// When a constraint is checked.
    pub(crate) fn deferral(&self, matched: &Matched<'_>) -> Read<Deferral> {
        Ok(Deferral {
            deferrable: self.choice(matched, "deferrable")?,
            initially: self.word(matched, "initially")?,
        })
    }

    /// What a foreign key does when the other side changes.
    pub(crate) fn rules(&self, matched: &Matched<'_>) -> Read<ReferenceRules> {
        Ok(ReferenceRules {
            on_delete: self.word(matched, "ondelete")?,
            on_update: self.word(matched, "onupdate")?,
            match_: self.word(matched, "match")?,
            deferral: self.deferral(matched)?,
        })
    }

    /// `sa.ForeignKey(…)`.
    pub(crate) fn foreign_key(&self, call: &Call, span: Span) -> Read<ForeignKey> {
        let matched = FOREIGN_KEY.bind(&call.arguments, span)?;
        let (referent, referent_column) =
            self.target(matched.need("ForeignKey", "column", span)?)?;
        Ok(ForeignKey {
            name: self.name_of(&matched, "name")?,
            referent,
            referent_column,
            rules: self.rules(&matched)?,
            use_alter: self.flag(&matched, "use_alter")?,
            comment: self.text_of(&matched, "comment")?,
            options: self.options(matched.extra.iter().copied()),
            origin: span.into(),
        })
    }

    fn foreign_key_constraint(&self, call: &Call, span: Span) -> Read<ForeignKeyConstraint> {
        let matched = FOREIGN_KEY_CONSTRAINT.bind(&call.arguments, span)?;
        let columns = self.names(matched.need("ForeignKeyConstraint", "columns", span)?)?;
        let targets = matched.need("ForeignKeyConstraint", "refcolumns", span)?;
        let mut referent: Option<TableName> = None;
        let mut referent_columns = Vec::new();
        for target in self.items(targets)? {
            let (table, column) = self.target(&target)?;
            match &referent {
                Some(first) if *first != table => {
                    return fail(target.span, "a foreign key to two tables");
                }
                Some(_) => {}
                None => referent = Some(table),
            }
            referent_columns.extend(column);
        }
        let Some(referent) = referent else {
            return fail(targets.span, "a foreign key to nothing");
        };
        if !referent_columns.is_empty() && referent_columns.len() != columns.len() {
            return fail(
                span,
                "ForeignKeyConstraint number of constrained columns must match the number of referenced columns.",
            );
        }
        Ok(ForeignKeyConstraint {
            name: self.name_of(&matched, "name")?,
            columns,
            referent,
            referent_columns,
            rules: self.rules(&matched)?,
            use_alter: self.flag(&matched, "use_alter")?,
            comment: self.text_of(&matched, "comment")?,
            options: self.options(matched.extra.iter().copied()),
            origin: span.into(),
        })
    }

    /// `schema.table.column`, or a column of a table construct.
    fn target(&self, value: &Value) -> Read<(TableName, Option<Name>)> {
        if let View::Str(string) = self.view(value)? {
            let text = string.text();
            let at = |name: &str| Name::at(name, value.span);
            return Ok(match text.rsplit_once('.') {
                None => (TableName::new(at(text)), None),
                Some((table, column)) => match table.rsplit_once('.') {
                    None => (TableName::new(at(table)), Some(at(column))),
                    Some((schema, table)) => {
                        (TableName::in_schema(at(schema), at(table)), Some(at(column)))
                    }
                },
            });
        }
        match self.expr(value)? {
            Expr::Column(column) => match column.table {
                Some(table) => Ok((
                    TableName { schema: table.schema.clone(), name: table.name.clone() },
                    Some(column.name),
                )),
                None => fail(value.span, "a column that belongs to no table"),
            },
            _ => fail(value.span, "not a column to point to"),
        }
    }

    fn key(&self, call: &Call, span: Span) -> Read<KeyConstraint> {
        let matched = KEY.bind(&call.arguments, span)?;
        let mut columns = Vec::new();
        for argument in matched.rest {
            columns.push(self.column_name(&argument.value)?);
        }
        Ok(KeyConstraint {
            name: self.name_of(&matched, "name")?,
            columns,
            deferral: self.deferral(&matched)?,
            comment: self.text_of(&matched, "comment")?,
            options: self.options(matched.extra.iter().copied()),
            origin: span.into(),
        })
    }

    /// `sa.CheckConstraint(…)`.
    pub(crate) fn check(&self, call: &Call, span: Span) -> Read<CheckConstraint> {
        let mut matched = CHECK.bind(&call.arguments, span)?;
        matched.ignore(&["_create_rule", "_autoattach", "_type_bound"]);
        Ok(CheckConstraint {
            name: self.name_of(&matched, "name")?,
            condition: self.text_or_expr(matched.need("CheckConstraint", "sqltext", span)?)?,
            deferral: self.deferral(&matched)?,
            comment: self.text_of(&matched, "comment")?,
            options: self.options(matched.extra.iter().copied()),
            origin: span.into(),
        })
    }

    fn index(&self, call: &Call, span: Span) -> Read<Index> {
        let matched = INDEX.bind(&call.arguments, span)?;
        let mut name = self.name_of(&matched, "name")?;
        if let (Some(name), Some(quote)) = (&mut name, self.choice(&matched, "quote")?) {
            name.quote = Some(quote);
        }
        let mut elements = Vec::new();
        for argument in matched.rest {
            elements.push(self.index_element(&argument.value)?);
        }
        Ok(Index {
            name,
            elements,
            unique: self.flag(&matched, "unique")?,
            options: self.options(matched.extra.iter().copied()),
            origin: span.into(),
        })
    }

    /// A column's name or an expression.
    pub(crate) fn index_element(&self, value: &Value) -> Read<IndexElement> {
        match self.view(value)? {
            View::Str(_) => Ok(IndexElement::Column(self.name(value)?)),
            View::Term(_) => {
                if self.is_name(value) {
                    return Ok(IndexElement::Column(self.name(value)?));
                }
                match self.ordered(value)? {
                    Expr::Column(column) => Ok(IndexElement::Column(column.name)),
                    expr => Ok(IndexElement::Expr(expr)),
                }
            }
            _ => fail(value.span, "not a column or expression"),
        }
    }

    /// An expression, where `desc("name")` is SQL as it is written: there is no query whose columns it
    /// could name.
    fn ordered(&self, value: &Value) -> Read<Expr> {
        if let Some((name, call)) = self.construct(value)
            && let Some(op) = ordering(name)
            && let [only] = call.arguments.positional.as_slice()
        {
            let operand = match self.view(&only.value)? {
                View::Str(_) => Expr::text(self.text(&only.value)?),
                _ => self.ordered(&only.value)?,
            };
            return Ok(Expr::Unary { op, operand: Box::new(operand) });
        }
        self.expr(value)
    }

    /// The name of a column given as a string or as a column.
    pub(crate) fn column_name(&self, value: &Value) -> Read<Name> {
        if matches!(self.view(value)?, View::Str(_)) || self.is_name(value) {
            return self.name(value);
        }
        match self.expr(value)? {
            Expr::Column(column) => Ok(column.name),
            _ => fail(value.span, "not the name of a column"),
        }
    }

    /// Whether a term is a string in disguise: `op.f(…)`.
    fn is_name(&self, value: &Value) -> bool {
        let View::Term(revline_python::value::Term::Call(call)) = self.heap.view(value) else {
            return false;
        };
        call.callee.as_symbol().is_some_and(|symbol| {
            matches!(known(symbol.path()), Known::Op("f") | Known::Sa("conv" | "quoted_name"))
        })
    }
}

fn ordering(name: &str) -> Option<UnaryOp> {
    Some(match name {
        "desc" => UnaryOp::Desc,
        "asc" => UnaryOp::Asc,
        "nulls_first" | "nullsfirst" => UnaryOp::NullsFirst,
        "nulls_last" | "nullslast" => UnaryOp::NullsLast,
        _ => return None,
    })
}
