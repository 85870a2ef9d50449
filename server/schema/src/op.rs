//! What a migration does, one variant for each of Alembic's directives.
//!
//! The parameters are those of Alembic 1.20's `alembic.operations.ops`. A `batch_op` directive is
//! the same operation with the batch's table filled in. What the source did not say is absent here:
//! no default of Alembic or SQLAlchemy is filled in by a reader.

use crate::column::{Column, Sequence, ServerDefault};
use crate::constraint::{Constraint, ConstraintKind, Index, TableName};
use crate::expr::{Delete, Expr, Insert, Select, TableClause, TextClause, Update};
use crate::literal::{Options, Row};
use crate::name::{Name, Opaque, Origin, SourceText};
use crate::naming::NamingConvention;
use crate::step::Step;
use crate::types::SqlType;

/// One operation of a migration.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Op {
    /// `op.create_table`.
    CreateTable(CreateTable),
    /// `op.drop_table`.
    DropTable(DropTable),
    /// `op.rename_table`.
    RenameTable(RenameTable),
    /// `op.create_table_comment`, `op.drop_table_comment`.
    TableComment(TableComment),
    /// `op.add_column`.
    AddColumn(Box<AddColumn>),
    /// `op.drop_column`.
    DropColumn(DropColumn),
    /// `op.alter_column`.
    AlterColumn(Box<AlterColumn>),
    /// `op.create_index`.
    CreateIndex(CreateIndex),
    /// `op.drop_index`.
    DropIndex(DropIndex),
    /// `op.create_foreign_key`, `_unique_constraint`, `_check_constraint`, `_primary_key`,
    /// `_exclude_constraint`.
    AddConstraint(Box<AddConstraint>),
    /// `op.drop_constraint`.
    DropConstraint(DropConstraint),
    /// `op.execute`, `op.get_bind().execute`.
    Execute(Execute),
    /// `op.bulk_insert`.
    BulkInsert(BulkInsert),
    /// `with op.batch_alter_table(…)`.
    Batch(Batch),
    /// `with op.get_context().autocommit_block()`.
    AutocommitBlock(AutocommitBlock),
    /// `Enum(…).create(bind)`.
    CreateType(TypeOp),
    /// `Enum(…).drop(bind)`.
    DropType(TypeOp),
    /// Raw SQL changes something that no other operation says. Never read from a `op.…` directive.
    Touch(Touch),
    /// Something is done here, and what it is is not known.
    Opaque(Opaque),
}

impl Op {
    /// The one table that it makes, changes or drops, by the name that it has before. `None` of what
    /// is about no table, about rows alone, or about whatever stands inside of it; of a dropped index,
    /// too, whose table need not be told.
    pub fn table(&self) -> Option<&TableName> {
        Some(match self {
            Self::CreateTable(op) => &op.table,
            Self::DropTable(op) => &op.table,
            Self::RenameTable(op) => &op.table,
            Self::TableComment(op) => &op.table,
            Self::AddColumn(op) => &op.table,
            Self::DropColumn(op) => &op.table,
            Self::AlterColumn(op) => &op.table,
            Self::CreateIndex(op) => &op.table,
            Self::AddConstraint(op) => &op.table,
            Self::DropConstraint(op) => &op.table,
            Self::Batch(op) => &op.table,
            Self::DropIndex(_)
            | Self::Execute(_)
            | Self::BulkInsert(_)
            | Self::AutocommitBlock(_)
            | Self::CreateType(_)
            | Self::DropType(_)
            | Self::Touch(_)
            | Self::Opaque(_) => return None,
        })
    }
}

/// A change that is known by its place alone: afterwards nothing is claimed about that part.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Touch {
    /// What may be different.
    pub part: Touched,
    /// Why it is not known what becomes of it.
    pub why: Opaque,
}

/// The part of a schema that a [`Touch`] puts in doubt.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Touched {
    /// One table, whether it is there or not.
    Table(TableName),
    /// The same, and the named types, which its columns may bring along.
    Definition(TableName),
    /// The tables there are in a schema; `None` is the default one.
    Schema(Option<Name>),
    /// The tables there are with a foreign key to this one.
    Referring(TableName),
}

/// What a keyword says whose absence and whose `None` mean different things.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Given<T> {
    /// Not given (`False` in Alembic's signatures): nothing changes.
    #[default]
    Absent,
    /// `None`: taken away.
    None,
    /// Set to this.
    Some(T),
}

impl<T> Given<T> {
    /// Whether the keyword was given at all.
    pub const fn is_given(&self) -> bool {
        !matches!(self, Self::Absent)
    }

    /// The value, where there is one.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Some(value) => Some(value),
            Self::Absent | Self::None => None,
        }
    }
}

