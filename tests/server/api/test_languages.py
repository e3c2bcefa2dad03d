"""Problems are told in the language that a program asks for; codes, fields and values stay."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pydantic
import pytest
from api_samples import asking
from django.test import Client

from forvent.tables import LANGUAGES
from forvent_server.actions.people import choose_language
from forvent_server.api.actions import ActionGiven
from forvent_server.api.problems import TITLES
from forvent_server.api.voices import VoicesGiven
from forvent_server.store.models import Person
from forvent_server.web.language import PAGE_TEXTS, words
from forvent_server.web.problems import in_language
from forvent_server.web.troubles import in_words, known_again

Ask = Callable[..., Any]
OTHERS = [code for code in LANGUAGES if code != "en"]
SERVER = Path(str(resources.files("forvent_server")))
RAISING = {"Problem", "problem", "NotAllowed", "Refused", "BadOption", "Conflict"}
FILES = [
    *(SERVER / "api").glob("*.py"),
    *(
        SERVER / "actions" / f"{name}.py"
        for name in ("once", "webhooks", "erasing", "customers", "segments", "sources")
    ),
    *(SERVER / "sources" / f"{name}.py" for name in ("signed", "webhook")),
]


def texts(path: Path) -> Iterator[tuple[str, str]]:
    """Detail and hint of every problem of a file, with a word in the place of each value."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in RAISING:
            asked = [
                part
                for arg in node.args
                for part in ((arg.body, arg.orelse) if isinstance(arg, ast.IfExp) else (arg,))
            ]
            sentences = [part for part in map(written, asked) if part]
            hints = [part for word in node.keywords if word.arg == "hint" for part in [written(word.value)]]
            for sentence in sentences:
                yield sentence, hints[0] if hints else ""


def written(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "«1»" for part in node.values]
        return "".join(map(str, parts))
    return ""


#: Scopes, moments and sides are words of the sentence, each with a text of its own.
SPOKEN = {
    "This key may not «1».": ("This key may not read.", "This key may not write."),
    "Episode «1» is «1» before it starts.": (
        "Episode 2 is promised before it starts.",
        "Episode 2 is delivered before it starts.",
    ),
    "The message was signed «1» s «1»; 300 s are the most.": (
        "The message was signed 400 s ago; 300 s are the most.",
        "The message was signed 400 s ahead; 300 s are the most.",
    ),
    "«1» known by '«1»'.": ("No customer is known by 'x'.", "Several customers are known by 'x'."),
    # The first value that cannot be used: told from the table of values.
    "«1»: «1».": (),
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_problem_is_in_the_catalogue(path: Path) -> None:
    told, english = words("zh"), set()
    for detail, hint in texts(path):
        english |= {one for one in SPOKEN.get(detail, (detail,)) if in_words(one, words=told) == one}
        if hint and known_again(hint, table="trouble_hints", words=told) == hint:
            english.add(hint)
    assert english == set()


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_every_text_with_the_same_fields(language: str) -> None:
    own, english = (PAGE_TEXTS.own_texts(code) for code in (language, "en"))
    assert set(own["problem_titles"]) == set(english["problem_titles"]) >= {str(one) for one in TITLES}
    for table in ("troubles", "trouble_hints", "problem_values"):
        for key, text in english[table].items():
            if key.startswith("api_") or table == "problem_values":
                fields = set(re.findall(r"\{\w+\}", own[table][key]))
                assert fields <= set(re.findall(r"\{\w+\}", text)), key
                assert own[table][key] != text or table == "trouble_hints", key


@pytest.mark.parametrize(
    ("shape", "given"),
    [
        (VoicesGiven, {"voices": [{"id": "", "text": 1, "time": "x", "mood": 1, "language": "EN"}]}),
        (VoicesGiven, {"voices": [], "mask": "perhaps", "scale": {"low": "a", "high": 1e9}}),
        (VoicesGiven, {"voices": [{"id": "1", "text": "x" * 20_001, "time": "1700-01-01T00:00:00Z"}] * 501}),
        (VoicesGiven, {"voices": 1, "scale": 7}),
        (VoicesGiven, {"voices": [{"id": "1", "segments": {str(n): n for n in range(11)}}]}),
        (VoicesGiven, {"voices": [{"id": "1", "segments": {str(n): "x" for n in range(11)}}]}),
        (ActionGiven, {"owner": 0, "target": 2, "measure": "x", "due_on": "x", "effort": 1}),
        (ActionGiven, {"owner": "x", "target": "x", "title": "x" * 301}),
    ],
)
def test_every_reason_why_a_value_cannot_be_used_is_in_the_catalogue(shape: Any, given: Any) -> None:
    with pytest.raises(pydantic.ValidationError) as wrong:
        shape.model_validate(given)
    errors = [{"what": one["msg"]} for one in wrong.value.errors()]
    problem = {"status": 422, "detail": "", "hint": "", "errors": errors}
    told = [one["what"] for one in in_language(problem, words=words("zh"))["errors"]]
    assert [one for one in told if re.match("Input|String|List|Dictionary|Value|Field|Extra", one)] == []


def test_where_and_why_are_told_and_the_place_stays(ask: Ask) -> None:
    voices = {"voices": [{"id": "1", "text": "Late.", "mood": "bad"}]}
    answer = ask("voices", voices, **{"Accept-Language": "cs"})
    assert answer["Content-Language"] == "cs"
    told = answer.json()
    assert (told["title"], told["status"]) == ("Hodnotu nelze použít", 422)
    assert told["detail"] == "body.given.voices.0.mood: Další pole nejsou dovolena."
    assert told["errors"] == [
        {
            "where": ["body", "given", "voices", "0", "mood"],
            "what": "Další pole nejsou dovolena",
            "kind": "extra_forbidden",
        }
    ]
    assert int(answer["Content-Length"]) == len(answer.content)


@pytest.mark.parametrize(
    ("asked", "detail"),
    [
        ("zh", "第1条反馈的评分9不在1至5的评分范围内。"),
        ("et-EE,en;q=0.5", "Arvamuse 1 hinnang 9 ei ole skaalal 1 kuni 5."),
        ("no", "Vurderingen 9 i kundestemme 1 er ikke på skalaen 1 til 5."),
        ("de", "Rating 9 of voice 1 is not on the scale 1 to 5."),
    ],
)
def test_the_program_chooses_the_language(ask: Ask, asked: str, detail: str) -> None:
    told = ask("voices", {"voices": [{"id": "1", "rating": 9}]}, **{"Accept-Language": asked})
    assert told.json()["detail"] == detail


def test_without_a_wish_it_is_the_language_of_the_person_whose_key_it_is(
    secret: str, owner: Person, now: Any
) -> None:
    choose_language(owner, language="hy", now=now)
    answer = asking(secret)("voices/99")
    assert (answer["Content-Language"], answer.json()["detail"]) == ("hy", "Այդպիսի տող չկա։")


@pytest.mark.django_db
def test_who_has_no_key_is_told_in_the_language_asked_for_too() -> None:
    answer = Client().get("/api/v1/voices", headers={"Accept-Language": "nb"})
    assert answer.json()["title"] == "Ingen gyldig nøkkel"
    assert answer.json()["hint"].startswith("Send «Authorization: Bearer fv_…»")


def test_an_error_with_a_code_of_its_own_is_told_as_on_pages() -> None:
    problem = {"title": "x", "status": 422, "detail": "x", "hint": "y", "code": "action-closed"}
    told = in_language(problem, words=words("cs"))
    assert told["detail"] == words("cs").texts["told"]["action-closed"]
    assert (told["code"], told["hint"]) == ("action-closed", "")
