"""Signing in: the address, then the code that was mailed to it."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.auth import blueprint
from app.blueprints.auth.device_label import device_label
from app.blueprints.auth.forms import CodeForm, EmailForm
from app.blueprints.auth.in_progress import SignInInProgress, begin_sign_in, keep, sign_in_in_progress
from app.blueprints.auth.limits import (
    codes_per_address,
    codes_per_address_from_here,
    codes_per_browser,
    codes_per_network,
    keeps_address,
    keeps_code,
    wrong_codes_per_network,
)
from app.email_address import for_display
from app.extensions import csrf, db
from app.models.person import Person
from app.services.accounts.sign_in import CodeCheck, mail_code, try_code
from app.services.notifications.mail_addresses import read_sign_in_token
from app.services.people.membership import Newcomer, join
from app.services.publishing.preview import preview_of
from app.web.access import public
from app.web.forms import Form
from app.web.htmx import go_to
from app.web.identity import sign_in, viewer_or_none
from app.web.local_path import local_path


@blueprint.get("/login")
@public
def login() -> Response | str:
    if viewer_or_none():
        return redirect(local_path(request.args.get("next")), 303)
    return _login_page(EmailForm(formdata=None, email=_address_to_begin_with()))


@blueprint.post("/login")
@public
@keeps_address
@codes_per_network
@codes_per_address_from_here
@codes_per_address
@codes_per_browser
def ask_for_code() -> Response | tuple[str, int]:
    """Always the same answer, whether somebody has the address or not."""
    form = EmailForm()
    if not form.validate():
        return _login_page(form), 422
    return send_code(begin_sign_in(form.email.data, request.form.get("next")))


@blueprint.get("/login/code")
@public
def code() -> Response | str:
    in_progress = sign_in_in_progress()
    if viewer_or_none():
        return redirect(in_progress["next"] if in_progress else "/", 303)
    return _code_page(CodeForm(formdata=None), in_progress) if in_progress else go_to("auth.login")


@blueprint.post("/login/code")
@csrf.exempt  # type: ignore[untyped-decorator]
@public
@keeps_code
@wrong_codes_per_network
def try_it() -> Response | tuple[str, int]:
    """Check the code. Every try counts, so it is committed, right or wrong.

    No token is asked for: the code and the cookie are one, which nobody else knows. The token of a page that is sent
    once more, because the answer was lost or the browser was closed meanwhile, would be that of a session gone by.
    """
    in_progress, form = sign_in_in_progress(), CodeForm()
    if in_progress is None:
        return go_to("auth.login")
    if not form.validate():
        return _code_page(form, in_progress), 422
    trial = try_code(
        in_progress["browser"],
        in_progress["email"],
        form.code.data,
        secret=current_app.config["SECRET_KEY"],
        now=clock.now(),
    )
    person = _let_in(in_progress) if trial.check is CodeCheck.RIGHT else None
    if person is None:
        db.session.commit()
        form.code.errors = [_what_now(trial.check)]
        return _code_page(form, in_progress), 422
    sign_in(person, device_label(request.user_agent.string), clock.now(), trial.session_token)
    db.session.commit()
    return redirect(in_progress["next"], 303)


@blueprint.post("/login/code/new")
@public
@keeps_address
@codes_per_network
@codes_per_address_from_here
@codes_per_address
@codes_per_browser
def another_code() -> Response | tuple[str, int]:
    in_progress, form = sign_in_in_progress(), Form()
    if in_progress is None:
        return go_to("auth.login")
    if not form.validate():
        return _code_page(CodeForm(formdata=None), in_progress), 422
    flash(_("If you take part, a new code is in your mail now. The one before it works too."))
    return send_code(in_progress)


def send_code(in_progress: SignInInProgress) -> Response:
    """Mail a code for the sign-in in progress, and go to the page that asks for the code."""
    mail_code(
        in_progress["browser"],
        in_progress["email"],
        joining=bool(in_progress["joining"]),
        language=str(get_locale()),
        secret=current_app.config["SECRET_KEY"],
        now=clock.now(),
    )
    db.session.commit()
    return keep(in_progress, go_to("auth.code"))


def _let_in(in_progress: SignInInProgress) -> Person | None:
    """The person who has proved the address, new or not; None when a stranger has guessed a code."""
    joining = in_progress["joining"]
    if joining is None:
        return Person.by_email(in_progress["email"])
    return join(
        Newcomer(
            email=in_progress["email"],
            name=joining["name"],
            title=joining["title"],
            municipality_id=joining["municipality_id"],
            language=str(get_locale()),
        ),
        now=clock.now(),
    )


def _what_now(check: CodeCheck) -> str:
    if check is CodeCheck.SPENT:
        return _("That code no longer works. Ask for a new one below.")
    return _("That is not a code that was asked for on this device. Look in the latest mail.")


def _address_to_begin_with() -> str:
    """Of the sign-in in progress, or of whoever the mail was for that led here: the link names no address."""
    in_progress = sign_in_in_progress()
    if in_progress:
        return in_progress["email"]
    secret, token = current_app.config["SECRET_KEY"], request.args.get("who", "")
    person_id = read_sign_in_token(token, secret=secret, now=clock.now())
    person = db.session.get(Person, person_id) if person_id else None
    return person.email if person and person.is_present else ""


def _login_page(form: EmailForm) -> str:
    after = local_path(request.values.get("next"))
    return render_template(
        "auth/login.html",
        form=form,
        after=after,
        has_asked=sign_in_in_progress() is not None,
        demo=current_app.config["SETTINGS"].demo,
        story=preview_of(after),
    )


def _code_page(form: CodeForm, in_progress: SignInInProgress) -> str:
    joining = in_progress["joining"]
    change = (
        url_for("auth.join_page", code=joining["join_code"])
        if joining
        else url_for("auth.login", next=in_progress["next"])
    )
    return render_template(
        "auth/code.html",
        form=form,
        email=for_display(in_progress["email"]),
        change=change,
        joining=bool(joining),
    )
