from flask import Blueprint

from app.models.publication import is_unpublished
from app.services.notifications.flag_reasons import reason_label, reason_to_author, verdict_words

blueprint = Blueprint("moderation", __name__)
blueprint.add_app_template_filter(reason_label, "flag_reason")
blueprint.add_app_template_filter(reason_to_author)
blueprint.add_app_template_filter(verdict_words)
blueprint.add_app_template_test(is_unpublished, "of_unpublished")

from app.blueprints.moderation import (  # noqa: E402,F401  the routes need the blueprint
    answer_routes,
    picture_answer_routes,
    picture_routes,
    queue_routes,
    review_routes,
    routes,
)
