"""Thanks from one to another: said once, taken back, kept off a page, moderated, and told of."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models.contribution import coordinators_of
from app.models.notification import Kind, Notification
from app.models.person import Person
from app.models.retry import TakenBackError
from app.models.thanks import Thanks
from app.services.activities.visibility import whole_activity
from app.services.conversation.links import TooManyLinksError
from app.services.conversation.thanks import (
    MOST_A_DAY,
    HiddenThanksError,
    Line,
    TooManyThanksError,
    put_away,
    put_back_on_page,
    say_thanks,
    withdraw_thanks,
)
from app.services.conversation.thanks_read import thanks_on_page, thanks_to, visible_thanks
from app.services.moderation.appeals import send_again
from app.services.moderation.decide import hide, keep, restore
from app.services.moderation.flags import flag
from app.services.moderation.queue import queue, reviewable
from app.services.moderation.rewriting import rewrite
from app.services.notifications.inbox import contents_to_withhold
from app.services.notifications.kinds import words_of
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_person
from tests.thanks_makers import make_thanks, show_all

pytestmark = pytest.mark.usefixtures("app")


def read_by(viewer: Person, of: Person) -> list[str]:
    return [one.words for one in thanks_to(of.id, viewer, 20).items]


def told(person: Person) -> list[Notification]:
    query = select(Notification).where(Notification.person_id == person.id, Notification.kind == Kind.THANKS)
    return list(db.session.scalars(query.order_by(Notification.id)))


def test_only_the_two_read_it_until_whoever_is_thanked_shows_it(cast: Cast) -> None:
    make_thanks(cast.bob, cast.alice, "Du ringde först.")
    assert read_by(cast.bob, cast.bob) == read_by(cast.alice, cast.bob) == ["Du ringde först."]
    assert read_by(cast.charlie, cast.bob) == read_by(cast.cora, cast.bob) == []
    show_all(cast.bob)
    assert read_by(cast.charlie, cast.bob) == ["Du ringde först."]


def test_whoever_is_thanked_takes_one_off_their_page_and_puts_it_there_again(cast: Cast) -> None:
    show_all(cast.bob)
    one = make_thanks(cast.bob, cast.alice, "Ett")
    make_thanks(cast.bob, cast.alice, "Två")
    put_away(one, now=NOW)
    put_away(one, now=NOW + timedelta(days=1))
    db.session.commit()
    assert one.put_away_at == NOW
    assert read_by(cast.charlie, cast.bob) == ["Två"]
    assert read_by(cast.bob, cast.bob) == ["Två", "Ett"]
    assert [row.words for row in thanks_on_page(cast.bob.id, 5).items] == ["Två"]
    put_back_on_page(one)
    db.session.commit()
    assert read_by(cast.charlie, cast.bob) == ["Två", "Ett"]


def test_the_same_key_is_the_same_thanks_and_tells_once(cast: Cast) -> None:
    line = Line("Tack för i går.", "samma-nyckel")
    first = say_thanks(cast.bob, cast.alice, line, now=NOW)
    assert say_thanks(cast.bob, cast.alice, line, now=NOW).id == first.id
    db.session.commit()
    assert len(read_by(cast.bob, cast.bob)) == len(told(cast.bob)) == 1
    withdraw_thanks(first, cast.alice, now=NOW)
    with pytest.raises(TakenBackError):
        say_thanks(cast.bob, cast.alice, line, now=NOW)


def test_what_is_taken_back_is_gone_for_everybody(cast: Cast) -> None:
    show_all(cast.bob)
    one = make_thanks(cast.bob, cast.alice)
    withdraw_thanks(one, cast.alice, now=NOW)
    withdraw_thanks(one, cast.alice, now=NOW)
    db.session.commit()
    for person in (cast.alice, cast.bob, cast.charlie, cast.cora):
        assert (read_by(person, cast.bob), visible_thanks(one.id, person)) == ([], None)
    assert contents_to_withhold(told(cast.bob)) == told(cast.bob)


def test_a_person_is_thanked_so_often_by_the_same_in_a_day(cast: Cast) -> None:
    for _ in range(MOST_A_DAY):
        make_thanks(cast.bob, cast.alice)
    with pytest.raises(TooManyThanksError):
        make_thanks(cast.bob, cast.alice)
    db.session.rollback()
    make_thanks(cast.charlie, cast.alice)
    make_thanks(cast.bob, cast.charlie)
    make_thanks(cast.bob, cast.alice, now=NOW + timedelta(days=1))


def test_who_is_new_sends_one_link(cast: Cast) -> None:
    newcomer = make_person("Nils Ny", signed_in_at=NOW)
    make_thanks(cast.bob, newcomer, "Tack, se https://a.example.se")
    with pytest.raises(TooManyLinksError):
        make_thanks(cast.bob, newcomer, "https://a.example.se https://b.example.se")


@pytest.mark.parametrize("fault", [{"to": "owner"}, {"words": ""}, {"words": "å" * 201}, {"key": "same"}])
def test_the_database_holds_what_thanks_are(fault: dict[str, str], cast: Cast) -> None:
    one, two = (make_thanks(cast.bob, cast.alice) for _ in range(2))
    db.session.delete(two)
    db.session.commit()
    columns: dict[str, Any] = {column.key: getattr(one, column.key) for column in Thanks.__table__.columns}
    columns |= {"id": two.id, "request_key": "another"}
    faults: dict[str, dict[str, Any]] = {
        "to": {"to_id": cast.alice.id},
        "words": {"words": fault.get("words", "")},
        "key": {"request_key": one.request_key},
    }
    columns |= faults[next(iter(fault))]
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(insert(Thanks), columns)


def test_it_is_told_once_a_day_with_who_was_first(cast: Cast) -> None:
    make_thanks(cast.bob, cast.alice, "Du ringde först.")
    make_thanks(cast.bob, cast.charlie)
    make_thanks(cast.bob, cast.alice)
    (notification,) = told(cast.bob)
    words = words_of(notification.kind, notification.parameters, "sv")
    assert (words.title, words.body) == ("Alice Ahl och 1 till tackar dig", "Du ringde först")
    assert notification.url == f"/people/{cast.bob.id}/thanks"
    make_thanks(cast.bob, cast.charlie, now=NOW + timedelta(days=1))
    assert len(told(cast.bob)) == 2
    assert told(cast.alice) == []


def test_what_is_hidden_its_author_reads_and_its_moderators(cast: Cast) -> None:
    show_all(cast.bob)
    one, coordinator = make_thanks(cast.bob, cast.alice), cast.cora
    hide(one, coordinator, "tone", "Skriv lite mjukare.", NOW)
    db.session.commit()
    assert all(visible_thanks(one.id, person) for person in (cast.alice, coordinator, cast.lena))
    assert not any(visible_thanks(one.id, person) for person in (cast.bob, cast.charlie, cast.stig))
    assert read_by(cast.bob, cast.bob) == read_by(cast.charlie, cast.bob) == []
    with pytest.raises(HiddenThanksError):
        withdraw_thanks(one, cast.alice, now=NOW)
    restore(one, coordinator, NOW)
    assert read_by(cast.charlie, cast.bob) == [one.words]


def test_its_author_changes_it_and_sends_it_again(cast: Cast) -> None:
    show_all(cast.bob)
    one, coordinator = make_thanks(cast.bob, cast.alice), cast.cora
    hide(one, coordinator, "tone", "Skriv lite mjukare.", NOW)
    send_again(one, cast.alice, NOW)
    rewrite(one, {"words": "Mjukare."}, by=cast.alice, now=NOW)
    restore(one, coordinator, NOW)
    assert read_by(cast.charlie, cast.bob) == ["Mjukare."]


def test_moderators_read_what_is_between_two_only_when_asked(cast: Cast) -> None:
    """Whoever moderates can count through numbers."""
    one, coordinator = make_thanks(cast.bob, cast.alice), cast.cora
    assert reviewable(one.id, coordinator) is None
    assert reviewable(one.id, cast.lena) is None
    flag(one, cast.bob, "tone", "Det var inte snällt.", NOW)
    db.session.commit()
    assert reviewable(one.id, coordinator).id == one.id
    assert [item.thing.id for item in queue(coordinator).items] == [one.id]
    keep(one, coordinator, NOW)
    assert visible_thanks(one.id, cast.stig) is None


def test_coordinators_of_both_municipalities_moderate_it(cast: Cast) -> None:
    here, there = cast.cora, cast.kim
    one = make_thanks(cast.charlie, cast.alice)
    assert set(db.session.scalars(coordinators_of(one.id))) == {here.id, there.id}


def test_what_it_is_for_is_named_as_long_as_everybody_may_see_that(cast: Cast) -> None:
    show_all(cast.bob)
    activity = make_activity(cast.bob)
    make_thanks(cast.bob, cast.alice, about=activity)
    db.session.expire_all()
    (one,) = thanks_to(cast.bob.id, cast.charlie, 5).items
    assert one.about
    assert one.about.title == activity.title
    whole, moderator = whole_activity(activity.id), cast.lena
    assert whole
    hide(whole, moderator, "tone", "", NOW)
    db.session.commit()
    db.session.expire_all()
    (one,) = thanks_to(cast.bob.id, cast.charlie, 5).items
    assert (one.about, one.words != "") == (None, True)


def test_who_has_left_is_thanked_on_no_page(cast: Cast) -> None:
    show_all(cast.bob)
    one = make_thanks(cast.bob, cast.alice)
    cast.bob.left_at = NOW
    db.session.commit()
    assert visible_thanks(one.id, cast.charlie) is None
    assert visible_thanks(one.id, cast.alice)
