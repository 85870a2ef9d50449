#!/usr/bin/env python3
"""What SQLAlchemy and Alembic say of URLs and databases, as JSON.

    database.py urls                  lines of URLs on stdin; a line for each: its parts, or {"error"}
    database.py inspect URL [SCHEMA]  the tables as the inspector tells them
    database.py execute URL           statements on stdin, separated by lines of `--`; each is committed
    database.py version URL           Alembic makes the version table, changes it, and its text and rows are told
    database.py creations URL         the statements that make the tables as an Alembic batch reflects them, by table
    database.py settings URL SQL...   what each question gives in a session of the Python driver
    database.py alembic URL [--folder DIR]... [--path SRC]... [--recursive]
                                      every upgrade() of the folders, as far as it runs; the tables as of inspect

Lists of named things are sorted by name. Values of options are text: a list or mapping is a line for each item.
"""

import argparse
import json
import sys
import warnings

import sqlalchemy
from alembic.migration import MigrationContext
from alembic.runtime.migration import HeadMaintainer
from sqlalchemy.types import NullType

warnings.simplefilter("ignore")


def engine(url):
    made = sqlalchemy.create_engine(url, poolclass=sqlalchemy.pool.NullPool)
    made.dialect.identifier_preparer._double_percents = False
    return made


