"""What do we tell whom? Supported promises as sentences in six languages."""

from forvent.communicate.promises import not_enough_sentences, promise_sentences, why_not_supported
from forvent.communicate.wording import calendar_days, counted, duration, percent_down, wording

__all__ = [
    "calendar_days",
    "counted",
    "duration",
    "not_enough_sentences",
    "percent_down",
    "promise_sentences",
    "why_not_supported",
    "wording",
]
