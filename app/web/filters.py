"""How templates write numbers, dates and the programme's texts. Swedish: 3,4 · 53 % · 7 sep · 08.00."""

from collections.abc import Iterable
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from flask import Flask, session
from flask_babel import format_date, format_decimal, format_percent, gettext
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from app import clock
from app.email_address import canonical_or_none, for_display
from app.services.notifications.plan_sentence import plan_sentence
from app.web.cache import Cache
from app.web.catalogue import CatalogueFocusArea, CatalogueValue, catalogue
from app.web.language import local_text, page_language, theme

#: Signing a token takes as long as a query. It has no time limit, and an entry takes some hundred bytes.
_FORM_TOKENS: Cache[str] = Cache("form tokens", key="the session's own secret", at_most=5000)


def day(value: date | datetime, year: bool = False) -> str:
    """`7 sep`, or `7 sep 2026`, on the programme's calendar."""
    return _written(_local_day(value), "d MMM y" if year else "d MMM", page_language())


def weekday(value: date | datetime) -> str:
    """`lördag 7 nov`."""
    return _written(_local_day(value), "EEEE d MMM", page_language())


@lru_cache(maxsize=4096)
def _written(value: date, pattern: str, _language: str) -> str:
    return format_date(value, pattern, rebase=False).replace(".", "")


def clock_time(value: datetime | time) -> str:
    """`08.00` in Swedish, `08:00` in English; a moment as it is on the programme's clock."""
    local = clock.local(value, catalogue().timezone) if isinstance(value, datetime) else value
    return local.strftime("%H.%M" if page_language() == "sv" else "%H:%M")


def timed(day_words: str, starts_at: time | None) -> str:
    """`torsdag 14.30`: the day in whatever words, and the time of day if there is one."""
    return f"{day_words} {clock_time(starts_at)}" if starts_at else day_words


def ago(value: datetime) -> str:
    """`nyss`, `12 min`, `3 tim`, `i går`, `måndag`, `7 sep`: as exact as a reader needs."""
    return ago_at(value, clock.now().replace(second=0), catalogue().timezone, page_language())


@lru_cache(maxsize=4096)
def ago_at(value: datetime, now: datetime, zone: str, language: str) -> str:
    """The same for loops, where looking up clock, zone and language each time would take longer than the rest.

    `now` is a whole minute, so that within it all readers get the same cached text.
    """
    seconds = int((now - value).total_seconds())
    if seconds < 3600:
        return _minutes_ago(seconds // 60, language)
    then, today = clock.local_date(value, zone), clock.local_date(now, zone)
    return _hours_ago(seconds // 3600, language) if then == today else _earlier_day(then, today, language)


@lru_cache(maxsize=256)
def _minutes_ago(minutes: int, _language: str) -> str:
    return gettext("%(n)s min", n=minutes) if minutes > 0 else gettext("just now")


@lru_cache(maxsize=256)
def _hours_ago(hours: int, _language: str) -> str:
    return gettext("%(n)s h", n=hours)


@lru_cache(maxsize=4096)
def _earlier_day(then: date, today: date, _language: str) -> str:
    days = (today - then).days
    if days == 1:
        return gettext("yesterday")
    return str(format_date(then, "EEEE", rebase=False)) if 1 < days < 7 else day(then)


def number(value: float, decimals: int = 0) -> str:
    """`1 234`, `3,4`."""
    return _number(value, decimals, page_language())


@lru_cache(maxsize=4096)
def _number(value: float, decimals: int, _language: str) -> str:
    return str(format_decimal(value, format=f"#,##0.{'0' * decimals}" if decimals else "#,##0"))


def percent(value: float) -> str:
    """A share from 0 to 1 as `53 %`."""
    return _percent(value, page_language())


@lru_cache(maxsize=1024)
def _percent(value: float, _language: str) -> str:
    return str(format_percent(value))


def listed(names: Iterable[object]) -> str:
    """`A`, `A och B`, `A, B och C`; there must be at least one."""
    *first, last = map(str, names)
    return " ".join((", ".join(first), gettext("and"), last)) if first else last


def place(municipality_id: int) -> str:
    """The municipality's name, for what has no more of it than its number."""
    return catalogue().municipalities[municipality_id].name


def value_of(thing: Any) -> CatalogueValue:
    """The value of an activity, a tip or a challenge, without loading it."""
    return catalogue().values[thing.value_id]


def area_of(thing: Any) -> CatalogueFocusArea:
    """Its focus area, likewise."""
    return catalogue().focus_areas[thing.focus_area_id]


def read_back(plan: Any) -> str:
    """A plan as its sentence."""
    return plan_sentence(
        plan.title,
        day=plan.planned_for,
        starts_at=plan.starts_at,
        place=plan.place,
        audience=plan.audience,
        sign=plan.success_sign,
    )


def mail_link(contact: str) -> Markup:
    """A contact as a link that writes to it, if it is an address; else as it is."""
    address = canonical_or_none(contact)
    if address is None:
        return escape(contact)
    return Markup('<a href="mailto:{}">{}</a>').format(quote(address, safe="@"), for_display(address))


def _local_day(value: date | datetime) -> date:
    return clock.local_date(value, catalogue().timezone) if isinstance(value, datetime) else value


def form_token() -> str:
    """The token for this session's forms, signed once for a session."""
    secret = session.get("csrf_token")
    if secret is None:
        generate_csrf()  # gives the session its secret
        secret = session["csrf_token"]
    return _FORM_TOKENS.get(secret, generate_csrf)


def csrf_field() -> Markup:
    """The hidden field that every form posts."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(form_token())


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        local=local_text,
        day=day,
        weekday=weekday,
        clock_time=clock_time,
        timed=timed,
        ago=ago,
        number=number,
        percent=percent,
        listed=listed,
        place=place,
        read_back=read_back,
    )
    app.jinja_env.globals.update(
        csrf_field=csrf_field,
        form_token=form_token,
        catalogue=catalogue,
        value_of=value_of,
        area_of=area_of,
        mail_link=mail_link,
        page_language=page_language,
        theme=theme,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
