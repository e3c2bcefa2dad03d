"""forvent: know what customers expect, promise what can be kept, check that it worked.

``fv.loop("voices.csv", episodes="orders.csv", now=datetime(2026, 11, 21))`` is the whole of it;
times are UTC without time zone mark.
"""

from forvent.errors import ForventError
from forvent.identify import catalogue, identify
from forvent.language import available_encoders, get_encoder
from forvent.loop import Options
from forvent.loop import run_loop as loop
from forvent.reading import read_episodes, read_voices
from forvent.records import Episode, Estimate, Findings, IdentifiedVoice, Mention, NotEnough, Promise, Voice
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
