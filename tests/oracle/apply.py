#!/usr/bin/env python3
"""Revline's native runner beside real Alembic, revision after revision and over whole histories, as JSON lines.

    apply.py --dialect postgresql|sqlite --revline PROGRAM --work DIR [--server URL] [--pg-dump PROGRAM]
             --folder DIR... [--path SRC]... [--recursive]

Real Alembic goes along its own order of steps (`online.py`). Where it runs a revision on a database that all ancestors
made, Revline runs the same one on a copy of the database before, by `upgrade REV --runner native --yes`; then both are
dumped. On SQLite the way back is compared too, and both ways on a copy with rows in every table that takes them. In the
end both go in one run from an empty database as far as Revline ran every step, and back to base.

    revision, file, direction, what   "step" · "rows" · "whole"
    outcome   "equal" · "different" · "refused" (not native, for `why`) · "failed" · "kept" (real Alembic does not run it)
    why       the first difference, the first reason, or the error

Compared are the definitions of everything as the database keeps them, the version table, and the rows: all of them on
SQLite, unless the revision draws random values or asks for the time, and their number on PostgreSQL.
"""

import argparse
import difflib
import json
import logging
import os
import re
import sqlite3
import subprocess
import sys

import online
import revisions
import sqlalchemy

ENV_PY = """import os

from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(os.environ["JUDGE_URL"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()
"""

DRAWN = re.compile(r"uuid|now\(|CURRENT_TIMESTAMP|utcnow|random|token|datetime|func\.|time\.")


class Revline:
    """The program on an environment of its own."""

    def __init__(self, arguments):
        self.program, self.folder = arguments.revline, os.path.join(arguments.work, "environment")
        os.makedirs(os.path.join(self.folder, "migrations"), exist_ok=True)
        versions = "\n    ".join(os.path.abspath(folder) for folder in arguments.folder)
        with open(os.path.join(self.folder, "alembic.ini"), "w", encoding="utf-8") as file:
            file.write(
                "[alembic]\nscript_location = %(here)s/migrations\npath_separator = newline\n"
                f"version_locations = {versions}\n"
                f"recursive_version_locations = {str(arguments.recursive).lower()}\n"
                f"prepend_sys_path = {arguments.path[0] if arguments.path else '.'}\n"
            )
        with open(os.path.join(self.folder, "migrations", "env.py"), "w", encoding="utf-8") as file:
            file.write(ENV_PY)
        with open(os.path.join(self.folder, "revline.toml"), "w", encoding="utf-8") as file:
            file.write("[database]\nurl = '$JUDGE_URL'\n")

    def run(self, url, *words):
        """(outcome, why) of a native run."""
        environment = {name: value for name, value in os.environ.items() if name != "ALEMBIC_CONFIG"} | {"JUDGE_URL": url}
        done = subprocess.run(
            [self.program, *words, "--runner", "native", "--yes", "--json"],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=600,
        )
        events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        last = events[-1] if events else {}
        if last.get("event") == "done":
            return "ran", None
        if last.get("event") == "failed":
            if "Nothing of it was run" in last["message"]:
                return "refused", last["message"].split(": ", 1)[-1]
            return "failed", last["message"]
        plan = next((event for event in events if event["event"] == "plan"), None)
        if plan and plan["runner"] is None:
            return "refused", plan["not_native"][0] if plan["not_native"] else plan["why"]
        return "failed", (done.stderr or done.stdout)[-600:]


def sqlite_dump(connection, rows):
    """Definitions in a normal order, the version table, and rows or their number."""
    master = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2")
    lines = [" | ".join(str(part) for part in row) for row in master]
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
    for name in names:
        quoted = '"' + name.replace('"', '""') + '"'
        if rows or name == "alembic_version":
            found = sorted(repr(row) for row in connection.execute(f"SELECT * FROM {quoted}"))
            lines += [f"{name}: {row}" for row in found]
        else:
            lines.append(f"{name}: {connection.execute(f'SELECT count(*) FROM {quoted}').fetchone()[0]} rows")
    return "\n".join(lines)


def seeded(connection):
    """Puts two rows into every table that takes them."""
    connection.execute("PRAGMA foreign_keys = OFF")
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall()
    for (name,) in tables:
        if name == "alembic_version":
            continue
        quoted = '"' + name.replace('"', '""') + '"'
        for number in (1, 2):
            values = []
            for _, column, kind, _, _, _ in connection.execute(f"PRAGMA table_info({quoted})"):
                kind = (kind or "").upper()
                if "INT" in kind:
                    values.append(number)
                elif "BOOL" in kind:
                    values.append(number % 2)
                elif any(word in kind for word in ("FLOAT", "NUMERIC", "REAL", "DOUBLE", "DECIMAL")):
                    values.append(number + 0.5)
                elif "DATE" in kind or "TIME" in kind:
                    values.append("2024-01-0%d 00:00:00" % number)
                elif "BLOB" in kind:
                    values.append(b"b%d" % number)
                else:
                    values.append(f"{number}")
            marks = ", ".join("?" for _ in values)
            try:
                connection.execute(f"INSERT INTO {quoted} VALUES ({marks})", values)
            except sqlite3.Error:
                pass
    connection.commit()


