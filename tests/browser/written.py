"""Everything that people write: where its form is, where it is kept, and a page that shows it whole. A test fails when
a field of a form has no place here."""

from dataclasses import dataclass
from typing import Final

from tests.browser.screens import Screen


@dataclass(frozen=True)
class Kept:
    """A column that holds what is written. `shape` is how: the text itself, or JSON with it in a list, in both
    languages, or as a word of the engagement survey."""

    column: str
    #: Who of tests/browser/world.py looks where; the text stands there whole.
    who: str
    path: str
    shape: str = "text"
    #: Several lines are kept as such.
    is_long: bool = False


@dataclass(frozen=True)
class Sent:
    """A form that comes back with what was written, because it is too long or wanted something else."""

    who: str
    screen: Screen
    #: The fields that people fill in, as "module.Form.field", and where each is kept; "" is where no page
    #: shows it.
    fields: dict[str, str]
    #: A field comes back up to so many characters (app/web/forms.py).
    longest: int = 3900


_K, _S = Kept, Screen

KEPT: Final = (
    _K("activity.title", "participant", "/activities/{planned}"),
    _K("activity.place", "participant", "/activities/{planned}"),
    _K("activity.audience", "participant", "/activities/{planned}"),
    _K("activity.success_sign", "participant", "/activities/{planned}", is_long=True),
    _K("outcome.story", "participant", "/activities/{reported}", "said", is_long=True),
    _K("tip.text", "participant", "/tips/{tip}", is_long=True),
    _K("best_practice.sentence", "participant", "/activities/{reported}"),
    _K("comment.body", "participant", "/activities/{planned}/comments", is_long=True),
    _K("challenge.title", "participant", "/challenges/{challenge}"),
    _K("challenge.why", "participant", "/challenges/{challenge}", is_long=True),
    _K("challenge.done_when", "participant", "/challenges/{challenge}", "list"),
    _K("challenge_review.text", "participant", "/activities/{sent_back}", is_long=True),
    _K("appeal.text", "lead", "/moderation/{answered}", is_long=True),
    _K("appeal.text", "coordinator", "/moderation/pictures/{answered_picture}", is_long=True),
    _K("decision.text", "participant", "/activities/{hidden}", is_long=True),
    _K("flag.text", "coordinator", "/moderation/{questioned}", is_long=True),
    _K("moderator_note.text", "coordinator", "/moderation/{questioned}", is_long=True),
    _K("notification.parameters", "participant", "/inbox", "parameters"),
    _K("own_message.title", "lead", "/admin/stages/2/messages/{message}", "languages"),
    _K("own_message.body", "lead", "/admin/stages/2/messages/{message}", "languages", is_long=True),
    _K("own_message.url", "lead", "/admin/stages/2/messages/{message}"),
    _K("step_text.title", "lead", "/admin/stages/2/playbook/eve", "languages"),
    _K("step_text.body", "lead", "/admin/stages/2/playbook/eve", "languages", is_long=True),
    _K("person.name", "participant", "/people/{colleague}"),
    _K("person.title", "participant", "/people/{colleague}"),
    _K("photo_objection.words", "coordinator", "/moderation/pictures/{objected}", is_long=True),
    _K("thanks.words", "participant", "/people/{participant}/thanks"),
    _K("point_question.text", "coordinator", "/points/questions", is_long=True),
    _K("point_question.answer", "participant", "/me/points/{answered_entry}/question", is_long=True),
    _K("stage_lesson.edited_heading", "participant", "/stages/1/lessons"),
    _K("stage_lesson.edited_text", "participant", "/stages/1/lessons", is_long=True),
    _K("stage_lesson.change", "participant", "/stages/1/lessons", is_long=True),
    _K("survey.snapshot", "participant", "/survey/results/12", "words"),
)

#: Pages that show much of it at once, in ways of their own.
MORE_PAGES: Final = (
    ("participant", "/"),
    ("participant", "/search?q=bi"),
    ("participant", "/activities/mine"),
    ("participant", "/activities/new?like={borrowed}"),
    ("participant", "/activities/{planned}/edit"),
    ("participant", "/activities/{due}/outcome"),
    ("participant", "/leaderboard/bjuv"),
    ("participant", "/me"),
    ("coordinator", "/coordinator"),
    ("coordinator", "/moderation"),
    ("coordinator", "/stages/1/lessons/edit?open={lesson}"),
    ("stranger", "/close/{close_open}"),
    ("stranger", "/screen/{screen}"),
    ("lead", "/admin/surveys/4/words"),
)

_PLAN = {"title", "place", "audience", "success_sign"}


def _plan(form: str, **more: str) -> dict[str, str]:
    return {f"activities.forms.{form}.{name}": f"activity.{name}" for name in sorted(_PLAN)} | {
        f"activities.forms.{form}.{name}": column for name, column in more.items()
    }


def _texts(form: str, column: str, **names: str) -> dict[str, str]:
    return {f"{form}.{name}": f"{column}.{kept}" for name, kept in names.items()}


def _in_languages(form: str, column: str) -> dict[str, str]:
    names = {f"{part}_{language}": part for part in ("title", "body") for language in ("sv", "en")}
    return _texts(form, column, **names)


