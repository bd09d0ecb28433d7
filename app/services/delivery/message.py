"""The message that goes to a device: JSON `{id, title, body, url, tag, lang}`, encrypted by the gateway. What can be
answered on the spot carries more (answering.py)."""

import json
from dataclasses import dataclass
from typing import Final

from app.gateways.push.webpush import PushMessage
from app.hidden_numbers import conceal
from app.models.notification import Kind, PushSubscription
from app.services.delivery.answering import answering_of
from app.services.delivery.claim import Bundle, DueDelivery, DueDevice
from app.services.notifications.kinds import KINDS, Urgency, kind_named, words_of
from app.services.notifications.wording import Words, words_of_several

#: Seconds for which a push service keeps a message for a phone that is off. Later it is out of date.
_TTL: Final = 48 * 3600
_TEST_TTL: Final = 60
#: Phones do not show more, and an encrypted message may not be longer than a limit.
_LONGEST_TITLE: Final = 120
_LONGEST_BODY: Final = 400


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message to one device, with the deliveries that it settles. The message's id is its first delivery's and not
    the device's, since another message to the same device may be under way."""

    message: PushMessage
    bundle: Bundle


class PushWording:
    """Makes the messages. The same text for thousands of people is made once for each language. `signing_key` signs the
    addresses by which one answers, and hides numbers."""

    def __init__(self, signing_key: str = "") -> None:
        self._signing_key = signing_key
        self._words_by_content: dict[tuple[str, str, str], Words] = {}

    def parcel(self, device: DueDevice) -> Parcel:
        """One push for all that is due: the notification itself if there is one, how many there are if there are more.

        Tag and topic are always those of the oldest, so that a push that is sent again replaces the one shown before.
        """
        newest, count = device.deliveries[-1], len(device.deliveries)
        number = conceal(newest.notification_id, self._signing_key)
        text = self._words(newest, device.language)
        path = f"/inbox/{number}"
        if count > 1:
            text, path = words_of_several(count, text, device.language), "/inbox"
        answering = answering_of(newest, device.person_id, device.language, self._signing_key)
        # One that goes alone is never replaced by one for others, which may have been older.
        tag = f"{'a' if answering else 'n'}-{conceal(device.oldest_notification_id, self._signing_key)}"
        message = PushMessage(
            id=device.deliveries[0].id,
            endpoint=device.endpoint,
            p256dh=device.p256dh,
            auth=device.auth,
            payload=_payload(number, text, path, tag, device.language, **answering),
            ttl=_TTL,
            urgency=_urgency(device.deliveries),
            topic=tag,
        )
        return Parcel(message, device.bundle)

    def _words(self, delivery: DueDelivery, language: str) -> Words:
        key = (delivery.kind, repr(delivery.parameters), language)
        if key not in self._words_by_content:
            self._words_by_content[key] = words_of(delivery.kind, delivery.parameters, language)
        return self._words_by_content[key]


def trial_message(subscription: PushSubscription, language: str) -> PushMessage:
    """The push by which somebody sees whether pushes work; it is not stored."""
    return PushMessage(
        id=subscription.id,
        endpoint=subscription.endpoint,
        p256dh=subscription.p256dh,
        auth=subscription.auth,
        payload=_payload("", words_of(Kind.TEST, {}, language), "/settings", "test", language),
        ttl=_TEST_TTL,
        urgency=KINDS[Kind.TEST].urgency,
        topic="test",
    )


def _urgency(deliveries: list[DueDelivery]) -> Urgency:
    """As urgent as the most urgent of them."""
    return max((kind_named(delivery.kind).urgency for delivery in deliveries), key=list(Urgency).index)


def _payload(number: str, text: Words, url: str, tag: str, language: str, **more: object) -> bytes:
    content = {
        "id": number,
        "title": _shorten(text.title, _LONGEST_TITLE),
        "body": _shorten(text.body, _LONGEST_BODY),
        "url": url,
        "tag": tag,
        "lang": text.language or language,
        **more,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _shorten(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
