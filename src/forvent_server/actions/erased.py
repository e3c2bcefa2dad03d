"""What was erased, known by keyed hashes only, so that it stays erased when it arrives again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2b

from django.conf import settings

from forvent import records
from forvent_server.store.models import Erased

#: A text shorter than this, of nobody known, may be said by many in the same words.
TELLING = 40


def digest(value: str) -> str:
    """A hash that nobody can try names against who does not hold the workspace's secret."""
    key = blake2b(settings.SECRET_KEY.encode("utf-8"), digest_size=32, person=b"forvent-erased").digest()
    return blake2b(value.encode("utf-8", "surrogatepass"), digest_size=20, key=key).hexdigest()


def customer_digest(value: str, *, kind: str = "id") -> str:
    """The hash of a name by which a channel knows a customer."""
    return digest(f"{kind}\x1f{value[:300]}")


def remember_erased(kind: str, digests: Iterable[str], *, now: datetime) -> None:
    """Keep hashes of what is being erased; called inside the transaction that erases."""
    Erased.objects.bulk_create(
        [Erased(kind=kind, digest=one, at=now) for one in sorted(set(digests))],
        update_conflicts=True,
        unique_fields=["kind", "digest"],
        update_fields=["at"],
    )


def erased_voices(
    voices: Sequence[records.Voice], *, keys: Sequence[str], content: Mapping[int, int]
) -> set[int]:
    """Places of the voices that were erased: by key, by words, or said before their customer was erased."""
    if not Erased.objects.exists():
        return set()
    wanted = {
        place: {
            "voice": digest(keys[place]),
            "content": digest(str(content[place])),
            "customer": customer_digest(voice.customer) if voice.customer else "",
            "episode": digest(voice.episode[:200]) if voice.episode else "",
        }
        for place, voice in enumerate(voices)
    }
    known = _known(wanted.values())
    return {place for place, one in wanted.items() if _is_erased(one, known, when=voices[place].time)}


def erased_episodes(episodes: Sequence[records.Episode]) -> set[int]:
    """Places of the episodes that were erased, or began before their customer was erased."""
    if not Erased.objects.exists():
        return set()
    wanted = {
        place: {
            "episode": digest(one.episode[:200]),
            "customer": customer_digest(one.customer) if one.customer else "",
        }
        for place, one in enumerate(episodes)
    }
    known = _known(wanted.values())
    return {place for place, one in wanted.items() if _is_erased(one, known, when=episodes[place].start)}


def _known(wanted: Iterable[Mapping[str, str]]) -> dict[tuple[str, str], datetime]:
    digests = {one for digests in wanted for one in digests.values() if one}
    found = Erased.objects.filter(digest__in=digests).values_list("kind", "digest", "at")
    return {(kind, one): at for kind, one, at in found}


def _is_erased(
    digests: Mapping[str, str], known: Mapping[tuple[str, str], datetime], *, when: datetime | None
) -> bool:
    for kind, one in digests.items():
        at = known.get((kind, one))
        if at is None:
            continue
        # A customer may come back: only what is dated later is another history. So of an order number.
        if kind != "customer" or when is None or when.replace(tzinfo=UTC) <= at:
            return True
    return False
