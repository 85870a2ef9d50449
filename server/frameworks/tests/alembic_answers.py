"""Asks real Alembic about generated projects and prints the questions with its answers as JSON.

usage: alembic_answers.py SEED COUNT [own]

With `own` the templates that Alembic ships are left out, so that the cases can be kept in a file.

A case is `{"kind", "files": {path: text}, "ask": {...}, "answer": {...}}`; paths start with /w/,
which stands for the temporary folder that the project was in. An answer is `{"value": ...}` or
`{"error": ...}`.
"""

import configparser
import contextlib
import datetime
import io
import json
import os
import pathlib
import random
import sys
import tempfile
import time
import types
import warnings

os.environ["TZ"] = "Europe/Paris"
time.tzset()
warnings.simplefilter("ignore")

import alembic
from alembic.config import Config
from alembic.script import base as script_base
from alembic.script import ScriptDirectory
from alembic.util import CommandError

TEMPLATES = pathlib.Path(alembic.__file__).parent / "templates"
NOW = datetime.datetime(2024, 1, 31, 11, 5, 6, 789, tzinfo=datetime.timezone.utc)

FLASK = '''"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

"""
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

# revision identifiers, used by Alembic.
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
'''

CUSTOM = '''# -*- coding: utf-8 -*-
<%!
    import re
    from alembic import context as alembic_context
%>\\
<%doc>
    not written
</%doc>
# Copyright ${create_date.year} Shop GmbH, ${create_date.strftime("%d.%m.%Y %H:%M")}
"""${message.capitalize() if message else "x"}${"." + " "}|${message | trim}|

Revision ID: ${up_revision}
Revises: ${', '.join(down_revision) if not isinstance_of else down_revision | comma,n}
"""
## a comment line
<%def name="stub(name)">
def ${name}() -> None:
    ${context.get(name + "s", "pass")}
</%def>\\
revision = "${up_revision}"
down_revision = ${down_revision | repr,n}
% if branch_labels:
branch_labels = ${repr(branch_labels)}
% elif depends_on is not None and len(message) > 3:
depends_on = ${repr(depends_on)}
% else:
# neither
% endif
% for word in message.split():
# ${loop.index}: ${word.upper()}${"" if loop.last else ","} %% \\
% endfor

  %% kept
${stub("upgrade")}
${stub("downgrade")}
'''.replace("${', '.join(down_revision) if not isinstance_of else down_revision | comma,n}", "${down_revision | comma,n}")


class FakeDatetime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        moment = NOW.astimezone(tz)
        return moment if tz is not None else moment.replace(tzinfo=None)


script_base.datetime = types.SimpleNamespace(datetime=FakeDatetime, timezone=datetime.timezone)


def answer(function):
    try:
        return {"value": function()}
    except Exception as error:  # whatever the tool raises is its answer
        return {"error": f"{type(error).__name__}: {error}"}


def write(root, files):
    for path, text in files.items():
        path = root / path[len("/w/"):]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def scrub(value, root):
    text = json.dumps(value)
    return json.loads(text.replace(json.dumps(str(root))[1:-1], "/w"))


def in_project(files, function):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder).resolve()
        write(root, files)
        before = os.getcwd()
        os.chdir(root)
        path = list(sys.path)
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                return scrub(function(root), root)
        finally:
            sys.path[:] = path
            os.chdir(before)


# --- configuration


def lists(rng):
    parts = [rng.choice(["a", "b", "%(here)s/c", "d e", "sub/x", ""]) for _ in range(rng.randint(0, 4))]
    return rng.choice([" ", ":", ";", ",", ", ", "\n  ", " , ", ",  ", "  "]).join(parts)


