"""Prints sizes of files and functions beside the budgets of the house; run by ``make shape``.

Look at the trend. Limits that must hold are in ``tests/rules/test_house.py``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = ROOT / "src/forvent"
TESTS = ROOT / "tests"
BRANCHES = (ast.If, ast.For, ast.While, ast.ExceptHandler, ast.match_case)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Shape:
    """What is counted of one function."""

    where: str
    lines: int
    branches: int
    arguments: int
    public: bool
    documented: bool
    annotated: bool


def main() -> None:
    """Measure and print."""
    files = sorted(LIBRARY.rglob("*.py"))
    lengths = {path.relative_to(ROOT).as_posix(): line_count(path) for path in files}
    shapes = [shape for path in files for shape in shapes_of(path)]
    code, docstrings = sum(map(code_lines, files)), sum(map(docstring_lines, files))
    tests = sum(map(code_lines, TESTS.rglob("*.py")))
    public = [shape for shape in shapes if shape.public]
    print(f"{len(files)} files, {len(shapes)} functions, {code} lines of code\n")
    print(f"{'':34}{'p50':>6}{'p95':>6}{'max':>6}   budget")
    row("file, lines", list(lengths.values()), budget="100 / 350 / 500")
    row("function, lines without docstring", [shape.lines for shape in shapes], budget="8 / 30 / 60")
    row("branches", [shape.branches for shape in shapes], budget="– / 8 / 12")
    row("arguments", [shape.arguments for shape in shapes], budget="– / 5 / 7")
    print()
    share(
        "public functions with docstring",
        sum(shape.documented for shape in public) / len(public),
        budget="100 %",
    )
    share(
        "functions with return annotation",
        sum(shape.annotated for shape in shapes) / len(shapes),
        budget="100 %",
    )
    print(f"{'docstring lines per 100 code':34}{100 * docstrings / code:6.0f}               90")
    print(f"{'test code : code':34}{tests / code:6.2f}               1.3 to 1.6")
    print("\nLargest")
    largest(sorted(lengths.items(), key=lambda entry: -entry[1]), unit="lines")
    largest(sorted(((one.where, one.lines) for one in shapes), key=lambda entry: -entry[1]), unit="lines")
    largest(
        sorted(((one.where, one.branches) for one in shapes), key=lambda entry: -entry[1]), unit="branches"
    )


def row(name: str, values: Sequence[int], *, budget: str) -> None:
    """One line of the table: median, 95 % quantile, largest."""
    middle, high = np.quantile(values, [0.5, 0.95])
    print(f"{name:34}{middle:6.0f}{high:6.0f}{max(values):6}   {budget}")


def share(name: str, value: float, *, budget: str) -> None:
    """One line with a share in percent."""
    print(f"{name:34}{100 * value:5.1f}%               {budget}")


def largest(entries: Sequence[tuple[str, int]], *, unit: str) -> None:
    """The three largest of a kind."""
    for where, size in entries[:3]:
        print(f"  {size:4} {unit:9} {where}")


def shapes_of(path: Path) -> Iterator[Shape]:
    """Every function and method of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for parent in ast.walk(tree):
        for node in ast.iter_child_nodes(parent):
            if isinstance(node, Function):
                yield Shape(
                    where=f"{path.relative_to(ROOT).as_posix()}:{node.lineno} {node.name}",
                    lines=(node.end_lineno or node.lineno) - node.lineno + 1 - docstring_size(node),
                    branches=branch_count(node),
                    arguments=argument_count(node),
                    public=isinstance(parent, ast.Module | ast.ClassDef) and not is_private(node, parent),
                    documented=ast.get_docstring(node) is not None,
                    annotated=node.returns is not None,
                )


def is_private(node: Function, parent: ast.AST) -> bool:
    """Whether a function is of no interest outside its file; what Python itself calls counts as private."""
    return node.name.startswith("_") or (isinstance(parent, ast.ClassDef) and parent.name.startswith("_"))


def branch_count(node: Function) -> int:
    """Ways through a function, as ruff's C90 counts: one, and one more at each branch, loop, handler."""
    return 1 + sum(isinstance(part, BRANCHES) for part in ast.walk(node))


def argument_count(node: Function) -> int:
    """Arguments without self and cls."""
    taken = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return len([argument for argument in taken if argument.arg not in {"self", "cls"}])


def docstring_size(node: ast.AST) -> int:
    """Lines of the docstring of a module, class or function; 0 without one."""
    if not isinstance(node, ast.Module | ast.ClassDef | Function) or ast.get_docstring(node) is None:
        return 0
    first = node.body[0]
    return (first.end_lineno or first.lineno) - first.lineno + 1


def docstring_lines(path: Path) -> int:
    """Lines of all docstrings of a file."""
    return sum(docstring_size(node) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def code_lines(path: Path) -> int:
    """Lines that are neither blank, nor a comment, nor in a docstring."""
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    blank_inside = 0
    for node in ast.walk(tree):
        if docstring_size(node):
            first: ast.stmt = node.body[0]  # type: ignore[attr-defined]
            said = lines[first.lineno - 1 : first.end_lineno]
            blank_inside += sum(not line or line.startswith("#") for line in said)
    written = sum(bool(line) and not line.startswith("#") for line in lines)
    return written - docstring_lines(path) + blank_inside


def line_count(path: Path) -> int:
    """All lines of a file."""
    return len(path.read_text(encoding="utf-8").splitlines())


if __name__ == "__main__":
    main()
