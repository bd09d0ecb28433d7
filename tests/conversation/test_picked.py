"""Who was chosen from suggestions is meant by their own name, whatever that is."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.comment import Comment
from app.models.notification import Kind
from app.models.person import Person
from app.services.conversation.mentions import named_in
from app.services.conversation.thread import whole_comments
from app.services.conversation.write import change_comment
from app.services.notifications.inbox import notifications
from app.services.people.membership import leave
from tests.cast import Cast
from tests.comment_makers import make_comment
from tests.factories import NOW, make_activity, make_person

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]
NAMES = pytest.mark.parametrize(
    "name",
    ["Madonna", "Ana Maria de la Cruz Lopez", "Martin King Jr.", "Sara E.", "Anna Berg (vikarie)", "Anna & Bo Ek",
     "Karl: Ek", "Jan O'", "Åsa Ek"],
)  # fmt: skip


def mentioned(comment: Comment) -> list[tuple[int | None, str]]:
    db.session.commit()
    return [(one.person_id, one.name) for one in whole_comments([comment.id])[0].mentions]


def rename(person: Person, name: str) -> None:
    person.name = name
    db.session.commit()


def say(bob: FlaskClient, to: str, body: str, *picked: Person) -> Comment:
    """By the form, which carries who was picked."""
    said = {"body": body, "request_key": "x", "mention": " ".join(str(one.id) for one in picked)}
    assert bob.post(f"{to}/comments", data=said).status_code == 303
    return db.session.scalars(select(Comment).order_by(Comment.id.desc()).limit(1)).one()


@NAMES
def test_every_name_that_is_suggested_can_be_meant(cast: Cast, as_: As, name: str) -> None:
    person, activity, bob = make_person(name), make_activity(cast.alice), as_(cast.bob)
    comment = say(bob, activity.path, f"Hej @{name} kom!", person)
    assert mentioned(comment) == [(person.id, name)]
    assert [one.kind for one in notifications(person.id, None).items] == [Kind.MENTION]
    shown = name.replace("&", "&amp;").replace("'", "&#39;")
    link = f'Hej <a class="at k-sund" href="/people/{person.id}">@{shown}</a> kom!'
    assert link in bob.get(activity.path).text
    rename(person, "Någon Annan")
    assert link in bob.get(activity.path).text, "as it was written"


@NAMES
@pytest.mark.parametrize("text", ["@{}", "(@{})", "@{}, hej", "@{}!", "Hej\n@{}\nkom", "@{}. Kom"])
def test_what_stands_around_the_name_is_none_of_it(cast: Cast, name: str, text: str) -> None:
    person = make_person(name)
    assert [(one.thing, one.name) for one in named_in(text.format(name), {person.id})] == [(person, name)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@madonna och @MADONNA", ["madonna"]),
        ("@Madonnas hund, m@Madonna @@Madonna @ Madonna Madonna", []),
        ("@Sven  Erik\u00a0Ek", ["Sven Erik Ek"]),
        ("@Sven\nErik Ek", ["Sven"]),
        ("@Sven Erik", ["Sven"]),
        ("@Sven Erik Eks @Madonna", ["Sven", "Madonna"]),
        ("@Bjuv Madonna", ["Bjuv Madonna"]),
        ("@Bjuv @Madonna Berg", ["Bjuv", "Madonna Berg"]),
    ],
)
def test_the_longest_name_that_the_text_begins_with_is_meant(cast: Cast, text: str, names: list[str]) -> None:
    picked = {make_person(name).id for name in ("Madonna", "Sven", "Sven Erik Ek", "Bjuv Madonna")}
    make_person("Madonna Berg")
    assert [one.name for one in named_in(text, picked)] == names


def test_only_who_was_picked_is_here_and_is_called_so(cast: Cast) -> None:
    one, other, third = make_person("Madonna"), make_person("Madonna"), make_person("Jan O'")
    assert named_in("@Madonna och @Jan O'") == []
    assert named_in("@Madonna", {third.id}) == []
    assert named_in("@Madonna", {one.id, other.id}) == []
    leave(other, now=NOW)
    assert [found.thing for found in named_in("@Madonna", {one.id, other.id})] == [one]


def test_who_was_meant_stays_so_when_the_text_is_changed(cast: Cast, as_: As) -> None:
    one, other = (make_person("Per Sandell", place) for place in ("bjuv", "klippan"))
    madonna, activity = make_person("Madonna"), make_activity(cast.alice)
    comment = say(as_(cast.bob), activity.path, "@Per Sandell och @Madonna", one, madonna)
    change_comment(comment, cast.bob, "@Madonna, @Per Sandell!", now=NOW)
    assert mentioned(comment) == [(madonna.id, "Madonna"), (one.id, "Per Sandell")]
    rename(madonna, "Louise Ciccone")
    change_comment(comment, cast.bob, "@Madonna? @Per Sandell!", now=NOW, picked={other.id})
    assert mentioned(comment) == [(madonna.id, "Madonna"), (other.id, "Per Sandell")]
    change_comment(comment, cast.bob, "@Louise Ciccone.", now=NOW)
    assert mentioned(comment) == [(madonna.id, "Louise Ciccone")]
    assert [len(notifications(who.id, None).items) for who in (one, other, madonna)] == [1, 1, 1]


def test_a_form_that_comes_back_still_knows_who_was_picked(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    activity, madonna, bob = make_activity(cast.alice), make_person("Madonna"), as_(cast.bob)
    carried = f'name="mention" value="{madonna.id}"'
    said = {"body": f"@Madonna {'x' * 1000}", "request_key": "x", "mention": str(madonna.id)}
    comment = make_comment(activity, cast.bob)
    for url in (f"{activity.path}/comments", f"{comment.path}/answer", f"{comment.path}/edit"):
        for headers in ({}, hx):
            answer = bob.post(url, data=said, headers=headers)
            assert answer.status_code == 422
            assert answer.text.count(carried) == 1
    assert carried not in bob.post(f"{activity.path}/comments", data=said | {"body": "Hej"}, headers=hx).text


@pytest.mark.parametrize("body", ["@Ali Ek, @ALİ EK, @alı ek", "@Charlie  Ceder @Charlie Ceder"])
def test_each_way_to_write_a_name_is_shown(cast: Cast, as_: As, body: str) -> None:
    activity = make_activity(cast.alice)
    assert cast.charlie
    make_person("Ali Ek")
    make_comment(activity, cast.bob, body)
    assert as_(cast.bob).get(activity.path).text.count('class="at k-sund"') == body.count("@")
