"""Why a mail did not leave, told apart by what follows from it."""


class MailNotSent(Exception):
    """The mail was not sent.

    `permanent`: trying again is useless, because this recipient is refused, or there can be no such address or mail.
    `mend`: what the operator has to mend, in words for the log. The mail is not at fault and waits, however long.
    `server_wide`: the next mail would hardly fare better (no connection, no login, our sender refused).
    """

    def __init__(self, detail: str, *, permanent: bool, mend: str = "", server_wide: bool = False) -> None:
        super().__init__(detail)
        self.detail = detail
        self.permanent = permanent
        self.mend = mend
        self.server_wide = server_wide
