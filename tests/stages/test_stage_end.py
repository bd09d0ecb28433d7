"""A stage's end as a page: its figures, the municipality's own, one's own, and what may be shown."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from app.extensions import db
from app.models.activity import Activity
from app.models.best_practice import BestPractice
from app.models.outcome import Permission, Photo
from app.models.person import Person
from app.models.programme import Programme
from app.services.insights.figures import Figures, StageFigures
from app.services.insights.stage_end import MOST_PATCHES, patches
from app.services.moderation.decide import hide
from app.services.points.board import close_board
from tests.cast import Cast
from tests.challenge_makers import make_photo
from tests.factories import NOW, make_activity, make_joint, make_outcome, make_person, stage, value

As = Callable[[Person], FlaskClient]

_ENDS = datetime(2026, 12, 13, 23, tzinfo=UTC)
_AFTER = datetime(2026, 12, 15, 9, tzinfo=UTC)


@pytest.fixture
def close() -> Callable[[], None]:
    def close() -> None:
        close_board(stage(), _ENDS)
        db.session.commit()

    return close


def read(as_: As, person: Person, path: str = "/stages/2/end") -> str:
    """The page without its tags, after the stage."""
    with time_machine.travel(_AFTER, tick=False):
        answer = as_(person).get(path)
    assert answer.status_code == 200
    return words(answer.text)


def words(page: str) -> str:
    main = page[page.index("<main") : page.index("</main>")]
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", main))
    return plain.replace("\xa0", " ").replace("\u202f", " ")


def done(owner: Person, title: str = "Fika över gränsen", **report: object) -> Activity:
    activity = make_activity(owner, title=title)
    make_outcome(activity, **report)
    return activity


@pytest.mark.parametrize(
    "now",
    [datetime(2026, 8, 1, 9, tzinfo=UTC), NOW, datetime(2026, 12, 13, 22, 59, tzinfo=UTC)],
    ids=["before", "while it runs", "the last minute"],
)
def test_as_long_as_it_goes_on_it_leads_to_the_journey(cast: Cast, as_: As, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        answer = as_(cast.alice).get("/stages/2/end")
    assert (answer.status_code, answer.location) == (302, "/stages/2")


def test_from_midnight_after_the_last_day_it_is_there(cast: Cast, as_: As) -> None:
    with time_machine.travel(_ENDS, tick=False):
        assert as_(cast.alice).get("/stages/2/end").status_code == 200
    assert as_(cast.alice).get("/stages/9/end").status_code == 404


def test_strangers_are_sent_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/stages/1/end").location == "/login?next=/stages/1/end"


def test_the_numbers_are_those_counted_by_hand(cast: Cast, as_: As, close: Callable[[], None]) -> None:
    """Three of four came off; one of them with Klippan; one of three ratings is a five; 25 + 25 + 7 were reached."""
    done(cast.alice, rating=5)
    make_outcome(make_joint(cast.alice, cast.charlie))
    done(cast.charlie, reached=7)
    make_outcome(make_activity(cast.bob), carried_out=False)
    close()
    page = read(as_, cast.alice)
    assert "Vi sydde ihop 3 lappar." in page
    assert "3 saker gjorda, av 4 planerade" in page
    assert "75 % blev av." in page
    assert "57 människor nådde vi" in page
    assert "1 gång var en kommun till med" in page
    assert "1 fick högsta betyg. Det är 33 %" in page
    assert "3 kollegor var med, i 2 kommuner. Tack, Alice." in page
    assert "blev gjorda hos er 2 av 3 " in page, "those of Bjuv"
    assert "Du mötte 50 människor." in page


def test_they_stay_when_something_is_hidden_or_reported_later(
    cast: Cast, as_: As, close: Callable[[], None]
) -> None:
    hidden, late = done(cast.alice), make_activity(cast.bob)
    close()
    with time_machine.travel(_AFTER, tick=False):
        hide(hidden, cast.cora, "tone", "", _AFTER)
        make_outcome(late, now=_AFTER)
    page = read(as_, cast.charlie)
    assert "1 sak gjord, av 2 planerade" in page
    assert "Fika över gränsen" not in page, "and what is hidden is not among the moments"


def test_beside_it_stands_the_stage_before(cast: Cast, as_: As, close: Callable[[], None]) -> None:
    assert "Förra gången" not in read(as_, cast.alice, "/stages/1/end")
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC)):
        stage(1).closed_at = None
        make_outcome(make_activity(cast.alice, stage=stage(1), now=NOW - timedelta(days=200)),
                     now=NOW - timedelta(days=199))  # fmt: skip
    make_activity(cast.bob)
    done(cast.bob)
    close()
    assert "50 % blev av. Förra gången 100 %" in read(as_, cast.bob)


def test_everybody_sees_their_own_municipality(cast: Cast, as_: As, close: Callable[[], None]) -> None:
    done(cast.alice)
    done(cast.charlie)
    done(cast.charlie)
    close()
    bjuv, klippan, other = read(as_, cast.alice), read(as_, cast.charlie), read(as_, cast.stig)
    assert "Bjuv Ni slutade på plats 2" in bjuv
    assert "Klippan Ni slutade etta" in klippan
    assert "Helsingborg Den här gången blev inget klart här." in other


def test_below_the_smallest_there_is_no_place_and_no_count_of_people(
    cast: Cast, as_: As, close: Callable[[], None]
) -> None:
    programme = db.session.get_one(Programme, 1)
    programme.leaderboard = {**programme.leaderboard, "smallest": 5}
    done(cast.alice)
    close()
    page = read(as_, cast.alice)
    assert "Färre än 5 var med, så ni står utan plats" in page
    assert "av er var med" not in page
    assert "Bjuv utan plats" in page


def test_an_empty_stage_and_who_did_nothing_get_kind_words(
    cast: Cast, as_: As, close: Callable[[], None]
) -> None:
    close()
    page = read(as_, cast.alice)
    assert "Den här gången blev det inga lappar." in page
    assert "Inget blev gjort i den här etappen" in page
    assert "Du är lika välkommen i nästa etapp." in page
    assert "0 %" not in page


def test_who_planned_and_did_not_get_there_is_told_that_it_counts(
    cast: Cast, as_: As, close: Callable[[], None]
) -> None:
    make_activity(cast.alice, title="Bokbyte i biblioteket")
    done(cast.bob)
    close()
    page = read(as_, cast.alice)
    assert "Bokbyte i biblioteket" in page
    assert "Att du planerade räknas" in page
    assert "Bokbyte i biblioteket" not in read(as_, cast.charlie)


def test_only_pictures_that_may_be_used_inside_are_shown(
    cast: Cast, as_: As, close: Callable[[], None]
) -> None:
    asked, unasked, hidden = (
        done(cast.alice, permission=permission)
        for permission in (Permission.INTERNAL, Permission.NONE, Permission.EXTERNAL)
    )
    for activity in (asked, unasked, hidden):
        make_photo(activity)
    close()
    hide(hidden, cast.cora, "tone", "", _AFTER)
    db.session.commit()
    keys = {photo.activity_id: photo.key for photo in db.session.query(Photo)}
    with time_machine.travel(_AFTER, tick=False):
        page = as_(cast.charlie).get("/stages/2/end").text
    assert [activity.id for activity in (asked, unasked, hidden) if keys[activity.id] in page] == [asked.id]


def test_what_coordinators_lifted_comes_first_among_the_moments(
    cast: Cast, as_: As, close: Callable[[], None]
) -> None:
    for number in range(5):
        done(cast.bob, f"Fika nummer {number}")
    lifted = done(cast.charlie, "Skuggdag med grannen", rating=2)
    db.session.add(BestPractice(contribution_id=lifted.id, by_id=cast.kim.id, at=NOW, sentence="Gör så här."))
    close()
    page = read(as_, cast.stig)
    moments = page[page.index("De bästa stunderna") :]
    assert moments.index("Skuggdag med grannen") < moments.index("Fika nummer 0")
    assert "Klippan · Gör så här." in moments


def test_another_stages_things_are_not_in_it(cast: Cast, as_: As, close: Callable[[], None]) -> None:
    done(cast.alice)
    close()
    assert "Fika över gränsen" not in read(as_, cast.alice, "/stages/1/end")


def test_the_patches_are_shares_of_a_fixed_number_with_the_largest_remainders(cast: Cast) -> None:
    def sewn(total: int, **counts: int) -> list[int]:
        of_values = {int(key[1:]): Figures(carried_out=count) for key, count in counts.items()}
        figures = StageFigures(stage(), False, Figures(carried_out=total), {}, of_values, {}, {})
        return patches(figures)

    assert sewn(3, v1=1, v2=2) == [1, 2, 2]
    many = sewn(1000, v1=700, v2=200, v3=100)
    assert len(many) == MOST_PATCHES == 48
    assert [many.count(number) for number in (1, 2, 3)] == [34, 9, 5]
    assert sewn(0) == []


def test_the_way_there_stands_on_the_journey_and_in_the_feed(
    cast: Cast, as_: As, close: Callable[[], None]
) -> None:
    close()
    with time_machine.travel(_AFTER, tick=False):
        alice = as_(cast.alice)
        for path in ("/", "/stages", "/stages/2", "/stages/1"):
            number = 1 if path == "/stages/1" else 2
            assert f'href="/stages/{number}/end"' in alice.get(path).text, path


def test_it_asks_as_often_whatever_has_happened(
    cast: Cast, as_: As, close: Callable[[], None], queries: list[str]
) -> None:
    alice, alice_id = as_(cast.alice), cast.alice.id
    done(cast.alice)
    close()

    def asks() -> int:
        with time_machine.travel(_AFTER, tick=False):
            alice.get("/stages/2/end")
            db.session.remove()
            queries.clear()
            alice.get("/stages/2/end")
        return len(queries)

    few = asks()
    stage().closed_at = None
    for number in range(6):
        person = make_person("", "klippan" if number % 2 else "helsingborg")
        activity = done(person, f"Fika {number}", permission=Permission.EXTERNAL)
        make_photo(activity)
        db.session.add(BestPractice(contribution_id=activity.id, by_id=person.id, at=NOW, sentence="Så."))
        done(db.session.get_one(Person, alice_id))
        make_activity(person, value=value("kreativt"), planned_for=date(2026, 12, 1))
    close()
    assert asks() == few


def test_in_english_too(cast: Cast, as_: As, close: Callable[[], None]) -> None:
    cast.alice.language = "en"
    done(cast.alice)
    close()
    page = read(as_, cast.alice)
    assert "We sewed one patch." in page
    assert "You finished first" in page