class Sqlite(online.Sqlite):
    """Remembers what a way back left."""

    after_back = None

    def back(self, run, source):
        main, engine = self.raw, self.engine
        self.open(self.copied())
        try:
            answer = online.connected(self.engine, run)
            self.after_back = self.copied() if answer[0] is None else None
            return answer
        finally:
            self.raw, self.engine = main, engine

    def aside(self, raw, run):
        """A run on another database; the exception."""
        main, engine = self.raw, self.engine
        self.open(raw)
        try:
            return online.connected(self.engine, run)[0]
        finally:
            self.raw, self.engine = main, engine


class Judge(online.Judge):
    def __init__(self, arguments):
        super().__init__(arguments)
        self.revline, self.arguments = Revline(arguments), arguments
        self.before, self.native, self.accepted, self.whole = None, None, True, []
        if self.dialect == "sqlite":
            self.database = Sqlite(self.recorder)
        self.number = 0

    # Copies of a database, and their dumps.

    def file(self, raw):
        self.number += 1
        path = os.path.join(self.arguments.work, f"copy-{self.number % 8}.db")
        for name in (path, path + "-journal"):
            if os.path.exists(name):
                os.remove(name)
        copy = sqlite3.connect(path)
        raw.backup(copy)
        copy.commit()
        copy.close()
        return path

    def url(self, name):
        if self.dialect == "sqlite":
            return f"sqlite:///{name}"
        return sqlalchemy.engine.make_url(self.arguments.server).set(database=name).render_as_string(hide_password=False)

    def clone(self):
        """A copy of the judged database, by its name."""
        if self.dialect == "sqlite":
            return self.file(self.database.raw)
        self.number += 1
        name = f"{self.database.name}_c{self.number}"
        self.database.engine.dispose()
        self.database.admin(f"CREATE DATABASE {name} TEMPLATE {self.database.name}")
        return name

    def drop(self, name):
        if self.dialect != "sqlite" and name:
            self.database.admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def dump(self, name, rows=False):
        if self.dialect == "sqlite":
            connection = sqlite3.connect(name)
            try:
                return sqlite_dump(connection, rows)
            finally:
                connection.close()
        url = sqlalchemy.engine.make_url(self.arguments.server)
        command = [self.arguments.pg_dump, "--schema-only", "--no-owner", "-h", url.query["host"], "-U", url.username, name]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        text = "\n".join(line for line in done.stdout.splitlines() if not line.startswith("\\"))
        with sqlalchemy.create_engine(self.url(name)).connect() as connection:
            tables = connection.exec_driver_sql(
                "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
            ).fetchall()
            for schema, table in tables:
                if table == "alembic_version":
                    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version ORDER BY 1").scalars().all()
                else:
                    found = connection.exec_driver_sql(f'SELECT count(*) FROM "{schema}"."{table}"').scalar()
                text += f"\n{schema}.{table}: {found}"
        return text

    def live(self):
        if self.dialect == "sqlite":
            return self.file(self.database.raw)
        return self.database.name

    # The steps.

    def revision(self, script, base):
        _, broken = self.loaded.get(str(script.path), ("import", None))
        self.before = self.clone() if base == "chain" and broken is None else None
        try:
            return super().revision(script, base)
        finally:
            self.drop(self.before)
            self.before = None

    def tell(self, script, direction, base, outcome, error, found=None, whole=False, executed=None):
        if base != "chain" or outcome == "stood in":
            self.accepted = False
            return
        if direction == "downgrade" and self.dialect != "sqlite":
            return
        if outcome != "ran":
            if direction == "upgrade":
                self.accepted = False
            self.say(script, direction, "step", "kept", error and error.get("message"))
            return
        with open(script.path, encoding="utf-8") as file:
            rows = not DRAWN.search(file.read())
        if direction == "upgrade":
            self.native = None
            outcome, why = self.revline.run(self.url(self.before), "upgrade", script.revision)
            if outcome == "ran":
                outcome, why = self.compared(self.dump(self.live(), rows), self.dump(self.before, rows))
            self.accepted &= outcome == "equal"
            if self.accepted:
                self.whole.append(script.revision)
            if outcome == "equal" and self.dialect == "sqlite":
                self.native = self.before
            self.say(script, direction, "step", outcome, why)
            if self.dialect == "sqlite" and outcome == "equal":
                self.with_rows(script, direction, rows)
        elif self.native is not None and self.database.after_back is not None:
            target = script.down_revision if isinstance(script.down_revision, str) else "base"
            if isinstance(script.down_revision, (tuple, list)) or getattr(script.module, "depends_on", None):
                return
            # A branch beside this one stays where it is.
            outcome, why = self.revline.run(self.url(self.native), "downgrade", f"{script.revision}@{target}" if target == "base" else target)
            if outcome == "ran":
                theirs = self.file(self.database.after_back)
                outcome, why = self.compared(self.dump(theirs, rows), self.dump(self.native, rows))
            self.say(script, direction, "step", outcome, why)

    def with_rows(self, script, direction, rows):
        """Both run on the database before with rows in it; done here as the judged one has moved on already."""
        if self.seeds is None:
            return
        raw = sqlite3.connect(":memory:")
        self.seeds.backup(raw)
        ours = self.file(raw)
        raised = self.database.aside(raw, self.step(direction, script))
        if raised is not None:
            return
        outcome, why = self.revline.run(self.url(ours), "upgrade", script.revision)
        if outcome == "ran":
            outcome, why = self.compared(self.dump(self.file(raw), rows), self.dump(ours, rows))
        self.say(script, direction, "rows", outcome, why)

    seeds = None

    def compared(self, theirs, ours):
        if theirs == ours:
            return "equal", None
        lines = difflib.unified_diff(theirs.splitlines(), ours.splitlines(), "alembic", "revline", n=0, lineterm="")
        return "different", "\n".join(list(lines)[2:14])

    def say(self, script, direction, what, outcome, why):
        line = {
            "revision": script and script.revision,
            "file": script and os.path.basename(script.path),
            "direction": direction,
            "what": what,
            "outcome": outcome,
            "why": why,
        }
        print(json.dumps(line, default=str), flush=True)

    def all(self):
        self.judge()
        if self.whole:
            self.whole_run(self.whole[-1])

    def whole_run(self, target):
        """Both from an empty database in one run, and back to base where there is a way."""
        self.database.fresh()
        theirs, ours = [], None
        steps = self.directory._upgrade_revs(target, ())
        by_id = {script.revision: script for script in self.scripts}
        raised = None
        for step in steps:
            raised = raised or self.database.forward(self.step("upgrade", by_id[step.revision.revision]))[0]
        script = by_id[target]
        if raised is not None:
            return self.say(script, "upgrade", "whole", "kept", str(raised)[:300])
        if self.dialect == "sqlite":
            ours = os.path.join(self.arguments.work, "whole.db")
            if os.path.exists(ours):
                os.remove(ours)
        else:
            ours = f"{self.database.name}_whole"
            self.database.admin(f"CREATE DATABASE {ours}")
        try:
            outcome, why = self.revline.run(self.url(ours), "upgrade", target)
            if outcome == "ran":
                outcome, why = self.compared(self.dump(self.live()), self.dump(ours))
            self.say(script, "upgrade", "whole", outcome, why)
            if outcome != "equal":
                return
            down = self.directory._downgrade_revs("base", (target,))
            for step in down:
                one = by_id[step.revision.revision]
                missing = "downgrade" not in self.own[one.revision]
                raised = raised or (missing and "no downgrade()") or self.database.forward(self.step("downgrade", one))[0]
            if raised is not None:
                return self.say(script, "downgrade", "whole", "kept", str(raised)[:300])
            outcome, why = self.revline.run(self.url(ours), "downgrade", "base")
            if outcome == "ran":
                outcome, why = self.compared(self.dump(self.live()), self.dump(ours))
            self.say(script, "downgrade", "whole", outcome, why)
        finally:
            self.drop(None if self.dialect == "sqlite" else ours)


