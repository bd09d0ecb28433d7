from flask import Blueprint

blueprint = Blueprint("push", __name__)

from app.blueprints.push import routes  # noqa: E402,F401  the routes need the blueprint
