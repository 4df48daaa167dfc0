// <button data-copy="text"> or <button data-copy-from="#field">; data-copied is what to say afterwards.
import { say } from "./toast.js";

export function wordsToCopy(button, page = document) {
  const source = button.dataset.copyFrom && page.querySelector(button.dataset.copyFrom);
  return source ? (source.value ?? source.textContent) : (button.dataset.copy ?? "");
}

export async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return copyTheOldWay(words);
  }
}

// Pages served without https have no clipboard; a selected field still does.
function copyTheOldWay(words) {
  const field = Object.assign(document.createElement("textarea"), { value: words, readOnly: true });
  field.className = "sr-only";
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

export function startCopy() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy], [data-copy-from]");
    if (!button) return;
    if (await copy(wordsToCopy(button))) say(button.dataset.copied, "success");
    else say(document.body.dataset.failed, "error");
  });
}
