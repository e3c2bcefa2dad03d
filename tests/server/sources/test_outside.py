"""Addresses outside are reached within limits; those inside are not reached unasked."""

# ruff: noqa: S104
from __future__ import annotations

import gzip
import socket
import threading
from typing import Any

import pytest
from sources.web_server import Told, serving

from forvent_server.sources.contract import Trouble
from forvent_server.sources.outside import Limits, Request, fetch, is_outside


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1", "::ffff:169.254.169.254",
    ],
)  # fmt: skip
def test_what_lies_inside_is_told_apart(address: str) -> None:
    assert not is_outside(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_what_lies_outside_too(address: str) -> None:
    assert is_outside(address)


def told(address: str, **given: Any) -> str:
    with pytest.raises(Trouble) as raised:
        fetch(Request(address), **given)
    return raised.value.kind


@pytest.mark.parametrize(
    "address",
    ["http://localhost:1/", "http://127.1/", "http://[::1]/", "http://0x7f000001/", "http://2130706433/"],
)
def test_ones_own_network_is_refused_however_it_is_written(address: str) -> None:
    assert told(address) == "inside"


@pytest.mark.parametrize(
    "address",
    ["ftp://example.org/", "file:///etc/passwd", "http://", "http://a:b@example.org/", "http://x\r\ny/",
     "http://example.org:99999/", "javascript:1", "http://[::1", "http://é.example/"],
)  # fmt: skip
def test_what_is_no_address_is_told(address: str) -> None:
    assert told(address) == "address"


def test_a_redirect_inside_is_refused_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    def tell(path: str, _: dict[str, str]) -> Told:
        return 302, {"Location": "http://127.0.0.2:9/secret"}, b""

    # Only the first address counts as outside: the second one is looked at for itself.
    monkeypatch.setattr("forvent_server.sources.outside.is_outside", lambda address: address != "127.0.0.2")
    with serving(tell) as address:
        assert told(address) == "inside"


def test_the_address_that_was_looked_at_is_the_one_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = socket.getaddrinfo

    def once(host: str, *given: Any, **named: Any) -> Any:
        asked.append(host)
        return real(host, *given, **named)

    monkeypatch.setattr(socket, "getaddrinfo", once)
    with serving(lambda *_: (200, {}, b"fine")) as address:
        assert fetch(Request(address), inside=True).body == b"fine"
    assert asked == ["localhost"]


def test_an_address_that_leads_on_and_on_is_left() -> None:
    with serving(lambda path, _: (301, {"Location": f"{path}a"}, b"")) as address:
        assert told(address, inside=True) == "redirects"


def test_an_answer_without_end_is_cut() -> None:
    with serving(lambda *_: (200, {}, b"x" * 3000)) as address:
        assert told(address, inside=True, limits=Limits(size=2000)) == "too_large"


def test_a_bomb_of_gzip_is_cut() -> None:
    packed = gzip.compress(b"\0" * 50_000_000)
    with serving(lambda *_: (200, {"Content-Encoding": "gzip"}, packed)) as address:
        assert told(address, inside=True, limits=Limits(size=100_000)) == "too_large"
    with serving(lambda *_: (200, {"Content-Encoding": "gzip"}, gzip.compress(b"fine"))) as address:
        assert fetch(Request(address), inside=True).body == b"fine"


def test_single_bytes_sent_slowly_do_not_hold_us() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        gone = threading.Event()

        def drip() -> None:
            caller, _ = door.accept()
            with caller:
                try:
                    while not gone.wait(0.02):
                        caller.sendall(b"H")
                except OSError:
                    return

        dripping = threading.Thread(target=drip, daemon=True)
        dripping.start()
        assert (
            told(f"http://127.0.0.1:{door.getsockname()[1]}/", inside=True, limits=Limits(seconds=0.2))
            == "too_slow"
        )
        gone.set()
        dripping.join()


def test_what_breaks_off_or_is_no_http_is_told() -> None:
    with serving(lambda *_: (200, {"Content-Length": "100"}, b"short")) as address:
        assert told(address, inside=True) == "broken"
    with serving(lambda *_: (200, {}, b"")) as address:
        assert told(address.replace("http:", "https:"), inside=True) == "tls"


def test_an_unknown_host_is_told() -> None:
    assert told("http://nowhere.invalid/") == "unknown_host"
