// What a company's site includes to declare what a visit led to. Nothing is stored on the visitor's machine unless the
// site says that it may; until then the visit's number lives as long as this page. No cookie is set, read or sent.
const me = document.currentScript;
const NAME = "portevoix";
const LONGEST = 90 * 864e5;
const SIGNS = 48;
let click = new URLSearchParams(location.search).get("pv");

window.portevoix = {
  // Says that the visitor allows the number to be kept for later pages, or (false) no longer does.
  consent(given = true) {
    try {
      const kept = localStorage.getItem(NAME) || "";
      if (!given) localStorage.removeItem(NAME);
      else if (click) localStorage.setItem(NAME, click + Date.now());
      else if (Date.now() - kept.slice(SIGNS) < LONGEST) click = kept.slice(0, SIGNS);
      else localStorage.removeItem(NAME);
    } catch {} // a browser that keeps nothing
  },
  // Declares what the visit led to; says whether there was a visit to declare it of.
  convert(kind, value, currency = me.dataset.currency) {
    if (click)
      fetch(new URL("/api/v1/conversions/browser", me.src), {
        method: "POST",
        keepalive: true,
        credentials: "omit",
        body: JSON.stringify(value == null ? { click, kind } : { click, kind, value, currency }),
      }).catch(() => {});
    return !!click;
  },
};
if (me.dataset.consent === "yes") window.portevoix.consent();
