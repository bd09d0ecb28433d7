"""A mail that is written out, ready to be handed over."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    """Envelope and content. `token` is the part of the Message-ID before the @."""

    sender: str
    recipient: str
    content: bytes
    token: str