def config_case(rng):
    ini = []
    if rng.random() < 0.4:
        ini += ["[DEFAULT]", "root = %(here)s/base", f"timezone = {rng.choice(['UTC', ''])}"]
    section = rng.choice(["alembic", "alembic", "other"])
    ini.append(f"[{section}]")
    options = {
        "script_location": ["m", "%(here)s/m", "%(root)s/m", "pkg:m", "", "%(nope)s/m", "m%"],
        "version_locations": [lists(rng) for _ in range(4)],
        "prepend_sys_path": [lists(rng) for _ in range(3)] + ["."],
        "path_separator": ["os", "space", "newline", ":", ";", "comma", ""],
        "version_path_separator": ["os", "space", ":"],
        "file_template": ["%%(rev)s", "%%(year)d_%%(rev)s", "%(rev)s", "plain"],
        "truncate_slug_length": ["20", " 7 ", "1_0", "x", "", "-3", "0"],
        "recursive_version_locations": ["true", "True", "false", "1", ""],
        "sourceless": ["true", "yes", ""],
        "output_encoding": ["utf-8", "latin-1"],
        "sqlalchemy.url": ["sqlite:///a", "postgresql://u:p%%40w@h/d"],
        "Mixed_Case": ["Kept = : #; x"],
    }
    for key, values in options.items():
        if rng.random() < 0.45:
            lead = rng.choice(["", "", "", "; ", "# "])
            ini.append(f"{lead}{key}{rng.choice([' = ', '=', ': ', ' : '])}{rng.choice(values)}")
            if rng.random() < 0.1:
                ini.append("")
            if rng.random() < 0.1:
                ini.append("    # comment")
            if rng.random() < 0.06:
                ini.append("    continued %(here)s")
    if rng.random() < 0.06:
        ini.append(rng.choice(["nonsense", "= 3", "[alembic]", "script_location = twice", "[]", "[x] y", "a b: c"]))
    if rng.random() < 0.3:
        names = rng.choice(["black", "black, ruff", "black  ruff", ""])
        ini += ["[post_write_hooks]", f"hooks = {names}", "black.type = console_scripts", "black.entrypoint = black",
                "ruff.type=exec", "black.options = -l 79 REVISION_SCRIPT_FILENAME"]
    newline = rng.choice(["\n", "\n", "\r\n"])
    files = {"/w/alembic.ini": newline.join(ini) + newline}
    if rng.random() < 0.5:
        toml = ["[tool.alembic]"]
        values = {
            "script_location": ["'t'", "'%(here)s/t'", "1.5", "'%(x)s'", "'100%'"],
            "version_locations": ["['a', '%(here)s/b']", "[]", "[1]"],
            "prepend_sys_path": ["['.']", "['a:b', 'c d']"],
            "file_template": ["'%%(rev)s'", "'%(rev)s'"],
            "truncate_slug_length": ["12", "'13'", "1.5"],
            "recursive_version_locations": ["true", "false", "'true'", "1"],
            "sourceless": ["true", "'x'"],
            "output_encoding": ["'ascii'", "'%%'"],
            "timezone": ["'Asia/Kolkata'"],
            "post_write_hooks": ["[{name = 'ruff', type = 'module', module = '%(here)s'}]", "[]"],
        }
        toml += [f"{key} = {rng.choice(v)}" for key, v in values.items() if rng.random() < 0.4]
        files["/w/pyproject.toml"] = "\n".join(toml) + "\n"

    def ask(root):
        def config():
            toml = root / "pyproject.toml"
            return Config(str(root / "alembic.ini"), toml_file=str(toml) if toml.exists() else None, ini_section=section)

        def readable():
            config().file_config
            return True

        text = lambda key: answer(lambda: config().get_alembic_option(key))
        return {
            "readable": answer(readable),
            "script_location": text("script_location"),
            "file_template": text("file_template"),
            "timezone": text("timezone"),
            "output_encoding": text("output_encoding"),
            "truncate_slug_length": answer(
                lambda: None if (v := config().get_alembic_option("truncate_slug_length")) is None else int(v)
            ),
            "url": answer(lambda: config().file_config.get(section, "sqlalchemy.url", fallback=None)),
            "mixed_case": answer(lambda: config().file_config.get(section, "mixed_case", fallback=None)),
            "recursive_version_locations": answer(lambda: config().get_alembic_boolean_option("recursive_version_locations")),
            "sourceless": answer(lambda: config().get_alembic_boolean_option("sourceless")),
            "version_locations": answer(lambda: config().get_version_locations_list()),
            "prepend_sys_path": answer(lambda: config().get_prepend_sys_paths_list()),
            "hooks": answer(lambda: [[h["_hook_name"], {k: v for k, v in h.items() if k != "_hook_name"}]
                                     for h in config().get_hooks_list()]),
        }

    return {"kind": "config", "files": files, "ask": {"section": section}, "answer": in_project(files, ask)}


# --- the order of files


def files_case(rng):
    recursive = rng.random() < 0.5
    folders = rng.choice([["m/versions"], ["m/versions"], ["b", "a"], ["a", "m/versions", "a"], ["a", "a/sub"]])
    ini = ["[alembic]", "script_location = %(here)s/m", "path_separator = newline"]
    if folders != ["m/versions"]:
        ini.append("version_locations = " + "\n  ".join(f"%(here)s/{folder}" for folder in folders))
    if recursive:
        ini.append("recursive_version_locations = true")
    files = {"/w/alembic.ini": "\n".join(ini) + "\n", "/w/m/env.py": "from alembic import context\n"}
    names = ["a.py", "B.py", "b.py", "_x.py", "__init__.py", "__init__x.py", ".#b.py", ".hidden.py", "é.py", "z.PY",
             "notes.txt", "c.pyc", "10.py", "9.py", "a b.py", "a-1.py", "Z_1.py", "py"]
    subs = ["", "", "sub/", "Sub/", "a/", "sub/deep/", "__pycache__/", "x.py.d/", "10/"]
    for number in range(rng.randint(2, 14)):
        # The first folder holds a file itself, so that no layout has to be guessed.
        sub = "" if number == 0 else rng.choice(subs)
        name = "0first.py" if number == 0 else rng.choice(names)
        path = f"/w/{folders[0] if number == 0 else rng.choice(folders)}/{sub}{name}"
        files[path] = f"revision = 'r{len(files)}'\ndown_revision = None\n"

    def ask(root):
        script = ScriptDirectory.from_config(Config(str(root / "alembic.ini")))
        return {"files": answer(lambda: [s.path for s in script._load_revisions()])}

    return {"kind": "files", "files": files, "ask": {}, "answer": in_project(files, ask)}


