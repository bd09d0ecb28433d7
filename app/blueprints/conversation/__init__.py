from flask import Blueprint

blueprint = Blueprint("conversation", __name__)

from app.blueprints.conversation import cheer_routes, mute_routes, routes, withdrawal_routes, writing_routes  # noqa: E402, F401
