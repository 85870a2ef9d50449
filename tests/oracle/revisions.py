"""Loading revision files for the judges, whether or not their project is installed.

Real Alembic imports every file of a version folder and stops at the first that fails. The judges must go on:
most public migrations import a project that is not there. `tolerant` makes Alembic's own loader fall back, file by file:

    import      the file imported as it is
    stub        a module with nothing but the four header names, read from the syntax tree: all four are literals
    substituted a header name is computed, and the file imported once the modules that are missing were replaced by
                inert ones (for questions about the graph only); else a stub without that name

Everything after loading is Alembic's own code.
"""

import ast
import contextlib
import importlib.abc
import importlib.machinery
import io
import os
import signal
import sys
import types
import unittest.mock
import warnings

from alembic import util
from alembic.config import Config
from alembic.script import ScriptDirectory

HEADER = ("revision", "down_revision", "branch_labels", "depends_on")


class TimedOut(BaseException):
    """Outside the Exception tree, so that a migration's own `except Exception` does not swallow it."""


@contextlib.contextmanager
def time_limit(seconds):
    """Raise TimedOut inside the block after so many seconds; without effect where there is no SIGALRM."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def ring(*_):
        raise TimedOut(f"no answer in {seconds} s")

    previous = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)


@contextlib.contextmanager
def quiet():
    """What a migration prints must not get into the JSON lines."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield


def constant(node, names):
    """The value of a header expression: literals, names bound earlier in the file, and `+` of strings."""
    if isinstance(node, ast.Name) and node.id in names:
        return names[node.id]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = constant(node.left, names), constant(node.right, names)
        if isinstance(left, str) and isinstance(right, str):
            return left + right
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return tuple(constant(item, names) for item in node.elts)
    return ast.literal_eval(node)


def header(path):
    """The header of a file without importing it: (values, doc, names that could not be read), or None."""
    try:
        with open(path, "rb") as file:
            tree = ast.parse(file.read())
    except (SyntaxError, ValueError):
        return None
    names, unreadable = {}, []
    for node in tree.body:
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            targets = [node.target]
        else:
            continue
        for target in targets:
            if not isinstance(target, ast.Name):
                continue
            try:
                names[target.id] = constant(node.value, names)
            except (ValueError, TypeError):
                names.pop(target.id, None)
                if target.id in HEADER:
                    unreadable.append(target.id)
    values = {name: names[name] for name in HEADER if name in names}
    if not isinstance(values.get("revision"), str) or "down_revision" not in values:
        return None
    return values, ast.get_docstring(tree, clean=False), unreadable


def stub(path):
    """A module that has the file's header and docstring and no functions, or None when there is no header."""
    found = header(path)
    if found is None:
        return None
    values, doc, _ = found
    module = types.ModuleType(os.path.basename(path)[:-3], doc)
    module.__file__ = str(path)
    for name, value in values.items():
        setattr(module, name, value)
    return module


class Inert(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """The last finder: a module that nobody has is one whose every attribute accepts everything."""

    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__path__ = []

        def attribute(name):
            if name.startswith("__") and name.endswith("__"):
                raise AttributeError(name)
            return unittest.mock.MagicMock(name=f"{spec.name}.{name}")

        module.__getattr__ = attribute
        return module

    def exec_module(self, module):
        pass


def plain(value):
    """Whether a header value is what Alembic expects, not something inert."""
    if isinstance(value, (tuple, list, set, frozenset)):
        return all(isinstance(item, str) for item in value)
    return value is None or isinstance(value, str)


def substituted(load, directory, name):
    """The file imported among inert modules, or None; leaves no inert module behind."""
    before, finder = set(sys.modules), Inert()
    sys.meta_path.append(finder)
    try:
        with quiet(), time_limit(30):
            module = load(directory, name)
    except KeyboardInterrupt:
        raise
    except BaseException:
        return None
    finally:
        sys.meta_path.remove(finder)
        for added in set(sys.modules) - before:
            del sys.modules[added]
    if all(plain(getattr(module, name, None)) for name in HEADER) and isinstance(getattr(module, "revision", None), str):
        return module
    return None


@contextlib.contextmanager
def tolerant(substitute, loaded):
    """Inside the block Alembic's loader falls back; `loaded` receives path -> (how, error or None)."""
    real = util.load_python_file

    def load(directory, name):
        path = os.path.join(str(directory), str(name))
        try:
            with quiet(), time_limit(30):
                module = real(directory, name)
            loaded[path] = ("import", None)
            return module
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            found = header(path)
            module, how = None, "stub"
            if substitute and (found is None or found[2]):
                module, how = substituted(real, directory, name), "substituted"
            if module is None:
                module, how = stub(path), "stub"
            if module is None:
                raise
            loaded[path] = (how, error)
            return module

    util.load_python_file = load
    try:
        yield
    finally:
        util.load_python_file = real


def add_source_arguments(parser):
    """Where the revisions are: version folders, or a project's own configuration."""
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--folder", action="append", metavar="DIR", help="a version folder (repeatable)")
    where.add_argument("--config", metavar="FILE", help="an alembic.ini or pyproject.toml")
    parser.add_argument("--section", default="alembic", help="the section of the ini file")
    parser.add_argument("--recursive", action="store_true", help="descend into the version folders")
    parser.add_argument("--path", action="append", default=[], help="a source folder for the files' imports (repeatable)")


def script_directory(arguments):
    """Real Alembic's ScriptDirectory for the parsed arguments; nothing is loaded yet."""
    sys.dont_write_bytecode = True
    sys.path[:0] = [os.path.abspath(path) for path in arguments.path]
    if arguments.folder:
        folders = [os.path.abspath(folder) for folder in arguments.folder]
        return ScriptDirectory(
            folders[0], version_locations=folders, recursive_version_locations=arguments.recursive
        )
    if arguments.config.endswith(".toml"):
        config = Config(toml_file=arguments.config, ini_section=arguments.section)
    else:
        beside = os.path.join(os.path.dirname(os.path.abspath(arguments.config)), "pyproject.toml")
        config = Config(
            arguments.config,
            toml_file=beside if os.path.exists(beside) else None,
            ini_section=arguments.section,
        )
    return ScriptDirectory.from_config(config)
