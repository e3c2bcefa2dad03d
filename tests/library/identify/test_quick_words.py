from forvent.identify.quick_words import quick_lists, quick_words


def test_never_misses_a_word_that_is_there() -> None:
    look = quick_words(["day", "weeks", "end of week", "arriv*", "h", "pr*"], spaced=True)
    for text in (
        "One day.",
        "a DAY, or so",
        "(day)",
        "two weeks",
        "arriving",
        "a two-day wait",
        "3 h",
        "praised",
        "day?!",
    ):
        assert look.may_be_in(text), text


def test_rules_out_what_has_none_of_the_words() -> None:
    look = quick_words(["day", "weeks"], spaced=True)
    assert not look.may_be_in("The soup was lovely.")
    assert not look.may_be_in("3 spoons")
    assert quick_words(["day"], spaced=True, digits=True).may_be_in("3 spoons")


def test_looks_at_signs_where_a_script_has_no_blanks() -> None:
    look = quick_words(["天", "小时"], spaced=False)
    assert look.may_be_in("等了三天")
    assert not look.may_be_in("味道不错")


def test_tells_which_lists_have_a_word_in_the_text() -> None:
    look = quick_lists([["promis*", "site"], ["friend"], ["of", "out of the", "“", ",-"]], spaced=True)
    assert look.lists_in("They promised it.") == 1
    assert look.lists_in("A friend of the site") == 7
    assert look.lists_in("“Fresh”") == look.lists_in("250,- kr") == 4
    assert look.lists_in("The soup, out now") == 0


def test_accents_make_no_difference() -> None:
    look = quick_words(["týdn*", "což"], spaced=True)
    assert look.may_be_in("tri tydny")
    assert look.may_be_in("cOZ?")


def test_latin_words_are_words_in_scripts_without_blanks_too() -> None:
    look = quick_words(["天", "km"], spaced=False)
    assert look.may_be_in("5km")
    assert not look.may_be_in("两kmx")
