from app.blueprints.leaderboard import blueprint  # noqa: F401
