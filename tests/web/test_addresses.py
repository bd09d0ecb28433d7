"""Whatever stands in an address, the answer is no crash: what cannot be there is a 404, what is rubbish a 400."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models.person import Person
from tests.cast import Cast
from tests.challenge_makers import make_challenge
from tests.factories import make_activity

As = Callable[[Person], FlaskClient]

_TOO_LARGE = 2**31


def test_a_number_that_no_row_has_is_not_there(app: Flask, cast: Cast, as_: As) -> None:
    lead = as_(cast.lena)
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if rule.methods and "GET" in rule.methods and "<int:" in rule.rule
    ]
    assert len(rules) > 8
    for rule in rules:
        for number in (_TOO_LARGE, 2**63, 10**30):
            path = "".join(str(number) if dynamic else text for dynamic, text in rule._trace).lstrip("|")
            assert lead.get(path).status_code == 404, path


@pytest.mark.parametrize(
    "cursor",
    ["99999999999999-1", "253402300800-1", f"1-{_TOO_LARGE}", f"1-{10**20}", "-", "1", "a-b", "1-", "٣-x"],
)
@pytest.mark.parametrize(
    "path", ["/?before=", "/feed/new?since=", "/activities/mine?reported=", "/moderation?after="]
)
def test_a_cursor_that_we_did_not_write_is_refused(path: str, cursor: str, cast: Cast, as_: As) -> None:
    answer = as_(cast.cora).get(path + cursor)
    assert answer.status_code == 400
    assert "Det gick inte" in answer.text


_LISTS = [
    "/?before=", "/activities/mine?unreported=", "/activities/mine?reported=", "/activities/{activity}/spread?after=",
    "/challenges/all?before=", "/challenges/carried-out?value=valkomnande&focus_area=larande&before=",
    "/challenges/{challenge}/activities?before=", "/challenges/reviews?after=", "/inbox?before=", "/me/points?before=",
    "/moderation?after=", "/moderation/log?before=", "/people/{person}?after=", "/tips?after=",
    "/activities/peers?focus_area=larande&shown=1&after=",
]  # fmt: skip


@pytest.mark.parametrize("path", _LISTS)
def test_all_lists_refuse_alike_what_no_page_of_theirs_wrote(path: str, cast: Cast, as_: As) -> None:
    """With a page that says so; no cursor at all is the beginning."""
    numbers = {
        "activity": make_activity(cast.alice).id,
        "challenge": make_challenge().id,
        "person": cast.alice.id,
    }
    lead, address = as_(cast.lena), path.format(**numbers)
    assert lead.get(address).status_code == 200
    for cursor in ("garbage", "-1", "9" * 20, "1-", "%00"):
        answer = lead.get(address + cursor)
        assert (answer.status_code, "Det gick inte" in answer.text, "<html" in answer.text) == (
            400,
            True,
            True,
        )


@pytest.mark.parametrize("path", ["/activities/new?like=", "/moderation?decided="])
def test_a_number_that_is_none_changes_nothing(path: str, cast: Cast, as_: As) -> None:
    cora = as_(cast.cora)
    page = _as_written(cora.get(path.partition("?")[0]).text)
    for number in ("9" * 20, "-1", "x", ""):
        assert _as_written(cora.get(path + number).text) == page


def _as_written(page: str) -> str:
    """The page without what is made anew for each answer: tokens, keys of drafts, and where the reader is."""
    return re.sub(r'(value|content|href|action|key)="[^"]*"', "", page)


@pytest.mark.parametrize("path", ["/join/%00", "/people/search?q=a%00b", "/activities/new?value=%00"])
def test_a_nul_is_refused(path: str, client: FlaskClient) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert "Det gick inte" in answer.text


def test_control_characters_do_not_reach_the_database(cast: Cast, as_: As) -> None:
    activity, alice = make_activity(cast.alice), as_(cast.alice)
    answers = {"carried_out": "no", "story": "Det\0 blev inte\x07 av.\r\nMen snart.", "permission": "none"}
    assert alice.post(f"/activities/{activity.id}/outcome", data=answers).status_code == 303
    page = alice.get(f"/activities/{activity.id}").text
    assert "Det blev inte av." in page
    assert "Men snart." in page
