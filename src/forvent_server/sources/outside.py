"""Reach addresses outside: never one's own network unasked, never without a limit of time and size."""

from __future__ import annotations

import http.client
import ipaddress
import os
import socket
import ssl
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urljoin, urlsplit

from forvent_server.sources.contract import Trouble

REDIRECTS = (301, 302, 303, 307, 308)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_AGENT = "forvent"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long an answer may take as a whole, how large it may be, how often it may lead elsewhere."""

    seconds: float = 20.0
    size: int = 8 * 1024 * 1024
    redirects: int = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a server: headers by names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    address: str


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a server."""

    address: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


def fetch(request: Request, *, inside: bool = False, limits: Limits | None = None) -> Answer:
    """The answer to a request; each address it leads to is looked at as the first one was.

    Raises
    ------
    Trouble
        If the address is none of http, lies inside, does not answer, or answers too slowly or too much.
    """
    bound = limits or Limits()
    address = request.address
    for _ in range(bound.redirects + 1):
        answer = _once(request, address=address, inside=inside, limits=bound)
        onward = answer.headers.get("location")
        if request.method != "GET" or answer.status not in REDIRECTS or not onward:
            return answer
        address = urljoin(address, onward)
    raise Trouble("redirects", f"'{_host(request.address)}' leads on and on.", host=_host(request.address))


def is_outside(address: str) -> bool:
    """Whether an IP address belongs to the public network, also one that is wrapped in another."""
    found: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        wrapped = found.ipv4_mapped or found.sixtofour
        if found in _NAT64:
            wrapped = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        found = wrapped or found
    return found.is_global and not found.is_multicast


def connect(host: str, port: int, *, inside: bool, seconds: float) -> socket.socket:
    """A connection to one of the addresses of a host: the address that was looked at is the one reached.

    Raises
    ------
    Trouble
        If the host is unknown, lies inside, or nobody answers there.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Trouble("unknown_host", f"There is no host '{host}'.", host=host) from error
    usable = [one for one in found if inside or is_outside(str(one[4][0]))]
    if not usable:
        raise Trouble(
            "inside",
            f"'{host}' lies inside your own network.",
            hint="Where that is meant, set FORVENT_SOURCES_INSIDE=yes.",
            host=host,
        )
    for family, kind, protocol, _, place in usable[:4]:
        door = socket.socket(family, kind, protocol)
        door.settimeout(seconds)
        try:
            door.connect(place)
        except OSError:
            door.close()
        else:
            return door
    raise Trouble("unreachable", f"Nobody answers at '{host}', port {port}.", host=host, port=port)


def secured(door: socket.socket, *, host: str, context: ssl.SSLContext | None = None) -> ssl.SSLSocket:
    """The connection under TLS, with the certificate looked at.

    Raises
    ------
    Trouble
        If the certificate does not hold or the other side speaks no TLS.
    """
    try:
        return (context or ssl.create_default_context()).wrap_socket(door, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        door.close()
        raise Trouble(
            "certificate",
            f"The certificate of '{host}' does not hold: {error.verify_message}.",
            host=host,
        ) from error
    except OSError as error:
        door.close()
        raise Trouble("tls", f"'{host}' speaks no TLS there.", host=host) from error


def _once(request: Request, *, address: str, inside: bool, limits: Limits) -> Answer:
    parts, port = _parts(address)
    host = parts.hostname or ""
    door = connect(host, port, inside=inside, seconds=limits.seconds)
    with _ended_after(limits.seconds, door) as late:
        try:
            if parts.scheme == "https":
                door = secured(door, host=host)
            return _answered(request, parts=parts, port=port, door=door, limits=limits)
        except (OSError, http.client.HTTPException, zlib.error) as error:
            if late.is_set():
                seconds = int(limits.seconds)
                raise Trouble(
                    "too_slow", f"'{host}' took more than {seconds} s.", host=host, seconds=seconds
                ) from error
            raise Trouble("broken", f"'{host}' broke off its answer.", host=host) from error
        finally:
            door.close()


def _parts(address: str) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(address)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise Trouble("address", f"'{address[:200]}' is no address.", address=address[:200]) from error
    plain = address.isascii() and not any(sign.isspace() for sign in address)
    if parts.scheme not in ("http", "https") or not parts.hostname or not plain or parts.username:
        raise Trouble(
            "address",
            f"'{address[:200]}' is no address of http.",
            hint="Write it as https://…, without a user.",
            address=address[:200],
        )
    return parts, port


@contextmanager
def _ended_after(seconds: float, door: socket.socket) -> Iterator[threading.Event]:
    """Cuts the connection when the time is over: single bytes sent slowly would hold us for ever."""
    late = threading.Event()
    # The number outlives the object, which TLS takes apart; a copy of it closes nothing of others.
    copy = socket.socket(fileno=os.dup(door.fileno()))

    def cut() -> None:
        late.set()
        try:
            copy.shutdown(socket.SHUT_RDWR)
        except OSError:
            # The other side was quicker.
            return

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()
        timer.join()
        copy.close()


def _answered(
    request: Request, *, parts: SplitResult, port: int, door: socket.socket, limits: Limits
) -> Answer:
    speaking = http.client.HTTPConnection(parts.hostname or "", port)
    speaking.default_port = 443 if parts.scheme == "https" else 80
    speaking.sock = door
    target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    headers = {"User-Agent": _AGENT, "Accept-Encoding": "identity", **request.headers}
    speaking.request(request.method, target, body=request.body, headers=headers)
    with speaking.getresponse() as got:
        kept, body = _read(got, limits=limits)
    if len(body) > limits.size:
        host, size = parts.hostname or "", limits.size // 1024 // 1024
        raise Trouble("too_large", f"'{host}' sends more than {size} MiB.", host=host, size=size)
    return Answer(got.status, kept, body, parts.geturl())


def _read(got: http.client.HTTPResponse, *, limits: Limits) -> tuple[dict[str, str], bytes]:
    """Headers and body, the body up to one byte more than it may have, also where it is packed."""
    kept = {name.lower(): value for name, value in got.getheaders()}
    body = got.read(limits.size + 1)
    if got.length and len(body) <= limits.size:
        raise http.client.IncompleteRead(body)
    if kept.get("content-encoding", "").lower() in ("gzip", "x-gzip", "deflate"):
        body = zlib.decompressobj(wbits=47).decompress(body, limits.size + 1)
    return kept, body


def _host(address: str) -> str:
    return urlsplit(address).hostname or ""
