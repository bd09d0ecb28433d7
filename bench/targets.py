"""Prints a measured figure beside its target, as one line."""


def at_least(what: str, measured: float, target: float) -> bool:
    return _line(what, measured, f"at least {target:g}", measured >= target)


def at_most(what: str, measured: float, target: float) -> bool:
    return _line(what, measured, f"at most {target:g}", measured <= target)


def _line(what: str, measured: float, target: str, reached: bool) -> bool:
    print(f"  {'reached' if reached else 'MISSED '}  {what}: {measured:.3g} ({target})")
    return reached