def with_seeds(judge):
    """Remembers the database before each upgrade, with rows in it."""
    plain = Judge.revision

    def revision(script, base):
        judge.seeds = None
        if judge.dialect == "sqlite" and base == "chain":
            judge.seeds = judge.database.copied()
            seeded(judge.seeds)
        return plain(judge, script, base)

    judge.revision = revision


def main():
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.environ["PYTHONHASHSEED"] = "0"
        os.environ.setdefault("PBR_VERSION", "1.0.0")
        os.execv(sys.executable, [sys.executable, *sys.argv])
    logging.disable(logging.CRITICAL)
    parser = argparse.ArgumentParser(description="Revline's native runner beside real Alembic.")
    parser.add_argument("--dialect", choices=("postgresql", "sqlite"), required=True)
    parser.add_argument("--server", metavar="URL", help="a PostgreSQL server on which databases may be made")
    parser.add_argument("--pg-dump", metavar="PROGRAM", default="pg_dump")
    parser.add_argument("--revline", metavar="PROGRAM", required=True)
    parser.add_argument("--work", metavar="DIR", required=True)
    revisions.add_source_arguments(parser)
    arguments = parser.parse_args()
    arguments.answers, arguments.states = None, None
    judge = Judge(arguments)
    with_seeds(judge)
    try:
        judge.all()
    finally:
        judge.database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
