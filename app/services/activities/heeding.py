""" "Jag tar hänsyn till det": which tips a plan takes into account, and whether they helped (PRODUCT: Traps at the
moment of planning)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import contains_eager

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import is_visible
from app.models.credit import CreditReason
from app.models.notification import Kind
from app.models.person import Person
from app.models.tip import HeededTip, Tip, is_shown
from app.services.activities.checks import held_while_it_waits
from app.services.activities.peer_tips import PEER_TIP, PeerTip
from app.services.notifications.firsts import Merged, One, Said, notify_of_the_first
from app.services.points.credits import decide_credits
from app.services.sums.credits import forget_credits
from app.services.sums.evidence import forget_heeds

#: A plan that takes everything into account takes nothing.
MOST_HEEDED = 10


_HEEDED_IDS: Final = select(HeededTip.tip_id).where(HeededTip.activity_id == bindparam("activity_id"))
_HEEDED: Final = (
    select(HeededTip)
    .join(HeededTip.tip)
    .options(contains_eager(HeededTip.tip).joinedload(Tip.owner, innerjoin=True))
    .where(HeededTip.activity_id == bindparam("activity_id"), is_shown(Tip))
    .order_by(HeededTip.at, HeededTip.tip_id)
)
_OFFERED: Final = (
    select(*PEER_TIP)
    .join(Tip.owner)
    .where(Tip.id.in_(bindparam("tip_ids", expanding=True)), is_shown(Tip))
    .where(Tip.owner_id != bindparam("reader_id"))
    .order_by(Tip.id)
)


def heeded_ids(activity_id: int) -> frozenset[int]:
    return frozenset(db.session.scalars(_HEEDED_IDS, {"activity_id": activity_id}))


def heeded_tips(activity_id: int) -> list[HeededTip]:
    """Those that are shown, each with its tip and the tip's author, in the order in which they were taken."""
    return list(db.session.scalars(_HEEDED, {"activity_id": activity_id}))


def offered(tip_ids: Collection[int], to: Person) -> list[PeerTip]:
    """Those of these that the person may take into account, in the order of their numbers: they are shown, and somebody
    else wrote them."""
    asked = {"tip_ids": list(tip_ids), "reader_id": to.id}
    return [PeerTip._make(row) for row in db.session.execute(_OFFERED, asked)] if tip_ids else []


def heeds_after(standing: Collection[int], chosen: Collection[int], by: Person) -> frozenset[int]:
    """What the plan takes into account once `by` has saved the form with those chosen: what the form could not offer
    them (hidden by now, or their own, taken by somebody who does it with them) stays as it stands."""
    offers = {tip.id for tip in offered({*standing, *chosen}, by)}
    return frozenset([*(set(standing) - offers), *sorted(offers.intersection(chosen))[:MOST_HEEDED]])


def heed(activity: Activity, tip_ids: Collection[int], *, by: Person, now: datetime) -> None:
    """Make these be the tips that the plan takes into account. Who wrote one is thanked: by points, as the policy says,
    and told. A tip that is taken out again loses what it earned there. The caller has made others wait for these
    tips (`wait_for_all_around`), and settles what follows."""
    standing = heeded_ids(activity.id)
    added, dropped = sorted(set(tip_ids) - standing), standing - set(tip_ids)
    if dropped:
        forget_heeds(activity.id, dropped)
        forget_credits(activity.id, dropped, now)
    makers = activity.owner_ids() if added else set()
    for tip in db.session.scalars(select(Tip).where(Tip.id.in_(added)).order_by(Tip.id)).all():
        db.session.add(HeededTip(activity_id=activity.id, tip_id=tip.id, person_id=by.id, at=now))
        db.session.flush()
        decide_credits(activity, tip, CreditReason.HEEDED, now)
        if tip.owner_id not in makers:
            with held_while_it_waits(activity.id):
                _thank(tip, by, activity, now)


def answer_whether_they_helped(activity: Activity, answers: Mapping[int, bool]) -> None:
    """Keep the answers of the report; the caller settles what follows from them."""
    for tip_id, helped in answers.items():
        its_row = (HeededTip.activity_id == activity.id, HeededTip.tip_id == tip_id)
        db.session.execute(update(HeededTip).where(*its_row).values(helped=helped))


def _thank(tip: Tip, by: Person, activity: Activity, now: datetime) -> None:
    """One notification for each tip and day: who took it into account first, and how many plans more did."""

    def standing(_owner_id: int, since: datetime) -> list[One]:
        plans = select(HeededTip.activity_id, HeededTip.at)
        its_own = plans.where(HeededTip.tip_id == tip.id, HeededTip.at >= since)
        seen = its_own.where(is_visible(HeededTip.activity_id)).order_by(HeededTip.at, HeededTip.activity_id)
        return [One(number, number, at) for number, at in db.session.execute(seen)]

    def name(one: One) -> Said:
        heeds = select(Person.id, Person.name).join(HeededTip, HeededTip.person_id == Person.id)
        its_row = (HeededTip.activity_id == one.number, HeededTip.tip_id == tip.id)
        who = (
            (by.id, by.name) if one.number == activity.id else db.session.execute(heeds.where(*its_row)).one()
        )
        about = {"contribution_id": tip.id, "title": tip.title, "name": who[1], "person_id": who[0]}
        return Said(tip.path, about)

    told = Merged([tip.owner_id], Kind.TIP, f"heeded:{tip.id}", standing, name)
    notify_of_the_first(told, One(activity.id, activity.id, now), now=now)
