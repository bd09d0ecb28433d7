"""Which language and theme a page is in."""

from numbers import Number
from typing import Any, Final

from babel import Locale
from flask import Flask, g, request
from flask_babel import Domain, get_locale
from markupsafe import Markup, escape

from app.extensions import babel
from app.models.person import LANGUAGES
from app.models.programme import LocalText
from app.web.cache import Cache
from app.web.identity import glance_or_none

_TRANSLATIONS: Cache[Any] = Cache("translations", key="language", at_most=len(LANGUAGES))
_LOCALES: Final = {language: Locale(language) for language in LANGUAGES}
#: In practice all the texts of the templates, twice.
_TEXTS: Cache[Markup] = Cache("texts", key="language, text, plural", at_most=4000)


class _Translations(Domain):
    """Flask-Babel finds them by the name of the locale, which it puts together anew for each text."""

    def get_translations(self) -> Any:
        return _TRANSLATIONS.get(page_language(), super().get_translations)


def init_app(app: Flask) -> None:
    """Give templates a faster `_` and `ngettext`: Jinja's and Flask-Babel's look up much for each text, and a page has
    a hundred of them. As Jinja's, a text is markup, and what is put into it is escaped."""
    babel.domain_instance = domain = _Translations()
    texts = _TEXTS.of(app)

    def gettext(text: str, /, **variables: Any) -> Markup:
        pattern = texts.get(
            (page_language(), text), lambda: _markup(domain.get_translations().ugettext(text))
        )
        return _filled(pattern, variables) if variables or "%" in pattern else pattern

    def ngettext(one: str, many: str, number: int, /, **variables: Any) -> Markup:
        translations = domain.get_translations()
        key = (page_language(), one, many, translations.plural(number))
        pattern = texts.get(key, lambda: _markup(translations.ungettext(one, many, number)))
        return _filled(pattern, {"num": number, **variables})

    app.jinja_env.globals.update(_=gettext, gettext=gettext, ngettext=ngettext)
    for unused in ("pgettext", "npgettext"):
        del app.jinja_env.globals[unused]


def _filled(pattern: Markup, variables: dict[str, Any]) -> Markup:
    """As `pattern % variables`, which wraps each of them anew for every one that the text has. No number has markup."""
    escaped = {name: it if isinstance(it, Number) else escape(it) for name, it in variables.items()}
    return _markup(str.__mod__(pattern, escaped))


def _markup(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - from the catalogue or a template, never from people


def page_language() -> str:
    """`sv` or `en`: the language of the page, or the one that is forced for a message to somebody else."""
    # Read where Flask-Babel stores it: asking Flask-Babel takes long, and a page asks a hundred times.
    try:
        language: str = g._get_current_object()._flask_babel.babel_locale.language
        return language
    except AttributeError:  # not asked yet
        locale = get_locale()
    except RuntimeError:  # no application, as in `flask --help`
        locale = None
    return locale.language if locale else "sv"


def choose_locale() -> Locale:
    """For Flask-Babel, which would parse the language's name anew for each page."""
    return _LOCALES[choose_language()]


def choose_language() -> str:
    """The person's own; else the one chosen with the language link; else the browser's; else Swedish."""
    person = glance_or_none()
    if person:
        return person.language
    return cookie_language() or request.accept_languages.best_match(LANGUAGES) or "sv"


def cookie_language() -> str | None:
    code = request.cookies.get("language")
    return code if code in LANGUAGES else None


def theme() -> str:
    """`auto`, `light` or `dark`, for `data-theme`."""
    person = glance_or_none()
    return person.theme if person else "auto"


def local_text(text: LocalText) -> str:
    """The text in the page's language, or in Swedish where the programme file has no other."""
    return text.get(page_language()) or text["sv"]
