"""Every screen, by who sees it. `{due}` and the like are numbers of tests/browser/world.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Screen:
    """An address that answers `found`; with `send`, what comes (with this `status`) when that form is sent as it
    stands or with `fill`, there or `to` where nothing is any more."""

    path: str
    send: str = ""
    status: int = 422
    fill: Mapping[str, str] = field(default_factory=dict)
    found: int = 200
    to: str = ""


_S = Screen

#: By the name of a person of the world; "stranger" is nobody.
SCREENS: Final[dict[str, tuple[Screen, ...]]] = {
    "stranger": (
        _S("/"), _S("/login"), _S("/login", send="form[action$='/login']"), _S("/join/{join}"),
        _S("/join/{join}", send="main form"), _S("/join/no-such-code", found=404), _S("/privacy"), _S("/accessibility"),
        _S("/points"), _S("/offline"), _S("/no-such-page", found=404),
        _S("/login", "form[action$='/login']", 200, {"email": "elsa@bjuv.se"}), _S("/login/code", "main form"),
        _S("/close/{close_open}"), _S("/close/{close_open}?choice=moved"), _S("/close/{close_done}"),
        _S("/close/{close_moved}"), _S("/close/{close_moved}", "form[action$=day]", 422, {"other": "2030-01-01"}),
        _S("/close/{close_not}"), _S("/close/{close_thanks}"), _S("/close/no-such-token", found=410),
        _S("/close/{close_theirs}"),
        _S("/unsubscribe/{stop_thanks}"), _S("/unsubscribe/{stop_all}"), _S("/unsubscribe/no-such-token", found=404),
        _S("/unsubscribe/{stop_stage}", "main form", 200),
        _S("/pictures/{picture_key}/objection"), _S("/pictures/no-such-key/objection"),
        _S("/pictures/objection/sent"),
    ),
    "stranger in English": (_S("/"), _S("/login"), _S("/join/{join}", "main form"), _S("/privacy"), _S("/offline"),
        _S("/close/{close_open_en}"),
        _S("/pictures/{picture_key}/objection"), _S("/pictures/objection/sent"),
        _S("/close/{close_done_en}"), _S("/close/{close_moved_en}"),
        _S("/close/{close_not_en}"), _S("/close/{close_thanks_en}"),
        _S("/close/{close_theirs_en}"),
        _S("/unsubscribe/{stop_thanks_en}"), _S("/unsubscribe/{stop_all_en}", "main form", 200),
    ),
    "participant": (
        _S("/"), _S("/?show=all"), _S("/?show=reported"), _S("/follows"),
        _S("/activities/new"), _S("/activities/new?focus_area=oppenhet"),
        _S("/activities/{planned}"), _S("/activities/{due}"), _S("/activities/{bare}"),
        _S("/activities/{withdrawn}"), _S("/activities/{asked}"),
        _S("/activities/{reported}"), _S("/activities/{failed}"), _S("/activities/{hidden}"),
        _S("/activities/{waiting}"), _S("/activities/{waiting}/outcome/thanks"), _S("/moderation/answer/{waiting}"),
        _S("/activities/{sent_back}"), _S("/activities/{along}"), _S("/activities/{along}/coming"),
        _S("/activities/{full}"), _S("/activities/{full}", "#coming form", 200),
        _S("/activities/{taken_on}"), _S("/activities/{taken_on}/edit"), _S("/activities/{taken_on}/outcome"),
        _S("/activities/{planned}/edit"), _S("/activities/{due}/outcome"), _S("/activities/{reported}/outcome"),
        _S("/activities/{reported}/outcome/thanks"), _S("/activities/mine"),
        _S("/activities/peers?focus_area=oppenhet"), _S("/activities/{reported}/spread"),
        _S("/activities/new?like={borrowed}"), _S("/activities/{borrowed}"),
        _S("/challenges"), _S("/challenges?value=valkomnande&focus_area=oppenhet"), _S("/challenges/all"),
        _S("/challenges/{challenge}"), _S("/challenges/{closed}"), _S("/challenges/{challenge}/activities"),
        _S("/challenges/{draft}", found=404), _S("/challenges/new", found=403),
        _S("/activities/new?focus_area=larande&value=valkomnande"),
        _S("/activities/{heeding}"), _S("/activities/{heeding}/edit"),
        _S("/activities/{heeding}/outcome?carried_out=no"), _S("/tips"), _S("/tips?kind=pitfall&value=gemensamt"),
        _S("/tips/{tip}"), _S("/tips/{own_tip}"),
        _S("/tips/{hidden_tip}"), _S("/tips/new"), _S("/search"), _S("/search?q=bi"), _S("/search?q=ch&kind=people"),
        _S("/search?q=qqqq"),
        _S("/activities/{objected_to}"), _S("/activities/{objected_to}/outcome"),
        _S("/badges"), _S("/badges/first-report"), _S("/badges/across-borders"), _S("/badges/honest"),
        _S("/activities/{planned}/comments"), _S("/comments/{thread}"), _S("/comments/{thread}/answer"),
        _S("/comments/{thread}/edit"), _S("/activities/{reported}/comments"),
        _S("/survey"),
    ),
    "participant elsewhere": (
        _S("/survey/results/12"), _S("/survey/results/11"), _S("/stages/12"),
        _S("/stages/1/lessons"), _S("/stages/2/lessons"), _S("/stages/1/lessons/edit", found=403),
        _S("/activities/new?focus_area=naringsliv"),
        _S("/stages"), _S("/stages/1"), _S("/stages/3"), _S("/stages/1/end"),
        _S("/leaderboard"), _S("/leaderboard?stage=1"), _S("/leaderboard/bjuv"), _S("/leaderboard/bastad"),
        _S("/leaderboard/people"), _S("/points"), _S("/me/points/{entry}/question"),
        _S("/leaderboard?stage=all"), _S("/me"), _S("/me/points"),
        _S("/inbox"), _S("/settings"), _S("/people/search"), _S("/people/search?q=ch"), _S("/people/{colleague}"),
        _S("/people/{colleague}/thanks"), _S("/people/{colleague}/thanks/new"), _S("/me/page"),
        _S("/moderation/report/{asked}"), _S("/moderation/answer/{hidden}"), _S("/privacy"), _S("/insights", found=403),
        _S("/pictures/objection/sent"), _S("/moderation/pictures/{withheld}/answer"),
        _S("/moderation/pictures/{answered_picture}/answer"), _S("/activities/{withheld_of}"),
        _S("/activities/{withheld_of}/outcome"),
        _S("/no-such-page", found=404),
    ),
    "participant with mistakes": (
        _S("/activities/new", send="form.plan"), _S("/activities/{taken_on}/outcome", send="form.report"),
        _S("/activities/{due}/outcome", send="form.report"), _S("/activities/{sent_back}/outcome", send="form.report"),
        _S("/me/points/{entry}/question", send="main form"),
        _S("/moderation/report/{asked}", send="main form[action*=moderation]"),
        _S("/moderation/answer/{hidden}", send="main form[action$=again]", fill={"title": ""}),
        _S("/moderation/answer/{hidden}", send="draft-form form"),
        _S("/moderation/pictures/{withheld}/answer", send="draft-form form"),
        _S("/people/{colleague}/thanks/new", send="draft-form form"),
        _S("/activities/{planned}", send="#say"), _S("/comments/{thread}/answer", send="draft-form form"),
        _S("/comments/{thread}/edit", send="draft-form form", fill={"body": ""}),
        _S("/activities/{planned}", send="#together form"), _S("/tips/new", send="#write form"),
        _S("/survey", send="#answer form"), _S("/survey", send="#answer form", fill={"word_2": "Möten"}),
        _S("/activities/{due}/outcome", "form.report", 410, {"story": "Nio kom."}, to="/activities/{hidden}/outcome"),
        _S("/comments/{thread}/answer", "draft-form form", 404, {"body": "Ja, gärna!"}, to="/comments/99999/answer"),
    ),
    "newcomer": (
        _S("/badges"), _S("/badges/all-areas"), _S("/badges/fastest", found=404),
        _S("/activities/new?challenge={challenge}"),
        _S("/?show=reported"), _S("/?show=you"), _S("/follows"),
        _S("/activities/mine"), _S("/inbox"), _S("/me"), _S("/me/points"),
        _S("/challenges"), _S("/challenges?value=kreativt&focus_area=infrastruktur"), _S("/challenges/{closed}"),
        _S("/challenges/carried-out?value=valkomnande&focus_area=oppenhet"),
        _S("/survey/results/12"), _S("/survey/results/1"), _S("/survey/results/3"),
        _S("/people/{newcomer}"), _S("/people/{newcomer}/thanks"), _S("/me/page"),
        _S("/people/search?q=qqqq"), _S("/insights/stages/1", found=403),
    ),
    "newcomer in English": (
        _S("/badges"), _S("/badges/new-thinker"), _S("/stages/1/lessons"),
        _S("/survey/results/12"),
        _S("/"), _S("/activities/new", "form.plan"), _S("/activities/{reported}"), _S("/activities/{borrowed}/spread"),
        _S("/activities/new?like={reported}"), _S("/stages"), _S("/stages/1/end"), _S("/leaderboard"),
        _S("/activities/{along}"), _S("/activities/{bare}/coming"),
        _S("/points"),
        _S("/leaderboard/people"), _S("/me"), _S("/inbox"), _S("/settings"), _S("/moderation/report/{reported}"),
        _S("/challenges"), _S("/challenges/{challenge}"), _S("/tips"), _S("/tips/{tip}"), _S("/tips/new"),
        _S("/survey"), _S("/activities/{planned}/comments"),
        _S("/comments/{thread}/answer", "draft-form form", 404, {"body": "Ja, gärna!"}, to="/comments/99999/answer"),
    ),
    "coordinator": (
        _S("/activities/{reported}/care"), _S("/activities/{reported}/care", send="form[action$=double]"),
        _S("/coordinator"), _S("/"), _S("/moderation"), _S("/moderation/{questioned}"),
        _S("/coordinator"), _S("/"), _S("/activities/{reported}"),
        _S("/activities/{reported}", send="form[action$=pin]"),
        _S("/activities/{failed}"), _S("/moderation/{waiting}"),
        _S("/moderation/{questioned}", send="form[action$=decision]"),
        _S("/moderation/{questioned}", send="form[action$=notes]"), _S("/moderation/log"),
        _S("/moderation/pictures/{objected}"), _S("/activities/{objected_to}"),
        _S("/moderation/pictures/{answered_picture}"),
        _S("/challenges/reviews"), _S("/challenges/reviews", send="form[action$=return]"),
        _S("/people/invite"), _S("/insights"), _S("/insights/stages/2"), _S("/activities/{hidden}"), _S("/me"),
        _S("/points/questions"), _S("/points/questions", send="form[action$=answer]"), _S("/leaderboard/people"),
        _S("/challenges/new"), _S("/challenges/new", send="form.challenge"), _S("/challenges/{challenge_hidden}"),
        _S("/stages/1/lessons"), _S("/stages/1/lessons/edit"), _S("/stages/2/lessons/edit"),
        _S("/stages/1/lessons/edit?open={lesson}", send="draft-form form", fill={"heading": ""}),
        _S("/challenges/{closed}/edit"),
    ),
    "lead": (
        _S("/stages/1/lessons/edit?kind=pitfall"), _S("/stages/1/lessons/edit?open={lesson}"),
        _S("/admin"), _S("/admin/stages"), _S("/admin/stages/2"), _S("/admin/stages/2/playbook"),
        _S("/admin/stages/2/playbook/day-after"), _S("/admin/stages/2/playbook/survey-open", found=404),
        _S("/admin/stages/2/playbook/eve", send="main form[novalidate]", fill={"title_sv": "%(nobody)s"}),
        _S("/admin/stages/2/messages/new"), _S("/admin/stages/2/messages"), _S("/admin/stages/2/messages/{message}"),
        _S("/admin/stages/2/messages/{message_gone}"),
        _S("/admin/stages/2/messages/new", send="#message", fill={"title_sv": "%(nobody)s"}),
        _S("/admin/surveys/1"), _S("/admin/surveys/2"),
        _S("/admin/surveys/4"), _S("/admin/surveys/4/words"),
        _S("/admin/surveys/4/words", send="main form", fill={"same_as_0": "inget sådant"}),
        _S("/people/invite"), _S("/moderation"), _S("/me"),
        _S("/activities/{reported}"), _S("/activities/{borrowed}", send="form[action$=best-practice]"),
        _S("/challenges"), _S("/challenges/new?template=na-malet"), _S("/challenges/{draft}"),
        _S("/challenges/{challenge}/edit"), _S("/challenges/{draft}/edit", send="form.challenge", fill={"title": ""}),
    ),
    "steering": (
        _S("/"), _S("/insights"), _S("/insights/stages/1"), _S("/insights/stages/12"), _S("/me"), _S("/survey"),
    ),
}  # fmt: skip
