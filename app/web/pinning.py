"""Pinning a thing on top of the feed, from its page: the form there, and what it says."""

from typing import Any

from flask import flash
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import DateField
from wtforms.validators import InputRequired

from app import clock
from app.extensions import db
from app.models.contribution import Contributed
from app.models.person import Person
from app.models.pin import MOST_PINNED
from app.services.feed.pins import PinDayError, PinnedTooManyError, last_days, may_pin, pin, pinned_by, unpin
from app.web.filters import day
from app.web.forms import Form
from app.web.identity import viewer


class PinForm(Form):
    last_day = DateField(_l("Until which day?"), validators=[InputRequired(_l("Choose a day."))])


def pinning_on_page(thing: Contributed, person: Person, *, is_shown: bool) -> dict[str, Any]:
    """What `components/_pin.html` needs; `pinned` is None for whoever pins nothing, and of what is not in the feed."""
    offers = is_shown and may_pin(person)
    return {
        "pinned": pinned_by(person, thing.id, clock.now()) if offers else None,
        "pin_form": PinForm(formdata=None) if offers else None,
    }


def pin_up(thing: Contributed, form: PinForm) -> bool:
    """Pin it and say so; False when the form says why not. After that the thing must be loaded anew."""
    now = clock.now()
    if not form.validate():
        return False
    try:
        pin(thing, form.last_day.data, by=viewer(), now=now)
    except PinDayError:
        first, last = last_days(now)
        form.last_day.errors = [
            _("Choose a day from %(first)s to %(last)s.", first=day(first), last=day(last))
        ]
        return False
    except PinnedTooManyError:
        db.session.rollback()
        form.last_day.errors = [
            ngettext(
                "%(num)d is pinned already, and that is the most. Unpin it first.",
                "%(num)d are pinned already, and that is the most. Unpin one of them first.",
                MOST_PINNED,
            )
        ]
        return False
    db.session.commit()
    flash(_("It is pinned on top of the feed."))
    return True


def pin_down(thing: Contributed) -> None:
    unpin(thing, by=viewer())
    db.session.commit()
    flash(_("It is no longer pinned."))
