// Keeps the counter and the own-words gauge of every [data-caption] true while one types.
// A chosen network (an input with data-unit, in the same form) brings its own limit and its own way of counting.
import { count } from "./counting.js";
import { ownWords } from "./own_words.js";

const number = (value) => new Intl.NumberFormat(numbersOf(document.documentElement.lang)).format(value);
const percent = (ratio) =>
  new Intl.NumberFormat(numbersOf(document.documentElement.lang), { style: "percent" }).format(ratio);

// Western digits in Arabic too, grouped as the server groups them.
const numbersOf = (language) => (language === "ar" ? "ar-u-nu-latn" : language);

/** The post as the network gets it: disclosure, words, link. */
export function whole(text, { disclosure = "", link = "" }) {
  const isSaid = !disclosure || text.trim().startsWith(disclosure);
  const words = isSaid ? text.trim() : `${disclosure}\n${text.trim()}`;
  return [words.trim(), link].filter(Boolean).join("\n\n");
}

function refreshCount(caption, text) {
  const place = caption.querySelector("[data-count]");
  const { unit, limit } = caption.dataset;
  if (!place || !unit) return;
  const length = count(unit, whole(text, caption.dataset));
  place.textContent = limit ? `${number(length)} / ${number(Number(limit))}` : number(length);
  place.toggleAttribute("data-over", Boolean(limit) && length > Number(limit));
}

function refreshOwn(caption, text) {
  const words = caption.querySelector("[data-own-words]");
  if (!words || !caption.dataset.proposals) return;
  const { ratio } = ownWords(text, JSON.parse(caption.dataset.proposals), caption.dataset.disclosure);
  words.textContent = caption.dataset.ownSentence.replace("@", percent(ratio));
  caption.querySelector("[data-own]").value = Math.round(ratio * 100);
}

function refresh(caption) {
  const text = caption.querySelector("textarea").value;
  refreshCount(caption, text);
  refreshOwn(caption, text);
}

function takeNetwork(input) {
  for (const caption of (input.form ?? document).querySelectorAll("[data-caption]")) {
    caption.dataset.unit = input.dataset.unit;
    caption.dataset.limit = input.dataset.limit;
    refresh(caption);
  }
}

export function startCaptions() {
  document.addEventListener("input", ({ target }) => {
    const caption = target.closest?.("[data-caption]");
    if (caption) refresh(caption);
    else target.querySelectorAll?.("[data-caption]").forEach(refresh);
  });
  document.addEventListener("change", ({ target }) => {
    if (target.matches?.("input[data-unit]")) takeNetwork(target);
  });
}
