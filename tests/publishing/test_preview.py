"""What a link shows where it is pasted: of a public story its title and picture, of all else our name."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.extensions import db
from app.gateways.images import prepare
from app.models.outcome import Permission
from app.services.activities.best_practice import lift, lower
from app.services.activities.photos import keep_photo
from app.services.moderation.decide import hide, restore
from app.web.media import media_store
from tests.cast import Cast
from tests.challenge_makers import make_open, whole
from tests.comment_makers import make_comment
from tests.factories import NOW, make_activity, make_outcome, make_tip
from tests.lobby_makers import make_screen
from tests.pictures import jpeg
from tests.thanks_makers import make_thanks, show_all

pytestmark = pytest.mark.usefixtures("at_now")

TITLE = "Krusbärsmötet"


@pytest.fixture
def story(cast: Cast) -> Any:
    """Lifted as a model, with a picture, and all who are shown agreed that everybody may see it."""
    db.session().expire_on_commit = False  # what was loaded whole stays whole
    activity = make_activity(cast.alice, title=TITLE)
    keep_photo(activity, cast.alice, prepare(jpeg("orange", (64, 48))), store=media_store(), now=NOW)
    make_outcome(whole(activity.id), permission=Permission.EXTERNAL)
    lift(whole(activity.id), "Gör så här.", by=cast.lena, now=NOW)
    db.session.commit()
    return whole(activity.id)


def fetched(client: FlaskClient, path: str) -> str:
    """As a program does that shows links."""
    return client.get(path, follow_redirects=True).text


def shows_the_name_alone(page: str) -> bool:
    return 'property="og:title" content="Eldsjäl"' in page and "og:image" not in page


def test_a_public_story_shows_title_and_picture(client: FlaskClient, story: Any) -> None:
    page = fetched(client, story.path)
    assert f'property="og:title" content="{TITLE}"' in page
    picture = page.split('property="og:image" content="')[1].split('"')[0]
    assert picture.startswith("http")
    answer = client.get("/pictures/" + picture.rpartition("/")[2])
    assert (answer.status_code, answer.content_type) == (200, "image/webp")


@pytest.mark.parametrize("way", ["hidden", "not lifted", "internal"])
def test_what_is_not_public_any_more_shows_nothing(
    way: str, client: FlaskClient, story: Any, cast: Cast
) -> None:
    name = f"{story.photos[0].key}-m.webp"
    assert client.get(f"/pictures/{name}").status_code == 200
    moderator = cast.lena
    if way == "hidden":
        hide(story, moderator, "tone", "", NOW)
    elif way == "not lifted":
        lower(story, by=moderator, now=NOW)
    else:
        story.outcome.permission = Permission.INTERNAL.value
    db.session.commit()
    page = fetched(client, story.path)
    assert shows_the_name_alone(page)
    assert TITLE not in page
    assert client.get(f"/pictures/{name}").status_code == 404
    if way == "hidden":
        restore(story, moderator, NOW)
        db.session.commit()
        assert TITLE in fetched(client, story.path)


def test_every_other_address_shows_the_product_s_name_alone(client: FlaskClient, cast: Cast) -> None:
    show_all(cast.alice)
    activity = make_activity(cast.alice, title="Hemligmärke i Bjuv")
    done = make_activity(cast.alice, title="Gjortmärke i Bjuv")
    keep_photo(done, cast.alice, prepare(jpeg("orange", (64, 48))), store=media_store(), now=NOW)
    make_outcome(whole(done.id), permission=Permission.EXTERNAL)
    tip = make_tip(cast.alice, text="Tipsmärke. Ring först.")
    challenge = make_open(cast.lena, title="Utmaningsmärke")
    comment = make_comment(activity, cast.alice, "Inläggsmärke")
    thanks = make_thanks(cast.alice, cast.bob, "Tackmärke")
    paths = [thing.path for thing in (activity, done, tip, challenge, comment, thanks)]
    paths += [
        f"/people/{cast.alice.id}",
        f"/people/{cast.alice.id}/thanks",
        "/",
        "/login",
        "/privacy",
        "/me/page",
    ]
    paths += [
        f"{activity.path}?next={done.path}",
        f"{activity.path}/spread",
        "/activities/99999",
        "/stages/2",
    ]
    for path in paths:
        page = fetched(client, path)
        assert shows_the_name_alone(page), path
        assert "märke" not in page.lower(), path
        assert cast.alice.name not in page, path
    assert client.get(f"/pictures/{whole(done.id).photos[0].key}-m.webp").status_code == 404
    assert "og:" not in fetched(client, f"/screen/{make_screen(cast.lena)}"), "its address is a key"


def test_whoever_is_signed_in_gets_the_page_without_it(
    as_: Callable[..., FlaskClient], story: Any, cast: Cast
) -> None:
    assert "og:title" not in as_(cast.bob).get(story.path).text
