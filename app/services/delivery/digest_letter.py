"""What a digest says, made at the moment when it is sent: what has been read, hidden or taken back since it was put
into the outbox is not in it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from flask_babel import force_locale, gettext, ngettext
from sqlalchemy import select

from app.extensions import db
from app.gateways.mail import Message
from app.hidden_numbers import conceal
from app.models.notification import Group, Notification
from app.models.person import Person
from app.services.delivery.digest_contents import NEWS_COLUMNS, News, reads_digests, worth_telling
from app.services.delivery.mail_claims import ClaimedMail
from app.services.notifications.close_links import AnswerLink, answer_links
from app.services.notifications.kinds import GROUPS, kind_named, words_of
from app.services.notifications.mail import mail_page
from app.services.notifications.mail_addresses import Site, sign_in_address, unsubscribe_address
from app.services.notifications.plan_sentence import day_words
from app.services.notifications.quiet_hours import hours_of, next_moment
from app.services.programme.clock import programme_zone

#: A mail names so many things; of the rest it says how many there are.
_MOST_ITEMS: Final = 12


class NotNow(Exception):
    """The person may not be disturbed at this hour."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class NothingLeft(Exception):
    """All of it has been read or taken back, or the person takes no digest any more."""


class Item(NamedTuple):
    title: str
    body: str
    url: str
    hue: str
    #: Of title and body, where that is not the reader's.
    language: str


class Question(NamedTuple):
    """A plan of which nobody has told how it went."""

    plan: str
    day: str
    url: str
    answers: list[AnswerLink]


class Switch(NamedTuple):
    """What the footer switches off."""

    label: str
    url: str


class Digest(NamedTuple):
    """What stands in a mail, in the reader's language."""

    language: str
    first_name: str
    questions: list[Question]
    items: list[Item]
    #: How many things there are that the mail does not name.
    count_left: int
    switches: list[Switch]
    inbox_url: str
    settings_url: str
    stop_url: str

    @property
    def heading(self) -> str:
        if len(self.questions) == 1:
            return gettext("How did it go?")
        if self.questions:
            return gettext("How did they go?")
        count = len(self.items) + self.count_left
        return ngettext("One thing for you", "%(num)d things for you", count)

    @property
    def subject(self) -> str:
        if len(self.questions) == 1:
            return gettext("How did it go: %(plan)s?", plan=self.questions[0].plan)
        if self.questions:
            return gettext("How did it go? %(num)d plans wait for your answer", num=len(self.questions))
        more, title = len(self.items) + self.count_left - 1, self.items[0].title
        return gettext("%(title)s, and %(num)d more", title=title, num=more) if more else title


def letter_of(mail: ClaimedMail, site: Site, now: datetime) -> Message:
    """The digest as it is by now.

    Raises:
        NothingLeft: for the whole mail; it is not sent.
        NotNow: it has waited for the mail server until the person's hours were over.
    """
    query = select(Person).where(Person.email == mail.to, reads_digests())
    person = db.session.scalar(query)
    news = _news(person, mail.contents or [], now) if person else []
    if person is None or not news:
        raise NothingLeft
    moment = next_moment(hours_of(person), now, programme_zone())
    if moment > now:
        raise NotNow(moment)
    return _letter(person, news, site, now, mail.message_id)


def letter_about(person: Person, notification_id: int, site: Site, now: datetime) -> Message:
    """What a digest would be that tells of nothing else."""
    query = select(*NEWS_COLUMNS).where(Notification.id == notification_id)
    return _letter(person, [News._make(db.session.execute(query).one())], site, now)


def _letter(person: Person, news: list[News], site: Site, now: datetime, message_id: str = "") -> Message:
    with force_locale(person.language):
        digest = _digest(person, news, site, now)
        return Message(
            person.email,
            digest.subject,
            mail_page("mail/digest.txt", mail=digest),
            html=mail_page("mail/digest.html", mail=digest),
            headers={
                "List-Unsubscribe": f"<{digest.stop_url}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
            message_id=message_id,
        )


def _news(person: Person, contents: Sequence[int], now: datetime) -> list[News]:
    """What the mail was to tell of and still may: first what somebody asks of the person, then the newest."""
    query = select(*NEWS_COLUMNS).where(
        Notification.id.in_(contents), Notification.person_id == person.id, Notification.is_unread
    )
    news = [News._make(row) for row in db.session.execute(query)]
    told = worth_telling(news, {person.id: person.muted_groups}, now)
    return sorted(
        (row for row in news if row.id in told), key=lambda row: (not kind_named(row.kind).at_once, -row.id)
    )


def _digest(person: Person, news: list[News], site: Site, now: datetime) -> Digest:
    asked = [row for row in news if kind_named(row.kind).is_answered]
    others = [row for row in news if not kind_named(row.kind).is_answered]
    groups = {group for row in news if (group := kind_named(row.kind).group)}

    def page(path: str) -> str:
        return sign_in_address(person.id, path, site, now)

    def address(row: News) -> str:
        return page(f"/inbox/{conceal(row.id, site.secret)}")

    return Digest(
        language=person.language,
        first_name=person.name.split()[0],
        questions=[_question(row, person, address(row), site) for row in reversed(asked)],
        items=[_item(row, person.language, address(row)) for row in others[:_MOST_ITEMS]],
        count_left=len(others[_MOST_ITEMS:]),
        switches=[_switch(group, person, site, now) for group in GROUPS if group in groups],
        inbox_url=page("/inbox"),
        settings_url=page("/settings"),
        stop_url=unsubscribe_address(person.id, None, site, now),
    )


def _question(row: News, person: Person, url: str, site: Site) -> Question:
    day, title = date.fromisoformat(row.parameters["day"]), row.parameters["title"]
    activity_id = row.parameters["contribution_id"]
    answers = answer_links(activity_id, person.id, day, since=row.created_at, site=site)
    return Question(title, day_words(day, None), url, answers)


def _item(row: News, language: str, url: str) -> Item:
    words = words_of(row.kind, row.parameters, language)
    return Item(words.title, words.body, url, kind_named(row.kind).hue, words.language)


def _switch(group: Group, person: Person, site: Site, now: datetime) -> Switch:
    return Switch(str(GROUPS[group].label), unsubscribe_address(person.id, group, site, now))
