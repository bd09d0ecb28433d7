"""Signing in: the address, then the code that was mailed to it."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.auth import blueprint
from app.blueprints.auth.device_label import device_label
from app.blueprints.auth.forms import CodeForm, EmailForm
from app.blueprints.auth.in_progress import SignInInProgress, begin_sign_in, sign_in_in_progress
from app.blueprints.auth.limits import (
    codes_per_address,
    codes_per_address_from_here,
    codes_per_network,
    wrong_codes_per_network,
)
from app.email_address import for_display
from app.extensions import db
from app.models.person import Person
from app.services.accounts.sign_in import CodeCheck, mail_code, try_code
from app.services.people.membership import Newcomer, join
from app.web.access import public
from app.web.htmx import go_to
from app.web.identity import sign_in, viewer_or_none
from app.web.local_path import local_path


@blueprint.get("/login")
@public
def login() -> Response | str:
    if viewer_or_none():
        return redirect(local_path(request.args.get("next")), 303)
    in_progress = sign_in_in_progress()
    return _login_page(EmailForm(email=in_progress["email"] if in_progress else ""))


@blueprint.post("/login")
@public
@codes_per_network
@codes_per_address_from_here
@codes_per_address
def ask_for_code() -> Response | tuple[str, int]:
    """Always the same answer, whether somebody has the address or not."""
    form = EmailForm()
    if not form.validate():
        return _login_page(form), 422
    begin_sign_in(form.email.data, request.form.get("next"))
    return send_code()


@blueprint.get("/login/code")
@public
def code() -> Response | str:
    in_progress = sign_in_in_progress()
    return _code_page(CodeForm(formdata=None), in_progress) if in_progress else go_to("auth.login")


@blueprint.post("/login/code")
@public
@wrong_codes_per_network
def try_it() -> Response | tuple[str, int]:
    """Check the code. Every try counts, so it is committed, right or wrong."""
    in_progress, form = sign_in_in_progress(), CodeForm()
    if in_progress is None:
        return go_to("auth.login")
    if not form.validate():
        return _code_page(form, in_progress), 422
    check = try_code(
        in_progress["email"], form.code.data, secret=current_app.config["SECRET_KEY"], now=clock.now()
    )
    person = _let_in(in_progress) if check is CodeCheck.RIGHT else None
    if person is None:
        db.session.commit()
        form.code.errors = [_what_now(check)]
        return _code_page(form, in_progress), 422
    sign_in(person, device_label(request.user_agent.string), clock.now())
    db.session.commit()
    return redirect(in_progress["next"], 303)


@blueprint.post("/login/code/new")
@public
@codes_per_network
@codes_per_address_from_here
@codes_per_address
def another_code() -> Response:
    if sign_in_in_progress() is None:
        return go_to("auth.login")
    flash(_("A new code is on its way. Only the latest one works."))
    return send_code()


def send_code() -> Response:
    """Mail a code for the sign-in in progress, and go to the page that asks for the code."""
    in_progress = sign_in_in_progress()
    if in_progress:
        secret, language = current_app.config["SECRET_KEY"], str(get_locale())
        mail_code(
            in_progress["email"],
            joining=bool(in_progress["joining"]),
            language=language,
            secret=secret,
            now=clock.now(),
        )
        db.session.commit()
    return go_to("auth.code")


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
    return _("That is not the code in the latest mail. Look again.")


def _login_page(form: EmailForm) -> str:
    after = local_path(request.values.get("next"))
    return render_template(
        "auth/login.html", form=form, after=after, demo=current_app.config["SETTINGS"].demo
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
