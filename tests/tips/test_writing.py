"""Tips that stand alone, and the lessons of a report."""

import re
from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import db
from app.models.contribution import is_withdrawn
from app.models.person import Person
from app.models.tip import Tip, title_of
from app.services.activities.cheer import cheer
from app.services.activities.visibility import whole_activity
from app.services.moderation.decide import hide
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_outcome, make_tip
from tests.held_back import let_it_be_told
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]


def form(**over: str) -> dict[str, str]:
    return {
        "request_key": "first",
        "kind": "pitfall",
        "text": "Skriv inte reklam. Wikipedia tar bort det.",
        "focus_area": "larande",
        "value": "kreativt",
    } | over


def test_a_tip_is_written_and_shown(cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    answer = alice.post("/tips/new", data=form())
    tip = db.session.scalars(select(Tip)).one()
    assert (answer.status_code, answer.location) == (303, f"/tips/{tip.id}")
    assert (tip.kind_of_tip, tip.owner_id, tip.activity_id) == ("pitfall", cast.alice.id, None)
    assert "Skriv inte reklam" in as_(cast.bob).get("/tips").text


def test_sent_twice_it_is_one(cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    first, again = (alice.post("/tips/new", data=form()) for _ in range(2))
    assert first.location == again.location
    assert db.session.scalar(select(func.count()).select_from(Tip)) == 1


def test_what_was_taken_back_is_not_shared_by_sending_the_form_again_but_by_asking_for_it(
    cast: Cast, as_: As
) -> None:
    alice = as_(cast.alice)
    tip = alice.post("/tips/new", data=form()).location
    assert alice.post(f"{tip}/withdrawal").status_code == 303
    with unchanged():
        page = alice.post("/tips/new", data=form())
    assert page.status_code == 422
    assert "Du har tagit tillbaka det tipset." in page.text
    assert "Wikipedia tar bort det." in page.text, "what was written is kept"
    key = re.search(r'name="request_key"[^>]* value="([^"]+)"', page.text)
    assert key
    after_all = alice.post("/tips/new", data=form(request_key=key[1]))
    assert (after_all.status_code, after_all.location == tip) == (303, False)


def test_what_is_missing_is_said_and_what_was_written_kept(cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    with unchanged():
        answer = alice.post("/tips/new", data=form(value="mars", kind="x"))
    assert answer.status_code == 422
    assert "Wikipedia tar bort det." in answer.text
    assert 'id="value-error"' in answer.text
    assert 'id="kind-error"' in answer.text
    with unchanged():
        assert alice.post("/tips/new", data=form(text=" ")).status_code == 422


def test_its_author_takes_it_back_and_nobody_else_can(cast: Cast, as_: As) -> None:
    tip = make_tip(cast.alice, text="Tas tillbaka")
    bob, alice = as_(cast.bob), as_(cast.alice)
    with unchanged():
        assert bob.post(f"/tips/{tip.id}/withdrawal").status_code == 404
    assert alice.post(f"/tips/{tip.id}/withdrawal").status_code == 303
    assert bob.get(f"/tips/{tip.id}").status_code == 404
    assert "Bara du ser" in alice.get(f"/tips/{tip.id}").text
    assert "Tas tillbaka" not in alice.get("/tips").text
    with unchanged():
        assert alice.post(f"/tips/{tip.id}/withdrawal").location == "/tips", "a second tap"


def test_a_lesson_is_emptied_in_its_report_and_not_withdrawn(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice)
    make_outcome(activity)
    lesson = whole_activity(activity.id).lessons[0]  # type: ignore[union-attr]
    alice = as_(cast.alice)
    with unchanged():
        assert alice.post(f"/tips/{lesson.id}/withdrawal").status_code == 404
    assert f"/activities/{activity.id}/outcome" in alice.get(lesson.path).text


def test_a_lesson_that_nobody_has_goes_when_it_is_emptied(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    make_outcome(activity)
    make_outcome(activity, success="", pitfall="")
    assert db.session.scalar(select(func.count()).select_from(Tip)) == 0


def test_one_that_somebody_has_is_withdrawn_and_comes_back(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    make_outcome(activity)
    heeded, cheered = whole_activity(activity.id).lessons  # type: ignore[union-attr]
    make_activity(cast.bob, heeded=frozenset({heeded.id}))
    cheer(cheered, cast.bob, now=NOW)
    make_outcome(activity, success="", pitfall="")
    withdrawn = select(Tip.id).where(is_withdrawn(Tip.id))
    assert set(db.session.scalars(withdrawn)) == {heeded.id, cheered.id}
    assert whole_activity(activity.id).lessons == []  # type: ignore[union-attr]
    make_outcome(activity, success="Barnen fick visa böcker.", pitfall="")
    assert [tip.id for tip in whole_activity(activity.id).lessons] == [heeded.id]  # type: ignore[union-attr]
    db.session.refresh(heeded)
    assert (heeded.text, heeded.heeded_count) == ("Barnen fick visa böcker.", 1)


def test_a_tip_is_reported_hidden_answered_and_read_in_the_queue(cast: Cast, as_: As) -> None:
    tip = make_tip(cast.alice, text="Otrevligt skrivet.")
    bob, cora, alice = as_(cast.bob), as_(cast.cora), as_(cast.alice)
    assert bob.post(f"/moderation/report/{tip.id}", data={"reason": "tone"}).location == tip.path
    assert "Otrevligt skrivet" in cora.get("/moderation").text
    assert (
        cora.post(f"/moderation/{tip.id}/decision", data={"verdict": "hide", "reason": "tone"}).status_code
        == 303
    )
    let_it_be_told()
    assert "Ditt tips har dolts" in alice.get("/inbox").text
    assert "Dold för andra" in alice.get(tip.path).text
    assert alice.post(f"/moderation/answer/{tip.id}", data={"text": "Det var ett skämt."}).status_code == 303
    assert "Det var ett skämt" in cora.get("/moderation").text
    assert cora.post(f"/moderation/{tip.id}/restoration").status_code == 303
    assert bob.get(tip.path).status_code == 200
    assert tip.path in cora.get("/moderation/log").text


def test_another_municipalitys_coordinator_does_not_decide(cast: Cast, as_: As) -> None:
    tip, kim = make_tip(cast.alice), as_(cast.kim)
    with unchanged():
        assert (
            kim.post(f"/moderation/{tip.id}/decision", data={"verdict": "hide", "reason": "tone"}).status_code
            == 404
        )


def test_a_hidden_lesson_leaves_the_page_of_its_activity(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice)
    make_outcome(activity, success="Det här ska döljas.")
    hide(whole_activity(activity.id).lessons[0], cast.cora, "tone", "", NOW)  # type: ignore[union-attr]
    db.session.commit()
    assert "Det här ska döljas" not in as_(cast.bob).get(activity.path).text


def test_even_a_full_stop_has_a_title_to_be_called_by() -> None:
    assert [title_of(text) for text in ("Ring först. Sedan åk.", ".", "...")] == ["Ring först", ".", ".."]
