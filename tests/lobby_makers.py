"""The screen in the lobby, for tests that look at it."""

from app.extensions import db
from app.models.person import Person
from app.services.publishing.lobby_address import lobby_address, make_address
from tests.factories import NOW


def make_screen(lead: Person) -> str:
    """The secret of an address that the lead has made, committed."""
    make_address(instead_of="", by=lead, now=NOW)
    db.session.commit()
    address = lobby_address()
    assert address
    return address.secret
