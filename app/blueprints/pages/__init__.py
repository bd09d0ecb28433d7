from flask import Blueprint

blueprint = Blueprint("pages", __name__)

from app.blueprints.pages import routes  # noqa: E402,F401  the routes need the blueprint
