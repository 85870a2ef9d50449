"""Answers questions about revision graphs with real Alembic, without any file.

Each line of standard input is one graph and what is asked about it; each line of
standard output is the answer. The format is that of ``tests/tests/graphs.rs``.

One thing is pinned that Alembic leaves to chance, without changing what it may answer:
dependencies that survive normalisation are kept in the order written. Alembic keeps
them in the order of a set of strings, which PYTHONHASHSEED decides.
"""

import json
import signal
import sys
import types
import warnings

from alembic import util
from alembic.runtime.migration import HeadMaintainer, MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.base import Script
from alembic.script.revision import RevisionMap


def scalar(values):
    """As a header would spell it: ``None``, one string, or a tuple."""
    if not values:
        return None
    return values[0] if len(values) == 1 else tuple(values)


def upgrade():
    """Stands for the body of a revision."""


def downgrade():
    """Stands for the body of a revision."""


def load(graph):
    """A script directory that loads the graph, and the warnings it gives."""
    scripts = ScriptDirectory("/")

    def revisions():
        for place, one in enumerate(graph["revisions"]):
            module = types.SimpleNamespace(
                __doc__=None,
                down_revision=scalar(one["down"]),
                depends_on=scalar(one["depends_on"]),
                branch_labels=scalar(one["labels"]),
                upgrade=upgrade,
                downgrade=downgrade,
            )
            yield Script(module, one["id"], f"/versions/{place}.py")

    scripts.revision_map = RevisionMap(revisions)
    with scripts._catch_revision_errors():
        known = scripts.revision_map._revision_map
    for script in known.values():
        if script is not None:
            kept = set(script._normalized_resolved_dependencies)
            script._normalized_resolved_dependencies = tuple(
                one for one in util.dedupe_tuple(script._resolved_dependencies) if one in kept
            )
    return scripts


class Recorder(HeadMaintainer):
    """Keeps the rows of a version table as Alembic does, and every change to them."""

    def __init__(self, rows):
        nothing = types.SimpleNamespace(_exec=lambda _statement: None)
        context = MigrationContext.configure(dialect_name="sqlite", opts={"as_sql": True})
        context.impl = nothing
        super().__init__(context, rows)
        self.changes = []

    def _insert_version(self, version):
        super()._insert_version(version)
        self.changes.append(["insert", version])

    def _delete_version(self, version):
        super()._delete_version(version)
        self.changes.append(["delete", version])

    def _update_version(self, from_, to_):
        super()._update_version(from_, to_)
        self.changes.append(["update", from_, to_])


def plan(steps, rows):
    """The steps, and for each what it does to the version table until that fails."""
    recorder = Recorder(rows)
    answer = []
    fits = True
    for step in steps:
        changes = None
        if fits:
            recorder.changes = []
            try:
                recorder.update_to_step(step)
                changes = recorder.changes
            except Exception:
                fits = False
        answer.append({"log": step.short_log, "changes": changes})
    return answer


def history(scripts, text, rows):
    """What ``alembic history -r TEXT`` lists, `rows` being what the database holds."""
    if ":" not in text:
        raise util.CommandError("History range requires [start]:[end], [start]:, or :[end]")
    base, head = text.strip().split(":")
    if head == "current":
        head = rows
    elif base == "current":
        base = rows
    return [one.revision for one in scripts.walk_revisions(base=base or "base", head=head or "heads")]


def answer(scripts, ask):
    """The answer to one question."""
    kind, rows = ask["kind"], tuple(ask["rows"])
    if kind == "upgrade":
        return plan(scripts._upgrade_revs(ask["target"], rows), rows)
    if kind == "downgrade":
        return plan(scripts._downgrade_revs(ask["target"], rows), rows)
    if kind == "stamp":
        return plan(scripts._stamp_revs(tuple(ask["targets"]), rows), rows)
    if kind == "history":
        return history(scripts, ask["target"], rows)
    if kind == "show":
        return [one.revision for one in scripts.get_revisions(ask["target"])]
    if kind == "start":
        context = MigrationContext.configure(
            dialect_name="sqlite",
            opts={"as_sql": True, "starting_rev": ask["target"], "script": scripts},
        )
        return list(context.get_current_heads())
    if kind == "current":
        return sorted(one.revision for one in scripts.get_all_current(rows))
    raise SystemExit(f"unknown question {kind}")


PATIENCE = 5
"""Seconds after which Alembic is taken to run for ever, as it may on a cycle it overlooks."""


class Endless(Exception):
    """Alembic does not come to an answer."""


def give_up(_signal, _frame):
    """Ends a question that takes too long."""
    raise Endless


def attempt(question):
    """The answer, or the sentence Alembic prints, or the kind of traceback it ends in."""
    signal.alarm(PATIENCE)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = {"answer": question()}
        except util.CommandError as error:
            result = {"error": str(error)}
        except Exception as error:
            result = {"traceback": type(error).__name__}
        finally:
            signal.alarm(0)
    result["warnings"] = [str(one.message) for one in caught]
    return result


def shape(scripts):
    """Everything Alembic knows of the graph without a target."""
    known = scripts.revision_map._revision_map
    nodes = {one.revision: one for one in known.values() if one is not None}
    return {
        "heads": list(scripts.get_heads()),
        "real_heads": list(scripts.get_heads(consider_depends_on=True)),
        "bases": list(scripts.get_bases()),
        "real_bases": list(scripts.revision_map._real_bases),
        "revisions": [
            {
                "id": one.revision,
                "labels": sorted(one.branch_labels),
                "children": sorted(one.nextrev),
                "requirements": list(one._normalized_down_revisions),
                "is_head": one.is_head,
                "is_real_head": one._is_real_head,
                "is_branch_point": one.is_branch_point,
                "is_real_branch_point": one._is_real_branch_point,
                "is_merge_point": one.is_merge_point,
            }
            for one in nodes.values()
        ],
        "history": [one.revision for one in scripts.walk_revisions()],
    }


def main():
    """One line in, one line out."""
    signal.signal(signal.SIGALRM, give_up)
    for line in sys.stdin:
        graph = json.loads(line)
        scripts = None

        def loading():
            nonlocal scripts
            scripts = load(graph)
            return None if graph["load_only"] else shape(scripts)

        result = {"shape": attempt(loading)}
        if scripts is not None and not graph["load_only"]:
            result["answers"] = [attempt(lambda: answer(scripts, ask)) for ask in graph["asks"]]
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
