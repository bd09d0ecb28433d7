from flask import Blueprint

blueprint = Blueprint("me", __name__)

from app.blueprints.me import page_routes, question_routes, routes  # noqa: E402,F401  the routes need the blueprint
