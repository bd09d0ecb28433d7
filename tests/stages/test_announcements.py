"""A lead's own message that also stands on top of the feed, until a day."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.extensions import db
from app.models.own_message import OwnMessage
from app.models.person import Person
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_person, municipality, stage
from tests.message_makers import SLOT, as_it_is, make_message, send_at
from tests.stages.test_message_pages import LIST, WORDS, of
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]
DAY = timedelta(days=1)
LAST = TODAY + 9 * DAY
TITLE = "Cykla med på fredag?"


def gone_out(lena: Person, last_day: date | None = LAST, **over: object) -> OwnMessage:
    """An announcement that has gone out at its slot."""
    message = make_message(lena, shown_until=last_day, **over)
    send_at(SLOT)
    return message


class TestInTheFeed:
    @pytest.mark.parametrize("view", ["/?show=you", "/?show=all"])
    def test_it_stands_on_top_from_when_it_goes_out(self, cast: Cast, as_: As, view: str) -> None:
        alice = as_(cast.alice)
        make_message(cast.lena, shown_until=LAST)
        assert TITLE not in alice.get(view).text
        send_at(SLOT)
        page = alice.get(view).text
        top = page[: page.index('id="feed"')]
        assert TITLE in top
        assert "Tolv platser kvar. Häng på." in top
        assert 'href="/challenges">Cykla' in top
        assert "till 19 nov" in top

    def test_it_ends_by_itself(self, cast: Cast, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
        gone_out(cast.lena, TODAY)
        assert TITLE in as_(cast.alice).get("/").text
        monkeypatch.setattr(clock, "now", lambda: NOW + DAY)
        assert TITLE not in as_(cast.bob).get("/").text

    def test_it_is_in_the_feed_of_its_municipalities_alone(self, cast: Cast, as_: As) -> None:
        gone_out(cast.lena, audience="municipalities", municipality_ids=[municipality("bjuv").id])
        assert TITLE in as_(cast.alice).get("/").text
        assert TITLE not in as_(cast.charlie).get("/").text

    def test_one_that_came_too_late_to_go_out_is_not_there(self, cast: Cast, as_: As) -> None:
        make_message(cast.lena, shown_until=LAST)
        send_at(SLOT + 2 * DAY)
        assert TITLE not in as_(cast.alice).get("/").text

    def test_swedish_words_on_an_english_page_are_said_to_be_swedish(self, cast: Cast, as_: As) -> None:
        gone_out(cast.lena)
        assert '<h3 lang="sv">' in as_(make_person(language="en")).get("/").text
        assert "<h3 lang" not in as_(cast.alice).get("/").text

    def test_a_message_that_is_none_is_not_there(self, cast: Cast, as_: As) -> None:
        gone_out(cast.lena, None)
        assert TITLE not in as_(cast.alice).get("/").text

    def test_it_is_read_in_the_readers_language_and_speaks_of_today(self, cast: Cast, as_: As) -> None:
        words = {"sv": "%(days)s dagar kvar", "en": "%(days)s days left"}
        gone_out(cast.lena, title=words, body={"sv": "Häng på.", "en": "Come along."})
        left = (stage().learn_on - TODAY).days
        assert f"{left} dagar kvar</a>" in as_(cast.alice).get("/").text
        english = as_(make_person(language="en")).get("/").text
        assert f"{left} days left</a>" in english
        assert "Come along." in english

    def test_the_two_newest_stand_and_one_of_elsewhere_takes_no_place(self, cast: Cast, as_: As) -> None:
        for number in range(3):
            gone_out(cast.lena, title={"sv": f"Hälsning {number}."})
        klippan = [municipality("klippan").id]
        gone_out(cast.lena, title={"sv": "Hälsning 9."}, audience="municipalities", municipality_ids=klippan)
        page = as_(cast.alice).get("/").text
        assert [number for number in range(10) if f"Hälsning {number}." in page] == [1, 2]

    def test_a_filter_and_a_later_part_have_none(self, cast: Cast, as_: As) -> None:
        gone_out(cast.lena)
        alice = as_(cast.alice)
        for path in ("/?show=reported", "/?show=all&before=1-1"):
            assert TITLE not in alice.get(path).text

    def test_its_words_are_text(self, cast: Cast, as_: As) -> None:
        gone_out(cast.lena, title={"sv": "<b>Fet</b>"}, body={"sv": "<i>Lutad</i>"})
        page = as_(cast.alice).get("/").text
        assert "&lt;b&gt;Fet" in page
        assert "<i>Lutad" not in page


class TestWriting:
    def test_it_is_kept_and_can_be_changed(self, cast: Cast, as_: As) -> None:
        lena = as_(cast.lena)
        lena.post(LIST, data=WORDS | {"shown_until": LAST.isoformat()})
        message = db.session.scalars(select(OwnMessage)).one()
        assert message.shown_until == LAST
        form = lena.get(of(message)).text
        assert f'value="{LAST}"' in form
        seen = message.changed_at.isoformat()
        lena.post(of(message), data=WORDS | {"shown_until": "", "seen": seen})
        assert as_it_is(message).shown_until is None

    @pytest.mark.parametrize("audience", ["without_plan", "overdue", "roles"])
    def test_only_what_a_municipality_tells_stands_there(self, cast: Cast, as_: As, audience: str) -> None:
        sent = WORDS | {"audience": audience, "roles": ["coordinator"], "shown_until": LAST.isoformat()}
        as_(cast.lena).post(LIST, data=sent)
        message = db.session.scalars(select(OwnMessage)).one()
        assert message.shown_until is None
        message.shown_until = LAST
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()

    @pytest.mark.parametrize(
        ("day", "why"),
        [
            (TODAY - DAY, "Den dagen är över innan det går ut."),
            (TODAY + 93 * DAY, "Välj en dag inom tre månader efter att det gått ut."),
            ("i morgon", "Inte ett giltigt datum"),
        ],
    )
    def test_a_day_that_cannot_be_comes_back(self, cast: Cast, as_: As, day: date | str, why: str) -> None:
        answer = as_(cast.lena).post(LIST, data=WORDS | {"shown_until": str(day)})
        assert answer.status_code == 422
        assert why in answer.text
        assert WORDS["body_sv"] in answer.text

    def test_the_preview_shows_it(self, cast: Cast, as_: As) -> None:
        lena, preview = as_(cast.lena), f"{LIST}/preview"
        asked = WORDS | {"shown_until": LAST.isoformat()}
        assert "Från programkontoret · till 19 nov" in lena.get(preview, query_string=asked).text
        without = lena.get(preview, query_string=asked | {"audience": "overdue"}).text
        assert "till 19 nov" not in without

    def test_the_list_says_so(self, cast: Cast, as_: As) -> None:
        gone_out(cast.lena)
        assert "Till alla, överst i flödet till 19 nov" in as_(cast.lena).get(LIST).text


class TestTakingDown:
    def test_it_leaves_the_feed_and_stays_in_the_inbox(self, cast: Cast, as_: As) -> None:
        alice, lena = as_(cast.alice), as_(cast.lena)
        message = gone_out(cast.lena)
        down = of(message, "/announcement/withdrawal")
        assert down in lena.get(of(message)).text
        for _twice in range(2):
            answer = lena.post(down)
            assert "står inte längre överst" in lena.get(answer.location).text
        assert down not in lena.get(of(message)).text
        assert TITLE not in alice.get("/").text
        assert TITLE in alice.get("/inbox").text

    def test_one_that_waits_is_changed_instead(self, cast: Cast, as_: As) -> None:
        message = make_message(cast.lena, shown_until=LAST)
        as_(cast.lena).post(of(message, "/announcement/withdrawal"))
        assert as_it_is(message).shown_until == LAST

    def test_nobody_else_does(self, cast: Cast, as_: As, client: FlaskClient) -> None:
        down = of(gone_out(cast.lena), "/announcement/withdrawal")
        others = [as_(person) for person in (cast.alice, cast.cora, cast.stig)]
        with unchanged():
            for other in others:
                assert other.post(down).status_code == 403
            assert "/login" in client.post(down).location
