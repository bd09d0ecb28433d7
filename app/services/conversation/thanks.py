"""People thank each other, take back what they wrote, and decide what of it stands on their own page."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import func, insert, literal, select, update

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import Withdrawal, is_visible, is_withdrawn, takes_part, wait_for_turn
from app.models.notification import Kind
from app.models.person import Person, lock
from app.models.repeated import demand_new_thanks
from app.models.retry import demand_kept, made_once
from app.models.thanks import Thanks
from app.services.conversation.links import demand_few_links
from app.services.notifications.firsts import Merged, One, Said, name_who_is_left, notify_of_the_first

#: From one person to another within a day; more would be no thanks but a nuisance.
MOST_A_DAY: Final = 3
_DAY: Final = timedelta(days=1)


class TooManyThanksError(ValueError):
    """The same person has been thanked often enough today."""


class HiddenThanksError(ValueError):
    """It is hidden, and stays for whoever looks at it again."""


class Line(NamedTuple):
    """What the form says. The same key from the same person is a retry."""

    words: str
    request_key: str


def say_thanks(to: Person, by: Person, line: Line, *, about: Activity | None = None, now: datetime) -> Thanks:
    """Thank somebody else who is here, perhaps for an activity that they have made and that everybody may see.

    Raises:
        TooManyLinksError: when its author is new here.
        RepeatedError: when they have said the same a moment ago.
        TooManyThanksError: when it is one too many for that person today.
        TakenBackError: when the author has taken that one back since.
    """
    demand_few_links(by, line.words, now)
    lock(by)
    demand_new_thanks(by.id, line.request_key, to.id, about.id if about else None, line.words, now)
    thanks, is_new = made_once(
        lambda: _with_key(by, line.request_key), lambda: _add(to, by, line, about, now)
    )
    demand_kept(thanks.id)
    if is_new:
        notify_of_the_first(_all_to(thanks.to_id), One(thanks.id, by.id, now), now=now)
    return thanks


def withdraw_thanks(thanks: Thanks, by: Person, *, now: datetime) -> None:
    """Take back thanks of one's own. A second time changes nothing.

    Raises:
        HiddenThanksError: it is hidden: then it stays for whoever looks at it again.
    """
    wait_for_turn(thanks.id)
    if db.session.scalar(select(is_withdrawn(thanks.id))):
        return
    if not db.session.scalar(select(is_visible(thanks.id))):
        raise HiddenThanksError
    db.session.add(Withdrawal(contribution_id=thanks.id, by_id=by.id, at=now))
    settle_thanks(thanks, now)


def settle_thanks(thanks: Thanks, now: datetime) -> None:
    """After it has been withdrawn, hidden or shown again: whoever has been told of it reads of those that stand."""
    db.session.flush()
    name_who_is_left(_all_to(thanks.to_id), thanks.at, now)


def put_away(thanks: Thanks, *, now: datetime) -> None:
    """Whoever is thanked does not want it on their page. A second time changes nothing."""
    _change_place(thanks, func.coalesce(Thanks.put_away_at, now))


def put_back_on_page(thanks: Thanks) -> None:
    _change_place(thanks, None)


def _change_place(thanks: Thanks, put_away_at: object) -> None:
    change = update(Thanks).where(Thanks.id == thanks.id).values(put_away_at=put_away_at)
    db.session.execute(change, execution_options={"synchronize_session": False})
    db.session.expire(thanks, ["put_away_at"])


def _with_key(by: Person, request_key: str) -> Thanks | None:
    return db.session.scalar(
        select(Thanks).where(Thanks.owner_id == by.id, Thanks.request_key == request_key)
    )


def _add(to: Person, by: Person, line: Line, about: Activity | None, now: datetime) -> Thanks:
    today = (Thanks.owner_id == by.id, Thanks.to_id == to.id, Thanks.at > now - _DAY)
    if (db.session.scalar(select(func.count()).select_from(Thanks).where(*today)) or 0) >= MOST_A_DAY:
        raise TooManyThanksError
    thanks = Thanks(
        owner_id=by.id,
        to_id=to.id,
        about_id=about.id if about else None,
        words=line.words,
        request_key=line.request_key,
        at=now,
    )
    db.session.add(thanks)
    db.session.flush()
    _note_who_moderates(thanks)
    return thanks


def _note_who_moderates(thanks: Thanks) -> None:
    """The coordinators where either of the two works."""
    both = Person.id.in_((thanks.owner_id, thanks.to_id))
    places = select(literal(thanks.id), Person.municipality_id).where(both).distinct()
    db.session.execute(insert(takes_part).from_select(["contribution_id", "municipality_id"], places))


def _all_to(person_id: int) -> Merged:
    """One notification a day: who was first and what they wrote, and how many others have thanked since."""

    def standing(to_id: int, since: datetime) -> list[One]:
        others = (Thanks.to_id == to_id, is_visible(Thanks.id), Thanks.at >= since)
        rows = select(Thanks.id, Thanks.owner_id, Thanks.at).where(*others).order_by(Thanks.at, Thanks.id)
        return [One(row.id, row.owner_id, row.at) for row in db.session.execute(rows)]

    def name(one: One) -> Said:
        about = {
            "contribution_id": one.number,
            "title": db.session.get_one(Thanks, one.number).title,
            "name": db.session.get_one(Person, one.who).name,
            "person_id": one.who,
        }
        return Said(f"/people/{person_id}/thanks", about)

    return Merged([person_id], Kind.THANKS, "thanks", standing, name)
