"""What points come and go for: everything that pages say about a reason is its row here."""

from dataclasses import dataclass
from typing import Final

from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

_l = lazy_gettext


@dataclass(frozen=True, kw_only=True)
class Reason:
    #: As the ledger and the policy call it.
    name: str
    #: What an entry was for, as its owner reads it.
    entry: LazyString | str
    #: On the page of the rules: its icon, what one does for it, and why it earns.
    symbol: str = "spark-on"
    title: LazyString | str = ""
    why: LazyString | str = ""
    #: Whether one person gives it to another. The same giver gives the same receiver points once a week.
    is_given: bool = False
    #: Whether its entries follow a decision about the thing itself.
    follows: bool = False


# fmt: off
#: In the order in which people come to them.
REASONS: Final = (
    Reason(
        name="plan", entry=_l("Planned"), symbol="cal", title=_l("You plan something"),
        why=_l("Who has decided on a day does it more often. The cap sees to it that nobody plans for the points."),
    ),
    Reason(
        name="report", entry=_l("Told how it went"), symbol="check", title=_l("You tell how it went"),
        why=_l("Just as much if nothing came of it. An honest miss teaches others most."),
    ),
    Reason(
        name="success", entry=_l("Shared what worked"), symbol="tip", title=_l("You share what worked"),
        why=_l("The next one need not begin from nothing."),
    ),
    Reason(
        name="pitfall", entry=_l("Shared a trap to avoid"), symbol="trap", title=_l("You warn of a trap"),
        why=_l("The hardest thing to write. So worth as much."),
    ),
    Reason(
        name="joint", entry=_l("Did it across a border"), symbol="people",
        title=_l("You are two municipalities or more"),
    ),
    Reason(
        name="first", entry=_l("First in a square of the quilt"), symbol="medal",
        title=_l("You are first in an empty square"),
        why=_l("The first to carry out something for a value and a focus area in the stage."),
    ),
    Reason(
        name="heeded", entry=_l("A colleague took a tip of yours into account"), symbol="tip", is_given=True,
        title=_l("A colleague takes your tip into account"),
        why=_l("When somebody builds a tip of yours into their plan. Your own plans do not count."),
    ),
    Reason(
        name="borrowed", entry=_l("A colleague borrowed your idea"), symbol="people", is_given=True,
        title=_l("A colleague borrows your idea"),
        why=_l("When somebody does in their own way what you have done. Your own repeats do not count."),
    ),
    Reason(
        name="challenge", entry=_l("Completed a challenge"), symbol="challenge", title=_l("You complete a challenge"),
        why=_l("As many as it promises. That stands on the challenge before you take it on."),
    ),
    Reason(name="undone", entry=_l("The report was undone, or sent in again"), follows=True),
    Reason(name="lesson", entry=_l("A lesson was hidden, or shown again"), follows=True),
    Reason(name="hidden", entry=_l("Taken back: hidden"), follows=True),
    Reason(name="restored", entry=_l("Given back: shown again"), follows=True),
    Reason(name="withdrawn", entry=_l("Taken back: withdrawn"), follows=True),
    Reason(name="merged", entry=_l("Taken back: the same activity twice"), follows=True),
    Reason(name="corrected", entry=_l("Set right after a question"), follows=True),
)
# fmt: on

_BY_NAME: Final = {reason.name: reason for reason in REASONS}
_ORDER: Final = tuple(_BY_NAME)


def reason_named(name: str) -> Reason:
    """One that a stage of long ago had, and nobody knows any more, is called by its name."""
    return _BY_NAME.get(name) or Reason(name=name, entry=name, title=name)


def place_of(name: str) -> int:
    """In the order of the rows; what is not among them comes last."""
    return (*_ORDER, name).index(name)


def names_of_given() -> list[str]:
    return [reason.name for reason in REASONS if reason.is_given]


def names_of_those_that_follow() -> list[str]:
    return [reason.name for reason in REASONS if reason.follows]
