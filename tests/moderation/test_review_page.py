"""One thing that waits: read as readers see it, decided, noted; and what its author then does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.extensions import db
from app.models.activity import Activity
from app.models.moderation import Decision
from app.models.outcome import Outcome
from app.models.person import Person
from app.models.review import ModeratorNote, Reading
from app.services.moderation.decide import ask, hide
from app.services.moderation.flags import flag
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_outcome
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]
ASK = {"verdict": "ask", "reason": "personal_data", "text": "Kan du ta bort rumsnumret?"}


@pytest.fixture
def reported(cast: Cast) -> Activity:
    activity = make_activity(cast.alice, title="Sång och kaffe")
    make_outcome(activity, story="Astrid på rum 12 sjöng högst.")
    flag(activity, cast.bob, "personal_data", "Man förstår vem det är.", NOW)
    db.session.commit()
    return activity


def _verdicts() -> list[str]:
    return list(db.session.scalars(select(Decision.verdict).order_by(Decision.id)))


def test_it_is_shown_as_readers_see_it_with_what_can_be_done(reported: Activity, cast: Cast, as_: As) -> None:
    page = as_(cast.cora).get(f"/moderation/{reported.id}").text
    for words in ("Astrid på rum 12", "Man förstår vem det är.", "Be om ändring", "Dölj och begränsa"):
        assert words in page
    assert "Bob" not in page, "nobody reads who asked"


def test_whoever_may_not_be_limited_is_not_offered_to_be(cast: Cast, as_: As) -> None:
    own = make_activity(cast.cora)
    flag(own, cast.bob, "tone", "", NOW)
    db.session.commit()
    lena = as_(cast.lena)
    assert 'value="limit"' not in lena.get(f"/moderation/{own.id}").text
    with unchanged():
        refused = lena.post(f"/moderation/{own.id}/decision", data=ASK | {"verdict": "limit", "days": "7"})
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"verdict": ""}, "Välj vad vi gör."),
        ({"verdict": "burn"}, "Välj vad vi gör."),
        ({"reason": ""}, "Välj en orsak."),
        ({"text": ""}, "Skriv vad som ska ändras."),
        ({"verdict": "limit", "days": "400"}, "Välj hur länge."),
        ({"text": "x" * 1001}, "Högst 1000 tecken."),
    ],
)
def test_a_decision_that_lacks_something_comes_back(
    reported: Activity, cast: Cast, as_: As, sent: dict[str, str], sentence: str, hx: dict[str, str]
) -> None:
    cora = as_(cast.cora)
    for headers in ({}, hx):
        with unchanged():
            answer = cora.post(f"/moderation/{reported.id}/decision", data=ASK | sent, headers=headers)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert (ASK | sent)["text"] in answer.text


@pytest.mark.parametrize("verdict", ["keep", "ask", "hide", "limit"])
def test_each_verdict_is_said_and_can_be_undone(
    reported: Activity, cast: Cast, as_: As, verdict: str
) -> None:
    cora = as_(cast.cora)
    answer = cora.post(f"/moderation/{reported.id}/decision", data=ASK | {"verdict": verdict, "days": "7"})
    page = cora.get(answer.headers["Location"]).text
    assert f'action="/moderation/{reported.id}/undo"' in page
    assert _verdicts() == ["hide" if verdict == "limit" else verdict]
    assert (db.session.get_one(Person, cast.alice.id).limited_until is not None) == (verdict == "limit")
    assert cora.post(f"/moderation/{reported.id}/undo").status_code == 303
    assert db.session.get_one(Person, cast.alice.id).limited_until is None


def test_a_colleague_who_opens_it_meanwhile_is_told(reported: Activity, cast: Cast, as_: As) -> None:
    cora, lena = as_(cast.cora), as_(cast.lena)
    assert "läser den här just nu" not in cora.get(f"/moderation/{reported.id}").text
    assert "Cora Coster läser den här just nu" in lena.get(f"/moderation/{reported.id}").text
    assert "läser den här just nu" not in cora.get(f"/moderation/{reported.id}").text
    reading = db.session.get_one(Reading, reported.id)
    reading.at = clock.now() - timedelta(minutes=11)
    db.session.commit()
    assert "läser den här just nu" not in lena.get(f"/moderation/{reported.id}").text


def test_notes_are_for_moderators(reported: Activity, cast: Cast, as_: As) -> None:
    cora, address = as_(cast.cora), f"/moderation/{reported.id}/notes"
    for _ in range(2):
        assert cora.post(address, data={"note": "Ring hellre än att dölja."}).status_code == 303
    assert len(db.session.scalars(select(ModeratorNote)).all()) == 1, "sent twice, it is one"
    assert "Ring hellre" in as_(cast.lena).get(f"/moderation/{reported.id}").text
    alice = as_(cast.alice)
    for who in (alice, as_(cast.bob), as_(cast.stig), as_(cast.kim)):
        with unchanged():
            assert who.post(address, data={"note": "Hej"}).status_code in (403, 404)
    with unchanged():
        assert cora.post(address, data={"note": " "}).status_code == 422
    hide(reported, cast.cora, "tone", "", NOW)
    db.session.commit()
    assert "Ring hellre" not in alice.get(f"/moderation/answer/{reported.id}").text


def test_the_history_says_what_happened_and_never_who_asked(reported: Activity, cast: Cast, as_: As) -> None:
    ask(reported, cast.cora, "personal_data", "Kan du ta bort rumsnumret?", NOW)
    db.session.commit()
    page = as_(cast.lena).get(f"/moderation/{reported.id}").text
    for words in ("Någon bad oss titta", "Bad om ändring", "Cora Coster · Personuppgifter"):
        assert words in page
    assert "Bob" not in page


def test_the_author_changes_it_and_sends_it_again(reported: Activity, cast: Cast, as_: As) -> None:
    ask(reported, cast.cora, "personal_data", "Kan du ta bort rumsnumret?", NOW)
    db.session.commit()
    alice, bob, address = as_(cast.alice), as_(cast.bob), f"/moderation/answer/{reported.id}"
    page = alice.get(address).text
    for words in ("Cora Coster ber dig ändra en sak", "Kan du ta bort rumsnumret?", "Astrid på rum 12"):
        assert words in page
    with unchanged():
        assert alice.post(f"{address}/again", data={"title": " ", "story": "Kort."}).status_code == 422
        assert bob.post(f"{address}/again", data={"title": "Hej"}).status_code == 404
    changed = {"title": "Sång och kaffe", "story": "En av de boende sjöng högst."}
    assert alice.post(f"{address}/again", data=changed).status_code == 303
    assert "Någon läser snart" in alice.get(address).text
    assert db.session.scalars(select(Outcome.story)).all() == ["En av de boende sjöng högst."]
    cora = as_(cast.cora)
    assert "Ändrat och skickat igen" in cora.get("/moderation").text
    assert cora.post(f"/moderation/{reported.id}/restoration").status_code == 303
    assert "En av de boende" in as_(cast.kim).get(f"/activities/{reported.id}").text


def test_what_many_have_flagged_tells_its_author_so(reported: Activity, cast: Cast, as_: As) -> None:
    for person in (cast.charlie, cast.kim):
        flag(reported, person, "personal_data", "", NOW)
    db.session.commit()
    alice = as_(cast.alice)
    for address in (f"/activities/{reported.id}", f"/moderation/answer/{reported.id}"):
        page = alice.get(address).text
        assert "Det vilar tills en samordnare har läst" in page
        assert "Du behåller dina poäng" in page
    with unchanged():
        alice.post(f"/moderation/answer/{reported.id}/again", data={"title": "Ny", "story": "Ny"})
    page = as_(cast.lena).get("/moderation/log").text
    assert "Lagt åt sidan tills någon läser" in page


def test_a_form_from_before_anothers_decision_decides_nothing(
    reported: Activity, cast: Cast, as_: As
) -> None:
    """Also when the thing rests only, and could be decided about by who has seen that."""
    cora, lena, address = as_(cast.cora), as_(cast.lena), f"/moderation/{reported.id}"
    seen = lena.get(address).text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    cora.post(f"{address}/decision", data=ASK)
    with unchanged():
        answer = lena.post(f"{address}/decision", data=ASK | {"verdict": "hide", "seen": seen})
    assert "Cora Coster hann före: bad om ändring." in lena.get(answer.headers["Location"]).text
    now_seen = lena.get(address).text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    lena.post(f"{address}/decision", data=ASK | {"verdict": "hide", "seen": now_seen})
    assert _verdicts() == ["ask", "hide"]
