"""What was written in a form comes back with the answer, also when what it is about has closed meanwhile."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import Contributed
from app.models.person import Person
from app.services.activities.plan import withdraw_activity
from app.services.conversation.write import withdraw_comment
from app.services.moderation.decide import hide
from app.services.people.membership import leave
from app.web.written import words_asked_for
from tests.browser.written import NO_TEXTS, SENT
from tests.cast import Cast
from tests.challenge_makers import make_challenge, whole
from tests.comment_makers import make_comment
from tests.factories import NOW, TODAY, make_activity, make_joint, make_outcome, municipality

As = Callable[[Person], FlaskClient]

_WORDS = "Nio modiga & två <barn>."
_ESCAPED = "Nio modiga &amp; två &lt;barn&gt;."
_PLAN = {"title": "Fika", "place": _WORDS, "value": "valkomnande", "focus_area": "larande"}
_REPORT = {"carried_out": "yes", "rating": "4", "story": _WORDS, "permission": "internal"}
_AWAY = "Det gick inte att skicka"


class Form(NamedTuple):
    """A form that Alice has open, where it goes, and what others do meanwhile."""

    address: str
    fields: dict[str, str]
    close: Callable[[], object]


def _report_of_hidden(cast: Cast) -> Form:
    activity = _due(cast)
    return Form(f"{activity.path}/outcome", _REPORT, lambda: _hide(activity, cast))


def _report_of_withdrawn(cast: Cast) -> Form:
    activity = _due(cast)
    return Form(f"{activity.path}/outcome", _REPORT, lambda: _withdraw(activity, cast))


def _plan_of_hidden(cast: Cast) -> Form:
    activity = _due(cast)
    return Form(f"{activity.path}/edit", _PLAN, lambda: _hide(activity, cast))


def _plan_of_withdrawn(cast: Cast) -> Form:
    activity = _due(cast)
    return Form(f"{activity.path}/edit", _PLAN, lambda: _withdraw(activity, cast))


def _plan_of_reported(cast: Cast) -> Form:
    activity = _due(cast)
    return Form(f"{activity.path}/edit", _PLAN, lambda: make_outcome(activity, by=cast.bob))


def _plan_for_hidden_challenge(cast: Cast) -> Form:
    challenge = make_challenge(municipality=municipality("bjuv"))
    address = f"/activities/new?challenge={challenge.id}"
    return Form(address, _PLAN, lambda: _hide(challenge, cast))


def _thanks_for_hidden(cast: Cast) -> Form:
    activity = make_activity(cast.bob)
    fields = {"words": _WORDS, "about": str(activity.id)}
    return Form(f"/people/{cast.bob.id}/thanks", fields, lambda: _hide(activity, cast))


def _thanks_to_who_has_left(cast: Cast) -> Form:
    return Form(f"/people/{cast.bob.id}/thanks", {"words": _WORDS}, lambda: leave(cast.bob, now=NOW))


def _answer_to_hidden(cast: Cast) -> Form:
    comment = make_comment(make_activity(cast.bob), cast.bob)
    return Form(f"{comment.path}/answer", {"body": _WORDS}, lambda: _hide(comment, cast))


def _answer_to_withdrawn(cast: Cast) -> Form:
    comment = make_comment(make_activity(cast.bob), cast.bob)
    return Form(
        f"{comment.path}/answer", {"body": _WORDS}, lambda: withdraw_comment(comment, cast.bob, now=NOW)
    )


@pytest.mark.parametrize(
    ("form", "status", "says"),
    [
        (_report_of_hidden, 410, "Aktiviteten har dolts eller tagits tillbaka under tiden."),
        (_report_of_withdrawn, 410, "Aktiviteten har dolts eller tagits tillbaka under tiden."),
        (_plan_of_hidden, 410, "Aktiviteten har dolts eller tagits tillbaka under tiden."),
        (_plan_of_withdrawn, 410, "Aktiviteten har dolts eller tagits tillbaka under tiden."),
        (_plan_of_reported, 410, "Aktiviteten har rapporterats under tiden."),
        (_plan_for_hidden_challenge, 422, "Utmaningen har tagits bort"),
        (_thanks_for_hidden, 422, "Det du tackar för finns inte kvar."),
        (_thanks_to_who_has_left, 404, _AWAY),
        (_answer_to_hidden, 404, _AWAY),
        (_answer_to_withdrawn, 404, _AWAY),
    ],
)
def test_words_for_what_has_closed_come_back(
    cast: Cast, as_: As, form: Callable[[Cast], Form], status: int, says: str
) -> None:
    address, fields, close = form(cast)
    alice = as_(cast.alice)
    close()
    db.session.commit()
    answer = alice.post(address, data=fields)
    assert answer.status_code == status
    assert says in answer.text
    assert _ESCAPED in answer.text
    assert "data-draft-done" not in answer.text, "what the device keeps stays there"
    if status != 422:
        assert answer.headers["Cache-Control"] == "no-store"
        script = alice.post(address, data=fields, headers={"HX-Request": "true"})
        assert script.status_code == status
        assert unquote(script.headers["X-Refusal"]).endswith("Din text finns kvar här."), (
            "and the form is there"
        )


@pytest.mark.parametrize("path", ["outcome", "edit"])
def test_who_never_saw_it_learns_nothing(cast: Cast, as_: As, path: str) -> None:
    """But has their words again: as at an address where there never was anything."""
    activity, fields = _due(cast), _REPORT | _PLAN
    _hide(activity, cast)
    kim = as_(cast.charlie)
    there, nowhere = (
        kim.post(f"/activities/{number}/{path}", data=fields) for number in (activity.id, 999_999)
    )
    assert there.status_code == nowhere.status_code == 404
    assert there.text == nowhere.text
    assert _ESCAPED in there.text


def test_a_challenge_that_was_never_theirs_is_nowhere(cast: Cast, as_: As) -> None:
    address, fields, close = _plan_for_hidden_challenge(cast)
    close()
    db.session.commit()
    answer = as_(cast.charlie).post(address, data=fields)
    assert answer.status_code == 404
    assert "tmaning" not in answer.text
    assert _ESCAPED in answer.text


def test_what_is_hidden_is_not_named(cast: Cast, as_: As) -> None:
    address, fields, close = _plan_for_hidden_challenge(cast)
    close()
    db.session.commit()
    assert "Bjud in en granne" not in as_(cast.alice).post(address, data=fields).text


def test_each_text_stands_under_what_its_form_called_it_and_nothing_else_does(cast: Cast, as_: As) -> None:
    fields = _REPORT | {
        "success": "Kaffet", "alt-3": "Ett långbord", "csrf_token": "token-1", "request_key": "nyckel-1",
        "seen": "stämpel-1", "code": "123456", "password": "hemlig-1", "pitfall": " ",
    }  # fmt: skip
    page = as_(cast.alice).post("/activities/999999/outcome", data=fields).text
    assert page.count("<textarea") == 3
    for label in ("Vad hände?", "Vad funkade?", "Vad visar bilden?"):
        assert label in page
    for unseen in ("token-1", "nyckel-1", "stämpel-1", "123456", "hemlig-1"):
        assert unseen not in page


def test_nobody_else_is_shown_what_was_sent(app: Flask, client: FlaskClient, cast: Cast, as_: As) -> None:
    """Neither who has not signed in, nor by an address where no token is asked for."""
    assert _ESCAPED not in client.post("/unsubscribe/none", data=_REPORT).text
    alice = as_(cast.alice)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = alice.post("/no-such-page", data=_REPORT)
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 404
    assert _ESCAPED not in answer.text


def test_nothing_is_said_of_words_where_there_are_none(cast: Cast, as_: As) -> None:
    answer = as_(cast.alice).post("/comments/999999/answer", data={"body": " "})
    assert "Här finns ingenting" in answer.text
    assert "Det du skrev" not in answer.text


def test_whoever_makes_it_is_led_to_it_from_an_old_page(cast: Cast, as_: As) -> None:
    activity = _due(cast)
    make_outcome(activity, by=cast.bob)
    page = as_(cast.alice).get(f"{activity.path}/edit")
    assert page.status_code == 410
    assert "Aktiviteten har rapporterats" in page.text
    assert f'href="{activity.path}"' in page.text
    assert f'data-keys="plan-{activity.id} outcome-{activity.id}"' in page.text, "what the device has kept"
    assert f'data-person="{cast.alice.id}"' in page.text, "for them"


def test_every_text_that_people_write_comes_back(app: Flask) -> None:
    fields = {field.rpartition(".")[2] for sent in SENT for field in sent.fields}
    with app.test_request_context():
        asked_for = set(words_asked_for())
    assert fields <= asked_for
    assert not asked_for & (NO_TEXTS | {"code"})


def _due(cast: Cast) -> Activity:
    return make_joint(cast.alice, cast.bob, planned_for=TODAY - timedelta(days=1))


def _hide(thing: Contributed, cast: Cast) -> None:
    hide(thing, cast.cora, "tone", "", NOW)


def _withdraw(activity: Activity, cast: Cast) -> None:
    withdraw_activity(whole(activity.id), by=cast.alice, now=NOW)
