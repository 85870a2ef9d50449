//! `create_*_constraint`, `create_foreign_key`, `create_primary_key`, `drop_constraint`.

use revline_python::View;
use revline_schema::{
    AddConstraint, CheckConstraint, Constraint, ConstraintKind, DropConstraint, ExcludeConstraint,
    Expr, ForeignKeyConstraint, IndexElement, KeyConstraint, Name, Op, TableName,
};

use super::{Directive, Receiver};
use crate::alembic::sqlalchemy::{Matched, Read, Signature, fail};

const RULES: &[&str] = &[
    "onupdate",
    "ondelete",
    "deferrable",
    "initially",
    "match",
    "source_schema",
    "referent_schema",
];
const FOREIGN_KEY: Signature = Signature {
    name: "create_foreign_key",
    positional: &["constraint_name", "source_table", "referent_table", "local_cols", "remote_cols"],
    variadic: false,
    keywords: RULES,
};
const BATCH_FOREIGN_KEY: Signature = Signature {
    name: "create_foreign_key",
    positional: &["constraint_name", "referent_table", "local_cols", "remote_cols"],
    variadic: false,
    keywords: RULES,
};
const KEY: Signature = Signature {
    name: "create_unique_constraint",
    positional: &["constraint_name", "table_name", "columns"],
    variadic: false,
    keywords: &["schema", "deferrable", "initially"],
};
const BATCH_KEY: Signature = Signature {
    name: "create_unique_constraint",
    positional: &["constraint_name", "columns"],
    variadic: false,
    keywords: &["deferrable", "initially"],
};
const CHECK: Signature = Signature {
    name: "create_check_constraint",
    positional: &["constraint_name", "table_name", "condition"],
    variadic: false,
    keywords: &["schema", "deferrable", "initially"],
};
const BATCH_CHECK: Signature = Signature {
    name: "create_check_constraint",
    positional: &["constraint_name", "condition"],
    variadic: false,
    keywords: &["deferrable", "initially"],
};
const EXCLUDE: Signature = Signature {
    name: "create_exclude_constraint",
    positional: &["constraint_name", "table_name"],
    variadic: true,
    keywords: &["schema", "using", "where", "deferrable", "initially"],
};
const BATCH_EXCLUDE: Signature = Signature {
    name: "create_exclude_constraint",
    positional: &["constraint_name"],
    variadic: true,
    keywords: &["using", "where", "deferrable", "initially"],
};
const DROP: Signature = Signature {
    name: "drop_constraint",
    positional: &["constraint_name", "table_name", "type_"],
    variadic: false,
    keywords: &["schema", "if_exists"],
};
const BATCH_DROP: Signature = Signature {
    name: "drop_constraint",
    positional: &["constraint_name", "type_"],
    variadic: false,
    keywords: &["if_exists"],
};

fn added(table: TableName, constraint: Constraint) -> Op {
    Op::AddConstraint(Box::new(AddConstraint { table, constraint }))
}

