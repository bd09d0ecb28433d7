"""What tests are made of: a small programme of three municipalities, and makers that go through the services."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.outcome import Outcome, Permission
from app.models.person import Person, Role
from app.models.programme import FocusArea, Municipality, Programme, Value
from app.models.search import SearchKind
from app.models.stage import Stage
from app.models.tip import Tip, TipKind
from app.services.activities.plan import Plan, answer_invitation, invite, plan_activity
from app.services.activities.report import Report, report_outcome
from app.services.activities.tips import Words, write_tip
from app.services.activities.visibility import whole_activity
from app.services.points.board import close_board, open_board
from app.services.search import index as search_index

#: Mid-morning on a Tuesday in the activate phase of stage 2.
NOW = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 10)
_numbers = count(1)


def load_small_programme() -> None:
    """Three municipalities, four values, six focus areas; stage 1 is over, stage 2 is in its activate phase at NOW."""
    db.session.add(
        Programme(
            slug="test", name={"sv": "Testresan", "en": "The test journey"}, brand={"sv": "Familjen"},
            vision={"sv": "Vi blir en förebild.", "en": "We become a role model."}, timezone="Europe/Stockholm",
            email_domains=["bjuv.se", "klippan.se", "helsingborg.se"], texts={}, loaded_at=NOW,
            leaderboard={"smallest": 1, "people": True},
            points={"plan": {"points": 10, "daily": 3}, "report": {"points": 30, "daily": 5},
                    "success": {"points": 10, "daily": 5}, "pitfall": {"points": 10, "daily": 5}, "joint_factor": 2},
        )
    )  # fmt: skip
    marks = (("manskligt", "Mänskligt", "Human", "m"), ("valkomnande", "Välkomnande", "Welcoming", "v"),
             ("kreativt", "Kreativt", "Creative", "k"), ("gemensamt", "Gemensamt", "Together", "g"))  # fmt: skip
    for position, (slug, sv, en, mark) in enumerate(marks, 1):
        db.session.add(Value(slug=slug, name={"sv": sv, "en": en}, mark=mark, position=position))
    areas = (("infrastruktur", "Infrastruktur", "Infrastructure", "f-infra"),
             ("naringsliv", "Näringsliv", "Business", "f-nar"),
             ("larande", "Lärande", "Learning", "f-lar"),
             ("oppenhet", "Öppenhet och inkludering", "Openness", "f-opp"),
             ("miljo", "Miljö", "Environment", "f-mil"),
             ("besok", "Besök och boende", "Visiting and living", "f-bes"))  # fmt: skip
    for position, (slug, sv, en, icon) in enumerate(areas, 1):
        db.session.add(FocusArea(slug=slug, name={"sv": sv, "en": en}, icon=icon, position=position))
    for position, (slug, name, pool, row, column) in enumerate(
        (
            ("bjuv", "Bjuv", 4, 4, 2),
            ("klippan", "Klippan", 5, 3, 3),
            ("helsingborg", "Helsingborg", 20, 3, 1),
        ),
        1,
    ):
        db.session.add(
            Municipality(
                slug=slug,
                name=name,
                pool=pool,
                tile_row=row,
                tile_column=column,
                join_code=f"join-{slug}",
                position=position,
            )
        )
    db.session.add(
        Stage(number=1, name={"sv": "Våga visa"}, theme={"sv": "Vi provar."}, measure_on=date(2026, 2, 2),
              activate_on=date(2026, 2, 16), learn_on=date(2026, 5, 4), end_on=date(2026, 6, 1))
    )  # fmt: skip
    db.session.add(
        Stage(number=2, name={"sv": "Över gränsen", "en": "Across the border"}, theme={"sv": "Vi provar ihop."},
              measure_on=date(2026, 9, 7), activate_on=date(2026, 9, 28),
              learn_on=date(2026, 11, 30), end_on=date(2026, 12, 14))
    )  # fmt: skip
    db.session.flush()
    close_board(stage(1), datetime(2026, 5, 31, 22, tzinfo=UTC))
    open_board(stage(2), datetime(2026, 9, 6, 22, tzinfo=UTC))


def municipality(slug: str) -> Municipality:
    return db.session.scalars(select(Municipality).where(Municipality.slug == slug)).one()


def value(slug: str = "valkomnande") -> Value:
    return db.session.scalars(select(Value).where(Value.slug == slug)).one()


def focus_area(slug: str = "larande") -> FocusArea:
    return db.session.scalars(select(FocusArea).where(FocusArea.slug == slug)).one()


def stage(number: int = 2) -> Stage:
    return db.session.scalars(select(Stage).where(Stage.number == number)).one()


def add_rules(**rules: dict[str, int]) -> None:
    """Add to the points policy of the programme, and of the stage that runs at NOW, which keeps its own."""
    programme, running = db.session.get_one(Programme, 1), stage()
    programme.points = programme.points | rules
    running.points = (running.points or {}) | rules
    db.session.flush()


def make_person(name: str = "", place: str = "bjuv", role: Role = Role.PARTICIPANT, **more: Any) -> Person:
    """Somebody who joined a week before NOW; counted as registered, and found by the search."""
    number = next(_numbers)
    name = name or f"Person {number}"
    where = municipality(place)
    where.registered += 1
    person = Person(
        email=f"{name.lower().replace(' ', '.')}.{number}@{place}.se", name=name, municipality_id=where.id,
        role=role.value, **{"joined_at": NOW - timedelta(days=7), **more},
    )  # fmt: skip
    db.session.add(person)
    db.session.flush()
    search_index.refresh(SearchKind.PERSON, [person.id])
    db.session.commit()
    return person


def make_plan(**over: Any) -> Plan:
    """A plan that answers all five questions, a week from NOW; keywords replace single answers."""
    parts: dict[str, Any] = {
        "value": over.pop("value", None) or value(),
        "focus_area": over.pop("focus_area", None) or focus_area(),
    }
    choices: dict[str, Any] = {"also_values": [], "heeded": frozenset(), "places": None}
    answers: dict[str, Any] = {
        "title": "Bjuda in grannarna på fika", "planned_for": TODAY + timedelta(days=7), "place": "Biblioteket i Bjuv",
        "audience": "Nya kollegor", "success_sign": "Minst fyra bokar ett eget möte",
    }  # fmt: skip
    chosen = {key: over.pop(key, choice) for key, choice in choices.items()}
    return Plan(**parts, **chosen, answers=answers | over)


def make_activity(owner: Person, **over: Any) -> Activity:
    """Planned by `owner` through the service at `now` (default NOW) in `stage` (default 2), committed, all relations
    loaded. Other keywords replace answers of the plan."""
    now, within = over.pop("now", NOW), over.pop("stage", None) or stage()
    key = over.pop("request_key", f"request-{next(_numbers)}")
    activity = plan_activity(owner, make_plan(**over), stage=within, request_key=key, now=now)
    db.session.commit()
    loaded = whole_activity(activity.id)
    assert loaded is not None
    return loaded


def make_joint(owner: Person, partner: Person, **over: Any) -> Activity:
    """Planned by `owner`, and `partner` has accepted to do it with them."""
    activity = make_activity(owner, **over)
    answer_invitation(invite(activity, partner, by=owner, now=NOW), True, now=NOW)
    db.session.commit()
    loaded = whole_activity(activity.id)
    assert loaded is not None
    return loaded


def make_outcome(activity: Activity, **over: Any) -> Outcome:
    """Reported through the service by `by` (default the owner) at `now` (default NOW), committed. Other keywords
    replace answers: it was carried out, got a 4, reached 25 people and taught two lessons. `helped` are the answers
    about tips."""
    by, now, helped = over.pop("by", None) or activity.owner, over.pop("now", NOW), over.pop("helped", {})
    answers: dict[str, Any] = {
        "carried_out": True, "rating": 4, "story": "Nio kom, och alla stannade längre än de hade tänkt.", "reached": 25,
        "success": "Barnen fick visa sina favoritböcker först.", "pitfall": "Bestäm i förväg vem som låser efteråt.",
        "permission": Permission.INTERNAL,
    }  # fmt: skip
    if not over.get("carried_out", True):
        answers |= {"rating": None, "reached": 0}
    outcome = report_outcome(activity, Report(**answers | over), helped, by=by, now=now)
    db.session.commit()
    return outcome


def make_tip(author: Person, **over: Any) -> Tip:
    """One that stands alone, written by `author` through the service at `now` (default NOW), committed. Other keywords
    replace its words: "Det funkade", about what a plan of `make_plan` is about."""
    now = over.pop("now", NOW)
    words: dict[str, Any] = {
        "kind": TipKind.SUCCESS, "text": f"Bjud in på deras plan. Då kom alla {next(_numbers)}.", "value": value(),
        "focus_area": focus_area(),
    }  # fmt: skip
    tip = write_tip(author, Words(**words | over), request_key=f"tip-{next(_numbers)}", now=now)
    db.session.commit()
    return tip
