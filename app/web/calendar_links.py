"""The addresses of people's calendars: the serial that the database keeps, and its seal, which only we can make.

Whoever has a copy of the database has serials and no seals. A new `SECRET_KEY` ends all addresses, as it does sessions.
"""

import hashlib

from flask import current_app
from itsdangerous import Signer


def calendar_path(serial: str) -> str:
    return f"/calendar/{_seal().sign(serial).decode()}.ics"


def serial_and_seal(token: str) -> tuple[str, bool]:
    """The serial that the token names, and whether it was sealed here. Both are to be asked about, also of a seal that
    is wrong, so that a wrong address takes as long as one that was switched off."""
    return token.rpartition(".")[0], _seal().validate(token)


def _seal() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="calendar", digest_method=hashlib.sha256)
