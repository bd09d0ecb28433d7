// What pages run on. Apart from what needs it, since every page asks and few need the rest.

export const isIOS = () => /iPad|iPhone|iPod/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);

export const isInstalled = () => matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
