// The share form: counts, measures and proposes as one types, then opens the network's window and goes on to the thanks.
// The page works without any of it: the form then posts by itself, and the server answers with the window.
import { forget } from "./autosave.js";
import { copy } from "./copy.js";
import { byteLength, count } from "./counting.js";
import { ownWords } from "./own_words.js";
import { say } from "./toast.js";

const STARTED = new WeakSet();

const inLanguage = (options) => (value) =>
  new Intl.NumberFormat(document.documentElement.lang, { numberingSystem: "latn", ...options }).format(value);
const percent = inLanguage({ style: "percent" });
const number = inLanguage({});

class Share {
  constructor(form) {
    this.form = form;
    this.facts = JSON.parse(document.getElementById("share-facts").textContent);
    this.text = form.elements.text;
    this.seen = [form.elements.caption.value];
    this.mine = "";
    this.isAlike = !this.part("alike").hidden;
    this.listen();
    this.offerDevice();
    this.draw();
    if (matchMedia("(pointer: fine)").matches) this.text.focus({ preventScroll: true });
  }

  listen() {
    this.form.addEventListener("input", () => this.draw());
    this.form.addEventListener("change", (event) => this.choose(event.target));
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.form.addEventListener("autosave:answer", ({ detail }) => this.hear(detail));
    this.part("other")?.addEventListener("click", (event) => this.propose(event));
    this.part("mine").addEventListener("click", () => this.takeBack());
    for (const change of ["online", "offline"]) addEventListener(change, () => this.form.isConnected && this.draw());
  }

  part = (name) => this.form.querySelector(`[data-${name}]`);
  get channel() {
    return this.form.querySelector('[name="channel"]:checked');
  }
  get language() {
    return this.form.elements.language.value;
  }
  get disclosure() {
    return this.facts.disclosures[this.language] ?? "";
  }
  get isProposal() {
    return this.facts.captions.some((caption) => caption.text.trim() === this.text.value.trim());
  }

  // As on the server: those written for this network, or else those for all.
  fitting() {
    const spoken = this.facts.captions.filter((caption) => caption.language === this.language);
    const written = spoken.filter((caption) => caption.network === this.channel.value);
    return written.length ? written : spoken.filter((caption) => !caption.network);
  }

  choose(field) {
    // What was chosen is among the first: the others may fold, and leave room for what comes next.
    if (field.name === "channel" && !field.closest(".option-more")) this.part("others").checked = false;
    if (field.name === "when") this.form.querySelector(".when-chosen")?.scrollIntoView({ block: "nearest" });
    if (field.name !== "channel" && field.name !== "language") return;
    if (field.name === "language") this.speak();
    const [first] = this.fitting();
    const fits = this.fitting().some((caption) => caption.text.trim() === this.text.value.trim());
    if (first && !fits && (this.isProposal || !this.text.value.trim())) this.write(first);
    else this.draw();
  }

  speak() {
    const line = this.part("disclosure");
    if (line) line.textContent = this.disclosure;
    for (const place of [line, this.text, this.part("ink")]) if (place) place.lang = this.language;
  }