/// `op.create_table(table, *columns, if_not_exists, **kw)`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct CreateTable {
    /// The table.
    pub table: TableName,
    /// Columns, constraints and indexes in the order they were given.
    pub items: Vec<TableItem>,
    /// `if_not_exists`.
    pub if_not_exists: bool,
    /// `comment`.
    pub comment: Option<SourceText>,
    /// `prefixes`.
    pub prefixes: Vec<SourceText>,
    /// `mysql_engine`, `postgresql_partition_by`, `sqlite_autoincrement` and the rest.
    pub options: Options,
}

impl CreateTable {
    /// The columns in their order.
    pub fn columns(&self) -> impl Iterator<Item = &Column> {
        self.items.iter().filter_map(|item| match item {
            TableItem::Column(column) => Some(&**column),
            _ => None,
        })
    }

    /// The constraints in their order.
    pub fn constraints(&self) -> impl Iterator<Item = &Constraint> {
        self.items.iter().filter_map(|item| match item {
            TableItem::Constraint(constraint) => Some(&**constraint),
            _ => None,
        })
    }

    /// The indexes in their order.
    pub fn indexes(&self) -> impl Iterator<Item = &Index> {
        self.items.iter().filter_map(|item| match item {
            TableItem::Index(index) => Some(index),
            _ => None,
        })
    }
}

/// One argument of `op.create_table`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TableItem {
    /// `sa.Column`.
    Column(Box<Column>),
    /// `sa.PrimaryKeyConstraint` and its kin.
    Constraint(Box<Constraint>),
    /// `sa.Index`.
    Index(Index),
    /// An argument that is not known: the table may have more than what stands here.
    Opaque(Opaque),
}

impl From<Column> for TableItem {
    fn from(column: Column) -> Self {
        Self::Column(Box::new(column))
    }
}

impl From<Constraint> for TableItem {
    fn from(constraint: Constraint) -> Self {
        Self::Constraint(Box::new(constraint))
    }
}

impl From<Index> for TableItem {
    fn from(index: Index) -> Self {
        Self::Index(index)
    }
}

/// `op.drop_table(table, if_exists, **kw)`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct DropTable {
    /// The table.
    pub table: TableName,
    /// `if_exists`.
    pub if_exists: bool,
    /// Table keywords, which no dialect prints here. `cascade`, which raw SQL may say and Alembic
    /// refuses, takes the foreign keys along that point to the table.
    pub options: Options,
}

/// `op.rename_table(old, new)`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct RenameTable {
    /// The table as it is called so far.
    pub table: TableName,
    /// Its new name.
    pub new_name: Name,
}

impl RenameTable {
    /// The table as it is called from then on: it stays in its schema.
    pub fn to(&self) -> TableName {
        TableName { schema: self.table.schema.clone(), name: self.new_name.clone() }
    }
}

/// `op.create_table_comment`, `op.drop_table_comment`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct TableComment {
    /// The table.
    pub table: TableName,
    /// The comment; `None` drops it.
    pub comment: Option<SourceText>,
    /// `existing_comment`.
    pub existing_comment: Option<SourceText>,
    /// `op.drop_table_comment` was called, not `op.create_table_comment(…, None)`.
    pub is_drop: bool,
}

/// `op.add_column(table, column, …)`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct AddColumn {
    /// The table.
    pub table: TableName,
    /// The column.
    pub column: Column,
    /// `if_not_exists`.
    pub if_not_exists: bool,
    /// `inline_references`.
    pub inline_references: bool,
    /// `inline_primary_key`.
    pub inline_primary_key: bool,
    /// `insert_before` of a batch.
    pub insert_before: Option<Name>,
    /// `insert_after` of a batch.
    pub insert_after: Option<Name>,
    /// Keywords that nothing knows.
    pub options: Options,
}

/// `op.drop_column(table, column, **kw)`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct DropColumn {
    /// The table.
    pub table: TableName,
    /// The column.
    pub column: Name,
    /// `if_exists`.
    pub if_exists: bool,
    /// `mssql_drop_default` and the rest.
    pub options: Options,
}

/// `op.alter_column(table, column, …)`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct AlterColumn {
    /// The table.
    pub table: TableName,
    /// The column as it is called so far.
    pub column: Name,
    /// `nullable`.
    pub nullable: Option<bool>,
    /// `comment`.
    pub comment: Given<SourceText>,
    /// `server_default`.
    pub server_default: Given<ServerDefault>,
    /// `new_column_name`.
    pub new_name: Option<Name>,
    /// `type_`.
    pub type_: Option<SqlType>,
    /// `existing_type`.
    pub existing_type: Option<SqlType>,
    /// `existing_server_default`.
    pub existing_server_default: Given<ServerDefault>,
    /// `existing_nullable`.
    pub existing_nullable: Option<bool>,
    /// `existing_comment`.
    pub existing_comment: Option<SourceText>,
    /// `autoincrement`.
    pub autoincrement: Option<bool>,
    /// `existing_autoincrement`.
    pub existing_autoincrement: Option<bool>,
    /// `insert_before` of a batch.
    pub insert_before: Option<Name>,
    /// `insert_after` of a batch.
    pub insert_after: Option<Name>,
    /// `postgresql_using`, the `mssql_…` keywords, and keywords that nothing knows.
    pub options: Options,
}

