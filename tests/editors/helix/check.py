"""Types into Helix in a terminal and reads its screen. Usage: check.py HX OUT, as run.sh prepared it."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

hx, out = sys.argv[1], Path(sys.argv[2])
project = out / "shop"
versions = project / "alembic/versions"
environment = {
    "HOME": str(out / "home"),
    "PATH": f"{out / 'bin'}:{os.environ['PATH']}",
    "TERM": "xterm-256color",
    "LANG": "C.UTF-8",
}
socket = out / "tmux"


def revisions():
    """The parents of each revision, as the files say."""
    found = {}
    for file in versions.glob("*.py"):
        text = file.read_text()
        own = re.search(r"^revision\b[^=]*= *['\"]([^'\"]*)", text, re.M)
        down = re.search(r"^down_revision\b[^=]*= *(.*)", text, re.M)
        if own and down:
            found[own[1]] = (file, re.findall(r"['\"]([^'\"]*)['\"]", down[1]))
    return found


def heads():
    known = revisions()
    named = {parent for _, parents in known.values() for parent in parents}
    return sorted(set(known) - named)


def tmux(*words):
    command = ["tmux", "-S", socket, *words]
    return subprocess.run(command, env={**os.environ, **environment}, check=True, capture_output=True, text=True).stdout


def screen():
    return tmux("capture-pane", "-p")


def until(what, condition, seconds=20):
    """Waits until the screen or the disk says so."""
    end = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what}; the screen is\n{screen()}")
        time.sleep(0.1)


def shows(*texts):
    return until(" and ".join(texts), lambda: all(text in screen() for text in texts))


def keys(*names):
    for name in names:
        tmux("send-keys", name)
        # An escape that another key follows at once is taken for Alt.
        time.sleep(0.3 if name == "Escape" else 0.05)


def command(text):
    keys("Escape")
    tmux("send-keys", "-l", f":{text}")
    keys("Enter")


def open_at(file, needle):
    """Opens a file with the caret on the first letter of a text."""
    before, _, _ = file.read_text().partition(needle)
    line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
    command(f"open {file}:{line}:{column}")
    until("the place", lambda: re.search(rf"{re.escape(file.name[:30])}.* {line}:{column}\b", screen()))


failed = 0


def check(name, action):
    global failed
    try:
        action()
        print(f"ok      helix: {name}", flush=True)
    except Exception as error:  # noqa: BLE001
        failed += 1
        print(f"FAILED  helix: {name}")
        print(re.sub("^", "        ", str(error), flags=re.M), flush=True)


def health():
    told = subprocess.run([hx, "--health", "python"], env={**os.environ, **environment}, capture_output=True, text=True)
    plain = re.sub(r"\x1b\[[\d;]*m", "", told.stdout)
    assert f"✓ revline: {out / 'bin/revline'}" in plain, plain
    assert "Tree-sitter parser: ✓" in plain and "Highlight queries: ✓" in plain, plain


one, other = heads()
file = revisions()[other][0]


def diagnostic():
    tmux("-f", "/dev/null", "new-session", "-d", "-c", str(project), "-x", "160", "-y", "46", hx, str(file))
    tmux("set", "-s", "escape-time", "0")
    shows("● 1")
    keys("Space", "d")
    shows("multiple-heads", f"Two heads: `{other}` and `{one}"[:40])
    keys("Escape")


def sql():
    open_at(file, "upgrade()")
    keys("Space", "k")
    shows("ALTER TABLE orders ADD COLUMN gift_message")
    keys("Escape")


def injected():
    raw = versions / next(path for path in os.listdir(versions) if "op.execute" in (versions / path).read_text())
    text = raw.read_text()
    word = re.search(r"op\.execute\(\s*[frR]*[\"']{1,3}\s*(\w+)", text)
    command(f"open {raw}:{text[: word.start(1)].count(chr(10)) + 1}:{len(text[: word.start(1)].rpartition(chr(10))[2]) + 1}")
    until("the file", lambda: raw.name[:30] in screen())
    # Without the queries the inside of the string is a string; the query of SQL knows the word.
    command("tree-sitter-highlight-name")
    shows("keyword")
    keys("Escape")


def merge():
    open_at(file, f"'{other}'\ndown_revision" if f"'{other}'\ndown_revision" in file.read_text() else f'"{other}"\ndown_revision')
    keys("l", "Space", "a")
    shows("Merge heads")
    before = set(revisions())
    until("the action", lambda: re.search(r"Merge heads", screen()))
    keys("Enter")

    def merged():
        command("write-all")
        new = set(revisions()) - before
        return new and revisions()[new.pop()][1]

    assert sorted(until("the merge on disk", merged)) == [one, other]
    assert len(heads()) == 1


try:
    check("`hx --health` finds the program and the grammars", health)
    check("two heads are a diagnostic", diagnostic)
    check("the SQL of upgrade is shown", sql)
    check("SQL in a string is SQL", injected)
    check("the heads are merged by a code action", merge)
finally:
    (out / "screen.txt").write_text(screen() if socket.exists() else "")
    subprocess.run(["tmux", "-S", socket, "kill-server"], capture_output=True)
sys.exit(1 if failed else 0)
