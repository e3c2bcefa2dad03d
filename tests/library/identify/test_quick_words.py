from forvent.identify.quick_words import quick_words


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
