"""An activity with all its relations: its lists are there whether they have something in them or not."""

from app.extensions import db
from app.services.activities.wholes import whole_activities
from tests.cast import Cast
from tests.factories import make_activity, make_joint, make_outcome, municipality


def test_each_gets_its_own_lists_and_empty_ones_too(cast: Cast) -> None:
    alone, joint = make_activity(cast.alice), make_joint(cast.alice, cast.lena)
    numbers = [alone.id, joint.id]
    db.session.expunge_all()
    whole = {activity.id: activity for activity in whole_activities(numbers)}
    alone, joint = (whole[number] for number in numbers)
    assert [partner.person_id for partner in joint.partners] == [cast.lena.id]
    lists = (alone.co_owners, alone.photos, alone.tips)
    assert [len(one) for one in lists] == [0, 0, 0]
    assert [place.slug for place in alone.municipalities] == ["bjuv"]


def test_a_list_that_has_been_changed_stays(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    activity.municipalities.append(municipality("klippan"))
    with db.session.no_autoflush:
        (whole,) = whole_activities([activity.id])
    assert whole is activity
    assert len(whole.municipalities) == 2


def test_after_a_commit_they_are_read_again_with_its_columns(cast: Cast) -> None:
    joint = make_joint(cast.alice, cast.charlie)
    make_outcome(joint)
    number, partner_id = joint.id, cast.charlie.id
    db.session.expunge_all()
    (whole,) = whole_activities([number])
    db.session.commit()
    assert whole.id == number
    assert [partner.person_id for partner in whole.partners] == [partner_id]
    assert len(whole.lessons) == 2
    assert whole.joint


def test_of_none_nothing_is_asked(cast: Cast, queries: list[str]) -> None:
    queries.clear()
    assert whole_activities([]) == []
    assert queries == []
