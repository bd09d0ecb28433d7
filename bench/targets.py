"""A measured figure against its target, printed as one line."""


def at_least(what: str, measured: float, target: float) -> bool:
    return _line(what, measured, f"at least {target:g}", measured >= target)


def at_most(what: str, measured: float, target: float) -> bool:
    return _line(what, measured, f"at most {target:g}", measured <= target)


def _line(what: str, measured: float, wanted: str, reached: bool) -> bool:
    print(f"  {'reached' if reached else 'MISSED '}  {what}: {measured:.3g} ({wanted})")
    return reached
