"""A stage's playbook as a lead sees it: the calendar, a step's switch and its text."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.notification import Notification
from app.models.person import Person, Role
from app.models.playbook import PlaybookRun, StepOff, StepText
from app.services.notifications.inbox import mark_read
from app.services.notifications.kinds import words_of
from app.services.stages.run_playbook import run_playbook
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_activity, make_person, stage
from tests.push import sign_in_device, subscribed
from tests.push_service import PushService
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]
DAY = timedelta(days=1)
BOOK = "/admin/stages/2/playbook"
STEP = f"{BOOK}/day-after"
WORDS = {
    "title_sv": "Hur blev det?",
    "body_sv": "%(title)s: 100 % klart?",
    "title_en": "",
    "body_en": "",
    "seen": "",
}


def run() -> None:
    run_playbook(NOW, commit=db.session.commit)


def the_text() -> StepText | None:
    db.session.expire_all()
    return db.session.get(StepText, (stage().id, "day-after"))


@pytest.mark.parametrize("path", [BOOK, STEP, f"{STEP}/preview"])
def test_leads_see_it_and_others_do_not(cast: Cast, as_: As, client: FlaskClient, path: str) -> None:
    assert as_(cast.lena).get(path).status_code == 200
    for person in (cast.alice, cast.cora, cast.stig):
        assert as_(person).get(path).status_code == 403
    assert "/login" in client.get(path).location


@pytest.mark.parametrize("path", [STEP, f"{STEP}/switch"])
def test_only_leads_change_it(cast: Cast, as_: As, client: FlaskClient, path: str) -> None:
    others = [as_(person) for person in (cast.alice, cast.cora, cast.stig)]
    with unchanged():
        for other in others:
            assert other.post(path, data=WORDS | {"to": "off"}).status_code == 403
        assert "/login" in client.post(path, data=WORDS | {"to": "off"}).location


@pytest.mark.parametrize("name", ["no-such-step", "survey-open"])
def test_there_is_no_page_for_what_has_no_days(cast: Cast, as_: As, name: str) -> None:
    lena = as_(cast.lena)
    assert lena.get(f"{BOOK}/{name}").status_code == 404
    assert lena.post(f"{BOOK}/{name}/switch", data={"to": "off"}).status_code == 404
    assert lena.get("/admin/stages/9/playbook").status_code == 404


class TestCalendar:
    def test_it_says_how_many_each_step_reaches_and_by_what(
        self, cast: Cast, as_: As, push_service: PushService
    ) -> None:
        subscribed(cast.alice, push_service.device())
        cast.bob.muted_groups = ["stage"]
        _ = cast.charlie
        sign_in_device(cast.charlie)
        db.session.commit()
        page = as_(cast.lena).get(f"{BOOK}/learn").get_data(True)
        assert "Till 3: deltagare." in page
        assert "1 får push, 1 mejl, 1 bara i inkorgen" in page

    def test_what_depends_on_people_is_said_to_be_a_guess(self, cast: Cast, as_: As) -> None:
        make_activity(cast.alice, planned_for=TODAY)
        page = as_(cast.lena).get(STEP).get_data(True)
        assert "Ungefär 1: de som hade något planerat dagen innan." in page

    def test_of_few_people_nothing_is_told(self, cast: Cast, as_: As) -> None:
        make_activity(cast.alice, planned_for=TODAY - DAY)
        run()
        page = as_(cast.lena).get(STEP).get_data(True)
        assert "1 skickade. För få för att visa mer." in page
        assert "Öppnat" not in page

    def test_of_enough_it_is_told_in_sums(self, cast: Cast, as_: As) -> None:
        for number in range(8):
            make_activity(make_person(), planned_for=TODAY - DAY, title=f"Fika {number}")
        run()
        asked = select(Notification).where(Notification.kind == "closeout").limit(2)
        for notification in db.session.scalars(asked).all():
            mark_read(notification, NOW)
        db.session.commit()
        page = as_(cast.lena).get(STEP).get_data(True)
        assert "2 <small>25" in page

    def test_what_came_too_late_is_said(self, cast: Cast, as_: As) -> None:
        run()
        assert "Gick inte ut: tiden hade passerat." in as_(cast.lena).get(BOOK).get_data(True)


class TestSwitch:
    def test_off_it_is_not_sent_and_on_again_in_time_it_is(self, cast: Cast, as_: As) -> None:
        make_activity(cast.alice, planned_for=TODAY - DAY)
        lena = as_(cast.lena)
        answer = lena.post(f"{STEP}/switch", data={"to": "off"})
        assert (answer.status_code, answer.location) == (303, STEP)
        run()
        assert db.session.scalars(select(Notification.kind)).all() == []
        assert "Avstängt av Lena Lind" in lena.get(BOOK).get_data(True)
        lena.post(f"{STEP}/switch", data={"to": "on"})
        run()
        assert db.session.scalars(select(Notification.kind)).all() == ["closeout"]

    def test_a_double_tap_does_not_switch_it_back(self, cast: Cast, as_: As) -> None:
        lena = as_(cast.lena)
        for _time in range(2):
            lena.post(f"{STEP}/switch", data={"to": "off"})
        (off,) = db.session.scalars(select(StepOff)).all()
        assert (off.step, off.by_id) == ("day-after", cast.lena.id)

    def test_the_script_gets_the_switch_as_it_is(self, cast: Cast, as_: As, hx: dict[str, str]) -> None:
        fragment = as_(cast.lena).post(f"{STEP}/switch", data={"to": "off"}, headers=hx).get_data(True)
        assert 'aria-checked="false"' in fragment
        assert "<html" not in fragment

    def test_nothing_else_is_understood(self, cast: Cast, as_: As) -> None:
        lena = as_(cast.lena)
        with unchanged():
            assert lena.post(f"{STEP}/switch", data={"to": "perhaps"}).status_code == 422

    def test_another_stage_is_left_as_it_is(self, cast: Cast, as_: As) -> None:
        as_(cast.lena).post("/admin/stages/1/playbook/day-after/switch", data={"to": "off"})
        make_activity(cast.alice, planned_for=TODAY - DAY)
        run()
        assert db.session.scalars(select(PlaybookRun.told).where(PlaybookRun.step == "day-after")).all() == [
            1
        ]


class TestText:
    def test_what_a_lead_writes_is_what_people_read(self, cast: Cast, as_: As) -> None:
        make_activity(cast.alice, planned_for=TODAY - DAY, title="Fika")
        assert as_(cast.lena).post(STEP, data=WORDS).status_code == 303
        run()
        (row,) = db.session.scalars(select(Notification)).all()
        assert words_of(row.kind, row.parameters, "sv")[:2] == ("Hur blev det?", "Fika: 100 % klart?")
        assert words_of(row.kind, row.parameters, "en")[:2] == (
            "How did it go? · Fika",
            "One tap is enough: it happened, it is moved, or it came to nothing.",
        )

    def test_emptied_it_is_the_usual_text_again(self, cast: Cast, as_: As) -> None:
        lena = as_(cast.lena)
        lena.post(STEP, data=WORDS)
        text = the_text()
        assert text
        assert (text.title, text.by_id) == ({"sv": "Hur blev det?"}, cast.lena.id)
        empty = dict.fromkeys(WORDS, "") | {"seen": text.changed_at.isoformat()}
        assert lena.post(STEP, data=empty).status_code == 303
        assert the_text() is None

    @pytest.mark.parametrize("written", ["%(rank)s", "%(title)", "%(no-such)s", "%(%(title)s"])
    def test_a_placeholder_that_stands_for_nothing_is_refused(
        self, cast: Cast, as_: As, written: str
    ) -> None:
        lena = as_(cast.lena)
        with unchanged():
            answer = lena.post(STEP, data=WORDS | {"body_sv": f"Om {written}"})
        assert answer.status_code == 422
        page = answer.get_data(True)
        assert "betyder ingenting här" in page
        assert f"Om {written}" in page
        assert "Hur blev det?" in page

    def test_too_long_it_comes_back(self, cast: Cast, as_: As) -> None:
        answer = as_(cast.lena).post(STEP, data=WORDS | {"title_sv": "x" * 61})
        assert answer.status_code == 422
        assert "x" * 61 in answer.get_data(True)

    def test_a_double_tap_saves_once(self, cast: Cast, as_: As) -> None:
        lena = as_(cast.lena)
        assert [lena.post(STEP, data=WORDS).status_code for _time in range(2)] == [303, 303]

    def test_two_leads_at_once_see_each_other(self, cast: Cast, as_: As) -> None:
        lena, other = as_(cast.lena), as_(make_person("Lo Lund", role=Role.LEAD))
        lena.post(STEP, data=WORDS)
        answer = other.post(STEP, data=WORDS | {"title_sv": "Hur gick allt?"})
        page = answer.get_data(True)
        assert answer.status_code == 422
        assert "Någon har ändrat" in page
        assert "Hur blev det?" in page
        assert "Hur gick allt?" in page

    def test_the_preview_says_what_is_being_written(self, cast: Cast, as_: As) -> None:
        page = (
            as_(cast.lena).get(f"{STEP}/preview", query_string={"body_sv": "%(title)s! 50 %"}).get_data(True)
        )
        assert "Fika med nyinflyttade! 50 %" in page
        assert "How did it go?" in page