impl Directive<'_> {
    pub(super) fn create_foreign_key(&self) -> Read<Op> {
        let mut matched = self.bind(&FOREIGN_KEY, Some(&BATCH_FOREIGN_KEY))?;
        let reader = self.reader;
        let use_alter = match matched.extra.iter().find(|k| &*k.name == "use_alter") {
            Some(keyword) => reader.truth(&keyword.value)?,
            None => false,
        };
        matched.ignore(&["use_alter", "info", "link_to_name"]);
        // Inside a batch the other table is looked for in the schema that is said, not the batch's.
        let referent = TableName {
            schema: reader.schema_of(&matched, "referent_schema")?,
            name: reader.name(self.need(&matched, "referent_table")?)?,
        };
        let referent_columns = reader.names(self.need(&matched, "remote_cols")?)?;
        // Alembic joins them by dots, and SQLAlchemy takes them apart again.
        let dotted = |name: &Name| name.text.contains('.');
        if referent_columns.iter().any(dotted)
            || dotted(&referent.name) && referent.schema.is_some()
        {
            return fail(self.span, "a dot in the name of what a foreign key points to");
        }
        let constraint = ForeignKeyConstraint {
            name: reader.name_of(&matched, "constraint_name")?,
            columns: reader.names(self.need(&matched, "local_cols")?)?,
            referent,
            referent_columns,
            rules: reader.rules(&matched)?,
            use_alter,
            comment: None,
            options: reader.options(matched.extra.iter().copied()),
            origin: self.span.into(),
        };
        Ok(added(
            self.table(&matched, "source_table", "source_schema")?,
            Constraint::ForeignKey(constraint),
        ))
    }

    pub(super) fn create_key(&self) -> Read<Op> {
        let matched = self.bind(&KEY, Some(&BATCH_KEY))?;
        let reader = self.reader;
        let key = KeyConstraint {
            name: reader.name_of(&matched, "constraint_name")?,
            columns: reader.names(self.need(&matched, "columns")?)?,
            deferral: reader.deferral(&matched)?,
            comment: None,
            options: reader.options(matched.extra.iter().copied()),
            origin: self.span.into(),
        };
        let constraint = if self.name == "create_primary_key" {
            Constraint::PrimaryKey(key)
        } else {
            Constraint::Unique(key)
        };
        Ok(added(self.table(&matched, "table_name", "schema")?, constraint))
    }

    pub(super) fn create_check(&self) -> Read<Op> {
        let matched = self.bind(&CHECK, Some(&BATCH_CHECK))?;
        let reader = self.reader;
        let constraint = CheckConstraint {
            name: reader.name_of(&matched, "constraint_name")?,
            condition: reader.text_or_expr(self.need(&matched, "condition")?)?,
            deferral: reader.deferral(&matched)?,
            comment: None,
            options: reader.options(matched.extra.iter().copied()),
            origin: self.span.into(),
        };
        Ok(added(self.table(&matched, "table_name", "schema")?, Constraint::Check(constraint)))
    }

    pub(super) fn create_exclude(&self) -> Read<Op> {
        let matched = self.bind(&EXCLUDE, Some(&BATCH_EXCLUDE))?;
        let reader = self.reader;
        let mut elements = Vec::new();
        for argument in matched.rest {
            let View::Tuple([element, operator]) = reader.view(&argument.value)? else {
                return fail(argument.span, "not a pair of column and operator");
            };
            let own = reader.index_element(element)?;
            // Alembic makes a column of each, by the name of the first column inside.
            if let IndexElement::Expr(Expr::Text(_)) = own {
                return fail(element.span, "Column must be constructed with a non-blank name");
            }
            elements.push((own, reader.text(operator)?.text));
        }
        let constraint = ExcludeConstraint {
            name: reader.name_of(&matched, "constraint_name")?,
            elements,
            using: reader.word(&matched, "using")?,
            condition: matched.some("where").map(|value| reader.text_or_expr(value)).transpose()?,
            deferral: reader.deferral(&matched)?,
            options: reader.options(matched.extra.iter().copied()),
            origin: self.span.into(),
        };
        Ok(added(self.table(&matched, "table_name", "schema")?, Constraint::Exclude(constraint)))
    }

    pub(super) fn drop_constraint(&self) -> Read<Op> {
        let matched: Matched<'_> = self.bind(&DROP, Some(&BATCH_DROP))?;
        if let Receiver::Op = self.receiver {
            matched.no_extra(self.name)?;
        }
        let kind = match matched.some("type_") {
            Some(value) => match self.reader.text(value)?.as_str() {
                "foreignkey" => Some(ConstraintKind::ForeignKey),
                "primary" => Some(ConstraintKind::PrimaryKey),
                "unique" => Some(ConstraintKind::Unique),
                "check" => Some(ConstraintKind::Check),
                _ => {
                    return fail(
                        value.span,
                        "'type' can be one of 'check', 'foreignkey', 'primary', 'unique', None",
                    );
                }
            },
            None => None,
        };
        Ok(Op::DropConstraint(DropConstraint {
            table: self.table(&matched, "table_name", "schema")?,
            name: self.reader.name_of(&matched, "constraint_name")?,
            kind,
            if_exists: self.reader.flag(&matched, "if_exists")?,
        }))
    }
}
