"""What an activity is for, put right by a coordinator: everything that hangs on it follows."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.badge import Badge
from app.models.correction import Correction
from app.models.ledger import PointEntry
from app.models.notification import Notification
from app.models.person import Person
from app.models.square import Square
from app.models.tip import Tip
from app.services.activities.correct import BoundToChallengeError, correct
from app.services.activities.locking import ClosedError, OvertakenError
from app.services.moderation.decide import hide, restore
from app.services.sums.squares import squares_of
from app.services.upkeep.audit import verify
from tests.cast import Cast
from tests.challenge_makers import make_open, make_undertaking, whole
from tests.factories import (
    NOW,
    add_rules,
    focus_area,
    make_activity,
    make_joint,
    make_outcome,
    stage,
    value,
)
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]


@pytest.fixture(autouse=True)
def first_earns(app: object, cast: Cast) -> None:
    assert cast.cora
    assert cast.lena
    assert cast.kim
    add_rules(first={"points": 20, "daily": 5})


@pytest.fixture
def activity(cast: Cast) -> Activity:
    """Carried out, and the first under Välkomnande and Lärande."""
    done = make_activity(cast.alice)
    make_outcome(done)
    return done


def move(
    activity: Activity, cast: Cast, value_slug: str = "kreativt", area: str = "miljo"
) -> Correction | None:
    made = correct(whole(activity.id), value(value_slug), focus_area(area), by=cast.cora, now=NOW)
    db.session.commit()
    return made


def first_points(person: Person) -> int:
    """For being first, less what rests of that."""
    entries = select(PointEntry).where(PointEntry.person_id == person.id)
    rows = db.session.scalars(entries).all()
    firsts = [row for row in rows if row.reason == "first"]
    rests = {f"undone:{row.id}" for row in firsts}
    return sum(row.points for row in rows if row in firsts or row.source.partition("#")[0] in rests)


def living() -> dict[tuple[int, int], int]:
    return {square: count for square, count in squares_of(stage().id).items() if count}


def test_figures_squares_lessons_and_feed_follow(cast: Cast, as_: As, activity: Activity) -> None:
    move(activity, cast)
    kreativt, miljo = value("kreativt").id, focus_area("miljo").id
    assert living() == {(kreativt, miljo): 1}
    lessons = db.session.execute(
        select(Tip.value_id, Tip.focus_area_id).where(Tip.activity_id == activity.id)
    )
    assert set(map(tuple, lessons)) == {(kreativt, miljo)}
    assert f'href="/activities/{activity.id}"' in as_(cast.bob).get(f"/?show=f:{miljo}").text
    assert (
        f'href="/activities/{activity.id}"'
        not in as_(cast.bob).get(f"/?show=f:{focus_area('larande').id}").text
    )
    assert verify() == []


def test_a_square_alone_may_change(cast: Cast, activity: Activity) -> None:
    move(activity, cast, "valkomnande", "miljo")
    assert living() == {(value("valkomnande").id, focus_area("miljo").id): 1}
    move(activity, cast, "kreativt", "miljo")
    assert living() == {(value("kreativt").id, focus_area("miljo").id): 1}
    assert verify() == []


def test_whoever_is_first_is_so_once(cast: Cast, activity: Activity) -> None:
    assert first_points(cast.alice) == 20
    move(activity, cast)
    assert first_points(cast.alice) == 20
    move(activity, cast, "valkomnande", "larande")
    assert first_points(cast.alice) == 20
    assert verify() == []


def test_the_square_that_is_left_passes_to_the_next(cast: Cast, activity: Activity) -> None:
    other = make_activity(cast.charlie)
    make_outcome(other)
    assert first_points(cast.charlie) == 0
    move(activity, cast)
    assert (first_points(cast.alice), first_points(cast.charlie)) == (20, 20)
    old = db.session.scalars(select(Square).where(Square.focus_area_id == focus_area("larande").id)).one()
    assert (old.first_id, old.carried_out) == (other.id, 1)
    move(activity, cast, "valkomnande", "larande")
    assert (first_points(cast.alice), first_points(cast.charlie)) == (0, 20)
    assert verify() == []


def test_a_square_where_another_was_first_gives_nothing(cast: Cast, activity: Activity) -> None:
    make_outcome(make_activity(cast.charlie, value=value("kreativt"), focus_area=focus_area("miljo")))
    move(activity, cast)
    assert first_points(cast.alice) == 0
    assert verify() == []


def test_hidden_and_shown_again_after_it_comes_to_the_same(cast: Cast, activity: Activity) -> None:
    move(activity, cast)
    hide(whole(activity.id), cast.cora, "tone", "Nja.", NOW)
    restore(whole(activity.id), cast.cora, NOW)
    db.session.commit()
    assert first_points(cast.alice) == 20
    assert verify() == []


def test_badges_follow(cast: Cast, activity: Activity) -> None:
    def counted(slug: str) -> int:
        mine = select(Badge.counted).where(Badge.person_id == cast.alice.id, Badge.slug == slug)
        return db.session.scalar(mine.execution_options(populate_existing=True)) or 0

    make_outcome(make_activity(cast.alice, focus_area=focus_area("miljo")))
    before = counted("all-areas")
    move(activity, cast, "valkomnande", "miljo")
    assert counted("all-areas") == before - 1


def test_what_was_one_of_its_other_values_becomes_the_main_one(cast: Cast) -> None:
    activity = make_activity(cast.alice, also_values=[value("kreativt"), value("manskligt")])
    make_outcome(activity)
    move(activity, cast, "kreativt", "larande")
    assert [one.slug for one in whole(activity.id).also_values] == ["manskligt"]
    assert len(living()) == 2
    assert verify() == []


def test_a_plan_is_put_right_too_and_a_second_time_changes_nothing(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    assert move(activity, cast)
    with unchanged():
        assert move(activity, cast) is None
    assert verify() == []


def test_those_who_did_it_are_told_kindly_and_once(cast: Cast, as_: As) -> None:
    activity = make_joint(cast.alice, cast.charlie)
    move(activity, cast)
    told = db.session.scalars(
        select(Notification.person_id).where(Notification.key.startswith("correction:"))
    )
    assert set(told) == {cast.alice.id, cast.charlie.id}
    assert "Cora Coster har lagt den under Kreativt, Miljö" in as_(cast.alice).get("/inbox").text


def test_what_takes_on_a_challenge_keeps_its_place(cast: Cast) -> None:
    activity = make_undertaking(cast.alice, make_open(cast.lena))
    with unchanged(), pytest.raises(BoundToChallengeError):
        correct(whole(activity.id), value("kreativt"), focus_area("miljo"), by=cast.lena, now=NOW)


def test_what_was_hidden_or_changed_meanwhile_is_left(cast: Cast, activity: Activity) -> None:
    before = activity.changed_at.replace(year=2020)
    with pytest.raises(OvertakenError):
        correct(
            whole(activity.id), value("kreativt"), focus_area("miljo"), by=cast.cora, now=NOW, seen=before
        )
    hide(whole(activity.id), cast.cora, "tone", "Nja.", NOW)
    with pytest.raises(ClosedError):
        correct(whole(activity.id), value("kreativt"), focus_area("miljo"), by=cast.lena, now=NOW)


def test_the_page_puts_it_right_and_keeps_the_history(cast: Cast, as_: As, activity: Activity) -> None:
    client, address = as_(cast.cora), f"/activities/{activity.id}"
    assert f"{address}/care" in client.get(address).text
    assert f"{address}/care" not in as_(cast.bob).get(address).text
    assert client.post(f"{address}/correction", data={}).status_code == 422
    sent = {"value": "kreativt", "focus_area": "miljo"}
    assert client.post(f"{address}/correction", data=sent).status_code == 303
    page = client.get(f"{address}/care").text
    assert "Från Välkomnande, Lärande till Kreativt, Miljö" in page
    assert "Cora Coster" in page


def test_nobody_puts_right_their_own_or_what_is_elsewhere(cast: Cast, as_: As, activity: Activity) -> None:
    own = make_activity(cast.cora)
    sent = {"value": "kreativt", "focus_area": "miljo"}
    for person, thing in ((cast.kim, activity), (cast.cora, own), (cast.bob, activity)):
        client = as_(person)
        client.get("/")
        with unchanged():
            assert client.post(f"/activities/{thing.id}/correction", data=sent).status_code == 403
