"""A programme whose stages are numbered 1 and 3: the one before is the one that there is."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from app.extensions import db
from app.models.stage import Phase, Stage
from app.services.stages.advance import next_phase
from app.web.catalogue import catalogue
from tests.cast import Cast
from tests.factories import TODAY, make_activity, make_outcome, stage

As = Callable[..., FlaskClient]


@pytest.fixture
def third(cast: Cast) -> Stage:
    """Stage 2 of the small programme, renumbered."""
    second = stage(2)
    second.number = 3
    db.session.commit()
    return second


def test_the_stage_before_is_found_across_the_gap(third: Stage) -> None:
    first = third.find_previous()
    assert first is not None
    assert first.number == 1
    assert first.find_previous() is None
    kept = catalogue()
    before = kept.stage_before(next(one for one in kept.stages if one.number == 3))
    assert before is not None
    assert before.number == 1


def test_a_stage_waits_for_the_one_before_it_across_the_gap(third: Stage) -> None:
    first = stage(1)
    first.learn_on, first.end_on = date(2026, 12, 1), date(2026, 12, 20)
    third.measure_on = third.activate_on = third.learn_on = third.end_on = date(2027, 1, 4)
    db.session.flush()
    assert next_phase(third, TODAY) is None
    first.learn_on = first.end_on = TODAY
    db.session.flush()
    assert next_phase(third, TODAY) == Phase.MEASURE


def test_the_analysis_stands_beside_the_stage_before(third: Stage, cast: Cast, as_: As) -> None:
    make_outcome(make_activity(cast.alice, stage=stage(1), planned_for=date(2026, 3, 2)))
    make_outcome(make_activity(cast.alice, stage=third, planned_for=TODAY))
    page = as_(cast.stig).get("/insights/stages/3").text
    assert "Etapp 1:" in page
    assert "Etapp 1:" not in as_(cast.stig).get("/insights/stages/1").text
