"""The journey: what is got at each stop, where it is worst and best, and how it ends."""

from forvent.assess.journey.journey import journey

__all__ = ["journey"]
