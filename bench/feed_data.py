"""A database with many activities. Filled by plain inserts: going through the services would take an hour."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import func, insert, select

from app import clock
from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import Contribution, ContributionKind, takes_part
from app.models.feed import ALL, REPORTED, FeedItem, FeedScope
from app.models.outcome import Outcome, Photo
from app.models.person import NameWord, Person
from app.models.programme import focus_areas, municipalities, values
from app.models.stage import Stage
from app.services.programme.file import load_programme
from app.text import search_words

_PORTION = 10_000


@dataclass(frozen=True)
class Contents:
    """That many reported activities, every third with a photo, of that many people."""

    activities: int
    people: int = 30_000
    #: From one activity to the next; the last one has just been planned.
    apart: timedelta = timedelta(minutes=3)
    #: Gives some of an activity's columns by its number.
    texts: Callable[[int], dict[str, str]] = lambda _number: {}

    def insert(self) -> None:
        """With the programme, into an empty database."""
        load_programme(Path("programmes/familjen-helsingborg.toml").read_text(encoding="utf-8"), clock.now())
        maker = _Maker(self, clock.now())
        people = [maker.person(number) for number in range(1, self.people + 1)]
        db.session.execute(insert(Person), people)
        db.session.execute(insert(NameWord), [word for person in people for word in _name_words(person)])
        for begin in range(1, self.activities + 1, _PORTION):
            numbers = range(begin, min(begin + _PORTION, self.activities + 1))
            _insert_portion([maker.activity(number) for number in numbers])
            db.session.commit()


def _name_words(person: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"person_id": person["id"], "word": word} for word in search_words(person["name"])]


class _Maker:
    """Makes rows that look real, the same in every run."""

    def __init__(self, contents: Contents, now: datetime) -> None:
        self._random = Random(1)
        self._contents = contents
        #: The programme file brings challenges, which have numbers of the same row.
        self._taken = db.session.scalar(select(func.max(Contribution.id))) or 0
        self._now = now
        self._places = [place.id for place in municipalities()]
        self._values = [value.id for value in values()]
        self._areas = [area.id for area in focus_areas()]
        stage = Stage.current(now.date())
        assert stage is not None
        self._stage_id = stage.id

    def person(self, number: int) -> dict[str, Any]:
        return {
            "id": number,
            "email": f"p{number}@example.se",
            "name": f"Person Nummer{number}",
            "joined_at": self._now,
            "muted_groups": [],
            "municipality_id": self._random.choice(self._places),
        }

    def activity(self, number: int) -> dict[str, Any]:
        contents = self._contents
        at = self._now - (contents.activities - number) * contents.apart - timedelta(minutes=5)
        return {
            "id": self._taken + number,
            "owner_id": self._random.randint(2, contents.people),
            "municipality_id": self._random.choice(self._places),
            "stage_id": self._stage_id,
            "value_id": self._random.choice(self._values),
            "focus_area_id": self._random.choice(self._areas),
            "request_key": f"b{number}",
            "title": f"Fika med nyinflyttade på biblioteket, gång {number}",
            "planned_for": at.date(),
            "place": "Biblioteket",
            "audience": "Familjer som flyttat hit i år",
            "success_sign": "Minst åtta familjer kommer",
            "concreteness": 5,
            "created_at": at,
            "changed_at": at,
        } | contents.texts(self._taken + number)


def _insert_portion(rows: list[dict[str, Any]]) -> None:
    db.session.execute(insert(Contribution), [_contribution(row) for row in rows])
    db.session.execute(insert(Activity), rows)
    db.session.execute(
        insert(takes_part),
        [{"contribution_id": row["id"], "municipality_id": row["municipality_id"]} for row in rows],
    )
    db.session.execute(insert(Outcome), [_outcome(row) for row in rows])
    db.session.execute(insert(Photo), [_photo(row) for row in rows if row["id"] % 3 == 0])
    db.session.execute(
        insert(FeedItem),
        [
            {"id": row["id"], "kind": "reported", "at": row["created_at"], "contribution_id": row["id"]}
            for row in rows
        ],
    )
    db.session.execute(insert(FeedScope), [scope for row in rows for scope in _scopes(row)])


def _contribution(row: dict[str, Any]) -> dict[str, Any]:
    kind = ContributionKind.ACTIVITY.value
    return {"id": row["id"], "kind": kind, "owner_id": row["owner_id"], "cheer_count": row["id"] % 41}


def _outcome(row: dict[str, Any]) -> dict[str, Any]:
    story = "Grannarna visade byn och barnen sina favoritböcker. Då började de vuxna prata."
    return {
        "activity_id": row["id"],
        "by_id": row["owner_id"],
        "at": row["created_at"],
        "carried_out": True,
        "rating": row["id"] % 5 + 1,
        "story": story,
        "reached": 12,
    }


def _photo(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "activity_id": row["id"],
        "by_id": row["owner_id"],
        "at": row["created_at"],
        "key": f"k{row['id']}",
        "sha256": f"s{row['id']}",
        "alt": "Barn som visar böcker",
        "width": 1600,
        "height": 1200,
        "sizes": {"s": [400, 300], "m": [800, 600], "l": [1600, 1200]},
    }


def _scopes(row: dict[str, Any]) -> list[dict[str, Any]]:
    filters = (f"m:{row['municipality_id']}", f"v:{row['value_id']}", f"f:{row['focus_area_id']}")
    followed = (f"p:{row['owner_id']}", f"a:{row['id']}")
    scopes = (ALL, REPORTED, *filters, *followed)
    return [{"scope": scope, "at": row["created_at"], "item_id": row["id"]} for scope in scopes]
