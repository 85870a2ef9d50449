#!/usr/bin/env python3
"""Whether real Alembic accepts a project as it stands, and what its commands print for it.

    load.py PROJECT [PROJECT]... [--command "history -v"]... [--sql DIALECT]

One JSON line per project folder: {"project", "commands": {"heads": {"ok", "text", "error"}, ...}, "sql", "warnings"}.
Nothing is replaced or forgiven: a file that does not import fails as it fails a person. `text` is what the command writes to
stdout, `error` the sentence after FAILED, or "CLASS: TEXT" where Alembic ends in a traceback. Without --command: heads,
branches and history. A command is written as on the command line, `-c` and `-n` included, and only those that read nothing but
the script folder are accepted: neither env.py nor a database is touched.
With --sql, "sql" answers in the same shape for the whole of `upgrade heads` in a generic offline environment of that dialect.
"""

import argparse
import io
import json
import os
import shlex
import subprocess
import sys
import warnings

from alembic.config import CommandLine, Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

READING = {"heads", "branches", "history", "show"}


def parsed(command, printed):
    """The options of a command line and the Config that Alembic makes of them in the current folder."""
    line = CommandLine()
    options = line.parser.parse_args(shlex.split(command))
    asks_database = getattr(options, "indicate_current", False) or getattr(options, "rev", None) == "current"
    if options.cmd[0].__name__ not in READING or asks_database:
        raise SystemExit(f"{command}: reads more than the script folder")
    toml, ini = line._inis_from_config(options)
    config = Config(ini, toml_file=toml, ini_section=options.name, cmd_opts=options, stdout=printed)
    return options, config


def asked(act):
    printed = io.StringIO()
    try:
        act(printed)
    except CommandError as error:
        return {"ok": False, "text": printed.getvalue(), "error": str(error)}
    except Exception as error:
        return {"ok": False, "text": printed.getvalue(), "error": f"{type(error).__name__}: {error}"}
    return {"ok": True, "text": printed.getvalue(), "error": None}


def run(command, printed):
    options, config = parsed(command, printed)
    function, positional, keywords = options.cmd
    function(
        config,
        *[getattr(options, name, None) for name in positional],
        **{name: getattr(options, name, None) for name in keywords},
    )


def write_script(dialect, printed):
    _, config = parsed("heads", printed)
    directory = ScriptDirectory.from_config(config)
    with EnvironmentContext(
        config,
        directory,
        fn=lambda current, context: directory._upgrade_revs("heads", current),
        as_sql=True,
        starting_rev=None,
        destination_rev="heads",
    ) as environment:
        environment.configure(
            dialect_name=dialect,
            literal_binds=True,
            dialect_opts={"paramstyle": "named"},
            output_buffer=printed,
        )
        with environment.begin_transaction():
            environment.run_migrations()


def judge(project, arguments):
    os.chdir(project)
    sys.dont_write_bytecode = True
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        commands = arguments.command or ("heads", "branches", "history")
        answer = {
            "project": project,
            "commands": {command: asked(lambda printed: run(command, printed)) for command in commands},
        }
        if arguments.sql:
            answer["sql"] = asked(lambda printed: write_script(arguments.sql, printed))
    return answer | {"warnings": [str(warning.message) for warning in heard]}


def main():
    parser = argparse.ArgumentParser(description="What real Alembic says about a project as it stands.")
    parser.add_argument("project", nargs="+")
    parser.add_argument("--command", action="append", default=[])
    parser.add_argument("--sql", metavar="DIALECT")
    arguments = parser.parse_args()
    if len(arguments.project) == 1:
        print(json.dumps(judge(arguments.project[0], arguments)))
        return 0
    # A process for each: projects may share module names.
    further = [f"--command={command}" for command in arguments.command]
    further += [f"--sql={arguments.sql}"] if arguments.sql else []
    for project in arguments.project:
        done = subprocess.run([sys.executable, os.path.abspath(__file__), project, *further])
        if done.returncode != 0:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
