from flask import Blueprint

blueprint = Blueprint("search", __name__)

from app.blueprints.search import routes  # noqa: E402,F401  they need the blueprint
