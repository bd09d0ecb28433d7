"""A lead writes a message of their own: the form, its preview, changing and taking it back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.extensions import db
from app.models.own_message import OwnMessage
from app.models.person import Person, Role
from app.services.moderation.decide import hide
from tests.cast import Cast
from tests.challenge_makers import make_draft
from tests.factories import NOW, TODAY, make_activity, make_person, make_tip, municipality
from tests.message_makers import SLOT, as_it_is, make_message, send_at
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]
LIST = "/admin/stages/2/messages"
NEW, PREVIEW, TRIAL = f"{LIST}/new", f"{LIST}/preview", f"{LIST}/trial"
DAY = timedelta(days=1)
STAMP = SLOT.isoformat(timespec="minutes")
WORDS = {
    "audience": "everybody", "title_sv": "Cykla med på fredag?", "body_sv": "Tolv platser kvar. Häng på.",
    "title_en": "", "body_en": "", "goes_to": "/challenges", "address": "", "when": STAMP, "day": "",
    "slot": "08:30", "request_key": "a key",
}  # fmt: skip


def the_message() -> OwnMessage:
    db.session.expire_all()
    return db.session.scalars(select(OwnMessage)).one()


def of(message: OwnMessage, more: str = "") -> str:
    return f"{LIST}/{message.id}{more}"


@pytest.mark.parametrize("path", [LIST, NEW, PREVIEW, f"{LIST}/{{number}}"])
def test_leads_see_it_and_others_do_not(cast: Cast, as_: As, client: FlaskClient, path: str) -> None:
    path = path.format(number=make_message(cast.lena).id)
    assert as_(cast.lena).get(path).status_code == 200
    for person in (cast.alice, cast.cora, cast.stig):
        assert as_(person).get(path).status_code == 403
    assert "/login" in client.get(path).location


@pytest.mark.parametrize("path", [LIST, TRIAL, f"{LIST}/{{number}}", f"{LIST}/{{number}}/withdrawal"])
def test_only_leads_write_try_change_and_take_back(
    cast: Cast, as_: As, client: FlaskClient, path: str
) -> None:
    path = path.format(number=make_message(cast.lena).id)
    others = [as_(person) for person in (cast.alice, cast.cora, cast.stig)]
    with unchanged():
        for other in others:
            assert other.post(path, data=WORDS).status_code == 403
        assert "/login" in client.post(path, data=WORDS).location


def test_a_stage_that_is_over_has_no_new_ones_and_none_of_another(cast: Cast, as_: As) -> None:
    lena, message = as_(cast.lena), make_message(cast.lena)
    assert lena.get("/admin/stages/1/messages/new").status_code == 404
    assert lena.post("/admin/stages/1/messages", data=WORDS).status_code == 404
    assert lena.get(f"/admin/stages/1/messages/{message.id}").status_code == 404
    assert lena.get("/admin/stages/9/messages/new").status_code == 404
    for page in ("/admin/stages/1/playbook", "/admin/stages/1/messages"):
        assert "Skicka eget meddelande" not in lena.get(page).text
    assert "Skicka eget meddelande" in lena.get(LIST).text.split("<main")[1]


class TestWriting:
    def test_it_waits_until_its_slot(self, cast: Cast, as_: As) -> None:
        lena = as_(cast.lena)
        answer = lena.post(LIST, data=WORDS)
        message = the_message()
        assert (answer.status_code, answer.location) == (303, of(message))
        assert (message.due_at, message.by_id, message.url) == (SLOT, cast.lena.id, "/challenges")
        assert "Det går ut i dag 13.30." in lena.get(of(message)).text
        assert "Cykla med på fredag?" in lena.get("/admin/stages/2/playbook").text

    def test_a_double_tap_writes_one(self, cast: Cast, as_: As) -> None:
        lena = as_(cast.lena)
        assert len({lena.post(LIST, data=WORDS).location for _time in range(2)}) == 1
        assert the_message()

    def test_on_a_day_of_its_own(self, cast: Cast, as_: As) -> None:
        later = {"when": "other", "day": (TODAY + 2 * DAY).isoformat(), "slot": "13:30"}
        as_(cast.lena).post(LIST, data=WORDS | later)
        assert the_message().due_at == SLOT + 2 * DAY

    def test_over_the_end_of_summer_time_the_slot_stays(self, cast: Cast, as_: As) -> None:
        later = {"when": "other", "day": "2027-03-30", "slot": "13:30"}
        as_(cast.lena).post(LIST, data=WORDS | later)
        assert clock.local(the_message().due_at, "Europe/Stockholm").strftime("%H:%M") == "13:30"

    @pytest.mark.parametrize(
        ("chosen", "kept"),
        [
            ({"audience": "roles", "roles": ["coordinator", "lead"], "places": ["bjuv"]}, ["coordinator", "lead"]),
            ({"audience": "everybody", "roles": ["lead"]}, []),
        ],
    )  # fmt: skip
    def test_only_what_the_audience_asks_for_is_kept(
        self, cast: Cast, as_: As, chosen: dict[str, Any], kept: list[str]
    ) -> None:
        as_(cast.lena).post(LIST, data=WORDS | chosen)
        assert (the_message().roles, the_message().municipality_ids) == (kept, [])

    def test_to_municipalities_and_in_english_too(self, cast: Cast, as_: As) -> None:
        more = {
            "audience": "municipalities",
            "places": ["bjuv"],
            "title_en": "Ride along",
            "body_en": "Room.",
        }
        as_(cast.lena).post(LIST, data=WORDS | more)
        assert the_message().municipality_ids == [municipality("bjuv").id]
        assert the_message().title == {"sv": "Cykla med på fredag?", "en": "Ride along"}

    @pytest.mark.parametrize(
        ("written", "why"),
        [
            ({"audience": ""}, "Välj vilka det går till."),
            ({"audience": "roles"}, "Välj minst en roll."),
            ({"audience": "municipalities"}, "Välj minst en kommun."),
            ({"audience": "nobody"}, "Not a valid choice"),
            ({"title_sv": ""}, "Skriv en rubrik."),
            ({"title_sv": "x" * 41}, "Högst 40 tecken."),
            ({"body_sv": "x" * 111}, "Högst 110 tecken."),
            ({"body_sv": "%(title)s"}, "betyder ingenting här"),
            ({"title_en": "Only that"}, "Skriv båda på engelska"),
            ({"when": ""}, "Välj när det går ut."),
            ({"when": (SLOT - DAY).isoformat(timespec="minutes")}, "Den tiden har passerat."),
            ({"when": "other"}, "Välj en dag."),
            ({"when": "other", "day": "2026-11-14"}, "Välj en vardag."),
            ({"when": "other", "day": "2026-11-10"}, "Den tiden har passerat."),
            ({"when": "other", "day": "2028-11-10"}, "Välj en dag inom ett halvår."),
        ],
    )
    def test_what_is_wrong_is_said_and_the_rest_is_kept(
        self, cast: Cast, as_: As, written: dict[str, Any], why: str
    ) -> None:
        lena, sent = as_(cast.lena), WORDS | written
        with unchanged():
            answer = lena.post(LIST, data=sent)
        assert answer.status_code == 422
        if why != "Not a valid choice":
            assert why in answer.text
        for part in ("title_sv", "body_sv", "title_en"):
            assert sent[part] in answer.text

    def test_taken_back_it_is_written_again_only_by_who_means_it(self, cast: Cast, as_: As) -> None:
        lena = as_(cast.lena)
        lena.post(LIST, data=WORDS)
        lena.post(of(the_message(), "/withdrawal"))
        answer = lena.post(LIST, data=WORDS)
        assert answer.status_code == 422
        assert "Skicka en gång till" in answer.text


class TestDestination:
    @pytest.mark.parametrize(
        "address",
        ["https://evil.example/activities/1", "//evil.example", "/\\evil.example", "javascript:alert(1)",
         "/no-such-page", "/admin", "/survey", "/activities/999", "/logout", "/challenges/{draft}", "activities", "",
         "/stages/77", "http://localhost.evil.example/", "/inbox/1", "/settings"],
    )  # fmt: skip
    def test_it_leads_nowhere_else(self, cast: Cast, as_: As, address: str) -> None:
        address = address.format(draft=make_draft(cast.lena).id)
        lena = as_(cast.lena)
        with unchanged():
            answer = lena.post(LIST, data=WORDS | {"goes_to": "other", "address": address})
        assert answer.status_code == 422
        assert "Dit kommer ingen." in answer.text

    @pytest.mark.parametrize(
        "address", ["/activities/{activity}", "/tips/{tip}", "/stages/2", "/stages/1/lessons", "/badges", "/"]
    )
    def test_it_leads_to_what_is_there_also_with_our_host(
        self, cast: Cast, as_: As, app: Flask, address: str
    ) -> None:
        address = address.format(activity=make_activity(cast.alice).id, tip=make_tip(cast.alice).id)
        lena = as_(cast.lena)
        for written in (address, app.config["BASE_URL"] + address):
            answer = lena.post(LIST, data=WORDS | {"goes_to": "other", "address": written})
            assert answer.status_code == 303
            assert the_message().url == address
            db.session.delete(the_message())
            db.session.commit()

    def test_nothing_that_is_hidden(self, cast: Cast, as_: As) -> None:
        lena, plan = as_(cast.lena), make_activity(cast.alice)
        hide(plan, cast.cora, "tone", "", NOW)
        with unchanged():
            answer = lena.post(LIST, data=WORDS | {"goes_to": "other", "address": f"/activities/{plan.id}"})
        assert answer.status_code == 422


class TestPreview:
    def test_it_says_what_is_being_written_and_whom_it_reaches(self, cast: Cast, as_: As) -> None:
        _ = cast.alice, cast.bob
        make_activity(cast.charlie)
        sent = {"audience": "without_plan", "title_sv": "Etapp %(number)s", "when": STAMP}
        page = as_(cast.lena).get(PREVIEW, query_string=sent).text
        assert "Etapp 2" in page
        assert "Till 2, i dag 13.30." in page
        assert "0 får push, 2 mejl" in page
        assert "<html" not in page

    def test_half_written_it_asks_for_the_rest(self, cast: Cast, as_: As) -> None:
        page = (
            as_(cast.lena).get(PREVIEW, query_string={"when": "other", "day": "soon", "roles": "nobody"}).text
        )
        assert "Välj vilka det går till, och när." in page


class TestChanging:
    def test_the_form_has_what_was_written(self, cast: Cast, as_: As) -> None:
        due = {"due_at": SLOT + 7 * DAY, "url": "/stages/2"}
        message = make_message(cast.lena, audience="roles", roles=["coordinator"], **due)
        page = as_(cast.lena).get(of(message)).text
        assert 'value="coordinator" checked' in page
        assert 'value="2026-11-17"' in page
        assert 'value="13:30" checked' in page
        assert 'value="/stages/2"' in page

    def test_another_lead_may(self, cast: Cast, as_: As) -> None:
        message = make_message(cast.lena)
        seen = {"seen": message.changed_at.isoformat(), "title_sv": "Kom med"}
        assert as_(make_person(role=Role.LEAD)).post(of(message), data=WORDS | seen).status_code == 303
        assert as_it_is(message).title == {"sv": "Kom med"}

    def test_two_leads_at_once_see_each_other(self, cast: Cast, as_: As) -> None:
        message = make_message(cast.lena)
        answer = as_(cast.lena).post(of(message), data=WORDS | {"seen": "", "title_sv": "Mitt"})
        assert answer.status_code == 422
        assert "Någon har ändrat" in answer.text
        assert "Mitt" in answer.text

    def test_invalid_it_comes_back(self, cast: Cast, as_: As) -> None:
        message = make_message(cast.lena)
        answer = as_(cast.lena).post(of(message), data=WORDS | {"title_sv": "y" * 41})
        assert answer.status_code == 422
        assert "y" * 41 in answer.text

    @pytest.mark.parametrize("path", ["", "/withdrawal"])
    def test_too_late_nothing_changes(self, cast: Cast, as_: As, path: str) -> None:
        lena, message = as_(cast.lena), make_message(cast.lena)
        send_at(SLOT)
        with unchanged():
            answer = lena.post(of(message, path), data=WORDS)
        assert answer.status_code == 303
        assert "Det var för sent" in lena.get(answer.location).text

    def test_taken_back_it_says_so(self, cast: Cast, as_: As) -> None:
        lena, message = as_(cast.lena), make_message(cast.lena)
        assert [lena.post(of(message, "/withdrawal")).status_code for _time in range(2)] == [303, 303]
        assert "Togs tillbaka innan det gick ut." in lena.get(of(message)).text
        assert "Togs tillbaka" in lena.get(LIST).text


class TestAfterwards:
    def test_of_few_people_nothing_more_is_told(self, cast: Cast, as_: As) -> None:
        message = make_message(cast.lena)
        send_at(SLOT)
        page = as_(cast.lena).get(of(message)).text
        assert "1 skickade. För få för att visa mer." in page

    def test_of_enough_it_is_told_in_sums(self, cast: Cast, as_: As) -> None:
        for _number in range(7):
            make_person()
        message = make_message(cast.lena)
        send_at(SLOT)
        for path in (of(message), LIST, "/admin/stages/2/playbook"):
            page = as_(cast.lena).get(path).text
            assert "Öppnat" in page
            assert "Cykla med på fredag?" in page

    def test_the_list_goes_on(self, cast: Cast, as_: As, hx: dict[str, str]) -> None:
        for number in range(22):
            make_message(cast.lena, title={"sv": f"Nummer {number}."})
        send_at(SLOT)
        lena = as_(cast.lena)
        page = lena.get(LIST).text
        assert "Nummer 21." in page
        assert "Nummer 1." not in page
        before = page.split("before=")[1].split('"')[0]
        rest = lena.get(f"{LIST}?before={before}", headers=hx).text
        assert "Nummer 1." in rest
        assert "<html" not in rest
        assert "Alla egna meddelanden" in lena.get("/admin/stages/2/playbook").text
