"""The screen in a lobby: what everybody may see who comes by, and nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from app.gateways.images import prepare
from app.models.activity import Activity
from app.models.contribution import Withdrawal
from app.models.outcome import Permission, Photo
from app.models.person import Person
from app.models.programme import Programme
from app.services.activities.best_practice import lift, lower
from app.services.activities.photos import keep_photo
from app.services.activities.visibility import whole_activity
from app.services.moderation.decide import hide, undo
from app.services.publishing.lobby import public_best_practices
from app.services.publishing.lobby_address import revoke_address
from app.web.media import media_store
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_outcome, make_person, stage
from tests.lobby_makers import make_screen
from tests.pictures import jpeg

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]


@pytest.fixture
def screen(cast: Cast) -> str:
    """The path of a screen."""
    return f"/screen/{make_screen(cast.lena)}"


def _best(cast: Cast, permission: Permission = Permission.EXTERNAL, **over: object) -> tuple[Activity, Photo]:
    """Alice's, with a picture, reported and lifted by Cora."""
    activity = make_activity(cast.alice, title="Öppet hus på natten", **over)
    photo = keep_photo(activity, cast.alice, prepare(jpeg()), store=media_store(), now=NOW)
    make_outcome(activity, permission=permission, story="Nio kom. Alla stannade.")
    return _lifted(activity, cast), photo


def _lifted(activity: Activity, cast: Cast) -> Activity:
    coordinator, reported = cast.cora, whole_activity(activity.id)
    assert reported
    lift(reported, "Gör så.", by=coordinator, now=NOW)
    db.session.commit()
    whole = whole_activity(activity.id)
    assert whole
    return whole


def _picture(screen: str, photo: Photo) -> str:
    return f"{screen}/pictures/{photo.key}-m.webp"


