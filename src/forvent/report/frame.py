"""The frame of every page: one document that needs no network and no script."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from forvent.report.wording import LOCALES, Wording

# Nothing is fetched and nothing runs, whatever a customer wrote.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'none'; "
    "base-uri 'none'; form-action 'none'"
)


def framed(template: str, *, wording: Wording, **context: Any) -> str:
    """The document that a template gives, in the language of the wording.

    The frame itself asks for ``title``, ``contents`` (anchor and text of each section) and ``footer``.
    """
    return (
        _environment()
        .get_template(template)
        .render(
            **context,
            t=wording.say,
            lang=LOCALES.get(wording.language, wording.language).removesuffix("_CN").replace("_", "-"),
            direction=wording.locale.text_direction,
            policy=POLICY,
            style=_style(),
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("forvent.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@cache
def _style() -> Markup:
    """The stylesheet, which is ours and therefore not escaped."""
    file = resources.files("forvent.report").joinpath("templates/style.css")
    return Markup(file.read_text(encoding="utf-8"))  # noqa: S704
