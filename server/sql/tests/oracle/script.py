#!/usr/bin/env python3
"""Print whole `--sql` scripts of a small history with real Alembic, for several settings.

usage: script.py      writes script.golden beside it
"""
import io
import logging
import os
import tempfile

from alembic import command
from alembic.config import Config

ENV = """
from alembic import context
context.configure(dialect_name=context.config.get_main_option("dialect"), target_metadata=None,
                  literal_binds=True, dialect_opts={"paramstyle": "named"}, as_sql=True, %s)
with context.begin_transaction():
    context.run_migrations()
"""
FILE = """
from alembic import op
revision = %r
down_revision = %r
def upgrade():
    op.execute("up %s")
def downgrade():
    with op.get_context().autocommit_block():
        op.execute("down %s")
"""
SETTINGS = {
    "plain": "",
    "per_migration": "transaction_per_migration=True",
    "named": "version_table='Ver', version_table_schema='s'",
    "no_key": "version_table_pk=False",
    "not_transactional": "transactional_ddl=False",
}
RUNS = {
    "all": lambda c: command.upgrade(c, "b", sql=True),
    "part": lambda c: command.upgrade(c, "a:c", sql=True),
    "down": lambda c: command.downgrade(c, "b:base", sql=True),
}


def main():
    logging.disable(logging.CRITICAL)
    here = os.path.dirname(os.path.abspath(__file__))
    out = []
    for name, options in SETTINGS.items():
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(os.path.join(folder, "versions"))
            open(os.path.join(folder, "env.py"), "w").write(ENV % options)
            for rev, down in (("a", None), ("b", "a"), ("c", "b")):
                path = os.path.join(folder, "versions", rev + ".py")
                open(path, "w").write(FILE % (rev, down, rev, rev))
            for dialect in ("postgresql", "sqlite"):
                for run, call in RUNS.items():
                    config = Config()
                    config.set_main_option("script_location", folder)
                    config.set_main_option("dialect", dialect)
                    config.output_buffer = io.StringIO()
                    call(config)
                    out.append("==== %s %s %s\n%s" % (name, dialect, run, config.output_buffer.getvalue()))
    open(os.path.join(here, "script.golden"), "w").write("".join(out))


if __name__ == "__main__":
    main()
