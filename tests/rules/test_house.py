"""The rules of the house that the import contracts cannot see; ARCHITECTURE.md lists them."""

from __future__ import annotations

import ast
import importlib
import inspect
import itertools
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

LIBRARY = Path(__file__).parents[2] / "src/forvent"
#: The one file that may look at the clock and write to the terminal.
COMMAND_LINE = "cli.py"
STEPS = ("reading", "identify", "assess", "adjust", "communicate", "feedback", "report", "simulate")
ROOMS = ("", "language", "stats", *STEPS)

LONGEST_FILE = 500
LONGEST_FUNCTION = 60
MOST_ARGUMENTS = 7
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "misc", "common", "base", "manager", "service", "core"}
CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
}
CHANCE = {"random", "secrets"}
CHANCE_CALLS = {"os.urandom", "uuid.uuid1", "uuid.uuid4", "uuid1", "uuid4"}
SEEDED = {"default_rng", "Generator", "SeedSequence", "BitGenerator", "PCG64"}
#: What makes an engine run; in a step only the engine's table is known, never its rows.
RUNS_A_QUERY = {"collect", "collect_all", "execute", "fetchall", "fetch_arrow_table"}

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def files() -> list[Path]:
    """Every source file of the library."""
    return sorted(LIBRARY.rglob("*.py"))


def quiet_files() -> list[Path]:
    """Every source file but the command line."""
    return [path for path in files() if path != LIBRARY / COMMAND_LINE]


def step_files() -> list[Path]:
    """Every source file of a step."""
    return [path for step in STEPS for path in sorted((LIBRARY / step).rglob("*.py"))]


