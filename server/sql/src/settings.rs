//! What `context.configure` and the installed packages say about rendering.

use std::sync::Arc;

use revline_schema::NamingConvention;

/// The settings of one environment that change the SQL.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Settings {
    /// `target_metadata.naming_convention`; `None` where there is no metadata.
    pub naming_convention: Option<NamingConvention>,
    /// `transaction_per_migration`.
    pub transaction_per_migration: bool,
    /// `transactional_ddl`, where it overrides the dialect.
    pub transactional_ddl: Option<bool>,
    /// `version_table`.
    pub version_table: Arc<str>,
    /// `version_table_schema`.
    pub version_table_schema: Option<Arc<str>>,
    /// `version_table_pk`.
    pub version_table_pk: bool,
    /// `literal_binds`: what `env.py` of the templates passes offline.
    pub literal_binds: bool,
    /// How the driver marks parameters.
    pub paramstyle: Paramstyle,
    /// Which SQLAlchemy prints.
    pub sqlalchemy: Sqlalchemy,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            naming_convention: None,
            transaction_per_migration: false,
            transactional_ddl: None,
            version_table: Arc::from("alembic_version"),
            version_table_schema: None,
            version_table_pk: true,
            literal_binds: true,
            paramstyle: Paramstyle::Named,
            sqlalchemy: Sqlalchemy::V2_1,
        }
    }
}

/// How the driver marks parameters; decides whether `%` is doubled in printed text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Paramstyle {
    /// `dialect_opts={"paramstyle": "named"}`, as in Alembic's templates.
    #[default]
    Named,
    /// The driver's own, pyformat on PostgreSQL and MySQL: `%` prints as `%%`.
    Pyformat,
}

/// The SQLAlchemy whose compiler is followed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Sqlalchemy {
    /// 2.0.
    V2_0,
    /// 2.1.
    #[default]
    V2_1,
}
