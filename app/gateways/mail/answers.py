"""What a mail server's refusal means: for this recipient, for this mail, or for us (RFC 5321, RFC 3463).

Only a refusal of this recipient is final. What else a server refuses for good lies in how it or this installation is
set up: somebody mends that, and until then the mails wait.
"""

import re
from typing import Final, Literal

from app.gateways.mail.not_sent import MailNotSent
from app.text import foreign

#: The commands of which a mail consists.
Command = Literal["MAIL", "RCPT", "DATA"]

UNREACHABLE: Final = "The mail server cannot be reached: see MAIL_URL, the network and the server."
NOT_READY: Final = "The mail server takes no mail just now: see its log if this lasts."
ENCRYPTION: Final = (
    "No encrypted connection to the mail server can be trusted: "
    "mend its certificate, or set tls= or ca= in MAIL_URL."
)
GREETING: Final = "The mail server does not accept our greeting: let it accept mail from this machine."
LOGIN: Final = "The mail server wants another login: set user and password in MAIL_URL."
SENDER: Final = "The mail server refuses our sender: set MAIL_FROM to an address that it lets us send from."
RELAY: Final = (
    "The mail server does not pass our mail on: let it relay for this machine, or set a login in MAIL_URL."
)
RULE: Final = (
    "The mail server has a rule against our mail: its answer says which, and whoever runs it can lift it."
)

#: An enhanced status code, as in `550 5.1.1 …`, perhaps with a number sign; not a part of an IP address.
_ENHANCED: Final = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
#: An address that the answer repeats; what it is called says nothing.
_ADDRESS: Final = re.compile(r"<[^>]*>|\S+@\S+")
#: The sender's address has no mailbox, or its domain does not exist.
_SENDER_CODES: Final = {"1.7", "1.8"}
#: Codes with which a server refuses a mailbox, if its words do not say otherwise.
_MAILBOX_CODES: Final = {501, 550, 551, 552, 553, 556}
_LOGIN_CODES: Final = {530, 534, 535, 538}

_ABOUT_RELAYING: Final = re.compile(r"relay|rcpthosts", re.IGNORECASE)
_ABOUT_LOGIN: Final = re.compile(r"authenti|\bauth\b|log ?in\b|log ?on\b|credential", re.IGNORECASE)
_ABOUT_ENCRYPTION: Final = re.compile(r"\btls\b|starttls|encrypt", re.IGNORECASE)
_ABOUT_SENDER: Final = re.compile(r"\bsender\b|\bspf\b|\bdkim\b|\bdmarc\b|mail from", re.IGNORECASE)
#: Who we are to the server, and what we may.
_ABOUT_US: Final = re.compile(
    "|".join(about.pattern for about in (_ABOUT_RELAYING, _ABOUT_LOGIN, _ABOUT_ENCRYPTION, _ABOUT_SENDER)),
    re.IGNORECASE,
)
_ABOUT_RULES: Final = re.compile(
    r"block|black.?list|black.?hole|\brbl\b|dnsbl|spam|polic|reputation|not (authori[sz]ed|permitted|allowed)|"
    r"denied|reverse dns|\bptr\b|client host|too many|rate limit|\bhelo\b|\behlo\b|sequence|command",
    re.IGNORECASE,
)
_ABOUT_RECIPIENT: Final = re.compile(
    r"(user|mailbox|recipient|account|address|person|alias)s?\b.{0,40}"
    r"(unknown|not found|does ?n.t (exist|have)|does not (exist|have)|disabled|inactive|invalid|full|"
    r"unavailable|reject|closed|moved)"
    r"|(unknown|no such|invalid|no mailbox|not a valid|bad destination).{0,20}"
    r"(user|mailbox|recipient|account|address|person|here|alias)"
    r"|over quota|quota exceeded|mailbox is full",
    re.IGNORECASE,
)


def read_refusal(command: Command, code: int, answer: bytes | str) -> MailNotSent:
    """What follows from an answer other than 2xx to that command of a mail."""
    detail = foreign(f"{code} ".encode() + (answer if isinstance(answer, bytes) else answer.encode()))
    found = _ENHANCED.search(detail)
    # 4xx, and what is no answer at all: the mail may be taken another time.
    if not 500 <= code < 600 or (found and found[1] == "4"):
        return MailNotSent(detail, permanent=False)
    topic = f"{found[2]}.{found[3]}" if found and found[1] == "5" else ""
    words = _ADDRESS.sub(" ", detail)
    if command != "MAIL" and _refuses_recipient(command, code, topic, words):
        return MailNotSent(detail, permanent=True)
    if _is_about_content(command, code, topic, words):
        # Another try may do, when somebody has raised a limit or a filter has learnt; but not for ever.
        return MailNotSent(detail, permanent=False)
    mend = _what_to_mend(command, code, topic, words)
    return MailNotSent(detail, permanent=False, mend=mend, server_wide=command == "MAIL")


def _refuses_recipient(command: Command, code: int, topic: str, words: str) -> bool:
    subject = topic.partition(".")[0]
    if subject in {"1", "2"}:
        return topic not in _SENDER_CODES
    if subject == "4":  # the way to the recipient: Microsoft says so of a person who does not exist
        return bool(_ABOUT_RECIPIENT.search(words))
    if subject not in {"", "0"} or code in _LOGIN_CODES:
        return False
    if _ABOUT_US.search(words) or _ABOUT_RULES.search(words):
        return False
    return (command == "RCPT" and code in _MAILBOX_CODES) or bool(_ABOUT_RECIPIENT.search(words))


def _is_about_content(command: Command, code: int, topic: str, words: str) -> bool:
    """Too large, or what the server found when it had read the mail: not who we are and what we may."""
    if topic in {"3.4", "2.3"} or (code == 552 and not topic):
        return True
    ours = code in _LOGIN_CODES or topic in _SENDER_CODES or _ABOUT_US.search(words)
    return command == "DATA" and not ours


def _what_to_mend(command: Command, code: int, topic: str, words: str) -> str:
    for pattern, mend in ((_ABOUT_ENCRYPTION, ENCRYPTION), (_ABOUT_RELAYING, RELAY), (_ABOUT_LOGIN, LOGIN)):
        if pattern.search(words):
            return mend
    if code in _LOGIN_CODES:
        return LOGIN
    is_senders = command == "MAIL" or topic in _SENDER_CODES or _ABOUT_SENDER.search(words)
    return SENDER if is_senders else RULE
