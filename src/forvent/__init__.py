"""forvent: know what customers expect, promise what can be kept, check that it worked.

``fv.loop("voices.csv", episodes="orders.csv", now=datetime(2026, 11, 21))`` is the whole of it;
times are UTC without time zone mark. What single questions need is loaded when it is first asked for.
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
    from forvent.reading.purchases import PurchaseColumns
    from forvent.reading.survey_columns import SurveyChoices
    from forvent.report import findings_json, page, summary
    from forvent.report.drivers_json import drivers_json
    from forvent.report.kano_json import kano_json
    from forvent.report.loyalty_json import loyalty_json
    from forvent.report.plan_json import plan_json
    from forvent.report.prediction_json import prediction_json
    from forvent.report.scores_json import scores_json
    from forvent.report.surveyed_json import surveyed_json as gap_json
    from forvent.runs.drivers import DriverOptions
    from forvent.runs.drivers import find_drivers as drivers
    from forvent.runs.expecting import personas
    from forvent.runs.kano import KanoOptions
    from forvent.runs.kano import kano_kinds as kano
    from forvent.runs.loyalty import LoyaltyOptions
    from forvent.runs.loyalty import loyalty_of as loyalty
    from forvent.runs.plan_folder import PlanFolder
    from forvent.runs.predicting import PredictOptions
    from forvent.runs.predicting import disappointment_of as disappointment
    from forvent.runs.predicting import leaving_of as leaving
    from forvent.runs.recommending import recommend
    from forvent.runs.scoring import ScoreOptions
    from forvent.runs.scoring import score_file as scores
    from forvent.runs.surveyed import SurveyOptions
    from forvent.runs.surveyed import surveyed_gaps as gap
    from forvent.simulate import sample_business, write_sample

__version__ = "0.1.0"

__all__ = [
    "DriverOptions",
    "Episode",
    "Estimate",
    "Findings",
    "ForventError",
    "IdentifiedVoice",
    "KanoOptions",
    "LoyaltyOptions",
    "Mention",
    "NotEnough",
    "Options",
    "PlanFolder",
    "PredictOptions",
    "Promise",
    "PurchaseColumns",
    "ScoreOptions",
    "SurveyChoices",
    "SurveyOptions",
    "Voice",
    "available_encoders",
    "catalogue",
    "disappointment",
    "drivers",
    "drivers_json",
    "findings_json",
    "gap",
    "gap_json",
    "get_encoder",
    "identify",
    "kano",
    "kano_json",
    "leaving",
    "loop",
    "loyalty",
    "loyalty_json",
    "page",
    "personas",
    "plan_json",
    "prediction_json",
    "read_episodes",
    "read_voices",
    "recommend",
    "sample_business",
    "scores",
    "scores_json",
    "summary",
    "write_sample",
]

#: Where a name is found when it is first asked for: what joins the steps, and SciPy, take longer to load
#: than all that many a command needs.
_LATER = {
    "DriverOptions": ("forvent.runs.drivers", "DriverOptions"),
    "KanoOptions": ("forvent.runs.kano", "KanoOptions"),
    "LoyaltyOptions": ("forvent.runs.loyalty", "LoyaltyOptions"),
    "Options": ("forvent.loop", "Options"),
    "PlanFolder": ("forvent.runs.plan_folder", "PlanFolder"),
    "PredictOptions": ("forvent.runs.predicting", "PredictOptions"),
    "PurchaseColumns": ("forvent.reading.purchases", "PurchaseColumns"),
    "ScoreOptions": ("forvent.runs.scoring", "ScoreOptions"),
    "SurveyChoices": ("forvent.reading.survey_columns", "SurveyChoices"),
    "SurveyOptions": ("forvent.runs.surveyed", "SurveyOptions"),
    "disappointment": ("forvent.runs.predicting", "disappointment_of"),
    "drivers": ("forvent.runs.drivers", "find_drivers"),
    "drivers_json": ("forvent.report.drivers_json", "drivers_json"),
    "findings_json": ("forvent.report", "findings_json"),
    "gap": ("forvent.runs.surveyed", "surveyed_gaps"),
    "gap_json": ("forvent.report.surveyed_json", "surveyed_json"),
    "kano": ("forvent.runs.kano", "kano_kinds"),
    "kano_json": ("forvent.report.kano_json", "kano_json"),
    "leaving": ("forvent.runs.predicting", "leaving_of"),
    "loop": ("forvent.loop", "run_loop"),
    "loyalty": ("forvent.runs.loyalty", "loyalty_of"),
    "loyalty_json": ("forvent.report.loyalty_json", "loyalty_json"),
    "page": ("forvent.report", "page"),
    "personas": ("forvent.runs.expecting", "personas"),
    "plan_json": ("forvent.report.plan_json", "plan_json"),
    "prediction_json": ("forvent.report.prediction_json", "prediction_json"),
    "recommend": ("forvent.runs.recommending", "recommend"),
    "sample_business": ("forvent.simulate", "sample_business"),
    "scores": ("forvent.runs.scoring", "score_file"),
    "scores_json": ("forvent.report.scores_json", "scores_json"),
    "summary": ("forvent.report", "summary"),
    "write_sample": ("forvent.simulate", "write_sample"),
}


class _Public(ModuleType):
    """This module: a public name stays what it is when the file of the same name is loaded."""

    def __setattr__(self, name: str, value: object) -> None:
        if name not in __all__ or not isinstance(value, ModuleType):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Public


def __getattr__(name: str) -> Any:
    """A public name that was not asked for before."""
    if name not in _LATER:
        raise AttributeError(f"module 'forvent' has no attribute '{name}'")
    room, word = _LATER[name]
    found = globals()[name] = getattr(import_module(room), word)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
