#!/usr/bin/env python3
"""What real Alembic executes, revision after revision, on a real database, as JSON lines.

    online.py --dialect postgresql|sqlite [--server URL] --folder DIR... [--path SRC]... [--recursive]
              [--answers FILE] [--states FILE]

One database, from base along Alembic's own order of steps. One line per revision and direction that there is:
    revision, file, direction
    outcome   "ran"       Alembic ran the function
              "stood in"  it did not, for `error`; the database was brought on by the statements of FILE instead
              "ended"     it did not, and there are no statements to stand in
              "kept"      a way back that is not tried, for `error`
    base      what the database holds before it:
              "chain"     what all its ancestors made
              "state"     an ancestor has ended, and the database was made from the given state before the revision
              "gap"       an ancestor has ended, and its header alone counts: tables may be missing
    error     {"class", "message", "statement"} or null
    statements  what was executed, where it ran
    tables      the tables after it, where the database holds what this revision and its ancestors made and nothing else

--answers are the lines of `revline sql --each --json` for this dialect. A revision that Alembic cannot run here (its project
is missing, or it fails on an empty database) is replaced by these statements when they are called exact or derived, and
its header counts; so what follows still meets the state that the other tool believes in, and each `stood in` is told apart.
--states has lines {"revision", "sql"}: statements that make the tables before that revision on an empty database. A revision
behind a gap for which there is one runs once more in the end, on a database of its own, and has further lines.

A way back runs right after its way there, and is undone: in a transaction that is rolled back on PostgreSQL, on a copy on
SQLite.

Normal form of a statement: compiled again from SQLAlchemy's own construct as `--sql` does it (paramstyle named; literal
values in place of parameters, one statement for each set of parameters; tabs as four spaces), so that nothing of the
driver shows. Left out: statements about the version table, and what SQLAlchemy asks when it reflects.
"""

import argparse
import inspect
import json
import logging
import os
import re
import sqlite3
import sys

import render
import revisions
import sqlalchemy
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationStep
from sqlalchemy import event
from sqlalchemy.pool import StaticPool
from sqlalchemy.sql import dml, elements, selectable

VERSION_TABLE = re.compile(r"\balembic_version\b")
DIRECTIONS = ("upgrade", "downgrade")
REFLECTING = {"has_table", "has_type", "has_sequence", "has_schema", "has_index", "has_multi_table"}


class Recorder:
    """The statements of one run in their normal form."""

    def __init__(self, dialect):
        self.plain = sqlalchemy.engine.url.URL.create(dialect).get_dialect()(paramstyle="named")
        self.statements, self.running = [], False

    def attach(self, engine):
        event.listen(engine, "before_cursor_execute", self.hear)

    def hear(self, connection, cursor, statement, parameters, context, executemany):
        if not self.running:
            return
        if is_reflection():
            return
        for text in self.normal(statement, context):
            text = text.replace("\t", "    ").strip()
            if not VERSION_TABLE.search(text):
                self.statements.append(text)

    def normal(self, statement, context):
        compiled = getattr(context, "compiled", None)
        if compiled is None:
            return [statement]
        construct = compiled.statement
        if isinstance(construct, sqlalchemy.schema.ExecutableDDLElement):
            return [str(construct.compile(dialect=self.plain))]
        texts = []
        for values in context.compiled_parameters or [{}]:
            one = construct
            if isinstance(one, dml.Insert) and not one._multi_values and one.select is None:
                given = {key: value for key, value in values.items() if key in one.table.c}
                one = one.values(given) if given else one
            elif isinstance(one, (elements.TextClause, selectable.Select)) and values:
                one = one.params(**values)
            try:
                texts.append(str(one.compile(dialect=self.plain, compile_kwargs={"literal_binds": True})))
            except Exception:
                texts.append(self.by_value(construct, values) or f"{statement} -- {values}")
        return texts

    def by_value(self, construct, values):
        """The text with each value as SQLAlchemy writes one of its Python type: where a column has no type,
        it has no way to write a literal, and the driver goes by the value too."""
        try:
            text = str(construct.compile(dialect=self.plain))
            for name, value in values.items():
                literal = sqlalchemy.literal(value).compile(
                    dialect=self.plain, compile_kwargs={"literal_binds": True}
                )
                text = re.sub(rf":{re.escape(name)}\b", lambda _: str(literal), text)
            return text
        except Exception:
            return None


