"""Jobs that run on a schedule."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class JobRun(Model):
    """The job has been done for that period. Every worker tries at the same time; only the first can write the row."""

    __tablename__ = "job_run"

    job: Mapped[str] = mapped_column(primary_key=True)
    #: When the period began.
    period: Mapped[datetime] = mapped_column(primary_key=True)
