"""The text of what those are told who come along to an activity, and its owner of them, as in wording.py."""

from flask_babel import gettext

from app.services.notifications import wording
from app.services.notifications.wording import Parameters, Words, day_in_words


def somebody_comes(parameters: Parameters) -> Words:
    """To the owner."""
    who = {"name": parameters["name"], "num": parameters["others"]}
    several = {
        "coming": gettext("%(name)s and %(num)d more are coming along", **who),
        "queue": gettext("%(name)s and %(num)d more are in the queue", **who),
    }
    one = {
        "coming": gettext("%(name)s is coming along", **who),
        "queue": gettext("%(name)s is in the queue", **who),
    }
    return Words((several if who["num"] else one)[parameters["event"]], parameters["title"])


def change_of_plan(parameters: Parameters) -> Words:
    """To those who do it together, or to those who come along."""
    return _to_who_comes(parameters) if parameters["coming"] else wording.change_of_plan(parameters)


def _to_who_comes(parameters: Parameters) -> Words:
    name = parameters["name"]
    headings = {
        "moved": gettext("%(name)s has moved what you have signed up for", name=name),
        "withdrawn": gettext("%(name)s has called off what you have signed up for", name=name),
        "hidden": gettext("What you have signed up for is not shown any more"),
        "restored": gettext("What you have signed up for is shown again"),
        "let_in": gettext("There is a place for you"),
    }
    day = day_in_words(parameters["day"], parameters["time"])
    title = gettext("It has since been taken away.") if parameters["taken_away"] else parameters["title"]
    return Words(headings[parameters["event"]], " · ".join(filter(None, (day, title))))
