//! What a project's facts mean for rendering.

use std::sync::Arc;

use revline_frameworks::alembic::env_py::Told;
use revline_schema::NamingConvention;
use revline_sql::{Dialect, Paramstyle, Settings, Sqlalchemy};

use super::Facts;
use crate::{Believed, Project, Snapshot};

impl Snapshot {
    /// How one revision is rendered on its own: with the project's naming convention and its
    /// SQLAlchemy, else as Alembic does by default.
    pub fn sql_settings(&self, project: &Project) -> Settings {
        let facts = self.facts(project);
        let set = &project.settings.naming_convention;
        let naming_convention = if set.is_empty() {
            facts.naming.convention().cloned()
        } else {
            let templates =
                set.iter().map(|(kind, name)| (kind.as_str().into(), name.as_str().into()));
            Some(NamingConvention { templates: templates.collect() })
        };
        let sqlalchemy = facts.packages.sqlalchemy.as_ref();
        Settings {
            naming_convention,
            sqlalchemy: sqlalchemy.map_or(Sqlalchemy::default(), |version| version.sqlalchemy()),
            ..Settings::default()
        }
    }

    /// How a run is rendered that is executed: also with what `env.py` hands to `context.configure`
    /// when it connects.
    pub fn execution_settings(&self, project: &Project, believed: &Believed) -> Settings {
        Settings {
            version_table: believed.version_table.as_str().into(),
            version_table_schema: believed.version_table_schema.as_deref().map(Into::into),
            version_table_pk: believed.version_table_pk,
            transaction_per_migration: *believed
                .transaction_per_migration
                .as_ref()
                .unwrap_or(&false),
            transactional_ddl: *believed.transactional_ddl.as_ref().unwrap_or(&None),
            ..self.sql_settings(project)
        }
    }

    /// How a run is rendered: also with what `env.py` hands to `context.configure` under `--sql`.
    /// What it says differently at several places, or what is not known, stays at its default.
    pub fn run_settings(&self, project: &Project, dialect: &dyn Dialect) -> Settings {
        let mut settings = self.sql_settings(project);
        let facts = self.facts(project);
        let env = facts.offline.as_slice();
        if env.iter().all(|env| env.configured.is_empty()) {
            return settings;
        }
        let text = |told: Told<String>| told.known().map(|text| Arc::<str>::from(text.as_str()));
        if let Some(table) = text(Facts::agreed(env, |it| &it.version_table)) {
            settings.version_table = table;
        }
        settings.version_table_schema = text(Facts::agreed(env, |it| &it.version_table_schema));
        if let Some(truth) = Facts::agreed(env, |it| &it.version_table_pk).known() {
            settings.version_table_pk = *truth;
        }
        if let Some(truth) = Facts::agreed(env, |it| &it.transaction_per_migration).known() {
            settings.transaction_per_migration = *truth;
        }
        settings.transactional_ddl =
            Facts::agreed(env, |it| &it.transactional_ddl).known().copied();
        settings.literal_binds = match Facts::agreed(env, |it| &it.literal_binds) {
            Told::Known(truth, _) => truth,
            Told::Nothing => false,
            Told::Unknown(_) => settings.literal_binds,
        };
        settings.paramstyle = match Facts::agreed(env, |it| &it.paramstyle) {
            Told::Known(style, _) if matches!(style.as_str(), "pyformat" | "format") => {
                Paramstyle::Pyformat
            }
            Told::Known(..) | Told::Unknown(_) => Paramstyle::Named,
            // The driver's own: those of these two databases double `%`, but for asyncpg.
            Told::Nothing => {
                let url = Facts::agreed(env, |it| &it.url);
                let driver = url.known().and_then(|url| url.drivername()).unwrap_or_default();
                let doubles = matches!(dialect.facts().name, "postgresql" | "mysql" | "mariadb");
                if doubles && !driver.ends_with("+asyncpg") {
                    Paramstyle::Pyformat
                } else {
                    Paramstyle::Named
                }
            }
        };
        settings
    }
}
