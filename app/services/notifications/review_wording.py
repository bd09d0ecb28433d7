"""The text of what moderation tells people, in the reader's language, as in wording.py."""

from typing import Final

from flask_babel import gettext, lazy_gettext

from app.services.notifications.flag_reasons import reason_to_author
from app.services.notifications.wording import Parameters, Words, in_language

_l = lazy_gettext
_PICTURE_OBJECTED: Final = _l("Somebody in a picture does not want it")
_TITLES: Final = {
    "reported": _l("Something to look at"),
    "answered": _l("An author has answered"),
    "changed": _l("Changed and sent again"),
    "asked": _l("You are asked to change something"),
    "set_aside": _l("It rests until a coordinator has looked"),
    "waits": _l("It has waited for a day"),
    "to_check": _l("Something to look at before it is published"),
    "waits_unpublished": _l("It has waited for a day"),
    "appeal_waits": _l("An author has waited for three working days"),
    "looked_at": _l("We have looked at what you reported"),
    "picture_to_look_at": _PICTURE_OBJECTED,
    "picture_objected": _PICTURE_OBJECTED,
    "picture_waits": _l("A picture has waited for a day"),
    "picture_withhold": _l("A picture of yours is not shown any more"),
    "picture_keep_withheld": _l("A picture of yours stays withheld"),
    "picture_release": _l("A picture of yours is shown again"),
    "picture_looked_at": _l("We have looked at the picture"),
}
#: What happens to a thing of that kind, told to who made it.
_TITLES_OF: Final = {
    "activity": {
        "published": _l("Your activity is published"),
        "hidden": _l("Your activity has been hidden"),
        "restored": _l("Your activity is visible again"),
        "upheld": _l("Your activity stays hidden"),
    },
    "challenge": {
        "hidden": _l("Your challenge has been hidden"),
        "restored": _l("Your challenge is visible again"),
        "upheld": _l("Your challenge stays hidden"),
    },
    "tip": {
        "published": _l("Your tip is published"),
        "hidden": _l("Your tip has been hidden"),
        "restored": _l("Your tip is visible again"),
        "upheld": _l("Your tip stays hidden"),
    },
    "comment": {
        "published": _l("Your comment is published"),
        "hidden": _l("Your comment has been hidden"),
        "restored": _l("Your comment is visible again"),
        "upheld": _l("Your comment stays hidden"),
    },
    "thanks": {
        "hidden": _l("Your thanks have been hidden"),
        "restored": _l("Your thanks are visible again"),
        "upheld": _l("Your thanks stay hidden"),
    },
}
_NEXT_STEPS: Final = {
    "asked": _l("It is shown again when it has been changed and read."),
    "set_aside": _l("Several people have asked for that. You keep your points."),
    "hidden": _l("You can change it and send it again, or answer back."),
    "waits": _l("Somebody asked you to look."),
    "waits_unpublished": _l("It is published when somebody has looked."),
    "publish": _l("It is published."),
    "appeal_waits": _l("Every answer is to be answered."),
    "hide": _l("It is hidden now."),
    "ask": _l("The author has been asked to change it."),
    "keep": _l("We let it stand."),
    "restore": _l("We let it stand."),
    "picture_to_look_at": _l("It is withheld from everybody outside until you have decided."),
    "picture_waits": _l("Decide whether it may be used."),
    "picture_objected": _l("Colleagues still see it, nobody outside does. A coordinator looks and decides."),
    "picture_withhold": _l("Nobody is shown it any more. You can take it away, or answer back."),
    "picture_keep_withheld": _l("It has been looked at once more."),
    "picture_release": _l("It may be used again."),
    "withhold": _l("It is not used any more."),
    "release": _l("It may be used. If you still do not want it, talk to the programme office."),
    "removed": _l("It has been taken away."),
}


def review(parameters: Parameters) -> Words:
    event, verdict = parameters["event"], parameters["verdict"]
    if event in ("corrected", "merged", "joined"):
        return _put_right(parameters)
    of_kind = _TITLES_OF.get(parameters["kind"], _TITLES_OF["activity"])
    title = of_kind.get(event) or _TITLES.get(event, _TITLES["reported"])
    next_step = _NEXT_STEPS.get(verdict or event, "")
    finding = " ".join(
        filter(None, (reason_to_author(parameters["reason"]), parameters["text"], str(next_step)))
    )
    body = " · ".join(filter(None, (parameters["title"], finding)))
    return Words(str(title), body)


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
