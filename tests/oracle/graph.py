#!/usr/bin/env python3
"""What real Alembic says about a revision graph, as one JSON object.

    graph.py --folder DIR [--folder DIR]... [--recursive] [--path SRC]...
    graph.py --config alembic.ini [--section NAME] [--path SRC]...
    graph.py --corpus packages.toml UNPACKED      one line per location, each judged in a process of its own

heads            ScriptDirectory.get_heads(), in its order        effective_heads  without those another depends on
bases            ScriptDirectory.get_bases()                      labels           branch label -> the revision it resolves to
branches         branch points in the order of `alembic branches`
history          the order of `alembic history`; each with its parents, dependencies, labels and kind
files            how each file was loaded, when not by a plain import
error, warnings  the sentence with which Alembic refuses; what it warns about
"""

import argparse
import json
import os
import sys
import warnings

import corpus
import revisions
from alembic.util import CommandError


def describe(script):
    return {
        "revision": script.revision,
        "parents": list(script._versioned_down_revisions),
        "depends_on": sorted(script._resolved_dependencies),
        "labels": sorted(script.branch_labels),
        "head": script.is_head,
        "branch_point": script.is_branch_point,
        "merge_point": script.is_merge_point,
        "title": script.doc,
        "file": os.path.basename(script.path),
    }


def judge(arguments):
    loaded, heard, answer = {}, [], {"error": None}
    with warnings.catch_warnings(record=True) as heard, revisions.tolerant(True, loaded):
        warnings.simplefilter("always")
        try:
            directory = revisions.script_directory(arguments)
            walked = list(directory.walk_revisions())
            answer |= {
                "heads": directory.get_heads(),
                "effective_heads": sorted(directory.get_heads(consider_depends_on=True)),
                "bases": directory.get_bases(),
                "branches": [script.revision for script in walked if script.is_branch_point],
                "labels": {
                    label: directory.get_revision(label).revision
                    for label in sorted({label for script in walked for label in script.branch_labels})
                },
                "history": [describe(script) for script in walked],
            }
        except CommandError as error:
            answer["error"] = f"CommandError: {error}"
        except Exception as error:
            answer["error"] = f"{type(error).__name__}: {error}"
    answer["files"] = {
        os.path.basename(path): {"loaded": how, "error": f"{type(error).__name__}: {error}"}
        for path, (how, error) in sorted(loaded.items())
        if error is not None
    }
    answer["warnings"] = [str(warning.message) for warning in heard]
    return answer


def every_location(listing, unpacked):
    refused = 0
    for where, status, printed in corpus.ask(__file__, listing, unpacked):
        if status not in (0, 1):
            sys.exit(f"{where}: exit {status}")
        answer = json.loads(printed)
        refused += answer["error"] is not None
        print(json.dumps(where | answer), flush=True)
    return 1 if refused else 0


def main():
    if sys.argv[1:2] == ["--corpus"]:
        parser = argparse.ArgumentParser()
        parser.add_argument("--corpus", nargs=2, metavar=("PACKAGES_TOML", "UNPACKED"))
        return every_location(*parser.parse_args().corpus)
    parser = argparse.ArgumentParser(description="Real Alembic's revision graph as JSON.")
    revisions.add_source_arguments(parser)
    answer = judge(parser.parse_args())
    json.dump(answer, sys.stdout)
    print()
    return 1 if answer["error"] else 0


if __name__ == "__main__":
    sys.exit(main())
