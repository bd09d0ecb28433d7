"""Jobs that run by the clock."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class JobRun(Model):
    """That a job has been done for a period. Each worker's clock strikes; the unique row lets one of them do it."""

    __tablename__ = "job_run"

    job: Mapped[str] = mapped_column(primary_key=True)
    #: Beginning of the period.
    period: Mapped[datetime] = mapped_column(primary_key=True)
