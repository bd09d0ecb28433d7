"""One plan as a file for one's own calendar."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from app.extensions import db
from app.models.activity import Activity
from app.models.person import Person
from app.services.activities.plan import withdraw_activity
from app.services.moderation.decide import hide
from app.text import one_line, trimmed
from app.web.calendar_file import calendar_to_keep
from app.web.plan_entry import entry_of_plan
from tests.calendar_makers import entries_in
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_activity, make_joint, make_outcome

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]
_numbers = count(1)


def _only(file: bytes) -> Event:
    (entry,) = entries_in(file).values()
    return entry


def test_whoever_may_see_the_page_may_have_it(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice, title="Öppet hus, på natten!")
    for person in (cast.alice, cast.bob, cast.stig):
        answer = as_(person).get(f"/activities/{activity.id}.ics")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert answer.headers["Content-Disposition"] == "attachment; filename=oppet-hus-pa-natten.ics"
        assert answer.headers["Cache-Control"] == "private, no-cache"
        calendar = Calendar.from_ical(answer.data)
        assert calendar.method == "PUBLISH"
        entry = _only(answer.data)
        assert entry.summary == "Öppet hus, på natten!"
        assert entry.uid == f"activity-{activity.id}@localhost", "the same as in their own calendar"
        assert entry.stamp == NOW


def test_a_title_without_letters_gives_a_name_all_the_same(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice, title="🎉 ≠ !")
    answer = as_(cast.alice).get(f"/activities/{activity.id}.ics")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=activity-{activity.id}.ics"


def test_what_one_may_not_see_is_not_there(cast: Cast, as_: As) -> None:
    hidden = make_activity(cast.alice)
    hide(hidden, cast.cora, "tone", "", NOW)
    withdrawn = make_activity(cast.alice)
    withdraw_activity(withdrawn, by=cast.alice, now=NOW)
    db.session.commit()
    for person in (cast.bob, cast.alice):
        for activity in (hidden, withdrawn):
            assert as_(person).get(f"/activities/{activity.id}.ics").status_code == 404
    assert as_(cast.bob).get("/activities/999999.ics").status_code == 404


def test_what_has_no_day_is_not_there(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice, planned_for=None)
    assert as_(cast.alice).get(f"/activities/{activity.id}.ics").status_code == 404


def test_strangers_are_sent_to_sign_in(cast: Cast, client: FlaskClient) -> None:
    activity = make_activity(cast.alice)
    answer = client.get(f"/activities/{activity.id}.ics")
    assert answer.status_code == 303
    assert "/login" in answer.location


def test_the_page_of_an_open_plan_whose_day_is_to_come_leads_there(cast: Cast, as_: As) -> None:
    joint = make_joint(cast.alice, cast.bob)
    for person in (cast.alice, cast.bob, cast.charlie):
        page = as_(person).get(f"/activities/{joint.id}").text
        assert f'href="/activities/{joint.id}.ics"' in page
        assert "Lägg i kalendern" in page
    someday, done = make_activity(cast.alice, planned_for=None), make_activity(cast.alice)
    passed = make_activity(cast.alice, planned_for=TODAY - timedelta(days=1))
    make_outcome(done)
    for activity in (someday, passed, done):
        assert "Lägg i kalendern" not in as_(cast.alice).get(f"/activities/{activity.id}").text


_TEXTS = st.text(max_size=120)
#: The nights on which an hour is left out or comes twice, and those around them.
_DAYS = st.one_of(
    st.dates(date(2027, 3, 26), date(2027, 3, 30)),
    st.dates(date(2027, 10, 29), date(2027, 11, 2)),
    st.dates(date(2026, 1, 1), date(2030, 12, 31)),
)
_TIMES = st.none() | st.sampled_from([time(0), time(2, 30), time(23, 59)]) | st.times()


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=_TEXTS.filter(one_line), place=_TEXTS, audience=_TEXTS, day=_DAYS, starts_at=_TIMES)
@example("Fika; kaka, te\\n🎉", "Torget\nvid kyrkan", "a:b", date(2027, 3, 28), time(2, 30))
@example("BEGIN:VEVENT\r\nUID:x", "\u2028\x85\x00", "\ud800\x0b", date(2027, 10, 31), time(2, 30))
@example(r"C:\Nytt", r"\n", "", date(2027, 3, 28), time(0))
def test_whatever_is_planned_is_read_back(
    app: Flask, title: str, place: str, audience: str, day: date, starts_at: time | None
) -> None:
    starts_at = starts_at and starts_at.replace(second=0, microsecond=0)
    plan: dict[str, Any] = {"title": title, "place": place, "audience": audience, "success_sign": ""}
    activity = Activity(
        **plan,
        id=next(_numbers),
        owner_id=1,
        planned_for=day,
        starts_at=starts_at,
        changed_at=NOW,
        outcome=None,
    )
    with app.test_request_context():
        made = entry_of_plan(activity)
        assert made
        file = calendar_to_keep(made, NOW)
    entry = _only(file)
    assert entry.summary == one_line(title).replace(r"\N", "/N")
    assert (entry.location or "") == one_line(place).replace(r"\N", "/N")
    assert (entry.description or "").endswith(f"http://localhost/activities/{activity.id}")
    if trimmed(audience):
        assert entry.description.startswith("För vem: ") or entry.description.startswith("For whom: ")
    assert _span(entry) == _expected(day, starts_at)
    _is_well_formed(file)


def _span(entry: Event) -> tuple[object, object]:
    return entry.start, entry.end


def _expected(day: date, starts_at: time | None) -> tuple[object, object]:
    """By hand: Stockholm is an hour ahead, two in summer, which ends and begins at 01.00 UTC on the last Sundays."""
    if starts_at is None:
        return day, day + timedelta(days=1)
    wall = datetime.combine(day, starts_at, UTC)
    summer = [wall.replace(month=month, day=31, hour=1, minute=0) for month in (3, 10)]
    begins, ends = (moment - timedelta(days=(moment.weekday() + 1) % 7) for moment in summer)
    # Of the hour that is left out both readings name no moment; of the one that comes twice, the first is meant.
    ahead = 2 if begins + timedelta(hours=2) <= wall < ends + timedelta(hours=2) else 1
    start = wall - timedelta(hours=ahead)
    return start, start + timedelta(hours=1)


def _is_well_formed(file: bytes) -> None:
    """Lines of at most 75 octets that end as they should, and nothing in them that nobody can see."""
    lines = file.split(b"\r\n")
    assert lines.pop() == b""
    assert max(len(line) for line in lines) <= 75
    text = file.decode()
    assert [sign for sign in text.replace("\r\n", "") if sign < " " and sign != "\t"] == []
    assert text.count("BEGIN:VEVENT\r\n") == text.count("END:VEVENT\r\n") == 1
