"""The text of what moderation tells people, in the reader's language, as in wording.py."""

from flask_babel import gettext

from app.services.notifications.flag_reasons import reason_to_author
from app.services.notifications.wording import Parameters, Words


def review(parameters: Parameters) -> Words:
    titles = {
        "reported": gettext("Something to look at"),
        "answered": gettext("An author has answered"),
        "changed": gettext("Changed and sent again"),
        "asked": gettext("You are asked to change something"),
        "set_aside": gettext("It rests until a coordinator has looked"),
        "waits": gettext("It has waited for a day"),
        "to_check": gettext("Something to look at before it is published"),
        "waits_unpublished": gettext("It has waited for a day"),
        "appeal_waits": gettext("An author has waited for three working days"),
        "looked_at": gettext("We have looked at what you reported"),
    } | _titles_of(parameters["kind"])
    next_steps = {
        "asked": gettext("It is shown again when it has been changed and read."),
        "set_aside": gettext("Several people have asked for that. You keep your points."),
        "hidden": gettext("You can change it and send it again, or answer back."),
        "waits": gettext("Somebody asked you to look."),
        "waits_unpublished": gettext("It is published when somebody has looked."),
        "publish": gettext("It is published."),
        "appeal_waits": gettext("Every answer is to be answered."),
        "hide": gettext("It is hidden now."),
        "ask": gettext("The author has been asked to change it."),
        "keep": gettext("We let it stand."),
        "restore": gettext("We let it stand."),
    }
    next_step = next_steps.get(parameters["verdict"] or parameters["event"])
    finding = " ".join(filter(None, (reason_to_author(parameters["reason"]), parameters["text"], next_step)))
    body = " · ".join(filter(None, (parameters["title"], finding)))
    return Words(titles.get(parameters["event"], titles["reported"]), body)


def _titles_of(kind: str) -> dict[str, str]:
    """What happens to a thing of that kind, told to who made it."""
    if kind == "challenge":
        return {
            "hidden": gettext("Your challenge has been hidden"),
            "restored": gettext("Your challenge is visible again"),
            "upheld": gettext("Your challenge stays hidden"),
        }
    if kind == "tip":
        return {
            "published": gettext("Your tip is published"),
            "hidden": gettext("Your tip has been hidden"),
            "restored": gettext("Your tip is visible again"),
            "upheld": gettext("Your tip stays hidden"),
        }
    if kind == "comment":
        return {
            "published": gettext("Your comment is published"),
            "hidden": gettext("Your comment has been hidden"),
            "restored": gettext("Your comment is visible again"),
            "upheld": gettext("Your comment stays hidden"),
        }
    return {
        "published": gettext("Your activity is published"),
        "hidden": gettext("Your activity has been hidden"),
        "restored": gettext("Your activity is visible again"),
        "upheld": gettext("Your activity stays hidden"),
    }
