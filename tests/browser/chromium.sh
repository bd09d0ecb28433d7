#!/bin/sh
# The Chromium in $CHROMIUM, without two pages of its own: every window loads them for its address field, and a headless
# one has none to show. They took half of a window's processor time. What Playwright switches off stays off. And without
# the compilers for scripts that run long: no page here does, and they took a sixth of axe's time.
for argument; do
    shift
    case $argument in --disable-features=*) argument=$argument,WebUIOmniboxPopup,WebUIOmniboxAimPopup ;; esac
    set -- "$@" "$argument"
done
exec "$CHROMIUM" --js-flags="--no-opt --no-maglev" "$@"
