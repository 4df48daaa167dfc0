// The composer: languages as tabs, networks as chips, angles one by one; flags where they stand; previews while one types.
// Everything it does has a plain form behind it; without it all captions are shown, and the previews say what was saved.
import { count } from "./counting.js";
import { whole } from "./caption.js";

const captionsOf = (panel) => [...panel.querySelectorAll("[data-code]")];
const textOf = (caption) => caption.querySelector("textarea");
const isCurrent = (element) => element.dataset.current === "true";

class Composer {
  constructor(form) {
    this.form = form;
    this.captions = form.querySelector("[data-captions]");
    this.previews = document.querySelector("[data-previews]");
    this.replaceWord = form.dataset.replace;
    this.listen();
    this.remember();
  }

  listen() {
    this.captions.addEventListener("click", (event) => this.click(event));
    this.captions.addEventListener("keydown", (event) => this.walk(event));
    this.form.addEventListener("input", (event) => this.typed(event.target));
    this.form.addEventListener("autosave:answer", ({ detail }) => this.answered(detail));
    this.previews?.addEventListener("click", ({ target }) => this.choosePreview(target.closest("[data-preview-choice]")));
    document.addEventListener("click", ({ target }) => this.closeMenus(target));
  }

  click({ target }) {
    const button = target.closest("button");
    if (!button) return;
    if (button.dataset.language) this.showLanguage(button.dataset.language);
    else if (button.dataset.network !== undefined) this.showNetwork(button.dataset.network);
    else if (button.dataset.turn) this.turn(Number(button.dataset.turn));
    else if (button.dataset.replace) this.replace(button);
  }

