"""Which of some challenges fits each of many people best, in a few statements."""

from collections import defaultdict

from sqlalchemy import CompoundSelect, select, union

from app.extensions import db
from app.models.activity import Activity, CoOwner
from app.models.undertaking import Undertaking
from app.services.challenges.fitting import Candidate, Fitting, in_order_of_fit


def readers_by_challenge(
    people: dict[int, int], candidates: list[Candidate], lively: set[tuple[int, int]]
) -> dict[int, list[int]]:
    """By challenge, those of these people (municipality by person) whom it fits best of the candidates; whom none fits
    is in no list. `lively` are the squares where something has been carried out."""
    areas, undertaken = _planned_areas(list(people)), _undertaken(list(people), candidates)
    readers: dict[int, list[int]] = defaultdict(list)
    for person_id, municipality_id in people.items():
        person = Fitting(municipality_id, frozenset(areas[person_id]), frozenset(undertaken[person_id]))
        for best in in_order_of_fit(person, candidates, lively)[:1]:
            readers[best.id].append(person_id)
    return readers


def _planned_areas(person_ids: list[int]) -> dict[int, set[int]]:
    """By person, the focus areas in which they have planned something, alone or with others."""
    owned = select(Activity.owner_id.label("person_id"), Activity.focus_area_id).where(
        Activity.owner_id.in_(person_ids)
    )
    joined = (
        select(CoOwner.person_id, Activity.focus_area_id)
        .join(Activity, Activity.id == CoOwner.activity_id)
        .where(CoOwner.person_id.in_(person_ids), CoOwner.is_partner)
    )
    return _by_person(union(owned, joined))


def _undertaken(person_ids: list[int], candidates: list[Candidate]) -> dict[int, set[int]]:
    """By person, which of those challenges they have taken on."""
    of_them = Undertaking.challenge_id.in_([one.id for one in candidates])
    owned = (
        select(Activity.owner_id.label("person_id"), Undertaking.challenge_id)
        .join(Undertaking, Undertaking.activity_id == Activity.id)
        .where(Activity.owner_id.in_(person_ids), of_them)
    )
    joined = (
        select(CoOwner.person_id, Undertaking.challenge_id)
        .join(Undertaking, Undertaking.activity_id == CoOwner.activity_id)
        .where(CoOwner.person_id.in_(person_ids), CoOwner.is_partner, of_them)
    )
    return _by_person(union(owned, joined))


def _by_person(query: CompoundSelect[int, int]) -> dict[int, set[int]]:
    by_person: dict[int, set[int]] = defaultdict(set)
    for person_id, number in db.session.execute(query):
        by_person[person_id].add(number)
    return by_person
