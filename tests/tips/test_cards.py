"""The cards of the list are drawn once, and show what there is by now to whoever looks."""

from collections.abc import Callable

from flask.testing import FlaskClient

from app.extensions import db
from app.models.person import Person
from tests.cast import Cast
from tests.factories import make_tip

As = Callable[[Person], FlaskClient]


def test_a_card_that_was_drawn_for_one_reader_is_not_what_another_is_shown(cast: Cast, as_: As) -> None:
    tip = make_tip(cast.charlie)
    alice, bob, charlie = (as_(person) for person in (cast.alice, cast.bob, cast.charlie))
    alice.post(f"/tips/{tip.id}/cheer")
    assert 'aria-pressed="true"' in alice.get("/tips").text
    assert 'aria-pressed="false"' in bob.get("/tips").text
    assert "aria-pressed" not in charlie.get("/tips").text
    assert 'aria-pressed="true"' in alice.get("/tips").text


def test_a_card_shows_what_has_changed_since_it_was_drawn(cast: Cast, as_: As) -> None:
    tip, reader = make_tip(cast.charlie), as_(cast.alice)
    assert "Charlie Ceder" in reader.get("/tips").text
    cast.charlie.rename("Charlie Cypress")
    tip.text, tip.heeded_count = "Skriv dagen på tavlan.", 3
    db.session.commit()
    page = reader.get("/tips").text
    assert "Charlie Cypress" in page
    assert "Skriv dagen på tavlan" in page
    assert "Tagen i 3 planer" in page
