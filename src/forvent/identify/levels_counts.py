"""Counts that were expected or got: how often somebody had to call, how many of how many came."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from forvent.identify.levels_numbers import Numbers, word_trie
from forvent.identify.levels_patterns import level_words
from forvent.identify.levels_roles import NEAR, FoundLevel, Place, part_around
from forvent.identify.levels_words import letter_table, plain, word_file
from forvent.records import Level

#: More than so many is no count of calls or things.
MOST = 200
_NOTHING = "(?!)"
# Without blanks between words a number is seen by its sign.
_NUMERALS = "二两俩三四五六七八九十"
#: Words that stand between a number and a thing in Chinese.
MEASURES = "个只件份盒瓶双包本条套杯串块张斤样道台袋片贯根颗箱把串节枚朵部辆间位盘碗台桶罐"
#: "Two different answers" only says that they differ.
_DIFFERENT = 3
#: Between "ordered six" and "got four" lie no more signs than this.
_BETWEEN = 60


@dataclass(frozen=True, slots=True)
class _CountWords:
    numbers: Numbers
    times: re.Pattern[str]
    alone: re.Pattern[str]
    deed: re.Pattern[str]
    whole: Mapping[str, float]
    did: re.Pattern[str]
    never_after: re.Pattern[str]
    never_before: re.Pattern[str]
    part_of: re.Pattern[str]
    ordered: re.Pattern[str]
    ordered_got: re.Pattern[str]
    verb_last: re.Pattern[str]


def count_names(base: str) -> tuple[str, ...]:
    """Words that a count may be told by."""
    file = word_file(base)
    table = file.get("counts", {})
    said = [word for key, words in table.items() if key.isdigit() for word in words]
    many = [word for value, words in file.get("numbers", {}).items() if float(value) >= 2 for word in words]
    alone = [word.partition(" ")[0] for word in table.get("alone", ())]
    signs = () if file.get("spaced", True) else tuple(_NUMERALS)
    return (
        *table.get("times", ()),
        *table.get("time", ()),
        *table.get("deeds", ()),
        *table.get("nth_deeds", ()),
        *said,
        *alone,
        *signs,
        *(word for word in many if len(word) > 2),
    )


def find_counts(text: str, base: str, *, taken: tuple[Place, ...]) -> tuple[FoundLevel, ...]:
    """Counts in ``text``, which is in plain letters, beside the levels already found at ``taken``."""
    words = _count_words(base)
    if words is None:
        return ()
    found: list[FoundLevel] = []
    for one in (*_ordered(text, words=words), *_parts(text, words=words), *_times(text, base, words=words)):
        places = [*taken, *((other.start, other.end) for other in found)]
        if not any(one.start < last and first < one.end for first, last in places):
            found.append(one)
    return tuple(found)


def _times(text: str, base: str, *, words: _CountWords) -> Iterator[FoundLevel]:
    for match in words.times.finditer(text):
        start, end = match.span()
        said = match["a"] or match["alone"]
        value = _number(said, words=words) if said else words.whole[" ".join(match["whole"].split())]
        if value is None or value < 2:
            continue
        if words.alone.match(text, start):
            if value < _DIFFERENT:
                continue
            yield FoundLevel(Level(value, "count", None), start, end, "experienced")
            continue
        if words.alone.match(text, end):
            continue  # "三个人四种说法": the answers are counted, not those who gave them.
        if words.never_after.match(text, end) or words.never_before.search(
            text[max(0, start - NEAR) : start]
        ):
            continue
        if words.deed.search(text, start, end):
            # "Nine e-mails": somebody wrote them.
            yield FoundLevel(Level(value, "count", None), start, end, "experienced")
            continue
        left, right = part_around((start, end), text=text, words=level_words(base))
        if words.did.search(text, max(left, start - NEAR), start) or words.did.search(
            text, end, min(right, end + NEAR)
        ):
            yield FoundLevel(Level(value, "count", None), start, end, "experienced")


def _parts(text: str, *, words: _CountWords) -> Iterator[FoundLevel]:
    for match in words.part_of.finditer(text):
        said = match.groupdict()
        form = next((key[1:] for key in ("a", "a2", "a3", "a4") if said.get(key)), "")
        value, total = (_number(said.get(f"{key}{form}") or "", words=words) for key in "ab")
        if value is None or total is None or value > total or total < 2:
            continue
        start, end = match.span(f"a{form}")
        yield FoundLevel(Level(value, "count", None, of=total), start, end, "experienced")
        if words.ordered.search(text, max(0, start - NEAR), match.end() + NEAR):
            yield FoundLevel(Level(total, "count", None), *match.span(f"b{form}"), "expected")


def _ordered(text: str, *, words: _CountWords) -> Iterator[FoundLevel]:
    for match in (*words.ordered_got.finditer(text), *words.verb_last.finditer(text)):
        last = "b" if match["b"] else "c"
        wanted, got = _number(match["a"], words=words), _number(match[last], words=words)
        if wanted is None or got is None or wanted == got:
            continue
        yield FoundLevel(Level(wanted, "count", None), *match.span("a"), "expected")
        yield FoundLevel(Level(got, "count", None), *match.span(last), "experienced")


def _number(said: str, *, words: _CountWords) -> float | None:
    amount = words.numbers.value(said)
    if amount is None or amount.weak or amount.high > MOST or amount.high != int(amount.high):
        return None
    return amount.high


@lru_cache(maxsize=64)
def _count_words(base: str) -> _CountWords | None:
    file, table = word_file(base), letter_table(base)
    lists = file.get("counts")
    if not lists:
        return None
    spaced = bool(file.get("spaced", True))
    first, last, gap = (r"(?<!\w)", r"(?!\w)", r"[\s-]+") if spaced else ("", "", "")
    blank = " " if spaced else ""

    def trie(key: str) -> str:
        return word_trie(plain(word, table=table) for word in lists.get(key, ()))

    how = level_words(base).numbers
    whole = {
        plain(word, table=table): float(value)
        for value, names in lists.items()
        if value.isdigit()
        for word in names
    }
    whole.update(
        {
            plain(f"{nth}{blank}{time}", table=table): float(value)
            for value, names in lists.get("nth", {}).items()
            for nth in names
            for time in (*lists.get("time", ()), *lists.get("nth_deeds", ()))
        }
    )
    amount, start = how.pattern, first if spaced else r"(?<![\d第])"
    touching = rf"(?:(?<=\d)|{gap})" if spaced else ""
    times_trie = word_trie(
        plain(word, table=table) for key in ("times", "deeds") for word in lists.get(key, ())
    )
    deeds = word_trie(
        plain(word, table=table) for key in ("deeds", "nth_deeds") for word in lists.get(key, ())
    )
    alone = rf"{amount}{touching}{trie('alone')}{last}"
    times = (
        rf"{start}(?:(?P<a>{amount}){touching}{times_trie}|(?P<whole>{word_trie(whole)})"
        rf"|(?P<alone>{amount}){touching}{trie('alone')}){last}"
    )
    never = rf"{first}{trie('not')}{last}"
    return _CountWords(
        numbers=how,
        times=re.compile(times),
        alone=re.compile(alone),
        deed=re.compile(rf"{first}{deeds}{last}"),
        whole=whole,
        did=re.compile(rf"{first}{trie('did')}{last}"),
        never_after=re.compile(
            "|".join(filter(None, [rf"\s*{never}" if spaced else "", _written(lists, "not_after")])) or _NOTHING
        ),
        # In Chinese the verb stands between: "一周去两次".
        never_before=re.compile(rf"{never}{'' if spaced else '.{0,2}?'}\s*\Z"),
        part_of=re.compile(_part_of(lists, amount=amount, of=trie("of"), spaced=spaced)),
        ordered=re.compile(rf"{first}{trie('ordered')}{last}"),
        ordered_got=re.compile(
            _ordered_got(amount=amount, ordered=trie("ordered"), got=trie("got"), spaced=spaced)
        ),
        verb_last=re.compile(
            _verb_last(amount=amount, ordered=trie("ordered"), got=trie("got")) if spaced else _NOTHING
        ),
    )


def _written(lists: Mapping[str, list[str]], key: str) -> str:
    """Patterns of a list, right behind the count."""
    patterns = "|".join(lists.get(key, ()))
    return rf"\s*(?:{patterns})" if patterns else ""


def _part_of(lists: Mapping[str, list[str]], *, amount: str, of: str, spaced: bool) -> str:
    """ "2 of 5 plates", and the other way round where a language says it so."""
    if not spaced:
        whole = rf"(?P<b>{amount})[{MEASURES}][^，。！？,.\d]{{0,4}}?(?:里面?|中|当中)?"
        return rf"{whole}(?:只有|有)(?P<a>{amount})[{MEASURES}]"
    rating = "|".join(lists.get("of_not", ())) or _NOTHING
    noun = rf"(?=\s+[^\W\d])(?!\s+(?:{rating}))"
    only = word_trie(lists.get("only", ()))
    forms = [rf"(?P<a>{amount})\s+{of}\s+(?P<b>{amount}){noun}"] if lists.get("of") else []
    ending = "|".join(lists.get("of_ending", ()))
    if lists.get("only") and lists.get("of_first"):
        first = word_trie(lists["of_first"])
        forms.append(
            rf"{first}\s+(?P<b3>{amount})\s+[^\W\d]+\s+(?:(?:[^\W\d]+\s+){{0,3}}?{only}|[^\W\d]+)\s+(?P<a3>{amount})(?!\w)"
        )
    if lists.get("only") and ending:
        forms.append(
            rf"(?P<b4>{amount})\s+[^\W\d]+(?:{ending})\s+(?:(?:[^\W\d]+\s+){{0,3}}?{only}\s+|[^\W\d]+\s+|)(?P<a4>{amount})(?!\w)"
        )
    if ending:
        forms.append(
            rf"(?P<b2>{amount})-?(?:{ending})\s+(?:[^\W\d]+\s+){{0,2}}?(?P<a2>{amount})(?!\w)(?!\s+(?:{rating}))"
        )
    return rf"(?<![\w.,])(?:{'|'.join(forms) or _NOTHING})"


def _ordered_got(*, amount: str, ordered: str, got: str, spaced: bool) -> str:
    """ "ordered six, got four"."""
    if not spaced:
        item = rf"(?={'[' + MEASURES + ']'})"
        return (
            rf"{ordered}(?P<a>{amount}){item}[^。！？]{{1,20}}?(?:{got}了?(?P<b>{amount}){item}|(?P<c>(?!)))"
        )
    word = r"(?!at\s|on\s|in\s|for\s|by\s|v\s|ve\s|na\s|za\s|kl|kell|ժամ|i\s|om\s)[^\W\d]+"
    item = r"(?=\s+[^\W\d]|\s*[,;.!?։]|\s*$)(?![.,]\d)"
    return (
        rf"(?<!\w){ordered}\s+(?:{word}\s+){{0,2}}?(?P<a>{amount}){item}"
        rf"[^.!?։\d]{{1,{_BETWEEN}}}?(?<!\w)"
        rf"(?:{got}\s+(?:{word}\s+){{0,2}}?(?P<b>{amount}){item}|(?P<c>{amount})\s+(?:{word}\s+)?{got}(?!\w))"
    )


def _verb_last(*, amount: str, ordered: str, got: str) -> str:
    """The same where the thing stands before the verb: "chtěli jsme" is first, "պատվիրել էինք" last."""
    word = r"[^\W\d]+"
    suffix = r"(?:-?[^\W\d]{1,2})?"
    return (
        rf"(?<![\w.,:])(?P<a>{amount})\s+(?:{word}\s+){{1,3}}?{ordered}(?!\w)"
        rf"[^.!?։\d]{{1,{_BETWEEN}}}?(?<!\w)"
        rf"(?:(?P<b>{amount}){suffix}\s+(?:{word}\s+)?{got}(?!\w)|{got}\s+(?:{word}\s+)?(?P<c>{amount}){suffix}(?!\w))"
    )
