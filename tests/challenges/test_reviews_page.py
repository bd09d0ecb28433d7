"""The queue of completions that wait for approval: what was sent in, approve, send back, mend."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.ledger import PointEntry
from app.models.notification import Notification
from app.models.paging import PAGE_SIZE
from app.models.person import Person, Role
from app.models.undertaking import ChallengeReview
from app.services.activities.plan import answer_invitation, invite
from app.services.moderation.decide import hide
from tests.cast import Cast
from tests.challenge_makers import complete, make_challenge, make_undertaking, undertaking_of, whole
from tests.factories import NOW, make_person
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]
QUEUE = "/challenges/reviews"


@pytest.fixture
def done(cast: Cast) -> Activity:
    """Alice's, which waits for a word."""
    _ = cast.cora
    activity = make_undertaking(cast.alice, make_challenge(needs_approval=True), title="Klippan på besök")
    complete(activity, story="Sara visade oss sitt arkiv.")
    return activity


def approval(activity: Activity) -> str:
    return f"{QUEUE}/{activity.id}/approval"


def sending_back(activity: Activity) -> str:
    return f"{QUEUE}/{activity.id}/return"


def told(person: Person) -> list[dict[str, object]]:
    notes = select(Notification).where(Notification.person_id == person.id, Notification.kind == "challenge")
    return [note.parameters for note in db.session.scalars(notes.order_by(Notification.id))]


def test_it_shows_what_was_sent_in(done: Activity, cast: Cast, as_: As) -> None:
    page = as_(cast.cora).get(QUEUE).text
    assert "1 utmaning att godkänna" in page
    for part in (
        "Klippan på besök",
        "Sara visade oss sitt arkiv.",
        "Ni har bestämt nästa steg ihop",
        "Alice Ahl",
    ):
        assert part in page


@pytest.mark.parametrize(("who", "sees"), [("lena", True), ("kim", False)])
def test_each_sees_their_own_area(done: Activity, cast: Cast, as_: As, who: str, sees: bool) -> None:
    assert ("Klippan på besök" in as_(getattr(cast, who)).get(QUEUE).text) is sees


@pytest.mark.parametrize("who", ["alice", "bob", "stig"])
def test_other_roles_are_refused(done: Activity, cast: Cast, as_: As, who: str) -> None:
    browser = as_(getattr(cast, who))
    with unchanged():
        assert browser.get(QUEUE).status_code == 403
        assert browser.post(approval(done)).status_code == 403
        assert browser.post(sending_back(done), data={"text": "Nej."}).status_code == 403


def test_another_municipalitys_coordinator_finds_nothing(done: Activity, cast: Cast, as_: As) -> None:
    kim = as_(cast.kim)
    with unchanged():
        assert kim.post(approval(done)).status_code == 404
        assert kim.post(sending_back(done), data={"text": "Nej."}).status_code == 404


def test_a_partners_coordinator_may_decide_too(cast: Cast, as_: As) -> None:
    activity = make_undertaking(cast.alice, make_challenge(needs_approval=True))
    answer_invitation(invite(activity, cast.charlie, by=cast.alice, now=NOW), True, now=NOW)
    complete(whole(activity.id))
    assert as_(cast.kim).post(approval(activity)).status_code == 303


def test_nobody_decides_about_their_own(cast: Cast, as_: As) -> None:
    own = make_undertaking(cast.cora, make_challenge(needs_approval=True), title="Egen fika")
    complete(own)
    cora = as_(cast.cora)
    with unchanged():
        assert "Egen fika" not in cora.get(QUEUE).text
        assert cora.post(approval(own)).status_code == 404
    assert as_(cast.lena).post(approval(own)).status_code == 303


def test_a_stranger_is_sent_to_sign_in(done: Activity, client: FlaskClient) -> None:
    with unchanged():
        assert "/login" in client.post(approval(done)).headers["Location"]
        assert "/login" in client.get(QUEUE).headers["Location"]


def test_approved_it_counts_and_who_did_it_is_told_at_once(done: Activity, cast: Cast, as_: As) -> None:
    cora = as_(cast.cora)
    answer = cora.post(approval(done))
    assert answer.headers["Location"] == QUEUE
    assert "Godkänd. De som gjorde den har fått veta det." in cora.get(QUEUE).text
    assert told(cast.alice)[-1]["event"] == "approved"
    earned = select(PointEntry.points).where(PointEntry.reason == "challenge")
    assert list(db.session.scalars(earned)) == [40]
    alice = as_(cast.alice)
    assert "Utmaningen är klar" in alice.get(done.path).text
    assert "Din utmaning är klar" in alice.get("/inbox").text


