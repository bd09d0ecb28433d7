"""One spelling for every e-mail address, so that a person is one person at every door and can be mailed.

What is stored, compared and mailed is ASCII in small letters: a domain with other letters in the form of IDNA 2008
(`xn--ngelholm-zza.se`). `for_display` gives it back as people write it.
"""

from enum import StrEnum
from functools import lru_cache
from typing import Final
from unicodedata import normalize

from email_validator import EmailNotValidError, validate_email

from app.text import hidden_characters, outer_blanks_removed

#: RFC 5321, section 4.5.3.1.
_LONGEST: Final = 254
_LONGEST_BEFORE_AT: Final = 64
#: No address is longer in any spelling, and what is takes long to look at.
_LONGEST_WRITTEN: Final = 1000
#: The full stops that IDNA takes for a dot, as far as NFKC does not.
_DOTS: Final = str.maketrans("\u3002", ".")


class Reason(StrEnum):
    """Why a text is no address, in words for the author of a file; forms have words of their own."""

    MALFORMED = "must be an e-mail address"
    HIDDEN_CHARACTER = "must hold no character that cannot be seen"
    #: Only some servers take such letters (RFC 6531); whoever has one could join and never be mailed.
    LETTERS_BEFORE_AT = "must have none but the letters a to z before the @, since mail does not reach others"
    TOO_LONG = f"must have at most {_LONGEST} characters, {_LONGEST_BEFORE_AT} of them before the @"


class AddressError(ValueError):
    """The text is no address that can be mailed."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def canonical(address: str) -> str:
    """The one spelling of the address.

    Raises:
        AddressError: when it is none, or no mail could reach it.
    """
    user, at, domain = _plain(address).rpartition("@")
    if not at or not user:
        raise AddressError(Reason.MALFORMED)
    if not user.isascii():
        raise AddressError(Reason.LETTERS_BEFORE_AT)
    spelling = f"{user.lower()}@{_ascii_domain(domain)}"
    if len(user) > _LONGEST_BEFORE_AT or len(spelling) > _LONGEST:
        raise AddressError(Reason.TOO_LONG)
    _validated(spelling)
    return spelling


def canonical_domain(domain: str) -> str:
    """The one spelling of what stands after the @. Raises AddressError as `canonical` does."""
    return _ascii_domain(_plain(domain))


def canonical_or_none(address: str) -> str | None:
    """The one spelling, or None: nobody can have such an address."""
    try:
        return canonical(address)
    except AddressError:
        return None


def for_display(address: str) -> str:
    """An address or a domain with the letters that its owner writes; what is none comes back as it is."""
    user, at, domain = address.rpartition("@")
    try:
        return user + at + _validated(f"x@{domain}")[1]
    except AddressError:
        return address


def _plain(text: str) -> str:
    if len(text) > _LONGEST_WRITTEN:
        raise AddressError(Reason.TOO_LONG)
    text = outer_blanks_removed(normalize("NFKC", text))
    if any(hidden_characters(text)):
        raise AddressError(Reason.HIDDEN_CHARACTER)
    return text.translate(_DOTS)


@lru_cache(maxsize=1024)
def _ascii_domain(domain: str) -> str:
    return _validated(f"x@{domain.removesuffix('.')}")[0]


def _validated(address: str) -> tuple[str, str]:
    """The domain of the address in ASCII and with its own letters."""
    try:
        valid = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except (EmailNotValidError, ValueError) as error:
        raise AddressError(Reason.MALFORMED) from error
    return valid.ascii_domain or valid.domain, valid.domain
