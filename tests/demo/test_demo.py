"""The demonstration, played once on a database of its own."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.cli import SHIPPED_PROGRAMME
from app.config import Settings
from app.demo.play import NotEmptyError, play
from app.demo.script import write
from app.extensions import Model, db
from app.gateways.media import MediaStore
from app.gateways.survey_keys import SurveyKeys
from app.models.activity import Activity
from app.models.feed import FeedItem
from app.models.outcome import Photo
from app.models.paging import PAGE_SIZE
from app.models.person import Person, Role
from app.models.programme import municipalities
from app.models.stage import Phase, Stage
from app.services.badges.shelf import shelf_of
from app.services.insights.figures import stage_figures
from app.services.moderation.picture_queue import waiting_pictures
from app.services.notifications.inbox import notifications
from app.services.people.membership import first_with
from app.services.programme.file import load_programme
from app.services.publishing.lobby_address import lobby_address
from app.services.upkeep import audit

_NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
_TODAY = _NOW.date()

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("demonstration")
    app = create_app(Settings.from_env({"ELDSJAL_DEV": "1", "DATA_DIR": str(folder), "SECRET_KEY": "s" * 40}))
    with app.app_context():
        Model.metadata.create_all(db.engine)
        load_programme(SHIPPED_PROGRAMME.read_text("utf-8"), _NOW)
        db.session.commit()
        play(_NOW, MediaStore.from_url(app.config["MEDIA_URL"]), SurveyKeys(folder / "survey"))
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.mark.usefixtures("demonstration")
def test_it_comes_out_as_the_real_programme_did() -> None:
    """One play for all that is asked of it: it takes half a minute."""
    first, second = Stage.numbered(1), Stage.numbered(2)
    assert first
    assert second
    assert (first.phase(_TODAY), second.phase(_TODAY)) == (Phase.ENDED, Phase.ACTIVATE)

    assert lobby_address()

    total = stage_figures(first, _TODAY).total
    assert total.completion_rate
    assert total.top_share
    assert (round(total.completion_rate * 100), round(total.top_share * 100)) == (53, 20)

    assert db.session.scalar(select(func.count()).select_from(Person)) == 300
    karin = first_with(Role.PARTICIPANT)
    assert karin
    unread = [note.kind for note in notifications(karin.id, None).items if note.is_unread]
    assert unread == ["closeout", "invitation"]
    assert karin.name == "Karin Lindqvist"
    for real in ("En Wikipediasida", "Familjegirot", "Utvecklingsforum"):
        example = db.session.scalar(select(Activity.id).where(Activity.title.startswith(real)))
        assert db.session.scalar(select(Photo.alt).where(Photo.activity_id == example))

    newest = (
        select(Activity.title)
        .join(FeedItem, FeedItem.contribution_id == Activity.id)
        .order_by(FeedItem.at.desc(), FeedItem.id.desc())
    )
    titles = list(db.session.scalars(newest.limit(3 * PAGE_SIZE)))
    assert len(titles) == len(set(titles)), "three pages of the feed repeat nothing"

    cast = (list(db.session.scalars(select(Person).order_by(Person.id))), municipalities(), first, second)
    once, again = (write(*cast, _TODAY, "Europe/Stockholm") for _ in range(2))
    assert once == again, "it is the same play every time"

    shelf = shelf_of(karin)
    assert {"first-report", "idea-giver"} <= {place.rule.slug for place in shelf.held}
    assert "across-borders" in {place.rule.slug for place in shelf.near}
    assert [place.rule.slug for place in shelf.resting] == ["honest"]
    coordinator = first_with(Role.COORDINATOR)
    assert coordinator
    answered = [waiting.answer is not None for waiting in waiting_pictures(coordinator)]
    assert sorted(answered) == [False, True], "one picture waits for a decision, and one for an answer"

    assert audit.verify() == []
    with pytest.raises(NotEmptyError):
        play(_NOW, MediaStore.from_url(Path("/nowhere").as_uri()), SurveyKeys(Path("/nowhere")))
