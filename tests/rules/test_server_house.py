"""The rules of the house for the server, which the import contracts cannot see."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

SERVER = Path(__file__).parents[2] / "src/forvent_server"
#: What changes rows. A ``dict`` is updated by ``|=`` here, so that these names are never anything else.
WRITES = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "delete",
    "select_for_update",
}
#: ``@router.delete("/{pk}")`` says which method of HTTP is answered.
ROUTERS = {"router"}
LONGEST_FILE = 500
LONGEST_FUNCTION = 60

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def files(*rooms: str) -> list[Path]:
    """Source files of rooms of the server, of all rooms without a name; migrations are made by Django."""
    found = [path for room in rooms or ("",) for path in sorted((SERVER / room).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def place(path: Path, node: ast.AST) -> str:
    return f"src/forvent_server/{path.relative_to(SERVER).as_posix()}:{getattr(node, 'lineno', 1)}"


def complain(faults: list[str], what_to_do: str) -> None:
    if faults:
        pytest.fail(f"{'; '.join(faults)}. {what_to_do}", pytrace=False)


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def name_of(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def writes(call: ast.Call) -> bool:
    """Whether a call changes rows: by name, or ``.update(field=…)``, which no hash is given."""
    if not isinstance(call.func, ast.Attribute):
        return False
    if dotted(call.func.value) in ROUTERS:
        return False
    if call.func.attr == "update":
        return not call.args and bool(call.keywords)
    return call.func.attr in WRITES


def dotted(node: ast.expr) -> str:
    """``routes`` for that name; the empty text where it is no plain name."""
    return node.id if isinstance(node, ast.Name) else ""


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_pages_and_api_never_write() -> None:
    faults = [
        f"{place(path, call)} calls .{name_of(call)}()"
        for path in files("web", "api", "sources")
        for call in calls(parsed(path))
        if writes(call)
    ]
    complain(faults, "Move it into forvent_server/actions.")


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("person.save()", True),
        ("Voice.objects.filter(pk=1).update(text='')", True),
        ("Voice.objects.all().delete()", True),
        ("digest.update(b'x')", False),
        ("known.add(1)", False),
        ("save(person)", False),
    ],
)
def test_finds_a_planted_write(code: str, found: bool) -> None:
    assert any(writes(call) for call in calls(ast.parse(code))) is found


def functions(path: Path) -> list[FunctionNode]:
    return [node for node in parsed(path).body if isinstance(node, FunctionNode)]


def arguments(function: FunctionNode) -> set[str]:
    taken = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return {one.arg for one in taken}


def recording(path: Path) -> set[str]:
    """Names of the functions of a file that write into the audit, themselves or by another one of it."""
    called = {one.name: {name_of(call) for call in calls(one)} for one in functions(path)}
    found = {"record"}
    while more := {name for name, names in called.items() if names & found} - found:
        found |= more
    return found


def test_every_action_with_an_author_is_in_the_audit() -> None:
    faults = [
        f"{place(path, one)} {one.name}"
        for path in files("actions")
        for one in functions(path)
        if "who" in arguments(one) and not one.name.startswith("_") and one.name not in recording(path)
    ]
    complain(faults, "Call actions.events.record in its transaction: who, what, when.")


def test_actions_are_given_the_time() -> None:
    faults = [
        f"{place(path, call)} asks for the time"
        for path in files("actions", "store")
        for call in calls(parsed(path))
        if name_of(call) in {"now", "utcnow", "today"} and isinstance(call.func, ast.Attribute)
    ]
    complain(faults, "Take it as an argument, now=; pages and jobs have the clock.")


def test_the_server_prints_nothing() -> None:
    faults = [
        place(path, call) for path in files() for call in calls(parsed(path)) if name_of(call) == "print"
    ]
    complain(faults, "Log it, or write to sys.stderr in commands.py.")


def test_secrets_are_compared_in_the_same_time_whatever_they_are() -> None:
    faults = [
        place(path, node)
        for path in files()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Compare)
        and any(isinstance(one, ast.Eq | ast.NotEq) for one in node.ops)
        and any(secret(part) for part in (node.left, *node.comparators))
    ]
    complain(faults, "Compare by hmac.compare_digest.")


def secret(node: ast.expr) -> bool:
    """Whether an expression is named like a secret or its hash."""
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name in {"signature", "secret", "token", "password"} or name.endswith(
        ("_hash", "_secret", "_token", "_signature")
    )


def test_no_file_and_no_function_grows_into_everything() -> None:
    faults = [
        f"{place(path, tree)} has {length} lines"
        for path in files()
        if (length := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
        for tree in [parsed(path)]
    ]
    faults += [
        f"{place(path, node)} {node.name} has {lines} lines"
        for path in files()
        for node in ast.walk(parsed(path))
        if isinstance(node, FunctionNode) and (lines := lines_of(node)) > LONGEST_FUNCTION
    ]
    complain(faults, "Split it by verb.")


def lines_of(function: FunctionNode) -> int:
    """Lines from ``def`` to the end, without the docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function) is not None:
        first = function.body[0]
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def test_every_public_function_and_class_says_what_it_is() -> None:
    faults = [
        f"{place(path, node)} {node.name}"
        for path in files()
        for node in parsed(path).body
        if isinstance(node, FunctionNode | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]
    complain(faults, "Say in one line what comes of it.")
