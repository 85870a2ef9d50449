# Starts the project's own Alembic, or Flask around it, as its console script would. One line of JSON on standard input
# says how; what follows on it is silence, and its end is the end of whoever started this.
import json
import os
import sys
import threading

told = json.loads(sys.stdin.readline())


def watch(descriptor):
    while os.read(descriptor, 4096):
        pass
    if hasattr(os, "killpg"):
        os.killpg(os.getpgrp(), 9)
    os._exit(1)


threading.Thread(target=watch, args=(os.dup(sys.stdin.fileno()),), daemon=True).start()
sys.stdin = open(os.devnull)
# `-c` puts the current folder first, which a console script does not.
if sys.path and sys.path[0] in ("", os.getcwd()):
    del sys.path[0]


def place(url):
    """What a URL connects to, in the words of whoever started this."""
    backend = url.get_backend_name()
    if backend == "sqlite":
        name = url.database or ":memory:"
        if name.startswith("file:"):
            name = name[5:].partition("?")[0]
        return [backend, name if name == ":memory:" else os.path.realpath(name)]
    backend = {"mariadb": "mysql", "postgres": "postgresql"}.get(backend, backend)
    query = {key: value for key, value in url.query.items()}
    host = url.host or query.get("host") or query.get("unix_socket") or ""
    host = "" if host in ("localhost", "127.0.0.1", "::1") else host
    port = url.port or query.get("port") or {"postgresql": 5432, "mysql": 3306}.get(backend)
    if isinstance(host, str) and host.startswith("/"):
        port = None
    return [backend, host, port and int(port), url.database or query.get("dbname") or query.get("database")]


def session(connection):
    """The number by which the server knows this connection, where its driver tells it."""
    raw = getattr(connection.connection, "driver_connection", None)
    for name in ("thread_id", "get_server_pid"):
        if callable(getattr(raw, name, None)):
            return getattr(raw, name)()
    return getattr(getattr(raw, "info", None), "backend_pid", None)


def is_at(found, wanted):
    if found[0] == "sqlite" and wanted[0] == "sqlite":
        return found[1] == os.path.realpath(wanted[1])
    return found == wanted


wanted = told.get("place")
met = False
if wanted is not None:
    from alembic.runtime.environment import EnvironmentContext

    configure = EnvironmentContext.configure

    def checked(self, connection=None, *args, **kwargs):
        if connection is not None:
            found = place(connection.engine.url)
            global met
            met = met or is_at(found, wanted)
            # Several databases of one run: the one that was meant comes first, then those that were told beside it.
            if not is_at(found, wanted) and not (met and any(is_at(found, other) for other in told["others"])):
                shown = connection.engine.url.render_as_string(hide_password=True)
                print(f"revline: env.py connects to {shown}, which is not the database that was meant", file=sys.stderr)
                sys.stderr.flush()
                os._exit(97)
            number = session(connection)
            if isinstance(number, int) and is_at(found, wanted):
                print(f"revline: session {number}", file=sys.stderr, flush=True)
        return configure(self, connection, *args, **kwargs)

    EnvironmentContext.configure = checked

options = {"sqlalchemy.url": told.get("url"), "script_location": told.get("script_location")}
options = {name: value for name, value in options.items() if value is not None}
if options:
    from alembic import config

    made = config.Config.__init__

    def with_options(self, *args, **kwargs):
        made(self, *args, **kwargs)
        for name, value in options.items():
            self.set_main_option(name, value.replace("%", "%%"))

    config.Config.__init__ = with_options

if told.get("differences"):
    tell_differences()

arguments = told["arguments"]
if told.get("flask"):
    from flask.cli import main

    sys.argv = ["flask", *arguments]
    main()
else:
    from alembic.config import main

    sys.argv = ["alembic", *arguments]
    main(argv=arguments, prog="alembic")
