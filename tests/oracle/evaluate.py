"""Runs small programs and tells the values of their names.

A question is a line of JSON, the text of a program; the answer is one too: the values of the program's
names by `tell`, and, where it raised, the class of the exception and the names that stand in the failing
statement; and the lines of the `try` statements that caught one, with its words. What is no Python, or does not
end, is said to be invalid.
"""

import ast
import collections
import enum
import json
import resource
import signal
import sys
import types

LEVELS = 12
SECONDS = 2
BYTES = 1 << 30


class TooLong(BaseException):
    """A program does not end."""


def stop(*_):
    raise TooLong


def tell(value, level=0):
    """A value with its type as JSON; what has no value of its own by the name of its type."""
    kind = type(value)
    if level > LEVELS:
        return ["deep"]
    if value is None or kind is bool:
        return value
    if kind is str:
        try:
            value.encode()
        except UnicodeEncodeError:
            return ["other", "str"]
        return ["str", value]
    if kind in (int, float):
        return [kind.__name__, repr(value)]
    if kind is bytes:
        return ["bytes", value.hex()]
    if kind in (list, tuple):
        return [kind.__name__, [tell(item, level + 1) for item in value]]
    if kind in (set, frozenset):
        return [kind.__name__, sorted((tell(item, level + 1) for item in value), key=json.dumps)]
    if kind in (dict, collections.OrderedDict):
        return ["dict", [[tell(key, level + 1), tell(item, level + 1)] for key, item in value.items()]]
    if isinstance(value, enum.Enum):
        return ["member", kind.__name__, value.name]
    if isinstance(value, type):
        return ["class", value.__name__]
    if isinstance(value, BaseException):
        return ["exception", kind.__name__]
    if kind.__module__ == "program" and not isinstance(value, (list, tuple, dict, str, int)):
        attributes = getattr(value, "__dict__", {})
        return ["instance", kind.__name__, [[name, tell(attributes[name], level + 1)] for name in sorted(attributes)]]
    return ["other", kind.__name__]


def mentioned(statement):
    """The names that stand in a statement."""
    return sorted({node.id for node in ast.walk(statement) if isinstance(node, ast.Name)})


def mark(body):
    """Lets the handlers of the statements themselves tell that they were entered, by their line and the error."""
    for statement in body:
        for handler in getattr(statement, "handlers", ()):
            told = ast.parse(f"__caught__({statement.lineno})").body
            handler.body[:0] = [ast.fix_missing_locations(ast.copy_location(told[0], handler))]


def run(text):
    caught = []
    names = {
        "__name__": "program",
        "__caught__": lambda line: caught.append([line, str(sys.exc_info()[1])]),
    }
    raised = None
    try:
        body = ast.parse(text).body
    except SyntaxError as error:
        return {"invalid": str(error)}
    mark(body)
    for statement in body:
        try:
            exec(compile(ast.Module([statement], []), "program", "exec"), names)
        except SyntaxError as error:
            return {"invalid": str(error)}
        except TooLong:
            return {"invalid": "it does not end"}
        except Exception as error:
            raised = {"class": type(error).__name__, "words": str(error), "names": mentioned(statement)}
            break
    told = {
        name: tell(value)
        for name, value in names.items()
        if not name.startswith("_") and not isinstance(value, (types.ModuleType, types.FunctionType, type))
    }
    return {"names": told, "raised": raised, "caught": caught}


resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
signal.signal(signal.SIGALRM, stop)
for line in sys.stdin:
    signal.alarm(SECONDS)
    print(json.dumps(run(json.loads(line))), flush=True)
