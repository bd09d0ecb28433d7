"""Whatever happens in whatever order, the index is what one made anew would be."""

from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.challenge import Challenge
from app.models.person import Person
from app.models.search import SearchDocument, SearchEnding, SearchPosting, SearchWord
from app.models.tip import Tip
from app.services.activities.locking import ClosedError
from app.services.activities.plan import answer_invitation, change_plan, invite, withdraw_activity
from app.services.activities.tips import withdraw_tip
from app.services.activities.visibility import invitation_to, whole_activity
from app.services.challenges import make
from app.services.moderation.acts import AlreadyDecidedError
from app.services.moderation.decide import hide, restore
from app.services.people.csv_import import import_people
from app.services.people.membership import Newcomer, join, leave, move
from app.services.search import index
from app.services.upkeep.audit import verify
from tests.anew import starting_anew
from tests.cast import Cast
from tests.challenge_makers import content, make_draft
from tests.factories import (
    NOW,
    TODAY,
    make_activity,
    make_outcome,
    make_person,
    make_plan,
    make_tip,
    municipality,
)

_TITLES = ("Fika på torget", "Cykla över ån", "Möte om möten", "Läxhjälp")


@dataclass
class World:
    """Numbers of what things are done to."""

    cast: Cast
    activities: list[int]
    tips: list[int]
    challenges: list[int]
    people: list[int]

    def take(self, step: str, number: int, chosen: int) -> None:
        try:
            getattr(self, step)(number, chosen)
        except (ClosedError, AlreadyDecidedError, make.GoneError, make.TakenOnError):
            return

    def change_plan(self, number: int, chosen: int) -> None:
        activity = self._activity(number)
        change_plan(activity, make_plan(title=_TITLES[chosen]), by=self.cast.alice, now=NOW)

    def do_it_together(self, number: int, chosen: int) -> None:
        asked = invite(self._activity(number), self.cast.charlie, by=self.cast.alice, now=NOW)
        invitation = invitation_to(self.cast.charlie, asked.id)
        assert invitation
        answer_invitation(invitation, chosen % 2 == 0, now=NOW)

    def report(self, number: int, chosen: int) -> None:
        lessons = (
            {"success": _TITLES[chosen], "pitfall": ""} if chosen else {"success": "", "pitfall": "Regnet"}
        )
        make_outcome(self._activity(number), story=f"Vi såg {_TITLES[chosen]}", **lessons)

    def withdraw_plan(self, number: int, _chosen: int) -> None:
        withdraw_activity(self._activity(number), by=self.cast.alice, now=NOW)

    def hide_plan(self, number: int, _chosen: int) -> None:
        hide(self._activity(number), self.cast.lena, "tone", "", NOW)

    def show_plan(self, number: int, _chosen: int) -> None:
        restore(self._activity(number), self.cast.lena, NOW)

    def withdraw_tip(self, number: int, _chosen: int) -> None:
        withdraw_tip(self._tip(number), by=self.cast.bob, now=NOW)

    def hide_tip(self, number: int, _chosen: int) -> None:
        hide(self._tip(number), self.cast.lena, "tone", "", NOW)

    def show_tip(self, number: int, _chosen: int) -> None:
        restore(self._tip(number), self.cast.lena, NOW)

    def hide_lesson(self, number: int, _chosen: int) -> None:
        for tip in db.session.scalars(select(Tip).where(Tip.activity_id == self.activities[number])).all():
            hide(tip, self.cast.lena, "tone", "", NOW)

    def change_challenge(self, number: int, chosen: int) -> None:
        place = municipality("bjuv").id if chosen % 2 else None
        make.change_challenge(
            self._challenge(number), content(title=_TITLES[chosen], municipality_id=place), now=NOW
        )

    def open_challenge(self, number: int, _chosen: int) -> None:
        make.open_challenge(self._challenge(number), by=self.cast.lena, now=NOW, today=TODAY)

    def close_challenge(self, number: int, _chosen: int) -> None:
        make.close_challenge(self._challenge(number), by=self.cast.lena, now=NOW)

    def draft_again(self, number: int, _chosen: int) -> None:
        make.make_draft_again(self._challenge(number), now=NOW)

    def hide_challenge(self, number: int, _chosen: int) -> None:
        hide(self._challenge(number), self.cast.lena, "tone", "", NOW)

    def show_challenge(self, number: int, _chosen: int) -> None:
        restore(self._challenge(number), self.cast.lena, NOW)

    def leave(self, number: int, _chosen: int) -> None:
        leave(self._person(number), now=NOW)

    def come_back(self, number: int, chosen: int) -> None:
        person = self._person(number)
        newcomer = Newcomer(
            person.email, f"Åsa {_TITLES[chosen]}", "vaktmästare", person.municipality_id, "sv"
        )
        join(newcomer, now=NOW)

    def move(self, number: int, chosen: int) -> None:
        move(self._person(number), municipality(("bjuv", "klippan", "helsingborg", "bjuv")[chosen]), now=NOW)

    def rename(self, number: int, chosen: int) -> None:
        """As a list of people does it."""
        person = self._person(number)
        import_people(f"email,name,municipality,title\n{person.email},{_TITLES[chosen]},klippan,lärare", NOW)

    def _activity(self, number: int) -> Activity:
        activity = whole_activity(self.activities[number])
        assert activity
        return activity

    def _tip(self, number: int) -> Tip:
        return db.session.get_one(Tip, self.tips[number])

    def _challenge(self, number: int) -> Challenge:
        return db.session.get_one(Challenge, self.challenges[number])

    def _person(self, number: int) -> Person:
        return db.session.get_one(Person, self.people[number])


_STEPS = [name for name in vars(World) if not name.startswith("_") and name != "take"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(_STEPS), st.integers(0, 1), st.integers(0, 3)), max_size=14))
@starting_anew
def test_any_order_of_what_may_happen_leaves_the_index_as_one_made_anew(
    cast: Cast, steps: list[tuple[str, int, int]]
) -> None:
    world = _world(cast)
    for step in steps:
        world.take(*step)
        db.session.expire_all()
    kept = _index()
    assert [one for one in verify() if one.of.startswith("search")] == []
    index.rebuild()
    anew = _index()
    assert [kept[table] for table in ("documents", "postings")] == [
        anew[table] for table in ("documents", "postings")
    ]
    assert all(anew[table] <= kept[table] for table in ("words", "endings"))


def _world(cast: Cast) -> World:
    return World(
        cast,
        activities=[make_activity(cast.alice, title=title).id for title in _TITLES[:2]],
        tips=[make_tip(cast.bob).id for _ in range(2)],
        challenges=[make_draft(cast.lena).id for _ in range(2)],
        people=[make_person().id for _ in range(2)],
    )


def _index() -> dict[str, set[tuple[object, ...]]]:
    documents = select(
        SearchDocument.kind, SearchDocument.thing_id, SearchDocument.municipality_id, SearchDocument.stems
    )
    postings = select(SearchPosting.stem, SearchPosting.kind, SearchPosting.thing_id)
    words = select(SearchWord.word, SearchWord.plain, SearchWord.stem, SearchWord.plain_stem)
    endings = select(SearchEnding.word, SearchEnding.ending)
    tables = {"documents": documents, "postings": postings, "words": words, "endings": endings}
    return {name: {tuple(row) for row in db.session.execute(query)} for name, query in tables.items()}
