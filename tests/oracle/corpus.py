"""Running a judge over every location of the corpus, each in a process of its own.

One process per revision graph: the packages' modules share names, and what one leaves in `sys.modules` must not
reach the next. The answers come in the order of the listing.
"""

import concurrent.futures
import os
import subprocess
import sys
import tomllib


def locations(listing, unpacked):
    """(what names the location in an answer, the arguments that name it to a judge) for each location."""
    with open(listing, "rb") as file:
        packages = tomllib.load(file)["package"]
    for package in packages:
        root = os.path.join(unpacked, package["name"])
        for location in package["locations"]:
            arguments = ["--path", root]
            for folder in location["versions"]:
                arguments += ["--folder", os.path.join(root, folder)]
            recursive = location.get("recursive", False)
            if recursive:
                arguments.append("--recursive")
            where = {"package": package["name"], "versions": location["versions"], "recursive": recursive}
            yield where, arguments


def ask(judge, listing, unpacked, further=()):
    """Yields (what names the location, exit code, printed text) of the judge for each location."""

    def run(location):
        where, arguments = location
        command = [sys.executable, os.path.abspath(judge), *arguments, *further]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        return where, done.returncode, done.stdout

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(run, locations(listing, unpacked))
