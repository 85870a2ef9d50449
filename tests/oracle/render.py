#!/usr/bin/env python3
"""The SQL that real Alembic prints for each revision on its own, as JSON lines.

    render.py --dialect NAME [--dialect NAME]... (--folder DIR... | --config alembic.ini) [--path SRC]...
              [--direction upgrade|downgrade] [--revision ID]... [--naming-convention JSON] [--package LABEL]
    render.py --corpus packages.toml UNPACKED --dialect NAME...

One line per dialect, revision and direction:
    package, file, revision, down_revision, dialect, direction
    ok    Alembic ran exactly this step offline without an exception; `sql` is then all that it printed
    err   "import:CLASS" the file does not import here · "absent" it has no such function · else the exception's CLASS
    msg   the exception's text; `sql` is then what was printed before it was raised

Each revision is run alone, as `alembic upgrade PARENT:REVISION --sql` runs it: an EnvironmentContext with `as_sql`,
`literal_binds` and paramstyle "named", starting at the tuple of the revision's parents, or at base. The project's env.py
is not run; a naming convention is what it would have contributed to the text, so that can be given.

Files are imported inside an environment of the dialect, as Alembic's command line does it: a file that asks
`context` something at import time gets its answer. Inline indexes leave SQLAlchemy in the order of a set, so the hash
seed is fixed: the same input gives the same bytes.
"""

import argparse
import io
import json
import logging
import os
import sys

import corpus
import revisions
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationStep
from alembic.script.revision import RevisionMap
from sqlalchemy import MetaData


def run(directory, metadata, dialect, step, start, destination):
    """Runs `step(migration context)` in an offline environment; the text printed and the exception, if any."""
    printed, raised = io.StringIO(), None
    config = Config(output_buffer=printed)
    try:
        with revisions.quiet(), revisions.time_limit(10):
            with EnvironmentContext(
                config,
                directory,
                fn=lambda rev, context: step(context),
                as_sql=True,
                starting_rev=start,
                destination_rev=destination,
            ) as environment:
                environment.configure(
                    dialect_name=dialect,
                    target_metadata=metadata,
                    literal_binds=True,
                    dialect_opts={"paramstyle": "named"},
                    output_buffer=printed,
                )
                with environment.begin_transaction():
                    environment.run_migrations()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raised = error
    return printed.getvalue(), raised


def load(arguments, dialect, metadata):
    """(directory, revision map, path -> (how it was loaded, error)) with the files imported for this dialect."""
    directory, loaded, scripts = revisions.script_directory(arguments), {}, []

    def read(context):
        with revisions.tolerant(False, loaded):
            scripts.extend(directory._load_revisions())
        return []

    _, raised = run(directory, metadata, dialect, read, None, None)
    if raised is not None:
        raise raised
    known = {script.revision for script in scripts}
    for script in scripts:
        # A parent outside the given folders would stop the whole graph; the step alone does not need it.
        for name in ("down_revision", "depends_on"):
            value = getattr(script.module, name, None)
            if isinstance(value, str) and value not in known and not any(value in s.branch_labels for s in scripts):
                print(f"{script.path}: {name} {value!r} is not among the files", file=sys.stderr)
                setattr(script.module, name, None)
    again = [type(script)(script.module, script.revision, script.path) for script in scripts]
    graph = RevisionMap(lambda: iter(again))
    graph._revision_map
    directory.revision_map = graph
    return directory, loaded, again


def one(directory, metadata, dialect, direction, script):
    parents = script.down_revision
    parents = tuple(parents) if isinstance(parents, (tuple, list)) else parents
    step = getattr(MigrationStep, f"{direction}_from_script")(directory.revision_map, script)
    start, destination = parents or "base", script.revision
    if direction == "downgrade":
        start, destination = destination, start
    return run(directory, metadata, dialect, lambda context: [step], start, destination)


def render(arguments):
    convention = arguments.naming_convention
    metadata = MetaData(naming_convention=json.loads(convention)) if convention else None
    for dialect in arguments.dialect:
        directory, loaded, scripts = load(arguments, dialect, metadata)
        for script in scripts:
            if arguments.revision and script.revision not in arguments.revision:
                continue
            _, error = loaded.get(str(script.path), ("import", None))
            for direction in arguments.direction or ("upgrade", "downgrade"):
                if error is not None:
                    answer = {"ok": False, "err": f"import:{type(error).__name__}", "msg": str(error), "sql": ""}
                elif not hasattr(script.module, direction):
                    answer = {"ok": False, "err": "absent", "msg": f"no {direction}()", "sql": ""}
                else:
                    sql, raised = one(directory, metadata, dialect, direction, script)
                    answer = {
                        "ok": raised is None,
                        "err": type(raised).__name__ if raised is not None else None,
                        "msg": str(raised) if raised is not None else None,
                        "sql": sql,
                    }
                line = {
                    "package": arguments.package,
                    "file": os.path.basename(script.path),
                    "revision": script.revision,
                    "down_revision": script.down_revision,
                    "dialect": dialect,
                    "direction": direction,
                }
                print(json.dumps(line | answer, default=list), flush=True)


def main():
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, *sys.argv])
    logging.disable(logging.CRITICAL)
    parser = argparse.ArgumentParser(description="Real Alembic's SQL for each revision on its own.")
    parser.add_argument("--dialect", action="append", required=True)
    parser.add_argument("--direction", action="append", choices=("upgrade", "downgrade"))
    parser.add_argument("--revision", action="append", default=[])
    parser.add_argument("--naming-convention", metavar="JSON")
    if "--corpus" in sys.argv:
        parser.add_argument("--corpus", nargs=2, metavar=("PACKAGES_TOML", "UNPACKED"))
        arguments = parser.parse_args()
        further = [f"--dialect={dialect}" for dialect in arguments.dialect]
        further += [f"--direction={direction}" for direction in arguments.direction or ()]
        if arguments.naming_convention:
            further.append(f"--naming-convention={arguments.naming_convention}")
        for where, status, printed in corpus.ask(__file__, *arguments.corpus, further):
            if status != 0:
                return f"{where}: exit {status}"
            for line in printed.splitlines():
                print(json.dumps(json.loads(line) | where), flush=True)
        return 0
    revisions.add_source_arguments(parser)
    parser.add_argument("--package", default="")
    render(parser.parse_args())
    return 0


if __name__ == "__main__":
    sys.exit(main())
