"""What the form of a lead's own message is filled in with."""

from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from app import clock
from app.blueprints.admin.destinations import pages
from app.blueprints.admin.message_forms import MessageForm
from app.blueprints.admin.words_form import OTHER
from app.models.own_message import Audience, OwnMessage
from app.models.person import LANGUAGES
from app.web.catalogue import catalogue
from app.web.seen import seen_of


def new_form() -> MessageForm:
    """To those without a plan, who need it most, at the next slot."""
    form = MessageForm(formdata=None, data={"audience": Audience.WITHOUT_PLAN.value})
    form.when.data = form.when.choices[0].value
    return form


def form_of(message: OwnMessage) -> MessageForm:
    """For changing it."""
    form = MessageForm(formdata=None, data=_written(message))
    local = clock.local(message.due_at, catalogue().timezone)
    stamps = {slot: choice.value for slot, choice in zip(form.next_slots, form.when.choices, strict=False)}
    form.when.data = stamps.get(message.due_at, OTHER)
    if form.when.data == OTHER:
        form.day.data, form.slot.data = local.date(), f"{local:%H:%M}"
    return form


def form_from(sent: MultiDict[str, str]) -> MessageForm:
    """As far as it has been filled in, for the preview."""
    data: dict[str, Any] = sent.to_dict()
    data |= {name: sent.getlist(name) for name in ("roles", "places")}
    data |= {name: _day(sent.get(name, "")) for name in ("day", "shown_until")}
    return MessageForm(formdata=None, data=data)


def _written(message: OwnMessage) -> dict[str, Any]:
    parts = {"title": message.title, "body": message.body}
    words = {f"{part}_{one}": texts.get(one, "") for part, texts in parts.items() for one in LANGUAGES}
    is_usual = message.url in {path for path, _name in pages()}
    places = [catalogue().municipalities[number].slug for number in message.municipality_ids]
    return words | {
        "audience": message.audience,
        "roles": message.roles,
        "places": places,
        "goes_to": message.url if is_usual else OTHER,
        "address": "" if is_usual else message.url,
        "shown_until": message.shown_until,
        "seen": seen_of(message),
    }


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
