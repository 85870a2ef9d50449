#!/usr/bin/env python3
"""`revline stamp` beside `alembic stamp` on random histories, as JSON lines and a last line with the counts.

    stamp.py --revline PROGRAM --work DIR [--count N] [--seed N] [--server URL]

Each case is a history of up to a dozen revisions with forks, merges, labels and dependencies, a database whose version
table holds what stamping it before left, and one to three targets in Alembic's grammar. Both stamp a copy of it; then the
rows are compared, or that both refuse. With a server, the databases are PostgreSQL's or MariaDB's, else SQLite files.
"""

import argparse
import json
import logging
import os
import random
import shutil
import subprocess
import sys

import sqlalchemy
from alembic import command
from alembic.config import Config

ENV_PY = """import os

from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(os.environ["JUDGE_URL"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()
"""


def history(rng, folder):
    """Writes revisions; (identifiers, labels)."""
    versions = os.path.join(folder, "migrations", "versions")
    shutil.rmtree(versions, ignore_errors=True)
    os.makedirs(versions)
    ids, labels = [], []
    for number in range(rng.randint(1, 12)):
        name = "%06x%s" % (rng.randrange(16**6), "ab"[number % 2])
        down, depends, label = None, None, None
        if ids and rng.random() < 0.85:
            if len(ids) > 1 and rng.random() < 0.25:
                down = tuple(rng.sample(ids, 2))
            else:
                down = ids[-1] if rng.random() < 0.6 else rng.choice(ids)
        if ids and rng.random() < 0.15:
            depends = rng.choice(ids)
        if rng.random() < 0.2 or down is None and rng.random() < 0.7:
            label = f"label{number}"
            labels.append(label)
        with open(os.path.join(versions, f"{name}.py"), "w", encoding="utf-8") as file:
            file.write(
                f"revision = {name!r}\ndown_revision = {down!r}\nbranch_labels = {label!r}\ndepends_on = {depends!r}\n"
                "def upgrade():\n    pass\ndef downgrade():\n    pass\n"
            )
        ids.append(name)
    return ids, labels


def target(rng, ids, labels):
    kinds = ["id", "id", "id", "head", "heads", "heads", "base", "prefix", "label@head", "label@base", "label", "odd"]
    kind = rng.choice(kinds)
    branch = rng.choice(labels) if labels else rng.choice(ids)
    return {
        "id": rng.choice(ids),
        "head": "head",
        "heads": "heads",
        "base": "base",
        "prefix": rng.choice(ids)[:5],
        "label@head": f"{branch}@head",
        "label@base": f"{branch}@base",
        "label": branch,
        "odd": rng.choice(["nothing", "heads@x", "+1", "-1"]),
    }[kind]


class Databases:
    def __init__(self, arguments):
        self.server, self.work, self.number = arguments.server, arguments.work, 0

    def fresh(self):
        self.number += 1
        if self.server is None:
            path = os.path.join(self.work, f"stamp-{self.number % 4}.db")
            if os.path.exists(path):
                os.remove(path)
            return f"sqlite:///{path}"
        name = f"stamp_{os.getpid()}_{self.number}"
        self.admin(f"CREATE DATABASE {name}")
        return sqlalchemy.engine.make_url(self.server).set(database=name).render_as_string(hide_password=False)

    def drop(self, url):
        if self.server is not None:
            self.admin(f"DROP DATABASE {sqlalchemy.engine.make_url(url).database}")

    def admin(self, statement):
        with sqlalchemy.create_engine(self.server, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql(statement)


def rows(url):
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.pool.NullPool)
    with engine.connect() as connection:
        if not sqlalchemy.inspect(connection).has_table("alembic_version"):
            return None
        return sorted(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all())


def real(config, url, targets, purge=False):
    """The rows after real Alembic's stamp, or its sentence."""
    os.environ["JUDGE_URL"] = url
    try:
        command.stamp(config, list(targets), purge=purge)
    except Exception as error:
        return None, f"{type(error).__name__}: {error}"
    return rows(url), None


def main():
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, *sys.argv])
    logging.disable(logging.CRITICAL)
    parser = argparse.ArgumentParser()
    parser.add_argument("--revline", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--server")
    arguments = parser.parse_args()
    sys.dont_write_bytecode = True
    folder = os.path.join(arguments.work, "stamp")
    os.makedirs(os.path.join(folder, "migrations"), exist_ok=True)
    with open(os.path.join(folder, "migrations", "env.py"), "w", encoding="utf-8") as file:
        file.write(ENV_PY)
    with open(os.path.join(folder, "alembic.ini"), "w", encoding="utf-8") as file:
        file.write("[alembic]\nscript_location = %(here)s/migrations\npath_separator = os\n")
    with open(os.path.join(folder, "revline.toml"), "w", encoding="utf-8") as file:
        file.write("[database]\nurl = '$JUDGE_URL'\n")
    databases = Databases(arguments)
    counts = {"equal": 0, "both refuse": 0, "only Alembic refuses": 0, "different": 0}
    for case in range(arguments.count):
        rng = random.Random(f"{arguments.seed}-{case}")
        ids, labels = history(rng, folder)
        config = Config(os.path.join(folder, "alembic.ini"))
        theirs, ours = databases.fresh(), databases.fresh()
        before = [target(rng, ids, labels) for _ in range(rng.randint(0, 2))]
        found, refused = (None, None) if not before else real(config, theirs, before)
        if before and refused is None:
            real(config, ours, before)
        elif before:
            # Half of it may be there: each step has a transaction of its own.
            databases.drop(theirs)
            theirs, found = databases.fresh(), None
        targets = [target(rng, ids, labels) for _ in range(rng.choice([1, 1, 1, 2, 3]))]
        purge = rng.random() < 0.1
        wanted, refused = real(config, theirs, targets, purge)
        words = ["stamp", "--yes", "--json", *(["--purge"] if purge else []), "--", *targets]
        done = subprocess.run(
            [arguments.revline, *words],
            cwd=folder,
            env=os.environ | {"JUDGE_URL": ours},
            capture_output=True,
            text=True,
            timeout=120,
        )
        got = rows(ours) if done.returncode == 0 else None
        if refused is not None:
            # Where Alembic ends in a traceback Revline may know better; that is told apart.
            known = "CommandError" in refused
            outcome = "both refuse" if done.returncode else "only Alembic refuses"
            if done.returncode == 0 and known:
                outcome = "different"
        else:
            outcome = "equal" if done.returncode == 0 and got == wanted else "different"
        counts[outcome] += 1
        if outcome in ("different", "only Alembic refuses"):
            line = {
                "case": case,
                "outcome": outcome,
                "before": before,
                "found": found,
                "targets": targets,
                "purge": purge,
                "alembic": wanted if refused is None else refused,
                "revline": got if done.returncode == 0 else (done.stdout + done.stderr)[-300:],
            }
            print(json.dumps(line), flush=True)
        databases.drop(theirs)
        databases.drop(ours)
    print(json.dumps(counts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
