"""What was released of a survey, in the analysis of its stage: on the page and for other tools."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.models.person import Person
from tests.cast import Cast
from tests.factories import make_activity
from tests.released_surveys import ALONE, cell, make_released

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]
_NOTHING: dict[str, Any] = {
    **dict.fromkeys(("engagement", "understanding", "use", "n")),
    "at_limit": {},
    "suppressed": True,
}
_NO_ASSOCIATIONS: dict[str, Any] = {
    **dict.fromkeys(("positive", "neutral", "negative", "words")),
    "others": {"count": None, "suppressed": True},
    "at_limit": {},
    "suppressed": True,
}


def read(client: FlaskClient) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", client.get("/insights/stages/2").text))


def figures(client: FlaskClient) -> dict[str, Any]:
    answer: dict[str, Any] = client.get("/insights/stages/2.json").json or {}
    return answer


@pytest.mark.parametrize("role", ["stig", "lena", "cora"])
@pytest.mark.parametrize("planned", [True, False], ids=["with activities", "before the first plan"])
def test_the_page_has_indices_and_balance_beside_those_before(
    cast: Cast, as_: As, role: str, planned: bool
) -> None:
    if planned:
        make_activity(cast.alice)
    make_released(1, ALONE, figures=(50, 50, 40), balance=(51, 16, 33))
    make_released(2)
    text = read(as_(getattr(cast, role)))
    assert "213 svar." in text
    assert "Upp från 50 i etapp 1." in text
    assert "Ungefär som i etapp 1, 50." in text
    assert "62 % positivt var 51 %" in text
    assert "Gemenskap" not in text, "the words stand with the results"


def test_the_page_says_what_is_withheld_and_what_was_never_released(cast: Cast, as_: As) -> None:
    stig = as_(cast.stig)
    assert "Inget är släppt av etappens mätning." in read(stig)
    make_released(2, [], words=None)
    text = read(stig)
    assert "Så få svarade att inget index får visas. Det är inte noll, det är dolt." in text
    assert "balansen inte visas" in text


def test_the_json_has_what_was_released(cast: Cast, as_: As) -> None:
    make_released(2, [cell("bjuv", n=8, figures=(75, 50, 25)), cell("klippan", "helsingborg", n=11)])
    got = figures(as_(cast.stig))
    associations = got["associations"]
    words = associations.pop("words")
    assert associations == {
        "positive": 0.62,
        "neutral": 0.13,
        "negative": 0.25,
        "others": {"count": 248, "suppressed": False},
        "at_limit": {},
        "suppressed": False,
    }
    assert words[0] == {"word": "Gemenskap", "count": 58, "sentiment": "positive"}
    of_all = {"engagement": 60, "understanding": 50, "use": 40}
    assert got["indices"] == {**of_all, "n": 19, "at_limit": {}, "suppressed": False}
    assert got["municipalities"]["bjuv"]["indices"] == {
        "engagement": 75,
        "understanding": 50,
        "use": 25,
        "n": 8,
        "at_limit": {"engagement": "most", "use": "least"},
        "suppressed": False,
    }


def test_in_the_json_a_municipality_that_does_not_stand_alone_is_suppressed(cast: Cast, as_: As) -> None:
    make_released(2, [cell("bjuv"), cell("klippan", "helsingborg", n=11)])
    got = figures(as_(cast.stig))
    assert got["municipalities"]["klippan"]["indices"] == _NOTHING
    assert got["municipalities"]["helsingborg"]["indices"] == _NOTHING
    others = got["other_municipalities"]
    assert (others["municipalities"], others["indices"]["n"]) == (["helsingborg", "klippan"], 11)


def test_in_the_json_what_is_withheld_is_null_and_says_so(cast: Cast, as_: As) -> None:
    make_released(2, [], words=None)
    got = figures(as_(cast.stig))
    assert got["indices"] == _NOTHING
    assert {group["indices"]["suppressed"] for group in got["municipalities"].values()} == {True}
    assert got["associations"] == _NO_ASSOCIATIONS


def test_in_the_json_no_municipality_has_associations_and_that_is_said(cast: Cast, as_: As) -> None:
    make_released()
    municipalities = figures(as_(cast.stig))["municipalities"]
    assert [group["associations"] for group in municipalities.values()] == [_NO_ASSOCIATIONS] * 3


@pytest.mark.parametrize(
    "withheld",
    [
        {"cells": [cell("bjuv"), cell("klippan", "helsingborg", n=11)]},
        {"cells": []},
        {"words": None},
        {"words": ()},
        {"others": None},
    ],
    ids=str,
)
def test_in_the_json_suppressed_stands_beside_every_null_and_only_there(
    cast: Cast, as_: As, withheld: dict[str, Any]
) -> None:
    """In the same object, for whatever is withheld; and of any other kind of null there is none."""
    make_released(2, **withheld)
    got = figures(as_(cast.stig))
    measured = [got["associations"], got["indices"], (got["other_municipalities"] or {}).get("indices")]
    for group in got["municipalities"].values():
        measured += [group["associations"], group["indices"]]
    measured += [one["others"] for one in measured if one and "others" in one]
    assert [one for one in measured if one and one["suppressed"] != (None in one.values())] == []


def test_in_the_json_a_rest_of_few_words_is_suppressed_alone(cast: Cast, as_: As) -> None:
    make_released(2, others=None)
    associations = figures(as_(cast.stig))["associations"]
    assert associations["others"] == {"count": None, "suppressed": True}
    assert not associations["suppressed"]


def test_in_the_json_what_was_never_measured_is_null_and_not_suppressed(cast: Cast, as_: As) -> None:
    got = figures(as_(cast.stig))
    assert got["associations"] is got["indices"] is got["other_municipalities"] is None
    of_places = got["municipalities"].values()
    assert {group[key] for group in of_places for key in ("associations", "indices")} == {None}
    make_released(2, ALONE[1:])
    assert figures(as_(cast.stig))["municipalities"]["bjuv"]["indices"] is None, "it came later"


def test_a_participant_reads_none_of_it(cast: Cast, as_: As) -> None:
    make_released(2)
    for path in ("/insights/stages/2", "/insights/stages/2.json"):
        answer = as_(cast.alice).get(path)
        assert (answer.status_code, "Gemenskap" in answer.text) == (403, False)
