// A push that asks how it went is answered by its buttons: its address takes the answer without anybody's session.
async function tapped({ action, notification }) {
  const close = ours(notification.data?.close);
  if (!close) return open(notification);
  if (action) return closeOut(notification, close, action);
  return open(notification, isSomebody(await ownerNow()) ? undefined : close);
}

// Without a network, or when it cannot be answered like that any more, the screen opens with the answer in front.
async function closeOut(notification, close, choice) {
  const form = { method: "POST", body: new URLSearchParams({ choice }), credentials: "omit" };
  const answer = await fetch(close, form).catch(() => null);
  if (!answer?.ok) return open(notification, `${close}?choice=${choice}`);
  const { body, lang, tag, data } = notification;
  const { icon, badge } = SETTINGS;
  await self.registration.showNotification(data.done, { body: notification.title, lang, tag, icon, badge, data: { url: close } });
}

