"""Where numbers and addresses of persons stand in a text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

from forvent.reading.personal_checks import iban_length, is_born, is_card, is_iban, is_personal_id

Found: TypeAlias = tuple[int, int, str]
"""First character, character after the last, kind."""

_LETTERS = "A-Za-z0-9\u00c0-\u058f"
_E_MAIL = re.compile(
    rf"(?<![{_LETTERS}._%+-])[{_LETTERS}_][{_LETTERS}._%+'-]{{0,63}}@(?:[{_LETTERS}-]{{1,63}}\.){{1,6}}[A-Za-z\u0400-\u058f]{{2,24}}"
)
_LINK = re.compile(r"\w{2,12}://[^\s<>\"\u3000-\u9fff]{1,2000}")
_PERSONAL_PART = re.compile(
    r"(?:^|[?&#;])[^=&#;]{0,24}(?:mail|user|uid|\bid|_id|token|phone|tel|name|order|key|session|sid|auth|code|account|customer|login|hash)[^=&#;]{0,12}=",
    re.I,
)
_HANDLE = re.compile(r"(?<![\w@./])@[A-Za-z_\u00c0-\u058f][\w.]{1,29}(?<!\.)")
_IP = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
_VERSION = re.compile(r"(?:v|ver|version|verze|versjon|versioon|firmware|build)\.?\s?$", re.I)
_IP6 = re.compile(r"(?<![\w:])(?:[0-9a-fA-F]{1,4}:){4,7}[0-9a-fA-F]{1,4}(?![\w:])")
_ACCOUNT = re.compile(r"(?<!\w)[A-Za-z]{2}\d{2}(?=[ -]?\w)")
_RUN = re.compile(r"(?<![\w.,])\d(?:[ -]?\d){12,18}(?!\w|[.,]\d)")
_STATE_ID = re.compile(r"(?<![\w-])(?:\d{6}/\d{3,4}|\d{6} \d{5}|\d{10,11}|\d{17}[\dXx])(?![\w]|-\d)")
_SSN = re.compile(r"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])")
_PHONES = tuple(
    re.compile(rf"(?<![\w.,/+-])(?:{pattern})(?![\w]|[.,-]\d)")
    for pattern in (
        # Fifteen digits at most, country first.
        r"(?:\+|00)[ ]?\(?[1-9]\d{0,2}\)?(?:[ ./-]{0,2}\(?\d\)?){6,12}",
        r"\(0?\d{2,4}\)[ -]?\d{2,4}(?:[ -]?\d{2,4}){1,3}",
        r"[2-9]\d{2}[-.]\d{3}[-.]\d{4}",
        r"0\d{1,4}[ -]\d{2,4}(?:[ -]?\d{2,4}){1,3}",
        r"07\d{3} ?\d{6}",
        r"0\d{2}[ -]?\d{6}",
        r"[67]\d{2}[ -]?\d{3}[ -]?\d{3}",
        r"[2-5]\d{2} \d{3} \d{3}",
        r"[2-9]\d{2} \d{2} \d{3}",
        r"5\d{3} \d{2}(?!00)\d{2}",
        r"400-?\d{3}-?\d{4}",
    )
)
# Chinese stands without blanks, so there a number may touch a word.
_MOBILE = re.compile(r"(?<![\dA-Za-z.,-])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\dA-Za-z]|[.,-]\d)")
_CODES = (
    re.compile(r"(?<![\w/])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?!\w)"),
    re.compile(
        r"(?<![A-Za-z0-9])(?:[A-Z]{2}\d{9}[A-Z]{2}|1Z[A-Z0-9]{16}|[A-Z]{2,4}\d{10,16})(?![A-Za-z0-9])"
    ),
    re.compile(r"(?<!\w)(?:#\s?\d{5,18}|№\s?\d{4,18})(?!\w|[.,]\d)"),
    re.compile(r"(?<![\w.,+/-])\d{11,20}(?![\w/]|[.,]\w)"),
)
# Fewer are no number of anybody.
_FEWEST_DIGITS = 3
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_CODE = r"(?P<code>[A-Za-z0-9][A-Za-z0-9/_-]{2,29})"
_MONEY_BEFORE = re.compile(r"(?:[$€£¥￥֏]|\b(?:Kč|CZK|EUR|USD|GBP|NOK|kr|AMD))\s?$")


@cache
def words() -> Mapping[str, Any]:
    """The lists of ``personal_words.toml``."""
    text = files("forvent.reading").joinpath("personal_words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def any_of(phrases: Sequence[str]) -> str:
    """A pattern for one of the phrases, the longest first."""
    return "|".join(re.escape(phrase) for phrase in sorted(set(phrases), key=lambda one: (-len(one), one)))


def numbers(plain: str) -> Iterator[Found]:
    """Addresses and numbers, the surest first."""
    if "@" in plain:
        yield from ((found.start(), found.end(), "e-mail") for found in _E_MAIL.finditer(plain))
    if "://" in plain:
        yield from _links(plain)
    if "@" in plain:
        yield from ((found.start(), found.end(), "account") for found in _HANDLE.finditer(plain))
    if sum(map(str.isdigit, plain)) >= _FEWEST_DIGITS:
        for finder in (_accounts, _cards, _state_ids, _cued, _addresses_of_machines, _phones, _codes):
            yield from finder(plain)
    yield from _streets(plain)


def is_amount(plain: str, start: int, end: int) -> bool:
    """True where money or a measure stands beside a number."""
    return (
        _amount().match(plain, end) is not None
        or _MONEY_BEFORE.search(plain[max(0, start - 6) : start]) is not None
    )


@cache
def _amount() -> re.Pattern[str]:
    return re.compile(rf"\s?(?:{any_of(words()['amounts'])})(?![^\W\d_])", re.I)


def _links(plain: str) -> Iterator[Found]:
    for link in _LINK.finditer(plain):
        address = link[0].rstrip(".,;:!?)]")
        host = address.find("//") + 2
        at = address.find("@", host)
        if at > 0 and "/" not in address[host:at]:
            yield link.start() + host, link.start() + at, "account"
        asked = re.search(r"[?#]", address)
        if asked and _PERSONAL_PART.search(address, asked.start()):
            yield link.start() + asked.start() + 1, link.start() + len(address), "id"


def _accounts(plain: str) -> Iterator[Found]:
    for found in _ACCOUNT.finditer(plain):
        length = iban_length(found[0][:2].upper())
        if length is None:
            continue
        window = plain[found.start() : found.start() + 2 * length]
        match = re.match(rf"[A-Za-z0-9](?:[ -]?[A-Za-z0-9]){{{length - 1}}}(?![A-Za-z0-9])", window)
        if match and is_iban(re.sub(r"[ -]", "", match[0]).upper()):
            yield found.start(), found.start() + match.end(), "IBAN"


def _cards(plain: str) -> Iterator[Found]:
    for found in _RUN.finditer(plain):
        if is_card(re.sub(r"\D", "", found[0])):
            yield found.start(), found.end(), "card"


def _state_ids(plain: str) -> Iterator[Found]:
    for found in _STATE_ID.finditer(plain):
        digits = re.sub(r"[ /]", "", found[0])
        old = "/" in found[0] and len(digits) == 9
        if is_born(digits) if old else is_personal_id(digits):
            yield found.start(), found.end(), "id"
    for found in _SSN.finditer(plain):
        yield found.start(), found.end(), "id"


def _cued(plain: str) -> Iterator[Found]:
    """Numbers behind a word that says whose they are."""
    for found in _phone_cue().finditer(plain):
        if 6 <= sum(map(str.isdigit, found["number"])) <= 15:
            yield found.start("number"), found.end("number"), "phone"
    for kind, pattern in _code_cues():
        for found in pattern.finditer(plain):
            code = found["code"].rstrip("/_-")
            start, end = found.start("code"), found.start("code") + len(code)
            digits = sum(map(str.isdigit, code))
            if digits < (3 if found["said"] else 5) or _DATE.fullmatch(code) or is_amount(plain, start, end):
                continue
            yield start, end, kind


@cache
def _phone_cue() -> re.Pattern[str]:
    cues = rf"(?:(?<!\w)(?:{any_of(words()['phone'])})(?!\w)|{any_of(words()['phone_signs'])})"
    number = any_of(words()["number"])
    said = rf"\.?(?: (?:{number})\.?)?(?: (?:is|je|er|on)(?!\w))?[ ]?[:是为]?\s{{0,2}}"
    digits = r"(?P<number>\+?\(?\d(?:[ ./()-]{0,2}\d){5,14})(?!\d)"
    return re.compile(cues + said + digits, re.I)


@cache
def _code_cues() -> Sequence[tuple[str, re.Pattern[str]]]:
    number = any_of(words()["number"])
    # "order is 12345" says no number; "order no. is 12345" does.
    said = rf"(?P<said>[ ]?(?:{number})\.?(?!\w)|[ ]?[:#№=])?"
    then = r"(?:[ ](?:is|je|er|on|է)(?!\w))?[ ]?[:#№=]{0,2}[ ]?"
    found = []
    for kind, field in (("id", "person"), ("order", "order")):
        signs, cues = any_of(words()[f"{field}_signs"]), any_of(words()[field])
        found.append((kind, re.compile(rf"(?:{signs})(?P<said>[号码是为:# ]{{0,4}}){_CODE}")))
        found.append((kind, re.compile(rf"(?<!\w)(?:{cues})(?!\w)\.?{said}{then}{_CODE}", re.I)))
    return found


def _addresses_of_machines(plain: str) -> Iterator[Found]:
    for found in _IP.finditer(plain):
        parts = [int(part) for part in found[0].split(".")]
        if (
            max(parts) <= 255
            and parts[0]
            and not _VERSION.search(plain[max(0, found.start() - 10) : found.start()])
        ):
            yield found.start(), found.end(), "IP"
    yield from ((found.start(), found.end(), "IP") for found in _IP6.finditer(plain))


def _phones(plain: str) -> Iterator[Found]:
    for pattern in (*_PHONES, _MOBILE):
        for found in pattern.finditer(plain):
            digits = sum(map(str.isdigit, found[0]))
            if (
                8 <= digits <= 15
                and not _DATE.match(found[0])
                and not is_amount(plain, found.start(), found.end())
            ):
                yield found.start(), found.end(), "phone"


def _codes(plain: str) -> Iterator[Found]:
    for pattern in _CODES:
        for found in pattern.finditer(plain):
            round_number = found[0].endswith("00000")
            if not round_number and not is_amount(plain, found.start(), found.end()):
                yield found.start(), found.end(), "order"


def _streets(plain: str) -> Iterator[Found]:
    for pattern in _street_patterns():
        for found in pattern.finditer(plain):
            name = found["name"]
            if name[0].isupper() or "\u4e00" <= name[0] <= "\u9fff":
                yield found.start(), found.end(), "address"


@cache
def _street_patterns() -> Sequence[re.Pattern[str]]:
    lists = words()
    name = r"(?P<name>[^\W\d_][\w'’.-]{0,30}(?: [^\W\d_][\w'’.-]{0,30})?)"
    number = r"\d{1,4}(?:/\d{1,4})?[A-Za-z]?(?!\w|[.,]\d)"
    return (
        re.compile(rf"(?<!\w){number} {name} (?i:{any_of(lists['streets_behind'])})(?!\w)"),
        re.compile(rf"(?<!\w)(?i:{any_of(lists['streets_before'])}) {name} {number}"),
        re.compile(rf"(?<!\w)(?P<name>[^\W\d_]{{3,30}}(?:{any_of(lists['streets_within'])})) {number}"),
        re.compile(rf"(?<!\w){name} (?:{any_of(lists['streets_then'])}) {number}"),
        re.compile(r"(?P<name>[\u4e00-\u9fff]{2,5}[路街])\d{1,4}号(?:\d{1,4}[室楼号])*"),
    )
