// Passing words at the bottom of the page. Successes leave by themselves, failures wait to be read.

const READING_MS = 6000;
const HAS_FAILED = new Set(["error", "warning"]);

export function say(sentence, tone = "info") {
  const region = document.getElementById("toasts");
  const model = document.getElementById("toast-model");
  if (!region || !model) return;
  const toast = model.content.firstElementChild.cloneNode(true);
  toast.dataset.toast = tone;
  toast.querySelector("[data-toast-words]").textContent = sentence;
  region.append(toast);
  leaveLater(toast);
}

function leaveLater(toast) {
  if (!HAS_FAILED.has(toast.dataset.toast)) setTimeout(() => toast.remove(), READING_MS);
}

export function startToasts() {
  document.querySelectorAll("#toasts [data-toast]").forEach(leaveLater);
  document.addEventListener("click", (event) => {
    event.target.closest?.("[data-toast-close]")?.closest("[data-toast]").remove();
  });
  const failed = () => say(document.body.dataset.failed, "error");
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:responseError", failed);
}
