"""Numbers with a check digit: cards, accounts, and the ids that states give people."""

from __future__ import annotations

from datetime import date

_IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29,
    "BY": 28,
    "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24,
    "FI": 18,
    "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28,
    "IE": 22,
    "IL": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LI": 21, "LT": 20, "LU": 20,
    "LV": 21,
    "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PT": 25,
    "QA": 29,
    "RO": 24, "RS": 22, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26, "UA": 29,
    "XK": 20,
}  # fmt: skip
_CARD_STARTS = (
    ("4", (13, 16, 19)), ("51", (16,)), ("52", (16,)), ("53", (16,)), ("54", (16,)),
    ("55", (16,)), ("34", (15,)),
    ("37", (15,)), ("22", (16,)), ("23", (16,)), ("24", (16,)), ("25", (16,)), ("26", (16,)), ("27", (16,)),
    ("6011", (16,)), ("64", (16,)), ("65", (16,)), ("62", (16, 17, 18, 19)), ("35", (16,)), ("36", (14,)),
    ("38", (14,)), ("30", (14,)), ("50", (16, 18, 19)), ("56", (16,)), ("58", (16,)),
    ("60", (16,)), ("63", (16,)),
    ("67", (16, 18, 19)), ("9051", (16,)), ("9112", (16,)),
)  # fmt: skip
_FODSELSNUMMER = ((3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))
_ISIKUKOOD = ((1, 2, 3, 4, 5, 6, 7, 8, 9, 1), (3, 4, 5, 6, 7, 8, 9, 1, 2, 3))
_SHENFENZHENG = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def is_card(digits: str) -> bool:
    """True for a number of a payment card: a known beginning and length, and Luhn's check digit."""
    if not any(digits.startswith(start) and len(digits) in lengths for start, lengths in _CARD_STARTS):
        return False
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2]]
    return len(set(digits)) > 1 and (sum(doubled) + sum(map(int, digits[-1::-2]))) % 10 == 0


def iban_length(country: str) -> int | None:
    """How many signs the accounts of a country have."""
    return _IBAN_LENGTHS.get(country)


def is_iban(account: str) -> bool:
    """True for an account number whose checksum (ISO 13616) is right; capitals, no blanks."""
    if len(account) != _IBAN_LENGTHS.get(account[:2]):
        return False
    return int("".join(str(int(sign, 36)) for sign in account[4:] + account[:4])) % 97 == 1


def is_personal_id(digits: str) -> bool:
    """True for a Czech, Norwegian, Estonian or Chinese id of a person with a possible day of birth."""
    if len(digits) == 10:
        return _is_rodne_cislo(digits)
    if len(digits) == 11:
        return _is_fodselsnummer(digits) or _is_isikukood(digits)
    return len(digits) == 18 and _is_shenfenzheng(digits)


def is_born(digits: str) -> bool:
    """True where the first six digits of a Czech id are a day of birth; the old ids have no check digit."""
    month = int(digits[2:4])
    plain = next((month - plus for plus in (70, 50, 20, 0) if 1 <= month - plus <= 12), 0)
    return _is_day(1904 + (int(digits[:2]) - 4) % 100, plain, int(digits[4:6]))


def _is_rodne_cislo(digits: str) -> bool:
    rest = int(digits[:9]) % 11 % 10
    return is_born(digits) and rest == int(digits[9])


def _is_fodselsnummer(digits: str) -> bool:
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    # D and H numbers add forty to the day or the month.
    if not _is_day(2000 + year, month - 40 * (month > 40), day - 40 * (day > 40)):
        return False
    return all(
        (11 - sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=False)) % 11) % 11
        == int(digits[len(weights)])
        for weights in _FODSELSNUMMER
    )


def _is_isikukood(digits: str) -> bool:
    if not "1" <= digits[0] <= "8":
        return False
    century = 1800 + (int(digits[0]) - 1) // 2 * 100
    if not _is_day(century + int(digits[1:3]), int(digits[3:5]), int(digits[5:7])):
        return False
    rests = [
        sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=False)) % 11
        for weights in _ISIKUKOOD
    ]
    check = next((rest for rest in rests if rest < 10), 0)
    return check == int(digits[10])


def _is_shenfenzheng(digits: str) -> bool:
    if not _is_day(int(digits[6:10]), int(digits[10:12]), int(digits[12:14])) or digits[6:8] not in (
        "18",
        "19",
        "20",
    ):
        return False
    rest = sum(weight * int(digit) for weight, digit in zip(_SHENFENZHENG, digits, strict=False)) % 11
    return "10X98765432"[rest] == digits[17].upper()


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