def text(value):
    if isinstance(value, dict):
        return "\n".join(f"{key}={item}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return "\n".join(map(str, value))
    return str(value)


def options(given):
    return {name: text(value) for name, value in (given or {}).items()}


def by_name(things):
    return sorted(things, key=lambda thing: (thing["name"] or "~", json.dumps(thing)))


def column(one, dialect):
    kind = one["type"]
    computed, identity = one.get("computed"), one.get("identity")
    return {
        "name": one["name"],
        "type": "NULL" if isinstance(kind, NullType) else kind.compile(dialect=dialect),
        "nullable": one["nullable"],
        "default": one["default"],
        "autoincrement": one.get("autoincrement"),
        "comment": one.get("comment"),
        "computed": computed and {"expression": computed["sqltext"], "persisted": computed.get("persisted")},
        "identity": identity and dict(identity),
    }


def tables(connection, schema=None):
    look = sqlalchemy.inspect(connection)
    return [table(look, name, schema) for name in sorted(look.get_table_names(schema=schema))]


def table(look, name, schema):
    key = look.get_pk_constraint(name, schema)
    try:
        comment = look.get_table_comment(name, schema)["text"]
    except NotImplementedError:
        comment = None
    return {
        "name": name,
        "columns": [column(one, look.bind.dialect) for one in look.get_columns(name, schema)],
        "primary_key": {
            "name": key["name"],
            "columns": key["constrained_columns"],
            "comment": key.get("comment"),
            "options": options(key.get("dialect_options")),
        },
        "unique": by_name(
            {
                "name": one["name"],
                "columns": one["column_names"],
                "comment": one.get("comment"),
                "duplicates_index": one.get("duplicates_index"),
                "options": options(one.get("dialect_options")),
            }
            for one in look.get_unique_constraints(name, schema)
        ),
        "foreign_keys": by_name(
            {
                "name": one["name"],
                "columns": one["constrained_columns"],
                "referred_schema": one["referred_schema"],
                "referred_table": one["referred_table"],
                "referred_columns": one["referred_columns"],
                "options": options(one.get("options")),
                "comment": one.get("comment"),
            }
            for one in look.get_foreign_keys(name, schema)
        ),
        "checks": by_name(
            {
                "name": one["name"],
                "condition": one["sqltext"],
                "comment": one.get("comment"),
                "options": options(one.get("dialect_options")),
            }
            for one in look.get_check_constraints(name, schema)
        ),
        "indexes": by_name(
            {
                "name": one["name"],
                "columns": one["column_names"],
                "expressions": one.get("expressions", []),
                "unique": bool(one["unique"]),
                "duplicates_constraint": one.get("duplicates_constraint"),
                "sorting": {key: " ".join(words) for key, words in one.get("column_sorting", {}).items()},
                "options": options(one.get("dialect_options")),
            }
            for one in look.get_indexes(name, schema)
        ),
        "comment": comment,
        "options": options(look.get_table_options(name, schema)),
    }


def urls():
    for line in sys.stdin:
        try:
            url = sqlalchemy.make_url(line.rstrip("\n"))
        except Exception as error:
            print(json.dumps({"error": str(error)}))
            continue
        query = [[key, item] for key, value in url.query.items() for item in ([value] if isinstance(value, str) else value)]
        parts = {
            "drivername": url.drivername,
            "username": url.username,
            "password": url.password,
            "host": url.host,
            "port": url.port,
            "database": url.database,
            "query": query,
            "shown": url.render_as_string(hide_password=True),
        }
        print(json.dumps(parts))


def execute(url):
    with engine(url).connect() as connection:
        for statement in sys.stdin.read().split("\n--\n"):
            if statement.strip():
                connection.exec_driver_sql(statement)
                connection.commit()


def version(url):
    """The table made, three rows in, one changed, one out."""
    with engine(url).connect() as connection:
        context = MigrationContext.configure(connection)
        context._ensure_version_table()
        heads = HeadMaintainer(context, ())
        for name in ("a", "b", "c"):
            heads._insert_version(name)
        heads._update_version("a", "d")
        heads._delete_version("b")
        connection.commit()
        kept = None
        if connection.dialect.name == "sqlite":
            kept = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'alembic_version'").scalar()
        print(json.dumps({"heads": list(context.get_current_heads()), "text": kept, "tables": tables(connection)}))


def settings(url, questions):
    with engine(url).connect() as connection:
        print(json.dumps([str(connection.exec_driver_sql(question).scalar()) for question in questions]))


def inspect(url, schema=None):
    with engine(url).connect() as connection:
        print(json.dumps(tables(connection, schema)))


def creations(url):
    with engine(url).connect() as connection:
        dialect, said = connection.dialect, {}
        listener = MigrationContext.configure(connection).impl.autogen_column_reflect
        for name in sqlalchemy.inspect(connection).get_table_names():
            try:
                one = sqlalchemy.Table(
                    name, sqlalchemy.MetaData(), autoload_with=connection, listeners=[("column_reflect", listener)]
                )
                parts = [sqlalchemy.schema.CreateTable(one)]
                parts += [sqlalchemy.schema.CreateIndex(index) for index in sorted(one.indexes, key=lambda index: index.name)]
                said[name] = [str(part.compile(dialect=dialect)).strip() for part in parts]
            except sqlalchemy.exc.SQLAlchemyError as error:
                said[name] = str(error)
        print(json.dumps(said))


def alembic(url, given):
    """Each step in a transaction of its own; one that fails is left out, and what follows is tried all the same."""
    import render
    import revisions
    from alembic.config import Config
    from alembic.operations import Operations
    from alembic.runtime.environment import EnvironmentContext

    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", action="append", default=[])
    parser.add_argument("--path", action="append", default=[])
    parser.add_argument("--recursive", action="store_true")
    arguments = parser.parse_args(given)
    made = engine(url)
    directory, _, scripts = render.load(arguments, made.dialect.name, None)
    for script in scripts:
        for name in ("upgrade", "downgrade"):
            if not hasattr(script.module, name):
                setattr(script.module, name, lambda: None)
    ran = failed = 0
    for step in list(directory._upgrade_revs("heads", ())):
        try:
            with revisions.quiet(), revisions.time_limit(30), made.connect() as connection:
                with EnvironmentContext(Config(), directory, fn=lambda heads, context: []) as environment:
                    environment.configure(connection=connection, target_metadata=None)
                    with environment.begin_transaction(), Operations.context(environment.get_context()):
                        step.migration_fn()
            ran += 1
        except KeyboardInterrupt:
            raise
        except BaseException:
            failed += 1
    with made.connect() as connection:
        print(json.dumps({"ran": ran, "failed": failed, "tables": tables(connection)}))


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    if command == "settings":
        settings(arguments[0], arguments[1:])
    elif command == "alembic":
        alembic(arguments[0], arguments[1:])
    else:
        globals()[command](*arguments)
