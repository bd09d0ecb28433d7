"""The queue and its decisions: for coordinators of the municipalities that take part, and for leads."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import Removal
from app.models.moderation import Decision
from app.models.outcome import Outcome, Permission
from app.models.paging import PAGE_SIZE
from app.models.person import Person
from app.services.moderation.appeals import answer_back
from app.services.moderation.decide import hide, keep
from app.services.moderation.flags import flag
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_outcome
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]
HIDE = {"verdict": "hide", "reason": "consent", "text": "Fråga föräldrarna först."}
DECISIONS = {"approval": {}, "decision": HIDE, "restoration": {}, "confirmation": {}, "undo": {}}


@pytest.fixture
def reported(cast: Cast) -> Activity:
    activity = make_activity(cast.alice, title="Morgondopp med kollegor från Båstad")
    make_outcome(activity)
    flag(activity, cast.bob, "consent", "Det är barn på bilden.", NOW)
    db.session.commit()
    return activity


def _post(browser: FlaskClient, activity: Activity, verb: str, **more: object):  # type: ignore[no-untyped-def]
    return browser.post(f"/moderation/{activity.id}/{verb}", data=DECISIONS[verb], **more)


def _verdicts() -> list[str]:
    return list(db.session.scalars(select(Decision.verdict).order_by(Decision.id)))


@pytest.mark.parametrize(("who", "sees"), [("cora", True), ("lena", True), ("kim", False)])
def test_each_sees_their_own_area(reported: Activity, cast: Cast, as_: As, who: str, sees: bool) -> None:
    page = as_(getattr(cast, who)).get("/moderation").text
    assert ("Morgondopp med kollegor" in page) == sees
    assert ("Det är barn på bilden." in page) == sees
    assert ("1 att granska" in page) == sees


@pytest.mark.parametrize(
    ("permission", "sentence"),
    [
        (Permission.NONE, "Nej, bara här i Eldsjäl"),
        (Permission.INTERNAL, "Ja, inom kommunerna"),
        (Permission.EXTERNAL, "Ja, för alla"),
    ],
)
def test_what_those_shown_agreed_to_stands_beside_it(
    reported: Activity, cast: Cast, as_: As, permission: Permission, sentence: str
) -> None:
    db.session.execute(update(Outcome).values(permission=permission.value))
    db.session.commit()
    assert sentence in as_(cast.cora).get("/moderation").text


@pytest.mark.parametrize("who", ["alice", "bob", "stig"])
def test_other_roles_are_refused(reported: Activity, cast: Cast, as_: As, who: str) -> None:
    browser = as_(getattr(cast, who))
    assert browser.get("/moderation").status_code == 403
    assert browser.get("/moderation/log").status_code == 403
    with unchanged():
        assert {_post(browser, reported, verb).status_code for verb in DECISIONS} == {403}


def test_another_municipalitys_coordinator_finds_nothing(reported: Activity, cast: Cast, as_: As) -> None:
    kim = as_(cast.kim)
    with unchanged():
        assert {_post(kim, reported, verb).status_code for verb in DECISIONS} == {404}


def test_nobody_decides_about_their_own(cast: Cast, as_: As) -> None:
    own = make_activity(cast.cora)
    flag(own, cast.bob, "tone", "", NOW)
    db.session.commit()
    cora = as_(cast.cora)
    assert "1 att granska" not in cora.get("/moderation").text
    with unchanged():
        assert _post(cora, own, "approval").status_code == 404
    assert _post(as_(cast.lena), own, "approval").status_code == 303


def test_a_stranger_is_sent_to_sign_in(reported: Activity, client: FlaskClient) -> None:
    with unchanged():
        assert "/login" in _post(client, reported, "decision").headers["Location"]


def test_keep_says_so_and_can_be_undone(reported: Activity, cast: Cast, as_: As) -> None:
    cora = as_(cast.cora)
    page = cora.get(_post(cora, reported, "approval").headers["Location"]).text
    assert "Den får stå kvar. De som anmälde har fått besked." in page
    assert f'action="/moderation/{reported.id}/undo"' in page
    assert "Inget att granska" in page
    page = cora.get(_post(cora, reported, "undo").headers["Location"]).text
    assert "Ångrat. Den väntar igen." in page
    assert "1 att granska" in page


def test_hidden_is_gone_everywhere_for_others(reported: Activity, cast: Cast, as_: As) -> None:
    assert _post(as_(cast.cora), reported, "decision").status_code == 303
    assert db.session.get(Removal, reported.id) is not None
    url = f"/activities/{reported.id}"
    seen = {
        who: as_(getattr(cast, who)).get(url).status_code for who in ("alice", "cora", "bob", "kim", "stig")
    }
    assert seen == {"alice": 200, "cora": 200, "bob": 404, "kim": 404, "stig": 404}


@pytest.mark.parametrize("verb", ["approval", "decision"])
def test_the_second_tap_is_told_kindly(
    reported: Activity, cast: Cast, as_: As, verb: str, hx: dict[str, str]
) -> None:
    _post(as_(cast.cora), reported, "decision")
    lena = as_(cast.lena)
    page = lena.get(_post(lena, reported, verb).headers["Location"]).text
    assert "Cora Coster hann före: dold." in page
    fragment = _post(lena, reported, verb, headers=hx)
    assert fragment.status_code == 200
    assert "Cora Coster hann före: dold." in fragment.text
    assert _verdicts() == ["hide"]


def test_hiding_without_a_reason_comes_back_as_it_was_filled(
    reported: Activity, cast: Cast, as_: As, hx: dict[str, str]
) -> None:
    cora = as_(cast.cora)
    for headers in ({}, hx):
        with unchanged():
            answer = cora.post(
                f"/moderation/{reported.id}/decision", data=HIDE | {"reason": ""}, headers=headers
            )
        assert answer.status_code == 422
        assert "Välj en orsak." in answer.text
        assert "Fråga föräldrarna först." in answer.text
        assert 'value="hide" checked' in answer.text


def test_a_decision_by_htmx_answers_with_the_queue(
    reported: Activity, cast: Cast, as_: As, hx: dict[str, str]
) -> None:
    answer = _post(as_(cast.cora), reported, "approval", headers=hx)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div class="wrap')
    assert "Den får stå kvar." in answer.text
    assert "<html" not in answer.text


def test_an_authors_answer_waits_in_the_queue_and_is_settled_there(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice)
    hide(activity, cast.cora, "consent", "", NOW)
    answer_back(activity, cast.alice, "De har sagt ja.", NOW)
    db.session.commit()
    cora = as_(cast.cora)
    page = cora.get("/moderation").text
    assert "Svar från den som skrev" in page
    assert "De har sagt ja." in page
    page = cora.get(_post(cora, activity, "confirmation").headers["Location"]).text
    assert "Den förblir dold." in page
    assert _post(cora, activity, "restoration").status_code == 303
    assert _verdicts() == ["hide", "uphold", "restore"]
    assert as_(cast.bob).get(f"/activities/{activity.id}").status_code == 200


def test_words_that_are_too_long_come_back(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice)
    hide(activity, cast.cora, "consent", "", NOW)
    answer_back(activity, cast.alice, "De har sagt ja.", NOW)
    db.session.commit()
    cora, url = as_(cast.cora), f"/moderation/{activity.id}/restoration"
    with unchanged():
        answer = cora.post(url, data={"text": "x" * 1001})
    assert answer.status_code == 422
    assert "Högst 1000 tecken." in answer.text
    assert "x" * 1001 in answer.text


def test_the_log_tells_what_was_decided_and_restores(reported: Activity, cast: Cast, as_: As) -> None:
    cora = as_(cast.cora)
    _post(cora, reported, "decision")
    log = cora.get("/moderation/log").text
    assert "Fråga föräldrarna först." in log
    assert "Cora Coster" in log
    assert f'action="/moderation/{reported.id}/restoration"' in log
    assert "Morgondopp" not in as_(cast.kim).get("/moderation/log").text
    assert _post(cora, reported, "restoration").status_code == 303
    assert "restoration" not in cora.get("/moderation/log").text


def test_queue_and_log_are_paged_and_cost_the_same_when_they_grow(
    app: Flask, cast: Cast, as_: As, queries: list[str], hx: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "CACHE_SECONDS", 24 * 3600)

    def grow(number: int) -> None:
        for _ in range(number):
            activity = make_activity(cast.alice)
            flag(activity, cast.bob, "tone", "", NOW)
            other = make_activity(cast.alice)
            flag(other, cast.bob, "tone", "", NOW)
            keep(other, cast.cora, NOW)
        db.session.commit()

    def cost(url: str) -> int:
        assert cora.get(url).status_code == 200
        queries.clear()
        assert cora.get(url).status_code == 200
        return len(queries)

    cora = as_(cast.cora)
    cora.get("/moderation")
    grow(1)
    few = [cost("/moderation"), cost("/moderation/log")]
    grow(PAGE_SIZE)
    assert [cost("/moderation"), cost("/moderation/log")] == few

    for url, row in (("/moderation", "<article"), ("/moderation/log", 'class="flow decision"')):
        first = cora.get(url).text
        assert first.count(row) == PAGE_SIZE
        following = first.split('id="more"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
        rest = cora.get(following, headers=hx).text
        assert rest.count(row) == 1
        assert "<h1" not in rest
        assert cora.get(following).text.count(row) == 1


def test_words_that_are_too_long_come_back_also_when_it_was_reported_and_not_hidden(
    cast: Cast, as_: As
) -> None:
    activity = make_activity(cast.alice)
    as_(cast.bob).post(f"/moderation/report/{activity.id}", data={"reason": "tone"})
    cora, url = as_(cast.cora), f"/moderation/{activity.id}"
    for path in ("restoration", "confirmation"):
        with unchanged():
            answer = cora.post(f"{url}/{path}", data={"text": "a" * 1001})
        assert answer.status_code == 422
        assert "a" * 1001 in answer.text