def test_sent_back_it_says_why_and_mended_it_waits_again(done: Activity, cast: Cast, as_: As) -> None:
    cora, alice = as_(cast.cora), as_(cast.alice)
    assert cora.post(sending_back(done), data={"text": "Vem kom från Klippan?"}).status_code == 303
    assert told(cast.alice)[-1]["text"] == "Vem kom från Klippan?"
    page = alice.get(done.path).text
    assert "Tillbaka med en fråga" in page
    assert "Vem kom från Klippan?" in page
    assert "Ingen utmaning väntar" in cora.get(QUEUE).text
    complete(done, story="Sara Ek kom.")
    page = cora.get(QUEUE).text
    assert "Sara Ek kom." in page
    assert "Vem kom från Klippan?" in page, "what was asked stands beside the answer"
    assert cora.post(approval(done)).status_code == 303
    reviews = select(ChallengeReview.approved).order_by(ChallengeReview.id)
    assert list(db.session.scalars(reviews)) == [False, True], "all decisions together are the log"


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001])
def test_a_return_says_what_is_missing(done: Activity, cast: Cast, as_: As, text: str) -> None:
    cora = as_(cast.cora)
    with unchanged():
        answer = cora.post(sending_back(done), data={"text": text})
    assert answer.status_code == 422
    assert text.strip() in answer.text
    assert "<details open>" in answer.text


def test_scripts_get_the_queue_alone(done: Activity, cast: Cast, as_: As, hx: dict[str, str]) -> None:
    cora = as_(cast.cora)
    wrong = cora.post(sending_back(done), data={"text": ""}, headers=hx)
    assert wrong.status_code == 422
    right = cora.post(approval(done), headers=hx)
    for answer in (wrong, right):
        assert answer.text.lstrip().startswith('<div class="wrap tight flow-l" id="queue">')
        assert "<html" not in answer.text
    assert "Godkänd." in right.text


@pytest.mark.parametrize("second", ["approval", "return"])
def test_the_second_of_two_coordinators_finds_it_decided(
    done: Activity, cast: Cast, as_: As, hx: dict[str, str], second: str
) -> None:
    lena = as_(cast.lena)
    assert as_(cast.cora).post(approval(done)).status_code == 303
    address = f"{QUEUE}/{done.id}/{second}"
    with unchanged():
        answer = lena.post(address, data={"text": "Vem kom?"})
        by_script = lena.post(address, data={"text": "Vem kom?"}, headers=hx)
    assert answer.headers["Location"] == QUEUE
    assert "Redan avgjord" in lena.get(QUEUE).text
    assert "Redan avgjord" in by_script.text


def test_what_is_hidden_meanwhile_waits_for_nobody(done: Activity, cast: Cast, as_: As) -> None:
    cora = as_(cast.cora)
    hide(done, cast.lena, "tone", "", NOW)
    db.session.commit()
    assert "Ingen utmaning väntar" in cora.get(QUEUE).text
    with unchanged():
        assert cora.post(approval(done)).status_code == 303


def test_coordinators_are_told_once_for_all_that_wait(done: Activity, cast: Cast, as_: As) -> None:
    challenge = make_challenge(needs_approval=True)
    for person in (cast.bob, make_person()):
        complete(make_undertaking(person, challenge))
    complete(done, story="Mer text.")
    assert [(note["title"], note["others"]) for note in told(cast.cora)] == [("Klippan på besök", 2)]
    assert "Klippan på besök och 2 till" in as_(cast.cora).get("/inbox").text
    assert told(cast.kim) == []


def test_where_there_is_no_coordinator_the_leads_are_told(cast: Cast) -> None:
    _ = cast.lena
    complete(make_undertaking(cast.charlie, make_challenge(needs_approval=True)))
    assert [note["event"] for note in told(cast.lena)] == ["waiting"]


def test_a_coordinators_own_waits_for_another_one(cast: Cast) -> None:
    other = make_person("Nora Nord", "bjuv", Role.COORDINATOR)
    complete(make_undertaking(cast.cora, make_challenge(needs_approval=True)))
    assert (len(told(other)), told(cast.cora)) == (1, [])


def test_the_queue_is_paged_longest_waiting_first(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    challenge = make_challenge(needs_approval=True)
    for number in range(PAGE_SIZE + 1):
        complete(make_undertaking(make_person(), challenge, title=f"Besök nummer {number:02}"))
    cora = as_(cast.cora)
    first = cora.get(QUEUE).text
    assert "Besök nummer 00" in first
    assert f"Besök nummer {PAGE_SIZE}" not in first
    last = first.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    rest = cora.get(last, headers=hx).text
    assert f"Besök nummer {PAGE_SIZE}" in rest
    assert "Besök nummer 00" not in rest
    assert "<html" not in rest


def test_an_edit_while_it_waits_keeps_its_place(done: Activity, cast: Cast) -> None:
    since = undertaking_of(done).waits_since
    complete(done, story="Ett ord till.")
    assert undertaking_of(done).waits_since == since


def test_jag_leads_there_with_the_count(done: Activity, cast: Cast, as_: As) -> None:
    page = as_(cast.cora).get("/me").text
    assert f'href="{QUEUE}"' in page
    assert "Utmaningar att godkänna" in page
    assert "1 väntar" in page
    assert QUEUE not in as_(cast.alice).get("/me").text
