"""The text of what moderation tells people, in the reader's language, as in wording.py."""

from flask_babel import gettext

from app.services.notifications.flag_reasons import reason_to_author
from app.services.notifications.wording import Parameters, Words, in_language


def review(parameters: Parameters) -> Words:
    if parameters["event"] in ("corrected", "merged", "joined"):
        return _put_right(parameters)
    titles = (
        {
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
        }
        | _picture_titles()
        | _titles_of(parameters["kind"])
    )
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
        "picture_to_look_at": gettext("It is withheld from everybody outside until you have decided."),
        "picture_waits": gettext("Decide whether it may be used."),
        "picture_objected": gettext(
            "Colleagues still see it, nobody outside does. A coordinator looks and decides."
        ),
        "picture_withhold": gettext("Nobody is shown it any more. You can take it away, or answer back."),
        "picture_keep_withheld": gettext("It has been looked at once more."),
        "picture_release": gettext("It may be used again."),
        "withhold": gettext("It is not used any more."),
        "release": gettext("It may be used. If you still do not want it, talk to the programme office."),
        "removed": gettext("It has been taken away."),
    }
    next_step = next_steps.get(parameters["verdict"] or parameters["event"])
    finding = " ".join(filter(None, (reason_to_author(parameters["reason"]), parameters["text"], next_step)))
    body = " · ".join(filter(None, (parameters["title"], finding)))
    return Words(titles.get(parameters["event"], titles["reported"]), body)


def _picture_titles() -> dict[str, str]:
    objected = gettext("Somebody in a picture does not want it")
    return {
        "picture_to_look_at": objected,
        "picture_objected": objected,
        "picture_waits": gettext("A picture has waited for a day"),
        "picture_withhold": gettext("A picture of yours is not shown any more"),
        "picture_keep_withheld": gettext("A picture of yours stays withheld"),
        "picture_release": gettext("A picture of yours is shown again"),
        "picture_looked_at": gettext("We have looked at the picture"),
    }


def _put_right(parameters: Parameters) -> Words:
    """What a coordinator has set right in an activity, so that it counts where it belongs."""
    title, name = parameters["title"], parameters["name"]
    if parameters["event"] == "corrected":
        square = f"{in_language(parameters['value'])}, {in_language(parameters['focus_area'])}"
        words = gettext(
            "%(name)s has put it under %(square)s. Nothing else is changed.", name=name, square=square
        )
        return Words(gettext("Your activity has found a better place"), f"{title} · {words}")
    if parameters["event"] == "joined":
        words = gettext(
            "%(name)s saw that it was told twice. Whoever did it with you stands there too.", name=name
        )
        return Words(gettext("Two that were the same are one now"), f"{title} · {words}")
    words = gettext(
        "%(name)s saw that it was told twice. You stand there as well, and so does what was said.", name=name
    )
    return Words(gettext("Two that were the same are one now"), f"{title} · {words}")


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
    if kind == "thanks":
        return {
            "hidden": gettext("Your thanks have been hidden"),
            "restored": gettext("Your thanks are visible again"),
            "upheld": gettext("Your thanks stay hidden"),
        }
    return {
        "published": gettext("Your activity is published"),
        "hidden": gettext("Your activity has been hidden"),
        "restored": gettext("Your activity is visible again"),
        "upheld": gettext("Your activity stays hidden"),
    }
