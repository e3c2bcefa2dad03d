"""The documents are true: links lead somewhere, commands are understood, nothing that exists is left out."""

from __future__ import annotations

import argparse
import importlib
import inspect
import pkgutil
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import forvent
import forvent_server
from forvent import errors
from forvent.cli import _parser

ROOT = Path(__file__).parents[2]
DECISIONS = ROOT / "docs/decisions"
FORMULAS = ROOT / "docs/formulas.md"
#: Made by tools or by runs, or no part of the project.
NOT_OURS = {".venv", ".git", ".hypothesis", ".pytest_cache", "demo", "build", "dist", "node_modules"}
ROOMS = ("stats", "identify", "assess", "adjust", "communicate", "feedback", "language", "reading", "report")
#: Rooms that compute: each public function of theirs stands among the formulas.
COMPUTING = ("stats", "assess", "adjust", "communicate", "feedback")
SOURCES = ("*.py", "*.toml", "*.tsv", "*.html", "*.css", "*.md", "Makefile")

FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
ANCHOR = re.compile(r"\{#([\w-]+)\}\s*$")
HEADING = re.compile(r"^#{1,6} +(.+?)\s*$", re.MULTILINE)
NAMED_DOCUMENT = re.compile(r"\bdocs/[\w./-]+\.md(?:#[\w-]+)?")
NAMED_DECISION = re.compile(r"\bdecision (\d{4})\b")
MACHINE_PATH = re.compile(r"(?<![\w.~/-])/(?:work|home|root|Users|mnt)/\w")


def ours(*patterns: str) -> list[Path]:
    """Files of the project, in order."""
    found = {path for pattern in patterns for path in ROOT.rglob(pattern) if path.is_file()}
    return sorted(path for path in found if not NOT_OURS & set(path.relative_to(ROOT).parts))


MARKDOWN = ours("*.md")


def called(path: Path) -> str:
    """The file as a person looks for it."""
    return path.relative_to(ROOT).as_posix()


@cache
def text_of(path: Path) -> str:
    """What stands in a file."""
    return path.read_text(encoding="utf-8")


def prose(path: Path) -> str:
    """A document without its blocks of code."""
    return FENCE.sub("", text_of(path))


def blocks(path: Path, language: str) -> list[str]:
    """Blocks of code of a document, by the language they name (none for commands)."""
    return [match[2] for match in FENCE.finditer(text_of(path)) if match[1] == language]


@cache
def anchors(path: Path) -> frozenset[str]:
    """Anchors of a document: those it names, and those a reader of Markdown makes of its headings."""
    found = set()
    for heading in HEADING.findall(prose(path)):
        named = ANCHOR.search(heading)
        plain = re.sub(r"[^\w\- ]", "", ANCHOR.sub("", heading).strip().lower())
        found.add(named[1] if named else plain.replace(" ", "-"))
    return frozenset(found)


def complain(faults: list[str], what_to_do: str) -> None:
    """Fail with one readable line: where, and what to do."""
    if faults:
        pytest.fail(f"{'; '.join(sorted(set(faults)))}. {what_to_do}", pytrace=False)


def leads_nowhere(target: Path, anchor: str) -> bool:
    """Whether a file, or an anchor in a document, does not exist."""
    if not target.exists():
        return True
    return bool(anchor) and target.suffix == ".md" and anchor not in anchors(target)


# --------------------------------------------------------------------------------- links


@pytest.mark.parametrize("path", MARKDOWN, ids=called)
def test_every_link_leads_somewhere(path: Path) -> None:
    faults = []
    for link in LINK.findall(prose(path)):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if leads_nowhere(target, anchor):
            faults.append(f"{called(path)} links to {link}")
    complain(faults, "Mend the link, or write what it should lead to.")


def test_every_document_that_is_named_exists() -> None:
    faults = []
    for path in ours(*SOURCES):
        for named in NAMED_DOCUMENT.findall(text_of(path)):
            file, _, anchor = named.partition("#")
            if leads_nowhere(ROOT / file, anchor):
                faults.append(f"{called(path)} names {named}")
    complain(faults, "Correct the name, or add the document or the heading with {#anchor}.")


def test_every_document_can_be_found_from_the_index() -> None:
    index = ROOT / "docs/README.md"
    linked = {(index.parent / link.partition("#")[0]).resolve() for link in LINK.findall(prose(index))}
    faults = [called(path) for path in ours("*.md") if path.parent.parts[len(ROOT.parts) :][:1] == ("docs",)]
    faults = [name for name in faults if (ROOT / name) not in linked and ROOT / name != index]
    complain(faults, "Link it in docs/README.md.")


