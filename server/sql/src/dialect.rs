//! The dialects. One file and one word each.

use revline_schema::{AlterColumn, Batch, Column, EnumType, Expr, Index, Name, SqlType};

use crate::build::{BuiltColumn, BuiltTable, Piece};
use crate::index::Making;
use crate::print::{Cx, Halt, Print};
use crate::render::Renderer;
use crate::{alter, ddl, expr, types};

macro_rules! dialects {
    [$($name:ident),* $(,)?] => {
        $(mod $name;)*

        /// All dialects in the order of their names' registration.
        pub const DIALECTS: &[&'static dyn Dialect] = &[$(&$name::Sql),*];
    };
}

dialects![postgresql, sqlite];

/// The dialect of that name (`postgresql`), as SQLAlchemy calls it in URLs without a driver.
pub fn dialect(name: &str) -> Option<&'static dyn Dialect> {
    DIALECTS.iter().copied().find(|dialect| dialect.facts().name == name)
}

/// What is fixed about a dialect.
#[derive(Debug)]
pub struct Facts {
    /// The name: `postgresql`.
    pub name: &'static str,
    /// Words that are quoted as identifiers, sorted.
    pub reserved: &'static [&'static str],
    /// Longest name of a constraint or index, in characters.
    pub max_identifier: usize,
    /// Constraints can be added to a table that exists.
    pub supports_alter: bool,
    /// COMMENT ON is printed.
    pub comments: bool,
    /// There is a boolean type.
    pub native_boolean: bool,
    /// There are enumerations as types.
    pub native_enum: bool,
    /// There is a UUID type.
    pub native_uuid: bool,
    /// There are identity columns.
    pub identity_columns: bool,
    /// DDL runs inside the transaction of the migration.
    pub transactional_ddl: bool,
    /// An INSERT that leaves the key to the database asks for it back.
    pub returns_new_keys: bool,
    /// What ends a statement in a script.
    pub terminator: &'static str,
    /// `true` and `false`.
    pub booleans: (&'static str, &'static str),
    /// How the compiler of types is called in SQLAlchemy's messages.
    pub type_compiler: &'static str,
}

/// How a database spells things. Every method follows SQLAlchemy's default compiler or Alembic's
/// default implementation unless a dialect says otherwise.
pub trait Dialect: Sync {
    /// What is fixed about it.
    fn facts(&self) -> &'static Facts;

    /// A type.
    fn type_text(&self, cx: Cx<'_>, type_: &SqlType) -> Print {
        types::generic(cx, types::resolve(cx, type_))
    }

    /// A function that the dialect spells its own way.
    fn function(&self, _cx: Cx<'_>, _name: &str, _args: &[String]) -> Option<String> {
        None
    }

    /// The division of two printed operands; `None` where it depends on types that are not known.
    fn division(&self, left: &str, right: &str, by_integer: bool) -> Option<String> {
        let _ = by_integer;
        Some(format!("{left} / {right}"))
    }

