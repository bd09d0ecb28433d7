"""The text of what moderation tells people, in the reader's language, as in wording.py."""

from flask_babel import gettext

from app.services.notifications.flag_reasons import reason_to_author
from app.services.notifications.wording import Parameters, Words


def review(parameters: Parameters) -> Words:
    titles = {
        "reported": gettext("Something to look at"),
        "answered": gettext("An author has answered"),
        "hidden": gettext("Your activity has been hidden"),
        "restored": gettext("Your activity is visible again"),
        "upheld": gettext("Your activity stays hidden"),
        "looked_at": gettext("We have looked at what you reported"),
    }
    if parameters["kind"] == "challenge":
        titles |= {
            "hidden": gettext("Your challenge has been hidden"),
            "restored": gettext("Your challenge is visible again"),
            "upheld": gettext("Your challenge stays hidden"),
        }
    if parameters["kind"] == "tip":
        titles |= {
            "hidden": gettext("Your tip has been hidden"),
            "restored": gettext("Your tip is visible again"),
            "upheld": gettext("Your tip stays hidden"),
        }
    if parameters["kind"] == "comment":
        titles |= {
            "hidden": gettext("Your comment has been hidden"),
            "restored": gettext("Your comment is visible again"),
            "upheld": gettext("Your comment stays hidden"),
        }
    next_steps = {
        "hidden": gettext("You can answer back."),
        "hide": gettext("It is hidden now."),
        "keep": gettext("We let it stand."),
    }
    next_step = next_steps.get(parameters["verdict"] or parameters["event"])
    finding = " ".join(filter(None, (reason_to_author(parameters["reason"]), parameters["text"], next_step)))
    body = " · ".join(filter(None, (parameters["title"], finding)))
    return Words(titles.get(parameters["event"], titles["reported"]), body)