def test_no_anchor_is_given_twice_in_a_document() -> None:
    faults = []
    for path in MARKDOWN:
        named = [match[1] for heading in HEADING.findall(prose(path)) if (match := ANCHOR.search(heading))]
        faults += [f"{called(path)}#{anchor}" for anchor in named if named.count(anchor) > 1]
    complain(faults, "Give each heading an anchor of its own.")


def test_no_file_holds_a_path_of_one_machine() -> None:
    faults = [called(path) for path in ours(*SOURCES, "run") if MACHINE_PATH.search(text_of(path))]
    complain(faults, "Write the path relative to the project.")


# ----------------------------------------------------------------------------- decisions


def decisions() -> list[Path]:
    """Decision records in their order."""
    return sorted(DECISIONS.glob("*.md"))


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:4]) for path in decisions()] == list(range(1, len(decisions()) + 1))


@pytest.mark.parametrize("path", decisions(), ids=called)
def test_a_decision_has_its_three_parts_on_one_page(path: Path) -> None:
    headings = HEADING.findall(prose(path))
    assert headings[0].startswith(f"{path.name[:4]} · ")
    assert headings[1:] == ["Context", "Decision", "Consequences"]
    assert len(text_of(path).splitlines()) <= 60


def test_every_decision_that_is_named_was_taken() -> None:
    taken = {path.name[:4] for path in decisions()}
    faults = [
        f"{called(path)} names decision {number}"
        for path in ours(*SOURCES)
        for number in NAMED_DECISION.findall(text_of(path))
        if number not in taken and path != Path(__file__)
    ]
    complain(faults, "Write the record in docs/decisions, or correct the number.")


# -------------------------------------------------------------------------------- errors


def kinds_of(kind: type[errors.ForventError]) -> Iterator[type[errors.ForventError]]:
    """All errors below one."""
    for child in kind.__subclasses__():
        yield child
        yield from kinds_of(child)


def test_every_error_is_documented_with_its_code_and_class() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| `(\w+)` \|", text_of(ROOT / "docs/errors.md"), re.MULTILINE)
    for module in pkgutil.walk_packages(forvent_server.__path__, "forvent_server."):
        if module.name != "forvent_server.wsgi":
            importlib.import_module(module.name)
    real = {
        (kind.code, kind.__name__)
        for kind in (errors.ForventError, *kinds_of(errors.ForventError))
        if kind.__module__.startswith(("forvent.", "forvent_server."))
    }
    assert len(rows) == len(set(rows))
    complain([f"{code} ({name})" for code, name in real - set(rows)], "Give it a row in docs/errors.md.")
    complain(
        [f"{code} ({name})" for code, name in set(rows) - real], "docs/errors.md: there is no such error."
    )


# ------------------------------------------------------------------------------ formulas


def public_functions(room: str) -> Iterator[tuple[str, str]]:
    """Public functions of a room, as the index names them, with their docstring."""
    module = importlib.import_module(f"forvent.{room}")
    for name in module.__all__:
        thing = getattr(module, name)
        if inspect.isfunction(thing):
            yield f"{room}.{name}", inspect.getdoc(thing) or ""


def test_every_public_function_with_a_formula_stands_in_the_index() -> None:
    index = text_of(FORMULAS)
    faults = [
        f"forvent.{name}"
        for room in ROOMS
        for name, docstring in public_functions(room)
        if room in COMPUTING or "docs/formulas" in docstring.partition("Source\n------")[2]
        if f"`{name}`" not in index
    ]
    complain(faults, "Give it a row in docs/formulas.md and a section in docs/formulas.")


def test_every_function_in_the_index_exists() -> None:
    faults = [name for name in named_in_the_index(2) if not exists(f"forvent.{name}")]
    complain(faults, "docs/formulas.md names a function that is not there.")


def test_every_test_in_the_index_exists() -> None:
    faults = [name for name in named_in_the_index(3) if not (ROOT / "tests" / name).is_file()]
    complain(faults, "docs/formulas.md names a test that is not there.")


def test_every_test_named_with_a_formula_exists() -> None:
    known = {path.name for path in ours("test_*.py")}
    faults = [
        f"{called(path)} names {name}"
        for path in [FORMULAS, *ours("*.md")]
        if path.parent == ROOT / "docs/formulas"
        for name in re.findall(r"\btest_\w+\.py\b", text_of(path))
        if name not in known
    ]
    complain(faults, "Correct the name of the test.")


