#!/usr/bin/env python3
"""Print what real Alembic executes online on SQLite for short histories of `op.*` calls.

usage: run.py CASES.py [CASE ...]      write CASES.golden, or print the named cases

A file of cases holds Python. `# case: NAME` starts a case, `# next` inside one starts its next revision,
`# convention: {...}` sets the naming convention of the target metadata. All revisions of a case run one after
the other on one new database in memory. The answer holds per revision the statements that reach the driver, with
their parameters written in, without surrounding white space and without what reflection asks; then the exception, if
there was one (which ends the case), else every table as reflection gives it, written as CREATE statements.

SQLAlchemy keeps constraints and indexes in sets of objects, so that several of them leave a batch in an order that
changes from run to run. Here these sets are ordered by insertion, which is one of the orders that occur.
"""
import ast
import logging
import sys
import textwrap
import warnings

import sqlalchemy as sa
import sqlalchemy.sql.schema as sa_schema
from alembic.operations import Operations
from alembic.operations.schemaobj import SchemaObjects
from alembic.runtime.migration import MigrationContext
from sqlalchemy import util
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect

sa_schema.set = util.OrderedSet


def cases(path):
    name, out = None, {}
    for line in open(path).read().splitlines():
        if line.startswith("# case: "):
            name = line[8:].strip()
            out[name] = [[]]
        elif name is not None and line.strip() == "# next":
            out[name].append([])
        elif name is not None:
            out[name][-1].append(line)
    return {name: ["\n".join(lines) for lines in parts] for name, parts in out.items()}


class Capture:
    def __init__(self, engine):
        self.statements, self.on = [], False
        sa.event.listen(engine, "before_cursor_execute", self.before)

    def before(self, conn, cursor, statement, parameters, context, executemany):
        if not self.on:
            return
        head = statement.lstrip().upper()
        if head.startswith("PRAGMA") or "SQLITE_MASTER" in head.split("WHERE")[0]:
            return
        rows = parameters if executemany else [parameters]
        for row in rows or [()]:
            self.statements.append(written_in(statement, row).strip())


def written_in(statement, row):
    """A statement with its positional parameters in their places."""
    parts = statement.split("?")
    if len(parts) != len(row) + 1:
        return statement
    out = parts[0]
    for value, part in zip(row, parts[1:]):
        if value is None:
            text = "NULL"
        elif isinstance(value, (bool, int, float)):
            text = str(int(value) if isinstance(value, bool) else value)
        else:
            text = "'%s'" % str(value).replace("'", "''")
        out += text + part
    return out


def reflected(connection, impl):
    """Every table as CREATE statements, as a batch would see it."""
    out, dialect = [], sqlite_dialect()
    inspector = sa.inspect(connection)
    for schema in (None, "s"):
        if schema and schema not in inspector.get_schema_names():
            continue
        for name in sorted(inspector.get_table_names(schema=schema)):
            table = sa.Table(
                name,
                sa.MetaData(),
                schema=schema,
                autoload_with=connection,
                resolve_fks=False,
                listeners=[("column_reflect", impl.autogen_column_reflect)],
            )
            for key in table.foreign_keys:
                SchemaObjects()._ensure_table_for_fk(table.metadata, key)
            try:
                out.append(str(sa.schema.CreateTable(table).compile(dialect=dialect)).strip())
            except Exception as e:
                out.append("%s: %s" % (name, first(e)))
            for index in sorted(table.indexes, key=lambda index: index.name):
                out.append(str(sa.schema.CreateIndex(index).compile(dialect=dialect)).strip())
    return out


def first(e):
    return " ".join(str(e).split(" (Background on")[0].split("\n[SQL")[0].split())


def run(revisions):
    convention = None
    for line in "\n".join(revisions).splitlines():
        if line.startswith("# convention: "):
            convention = ast.literal_eval(line[14:])
    engine = sa.create_engine("sqlite://")
    capture = Capture(engine)
    out = []
    with engine.connect() as connection:
        connection.exec_driver_sql("ATTACH ':memory:' AS s")
        opts = {}
        if convention is not None:
            opts["target_metadata"] = sa.MetaData(naming_convention=convention)
        context = MigrationContext.configure(connection, opts=opts)
        for code in revisions:
            capture.statements, error = [], None
            with Operations.context(context) as op:
                space = {"op": op, "sa": sa}
                exec("from sqlalchemy.dialects import postgresql, sqlite, mysql", space)
                capture.on = True
                try:
                    exec(compile(textwrap.dedent(code), "case", "exec"), space)
                except Exception as e:
                    error = "%s: %s" % (type(e).__name__, first(e))
                capture.on = False
            out.append("---- revision")
            out.extend(statement + "\n" for statement in capture.statements)
            if error:
                out.append("!!!! " + error)
                break
            out.append("---- tables")
            out.extend(text + "\n" for text in reflected(connection, context.impl))
    return "\n".join(out)


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    path, only = sys.argv[1], sys.argv[2:]
    parts = []
    for name, revisions in cases(path).items():
        if not only or name in only:
            parts.append("==== %s\n%s\n" % (name, run(revisions)))
    if only:
        sys.stdout.write("".join(parts))
    else:
        open(path[: -len(".py")] + ".golden", "w").write("".join(parts))


if __name__ == "__main__":
    main()
