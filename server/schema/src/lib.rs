//! Tables, types and operations; apply, invert, diff: pure algebra.
//!
//! This crate says what a migration does ([`Op`]) and what a database looks like after it
//! ([`Schema`]). It refuses to know any dialect's spelling, Python, or files.

mod apply;
mod build;
mod column;
mod constraint;
mod effect;
mod expr;
mod invert;
mod literal;
mod name;
mod naming;
mod op;
mod state;
mod step;
mod tables;
mod types;

pub use apply::{Problem, ProblemKind, apply, apply_steps};
pub use column::{
    Autoincrement, Column, Computed, Identity, PythonDefault, Sequence, SequenceOptions,
    ServerDefault,
};
pub use constraint::{
    CheckConstraint, Constraint, ConstraintKind, Deferral, ExcludeConstraint, ForeignKey,
    ForeignKeyConstraint, Index, IndexElement, KeyConstraint, ReferenceRules, TableName,
};
pub use expr::{
    BinaryOp, Bind, ColumnRef, Delete, Expr, Insert, Select, TableClause, TextClause, UnaryOp,
    Update,
};
pub use invert::invert;
pub use literal::{Literal, OptionValue, Options, Row};
pub use name::{Name, Opaque, Origin, Segment, Segments, SourceText};
pub use naming::{NamingConvention, NamingError, NamingSubject};
pub use op::{
    AddColumn, AddConstraint, AlterColumn, AutocommitBlock, Batch, BatchOptions, BulkInsert,
    CreateIndex, CreateTable, DropColumn, DropConstraint, DropIndex, DropTable, Execute, Given, Op,
    Recreate, RenameTable, Statement, TableComment, TableItem, Through, Touch, Touched, TypeOp,
};
pub use state::{Key, Past, Schema, Sight, Table};
pub use step::{Guard, Outcome, Step};
pub use tables::Tables;
pub use types::{
    ArrayType, Boolean, Characters, Decimal, EnumFlavour, EnumType, Interval, SqlType, Standard,
    TypeKind, Vendor,
};
