"""A person without a picture looks the same wherever they are shown."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.models.person import Person
from app.services.activities.coming import come_along
from app.web.avatar import initials
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_activity, make_outcome

As = Callable[[Person], FlaskClient]

_AVATAR = re.compile(r'<span class="av (k-\w+)[^"]*"[^>]*>BB</span>')


@pytest.mark.parametrize(("name", "letters"), [("Bob Berg", "BB"), ("Sven Erik Ek", "SE"), ("madonna", "M")])
def test_initials_are_those_of_the_first_and_the_last_name(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_person_has_one_avatar_in_every_list(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice)
    make_outcome(make_activity(cast.bob, planned_for=TODAY))
    come_along(activity, cast.bob, now=NOW)
    alice = as_(cast.alice)
    pages = (f"/people/{cast.bob.id}", activity.path, f"{activity.path}/coming", "/search?q=bob", "/")
    shown = {page: set(_AVATAR.findall(alice.get(page).text)) for page in pages}
    assert all(shown.values()), shown
    assert len(set.union(*shown.values())) == 1
