"""The templates: those of the pages, over those of reports, so that both draw the same sections."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined

from forvent_server.web.menu import MENU, is_here

TEMPLATES = Path(__file__).parent / "templates"


def environment(**options: Any) -> Environment:
    """What Django renders with; an unknown name in a template is an error, not an empty place."""
    made = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=bool(options.get("auto_reload")),
        loader=ChoiceLoader([FileSystemLoader(TEMPLATES), PackageLoader("forvent.report")]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["MENU"] = MENU
    made.globals["is_here"] = is_here
    made.globals["href"] = href
    return made


def href(anchor: str) -> str:
    """Where a gap of the report has a page of its own."""
    return f"/expectations/{anchor.removeprefix('gap-')}/"
