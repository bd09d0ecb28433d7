"""Of those who do it together the first answers for all; the others are told what came of it, and thanked."""

import re

import pytest
from flask.testing import FlaskClient

from app.extensions import db
from app.models.activity import Activity
from app.services.activities.plan import answer_invitation, invite, move_activity
from app.services.moderation.decide import hide
from tests.activities.closing import YESTERDAY, address_of, again
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_joint, make_outcome
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")


@pytest.fixture
def joint(cast: Cast) -> Activity:
    """Yesterday's plan of Alice, with Charlie."""
    return make_joint(cast.alice, cast.charlie, planned_for=YESTERDAY)


def _words(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.text))


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ("done", "Det blev av, säger Charlie Ceder. Tack till er båda."),
        ("moved", "Det är flyttat till måndag 16 nov, säger Charlie Ceder. Tack till er båda."),
        ("not", "Det blev inte av, säger Charlie Ceder. Tack till er båda."),
    ],
)
def test_the_other_reads_who_answered_and_what(
    client: FlaskClient, cast: Cast, joint: Activity, choice: str, words: str
) -> None:
    theirs, mine = address_of(joint, cast.charlie), address_of(joint, cast.alice)
    assert client.post(theirs, data={"choice": choice}).status_code == 303
    read = _words(client, mine)
    assert "Charlie hann före." in read
    assert words in read
    assert ("Sparat som gjord" in read) == (choice == "done")
    assert "hann före" not in _words(client, theirs)


def test_a_tap_that_comes_second_changes_nothing_and_says_so(
    client: FlaskClient, cast: Cast, joint: Activity
) -> None:
    client.post(address_of(joint, cast.charlie), data={"choice": "done"})
    mine = address_of(joint, cast.alice)
    with unchanged():
        answers = [
            client.post(mine + place, data={"choice": "not"}) for place in ("", "/account", "/day", "/undo")
        ]
    assert [answer.status_code for answer in answers] == [409] * 4
    assert "Charlie hann före." in answers[0].text


@pytest.mark.parametrize("carried_out", [True, False])
def test_so_it_is_when_the_other_reported_without_the_link(
    client: FlaskClient, cast: Cast, joint: Activity, carried_out: bool
) -> None:
    make_outcome(joint, by=cast.charlie, carried_out=carried_out)
    words = "Det blev av, säger Charlie" if carried_out else "Det blev inte av, säger Charlie"
    assert words in _words(client, address_of(joint, cast.alice))
    assert client.get(address_of(joint, cast.charlie)).status_code == 410, "it is their own report"


def test_in_english_and_with_more_than_two(client: FlaskClient, cast: Cast, joint: Activity) -> None:
    answer_invitation(invite(joint, cast.bob, by=cast.alice, now=NOW), True, now=NOW)
    cast.alice.language = "en"
    db.session.commit()
    client.post(address_of(joint, cast.bob), data={"choice": "done"})
    assert "It took place, says Bob Berg. Thank you all." in _words(client, address_of(joint, cast.alice))


def test_undone_it_can_be_answered_by_either(client: FlaskClient, cast: Cast, joint: Activity) -> None:
    theirs, mine = address_of(joint, cast.charlie), address_of(joint, cast.alice)
    client.post(theirs, data={"choice": "done"})
    client.post(f"{theirs}/undo")
    assert client.post(mine, data={"choice": "not"}).status_code == 303
    assert "Alice hann före." in _words(client, theirs)


def test_who_answered_first_and_whose_answer_was_changed_reads_no_name(
    client: FlaskClient, cast: Cast, joint: Activity
) -> None:
    mine = address_of(joint, cast.alice)
    client.post(mine, data={"choice": "done"})
    make_outcome(again(joint), by=cast.charlie, story="Så här gick det till.")
    assert client.get(mine).status_code == 410


def test_nobody_else_reads_it_and_not_of_what_is_out_of_sight(
    client: FlaskClient, cast: Cast, joint: Activity
) -> None:
    client.post(address_of(joint, cast.charlie), data={"choice": "done"})
    assert client.get(address_of(joint, cast.bob)).status_code == 410
    hide(again(joint), cast.cora, "tone", "", NOW)
    db.session.commit()
    assert client.get(address_of(joint, cast.alice)).status_code == 410


def test_moved_otherwise_nobody_has_answered(client: FlaskClient, cast: Cast, joint: Activity) -> None:
    move_activity(joint, TODAY, by=cast.charlie, now=NOW)
    db.session.commit()
    assert client.get(address_of(joint, cast.alice)).status_code == 410
