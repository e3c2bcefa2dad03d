"""Days that were promised, and days on which it came: weekdays, dates, Christmas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from forvent.identify.levels_numbers import word_trie
from forvent.identify.levels_patterns import LevelWords, level_words
from forvent.identify.levels_roles import NEAR, FoundLevel, Place, Role, part_around
from forvent.identify.levels_words import letter_table, locale_of, plain, word_file
from forvent.records import Level

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: A word for promised or came further away than this does not speak of the day.
BESIDE = 32
_BESIDE_BARE = 20
# Before a day these say when something is or was, unless a promise stands beside them.
_OFTEN_OTHERWISE = frozenset({"na", "v", "ve", "on", "til"})
_NOTHING = "(?!)"
_MONTHS = range(1, 13)
_NAMED = re.compile(r"\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class _DateWords:
    """How a language names days, and what stands around those that are levels."""

    date: re.Pattern[str]
    months: Mapping[str, int]
    days: Mapping[str, re.Pattern[str]]
    by: re.Pattern[str]
    by_after: re.Pattern[str]
    by_ending: re.Pattern[str]
    due: re.Pattern[str]
    got: re.Pattern[str]
    never: re.Pattern[str]
    closed: re.Pattern[str]
    instead: re.Pattern[str]
    instead_after: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Day:
    start: int
    end: int
    date: str
    bare: bool

    @property
    def place(self) -> Place:
        return self.start, self.end


def day_names(base: str) -> tuple[str, ...]:
    """Words that a day may be named by, stems with ``*``."""
    table = word_file(base).get("dates", {})
    named = [word for key in table if key in WEEKDAYS or _NAMED.fullmatch(key) for word in table[key]]
    return (*named, *_of_cldr(base, what="days"), *(f"{name}*" for name in _of_cldr(base, what="months")))


def find_dates(text: str, base: str) -> tuple[FoundLevel, ...]:
    """Days named as expected or experienced in ``text``, which is in plain letters."""
    words, around = _date_words(base), level_words(base)
    days = list(_days(text, words=words))
    roles: list[Role] = [_expected(day, days=days, text=text, words=words, around=around) for day in days]
    roles = _instead(roles, days, text=text, words=words)
    if "expected" not in roles:
        return ()
    roles = [
        "experienced" if role == "unclear" and _came(day, text=text, words=words, around=around) else role
        for role, day in zip(roles, days, strict=True)
    ]
    month = next(
        (day.date[:-2] for role, day in zip(roles, days, strict=True) if _has_month(role, day, text)), ""
    )
    return tuple(
        FoundLevel(Level(0.0, "date", None, date=_in_month(day, month)), day.start, day.end, role)
        for role, day in zip(roles, days, strict=True)
        if role != "unclear"
    )


def _instead(roles: list[Role], days: list[_Day], *, text: str, words: _DateWords) -> list[Role]:
    """ "On Friday instead of Tuesday": Tuesday was promised, Friday it was."""
    for place, day in enumerate(days if len(days) > 1 else ()):
        before = text[max(0, day.start - BESIDE) : day.start]
        if words.instead.search(before) or words.instead_after.match(text, day.end):
            other = place - 1 if place and words.instead.search(before) else place + 1
            if other < len(days):
                roles[place], roles[other] = "expected", "experienced"
    return roles


def _has_month(role: Role, day: _Day, text: str) -> bool:
    return role == "expected" and not day.bare and any(sign.isdigit() for sign in text[day.start : day.end])


def _in_month(day: _Day, month: str) -> str:
    """ "By 24 December, came on the 26th": the same month."""
    return f"{month}{int(day.date):02}" if day.bare and month else day.date


def _expected(day: _Day, *, days: list[_Day], text: str, words: _DateWords, around: LevelWords) -> Role:
    """A day stands for a promise behind "by" or beside a word for promised; else nobody knows what it is."""
    left, right = part_around(day.place, text=text, words=around)
    before, after = text[left : day.start], text[day.end : right]
    by = words.by.search(before)
    is_by = by is not None or (
        words.by_after.match(after) is not None
        or words.by_ending.search(text[day.start : day.end]) is not None
    )
    due = words.due.search(before[-BESIDE:]) is not None
    cut = day.start - (len(before) - by.start() if by else 0)
    if any(0 <= cut - other.end <= 2 for other in days):
        return "unclear"  # "Monday to Friday" are opening hours.
    if words.closed.search(before[-NEAR:]) or words.closed.search(after[:NEAR]):
        return "unclear"  # "Closed on Sundays."
    if words.never.search(before[-NEAR:]) and not due:
        return "unclear"
    surely = is_by and by is not None and by.group().strip() not in _OFTEN_OTHERWISE
    if surely or (is_by and by is None):
        return "expected"
    return "expected" if due and (is_by or not day.bare) else "unclear"


def _came(day: _Day, *, text: str, words: _DateWords, around: LevelWords) -> bool:
    left, right = part_around(day.place, text=text, words=around)
    before, after = text[left : day.start][-BESIDE:], text[day.end : right][:BESIDE]
    if words.never.search(before):
        return False
    cues = (words.got, around.experienced.strong)
    if day.bare:
        behind = words.got.match(after.lstrip())  # "22日才到"
        return behind is not None or words.got.search(before[-_BESIDE_BARE:]) is not None
    return any(cue.search(side) for cue in cues for side in (before, after))


def _days(text: str, *, words: _DateWords) -> Iterator[_Day]:
    for match in words.date.finditer(text):
        said = match.groupdict()
        name = match.lastgroup or ""
        if name == "word":
            key = next(key for key, pattern in words.days.items() if pattern.fullmatch(match["word"]))
            yield _Day(*match.span(), key, bare=False)
            continue
        month = said["m"] or said["m1"] or said["m2"] or said["m5"]
        number = int(month) if month else words.months.get(said["mon3"] or said["mon4"] or "")
        day = int(next(said[key] for key in ("d", "d1", "d2", "d3", "d4", "d5", "d6") if said[key]))
        year = said["y"] or said["y1"]
        if not 1 <= day <= 31 or (number is not None and number not in _MONTHS):
            continue
        date = str(day) if number is None else f"{number:02}-{day:02}"
        yield _Day(*match.span(), f"{year}-{date}" if year else date, bare=number is None)


@lru_cache(maxsize=64)
def _date_words(base: str) -> _DateWords:
    file, table = word_file(base), letter_table(base)
    spaced = bool(file.get("spaced", base != "ja"))
    words = file.get("dates", {})
    edge = (r"(?<!\w)", r"(?!\w)") if spaced else ("", "")

    def whole(key: str) -> str:
        return rf"{edge[0]}{word_trie(plain(word, table=table) for word in words.get(key, ()))}{edge[1]}"

    months = {
        plain(name, table=table): number + 1
        for number, name in enumerate(_of_cldr(base, what="months", doubled=True))
    }
    # Names such as "2月" are read by their sign: "12月" would hold one.
    months = {name: (number - 1) % 12 + 1 for name, number in months.items() if not name[:1].isdigit()}
    named = {
        key: [plain(word, table=table) for word in names]
        for key, names in _named_days(base, words=words).items()
    }
    days = {key: re.compile(word_trie(names)) for key, names in named.items()}
    every = word_trie(word for names in named.values() for word in names)
    gap = r"\s+(?:(?:the|this|next|coming|this coming|den|tento|pristi|hele|kommende|dem|el|le|la|il|o)\s+)?"
    after = "|".join(pattern.translate(table) for pattern in words.get("by_after", ())) or _NOTHING
    ending = "|".join(words.get("by_ending", ())) or _NOTHING
    return _DateWords(
        date=re.compile(_written(every, months=months, edge=edge, dotted=base != "en")),
        months=months,
        days=days,
        by=re.compile(rf"{whole('by')}{gap if spaced else ''}\Z"),
        by_after=re.compile(rf"\s*(?:{after}){edge[1]}"),
        by_ending=re.compile(rf"(?:{ending})\Z"),
        due=re.compile(whole("due")),
        got=re.compile(whole("got")),
        never=re.compile(whole("not")),
        closed=re.compile(whole("closed")),
        instead=re.compile(rf"{whole('instead')}\s*(?:(?:the|den|på|on)\s+)?(?:[^\W\d]+\s+)?\Z"),
        instead_after=re.compile(rf"\s*{whole('instead_after')}"),
    )


def _written(named: str, *, months: Mapping[str, int], edge: tuple[str, str], dotted: bool) -> str:
    """All the ways in which a day is written."""
    month = word_trie(months)
    ordinal = r"(?:\.|st|nd|rd|th|er|º|-?ին|-?ի|-?ը)?"
    return "|".join(
        [
            r"(?<!\d)(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)",
            # In English "8.03." is a time.
            ("" if dotted else _NOTHING) + r"(?<![\d.,])(?P<d1>\d{1,2})\.\s?(?P<m1>\d{1,2})"
            r"(?:\.(?:\s?(?P<y1>\d{4}))?|(?=[\s,;!?]|$))(?!\d)",
            r"(?<![\d/.,])(?P<d2>\d{1,2})/(?P<m2>\d{1,2})(?:/\d{2,4})?(?![\d/])",
            rf"(?<![\d.,:])(?P<d3>\d{{1,2}}){ordinal}\s*(?:(?:of|de)\s+)?(?P<mon3>{month})\w{{0,4}}",
            rf"{edge[0]}(?P<mon4>{month})\w{{0,3}}\s+(?P<d4>\d{{1,2}})(?:st|nd|rd|th|-?ին|-?ի|-?ը)?(?![\d:.])",
            r"(?<!\d)(?P<m5>\d{1,2})月(?P<d5>\d{1,2})[日号號]?",
            rf"{edge[0]}(?P<word>{named}){edge[1]}",
            r"(?<![\d.,:/])(?P<d6>\d{1,2})(?:\.(?=\s|$)|st\b|nd\b|rd\b|th\b|号|號|日|-?ին\b|-?ը\b)(?!\s?\d)",
        ]
    )


def _named_days(base: str, *, words: Mapping[str, list[str]]) -> dict[str, list[str]]:
    named = {key: list(names) for key, names in words.items() if key in WEEKDAYS or _NAMED.fullmatch(key)}
    for key, name in zip(WEEKDAYS * 2, _of_cldr(base, what="days"), strict=False):
        named.setdefault(key, []).append(name)
    return named


def _of_cldr(base: str, *, what: str, doubled: bool = False) -> list[str]:
    """Names of the days from Monday on, or of the months, in both of CLDR's forms."""
    locale = locale_of(base)
    if locale is None:
        return []
    names = locale.days if what == "days" else locale.months
    rows = [names[form]["wide"] for form in ("format", "stand-alone")]
    found = [str(row[key]).lower() for row in rows for key in sorted(row)]
    # Names such as "1月" are read by their sign.
    return found if doubled else [name for name in found if not name[0].isdigit()]