SENT: Final = (
    Sent("stranger", _S("/login", "form[action$='/login']"), {"auth.forms.EmailForm.email": ""}),
    Sent(
        "stranger",
        _S("/join/{join}", "main form"),
        {
            "auth.forms.JoinForm.email": "",
            **_texts("auth.forms.JoinForm", "person", name="name", title="title"),
        },
    ),
    Sent("participant", _S("/activities/new", "form.plan"), _plan("NewPlanForm", colleagues="")),
    Sent(
        "participant",
        _S("/activities/{planned}/edit", "form.plan"),
        _plan("PlanForm") | _plan("EditPlanForm"),
    ),
    Sent(
        "participant",
        _S("/activities/{due}/outcome", "form.report"),
        {
            "activities.outcome_forms.OutcomeForm.story": "outcome.story",
            **_texts(
                "activities.outcome_forms.OutcomeForm", "tip", success="text", pitfall="text", answer="text"
            ),
        },
    ),
    Sent(
        "participant", _S("/activities/{planned}", "#say"), {"conversation.CommentForm.body": "comment.body"}
    ),
    Sent(
        "participant",
        _S("/activities/{planned}", "#together form"),
        {"activities.invitation_form.InvitationForm.q": ""},
    ),
    Sent("participant", _S("/tips/new", "#write form"), {"tips.forms.TipForm.text": "tip.text"}),
    Sent(
        "participant",
        _S("/people/{colleague}/thanks/new", "draft-form form"),
        {"thanks.forms.ThanksForm.words": "thanks.words"},
    ),
    Sent(
        "stranger",
        _S("/pictures/{picture_key}/objection", "main form"),
        {"pictures.routes.ObjectionForm.words": "photo_objection.words"},
    ),
    Sent(
        "participant",
        _S("/me/points/{entry}/question", "main form"),
        {"me.forms.QuestionForm.text": "point_question.text"},
    ),
    Sent(
        "participant",
        _S("/moderation/report/{asked}", "main form[action*=moderation]"),
        {
            "moderation.forms.ReasonForm.text": "flag.text",
            "moderation.forms.ReportForm.text": "flag.text",
        },
    ),
    Sent(
        "participant",
        _S("/moderation/answer/{hidden}", "draft-form form"),
        {"moderation.forms.AnswerForm.text": "appeal.text"},
    ),
    Sent("participant", _S("/moderation/answer/{hidden}", "main form[action$=again]"), {}),
    Sent(
        "participant",
        _S("/moderation/pictures/{withheld}/answer", "draft-form form"),
        {"moderation.forms.AnswerForm.text": "appeal.text"},
    ),
    Sent(
        "participant",
        _S("/survey", "#answer form"),
        {f"survey.forms.SurveyForm.word_{number}": "survey.snapshot" for number in (1, 2, 3)},
        longest=500,
    ),
    Sent(
        "stranger",
        _S("/close/{close_done}", "form[action$=account]"),
        {"closeout.forms.DoneForm.sentence": "tip.text"},
    ),
    Sent(
        "stranger",
        _S("/close/{close_not}", "form[action$=account]"),
        {"closeout.forms.NotDoneForm.sentence": "tip.text"},
    ),
    Sent(
        "coordinator",
        _S("/moderation/{questioned}", "form[action$=decision]"),
        {"moderation.forms.ReviewForm.text": "decision.text"},
    ),
    Sent(
        "lead",
        _S("/moderation", "form[action$=restoration]"),
        {"moderation.forms.WordsForm.text": "decision.text"},
    ),
    Sent(
        "coordinator",
        _S("/moderation/{questioned}", "form[action$=notes]"),
        {"moderation.forms.NoteForm.note": "moderator_note.text"},
    ),
    Sent(
        "coordinator",
        _S("/challenges/reviews", "form[action$=return]"),
        {"undertakings.forms.ReturnForm.text": "challenge_review.text"},
    ),
    Sent(
        "coordinator",
        _S("/points/questions", "form[action$=answer]"),
        {"questions.forms.AnswerForm.text": "point_question.answer"},
    ),
    Sent(
        "coordinator",
        _S("/challenges/new", "form.challenge"),
        _texts(
            "challenges.forms.ChallengeForm", "challenge", title="title", why="why", done_when="done_when"
        ),
    ),
    Sent(
        "lead",
        _S("/challenges/{challenge}/edit", "form.challenge"),
        _texts(
            "challenges.forms.EditChallengeForm", "challenge", title="title", why="why", done_when="done_when"
        ),
    ),
    Sent(
        "coordinator",
        _S("/stages/1/lessons/edit?open={lesson}", "draft-form form"),
        _texts(
            "lessons.forms.LessonForm",
            "stage_lesson",
            heading="edited_heading",
            text="edited_text",
            change="change",
        ),
    ),
    Sent(
        "coordinator",
        _S("/coordinator", "form[action$=hello]"),
        {"coordinator.forms.HelloForm.text": "own_message.body"},
    ),
    Sent(
        "lead",
        _S("/activities/{borrowed}", "form[action$=best-practice]"),
        {"activities.best_practice_form.BestPracticeForm.sentence": "best_practice.sentence"},
    ),
    Sent(
        "lead",
        _S("/admin/stages/2/messages/new", "#message"),
        {
            **_in_languages("admin.words_form.WordsForm", "own_message"),
            "admin.words_form.WordsForm.address": "own_message.url",
            **_in_languages("admin.message_forms.MessageForm", "own_message"),
            "admin.message_forms.MessageForm.address": "own_message.url",
        },
    ),
    Sent(
        "lead",
        _S("/admin/stages/2/playbook/eve", "main form[novalidate]"),
        _in_languages("admin.playbook_forms.StepTextForm", "step_text"),
    ),
    Sent("lead", _S("/admin/surveys/4/words", "main form"), {}),
)

#: Fields that hold no text: keys, stamps and numbers that the page itself puts there.
NO_TEXTS: Final = frozenset(
    {
        "request_key",
        "seen",
        "to",
        "person_id",
        "stage",
        "confirmed",
        "opened",
        "borrowed_from",
        "idea",
        "same_as_0",
    }
)
#: Six digits, which are compared and never shown.
READ_ONLY: Final = frozenset({"auth.forms.CodeForm.code"})
