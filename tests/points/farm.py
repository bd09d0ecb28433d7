"""A week in which people farm points as hard as they can, by the policy that is shipped, through the services."""

import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import count, cycle
from typing import Any, Final

from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.ledger import PointEntry
from app.models.person import Person
from app.models.programme import FocusArea, Programme, Value
from app.models.stage import Stage
from app.models.tip import Tip
from app.services.activities.begin import Ties, begin_activity
from app.services.activities.locking import ClosedError
from app.services.activities.plan import answer_invitation, invite
from app.services.activities.report import Report, report_outcome
from app.services.activities.visibility import whole_activity
from app.services.moderation.decide import hide, restore
from app.services.points.board import close_board, open_board
from app.services.points.closing import counting_stage
from app.services.programme.clock import midnight, programme_zone
from tests.cast import Cast
from tests.factories import make_plan, make_tip, stage
from tests.house.tracked import ROOT

_FILE: Final = ROOT / "programmes" / "familjen-helsingborg.toml"
POLICY: Final[dict[str, Any]] = tomllib.loads(_FILE.read_text("utf-8"))["points"]
#: Eight o'clock on the mornings of one week, Monday first.
WEEK: Final = [datetime(2026, 11, day, 7, 0, tzinfo=UTC) for day in range(9, 16)]
#: Nothing that earns at all takes more tries than this until a day's cap.
_MOST_TRIES: Final = 12
_REPORT: Final[dict[str, Any]] = {
    "carried_out": True,
    "rating": 5,
    "success": "Det gick bra när vi var två.",
    "pitfall": "Glöm inte att boka rummet först.",
}
_numbers = count(1)


class Farm:
    """Alice does what she can; Bob is a colleague, Charlie (or her second account) is in another municipality, and both
    their coordinators are her friends."""

    def __init__(self, cast: Cast) -> None:
        self.alice, self.bob, self.charlie = cast.alice, cast.bob, cast.charlie
        self.cora, self.kim, self.lena = cast.cora, cast.kim, cast.lena
        db.session.get_one(Programme, 1).points = POLICY
        stage().points = POLICY
        db.session.commit()
        values, areas = db.session.scalars(select(Value)).all(), db.session.scalars(select(FocusArea)).all()
        self._squares = cycle([(value, area) for area in areas for value in values])
        self._uncounted = 0
        self._now = WEEK[0]

    def days(self) -> Iterator[datetime]:
        for self._now in WEEK:
            yield self._now

    def a_minute_later(self) -> datetime:
        """The moment of what is done next: a minute after whatever was done last."""
        self._now += timedelta(minutes=1)
        return self._now

    def plan(self, owner: Person, *, idea: Activity | None = None, **answers: Any) -> Activity:
        """In the next square of the quilt, unless the answers say where."""
        value, area = next(self._squares)
        plan = make_plan(**{"value": value, "focus_area": area, "planned_for": self._now.date()} | answers)
        now = self.a_minute_later()
        activity = begin_activity(
            owner,
            plan,
            ties=Ties(idea),
            stage=counting_stage(stage(), now),
            request_key=f"farm-{next(_numbers)}",
            now=now,
        )
        db.session.commit()
        return self.fresh(activity)

    def join(self, activity: Activity, partner: Person) -> Activity:
        with suppress(ClosedError):
            invitation = invite(
                activity, partner, by=db.session.get_one(Person, activity.owner_id), now=self.a_minute_later()
            )
            answer_invitation(invitation, True, now=self.a_minute_later())
        return self.fresh(activity)

    def report(self, activity: Activity, **answers: Any) -> Activity:
        """By its owner, with both lessons; a report that there is already is changed."""
        report = Report(**_REPORT | answers)
        by = db.session.get_one(Person, activity.owner_id)
        report_outcome(self.fresh(activity), report, by=by, now=self.a_minute_later())
        db.session.commit()
        return self.fresh(activity)

    def done(self, owner: Person, **answers: Any) -> Activity:
        return self.report(self.plan(owner, **answers))

    def tip(self, author: Person) -> Tip:
        return make_tip(author, now=self.a_minute_later())

    def hide_and_show(self, thing: Activity | Tip, by: Person) -> None:
        hide(thing, by, "tone", "", self.a_minute_later())
        restore(thing, by, self.a_minute_later())

    def fresh(self, activity: Activity) -> Activity:
        loaded = whole_activity(activity.id)
        assert loaded
        return loaded

    def every_day_until_nothing_comes(self, attempt: Callable[[], object]) -> None:
        """On each day again and again, until an attempt has brought nobody anything."""
        for _day in self.days():
            for _try in range(_MOST_TRIES):
                before = self._entries()
                attempt()
                if self._entries() == before:
                    break

    def end_the_stage(self, day: date) -> None:
        """It ends as the day before does, and the next begins, by the same rules."""
        ending, begins_at = stage(), midnight(day, programme_zone())
        ending.learn_on = ending.end_on = day
        following = Stage(
            number=3, name={"sv": "Tre"}, theme={"sv": "Vidare."}, measure_on=day, activate_on=day,
            learn_on=day + timedelta(days=30), end_on=day + timedelta(days=40),
        )  # fmt: skip
        db.session.add(following)
        db.session.flush()
        close_board(ending, begins_at)
        open_board(following, begins_at)
        db.session.commit()

    def from_here(self) -> None:
        """What Alice has by now was honest: only what comes on top counts."""
        self._uncounted = self._points(self.alice, ())

    def yields(self, ignoring: tuple[str, ...]) -> int:
        """What she has at the end of the week, without what those reasons gave."""
        return self._points(self.alice, ignoring) - self._uncounted

    def _points(self, person: Person, ignoring: tuple[str, ...]) -> int:
        mine = select(func.coalesce(func.sum(PointEntry.points), 0)).where(PointEntry.person_id == person.id)
        return db.session.scalar(mine.where(PointEntry.reason.not_in(ignoring))) or 0

    def _entries(self) -> int:
        return db.session.scalar(select(func.count()).where(PointEntry.points > 0)) or 0
