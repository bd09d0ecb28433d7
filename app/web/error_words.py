"""What error pages say: what happened, and what one can do about it."""

from typing import NamedTuple

from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError

from app.web.body_limits import USUAL, largest_body
from app.web.limited import LimitedError
from app.web.origins import ForeignOriginError, NoOriginError, WrongHostError
from app.web.written import ClosedMeanwhileError


class Words(NamedTuple):
    heading: str
    text: str


def words_for_status(status: int) -> Words:
    """For what was asked wrongly; the same for every status that has no words of its own."""
    words = {
        403: Words(
            _("You cannot get in here"),
            _("The page is for another role than yours. Do you need it? Ask your coordinator."),
        ),
        404: Words(_("Nothing here"), _("The page has moved, or it is not yours to see.")),
        413: Words(_("Too much at once"), _how_much()),
        429: Words(
            _("Slow down a little"),
            _("That was many tries in a short time. Wait a few minutes and try again."),
        ),
    }
    return words.get(status, Words(_("That did not work"), _("Go back and try again. Your text is saved.")))


def words_for_written(status: int, words: Words) -> Words:
    """The same for who has written something. They are alike for what there is no more and what there never was."""
    if status != 404:
        return words
    return Words(
        _("It could not be sent"),
        _("What it is about has been taken away, or it is not yours to see."),
    )


def words_for_closed(error: ClosedMeanwhileError) -> Words:
    """For who makes what has closed."""
    return Words(_("Too late for that"), error.description or "")


def still_here() -> str:
    """For who has the form before them yet."""
    return _("Your text is still here.")


def _how_much() -> str:
    if largest_body() > USUAL:
        return _("Each picture may be at most 40 MB. Send fewer at a time.")
    if largest_body() < USUAL:
        return _("It was more than the form holds. Make it shorter and send it again.")
    return _("At most 2 MB can be sent here. Make it shorter and send it again.")


def words_for_limited(error: LimitedError) -> Words:
    """For who may read but not write for a time."""
    return Words(_("You can read, but not write"), error.description or "")


def words_for_form(error: CSRFError) -> Words:
    """For a form that was not taken because nobody can tell who sent it."""
    if isinstance(error, WrongHostError):
        return lost_bearings()
    if isinstance(error, NoOriginError):
        return Words(
            _("Your browser hides where the form stood"),
            _(
                "So we cannot tell that it was you who sent it. Allow this site to see which page you come from (the "
                "browser's setting for Referer), or use another browser. Your text is saved."
            ),
        )
    if isinstance(error, ForeignOriginError):
        return Words(
            _("That did not come from here"),
            _("Another site sent it in your name, so we did nothing. Open the page here and do it again."),
        )
    return Words(_("The page had been open too long"), _("Your text is saved. Go back and send it again."))


def lost_bearings() -> Words:
    """For a fault of ours."""
    return Words(_("We lost our bearings"), _("It is us, not you. Your text is saved."))


def away() -> Words:
    """For what answers again in a while."""
    return Words(
        _("We lost our bearings"),
        _(
            "Something here does not answer just now. It is us, not you: try again in a minute. Your text is saved."
        ),
    )
