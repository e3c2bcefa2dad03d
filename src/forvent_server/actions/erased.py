"""What was erased, known by keyed hashes only, so that it stays erased when it arrives again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b

from django.conf import settings

from forvent import records
from forvent_server.store.models import Erased
from forvent_server.store.prepared import Prepared

#: A text shorter than this, of nobody known, may be said by many in the same words.
TELLING = 40
KINDS = ("customer", "voice", "content", "episode")
_ANYTHING = Prepared(lambda: Erased.objects.values_list("pk")[:1])


def digest(value: str) -> str:
    """A hash that nobody can try names against who does not hold the workspace's secret."""
    return blake2b(value.encode("utf-8", "surrogatepass"), digest_size=20, key=erased_key()).hexdigest()


def erased_key() -> bytes:
    """The key by which what was erased is known: it stays when the workspace gets another secret key."""
    if settings.ERASED_KEY:
        return bytes.fromhex(settings.ERASED_KEY)
    return _key((settings.SECRET_KEY_FALLBACKS or [settings.SECRET_KEY])[-1])


@lru_cache(maxsize=1)
def _key(secret: str) -> bytes:
    """What tells nothing of the secret key that it comes from."""
    return blake2b(secret.encode("utf-8"), digest_size=32, person=b"forvent-erased").digest()


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


def anything_erased() -> bool:
    """Whether anything at all was erased."""
    return bool(_ANYTHING.rows())


def traces(voice: records.Voice, *, key: str, content: int) -> dict[str, str]:
    """What a voice would be known by if it had been erased: a hash of each kind."""
    found = {"voice": digest(key), "content": digest(str(content))}
    if voice.customer:
        found["customer"] = customer_digest(voice.customer)
    if voice.episode:
        found["episode"] = digest(voice.episode[:200])
    return found


def erased_voices(
    voices: Sequence[records.Voice], *, keys: Mapping[str, int], content: Sequence[int]
) -> set[int]:
    """Places of the voices that were erased: by key, by words, or said before their customer was erased.

    ``keys`` gives the place of each voice that is asked about.
    """
    wanted = {place: traces(voices[place], key=key, content=content[place]) for key, place in keys.items()}
    known = _known(wanted.values())
    return {place for place, one in wanted.items() if _is_erased(one, known, when=voices[place].time)}


def erased_episodes(episodes: Sequence[records.Episode]) -> set[int]:
    """Places of the episodes that were erased, or began before their customer was erased."""
    if not anything_erased():
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
    # The kinds too: the index begins with them.
    found = Erased.objects.filter(kind__in=KINDS, digest__in=digests).values_list("kind", "digest", "at")
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