@cache
def tree(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Everything of a parsed file; several rules look through it."""
    return tuple(ast.walk(tree(path)))


def place(path: Path, node: ast.AST) -> str:
    """Where a fault is, as an editor opens it."""
    return f"src/forvent/{path.relative_to(LIBRARY).as_posix()}:{getattr(node, 'lineno', 1)}"


def dotted(node: ast.expr) -> str:
    """``np.random.rand`` for that expression; the empty text where it is no plain name."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}" if dotted(node.value) else ""
    return node.id if isinstance(node, ast.Name) else ""


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """Every call of a file with the name it is called by."""
    for node in nodes(path):
        if isinstance(node, ast.Call):
            yield node, dotted(node.func)


def imported(path: Path) -> Iterator[tuple[ast.stmt, str]]:
    """Every module that a file imports, anywhere in it."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node, node.module


def functions(path: Path) -> Iterator[FunctionNode]:
    """Every function and method of a file."""
    for node in nodes(path):
        if isinstance(node, FunctionNode):
            yield node


def complain(faults: list[str], what_to_do: str) -> None:
    """Fail with one readable line: where, and what to do."""
    if faults:
        pytest.fail(f"{'; '.join(faults)}. {what_to_do}", pytrace=False)


def test_only_the_command_line_prints() -> None:
    faults = [place(path, call) for path in quiet_files() for call, name in calls(path) if name == "print"]
    complain(faults, "Return the text and print it in cli.py.")


def test_the_library_reads_no_clock() -> None:
    faults = [
        f"{place(path, call)} calls {name}"
        for path in quiet_files()
        for call, name in calls(path)
        if reads_a_clock(name)
    ]
    complain(faults, "Take the time as an argument, now=.")


def reads_a_clock(name: str) -> bool:
    """Whether a call by this name asks what time it is."""
    return any(f".{name}".endswith(f".{clock}") for clock in CLOCKS)


def test_the_library_draws_no_unseeded_number() -> None:
    faults = [
        f"{place(path, call)} calls {name or 'it'}"
        for path in quiet_files()
        for call, name in calls(path)
        if unseeded(call, name)
    ]
    faults += [
        f"{place(path, node)} imports {module}"
        for path in quiet_files()
        for node, module in imported(path)
        if module.split(".")[0] in CHANCE
    ]
    complain(faults, "Take a numpy Generator as an argument, rng=, or a seed.")


def unseeded(call: ast.Call, name: str) -> bool:
    """Whether a call draws a number that nobody can repeat; ``hash`` of a text changes from run to run."""
    last = name.rpartition(".")[2]
    if last == "default_rng":
        return not call.args and not call.keywords
    if ".random." in f".{name}" and name.startswith(("np.", "numpy.")):
        return last not in SEEDED
    return name in CHANCE_CALLS or name == "hash"


def test_the_library_logs_nothing() -> None:
    faults = [
        f"{place(path, node)} imports {module}"
        for path in files()
        for node, module in imported(path)
        if module.split(".")[0] in {"logging", "warnings", "syslog"}
    ]
    complain(faults, "A log would hold customers' words: raise a ForventError or return a note in a record.")


def test_a_step_runs_no_query() -> None:
    faults = [
        f"{place(path, node)} calls .{node.func.attr}()"
        for path in step_files()
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in RUNS_A_QUERY
    ]
    complain(faults, "Return the lazy table; loop.py collects it through engine.py.")


def test_every_module_is_named_by_what_it_holds() -> None:
    faults = [
        place(path, tree(path))
        for path in files()
        for part in path.relative_to(LIBRARY).with_suffix("").parts
        if part in SAYS_NOTHING or part.startswith("new_") or part.endswith("_v2")
    ]
    complain(faults, "Name the module by one of the words of ARCHITECTURE.md.")


def test_no_file_grows_into_everything() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files()}
    faults = [
        f"{place(path, tree(path))} has {length} lines"
        for path, length in lengths.items()
        if length > LONGEST_FILE
    ]
    complain(faults, f"Split it by verb; {LONGEST_FILE} lines are the most.")


def test_no_function_grows_beyond_a_page() -> None:
    faults = [
        f"{place(path, function)} {function.name} has {lines_of(function)} lines"
        for path in files()
        for function in functions(path)
        if lines_of(function) > LONGEST_FUNCTION
    ]
    complain(faults, f"Take a part out; {LONGEST_FUNCTION} lines without docstring are the most.")


def lines_of(function: FunctionNode) -> int:
    """Lines from ``def`` to the end, without the docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def test_no_function_takes_more_than_seven_arguments() -> None:
    faults = [
        f"{place(path, function)} {function.name} takes {arguments_of(function)}"
        for path in files()
        for function in functions(path)
        if arguments_of(function) > MOST_ARGUMENTS
    ]
    complain(faults, "Put arguments that travel together into a record.")


def arguments_of(function: FunctionNode) -> int:
    """Number of arguments, without self and cls."""
    taken = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return len([argument for argument in taken if argument.arg not in {"self", "cls"}])


def test_an_import_inside_a_function_says_why() -> None:
    faults = [
        place(path, node)
        for path in files()
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and not commented(path, node)
    ]
    complain(faults, "Import at the top, or write a comment above that says why not.")


def commented(path: Path, node: ast.stmt) -> bool:
    """Whether the line above a statement is a comment."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return lines[node.lineno - 2].strip().startswith("#")


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_name_has_a_docstring(room: str) -> None:
    faults = [
        f"{name} in {where}"
        for name, thing, where in public(room)
        if (inspect.isclass(thing) or inspect.isfunction(thing)) and not inspect.getdoc(thing)
    ]
    complain(faults, "Say the result in the first line of a docstring.")


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_function_has_a_source_and_an_example(room: str) -> None:
    faults = [
        f"{name} in {where} lacks {missing}"
        for name, thing, where in public(room)
        if inspect.isfunction(thing) and (missing := lacking(thing.__doc__ or ""))
    ]
    complain(faults, "Add the section to its docstring, after the template in CONTRIBUTING.md.")


def lacking(docstring: str) -> str:
    """Names of the sections that a docstring of a public function needs and has not exactly once."""
    lines = [line.strip() for line in docstring.splitlines()]
    headed = [line for line, below in itertools.pairwise(lines) if below == "-" * len(line) != ""]
    missing = [section for section in ("Source", "Examples") if headed.count(section) != 1]
    return " and ".join(f"one section '{section}'" for section in missing)


def public(room: str) -> Iterator[tuple[str, object, str]]:
    """Every name that a room offers, with the thing and the file it comes from."""
    module = importlib.import_module(f"forvent.{room}" if room else "forvent")
    for name in module.__all__:
        thing = getattr(module, name)
        source = getattr(thing, "__module__", module.__name__)
        yield name, thing, f"src/{str(source).replace('.', '/')}.py"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("np.random.default_rng()", True),
        ("np.random.default_rng(7)", False),
        ("np.random.normal(size=3)", True),
        ("np.random.Generator(bits)", False),
        ("uuid.uuid4()", True),
        ("hash(text)", True),
        ("rng.normal(size=3)", False),
    ],
)
def test_finds_a_planted_unseeded_number(code: str, found: bool) -> None:
    call = ast.parse(code, mode="eval").body
    assert isinstance(call, ast.Call)
    assert unseeded(call, dotted(call.func)) is found


def test_finds_a_planted_clock_and_a_missing_section() -> None:
    assert reads_a_clock("datetime.datetime.now")
    assert reads_a_clock("time.time")
    assert not reads_a_clock("timedelta")
    assert lacking("Result.\n\nSource\n------\nA paper.") == "one section 'Examples'"
    assert lacking("Result.\n\nSource\n------\nA paper.\n\nExamples\n--------\n>>> 1\n1") == ""