def is_reflection():
    """Whether SQLAlchemy itself asks, to reflect or to check first."""
    frame = inspect.currentframe().f_back.f_back
    while frame is not None:
        code = frame.f_code
        if code.co_filename.endswith("engine/reflection.py") or code.co_name in REFLECTING:
            return True
        frame = frame.f_back
    return False


class Sqlite:
    """A database in memory; a copy of it is another."""

    def __init__(self, recorder):
        self.recorder = recorder
        self.open(sqlite3.connect(":memory:"))

    def open(self, raw):
        self.raw = raw
        self.engine = sqlalchemy.create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
        self.recorder.attach(self.engine)

    def copied(self):
        copy = sqlite3.connect(":memory:")
        self.raw.backup(copy)
        return copy

    def forward(self, run):
        """Runs on a copy, which replaces the database when all is well."""
        before = self.copied()
        raised, tables = connected(self.engine, run)
        if raised is not None:
            self.engine.dispose()
            self.open(before)
        return raised, tables

    def back(self, run, source):
        main, engine = self.raw, self.engine
        self.open(self.copied())
        try:
            return connected(self.engine, run)
        finally:
            self.raw, self.engine = main, engine

    def fresh(self):
        self.open(sqlite3.connect(":memory:"))

    def close(self):
        self.engine.dispose()