/// `op.create_index(name, table, columns, unique, if_not_exists, **kw)`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct CreateIndex {
    /// The table.
    pub table: TableName,
    /// The index.
    pub index: Index,
    /// `if_not_exists`.
    pub if_not_exists: bool,
}

/// `op.drop_index(name, table_name, if_exists, **kw)`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct DropIndex {
    /// The index.
    pub name: Option<Name>,
    /// `table_name`, where it was given.
    pub table: Option<Name>,
    /// `schema`.
    pub schema: Option<Name>,
    /// `if_exists`.
    pub if_exists: bool,
    /// `postgresql_concurrently` and the rest.
    pub options: Options,
}

impl DropIndex {
    /// The table that it is on, where that is told.
    pub fn table(&self) -> Option<TableName> {
        let name = self.table.clone()?;
        Some(TableName { schema: self.schema.clone(), name })
    }
}

/// `op.create_foreign_key` and its kin.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct AddConstraint {
    /// The table.
    pub table: TableName,
    /// The constraint.
    pub constraint: Constraint,
}

/// `op.drop_constraint(name, table, type_, if_exists)`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct DropConstraint {
    /// The table.
    pub table: TableName,
    /// The constraint.
    pub name: Option<Name>,
    /// `type_`, where it was given.
    pub kind: Option<ConstraintKind>,
    /// `if_exists`.
    pub if_exists: bool,
}

/// `op.execute(statement)`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Execute {
    /// The statement.
    pub statement: Statement,
    /// `op.get_bind().execute(…)`, `op.get_bind().exec_driver_sql(…)` or `op.execute(…)`.
    pub through: Through,
    /// `execution_options`.
    pub options: Options,
}

/// By which way a statement is executed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Through {
    /// `op.execute`, `batch_op.execute`.
    #[default]
    Operation,
    /// `bind.execute`: offline a mock connection that prints the same way.
    Connection,
    /// `bind.exec_driver_sql`: the text as the driver gets it.
    Driver,
}

/// A statement handed to `op.execute`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Statement {
    /// A string, or `sa.text(…)`.
    Text(TextClause),
    /// `table.insert()`.
    Insert(Box<Insert>),
    /// `table.update()`.
    Update(Box<Update>),
    /// `table.delete()`.
    Delete(Box<Delete>),
    /// `sa.select(…)`.
    Select(Box<Select>),
    /// `CreateSequence(…)`.
    CreateSequence(Box<Sequence>),
    /// `DropSequence(…)`.
    DropSequence(Box<Sequence>),
    /// `sa.DDL('…')`, `%` not yet reduced.
    Ddl(SourceText),
    /// Another construct.
    Expr(Expr),
    /// Not known.
    Opaque(Opaque),
}

/// `op.bulk_insert(table, rows, multiinsert)`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct BulkInsert {
    /// The table with the columns and types it was given.
    pub table: TableClause,
    /// The rows.
    pub rows: Vec<Row>,
    /// `multiinsert`, true unless given.
    pub multiinsert: Option<bool>,
}

/// `with op.batch_alter_table(table, …) as batch_op:`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Batch {
    /// The table.
    pub table: TableName,
    /// How it is done.
    pub options: BatchOptions,
    /// What `batch_op` is told inside. Alembic runs these at the end of the block, so an `op.…` call
    /// inside the block is a step before the batch; so is `batch_op.execute`, which may also stand
    /// here and is run first.
    pub steps: Vec<Step>,
}

/// The keywords of `op.batch_alter_table`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct BatchOptions {
    /// `recreate`.
    pub recreate: Recreate,
    /// `partial_reordering`.
    pub partial_reordering: Vec<Vec<Name>>,
    /// `copy_from`.
    pub copy_from: Option<Box<CreateTable>>,
    /// `table_args`.
    pub table_args: Vec<TableItem>,
    /// `table_kwargs`.
    pub table_kwargs: Options,
    /// `reflect_args`.
    pub reflect_args: Vec<TableItem>,
    /// `reflect_kwargs`.
    pub reflect_kwargs: Options,
    /// `naming_convention`.
    pub naming_convention: Option<NamingConvention>,
}

/// `recreate=`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Recreate {
    /// `'auto'`.
    #[default]
    Auto,
    /// `'always'`.
    Always,
    /// `'never'`.
    Never,
}

/// `with op.get_context().autocommit_block():`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct AutocommitBlock {
    /// What is done inside.
    pub steps: Vec<Step>,
}

/// `Enum(…).create(bind, checkfirst)`, `Enum(…).drop(bind, checkfirst)`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct TypeOp {
    /// The type.
    pub type_: SqlType,
    /// `checkfirst`, where it was given.
    pub checkfirst: Option<bool>,
    /// The call.
    pub origin: Origin,
}