  // Arrow keys walk along the tabs, in the direction of reading.
  walk(event) {
    const tab = event.target.closest("[role=tab]");
    if (!tab || !["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
    const tabs = [...tab.parentElement.children];
    const forward = (event.key === "ArrowRight") === (document.dir !== "rtl") ? 1 : -1;
    const at = { Home: 0, End: tabs.length - 1 }[event.key] ?? (tabs.indexOf(tab) + forward + tabs.length) % tabs.length;
    event.preventDefault();
    this.showLanguage(tabs[at].dataset.language);
    tabs[at].focus();
  }

  get panel() {
    return [...this.captions.querySelectorAll("[data-panel]")].find(isCurrent);
  }

  get caption() {
    return captionsOf(this.panel).find(isCurrent);
  }

  showLanguage(language) {
    for (const panel of this.captions.querySelectorAll("[data-panel]"))
      panel.dataset.current = panel.dataset.panel === language;
    for (const tab of this.captions.querySelectorAll("[data-language]")) {
      tab.setAttribute("aria-selected", tab.dataset.language === language);
      tab.tabIndex = tab.dataset.language === language ? 0 : -1;
    }
    this.remember();
  }

  showNetwork(network) {
    const first = captionsOf(this.panel).find((caption) => caption.dataset.ofNetwork === network);
    if (first) this.showCaption(first);
    if (this.previews?.querySelector(`[data-preview-choice="${network}"]`))
      this.choosePreview(this.previews.querySelector(`[data-preview-choice="${network}"]`));
  }

  showCaption(chosen) {
    for (const caption of captionsOf(this.panel)) caption.dataset.current = caption === chosen;
    for (const chip of this.panel.querySelectorAll("[data-network]"))
      chip.setAttribute("aria-pressed", chip.dataset.network === chosen.dataset.ofNetwork);
    this.remember();
  }

  turn(by) {
    const here = this.caption;
    const place = Number(here.dataset.place) + by;
    const next = captionsOf(this.panel).find(
      (caption) => caption.dataset.ofNetwork === here.dataset.ofNetwork && Number(caption.dataset.place) === place,
    );
    if (next) this.showCaption(next);
  }

  // What is shown comes back after a form was sent.
  remember() {
    const shown = this.form.querySelector("[data-shown]");
    if (shown) shown.value = this.caption?.dataset.code ?? this.panel?.dataset.panel ?? "";
    this.draw();
  }

  typed(field) {
    const mirror = field.id && document.querySelector(`[data-mirrors="${field.id}"]`);
    if (mirror) this.mirror(mirror, field.value);
    const caption = field.closest("[data-code]");
    if (caption && field.matches("textarea")) this.unmark(caption);
    this.draw();
  }

  mirror(place, title) {
    place.textContent = title;
    for (const each of this.previews?.querySelectorAll(".post-link-title") ?? []) each.textContent = title;
    const heading = document.querySelector(".composer-title");
    if (heading && title) heading.textContent = title;
  }

  // Marks stand by position: once the text moves they would lie, until the server answers with the new ones.
  unmark(caption) {
    const marks = caption.querySelector("[data-marks]");
    const text = textOf(caption).value;
    const kept = [...marks.querySelectorAll("mark")].map((mark) => mark.textContent);
    if (kept.length && kept.every((words) => text.includes(words))) this.mark(caption, this.found(text, kept));
    else marks.textContent = text;
  }

  found(text, words) {
    let from = 0;
    return words.flatMap((word) => {
      const at = text.indexOf(word, from);
      if (at < 0) return [];
      from = at + word.length;
      return [{ at, end: from }];
    });
  }

  mark(caption, places) {
    const marks = caption.querySelector("[data-marks]");
    const text = textOf(caption).value;
    let end = 0;
    const pieces = places.flatMap(({ at, end: until }) => {
      const mark = document.createElement("mark");
      mark.textContent = text.slice(at, until);
      const before = text.slice(end, at);
      end = until;
      return [before, mark];
    });
    marks.replaceChildren(...pieces, text.slice(end));
  }

  answered({ flags, refusals }) {
    for (const caption of this.captions.querySelectorAll("[data-code]")) {
      const { code } = caption.dataset;
      this.flag(caption, flags[code] ?? [], refusals[`caption-${code}`]);
    }
    this.sayBeside(refusals);
  }

  // Places come in characters; a script counts in UTF-16 units.
  flag(caption, flags, refusal) {
    const characters = [...textOf(caption).value.replaceAll("\r\n", "\n")];
    const unit = (place) => characters.slice(0, place).join("").length;
    if (!refusal) this.mark(caption, flags.map(({ start, end }) => ({ at: unit(start), end: unit(end) })));
    const list = caption.querySelector("[data-flags]");
    list.replaceChildren(
      ...(refusal ? [this.drawn({ sentence: refusal })] : []),
      ...flags.map((flag) => this.drawn({ ...flag, start: unit(flag.start), end: unit(flag.end) })),
    );
    caption.querySelector("[data-written]").classList.toggle("written-flagged", Boolean(refusal || flags.length));
  }

  drawn(flag) {
    const model = document.querySelector("#flag-model").content.firstElementChild.cloneNode(true);
    model.querySelector("[data-sentence]").textContent = flag.sentence;
    model.querySelector("[data-reason]").textContent = flag.reason ?? "";
    model.querySelector("[data-advice]").textContent = flag.advice ?? "";
    const button = model.querySelector("button");
    if (flag.better) Object.assign(button.dataset, { replace: flag.better, start: flag.start, end: flag.end });
    else button.remove();
    return model;
  }

  sayBeside(refusals) {
    for (const field of this.form.querySelectorAll("[data-refused]")) field.remove();
    for (const [name, sentence] of Object.entries(refusals)) {
      const field = this.form.elements[name === "expires_at" ? "expires_on" : name];
      if (!field || name.startsWith("caption-")) continue;
      const place = Object.assign(document.createElement("p"), { className: "field-error", textContent: sentence });
      place.dataset.refused = name;
      const around = field.closest(".field");
      around?.querySelector(`.field-error:not([data-refused])`)?.remove(); // the page's own, said before
      around?.append(place);
    }
  }

  replace(button) {
    const field = textOf(button.closest("[data-code]"));
    const { replace, start, end } = button.dataset;
    field.setRangeText(replace, Number(start), Number(end), "end");
    button.closest(".flag").remove();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }

  draw() {
    for (const preview of this.previews?.querySelectorAll("[data-preview-of]") ?? []) this.drawPreview(preview);
  }

  drawPreview(preview) {
    const caption = this.shownOn(preview.dataset.previewOf);
    const place = preview.querySelector("[data-preview-text]");
    if (!place) return;
    const said = caption ? textOf(caption).value.trim() : "";
    const words = said ? [caption.dataset.disclosure, said].filter(Boolean).join("\n") : "";
    const fold = Number(preview.dataset.fold) || Infinity;
    place.textContent = words.length > fold ? words.slice(0, fold).replace(/\s\S*$/, "") : words;
    preview.querySelector("[data-preview-fold]")?.remove();
    // The server's own fold, on the first drawing.
    if (place.matches("span")) place.parentElement.replaceChildren(place);
    if (words.length > fold) place.after(this.fold());
    this.drawCount(preview, caption, said);
  }

  fold() {
    const more = document.createElement("span");
    more.className = "text-soft";
    more.dataset.previewFold = "";
    more.textContent = `… ${this.previews.dataset.more}`;
    return more;
  }

  drawCount(preview, caption, said) {
    const place = preview.querySelector("[data-preview-count]");
    if (preview.dataset.previewOf !== "x" || !place) return;
    const link = this.captions.dataset.link;
    const length = caption ? count("weighted", whole(said, { disclosure: caption.dataset.disclosure, link })) : 0;
    place.textContent = `${length} / 280`;
  }

  // What somebody sharing there is offered: the network's own caption, else one for all networks.
  shownOn(network) {
    const captions = captionsOf(this.panel);
    const of = (key) => captions.filter((caption) => caption.dataset.ofNetwork === key);
    const own = of(network).length ? of(network) : of("");
    return own.find(isCurrent) ?? own[0];
  }

  choosePreview(button) {
    if (!button) return;
    this.previews.querySelector(".previews").dataset.shown = button.dataset.previewChoice;
    for (const each of this.previews.querySelectorAll("[data-preview-choice]"))
      each.setAttribute("aria-pressed", each === button);
  }

  closeMenus(target) {
    for (const menu of document.querySelectorAll(".chip-more[open], .schedule[open]"))
      if (!menu.contains(target)) menu.open = false;
  }
}

export function startComposer() {
  for (const form of document.querySelectorAll("form[data-composer]")) new Composer(form);
}