class Postgresql:
    """A database of its own on a server."""

    def __init__(self, recorder, server):
        self.recorder, self.server, self.number = recorder, server, 0
        self.engine = None
        self.fresh()

    def admin(self, statement):
        with sqlalchemy.create_engine(self.server, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql(statement)

    def fresh(self):
        self.close()
        self.number += 1
        self.name = f"judge_{os.getpid()}_{self.number}"
        self.admin(f"CREATE DATABASE {self.name}")
        self.engine = sqlalchemy.create_engine(sqlalchemy.engine.make_url(self.server).set(database=self.name))
        self.recorder.attach(self.engine)

    def forward(self, run):
        return connected(self.engine, run)

    def back(self, run, source):
        if "autocommit_block" in source or "isolation_level" in source or ".commit()" in source:
            return Kept("it commits, so it cannot be undone"), None
        with self.engine.connect() as connection:
            outer = connection.begin()
            try:
                return attempt(connection, run)
            finally:
                if outer.is_active:
                    outer.rollback()

    def close(self):
        if self.engine is not None:
            self.engine.dispose()
            self.admin(f"DROP DATABASE {self.name} WITH (FORCE)")
            self.engine = None


class Kept(Exception):
    """Why a way back was not tried."""


def connected(engine, run):
    with engine.connect() as connection:
        return attempt(connection, run)


def attempt(connection, run):
    """(exception or None, tables after it)"""
    try:
        run(connection)
        with revisions.quiet():
            return None, tables(connection) if run.reflects else None
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return error, None


def tables(connection):
    """The reflected tables, in the shape of `revline schema --json`."""
    look = sqlalchemy.inspect(connection)
    dialect = connection.dialect
    parts = {}
    for (_, name), columns in look.get_multi_columns().items():
        parts[name] = {
            "name": name,
            "columns": [
                {
                    "name": column["name"],
                    "type": spelled(column["type"], dialect),
                    "nullable": column["nullable"],
                }
                for column in columns
            ],
        }
    for (_, name), key in look.get_multi_pk_constraint().items():
        parts[name]["primary_key"] = {"name": key["name"], "columns": key["constrained_columns"]}
    for (_, name), keys in look.get_multi_foreign_keys().items():
        parts[name]["foreign_keys"] = [
            {
                "name": key["name"],
                "columns": key["constrained_columns"],
                "referred_table": key["referred_table"],
                "referred_columns": key["referred_columns"],
                "ondelete": key.get("options", {}).get("ondelete"),
                "onupdate": key.get("options", {}).get("onupdate"),
            }
            for key in keys
        ]
    for (_, name), keys in look.get_multi_unique_constraints().items():
        parts[name]["unique"] = [{"name": key["name"], "columns": key["column_names"]} for key in keys]
    for (_, name), indexes in look.get_multi_indexes().items():
        parts[name]["indexes"] = [
            {"name": index["name"], "columns": index["column_names"], "unique": bool(index["unique"])}
            for index in indexes
            if "duplicates_constraint" not in index
        ]
    parts.pop("alembic_version", None)
    return [parts[name] for name in sorted(parts)]


def spelled(kind, dialect):
    try:
        return str(kind.compile(dialect=dialect))
    except Exception:
        return type(kind).__name__


def read_lines(path):
    if not path:
        return []
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def statements(script):
    """The statements of a script without its framing; None when it commits in the middle."""
    parts = [part.strip() for part in (script + "\n").split(";\n\n")]
    body = []
    for part in parts:
        while part.startswith("-- Running "):
            part = part.partition("\n")[2].strip()
        if part and part != "BEGIN" and not VERSION_TABLE.search(part):
            body.append(part)
    if body and body[-1] == "COMMIT":
        body.pop()
    return None if "COMMIT" in body else body


class Judge:
    def __init__(self, arguments):
        self.dialect = arguments.dialect
        self.recorder = Recorder(arguments.dialect)
        self.directory, self.loaded, self.scripts = render.load(arguments, arguments.dialect, None)
        self.answers = {
            (line["revision"], line["direction"]): line
            for line in read_lines(arguments.answers)
            if line["status"] in ("exact", "derived")
        }
        self.states = {line["revision"]: line["sql"] for line in read_lines(arguments.states)}
        if arguments.dialect == "sqlite":
            self.database = Sqlite(self.recorder)
        else:
            self.database = Postgresql(self.recorder, arguments.server)
        self.broken, self.done = set(), set()
        # Alembic takes both functions from each file when it plans.
        self.own = {script.revision: {name for name in DIRECTIONS if hasattr(script.module, name)} for script in self.scripts}
        for script in self.scripts:
            for name in set(DIRECTIONS) - self.own[script.revision]:
                setattr(script.module, name, lambda: None)

    def step(self, direction, script, body=None, reflects=False):
        """The run of one step; `body` replaces the file's function."""
        step = getattr(MigrationStep, f"{direction}_from_script")(self.directory.revision_map, script)
        if body is not None:
            step.migration_fn = body

        def run(connection):
            self.recorder.statements = []
            with revisions.quiet(), revisions.time_limit(30):
                with EnvironmentContext(Config(), self.directory, fn=lambda rev, context: [step]) as environment:
                    environment.configure(connection=connection, target_metadata=None)
                    self.recorder.running = True
                    try:
                        with environment.begin_transaction():
                            environment.run_migrations()
                    finally:
                        self.recorder.running = False

        run.reflects = reflects
        return run

    def stand_in(self, direction, script):
        """A body that executes the other tool's statements, or None."""
        answer = self.answers.get((script.revision, direction))
        found = statements(answer["sql"]) if answer else None
        if found is None:
            return None

        def body(**_):
            from alembic import op

            for statement in found:
                op.get_bind().exec_driver_sql(statement)

        return body

    def ancestors(self, script):
        return {
            one.revision
            for one in self.directory.revision_map._get_ancestor_nodes([script], include_dependencies=True, check=False)
        } - {script.revision}

    def failure(self, raised):
        statement = getattr(raised, "statement", None)
        return {"class": type(raised).__name__, "message": str(getattr(raised, "orig", raised))[:500], "statement": statement}

    def seed(self, script):
        """A database from the given state before a revision; whether there is one."""
        state = self.states.get(script.revision)
        if state is None:
            return False
        self.database.fresh()

        def run(connection):
            for statement in statements(state) or []:
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(255) NOT NULL)")
            for row in script._versioned_down_revisions:
                connection.execute(sqlalchemy.text("INSERT INTO alembic_version VALUES (:row)"), {"row": row})
            connection.commit()

        run.reflects = False
        raised, _ = self.database.forward(run)
        return raised is None

    def judge(self):
        order = [step.revision for step in self.directory._upgrade_revs("heads", ())]
        seeded = []
        for script in order:
            gap = bool(self.ancestors(script) & self.broken)
            if gap and script.revision in self.states:
                seeded.append(script)
            if not self.revision(script, "gap" if gap else "chain"):
                # Its header counts, so that the next step finds the version table that it expects.
                self.database.forward(self.step("upgrade", script, lambda **_: None))
            if gap:
                self.broken.add(script.revision)
        for script in seeded:
            if self.seed(script):
                self.revision(script, "state")

    def directions(self, script):
        return [name for name in DIRECTIONS if name == "upgrade" or name in self.own[script.revision]]

    def revision(self, script, base):
        _, broken = self.loaded.get(str(script.path), ("import", None))
        directions = self.directions(script)
        whole = base == "chain" and self.done <= self.ancestors(script)
        raised, found = broken, None
        if broken is None:
            raised, found = self.database.forward(self.step("upgrade", script, reflects=whole))
        if raised is None:
            self.done.add(script.revision)
            self.tell(script, "upgrade", base, "ran", None, found, whole, self.recorder.statements)
        else:
            error = self.failure(raised)
            body = self.stand_in("upgrade", script)
            again, found = (raised, None) if body is None else self.database.forward(self.step("upgrade", script, body, whole))
            if again is not None:
                if body is not None:
                    error["stand_in"] = self.failure(again)
                self.tell(script, "upgrade", base, "ended", error)
                self.broken.add(script.revision)
                return False
            self.done.add(script.revision)
            self.tell(script, "upgrade", base, "stood in", error, found, whole)
        if "downgrade" in directions and broken is None:
            with open(script.path, encoding="utf-8") as file:
                source = file.read()
            raised, found = self.database.back(self.step("downgrade", script, reflects=whole), source)
            outcome = "kept" if isinstance(raised, Kept) else "ran" if raised is None else "ended"
            error = None if raised is None else self.failure(raised)
            self.tell(script, "downgrade", base, outcome, error, found, whole, self.recorder.statements)
        return True

    def tell(self, script, direction, base, outcome, error, found=None, whole=False, executed=None):
        line = {
            "revision": script.revision,
            "parents": list(script._versioned_down_revisions),
            "file": os.path.basename(script.path),
            "direction": direction,
            "base": base,
            "outcome": outcome,
            "error": error,
            "statements": executed if outcome == "ran" else None,
            "tables": found if whole else None,
        }
        print(json.dumps(line, default=str), flush=True)


def main():
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.environ["PYTHONHASHSEED"] = "0"
        # Packages that read their version from their installation get one.
        os.environ.setdefault("PBR_VERSION", "1.0.0")
        os.execv(sys.executable, [sys.executable, *sys.argv])
    logging.disable(logging.CRITICAL)
    parser = argparse.ArgumentParser(description="What real Alembic executes on a real database.")
    parser.add_argument("--dialect", choices=("postgresql", "sqlite"), required=True)
    parser.add_argument("--server", metavar="URL", help="a PostgreSQL server on which databases may be made")
    parser.add_argument("--answers", metavar="FILE", help="JSON lines of `revline sql --each --json`")
    parser.add_argument("--states", metavar="FILE", help="JSON lines: the statements that make the tables before a revision")
    revisions.add_source_arguments(parser)
    judge = Judge(parser.parse_args())
    try:
        judge.judge()
    finally:
        judge.database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
