"""The programme office: only for leads."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.notification import Notification
from app.models.person import Person
from app.models.stage import Phase, StageEvent
from app.services.stages.run_playbook import run_playbook
from tests.cast import Cast
from tests.factories import NOW, TODAY, stage
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]
PAGES = ("/admin", "/admin/stages", "/admin/stages/2")


@pytest.mark.parametrize("path", PAGES)
def test_leads_see_the_office_and_others_do_not(cast: Cast, as_: As, client: FlaskClient, path: str) -> None:
    assert as_(cast.lena).get(path).status_code == 200
    for person in (cast.alice, cast.cora, cast.stig):
        assert as_(person).get(path).status_code == 403
    assert "/login" in client.get(path).location


def test_the_overview_names_stages_people_and_the_ways_in(cast: Cast, as_: As) -> None:
    _ = cast.alice
    page = as_(cast.lena).get("/admin").get_data(True)
    assert "Över gränsen" in page
    assert "/join/join-bjuv" in page
    assert "2 deltagare är med." in page


def test_before_a_stage_is_moved_the_page_says_what_will_happen(cast: Cast, as_: As) -> None:
    _ = cast.alice, cast.bob
    page = as_(cast.lena).get("/admin/stages/2").get_data(True)
    assert "Byt fas till Lära i dag" in page
    assert "Nu lär vi av varandra" in page
    assert "till 2 personer" in page
    assert 'name="to" type="hidden" value="learn"' in page


def test_a_lead_moves_the_stage_and_everyone_is_told(cast: Cast, as_: As) -> None:
    _ = cast.alice, cast.cora
    answer = as_(cast.lena).post("/admin/stages/2/advance", data={"to": "learn"})
    assert (answer.status_code, answer.location) == (303, "/admin/stages/2")
    assert stage().learn_on == TODAY
    event = db.session.scalars(select(StageEvent).order_by(StageEvent.id.desc())).first()
    assert event
    assert (event.phase, event.by_id) == (Phase.LEARN, cast.lena.id)
    run_playbook(NOW, commit=db.session.commit)
    recipients = set(db.session.scalars(select(Notification.person_id)))
    assert recipients == {cast.alice.id, cast.cora.id, cast.lena.id}


def test_a_double_tap_moves_it_once(cast: Cast, as_: As) -> None:
    lena = as_(cast.lena)
    lena.post("/admin/stages/2/advance", data={"to": "learn"})
    again = lena.post("/admin/stages/2/advance", data={"to": "learn"}, follow_redirects=True)
    assert "Det var redan gjort." in again.get_data(True)
    moved = select(StageEvent.phase).where(StageEvent.by_id == cast.lena.id)
    assert db.session.scalars(moved).all() == ["learn"]


def test_the_script_is_led_back_to_the_stage(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    answer = as_(cast.lena).post("/admin/stages/2/advance", data={"to": "learn"}, headers=hx)
    assert answer.headers["HX-Redirect"] == "/admin/stages/2"


@pytest.mark.parametrize("to", ["", "upcoming", "party"])
def test_a_phase_that_does_not_exist_is_refused(cast: Cast, as_: As, to: str) -> None:
    lena = as_(cast.lena)
    with unchanged():
        assert lena.post("/admin/stages/2/advance", data={"to": to}).status_code == 422


def test_only_leads_move_stages(cast: Cast, as_: As, client: FlaskClient) -> None:
    others, lena = [as_(person) for person in (cast.alice, cast.cora, cast.stig)], as_(cast.lena)
    with unchanged():
        for other in others:
            assert other.post("/admin/stages/2/advance", data={"to": "learn"}).status_code == 403
        assert "/login" in client.post("/admin/stages/2/advance", data={"to": "learn"}).location
        assert lena.post("/admin/stages/9/advance", data={"to": "learn"}).status_code == 404


def test_an_ended_stage_has_no_button(cast: Cast, as_: As) -> None:
    page = as_(cast.lena).get("/admin/stages/1").get_data(True)
    assert "Etappen är avslutad." in page
    assert "/advance" not in page
