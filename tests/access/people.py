"""The columns of the table: who they are, and the browser of each."""

from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, session

from app.extensions import db
from app.models.person import Person
from app.web.identity import sign_in
from tests.cast import Cast
from tests.factories import NOW, make_person


@dataclass(frozen=True)
class People:
    """Alice, whose things the addresses name, and others as they stand to her."""

    owner: Person
    #: Does it with her, accepted.
    partner: Person
    #: Of the same municipality.
    colleague: Person
    #: Another one, who is limited for a time.
    limited: Person
    #: Of another municipality.
    other: Person
    coordinator: Person
    coordinator_elsewhere: Person
    lead: Person
    steering: Person
    #: Was a colleague, and has left since.
    left: Person


#: The table's columns, in their order. "nobody" has not signed in; "left" still has the cookie of an old device.
COLUMNS: Final = (
    "nobody", "left", "owner", "partner", "colleague", "limited", "other", "coordinator",
    "coordinator_elsewhere", "lead", "steering",
)  # fmt: skip


def make_people(cast: Cast) -> People:
    return People(
        owner=cast.alice,
        partner=make_person("Paula Palm", "bjuv"),
        colleague=cast.bob,
        limited=make_person("Lisa Lund", "bjuv"),
        other=cast.charlie,
        coordinator=cast.cora,
        coordinator_elsewhere=cast.kim,
        lead=cast.lena,
        steering=cast.stig,
        left=make_person("Gun Gren", "bjuv"),
    )


def sign_everybody_in(app: Flask, people: People) -> dict[str, dict[str, Any]]:
    """What the cookie of each column's browser holds."""
    return {column: _signed_in(app, getattr(people, column, None)) for column in COLUMNS}


def _signed_in(app: Flask, person: Person | None) -> dict[str, Any]:
    if person is None:
        return {}
    with app.test_request_context():
        sign_in(person, "Test browser", NOW)
        db.session.commit()
        return dict(session)
