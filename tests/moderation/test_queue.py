"""The queue as a service: what it reads, and what it asks of a thing that is not an activity."""

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, render_template

from app.blueprints.moderation.forms import WordsForm
from app.extensions import db
from app.models.paging import PAGE_SIZE
from app.services.moderation.flags import flag
from app.services.moderation.queue import queue
from tests.cast import Cast
from tests.factories import NOW, make_activity


def test_a_page_reads_one_row_more_than_it_shows(cast: Cast, queries: list[str]) -> None:
    cora = cast.cora
    for _ in range(PAGE_SIZE + 5):
        flag(make_activity(cast.alice), cast.bob, "tone", "", NOW)
    db.session.commit()
    queries.clear()
    page = queue(cora)
    assert (len(page.items), page.has_more) == (PAGE_SIZE, True)
    (waiting,) = (statement for statement in queries if "waiting" in statement)
    assert "LIMIT" in waiting


@pytest.fixture
def card(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A card for a kind that there is not."""
    loader: Any = app.jinja_env.loader
    read = loader.get_source

    def get_source(environment: Any, template: str) -> Any:
        if template == "moderation/kinds/_tip.html":
            return "<h2>{{ thing.title }}</h2>", None, lambda: True
        return read(environment, template)

    monkeypatch.setattr(loader, "get_source", get_source)
    monkeypatch.setattr(app.jinja_env, "cache", None)  # nor is the real one kept from another test


@pytest.mark.usefixtures("card")
def test_a_card_asks_of_another_kind_no_more_than_every_kind_has(app: Flask) -> None:
    flags = [SimpleNamespace(reason="tone", text="Det låter hårt.")]
    thing = SimpleNamespace(id=7, kind="tip", title="Boka tidigt", path="/tips/7", removal=None)
    item = SimpleNamespace(kind="tip", thing=thing, since=NOW, flags=flags, appeal=None, may_uphold=True)
    with app.test_request_context():
        markup = render_template(
            "moderation/_item.html", item=item, returned={}, blank=WordsForm(formdata=None)
        )
    assert "Boka tidigt" in markup
    assert 'href="/moderation/7"' in markup
