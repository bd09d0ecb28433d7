"""Du och dina grannar: only who wants to, only the nearest, no places."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from app.extensions import db
from app.models.ledger import PeerTotal
from app.models.person import Person, Role
from app.models.programme import Programme
from app.services.people.membership import leave, set_role
from app.services.points.neighbours import neighbourhood, show, stop_showing
from app.services.upkeep.audit import verify
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_outcome, make_person, stage

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]
PAGE = "/leaderboard/people"


def with_points(name: str, plans: int, *, shown: bool = True) -> Person:
    person = make_person(name, ranked=shown)
    for _ in range(plans):
        make_activity(person)
    return person


def test_two_above_and_two_below_are_shown(cast: Cast) -> None:
    for number in range(4):
        with_points(f"Under {number}", 1)
        make_outcome(make_activity(with_points(f"Over {number}", 0)))
    me = with_points("Mitt i", 2)
    near = neighbourhood(me, stage().id)
    assert [one.points for one in near.above] == [60, 60]
    assert [one.points for one in near.below] == [10, 10]
    assert near.me.points == 20


def test_where_nobody_is_in_it_says_so_and_counts_none(cast: Cast, as_: As) -> None:
    page = as_(cast.alice).get(PAGE).text
    assert "Ingen är med än." in page
    assert "0 av" not in page


def test_who_is_not_in_sees_nobody_and_can_join(cast: Cast, as_: As) -> None:
    with_points("Ove Ott", 1)
    browser = as_(cast.alice)
    assert "Ove Ott" not in browser.get(PAGE).text
    assert "Ingen ser dina poäng." in browser.get(PAGE).text
    assert browser.post(f"{PAGE}/presence").location == PAGE
    page = browser.get(PAGE).text
    assert "Ove Ott" in page
    assert "2 av 2 är med." in page


def test_who_switches_it_off_is_gone_at_once(cast: Cast, as_: As) -> None:
    ove = with_points("Ove Ott", 1)
    cast.alice.ranked = True
    db.session.commit()
    as_(ove).post(f"{PAGE}/absence")
    assert "Ove Ott" not in as_(cast.alice).get(PAGE).text
    assert list(db.session.scalars(select(PeerTotal.person_id))) == []


def test_points_from_before_count_and_later_ones_are_added(cast: Cast) -> None:
    make_activity(cast.alice)
    show(cast.alice)
    show(cast.alice)
    make_activity(cast.alice)
    assert neighbourhood(cast.alice, stage().id).me.points == 20
    assert verify() == []


def test_taps_on_two_devices_change_it_once(cast: Cast) -> None:
    make_activity(cast.alice)
    for step, ranked in ((show, True), (stop_showing, False)):
        step(cast.alice)
        db.session.commit()
        # As the other request has read it.
        set_committed_value(cast.alice, "ranked", not ranked)
        step(cast.alice)
        db.session.commit()
        assert (cast.alice.ranked, verify()) == (ranked, [])


def test_who_shows_and_hides_themselves_at_once_is_one_or_the_other(cast: Cast) -> None:
    make_activity(cast.alice)
    show(cast.alice)
    db.session.commit()
    set_committed_value(cast.alice, "ranked", False)  # as the other request has read it
    stop_showing(cast.alice)
    db.session.commit()
    assert (cast.alice.ranked, verify()) == (False, [])


def test_nobody_who_has_left_or_joined_the_office_is_shown(cast: Cast) -> None:
    gone, lead = with_points("Gerd Gren", 1), with_points("Lars Ledare", 1)
    leave(gone, now=NOW)
    set_role(lead, Role.LEAD, now=NOW)
    me = with_points("Mitt i", 1)
    near = neighbourhood(me, stage().id)
    assert (near.above, near.below) == ([], [])
    assert (gone.ranked, lead.ranked, verify()) == (False, False, [])


def test_the_office_is_not_in_it(cast: Cast, as_: As) -> None:
    browser = as_(cast.lena)
    assert "Programkontoret får inga poäng" in browser.get(PAGE).text
    for act in ("presence", "absence"):
        assert browser.post(f"{PAGE}/{act}").status_code == 403
    with pytest.raises(ValueError, match="participants"):
        show(cast.lena)


def test_it_is_not_there_unless_the_programme_wants_it(cast: Cast, as_: As) -> None:
    db.session.get_one(Programme, 1).leaderboard = {"smallest": 1}
    db.session.commit()
    browser = as_(cast.alice)
    assert browser.get(PAGE).status_code == 404
    for act in ("presence", "absence"):
        assert browser.post(f"{PAGE}/{act}").status_code == 404
    assert PAGE not in browser.get("/leaderboard").text + browser.get("/settings").text


def test_stopping_twice_is_as_stopping_once(cast: Cast) -> None:
    stop_showing(cast.alice)
    stop_showing(cast.alice)
    assert not cast.alice.ranked


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/presence", f"{PAGE}/absence"])
def test_strangers_are_sent_to_sign_in(client: FlaskClient, path: str) -> None:
    answer = client.get(path) if path == PAGE else client.post(path)
    assert (answer.location or "").startswith("/login")
