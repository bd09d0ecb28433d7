"""What a mail server's refusals mean: which are this recipient's, which are ours to mend, and which pass."""

import pytest

from app.gateways.mail import answers
from app.gateways.mail.answers import Command, read_refusal

pytestmark = pytest.mark.house  # needs no database

RECIPIENT = [
    "550 5.1.1 <anna@bjuv.se>: Recipient address rejected: User unknown in local recipient table",
    "550 5.1.1 <relay@bjuv.se>: no such user here",
    "550 \N{NUMBER SIGN}5.1.0 Address rejected.",
    "550 5.1.2 Bad destination system address",
    "553 5.1.3 The recipient address <anna..@bjuv.se> is not a valid RFC 5321 address",
    "556 5.1.10 Recipient address has a null MX",
    "550 5.1.6 The mailbox has moved",
    "550-5.1.1 The email account that you tried to reach does not exist.\n5.1.1 See the help",
    "552 5.2.2 Over quota",
    "550 5.2.1 The email account that you tried to reach is disabled",
    "550 5.4.1 Recipient address rejected: Access denied. [AM0EUR05FT011.eop-eur05.prod.example.com]",
    "550 No such person",
    "550 no",
    "550 Requested action not taken: mailbox unavailable",
    "550 User unknown",
    "550 relay@bjuv.se: Recipient address rejected: User unknown",
    "550 Invalid recipient <authentication@bjuv.se>",
    "551 User not local",
    "552 Mailbox full",
    "553 Mailbox name invalid",
    "501 Bad address syntax",
    "554 delivery error: dd This user doesn't have an account here",
    "550 5.0.0 Unknown user",
]
OURS = {
    "550 5.7.1 Unable to relay": answers.RELAY,
    "554 5.7.1 <anna@bjuv.se>: Relay access denied": answers.RELAY,
    "550 relaying denied": answers.RELAY,
    "550 we do not relay, unknown user": answers.RELAY,
    "554 relay access denied": answers.RELAY,
    "553 sorry, that domain isn't in my list of allowed rcpthosts (\N{NUMBER SIGN}5.7.1)": answers.RELAY,
    "530 Authentication required": answers.LOGIN,
    "530 5.7.0 Please log in first": answers.LOGIN,
    "535 5.7.8 Error: authentication failed": answers.LOGIN,
    "550 authentication required": answers.LOGIN,
    "530 5.7.0 Must issue a STARTTLS command first": answers.ENCRYPTION,
    "550 5.7.1 Client host blocked using zen.example.org": answers.RULE,
    "554 5.7.1 Service unavailable; Client host [10.5.1.1] blocked": answers.RULE,
    "550 Blocked, see our policy": answers.RULE,
    "550 5.7.25 reverse DNS is missing": answers.RULE,
    "550 Access denied": answers.RULE,
    "503 5.5.1 MAIL first": answers.RULE,
    "503 bad sequence of commands": answers.RULE,
    "500 unknown command": answers.RULE,
    "554 5.3.0 something is broken here": answers.RULE,
    "554 no": answers.RULE,
    "521 this host takes no mail": answers.RULE,
    "550 5.1.8 <eldsjal@example.se>: Sender address rejected: Domain not found": answers.SENDER,
    "550 5.1.7 sender has no mailbox": answers.SENDER,
    "550 sender verify failed": answers.SENDER,
}
PASSES = [
    "450 4.2.0 <anna@bjuv.se>: Recipient address rejected: Greylisted",
    "451 4.7.1 Greylisting in action, please come back later",
    "450 No such person just now",
    "452 4.2.2 Over quota",
    "421 4.3.2 shutting down",
    "451 5.1.1 the code in front counts",
    "550 4.2.1 the code behind says that it passes",
    "-1 \0garbage",
    "999 garbage",
    "0 ",
]


def read(command: Command, answer: str) -> tuple[bool, str, bool]:
    code, _, text = answer.partition(" ") if answer[3:4] != "-" else (answer[:3], "", answer[4:])
    refusal = read_refusal(command, int(code), text.encode())
    return refusal.permanent, refusal.mend, refusal.server_wide


@pytest.mark.parametrize("answer", RECIPIENT)
def test_a_refusal_of_this_recipient_is_final(answer: str) -> None:
    assert read("RCPT", answer) == (True, "", False)


@pytest.mark.parametrize("answer", OURS)
def test_what_is_ours_to_mend_waits_and_says_what_to_do(answer: str) -> None:
    assert read("RCPT", answer) == (False, OURS[answer], False)


@pytest.mark.parametrize("answer", PASSES)
@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_what_passes_is_tried_again(command: Command, answer: str) -> None:
    assert read(command, answer) == (False, "", False)


@pytest.mark.parametrize(
    ("answer", "mend"),
    [
        ("550 5.7.1 not your address", answers.SENDER),
        ("550 5.1.1 unknown sender", answers.SENDER),
        ("553 5.1.8 domain of the sender does not exist", answers.SENDER),
        ("501 syntax", answers.SENDER),
        ("530 5.7.57 Client not authenticated to send mail", answers.LOGIN),
        ("530 5.7.0 Must issue a STARTTLS command first", answers.ENCRYPTION),
    ],
)
def test_who_refuses_our_sender_refuses_everybodys_mail(answer: str, mend: str) -> None:
    assert read("MAIL", answer) == (False, mend, True)


@pytest.mark.parametrize(
    "answer",
    [
        "554 5.7.1 Message rejected as spam",
        "550 5.6.0 Headers are malformed",
        "552 5.3.4 Message too big",
        "554 Transaction failed",
        "550 no",
        "503 5.5.1 no",
    ],
)
def test_what_was_read_and_refused_is_tried_again_with_an_end(answer: str) -> None:
    assert read("DATA", answer) == (False, "", False)


def test_a_size_that_is_refused_beforehand_is_this_mails() -> None:
    assert read("MAIL", "552 5.3.4 Message size exceeds fixed limit") == (False, "", False)


@pytest.mark.parametrize(
    "answer", ["550 5.1.1 no such user", "552 5.2.2 Over quota", "550 No such user here"]
)
def test_a_recipient_may_be_refused_after_the_mail_was_read(answer: str) -> None:
    assert read("DATA", answer) == (True, "", False)


def test_who_may_not_send_as_our_sender_is_told_so_after_the_mail_too() -> None:
    answer = "550 5.7.60 Client does not have permissions to send as this sender"
    assert read("DATA", answer) == (False, answers.SENDER, False)


def test_the_answer_that_is_kept_is_one_clean_line() -> None:
    refusal = read_refusal("RCPT", 550, b"5.1.1 \0no\x1b[31m\r\nsuch \xff user" + b"x" * 10_000_000)
    assert refusal.permanent
    assert refusal.detail.isprintable()
    assert len(refusal.detail) == 300
