// <form data-autosave="address"> is posted as one types; a copy stays on this device until the server has confirmed it.
// The address answers 2xx. The form shows how it stands in a [data-saved-state], inside it or named by data-autosave-state.

const PAUSE_MS = 600;
const RETRY_MS = 5000;
const KEPT_DAYS = 14;
const PREFIX = "portevoix:draft:";
const STARTED = new WeakSet();

export const keyOf = (form) => PREFIX + form.dataset.autosave;

// Files and what proves who posts stay out of the copy.
export function written(form) {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
}

export function keep(form, now = Date.now()) {
  try {
    localStorage.setItem(keyOf(form), JSON.stringify({ at: now, version: form.dataset.version ?? "", words: written(form) }));
  } catch {
    // A full or closed storage only loses the second copy.
  }
}

export const forget = (form) => localStorage.removeItem(keyOf(form));

export function kept(form, now = Date.now()) {
  try {
    const copy = JSON.parse(localStorage.getItem(keyOf(form)));
    return copy && now - copy.at < KEPT_DAYS * 86_400_000 ? copy : null;
  } catch {
    return null;
  }
}

function fill(form, words) {
  const left = new Map();
  for (const [name, value] of words) left.set(name, [...(left.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || ["hidden", "file", "submit", "button"].includes(field.type)) continue;
    const values = left.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.type === "select-multiple") for (const option of field.options) option.selected = values.includes(option.value);
    else if (values.length) field.value = values.shift();
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function show(form, state, hour = "") {
  const chosen = form.dataset.autosaveState;
  const place = chosen ? document.querySelector(chosen) : form.querySelector("[data-saved-state]");
  if (!place) return;
  const words = place.dataset[state];
  place.dataset.state = state === "restored" ? "saving" : state;
  place.querySelector("[data-saved-words]").textContent = hour ? `${words} ${hour}` : words;
}

const hourNow = () =>
  new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", numberingSystem: "latn" })
    .format(new Date());

// Restores what never reached the server, unless the page is newer than the copy.
function restore(form) {
  const copy = kept(form);
  if (!copy || copy.version !== (form.dataset.version ?? "")) return false;
  if (JSON.stringify(copy.words) === JSON.stringify(written(form))) return false;
  fill(form, copy.words);
  show(form, "restored");
  return true;
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.timer = 0;
    this.edits = 0;
    this.sending = false;
    form.addEventListener("input", () => this.note());
    form.addEventListener("change", () => this.note());
    form.addEventListener("submit", () => clearTimeout(this.timer));
    addEventListener("online", () => this.edits && this.send());
    if (restore(form)) this.note();
  }

  note() {
    this.edits += 1;
    keep(this.form);
    this.later(PAUSE_MS);
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), wait);
  }

  // One request at a time: two answers could arrive in the wrong order.
  async send() {
    if (this.sending) return this.later(PAUSE_MS);
    const sent = this.edits;
    this.sending = true;
    show(this.form, "saving");
    const outcome = await this.post();
    this.sending = false;
    if (outcome !== "saved") {
      show(this.form, outcome === "refused" ? "refused" : "failed");
      return outcome === "unreachable" ? this.later(RETRY_MS) : undefined;
    }
    if (sent !== this.edits) return this.later(PAUSE_MS);
    this.edits = 0;
    forget(this.form);
    return show(this.form, "saved", hourNow());
  }

  async post() {
    try {
      const answer = await fetch(this.form.dataset.autosave, {
        method: "POST",
        body: new FormData(this.form),
        headers: { "X-Requested-With": "autosave" },
        redirect: "error",
      });
      const version = answer.headers.get("X-Version");
      if (answer.headers.get("Content-Type")?.startsWith("application/json"))
        this.form.dispatchEvent(new CustomEvent("autosave:answer", { detail: await answer.json() }));
      if (answer.ok && version) this.form.dataset.version = version;
      if (answer.ok) return "saved";
      // Sent again as it is, a refused form would be refused again.
      return answer.status >= 500 ? "unreachable" : "refused";
    } catch {
      return "unreachable";
    }
  }
}

export function startAutosave(root) {
  for (const form of root.querySelectorAll("form[data-autosave]")) {
    if (STARTED.has(form)) continue;
    STARTED.add(form);
    new Autosave(form);
  }
}
