"""Thank a colleague, and take back what one has written."""

from flask import abort, flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.thanks import blueprint
from app.blueprints.thanks.forms import ThanksForm
from app.extensions import db
from app.models.activity import Activity
from app.models.person import Person
from app.models.repeated import RepeatedError
from app.models.retry import TakenBackError
from app.models.thanks import LONGEST_THANKS
from app.services.activities.visibility import visible_activity
from app.services.conversation.links import TooManyLinksError
from app.services.conversation.thanks import (
    HiddenThanksError,
    TooManyThanksError,
    say_thanks,
    withdraw_thanks,
)
from app.services.conversation.thanks_read import own_thanks
from app.services.people.membership import present
from app.web.access import signed_in
from app.web.brake import braked
from app.web.htmx import go_to, go_to_path, render
from app.web.identity import viewer
from app.web.paging import row_number


@blueprint.get("/people/<int:person_id>/thanks/new")
@signed_in
def new(person_id: int) -> Response:
    """`about`: the number of an activity that the person has made, which the words then begin with."""
    person, about = _somebody_else(person_id), _about(person_id)
    if _is_away(about):
        abort(404)
    return _page(person, about, ThanksForm(formdata=None, data={"words": _first_words(about)}))


@blueprint.post("/people/<int:person_id>/thanks")
@signed_in
@braked(4, form=True)
def send(person_id: int) -> Response:
    person, about, form = _somebody_else(person_id), _about(person_id), ThanksForm()
    if _is_away(about):
        form.words.errors = [
            _("What you thank for is not there any more. Send it again, and it goes without that.")
        ]
        return _page(person, None, form, 422)
    if not form.validate() or not _is_said(person, about, form):
        return _page(person, about, form, 422)
    flash(_("%(name)s has your thanks.", name=person.first_name))
    flash(_draft_key(person), "draft-done")
    return go_to_path(about.path) if about else go_to("people.show", person_id=person.id)


@blueprint.post("/thanks/<int:number>/withdrawal")
@signed_in
@braked(1, limited_too=True)
def withdraw(number: int) -> Response:
    thanks = own_thanks(number, viewer()) or abort(404)
    try:
        withdraw_thanks(thanks, viewer(), now=clock.now())
    except HiddenThanksError:
        db.session.rollback()
        flash(_("It is hidden, and stays so until a coordinator has looked at it again."), "error")
        return go_to_path(thanks.path)
    db.session.commit()
    flash(_("Taken back."))
    return go_to("people.show", person_id=thanks.to_id) if present(thanks.to_id) else go_to("feed.index")


def _somebody_else(person_id: int) -> Person:
    """Nobody thanks themselves."""
    person = present(person_id)
    return person if person and person.id != viewer().id else abort(404)


def _about(person_id: int) -> Activity | None:
    """The activity that is thanked for; None for one that is not theirs, or not everybody's to see."""
    number = _asked()
    activity = visible_activity(number, viewer()) if number else None
    if activity is None or not activity.is_visible or person_id not in activity.owner_ids():
        return None
    return activity


def _asked() -> int:
    return row_number(request.values.get("about")) or 0


def _is_away(about: Activity | None) -> bool:
    """Whether they are to be for something that is not there, or not any more."""
    return about is None and bool(request.values.get("about"))


def _first_words(about: Activity | None) -> str:
    """As much as a line takes; whoever thanks writes on, or sends it as it is."""
    words = str(_("Thank you for “%(title)s”.", title=about.title)) if about else ""
    return words if len(words) <= LONGEST_THANKS else str(_("Thank you!"))


def _is_said(person: Person, about: Activity | None, form: ThanksForm) -> bool:
    """Committed; or False, and the form says why not."""
    try:
        say_thanks(person, viewer(), form.line(person, about), about=about, now=clock.now())
    except (TooManyLinksError, RepeatedError, TooManyThanksError, TakenBackError) as refusal:
        db.session.rollback()
        form.begin_anew()
        form.words.errors = [_why(refusal)]
        return False
    db.session.commit()
    return True


def _why(refusal: Exception) -> str:
    match refusal:
        case TooManyLinksError():
            return _("You are new here: for the first week at most one link at a time.")
        case RepeatedError():
            return _("You have just written that. It is kept, so you need not send it again.")
        case TooManyThanksError():
            return _("That was kind of you, several times today. Save this one for tomorrow.")
    return _("You have taken that back. Send it once more if you want to say it after all.")


def _draft_key(person: Person) -> str:
    return f"thanks-{person.id}-{_asked()}"


def _page(person: Person, about: Activity | None, form: ThanksForm, status: int = 200) -> Response:
    context = {"person": person, "about": about, "form": form, "draft": _draft_key(person)}
    return render("thanks/new.html", "thanks/_form.html", status, longest=LONGEST_THANKS, **context)
