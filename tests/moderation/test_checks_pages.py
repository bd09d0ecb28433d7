"""What waits to be published, on the pages of its author and of moderators."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.models.person import Person
from tests.activities.closing import address_of, make_due
from tests.cast import Cast
from tests.comment_makers import make_comment
from tests.factories import make_activity, make_tip
from tests.moderation.looked_at import points_of, waits

pytestmark = pytest.mark.usefixtures("app")

As = Callable[[Person], FlaskClient]


@pytest.mark.usefixtures("everything", "at_now")
def test_one_tap_publishes_it(cast: Cast, as_: As) -> None:
    plan = make_activity(cast.alice, title="Morgondopp")
    cora, bob = as_(cast.cora), as_(cast.bob)
    page = cora.get("/moderation").text
    assert "Att titta på före publicering" in page
    assert "Morgondopp" in page
    for address in ("/coordinator", f"/moderation/{plan.id}"):
        assert "Att titta på före publicering" in cora.get(address).text
    assert bob.get(f"/activities/{plan.id}").status_code == 404
    address = f"/moderation/{plan.id}/publication"
    answer = cora.post(address, headers={"HX-Request": "true"})
    assert "Publicerad. Den som gjort det får veta." in answer.text
    assert "Ångra" in answer.text
    assert bob.get(f"/activities/{plan.id}").status_code == 200
    assert "Redan avgjort" in cora.post(address, follow_redirects=True).text


@pytest.mark.usefixtures("everything", "at_now")
def test_of_what_waits_to_be_published_no_points_are_said_to_stay_or_go(cast: Cast, as_: As) -> None:
    plan, cora = make_activity(cast.alice), as_(cast.cora)
    address, unpublished = f"/moderation/{plan.id}", ["Vilar tills det är ändrat.", "Förblir utom synhåll."]
    assert _choices(cora.get(address).text) == unpublished
    asked = {"verdict": "ask", "reason": "tone", "text": "Kan du skriva det mjukare?"}
    assert cora.post(f"{address}/decision", data=asked).status_code == 303
    assert _choices(cora.get(address).text) == unpublished
    alice = as_(cast.alice)
    for page in (f"/activities/{plan.id}", f"/moderation/answer/{plan.id}"):
        assert "Poängen kommer när det publiceras." in alice.get(page).text
    cora.post(f"{address}/restoration")
    as_(cast.bob).post(f"/moderation/report/{plan.id}", data={"reason": "tone"})
    assert _choices(cora.get(address).text) == [
        "Vilar tills det är ändrat. Poängen ligger kvar.",
        "Försvinner överallt. Poängen går tillbaka.",
    ]


def _choices(page: str) -> list[str]:
    """What is said of asking and of hiding."""
    return re.findall(r'value="(?:ask|hide)".*?<small>(.*?)</small>', page, re.DOTALL)


@pytest.mark.usefixtures("everything", "at_now")
def test_what_nobody_else_can_open_is_not_offered_to_be_shared(cast: Cast, as_: As) -> None:
    alice, cora = as_(cast.alice), as_(cast.cora)
    for thing in (make_activity(cast.alice), make_tip(cast.alice)):
        assert "<share-button" not in alice.get(thing.path).text
        cora.post(f"/moderation/{thing.id}/publication")
        assert "<share-button" in alice.get(thing.path).text


@pytest.mark.usefixtures("everything", "at_now")
@pytest.mark.parametrize(("who", "status"), [("alice", 403), ("bob", 403), ("kim", 404)])
def test_others_publish_nothing(cast: Cast, as_: As, who: str, status: int) -> None:
    plan = make_activity(cast.alice)
    assert as_(getattr(cast, who)).post(f"/moderation/{plan.id}/publication").status_code == status
    assert waits(plan)


@pytest.mark.usefixtures("everything", "at_now")
def test_the_author_reads_that_it_waits_and_goes_on(cast: Cast, as_: As) -> None:
    plan = make_activity(cast.alice)
    alice = as_(cast.alice)
    page = alice.get(f"/activities/{plan.id}").text
    assert "Väntar på en titt" in page
    assert "Ändra planen" in page
    for address in ("/activities/mine", "/me"):
        assert "Väntar på en titt" in alice.get(address).text
    assert "Väntar på en titt" in alice.get(f"/moderation/answer/{plan.id}").text
    report = {"carried_out": "yes", "rating": "4", "story": "Det gick bra.", "permission": "internal"}
    alice.post(f"/activities/{plan.id}/outcome", data=report)
    thanks = alice.get(f"/activities/{plan.id}/outcome/thanks").text
    assert "Tack. Den väntar på en titt." in thanks
    assert "Se den i flödet" not in thanks


@pytest.mark.usefixtures("everything", "at_now")
def test_the_author_of_a_tip_and_of_a_comment_reads_it_too(cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    tip = make_tip(cast.alice)
    page = alice.get(f"/tips/{tip.id}").text
    assert "Väntar på en titt" in page
    assert "Ja, dra tillbaka" in page
    comment = make_comment(make_activity(cast.cora), cast.alice, "Vilken fin idé.")
    page = alice.get(comment.path).text
    assert "Vilken fin idé." in page
    assert f"{comment.path}/edit" in page
    assert alice.post(f"{comment.path}/edit", data={"body": "Så fint."}).status_code == 303


@pytest.mark.usefixtures("everything", "at_now")
def test_it_is_reported_from_its_address_without_a_session(cast: Cast, client: FlaskClient) -> None:
    activity = make_due(cast.alice)
    assert client.post(address_of(activity, cast.alice), data={"choice": "done"}).status_code == 303
    assert (waits(activity), points_of(activity)) == (True, 0)
