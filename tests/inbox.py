"""Where a notification is opened."""

from flask import current_app

from app.hidden_numbers import conceal


def inbox_path(notification_id: int) -> str:
    return f"/inbox/{conceal(notification_id, current_app.config['SECRET_KEY'])}"