# --- new files


WORDS = ["add", "Users", "to", "the", "shop-table", "naïve", "ÄÖ", "x_y", "__", "v2.0", "(really)", "数据", "É́", "#1",
         "a'b", "ⅷ²", "İstanbul", "ⓐ"]


def revision_case(rng):
    templates = {name: (TEMPLATES / name / "script.py.mako").read_text()
                 for name in ["generic", "async", "multidb", "pyproject", "pyproject_async"]}
    templates |= {"flask": FLASK, "custom": CUSTOM}
    if "own" in sys.argv:
        templates = {"custom": CUSTOM}
    name = rng.choice(sorted(templates))
    ini = ["[alembic]", "script_location = %(here)s/m", "databases = one,  two,three"]
    option = lambda key, values, share=0.5: ini.append(f"{key} = {rng.choice(values)}") if rng.random() < share else None
    option("file_template", ["%%(rev)s", "%%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d%%(second).2d-%%(rev)s_%%(slug)s",
                             "%%(epoch)s_%%(slug)s", "%%(year)d/%%(month)02d/%%(rev)s_%%(slug)s", "%%(slug).5s_%%(rev)s",
                             "%%(day)5d%%(rev)s", "%%(month)x_%%(rev)s", "%%(wrong)s", "%%(slug)d", "x%%%%%%(rev)s"])
    option("truncate_slug_length", ["0", "1", "5", "12", "40", "100", "-3", "-100"])
    option("timezone", ["UTC", "utc", "Europe/Paris", "Asia/Kolkata", "America/St_Johns", "est5edt", "europe/paris",
                        "Nowhere/X", "Africa/Monrovia", ""])
    if any("/%%" in line for line in ini):
        ini.append("recursive_version_locations = true")
    files = {
        "/w/alembic.ini": "\n".join(ini) + "\n",
        "/w/m/env.py": "from alembic import context\n",
        "/w/m/script.py.mako": templates[name],
        "/w/m/versions/a1.py": "revision = 'a1'\ndown_revision = None\n",
        "/w/m/versions/b2.py": "revision = 'b2'\ndown_revision = None\n",
        "/w/m/versions/c3.py": "revision = 'c3'\ndown_revision = 'a1'\nbranch_labels = ('lab',)\n",
    }
    down = rng.choice([["b2"], ["c3"], ["c3", "b2"], ["b2", "c3"], []])
    message = " ".join(rng.choice(WORDS) for _ in range(rng.randint(0, 9))) if rng.random() < 0.9 else None
    ask = {
        "message": message,
        "rev_id": rng.choice(["0123456789ab", "d4", "x_1.2", "a:b", "q-+@"]),
        "down": down,
        "labels": rng.choice([[], [], ["new"], ["new", "other"]]),
        "depends_on": rng.choice([[], [], ["a1"], ["a1", "b2"], ["lab"]]),
        "upgrades": rng.choice([None, "op.drop_table('x')\n    op.drop_table('y')"]),
        "imports": rng.choice([None, "import os"]),
    }

    def run(root):
        def make():
            config = Config(str(root / "alembic.ini"))
            script = ScriptDirectory.from_config(config)
            script.messaging_opts = {"quiet": True}
            given = {"config": config}
            if ask["upgrades"]:
                given["upgrades"] = ask["upgrades"]
            if ask["imports"]:
                given["imports"] = ask["imports"]
            made = []
            original = script._generate_template
            script._generate_template = lambda src, dest, **kw: (made.append(dest), original(src, dest, **kw))
            try:
                script.generate_revision(ask["rev_id"], message, head=tuple(down) or "base",
                                         branch_labels=ask["labels"] or None, depends_on=ask["depends_on"] or None,
                                         splice=True, **given)
            except Exception:
                if not made or not pathlib.Path(made[0]).exists():
                    raise
            return [str(made[0]), pathlib.Path(made[0]).read_bytes().decode("utf-8")]

        return answer(make)

    return {"kind": "revision", "template": name, "files": files, "ask": ask, "answer": in_project(files, run)}


def main():
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(seed)
    makers = [config_case, files_case, revision_case]
    cases = [makers[number % 3](rng) for number in range(count)]
    json.dump(cases, sys.stdout, indent=0, sort_keys=True, ensure_ascii=False)
    print()


main()
