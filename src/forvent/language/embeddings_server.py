"""Vectors from a server that speaks the embeddings interface of OpenAI, as many do."""

from __future__ import annotations

import http.client
import json
import os
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import SplitResult, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

import numpy as np
from numpy.typing import NDArray

from forvent.errors import BadOption, EncoderUnavailable
from forvent.language.encodable import encodable

Vectors = NDArray[np.float32]

#: The environment variable that holds the key, where the server wants one. Not that of another program: a key
#: is only sent where its owner meant it to go.
KEY = "FORVENT_EMBEDDINGS_KEY"
#: Texts a request, seconds until a request is given up, and the largest answer that is read.
BATCH, PATIENCE_S, LARGEST = 64, 60.0, 200_000_000
#: Tried again after these seconds; a server that names a time is believed up to the last of them.
PAUSES_S = (1.0, 2.0, 4.0, 8.0, 16.0)
LONGEST_PAUSE_S = 60.0
#: Vectors are rounded: a server's last digits hang on what else it had to do.
DECIMALS = 5
_AGAIN = {408, 425, 429}
#: Asked first, to learn the size.
PROBE = "forvent"
_ANSWERS = {
    401: f"It wants a key: put it into the environment variable {KEY}.",
    403: f"It does not let this key in: look at the environment variable {KEY}.",
    404: "Look at the address (often it ends in /v1) and at the name of the model.",
    413: "The texts are too long for this server.",
    429: "Wait a while, or ask for a higher limit.",
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is, and what its model is called: ``https://host/v1#model``."""

    url: str
    model: str
    host: str

    @classmethod
    def of(cls, text: str) -> Address:
        """The address that a person wrote."""
        parts, model = _split(text), text.partition("#")[2].strip()
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise BadOption(f"'{_safe(text)}' is no address of a server.", hint=_FORM)
        if parts.username is not None or parts.password is not None or parts.query:
            # Names come into reports and files: they must never carry a secret.
            raise BadOption(
                "The address of an embeddings server carries a name, a password or a '?'.",
                hint=f"Leave it out; a key belongs into the environment variable {KEY}.",
            )
        if not model or not model.isprintable():
            raise BadOption(f"'{_safe(text)}' names no model.", hint=_FORM)
        path = parts.path.rstrip("/").removesuffix("/embeddings")
        return cls(f"{parts.scheme}://{parts.netloc}{path}", model, parts.hostname)

    @property
    def on_this_computer(self) -> bool:
        """Whether what is sent there stays on this computer."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def encrypted(self) -> bool:
        """Whether nobody on the way can read what is sent."""
        return self.url.startswith("https:")


_FORM = "Write it as openai:https://HOST/v1#MODEL."


class ServerEncoder:
    """Vectors of an embeddings server: **each text that is encoded goes to it**.

    Parameters
    ----------
    address
        Such as ``http://localhost:8000/v1#my-model``; the key comes from the environment variable
        ``FORVENT_EMBEDDINGS_KEY`` and goes nowhere but to this address.
    pause
        Called with seconds between two tries.

    Source
    ------
    OpenAI, "API reference: embeddings"; vLLM, Ollama, llama.cpp and others speak it too.
    """

    def __init__(self, address: str, *, pause: Callable[[float], None] = time.sleep) -> None:
        self._address = Address.of(address)
        self._pause = pause
        self._opener = _opener(self._address)
        self._headers = {"Content-Type": "application/json", "Accept": "application/json", **_key()}
        self.name = f"openai:{self._address.url}#{self._address.model}"
        self.size = 0
        self.size = self.encode([PROBE]).shape[1]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of the texts, shape (len(texts), size)."""
        rows: list[Vectors] = []
        for first in range(0, len(texts), BATCH):
            batch = [encodable(text) for text in texts[first : first + BATCH]]
            found = self._checked(self._answer(batch), many=len(batch))
            rows.append(unit(found, of=f"The embeddings server {self._address.url}"))
            self.size = self.size or found.shape[1]
        return np.concatenate(rows) if rows else np.empty((0, self.size), dtype=np.float32)

    def _answer(self, texts: list[str]) -> bytes:
        body = json.dumps({"model": self._address.model, "input": texts}).encode("ascii")
        # Address.of lets http and https pass only.
        request = Request(f"{self._address.url}/embeddings", data=body, headers=self._headers)  # noqa: S310
        for tried in range(len(PAUSES_S) + 1):
            try:
                with self._opener.open(request, timeout=PATIENCE_S) as answer:
                    content: bytes = answer.read(LARGEST + 1)
                break
            except (OSError, http.client.HTTPException) as error:
                wait = _pause_after(error, PAUSES_S[tried]) if tried < len(PAUSES_S) else None
                if wait is None:
                    raise self._fault(_why(error), _advice(error), error) from error
                self._pause(wait)
        if len(content) > LARGEST:
            raise self._fault("gave an answer of more than 200 MB", "Look at the address.")
        return content

    def _checked(self, content: bytes, *, many: int) -> NDArray[np.float64]:
        look = "Look at the address and the model; both must be for embeddings."
        try:
            answer = json.loads(content)
            given = answer["data"]
            listed = [one["embedding"] for one in _in_order(given)]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise self._fault("gave no list of vectors", look) from None
        if len(listed) != many:
            raise self._fault(f"gave {len(listed)} vectors for {many} texts", look)
        try:
            rows = np.array(listed, dtype=np.float64)
        except (ValueError, TypeError, OverflowError):
            raise self._fault("gave vectors of unequal size, or of no numbers", look) from None
        if rows.ndim != 2 or not rows.shape[1]:
            raise self._fault("gave vectors of unequal size, or of no numbers", look)
        if self.size and rows.shape[1] != self.size:
            raise self._fault(
                f"gave vectors of {rows.shape[1]} numbers after those of {self.size}",
                "It seems that the model was changed meanwhile: begin again.",
            )
        return rows

    def _fault(self, what: str, hint: str, error: BaseException | None = None) -> EncoderUnavailable:
        code = f" ({named})" if isinstance(error, HTTPError) and (named := _code(error)) else ""
        return EncoderUnavailable(f"The embeddings server {self._address.url} {what}{code}.", hint=hint)


def unit(rows: NDArray[np.floating], *, of: str) -> Vectors:
    """Rows of length 1, rounded; what has no length, or is no number, is refused.

    Parameters
    ----------
    rows
        Shape (n, size).
    of
        Where they come from, for the error.

    Raises
    ------
    EncoderUnavailable
        If a number is missing, endless, or a row is nothing but zeros.

    Source
    ------
    Our own definition, ``docs/howto/encoders.md``.

    Examples
    --------
    >>> unit(np.array([[3.0, 4.0]]), of="a model").tolist()
    [[0.6000000238418579, 0.800000011920929]]
    """
    wide = rows.astype(np.float64)
    # Divided by the largest first: the squares of very large numbers would be endless.
    largest = np.abs(wide).max(axis=1, keepdims=True, initial=0.0)
    if not np.isfinite(wide).all() or not (largest > 0.0).all():
        raise EncoderUnavailable(
            f"{of} gave a vector without direction (NaN, endless, or nothing but zeros).",
            hint="The model cannot be used; take another one.",
        )
    scaled = wide / largest
    found = scaled / np.linalg.norm(scaled, axis=1, keepdims=True)
    return np.asarray(np.round(found, DECIMALS), dtype=np.float32)


class _NoRedirect(HTTPRedirectHandler):
    """A server that sends us elsewhere would get texts and key to a place that nobody named."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _opener(address: Address) -> OpenerDirector:
    # What stays on this computer must not take the way over a proxy.
    direct = [ProxyHandler({})] if address.on_this_computer else []
    return build_opener(_NoRedirect(), *direct)


def _key() -> dict[str, str]:
    key = os.environ.get(KEY, "").strip()
    if not key:
        return {}
    if not key.isascii() or not key.isprintable():
        raise BadOption(f"The key in {KEY} has characters that no key has.", hint="Copy it again.")
    return {"Authorization": f"Bearer {key}"}


def _in_order(given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As they were asked for; servers may answer in another order, and number what they give."""
    if all("index" in one for one in given):
        if sorted(one["index"] for one in given) != list(range(len(given))):
            raise ValueError
        return sorted(given, key=lambda one: int(one["index"]))
    return given


def _pause_after(error: Exception, pause_s: float) -> float | None:
    """Seconds until the next try; None where trying again would change nothing."""
    if isinstance(error, HTTPError):
        if error.code not in _AGAIN and error.code < 500:
            return None
        asked = error.headers.get("Retry-After", "") if error.headers else ""
        return min(float(asked), LONGEST_PAUSE_S) if re.fullmatch(r"\d{1,6}", asked) else pause_s
    reason = error.reason if isinstance(error, URLError) else error
    passing = isinstance(reason, TimeoutError | ConnectionResetError | http.client.HTTPException)
    return pause_s if passing else None


def _why(error: Exception) -> str:
    if isinstance(error, HTTPError):
        return f"refused the request with status {error.code}"
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, TimeoutError):
        return f"did not answer within {PATIENCE_S:g} seconds, several times"
    if isinstance(reason, http.client.HTTPException | ConnectionResetError):
        return "broke off its answer, several times"
    said = reason.strerror if isinstance(reason, OSError) else None
    return f"cannot be reached: {said or reason}"


def _advice(error: Exception) -> str:
    if not isinstance(error, HTTPError):
        return "Look whether it runs and whether the address is right."
    if 300 <= error.code < 400:
        return "It sends forvent to another address: name that one yourself if you trust it."
    if error.code >= 500:
        return "Try again later, or ask who runs it."
    return _ANSWERS.get(error.code, "Look at the name of the model, and whether it is one for embeddings.")


def _code(error: HTTPError) -> str:
    """The server's short word for the fault; its sentence is not told: it may quote a text or the key."""
    try:
        said = json.loads(error.read(100_000))["error"]
        word = said.get("code") or said.get("type")
    except (ValueError, KeyError, TypeError, AttributeError, OSError, http.client.HTTPException):
        return ""
    return word if isinstance(word, str) and re.fullmatch(r"[a-z]+(_[a-z]+){0,6}", word) else ""


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise BadOption("This is no address of a server.", hint=_FORM) from None
    return parts


def _safe(text: str) -> str:
    """The address without what may be a secret."""
    return re.sub(r"//[^/@#]*@", "//…@", text.partition("?")[0])
