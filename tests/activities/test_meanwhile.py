"""What others do to an activity while a form about it is open."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.extensions import db
from app.models.activity import Activity
from app.models.outcome import Outcome
from app.models.person import Person
from app.services.activities.locking import ClosedError
from app.services.activities.plan import answer_invitation, invite, withdraw_activity
from app.services.activities.report import Report, report_outcome, standing_report
from app.services.activities.visibility import points_given, whole_activity
from app.services.moderation.decide import hide
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_activity
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]

ANSWERS = {"carried_out": "yes", "rating": "4", "story": "Nio modiga och två barn.", "permission": "internal"}


@pytest.fixture
def activity(cast: Cast) -> Activity:
    return make_activity(cast.alice, planned_for=TODAY - timedelta(days=1))


def test_a_report_does_not_wipe_out_one_that_came_while_it_was_written(
    activity: Activity, cast: Cast, as_: As
) -> None:
    bob = _partner(activity, cast)
    mine, theirs = as_(cast.alice), as_(bob)
    assert 'name="seen"' in mine.get(_url(activity)).text
    assert theirs.post(_url(activity), data=ANSWERS | {"story": "Bob var där."}).status_code == 303
    with unchanged():
        page = mine.post(_url(activity), data=ANSWERS)
    assert page.status_code == 422
    assert "Bob var där." in page.text, "what stands there is shown"
    assert "Nio modiga och två barn." in page.text, "what was written is kept"
    standing = standing_report(activity)
    assert standing
    knowing = mine.post(_url(activity), data=ANSWERS | {"seen": standing.stamp})
    assert knowing.status_code == 303
    outcome = _outcome(activity)
    assert outcome is not None
    assert outcome.story == "Nio modiga och två barn."


def test_a_report_whose_answer_was_lost_may_be_sent_again(activity: Activity, cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    assert alice.post(_url(activity), data=ANSWERS).status_code == 303
    with unchanged():
        assert alice.post(_url(activity), data=ANSWERS).status_code == 303


@pytest.mark.parametrize("end", ["withdraw", "hide"])
def test_a_report_that_crosses_a_withdrawal_or_a_hiding_is_not_taken(
    activity: Activity, cast: Cast, end: str
) -> None:
    alice, cora = cast.alice, cast.cora
    as_it_was = whole_activity(activity.id)
    assert as_it_was
    if end == "withdraw":
        withdraw_activity(as_it_was, by=alice, now=NOW)
    else:
        hide(as_it_was, cora, "tone", "", NOW)
    with pytest.raises(ClosedError):
        report_outcome(as_it_was, Report(carried_out=True, rating=5), by=alice, now=NOW)
    assert _outcome(activity) is None
    assert points_given(activity.id) == 0


def test_an_edit_does_not_undo_what_a_partner_changed_meanwhile(cast: Cast, as_: As) -> None:
    alice, activity = as_(cast.alice), make_activity(cast.alice)
    url = f"/activities/{activity.id}/edit"
    seen = re.search(r'name="seen"[^>]* value="([^"]+)"', alice.get(url).text)
    assert seen
    moved = {
        "title": activity.title,
        "value": "valkomnande",
        "focus_area": "larande",
        "place": "Utomhus",
        "seen": seen[1],
    }
    assert alice.post(url, data=moved).status_code == 303
    with unchanged():
        page = alice.post(url, data=moved | {"place": "Inomhus"})
    assert page.status_code == 422
    assert "Utomhus" in page.text, "what it says now is shown"
    assert 'value="Inomhus"' in page.text, "what was written is kept"
    with unchanged():
        assert alice.post(url, data=moved).status_code == 303, "the same again is a retry"


def _url(activity: Activity) -> str:
    return f"/activities/{activity.id}/outcome"


def _outcome(activity: Activity) -> Outcome | None:
    db.session.expire_all()
    return db.session.get(Outcome, activity.id)


def _partner(activity: Activity, cast: Cast) -> Person:
    alice, bob = cast.alice, cast.bob
    whole = whole_activity(activity.id)
    assert whole
    answer_invitation(invite(whole, bob, by=alice, now=NOW), True, now=NOW)
    db.session.commit()
    return bob
