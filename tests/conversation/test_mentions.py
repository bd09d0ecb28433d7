"""Whom a text names, how it is shown, and who is told."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.extensions import db
from app.models.comment import Comment
from app.models.notification import Kind, Notification
from app.models.person import Person
from app.services.conversation.mentions import named_in
from app.services.conversation.mute import mute, unmute
from app.services.conversation.thread import whole_comments
from app.services.conversation.write import Words, change_comment, comment_on
from app.services.moderation.decide import hide
from app.services.notifications.inbox import contents_to_withhold, notifications
from app.services.notifications.kinds import words_of
from app.services.people.membership import leave
from tests.cast import Cast
from tests.challenge_makers import make_challenge
from tests.comment_makers import make_comment
from tests.factories import NOW, make_activity, make_joint, make_person
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]


def titles(person: Person) -> list[str]:
    """What the person has been told of comments, newest first."""
    told = [one for one in notifications(person.id, None).items if one.kind in (Kind.COMMENT, Kind.MENTION)]
    return [words_of(one.kind, one.parameters, "sv").title for one in told]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hej @Charlie Ceder, kommer du?", ["Charlie Ceder"]),
        ("(@charlie ceder)", ["charlie ceder"]),
        ("@Klippan och @Bjuv!", ["Klippan", "Bjuv"]),
        ("@Anna-Lena af Trolle Ek kan", ["Anna-Lena af Trolle Ek"]),
        ("@Charlie", []),
        ("@Ingen Alls", []),
        ("@Charlie\nCeder", []),
        ("charlie@Klippan.se https://x.se/@Klippan", []),
        ("@Charlie Ceder och @Charlie Ceder", ["Charlie Ceder"]),
        ("@ Klippan @@Klippan", []),
    ],
)
def test_a_full_name_is_enough(text: str, names: list[str], cast: Cast) -> None:
    assert cast.charlie
    make_person("Anna-Lena af Trolle Ek")
    assert [one.name for one in named_in(text)] == names


def test_of_two_with_one_name_the_one_who_was_picked_is_meant(cast: Cast) -> None:
    one, other = (make_person("Per Sandell", place) for place in ("bjuv", "klippan"))
    assert named_in("@Per Sandell, hej") == []
    assert [found.thing for found in named_in("@Per Sandell, hej", {other.id, cast.bob.id})] == [other]
    assert [found.thing for found in named_in("@Per Sandell, hej", {one.id, other.id})] == []


def test_who_has_left_is_not_meant(cast: Cast) -> None:
    leave(cast.charlie, now=NOW)
    assert named_in("@Charlie Ceder") == []


def test_everybody_is_told_once_by_what_concerns_them_most(cast: Cast) -> None:
    alice, bob, charlie, kim = cast.alice, cast.bob, cast.charlie, cast.kim
    activity = make_joint(alice, bob)
    opening = make_comment(activity, charlie, "Räcker gympaskor?")
    assert [titles(who) for who in (alice, bob, charlie)] == [
        ["Charlie Ceder har kommenterat"],
        ["Charlie Ceder har kommenterat"],
        [],
    ]
    make_comment(activity, alice, "Ja, @Charlie Ceder och @Bob Berg. @Klippan?", to=opening)
    assert titles(charlie) == ["Alice Ahl nämner dig"]
    assert titles(bob)[0] == "Alice Ahl nämner dig"
    assert titles(kim) == ["Alice Ahl nämner Klippan"]
    make_comment(activity, cast.cora, to=opening)
    assert titles(charlie)[0] == "Cora Coster har svarat dig"
    assert len(titles(alice)) == 1


def test_what_piles_up_is_one(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    for who in (cast.bob, cast.charlie, cast.charlie, cast.kim):
        make_comment(activity, who)
    assert titles(cast.alice) == ["Bob Berg och 2 till har kommenterat"]


def test_nobody_is_told_of_their_own_and_a_challenge_of_the_programme_tells_nobody(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    make_comment(activity, cast.alice, "@Alice Ahl", to=make_comment(activity, cast.alice))
    make_comment(make_challenge(), cast.bob)
    assert titles(cast.alice) == []


def test_who_has_muted_it_hears_nothing_until_they_want_to(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    mute(activity.id, cast.alice, NOW)
    mute(activity.id, cast.alice, NOW)
    opening = make_comment(activity, cast.bob, "Hej @Alice Ahl")
    mute(activity.id, cast.bob, NOW)
    make_comment(activity, cast.charlie, to=opening)
    assert titles(cast.alice) + titles(cast.bob) == []
    unmute(activity.id, cast.alice)
    make_comment(activity, cast.bob)
    assert len(titles(cast.alice)) == 1


def test_a_retry_tells_nobody_again_and_a_change_only_who_is_new(cast: Cast) -> None:
    activity, words = make_activity(cast.alice), Words("Hej @Charlie Ceder", "once")
    assert cast.charlie
    for _ in range(2):
        comment = comment_on(activity, cast.bob, words, now=NOW)
    change_comment(comment, cast.bob, "Hej @Charlie Ceder och @Kim Krook", now=NOW)
    assert cast.kim
    change_comment(comment, cast.bob, "Hej @Kim Krook och @Charlie Ceder!", now=NOW)
    assert [len(titles(who)) for who in (cast.charlie, cast.kim, cast.alice)] == [1, 1, 1]


def test_what_has_gone_is_not_named_to_those_who_were_told(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    assert cast.charlie
    gone, stays = (make_comment(activity, cast.bob, f"@Charlie Ceder {n}") for n in range(2))
    told = db.session.query(Notification).where(Notification.kind == Kind.MENTION.value).all()
    hide(gone, cast.cora, "tone", "", NOW)
    withheld = {one.parameters["contribution_id"] for one in contents_to_withhold(told)}
    assert withheld == {gone.id}
    hide(activity, cast.cora, "tone", "", NOW)
    withheld = {one.parameters["contribution_id"] for one in contents_to_withhold(told)}
    assert withheld == {gone.id, stays.id}


def test_it_is_shown_as_a_link_and_ones_own_name_apart(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice)
    charlie = cast.charlie
    make_comment(activity, cast.bob, "<b>@Charlie Ceder</b>, @Klippan: https://example.se")
    page = as_(cast.alice).get(activity.path).text
    assert f'&lt;b&gt;<a class="at k-sund" href="/people/{charlie.id}">@Charlie Ceder</a>&lt;/b&gt;' in page
    assert '<a class="at kom k-raps" href="/leaderboard/klippan">@Klippan</a>: <a href=' in page
    assert 'class="at me"' in as_(charlie).get(activity.path).text
    leave(charlie, now=NOW)
    db.session.commit()
    assert '<span class="at k-sund">@Charlie Ceder</span>' in as_(cast.alice).get(activity.path).text


def test_the_text_says_who_is_mentioned(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    comment = make_comment(activity, cast.bob, "@Klippan och @Kim Krook" if cast.kim else "")
    assert [mention.name for mention in _whole(comment).mentions] == ["Klippan", "Kim Krook"]
    change_comment(comment, cast.bob, "@Kim Krook", now=NOW)
    assert [mention.person_id for mention in _whole(comment).mentions] == [cast.kim.id]


def test_the_switch_on_the_page(cast: Cast, as_: As, hx: dict[str, str], client: FlaskClient) -> None:
    activity, alice = make_activity(cast.alice), as_(cast.alice)
    url = f"{activity.path}/comments/mute"
    assert "Tystat<" in alice.post(url, headers=hx).text
    assert alice.post(url).location == f"{activity.path}#mute"
    assert "Tystat<" in alice.get(activity.path).text
    assert "Tysta<" in alice.post(f"{url}/withdrawal", headers=hx).text
    hidden = make_activity(cast.bob)
    hide(hidden, cast.cora, "tone", "", NOW)
    db.session.commit()
    with unchanged():
        assert alice.post(f"{hidden.path}/comments/mute").status_code == 404
        assert "/login" in client.post(url).location


def _whole(comment: Comment) -> Comment:
    db.session.commit()
    return whole_comments([comment.id])[0]


def test_suggestions_are_places_and_colleagues_whose_name_begins_so(
    cast: Cast, as_: As, client: FlaskClient
) -> None:
    assert cast.kim
    alice = as_(cast.alice)
    page = alice.get("/comments/mentions?q=k").text
    assert 'data-name="Klippan"' in page
    assert "Kim Krook" not in page, "one letter is too little for people"
    page = alice.get("/comments/mentions?q=ki").text
    assert f'data-name="Kim Krook" data-person="{cast.kim.id}"' in page
    assert [alice.get(f"/comments/mentions{q}").text.strip() for q in ("", "?q=", "?q=xyz", "?q=%25")] == [
        ""
    ] * 4
    assert "/login" in client.get("/comments/mentions?q=ki").location


def test_who_was_picked_is_sent_along(cast: Cast, as_: As) -> None:
    one, other = (make_person("Per Sandell", place) for place in ("bjuv", "klippan"))
    activity, bob = make_activity(cast.alice), as_(cast.bob)
    for number, picked in enumerate(("", str(other.id), f"x 99999999999 {cast.alice.id}")):
        said = {"body": f"Hej @Per Sandell {number}", "request_key": "x", "mention": picked}
        assert bob.post(f"{activity.path}/comments", data=said).status_code == 303
    assert (titles(one), titles(other)) == ([], ["Bob Berg nämner dig"])
