from flask import Blueprint

blueprint = Blueprint("admin", __name__)

from app.blueprints.admin import routes  # noqa: E402,F401  the routes need the blueprint
