"""Every format is made of the snapshot alone, so that what cannot be told from it cannot be told from all of them.

What goes out to the pages is read back here and is the snapshot. That the pages themselves add nothing to it is shown
by reading them (test_pages), and over all addresses, byte by byte, by test_swaps: from the same snapshot, whoever
answered what, come the same bytes.
"""

from pathlib import Path
from typing import Any, Final

import pytest
from flask import Flask

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.services.survey.publication import PUBLICATIONS, Published, UnregisteredError, published
from tests.factories import stage
from tests.survey.proofs.rank import functionals, too_small
from tests.survey_makers import close_now, make_survey, people_answer

_APP: Final = Path(__file__).resolve().parents[3] / "app"
#: What may read or write a survey's snapshot. All else asks `published`, under the name of its row.
_AT_THE_SNAPSHOT: Final = {
    "models/survey.py",
    "services/survey/closing.py",
    "services/survey/publication.py",
}


def _read_back(shown: Published) -> dict[str, Any]:
    """What a page can say, in the form of a snapshot."""
    return {
        "cells": [
            {
                "municipalities": sorted(cell.slugs),
                "n": cell.n,
                "indices": {group: index.value for group, index in cell.indices.items()},
            }
            for cell in shown.cells
        ],
        "indices": shown.indices,
        "words": shown.words
        and [{"word": one.word, "count": one.count, "sentiment": one.sentiment.value} for one in shown.words],
        "others": shown.others,
        "balance": shown.balance
        and {one: {"value": index.value, "at": index.at} for one, index in shown.balance.items()},
    }


@pytest.mark.parametrize("endpoint", PUBLICATIONS)
@pytest.mark.parametrize("counts", [(7, 9, 20), (3, 5, 30), (1, 1, 5), (2, 20, 30)])
def test_what_goes_out_is_the_snapshot(
    app: Flask, keys: SurveyKeys, endpoint: str, counts: tuple[int, int, int]
) -> None:
    places = ("bjuv", "klippan", "helsingborg")
    survey = make_survey(keys)
    people_answer(survey, **dict(zip(places, counts, strict=True)))
    close_now(survey, keys)
    shown = published(endpoint, stage())
    assert shown
    assert _read_back(shown) == survey.snapshot
    assert too_small(functionals(_read_back(shown), places), counts, 6) == []
    assert shown.n == (sum(cell.n for cell in shown.cells) or None)


def test_without_a_row_in_the_register_nothing_goes_out(app: Flask) -> None:
    with pytest.raises(UnregisteredError):
        published("survey.export", stage())


def test_nothing_goes_out_before_it_is_closed(app: Flask, keys: SurveyKeys) -> None:
    people_answer(make_survey(keys), bjuv=7, klippan=9, helsingborg=20)
    db.session.commit()
    assert [published(endpoint, stage()) for endpoint in PUBLICATIONS] == [None] * len(PUBLICATIONS)


def test_nothing_goes_past_the_register() -> None:
    readers = {
        str(path.relative_to(_APP))
        for path in [*_APP.rglob("*.py"), *_APP.rglob("*.html")]
        if ".snapshot" in path.read_text(encoding="utf-8")
    }
    assert readers <= _AT_THE_SNAPSHOT
