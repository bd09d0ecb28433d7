from flask import Blueprint

blueprint = Blueprint("admin", __name__)

# The routes need the blueprint.
from app.blueprints.admin import (  # noqa: E402,F401
    message_routes,
    playbook_routes,
    routes,
    screen_routes,
    survey_routes,
    survey_words_routes,
)
