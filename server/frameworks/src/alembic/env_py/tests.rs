//! `env.py` as people write it.

mod asynchronous;
mod beside;
mod flask;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use expect_test::{Expect, expect};
use revline_python::Source;
use revline_sql::Mode;
use revline_text::FileId;
use revline_vfs::{Files, MemoryDisk};

use super::{EnvPy, Told, evaluate};
use crate::alembic::config::Config;
use crate::alembic::migration::{Module, World};

/// A project of a few files below `/`.
struct Project(BTreeMap<&'static str, Arc<Source>>);

impl World for Project {
    fn module(&self, name: &str) -> Option<Module> {
        let base = name.replace('.', "/");
        let package = format!("{base}/__init__.py");
        if let Some(source) = self.0.get(&*package) {
            return Some(Module { source: source.clone(), is_package: true });
        }
        let source = self.0.get(&*format!("{base}.py"))?;
        Some(Module { source: source.clone(), is_package: false })
    }
}

fn env(ini: &str, files: &[(&'static str, &str)], mode: Mode) -> EnvPy {
    let project = files.iter().enumerate().map(|(index, (path, text))| {
        let id = FileId(100 + u32::try_from(index).unwrap());
        (*path, Arc::new(Source::parse(id, (*text).into())))
    });
    let project = Project(project.collect());
    let disk = MemoryDisk::new([("/alembic.ini", ini)]);
    let files = Files::new(Arc::new(disk));
    let config = Config::load(&files, Some(Path::new("/alembic.ini")), None, "alembic");
    evaluate(&project.0["env.py"], Some(&config), mode, &project)
}

fn show(env: &EnvPy) -> String {
    let mut out = String::new();
    fn told<T: std::fmt::Display>(told: &Told<T>) -> Option<String> {
        match told {
            Told::Nothing => None,
            Told::Known(value, _) => Some(value.to_string()),
            Told::Unknown(unknown) => Some(format!("? {}", unknown.why)),
        }
    }
    for one in &env.configured {
        let _ = writeln!(out, "configure");
        let naming = match &one.naming {
            Told::Known(convention, _) => Some(format!("{:?}", convention.templates)),
            Told::Unknown(unknown) => Some(format!("? {}", unknown.why)),
            Told::Nothing => None,
        };
        for (name, told) in [
            ("url", told(&one.url)),
            ("dialect_name", told(&one.dialect_name)),
            ("naming", naming),
            ("version_table", told(&one.version_table)),
            ("version_table_schema", told(&one.version_table_schema)),
            ("transaction_per_migration", told(&one.transaction_per_migration)),
            ("transactional_ddl", told(&one.transactional_ddl)),
            ("literal_binds", told(&one.literal_binds)),
            ("paramstyle", told(&one.paramstyle)),
            ("render_as_batch", told(&one.render_as_batch)),
        ] {
            if let Some(told) = told {
                let _ = writeln!(out, "  {name}: {told}");
            }
        }
    }
    if let Told::Unknown(unknown) = &env.naming() {
        let _ = writeln!(out, "naming: ? {}", unknown.why);
    }
    if let Told::Known(convention, _) = &env.naming() {
        let _ = writeln!(out, "naming: {:?}", convention.templates);
    }
    if !env.variables.is_empty() {
        let _ = writeln!(out, "variables: {:?}", env.variables);
    }
    if let Some(ends) = &env.ends {
        let _ = writeln!(out, "ends: {}", ends.why);
    }
    out
}

fn check(ini: &str, files: &[(&'static str, &str)], expected: Expect) {
    expected.assert_eq(&show(&env(ini, files, Mode::Script)));
}

const INI: &str = "[alembic]\nscript_location = .\nsqlalchemy.url = sqlite:///local.db\n";

/// The body that all templates share.
const OFFLINE: &str = r#"
def run_migrations_offline():
    url = config.get_main_option("sqlalchemy.url")
    context.configure(url=url, target_metadata=target_metadata, literal_binds=True,
                      dialect_opts={"paramstyle": "named"})
    with context.begin_transaction():
        context.run_migrations()

def run_migrations_online():
    connectable = engine_from_config(
        config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", poolclass=pool.NullPool)
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()

if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
"#;

const HEAD: &str = r#"
import os
from logging.config import fileConfig
from sqlalchemy import engine_from_config, pool
from alembic import context
config = context.config
if config.config_file_name is not None:
    fileConfig(config.config_file_name)
"#;

fn check_with(middle: &str, more: &[(&'static str, &str)], expected: Expect) {
    let text = format!("{HEAD}{middle}{OFFLINE}");
    let mut files = vec![("env.py", text.as_str())];
    files.extend(more.iter().copied());
    check(INI, &files, expected);
}

#[test]
fn the_template_passes_the_url_of_the_ini_file_through() {
    check_with(
        "target_metadata = None\n",
        &[],
        expect![[r#"
        configure
          url: sqlite:///local.db
          literal_binds: true
          paramstyle: named
    "#]],
    );
    let text = format!("{HEAD}target_metadata = None\n{OFFLINE}");
    let online = env(INI, &[("env.py", &text)], Mode::Execute);
    expect![[r#"
        configure
          url: sqlite:///local.db
    "#]]
    .assert_eq(&show(&online));
}

#[test]
fn a_naming_convention_is_found_wherever_models_keep_it() {
    let naming = "from sqlalchemy import MetaData\nNAMING = {'ix': 'ix_%(column_0_label)s', 'pk': 'pk_%(table_name)s'}\n";
    for (models, metadata) in [
        (
            "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase):\n    metadata = MetaData(naming_convention=NAMING)\n",
            "models.Base.metadata",
        ),
        (
            "from sqlalchemy.orm import declarative_base\nmetadata = MetaData(naming_convention=NAMING)\nBase = declarative_base(metadata=metadata)\n",
            "models.Base.metadata",
        ),
        (
            "from sqlalchemy.ext.declarative import declarative_base\nBase = declarative_base(metadata=MetaData(schema='x', naming_convention=NAMING))\nclass User(Base):\n    __tablename__ = 'u'\n",
            "models.User.metadata",
        ),
        (
            "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): pass\nBase.metadata.naming_convention = NAMING\n",
            "models.Base.metadata",
        ),
        (
            "from sqlalchemy.orm import registry\nr = registry(metadata=MetaData(naming_convention=NAMING))\nBase = r.generate_base()\n",
            "models.Base.metadata",
        ),
        (
            "from sqlmodel import SQLModel\nSQLModel.metadata.naming_convention = NAMING\nclass Hero(SQLModel, table=True):\n    pass\n",
            "models.SQLModel.metadata",
        ),
        (
            "from sqlmodel import SQLModel\nSQLModel.metadata = MetaData(naming_convention=NAMING)\nclass Hero(SQLModel, table=True):\n    pass\n",
            "models.Hero.metadata",
        ),
        (
            "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy(metadata=MetaData(naming_convention=NAMING))\n",
            "models.db.metadata",
        ),
        (
            "from flask_sqlalchemy import SQLAlchemy\nfrom sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase):\n    metadata = MetaData(naming_convention=NAMING)\ndb = SQLAlchemy(model_class=Base)\n",
            "models.db.Model.metadata",
        ),
        ("metadata = MetaData()\nmetadata.naming_convention = NAMING\n", "models.metadata"),
    ] {
        let text = format!("{HEAD}import models\ntarget_metadata = {metadata}\n{OFFLINE}");
        let models = format!("{naming}{models}");
        let env = env(INI, &[("env.py", &text), ("models.py", &models)], Mode::Script);
        let naming = match env.naming() {
            Told::Known(convention, _) => format!("{:?}", convention.templates),
            Told::Nothing => "nothing".to_owned(),
            Told::Unknown(unknown) => format!("unknown: {}", unknown.why),
        };
        assert_eq!(
            naming, "{\"ix\": \"ix_%(column_0_label)s\", \"pk\": \"pk_%(table_name)s\"}",
            "{models}"
        );
    }
}

#[test]
fn variables_with_a_default_are_taken_as_not_set_and_others_have_two_worlds() {
    check_with(
        "target_metadata = None\nurl = os.getenv('DATABASE_URL', 'postgresql+psycopg://u:pw@h/db')\nconfig.set_main_option('sqlalchemy.url', url.replace('%', '%%'))\n",
        &[],
        expect![[r#"
            configure
              url: postgresql+psycopg://u:***@h/db
              literal_binds: true
              paramstyle: named
            variables: {"DATABASE_URL"}
        "#]],
    );
    check_with(
        "target_metadata = None\nif os.getenv('DATABASE_URL'):\n    config.set_main_option('sqlalchemy.url', os.environ['DATABASE_URL'])\n",
        &[],
        expect![[r#"
            configure
              url: sqlite:///local.db
              literal_binds: true
              paramstyle: named
            configure
              url: ***
              literal_binds: true
              paramstyle: named
            variables: {"DATABASE_URL"}
        "#]],
    );
    check_with(
        "target_metadata = None\nconfig.set_main_option('sqlalchemy.url', f\"mysql+pymysql://{os.environ['U']}:{os.environ['P']}@{os.getenv('H', 'localhost')}/x\")\n",
        &[],
        expect![[r#"
            configure
              url: mysql+pymysql://$U:***@localhost/x
              literal_binds: true
              paramstyle: named
            variables: {"H", "P", "U"}
        "#]],
    );
    check_with(
        "target_metadata = None\nfrom sqlalchemy.engine import URL\nurl = URL.create('postgresql+asyncpg', username='u', password='secret', host='h', port=5432, database='d')\nconfig.set_main_option('sqlalchemy.url', url.render_as_string(hide_password=False))\n",
        &[],
        expect![[r#"
            configure
              url: postgresql+asyncpg://u:***@h:5432/d
              literal_binds: true
              paramstyle: named
        "#]],
    );
    check_with(
        "target_metadata = None\nfrom flask import current_app\nconfig.set_main_option('sqlalchemy.url', current_app.config.get('URL', 'x').replace('%', '%%'))\n",
        &[],
        expect![[r#"
            configure
              url: ? what `flask.current_app.config.get(…).replace(…)` is shows only when it runs
              literal_binds: true
              paramstyle: named
        "#]],
    );
    check_with(
        "target_metadata = None\nfrom missing import setup\nsetup(config)\n",
        &[],
        expect![[r#"
            configure
              url: ? the module `missing` was not found in the workspace
              literal_binds: true
              paramstyle: named
        "#]],
    );
}

#[test]
fn the_template_of_fastapi_keeps_its_url_in_a_settings_class() {
    let config = r#"
from typing import Annotated, Any, Literal
from pydantic import AnyUrl, BeforeValidator, HttpUrl, PostgresDsn, computed_field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

def parse_cors(v: Any) -> list[str] | str:
    return v

class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file="../.env", env_ignore_empty=True, extra="ignore")
    PROJECT_NAME: str
    BACKEND_CORS_ORIGINS: Annotated[list[AnyUrl] | str, BeforeValidator(parse_cors)] = []
    POSTGRES_SERVER: str
    POSTGRES_PORT: int = 5432
    POSTGRES_USER: str
    POSTGRES_PASSWORD: str = ""
    POSTGRES_DB: str = ""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def SQLALCHEMY_DATABASE_URI(self) -> PostgresDsn:
        return PostgresDsn.build(
            scheme="postgresql+psycopg",
            username=self.POSTGRES_USER,
            password=self.POSTGRES_PASSWORD,
            host=self.POSTGRES_SERVER,
            port=self.POSTGRES_PORT,
            path=self.POSTGRES_DB,
        )

    @model_validator(mode="after")
    def _enforce_non_default_secrets(self):
        return self

settings = Settings()  # type: ignore
"#;
    let env = r#"
import os
from logging.config import fileConfig
from alembic import context
from sqlalchemy import engine_from_config, pool
config = context.config
fileConfig(config.config_file_name)
from app.models import SQLModel  # noqa
from app.core.config import settings # noqa
target_metadata = SQLModel.metadata

def get_url():
    return str(settings.SQLALCHEMY_DATABASE_URI)

def run_migrations_offline():
    url = get_url()
    context.configure(
        url=url, target_metadata=target_metadata, literal_binds=True, compare_type=True
    )
    with context.begin_transaction():
        context.run_migrations()

def run_migrations_online():
    configuration = config.get_section(config.config_ini_section)
    configuration["sqlalchemy.url"] = get_url()
    connectable = engine_from_config(configuration, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()

if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
"#;
    let files = [
        ("env.py", env),
        ("app/__init__.py", ""),
        ("app/core/__init__.py", ""),
        ("app/core/config.py", config),
        (
            "app/models.py",
            "from sqlmodel import Field, SQLModel\nclass User(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n",
        ),
    ];
    check(
        "[alembic]\nscript_location = .\n",
        &files,
        expect![[r#"
        configure
          url: postgresql+psycopg://$POSTGRES_USER:***@$POSTGRES_SERVER:5432/
          literal_binds: true
        variables: {"POSTGRES_SERVER", "POSTGRES_USER"}
    "#]],
    );
    expect![[r#"
        configure
          url: postgresql+psycopg://$POSTGRES_USER:***@$POSTGRES_SERVER:5432/
        variables: {"POSTGRES_SERVER", "POSTGRES_USER"}
    "#]]
    .assert_eq(&show(&self::env("[alembic]\n", &files, Mode::Execute)));
}

/// What `alembic init --template multidb` writes, shortened to what matters.
#[test]
fn the_template_for_several_databases_configures_each() {
    let ini = "[alembic]\nscript_location = .\ndatabases = engine1, engine2\n[engine1]\nsqlalchemy.url = postgresql://u:pw@h/a\n[engine2]\nsqlalchemy.url = sqlite:///b.db\n";
    let env = r#"
import logging, re
from logging.config import fileConfig
from sqlalchemy import engine_from_config, pool
from alembic import context
USE_TWOPHASE = False
config = context.config
if config.config_file_name is not None:
    fileConfig(config.config_file_name)
logger = logging.getLogger("alembic.env")
db_names = config.get_main_option("databases", "")
target_metadata = {}

def run_migrations_offline() -> None:
    engines = {}
    for name in re.split(r",\s*", db_names):
        engines[name] = rec = {}
        rec["url"] = context.config.get_section_option(name, "sqlalchemy.url")
    for name, rec in engines.items():
        logger.info("Migrating database %s" % name)
        file_ = "%s.sql" % name
        with open(file_, "w") as buffer:
            context.configure(url=rec["url"], output_buffer=buffer,
                target_metadata=target_metadata.get(name), literal_binds=True,
                dialect_opts={"paramstyle": "named"})
            with context.begin_transaction():
                context.run_migrations(engine_name=name)

def run_migrations_online() -> None:
    engines = {}
    for name in re.split(r",\s*", db_names):
        engines[name] = rec = {}
        rec["engine"] = engine_from_config(
            context.config.get_section(name, {}), prefix="sqlalchemy.", poolclass=pool.NullPool)
    for name, rec in engines.items():
        engine = rec["engine"]
        rec["connection"] = conn = engine.connect()
        if USE_TWOPHASE:
            rec["transaction"] = conn.begin_twophase()
        else:
            rec["transaction"] = conn.begin()
    try:
        for name, rec in engines.items():
            context.configure(connection=rec["connection"], upgrade_token="%s_upgrades" % name,
                downgrade_token="%s_downgrades" % name, target_metadata=target_metadata.get(name))
            context.run_migrations(engine_name=name)
        for rec in engines.values():
            rec["transaction"].commit()
    except:
        for rec in engines.values():
            rec["transaction"].rollback()
        raise
    finally:
        for rec in engines.values():
            rec["connection"].close()

if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
"#;
    check(
        ini,
        &[("env.py", env)],
        expect![[r#"
        configure
          url: postgresql://u:***@h/a
          literal_binds: true
          paramstyle: named
        configure
          url: sqlite:///b.db
          literal_binds: true
          paramstyle: named
    "#]],
    );
    expect![[r#"
        configure
          url: postgresql://u:***@h/a
        configure
          url: sqlite:///b.db
    "#]]
    .assert_eq(&show(&self::env(ini, &[("env.py", env)], Mode::Execute)));
}

#[test]
fn keywords_that_change_sql_are_read() {
    check(
        INI,
        &[(
            "env.py",
            r#"
from alembic import context
name = "activity"
options = {"version_table_schema": "meta", "transactional_ddl": False}
context.configure(url="postgresql://h/d", version_table=u"{}_alembic_version".format(name),
    transaction_per_migration=True, render_as_batch=True, dialect_opts={"paramstyle": "format"}, **options)
"#,
        )],
        expect![[r#"
            configure
              url: postgresql://h/d
              version_table: activity_alembic_version
              version_table_schema: meta
              transaction_per_migration: true
              transactional_ddl: false
              paramstyle: format
              render_as_batch: true
        "#]],
    );
}

#[test]
fn a_broken_file_ends_where_it_ends() {
    check(
        INI,
        &[("env.py", "raise RuntimeError('no')\n")],
        expect![[r#"
        naming: ? Python raises RuntimeError: no
        ends: Python raises RuntimeError: no
    "#]],
    );
    check(
        INI,
        &[("env.py", "while True:\n    pass\n")],
        expect![[r#"
        naming: ? more than 400000 steps of evaluation
        ends: more than 400000 steps of evaluation
    "#]],
    );
    check(
        INI,
        &[("env.py", "def (\x00")],
        expect![[r#"
        naming: ? no call of `context.configure` is reached
    "#]],
    );
}

#[test]
fn a_section_that_is_not_there_is_no_database() {
    let env = "from alembic import context\nfrom sqlalchemy import engine_from_config\nengine = engine_from_config(context.config.get_section('other'), prefix='sqlalchemy.')\nwith engine.connect() as connection:\n    context.configure(connection=connection)\n    with context.begin_transaction():\n        context.run_migrations()\n";
    check(
        "[alembic]\n",
        &[("env.py", env)],
        expect![[r#"
        configure
          url: ? the configuration has no such section
    "#]],
    );
}
