#!/usr/bin/env python3
"""Print what real Alembic renders offline for snippets of `op.*` calls.

usage: compile_ops.py CASES.py [CASE ...]      write or print CASES.golden

A file of cases holds Python; a line `# case: NAME` starts a case, `# convention: {...}` inside one sets
the naming convention of the target metadata. The answer holds, per case and dialect, the printed SQL and
the exception if there was one. With names of cases the answer goes to standard output only.
"""
import ast
import io
import logging
import sys
import textwrap
import warnings

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

DIALECTS = ("postgresql", "sqlite")


def cases(path):
    name, lines, out = None, [], {}
    for line in open(path).read().splitlines():
        if line.startswith("# case: "):
            name, lines = line[8:].strip(), []
            out[name] = lines
        elif name is not None:
            lines.append(line)
    return {name: "\n".join(lines) for name, lines in out.items()}


def render(code, dialect):
    convention = None
    for line in code.splitlines():
        if line.startswith("# convention: "):
            convention = ast.literal_eval(line[14:])
    buffer = io.StringIO()
    opts = dict(as_sql=True, literal_binds=True, output_buffer=buffer)
    if convention is not None:
        opts["target_metadata"] = sa.MetaData(naming_convention=convention)
    context = MigrationContext.configure(
        dialect_name=dialect, dialect_opts={"paramstyle": "named"}, opts=opts
    )
    error = None
    with Operations.context(context) as op:
        space = {"op": op, "sa": sa}
        exec("from sqlalchemy.dialects import postgresql, sqlite, mysql, mssql", space)
        try:
            exec(compile(textwrap.dedent(code), "case", "exec"), space)
        except Exception as e:
            error = "%s: %s" % (type(e).__name__, " ".join(str(e).split()))
    return buffer.getvalue(), error


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    path, only = sys.argv[1], sys.argv[2:]
    parts = []
    for name, code in cases(path).items():
        if only and name not in only:
            continue
        for dialect in DIALECTS:
            sql, error = render(code, dialect)
            parts.append("==== %s %s\n%s" % (name, dialect, sql))
            if error:
                parts.append("!!!! %s\n" % error)
    text = "".join(parts)
    if only:
        sys.stdout.write(text)
    else:
        open(path[: -len(".py")] + ".golden", "w").write(text)


if __name__ == "__main__":
    main()
