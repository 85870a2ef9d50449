# Starts what a hook names as Alembic finds it: a console script of the environment, or a module.
import importlib.util
import runpy
import sys
from importlib import metadata

_, kind, name, *arguments = sys.argv
if kind == "module":
    if importlib.util.find_spec(name) is None:
        sys.exit(97)
    sys.argv = [name, *arguments]
    runpy.run_module(name, run_name="__main__", alter_sys=True)
else:
    every = metadata.entry_points()
    scripts = every.select(group="console_scripts") if hasattr(every, "select") else every.get("console_scripts", ())
    found = next((script for script in scripts if script.name == name), None)
    if found is None:
        sys.exit(97)
    sys.argv = ["-c", *arguments]
    found.load()()