    /// A row comparison that takes NULL for a value: the words between the operands.
    fn distinct_from(&self, negated: bool) -> &'static str {
        if negated { "IS NOT DISTINCT FROM" } else { "IS DISTINCT FROM" }
    }

    /// `a ILIKE b`.
    fn ilike(&self, left: &str, right: &str, negated: bool) -> String {
        let not = if negated { "NOT " } else { "" };
        format!("lower({left}) {not}LIKE lower({right})")
    }

    /// `operand IN ()`, which no database takes as it stands.
    fn in_nothing(&self, operand: &str, negated: bool) -> String {
        if negated {
            format!("({operand} NOT IN (NULL) OR (1 = 1))")
        } else {
            format!("{operand} IN (NULL) AND (1 != 1)")
        }
    }

    /// LIMIT and OFFSET of a query.
    fn limit(&self, limit: Option<&str>, offset: Option<&str>) -> String;

    /// A column with its type, default and nullability.
    fn column_spec(&self, cx: Cx<'_>, table: &BuiltTable, column: &BuiltColumn) -> Print {
        ddl::column_spec(cx, table, column)
    }

    /// A printed default as it stands behind DEFAULT.
    fn default_clause(&self, text: &str) -> String {
        text.to_owned()
    }

    /// `GENERATED ALWAYS AS (…)`.
    fn computed(&self, cx: Cx<'_>, expression: &Expr, persisted: Option<bool>) -> Print {
        ddl::computed(cx, expression, persisted)
    }

    /// What follows the closing parenthesis of CREATE TABLE.
    fn table_options(&self, _cx: Cx<'_>, _table: &BuiltTable) -> Print {
        Ok(String::new())
    }

    /// A constraint as a clause; `None` where the dialect leaves it out.
    fn constraint(&self, cx: Cx<'_>, table: &BuiltTable, piece: &Piece) -> Print<Option<String>> {
        ddl::constraint(cx, table, piece).map(Some)
    }

    /// `CREATE INDEX`.
    fn create_index(
        &self,
        cx: Cx<'_>,
        table: &revline_schema::TableName,
        index: &Index,
        making: Making,
    ) -> Print;

    /// `DROP INDEX`; `name` is printed, schema and all.
    fn drop_index(&self, name: &str, options: &revline_schema::Options, if_exists: bool) -> String {
        let _ = options;
        format!("DROP INDEX {}{name}", if if_exists { "IF EXISTS " } else { "" })
    }

    /// A new column name: the words between table and names.
    fn rename_column(&self, cx: Cx<'_>, from: &Name, to: &Name) -> String {
        format!("RENAME {} TO {}", cx.quote(from), cx.quote(to))
    }

    /// The statements of `op.alter_column`, without constraints bound to types.
    fn alter_column(&self, render: &mut Renderer<'_>, op: &AlterColumn) -> Print<()> {
        alter::alter_column(render, op)
    }

    /// `COMMENT ON COLUMN` inside `op.alter_column`; an error where the dialect has none.
    fn alter_comment(&self, cx: Cx<'_>, op: &AlterColumn) -> Print;

    /// Alembic's objection to adding or dropping a constraint of a table that exists.
    /// `is_implicit` marks the CHECK of a Boolean or Enum.
    fn refuses_constraints(&self, _is_implicit: bool) -> Option<Objection> {
        None
    }

    /// The statement that gives a column an identity, or takes it away.
    fn alter_identity(&self, _cx: Cx<'_>, _op: &AlterColumn) -> Print {
        Err(Halt::Refused(
            "Adding, removing or modifying an \"identity\" construct, e.g. GENERATED AS IDENTITY, to \
             or from an existing column is not supported in this dialect."
                .to_owned(),
        ))
    }

    /// Whether the database cannot parse the first statement of `op.alter_column`.
    fn rejects_alter_column(&self, _op: &AlterColumn) -> bool {
        false
    }

    /// Whether `recreate="auto"` copies the table.
    fn batch_recreates(&self, _cx: Cx<'_>, _batch: &Batch) -> bool {
        false
    }

    /// The type that is made before a table for one of its columns.
    fn before_table<'a>(&self, _cx: Cx<'_>, _column: &'a Column) -> Option<&'a EnumType> {
        None
    }

    /// `CREATE TYPE`; `None` where there are no such types.
    fn create_type(&self, _cx: Cx<'_>, _type: &EnumType) -> Print<Option<String>> {
        Ok(None)
    }

    /// `DROP TYPE`; `None` where there are no such types.
    fn drop_type(&self, _cx: Cx<'_>, _type: &EnumType) -> Print<Option<String>> {
        Ok(None)
    }

    /// What asks the version row's INSERT back, with the space before it.
    fn version_returning(&self, table: &str) -> String;

    /// A date, time or timestamp as text between quotes; `text` is in ISO form.
    fn temporal(&self, kind: expr::Temporal, text: &str) -> String {
        let _ = kind;
        text.to_owned()
    }
}

/// What Alembic does about a constraint it cannot alter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Objection {
    /// It raises this sentence.
    Raise(&'static str),
    /// It warns and goes on without the statement.
    Skip,
}
