"""One brake on everything that others see or are told of; what is without it says why."""

import inspect

import pytest
from flask import Flask

pytestmark = pytest.mark.house

#: Routes that change something and have no brake, and why.
_WITHOUT = {
    "activities.add_photos": "pictures have a limit of their own",
    "activities.drop_photo": "takes away one's own picture; nobody is told",
    "admin.advance": "each phase begins once, whoever says so how often",
    "auth.another_code": "codes have limits of their own",
    "auth.ask_for_code": "codes have limits of their own",
    "auth.demo": "signs in; in demonstrations alone",
    "auth.introduce": "codes have limits of their own",
    "auth.logout": "concerns oneself",
    "auth.logout_everywhere": "concerns oneself",
    "auth.try_it": "codes have limits of their own",
    "conversation.take_cheer_back": "takes back one's own cheer, and each of those is braked",
    "conversation.mute_thread": "concerns oneself",
    "conversation.unmute_thread": "concerns oneself",
    "feed.take_cheer_back": "takes back one's own cheer, and each of those is braked",
    "inbox.read_all": "concerns oneself",
    "inbox.stop_reminders": "concerns oneself",
    "pages.language": "concerns oneself",
    "pictures.send_objection": "has limits of its own, for who is not signed in too; tells nobody twice",
    "push.add_subscription": "concerns oneself",
    "push.remove_subscription": "concerns oneself",
    "push.switch_off_here": "concerns oneself",
    "push.try_out": "concerns oneself",
    "settings.change": "concerns oneself",
    "settings.sign_out_device": "concerns oneself",
    "survey.send": "the brake keeps who did something and when; nobody sees an answer, and everybody has one",
    "unsubscribe.stop": "concerns oneself",
    "tips.take_cheer_back": "takes back one's own cheer, and each of those is braked",
}


def _routes_that_write(app: Flask) -> set[str]:
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
    }


def test_whatever_others_see_or_are_told_of_has_the_brake(base_app: Flask) -> None:
    """`@braked` from app/web/brake.py under the access rule."""
    without = {
        name for name in _routes_that_write(base_app) if not hasattr(base_app.view_functions[name], "brake")
    }
    assert without == set(_WITHOUT)


def test_a_braked_form_is_one_that_the_route_validates(base_app: Flask) -> None:
    """A refused form is one that is not valid: a route that does not look would go on."""
    views = {name: base_app.view_functions[name] for name in _routes_that_write(base_app)}
    of_forms = {name for name, view in views.items() if getattr(view, "brake", "") == "form"}
    assert of_forms
    sources = {name: inspect.getsource(inspect.unwrap(views[name])) for name in of_forms}
    assert {name for name, source in sources.items() if ".validate()" not in source} == {
        "activities.pin_up",
        "admin.keep_survey_words",
        "admin.release_survey",
        "challenges.pin_up",
        "moderation.keep",
        "moderation.keep_picture_withheld",
        "moderation.release_picture",
        "moderation.restore",
        "moderation.uphold",
        "moderation.withhold_picture",
    }, "those of an area share a function that validates"