  write(caption) {
    this.text.value = caption.text;
    this.form.elements.caption.value = caption.code;
    if (!this.seen.includes(caption.code)) this.seen.push(caption.code);
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  propose(event) {
    event.preventDefault();
    if (this.text.value.trim() && !this.isProposal) this.mine = this.text.value;
    const all = this.fitting();
    if (!all.length) return;
    const fresh = all.find((caption) => !this.seen.includes(caption.code));
    const at = all.findIndex((caption) => caption.code === this.form.elements.caption.value);
    this.write(fresh ?? all[(at + 1) % all.length]);
  }

  takeBack() {
    this.text.value = this.mine;
    this.mine = "";
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
    this.text.focus();
  }

  offerDevice() {
    const tile = this.form.querySelector('[value="device"]');
    if (navigator.share) tile.closest("label").hidden = false;
  }

  hear({ alike = false }) {
    this.isAlike = alike;
    this.draw();
  }

  draw() {
    this.drawWords();
    this.drawCount();
    this.part("alike").hidden = !this.isAlike || this.channel.value === "qr";
    this.part("mine").hidden = !this.mine;
    const other = this.part("other");
    if (other) other.hidden = this.fitting().every((caption) => caption.text.trim() === this.text.value.trim());
    this.form.toggleAttribute("data-offline", !navigator.onLine);
    this.part("kept").hidden = navigator.onLine;
    this.drawExcess();
    this.drawButton();
  }

  drawWords() {
    const texts = this.facts.captions.map((caption) => caption.text);
    const { ratio, pieces } = ownWords(this.text.value, texts, this.disclosure);
    const drawn = pieces.map(({ text, own }) => {
      if (!own) return text;
      const word = document.createElement("b");
      word.textContent = text;
      return word;
    });
    // A last line break takes no room unless something follows it.
    this.part("ink").replaceChildren(...drawn, "\u200b");
    this.form.toggleAttribute("data-inked", texts.length > 0);
    const gauge = this.part("own");
    if (!gauge) return;
    gauge.value = Math.round(ratio * 100);
    const words = this.part("own-words");
    words.textContent = words.dataset.words.replace("{percent}", percent(Math.round(ratio * 100) / 100));
  }

  get length() {
    const { unit, link, linkLength } = this.channel.dataset;
    const words = [this.disclosure, this.text.value.trim()].filter(Boolean).join("\n");
    return count(unit, words) + (this.text.value.includes(link) ? 0 : Number(linkLength));
  }

  get excess() {
    const { limit, bytes, link } = this.channel.dataset;
    const heavy = bytes ? byteLength(`${this.disclosure}\n${this.text.value.trim()}\n\n${link}`) - Number(bytes) : 0;
    return Math.max(limit ? this.length - Number(limit) : 0, heavy, 0);
  }

  drawCount() {
    const counter = this.form.querySelector(`[data-count][data-for="${this.channel.value}"]`);
    if (!counter) return;
    counter.textContent = `${number(this.length)} / ${number(Number(this.channel.dataset.limit))}`;
    counter.toggleAttribute("data-over", this.excess > 0);
  }

  drawExcess() {
    const line = this.part("excess");
    line.hidden = !this.excess || this.channel.value === "qr" || !navigator.onLine;
    line.textContent = line.dataset.words.replace("{count}", number(this.excess));
    this.form.toggleAttribute("data-too-long", !line.hidden);
  }

  // By the network itself, from one's own account.
  get isDirect() {
    return "direct" in this.channel.dataset;
  }
  get isForLater() {
    return this.isDirect && this.form.elements.when.value !== "now";
  }
  get button() {
    return this.part(this.isDirect ? "submit-direct" : "submit");
  }

  // What stands in the way, as the button says it; nothing when the way is free.
  get obstacle() {
    const { dataset } = this.channel;
    const words = this.part("obstacles").dataset;
    if (!navigator.onLine) return words.offline;
    if ("spent" in dataset && !this.isForLater) return words.tomorrow;
    if (this.channel.value === "qr") return "";
    if (!this.text.value.trim() && (this.isDirect || !this.disclosure)) return words.write;
    if (this.excess) return words.shorten.replace("{count}", number(this.excess));
    return this.isAlike && "strict" in dataset ? words.change : "";
  }

  drawButton() {
    const { button } = this;
    const { obstacle } = this;
    button.setAttribute("aria-disabled", String(Boolean(obstacle)));
    button.toggleAttribute("data-instead-shown", Boolean(obstacle));
    const instead = button.querySelector("[data-instead]");
    instead.hidden = !obstacle;
    instead.textContent = obstacle;
  }

  async submit(event) {
    event.preventDefault();
    if (this.form.hasAttribute("data-busy") || this.obstacle) return;
    this.form.setAttribute("data-busy", "");
    const how = this.isDirect ? event.submitter?.value || "direct" : "";
    try {
      await (how === "direct" ? this.post("direct", null, how) : this.openAndPost(how));
    } catch {
      say(document.body.dataset.failed, "error");
    } finally {
      this.form.removeAttribute("data-busy");
    }
  }

  async openAndPost(how) {
    const key = this.channel.value;
    // Both need the tap itself: browsers refuse them once an answer had to be waited for.
    const pasted = "pasted" in this.channel.dataset && copy([this.disclosure, this.text.value.trim()].filter(Boolean).join("\n"));
    const opened = ["copy", "qr", "device", "email"].includes(key) ? null : globalThis.open("about:blank", "_blank");
    try {
      await pasted;
      await this.post(key, opened, how);
    } catch (error) {
      opened?.close();
      throw error;
    }
  }

  async post(key, opened, how) {
    const headers = { "X-Requested-With": "share", Accept: "application/json, text/html" };
    const body = new FormData(this.form);
    if (how) body.set("how", how);
    const answer = await fetch(this.form.action, { method: "POST", body, headers });
    if (answer.status === 422) {
      opened?.close();
      return this.refused(await answer.text());
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const { window: address, thanks, text } = await answer.json();
    forget(this.form);
    await this.hand(key, opened, address, text);
    // The sheet is a step of its own in the history: the thanks take its place.
    return setTimeout(() => location.replace(thanks), key === "email" ? 400 : 0);
  }

  async hand(key, opened, address, text) {
    if (key === "copy" && !(await copy(text))) say(document.body.dataset.failed, "error");
    else if (key === "device") await navigator.share({ text }).catch(() => {});
    else if (key === "email") location.href = address;
    else if (opened) {
      opened.opener = null;
      opened.location.replace(address);
    }
  }

  refused(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const fresh = page.querySelector("[data-share]");
    const facts = page.getElementById("share-facts");
    if (!fresh || !facts) throw new Error("no form in the answer");
    document.getElementById("share-facts").replaceWith(document.adoptNode(facts));
    this.form.replaceWith(document.adoptNode(fresh));
    startForm(fresh);
    fresh.querySelector('[role="alert"]')?.scrollIntoView({ block: "center" });
  }
}

function startForm(form) {
  if (STARTED.has(form)) return;
  STARTED.add(form);
  new Share(form);
}

const startAll = (root) => root.querySelectorAll("form[data-share]").forEach(startForm);

export function startShare() {
  startAll(document);
  document.addEventListener("portevoix:sheet", ({ target }) => startAll(target));
}