def test_it_shows_the_board_what_was_done_and_a_best_practice(
    cast: Cast, client: FlaskClient, screen: str
) -> None:
    _activity, photo = _best(cast)
    page = client.get(screen).text
    assert "Bjuv leder." in page
    assert "sak gjord tillsammans" in page
    assert "Nio kom. Alla stannade." in page
    assert "Öppet hus på natten" in page
    assert _picture(screen, photo) in page
    answer = client.get(_picture(screen, photo))
    assert (answer.status_code, answer.content_type) == (200, "image/webp")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    again = client.get(_picture(screen, photo), headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_nobody_is_named(cast: Cast, client: FlaskClient, screen: str) -> None:
    _best(cast)
    page = client.get(screen).text
    assert [who for who in ("Alice", "Ahl", "Cora", "Lena") if who in page] == []


def test_what_comes_afterwards_is_the_same_without_its_frame(client: FlaskClient, screen: str) -> None:
    kiosk = client.get(f"{screen}/now").text
    assert kiosk.startswith('<div class="kiosk"')
    assert kiosk.strip() in client.get(screen).text


@pytest.mark.parametrize("path", ["", "/now"])
def test_it_is_kept_nowhere_found_by_no_search_engine_and_sets_no_cookie(
    client: FlaskClient, screen: str, path: str
) -> None:
    answer = client.get(screen + path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Set-Cookie" not in answer.headers
    assert "app.js" not in answer.text, "which registers the worker"


def test_it_looks_at_nobody_who_is_signed_in(cast: Cast, as_: As, client: FlaskClient, screen: str) -> None:
    cast.stig.language = "en"
    db.session.commit()
    assert as_(cast.stig).get(screen).text == client.get(screen).text


def test_its_language_stands_in_the_address(client: FlaskClient, screen: str) -> None:
    assert '<html lang="sv">' in client.get(screen, headers={"Accept-Language": "en"}).text
    english = client.get(f"{screen}?lang=en").text
    assert '<html lang="en">' in english
    assert "Now we begin anew." in english
    assert f"{screen}/now?lang=en" in english
    assert '<html lang="sv">' in client.get(f"{screen}?lang=xx").text


def test_a_wrong_address_and_a_revoked_one_are_answered_alike(client: FlaskClient, screen: str) -> None:
    wrong = client.get("/screen/wrong")
    assert revoke_address(screen.rpartition("/")[2])
    db.session.commit()
    revoked = client.get(screen)
    assert (revoked.status_code, revoked.text) == (404, wrong.text)
    assert client.get(f"{screen}/now").status_code == client.get("/screen/wrong/now").status_code == 404


def test_a_revoked_address_gives_no_picture(cast: Cast, client: FlaskClient, screen: str) -> None:
    _activity, photo = _best(cast)
    revoke_address(screen.rpartition("/")[2])
    db.session.commit()
    assert client.get(_picture(screen, photo)).status_code == 404


@pytest.mark.parametrize("permission", [Permission.NONE, Permission.INTERNAL])
def test_what_not_everybody_may_see_is_not_there(
    cast: Cast, client: FlaskClient, screen: str, permission: Permission
) -> None:
    _activity, photo = _best(cast, permission)
    page = client.get(screen).text
    assert "Öppet hus på natten" not in page
    assert "Nio kom" not in page
    assert photo.key not in page
    assert client.get(_picture(screen, photo)).status_code == 404


def test_a_permission_that_is_taken_back_takes_the_picture_away(
    cast: Cast, client: FlaskClient, screen: str
) -> None:
    activity, photo = _best(cast)
    assert client.get(_picture(screen, photo)).status_code == 200
    assert activity.outcome
    activity.outcome.permission = Permission.INTERNAL.value
    db.session.commit()
    assert "Öppet hus på natten" not in client.get(screen).text
    assert client.get(_picture(screen, photo)).status_code == 404


def test_what_is_hidden_is_not_there_until_it_is_shown_again(
    cast: Cast, client: FlaskClient, screen: str
) -> None:
    activity, photo = _best(cast)
    hide(activity, cast.cora, "tone", "", NOW)
    db.session.commit()
    assert "Öppet hus på natten" not in client.get(screen).text
    assert client.get(_picture(screen, photo)).status_code == 404


def test_what_its_owner_took_back_is_not_there(cast: Cast, client: FlaskClient, screen: str) -> None:
    activity, photo = _best(cast)
    db.session.add(Withdrawal(contribution_id=activity.id, by_id=cast.alice.id, at=NOW))
    db.session.commit()
    assert "Öppet hus på natten" not in client.get(screen).text
    assert client.get(_picture(screen, photo)).status_code == 404


def test_what_is_no_best_practice_any_more_is_not_there(cast: Cast, client: FlaskClient, screen: str) -> None:
    activity, photo = _best(cast)
    lower(activity, by=cast.cora, now=NOW)
    db.session.commit()
    assert "Öppet hus på natten" not in client.get(screen).text
    assert client.get(_picture(screen, photo)).status_code == 404


def test_pictures_of_what_was_not_lifted_are_not_to_be_had(
    cast: Cast, client: FlaskClient, screen: str
) -> None:
    activity = make_activity(cast.alice)
    photo = keep_photo(activity, cast.alice, prepare(jpeg()), store=media_store(), now=NOW)
    make_outcome(activity, permission=Permission.EXTERNAL)
    assert client.get(_picture(screen, photo)).status_code == 404
    assert client.get(f"{screen}/pictures/nonsense").status_code == 404


def test_they_take_turns(cast: Cast, client: FlaskClient, screen: str) -> None:
    for title in ("Cykelfika", "Bokbyte"):
        activity = make_activity(cast.alice, title=title)
        make_outcome(activity, permission=Permission.EXTERNAL)
        _lifted(activity, cast)
    shown = []
    for seconds in (0, 30, 60):
        with time_machine.travel(NOW.timestamp() + seconds, tick=False):
            page = client.get(screen).text
        shown.append([title for title in ("Cykelfika", "Bokbyte") if title in page])
    assert [len(titles) for titles in shown] == [1, 1, 1]
    assert shown[0] == shown[2] != shown[1]


def test_only_what_was_lifted_lately_takes_turns(cast: Cast) -> None:
    activity, _photo = _best(cast)
    assert public_best_practices(NOW) == [activity.id]
    assert public_best_practices(datetime(2027, 1, 1, tzinfo=UTC)) == []


def test_a_municipality_with_few_people_is_shown_and_not_ranked(
    cast: Cast, client: FlaskClient, screen: str
) -> None:
    programme = Programme.current()
    assert programme
    programme.leaderboard = {"smallest": 2}
    for place in ("bjuv", "bjuv", "klippan"):
        make_activity(make_person("", place))
    page = client.get(screen).text
    assert "Bjuv leder." in page
    assert 'Klippan</span><span class="vh">, visas men har ingen plats än' in page


def test_the_office_is_in_no_figure(cast: Cast, client: FlaskClient, screen: str) -> None:
    make_activity(cast.lena)
    assert "Alla på noll." in client.get(screen).text


def test_a_tie_is_said_to_be_one(cast: Cast, client: FlaskClient, screen: str) -> None:
    make_activity(cast.alice)
    make_activity(cast.charlie)
    programme = Programme.current()
    assert programme
    for place in (cast.alice.municipality, cast.charlie.municipality):
        place.pool = 5
    db.session.commit()
    assert "Bjuv och Klippan delar ledningen." in client.get(screen).text


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ((2026, 1, 5), ("Snart börjar vi.", "28", "dagar kvar till etapp 1")),
        ((2026, 2, 3), ("Nu börjar vi.", "13", "dagar kvar att mäta")),
        ((2026, 7, 1), ("Etapp 1 är slut.", "68", "dagar kvar till etapp 2")),
        ((2026, 9, 8), ("Nu börjar vi om.", "Alla på noll.", "20", "dagar kvar att mäta")),
        ((2026, 12, 1), ("dagar kvar att lära",)),
        ((2027, 3, 1), ("Etapp 2 är slut.",)),
    ],
)
def test_outside_of_what_goes_on_it_rests(
    client: FlaskClient, screen: str, day: tuple[int, int, int], words: tuple[str, ...]
) -> None:
    with time_machine.travel(datetime(*day, 11, tzinfo=UTC), tick=False):
        page = client.get(screen).text
    assert [word for word in words if word not in page] == []
    assert "Jobbar du här?" in page


def test_between_stages_it_shows_how_the_last_one_ended(cast: Cast, client: FlaskClient, screen: str) -> None:
    make_outcome(make_activity(cast.alice))
    with time_machine.travel(datetime(2026, 12, 20, 11, tzinfo=UTC), tick=False):
        page = client.get(screen).text
    assert "Bjuv vann." in page
    assert "låst 13 dec" in page
    assert "sak gjord i etapp 2" in page


def test_without_a_stage_it_is_calm(app: Flask, client: FlaskClient, screen: str) -> None:
    for number in (1, 2):
        db.session.delete(stage(number))
    db.session.flush()
    page = client.get(screen).text
    assert "Snart börjar vi." in page
    assert "dagar kvar" not in page


def test_a_restored_one_comes_back(cast: Cast, client: FlaskClient, screen: str) -> None:
    activity, _photo = _best(cast)
    hide(activity, cast.cora, "tone", "", NOW)
    undo(activity, cast.cora, NOW)
    db.session.commit()
    assert "Öppet hus på natten" in client.get(screen).text
