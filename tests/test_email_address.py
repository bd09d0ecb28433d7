"""One spelling for every e-mail address, and only addresses that mail reaches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.email_address import (
    AddressError,
    Reason,
    canonical,
    canonical_domain,
    canonical_or_none,
    for_display,
)
from app.gateways.mail import Mailer, Message

pytestmark = pytest.mark.house

_ANYTHING = st.text() | st.builds(
    "{}@{}".format,
    st.text(max_size=8) | st.from_regex(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}", fullmatch=True),
    st.sampled_from(["bjuv.se", "Ängelholm.se", "straße.de", "xn--ngelholm-zza.se"]) | st.text(max_size=12),
)


@pytest.mark.parametrize(
    "spelling",
    [
        "anna@ängelholm.se",
        "Anna@ÄNGELHOLM.SE",
        "anna@A\u0308ngelholm.se",
        "anna@xn--ngelholm-zza.se",
        "anna@XN--NGELHOLM-ZZA.SE",
        "anna@ängelholm\uff0ese",
        "anna@ängelholm\u3002se",
        "anna@ängelholm.se.",
        "anna\uff20ängelholm.se",
        "\uff41nna@ängelholm.se",
        " \u200banna@ängelholm.se\ufeff\u00a0\n",
        "\u2066anna@ängelholm.se\u2069",
        "\u3164anna@ängelholm.se\u2800",
    ],
)
def test_every_spelling_of_an_address_is_one(spelling: str) -> None:
    assert canonical(spelling) == "anna@xn--ngelholm-zza.se"


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("", Reason.MALFORMED),
        ("anna", Reason.MALFORMED),
        ("@bjuv.se", Reason.MALFORMED),
        ("anna@bjuv", Reason.MALFORMED),
        ("anna@b_juv.se", Reason.MALFORMED),
        ("anna@127.0.0.1", Reason.MALFORMED),
        ("anna@[127.0.0.1]", Reason.MALFORMED),
        ("anna(ek)@bjuv.se", Reason.MALFORMED),
        ('"anna ek"@bjuv.se', Reason.MALFORMED),
        ("anna..ek@bjuv.se", Reason.MALFORMED),
        ("anna@xn--zzzzzz99.se", Reason.MALFORMED),
        ("anna@bjuv.se, bo@bjuv.se", Reason.MALFORMED),
        ("anna@\U0001f600.se", Reason.MALFORMED),
        ("åsa@bjuv.se", Reason.LETTERS_BEFORE_AT),
        ("аnna@bjuv.se", Reason.LETTERS_BEFORE_AT),
        ("an\u200bna@bjuv.se", Reason.HIDDEN_CHARACTER),
        ("anna@bju\u00adv.se", Reason.HIDDEN_CHARACTER),
        ("anna@bjuv\u202e.se", Reason.HIDDEN_CHARACTER),
        ("an\x00na@bjuv.se", Reason.HIDDEN_CHARACTER),
        (f"{'a' * 65}@bjuv.se", Reason.TOO_LONG),
        ("anna@" + "\u200bb" * 100_000, Reason.TOO_LONG),
        (f"anna@{'.'.join(['b' * 60] * 4)}.bjuv.se", Reason.TOO_LONG),
    ],
)
def test_what_no_mail_reaches_is_refused_with_its_reason(address: str, reason: Reason) -> None:
    with pytest.raises(AddressError) as refused:
        canonical(address)
    assert refused.value.reason is reason
    assert canonical_or_none(address) is None


@given(_ANYTHING)
def test_a_spelling_is_final_ascii_and_shown_as_one_that_means_the_same(address: str) -> None:
    spelling = canonical_or_none(address)
    if spelling:
        assert spelling.isascii()
        assert spelling == spelling.lower() == canonical(spelling)
        assert canonical(for_display(spelling)) == spelling
        assert spelling.rpartition("@")[2] == canonical_domain(spelling.rpartition("@")[2])


@given(_ANYTHING)
def test_whoever_has_an_address_can_be_mailed(address: str) -> None:
    spelling = canonical_or_none(address)
    if spelling:
        mailer = Mailer.from_url("file:///nowhere", "Eldsjäl <eldsjal@example.se>")
        letter = mailer._compose(Message(spelling, "Din kod", "123 456"))
        assert letter.recipient == spelling
        head, _, _text = letter.content.partition(b"\r\n\r\n")
        assert f"To: {spelling}".encode() in head.replace(b"\r\n ", b" ")


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("anna@xn--ngelholm-zza.se", "anna@ängelholm.se"),
        ("xn--strae-oqa.de", "straße.de"),
        ("anna@bjuv.se", "anna@bjuv.se"),
        ("anna@xn--zzzzzz99.se", "anna@xn--zzzzzz99.se"),
        ("anna", "anna"),
        ("", ""),
    ],
)
def test_people_see_the_letters_that_they_write(stored: str, shown: str) -> None:
    assert for_display(stored) == shown