def test_every_section_of_formulas_is_in_the_index() -> None:
    index = text_of(FORMULAS)
    faults = [
        f"formulas/{path.name}#{anchor}"
        for path in ours("*.md")
        if path.parent == ROOT / "docs/formulas"
        for anchor in sorted(anchors(path))
        if f"{{#{anchor}}}" in text_of(path) and f"formulas/{path.name}#{anchor})" not in index
    ]
    complain(faults, "Give it a row in docs/formulas.md.")


def named_in_the_index(column: int) -> list[str]:
    """Names in backticks in one column of the index of formulas."""
    table = text_of(FORMULAS).split("\n## ")[0].replace(r"\|", "")
    rows = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("| [")]
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row[column])]


def exists(dotted: str) -> bool:
    """Whether a dotted name can be imported."""
    module, _, name = dotted.rpartition(".")
    try:
        return hasattr(importlib.import_module(module), name)
    except ModuleNotFoundError:
        return False


# ------------------------------------------------------------------------------ commands


def commands() -> list[tuple[str, str]]:
    """Every command line of forvent that a document shows, with the document."""
    return [
        (called(path), line.partition(" #")[0].strip())
        for path in MARKDOWN
        for language in ("", "sh", "bash", "console")
        for block in blocks(path, language)
        for line in block.replace("\\\n", " ").splitlines()
        if re.match(r"(\.venv/bin/)?forvent [a-z]", line)
    ]


@pytest.mark.parametrize(("document", "line"), commands())
def test_every_command_in_a_document_is_understood(
    document: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        understood = _parser().parse_args(shlex.split(line)[1:])
    except SystemExit:
        pytest.fail(f"{document}: '{line}': {capsys.readouterr().err.strip()}", pytrace=False)
    assert isinstance(understood, argparse.Namespace)


def test_every_target_of_make_in_a_document_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    faults = [
        f"{called(path)} names make {target}"
        for path in MARKDOWN
        for code in [*blocks(path, ""), *re.findall(r"`([^`\n]+)`", prose(path))]
        for target in re.findall(r"(?:^|\n)make ([a-z-]+)", code)
        if target not in targets
    ]
    complain(faults, "Correct the document or add the target to the Makefile.")


@pytest.mark.parametrize("path", [path for path in MARKDOWN if blocks(path, "python")], ids=called)
def test_python_in_a_document_compiles(path: Path) -> None:
    for number, block in enumerate(blocks(path, "python"), start=1):
        compile(block, f"{called(path)}, block {number}", "exec")


def test_python_in_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("reviews.csv").write_text(
        "id,comment,stars,order\n1,The parcel came four days late.,1,A1\n2,Milá obsluha!,5,A2\n",
        encoding="utf-8",
    )
    Path("orders.csv").write_text(
        "order,ordered,promised,delivered,region\n"
        "A1,2026-02-20,2026-02-24,2026-02-28,Coast\nA2,2026-02-21,2026-02-25,2026-02-24,City\n",
        encoding="utf-8",
    )
    answers = [f"{1 + n % 5},{1 + n // 5 % 5},{1 + (n + n // 5) % 5}" for n in range(100)]
    Path("survey.csv").write_text("\n".join(["staff,speed,satisfaction", *answers]) + "\n", encoding="utf-8")
    for block in blocks(ROOT / "README.md", "python"):
        exec(compile(block, "README.md", "exec"), {})  # noqa: S102
    assert Path("report.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_changelog_has_the_version_with_its_three_parts() -> None:
    latest = text_of(ROOT / "CHANGELOG.md").split("\n## ")[1]
    assert latest.startswith(f"{forvent.__version__} · ")
    assert re.findall(r"^### (.+)$", latest, re.MULTILINE) == ["Improvements", "Fixes", "Numbers change"]


def test_every_dependency_has_its_reason() -> None:
    declared = re.search(
        r"^dependencies = \[(.*?)^\]", text_of(ROOT / "pyproject.toml"), re.DOTALL | re.MULTILINE
    )
    assert declared is not None
    names = re.findall(r'^\s*"([a-z0-9-]+)', declared[1], re.MULTILINE)
    reasons = text_of(DECISIONS / "0008-dependencies.md")
    complain(
        [name for name in names if name not in reasons], "Say why in docs/decisions/0008-dependencies.md."
    )
