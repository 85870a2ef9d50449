//! The `env.py` of Flask-Migrate.

use expect_test::expect;
use revline_sql::Mode;

use super::{check, show};

/// What `flask db init` writes, shortened to what matters.
#[test]
fn flask_migrate_takes_everything_from_the_application() {
    let env = r#"
import logging
from logging.config import fileConfig
from flask import current_app
from alembic import context
config = context.config
fileConfig(config.config_file_name)
logger = logging.getLogger('alembic.env')

def get_engine():
    try:
        return current_app.extensions['migrate'].db.get_engine()
    except (TypeError, AttributeError):
        return current_app.extensions['migrate'].db.engine

def get_engine_url():
    try:
        return get_engine().url.render_as_string(hide_password=False).replace('%', '%%')
    except AttributeError:
        return str(get_engine().url).replace('%', '%%')

config.set_main_option('sqlalchemy.url', get_engine_url())
target_db = current_app.extensions['migrate'].db

def get_metadata():
    if hasattr(target_db, 'metadatas'):
        return target_db.metadatas[None]
    return target_db.metadata

def run_migrations_offline():
    url = config.get_main_option("sqlalchemy.url")
    context.configure(url=url, target_metadata=get_metadata(), literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()

def run_migrations_online():
    def process_revision_directives(context, revision, directives):
        if getattr(config.cmd_opts, 'autogenerate', False):
            script = directives[0]
    conf_args = current_app.extensions['migrate'].configure_args
    if conf_args.get("process_revision_directives") is None:
        conf_args["process_revision_directives"] = process_revision_directives
    connectable = get_engine()
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=get_metadata(), **conf_args)
        with context.begin_transaction():
            context.run_migrations()

if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
"#;
    check(
        "[alembic]\n",
        &[("env.py", env)],
        expect![[r#"
        configure
          url: ? the configuration of the Flask application gives the URL
          naming: ? the Flask application that runs says which database object it has
          literal_binds: true
        naming: ? the Flask application that runs says which database object it has
    "#]],
    );
    expect![[r#"
        configure
          url: ? the configuration of the Flask application gives the URL
          dialect_name: ? `flask_migrate.configure_args` is not evaluated here
          naming: ? the Flask application that runs says which database object it has
          version_table: ? `flask_migrate.configure_args` is not evaluated here
          version_table_schema: ? `flask_migrate.configure_args` is not evaluated here
          transaction_per_migration: ? `flask_migrate.configure_args` is not evaluated here
          transactional_ddl: ? `flask_migrate.configure_args` is not evaluated here
          literal_binds: ? `flask_migrate.configure_args` is not evaluated here
          paramstyle: ? `flask_migrate.configure_args` is not evaluated here
          render_as_batch: ? `flask_migrate.configure_args` is not evaluated here
        naming: ? the Flask application that runs says which database object it has
    "#]]
    .assert_eq(&show(&super::env("[alembic]\n", &[("env.py", env)], Mode::Execute)));
}
