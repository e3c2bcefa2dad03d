"""forvent: know what customers expect, promise what can be kept, check that it worked.

``fv.loop("voices.csv", episodes="orders.csv", now=datetime(2026, 11, 21))`` is the whole of it;
times are UTC without time zone mark.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from forvent.errors import ForventError
from forvent.identify import catalogue, identify
from forvent.language import available_encoders, get_encoder
from forvent.reading import read_episodes, read_voices
from forvent.records import Episode, Estimate, Findings, IdentifiedVoice, Mention, NotEnough, Promise, Voice

if TYPE_CHECKING:
    from forvent.loop import Options
    from forvent.loop import run_loop as loop
    from forvent.report import findings_json, page, summary
    from forvent.runs.expecting import personas
    from forvent.runs.recommending import recommend
    from forvent.simulate import sample_business, write_sample

__version__ = "0.1.0"

__all__ = [
    "Episode",
    "Estimate",
    "Findings",
    "ForventError",
    "IdentifiedVoice",
    "Mention",
    "NotEnough",
    "Options",
    "Promise",
    "Voice",
    "available_encoders",
    "catalogue",
    "findings_json",
    "get_encoder",
    "identify",
    "loop",
    "page",
    "personas",
    "read_episodes",
    "read_voices",
    "recommend",
    "sample_business",
    "summary",
    "write_sample",
]

# What joins the steps takes longer to load than many a command takes: it is loaded when it is asked for.
_LATER = {
    "Options": ("forvent.loop", "Options"),
    "loop": ("forvent.loop", "run_loop"),
    "findings_json": ("forvent.report", "findings_json"),
    "page": ("forvent.report", "page"),
    "summary": ("forvent.report", "summary"),
    "personas": ("forvent.runs.expecting", "personas"),
    "recommend": ("forvent.runs.recommending", "recommend"),
    "sample_business": ("forvent.simulate", "sample_business"),
    "write_sample": ("forvent.simulate", "write_sample"),
}


class _Public(ModuleType):
    """This module: a public name stays what it is when the file of the same name is loaded."""

    def __setattr__(self, name: str, value: object) -> None:
        if name not in __all__ or not isinstance(value, ModuleType):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Public


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'forvent' has no attribute '{name}'")
    home, there = _LATER[name]
    globals()[name] = getattr(import_module(home), there)
    return globals()[name]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
