"""One bad thing must not stop the others: what fails for many at once is done for each apart."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError

from app.extensions import db

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

#: The database is away, locked or overloaded: that is no item's fault, so no item is blamed for it.
_DATABASE_IS_AWAY: Final = (OperationalError, InterfaceError)


def together_or_apart(
    items: Sequence[_Item],
    work: Callable[[Sequence[_Item]], list[_Result]],
    blame: Callable[[_Item, Exception], None],
) -> list[_Result]:
    """The results of `work` for all items; if it fails, for each half, and so on, until the culprits stand alone.

    `blame` is called with each culprit, and the others have their results. What failed has left nothing in the
    database, since each try is a savepoint. For one culprit among n items `work` is called about 2 log₂ n times.

    Raises:
        OperationalError, InterfaceError: the database itself fails.
    """
    try:
        with db.session.begin_nested():
            return work(items)
    except _DATABASE_IS_AWAY:
        raise
    except Exception as error:
        if len(items) == 1:
            blame(items[0], error)
            return []
    middle = len(items) // 2
    return [
        *together_or_apart(items[:middle], work, blame),
        *together_or_apart(items[middle:], work, blame),
    ]
