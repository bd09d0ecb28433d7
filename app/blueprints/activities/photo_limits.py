"""How many pictures a person may send: more than anybody reports with, too few to keep the worker busy."""

from flask_limiter.errors import RateLimitExceeded

from app.extensions import limiter
from app.web.identity import person_key


class TooManySentError(Exception):
    """The person has sent more pictures than the limit allows."""


_pictures_per_person = limiter.shared_limit(
    "60 per hour; 200 per day", "pictures-per-person", key_func=person_key
)


def count_picture() -> None:
    """Count one picture of the viewer's. Raises `TooManySentError`: the caller says so beside what was written."""
    try:
        with _pictures_per_person:
            pass
    except RateLimitExceeded as error:
        raise TooManySentError from error
