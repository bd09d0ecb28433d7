"""A database with many activities. Filled by plain inserts: going through the services would take an hour."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import func, insert, select

from app import clock, create_app
from app.config import Settings
from app.extensions import Model, db
from app.models.activity import Activity
from app.models.contribution import Contribution, ContributionKind, takes_part
from app.models.feed import ALL, REPORTED, FeedItem, FeedScope
from app.models.outcome import Outcome, Photo
from app.models.person import NameWord, Person
from app.models.programme import focus_areas, municipalities, values
from app.models.stage import Stage
from app.services.programme.file import load_programme
from app.text import search_words
from bench.sign_in import cookie_of, environment

_PEOPLE = 30_000
_PORTION = 10_000


@dataclass(frozen=True)
class FilledDatabase:
    environment: dict[str, str]
    #: The Cookie header of somebody who is signed in.
    cookie: str


def fill(
    folder: Path,
    activities: int,
    texts: Callable[[int], dict[str, str]] = lambda _number: {},
    finish: Callable[[], None] = lambda: None,
) -> FilledDatabase:
    """A SQLite database in the folder with that many reported activities, every third with a photo. `texts` gives some
    of an activity's columns by its number, and `finish` fills what follows from them."""
    settings = environment(folder)
    app = create_app(Settings.from_env(settings))
    with app.test_request_context():
        Model.metadata.create_all(db.engine)
        load_programme(Path("programmes/familjen-helsingborg.toml").read_text(encoding="utf-8"), clock.now())
        _insert(activities, texts)
        finish()
        cookie = cookie_of(db.session.get_one(Person, 1), app)
        db.session.execute(db.text("ANALYZE"))
        db.session.commit()
        return FilledDatabase(settings, cookie)


def _insert(activities: int, texts: Callable[[int], dict[str, str]]) -> None:
    now = clock.now()
    maker = _Maker(activities, now, texts)
    people = [maker.person(number) for number in range(1, _PEOPLE + 1)]
    db.session.execute(insert(Person), people)
    db.session.execute(insert(NameWord), [word for person in people for word in _name_words(person)])
    for begin in range(1, activities + 1, _PORTION):
        rows = [maker.activity(number) for number in range(begin, min(begin + _PORTION, activities + 1))]
        _insert_portion(rows)
        db.session.commit()


def _name_words(person: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"person_id": person["id"], "word": word} for word in search_words(person["name"])]


class _Maker:
    """Makes rows that look real, the same in every run."""

    def __init__(self, activities: int, now: datetime, texts: Callable[[int], dict[str, str]]) -> None:
        self._random = Random(1)
        #: The programme file brings challenges, which have numbers of the same row.
        self._taken = db.session.scalar(select(func.max(Contribution.id))) or 0
        self._activities = activities
        self._now = now
        self._texts = texts
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
            "muted_kinds": [],
            "municipality_id": self._random.choice(self._places),
        }

    def activity(self, number: int) -> dict[str, Any]:
        at = self._now - timedelta(minutes=(self._activities - number) * 3 + 5)
        return {
            "id": self._taken + number,
            "owner_id": self._random.randint(2, _PEOPLE),
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
        } | self._texts(self._taken + number)


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
    places = (f"m:{row['municipality_id']}", f"v:{row['value_id']}", f"f:{row['focus_area_id']}")
    return [
        {"scope": scope, "at": row["created_at"], "item_id": row["id"]} for scope in (ALL, REPORTED, *places)
    ]
