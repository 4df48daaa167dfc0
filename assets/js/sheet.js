// A link with data-sheet leads to a page that holds [data-sheet-content]; here that content comes up from the bottom instead.
// The address changes with it, so that back closes the sheet and reloading opens the page. Whatever goes wrong, the link is followed.
import { startAutosave } from "./autosave.js";

const EVENT = "portevoix:sheet";
let opener = null;
let pageAddress = "";

function dialog() {
  return document.querySelector("dialog.sheet") ?? makeDialog();
}

function makeDialog() {
  const sheet = document.createElement("dialog");
  sheet.className = "sheet";
  document.body.append(sheet);
  sheet.addEventListener("close", () => closed(sheet));
  sheet.addEventListener("click", (event) => {
    if (event.target === sheet && isOutside(sheet, event)) sheet.close();
  });
  return sheet;
}

function isOutside(sheet, { clientX, clientY }) {
  const { left, right, top, bottom } = sheet.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}

async function contentOf(address) {
  const answer = await fetch(address, { headers: { "X-Requested-With": "sheet" } });
  if (!answer.ok || new URL(answer.url).pathname !== new URL(address, location.href).pathname) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("[data-sheet-content]");
}

function show(content, link) {
  const sheet = dialog();
  sheet.replaceChildren(...document.adoptNode(content).childNodes);
  sheet.setAttribute("aria-labelledby", content.getAttribute("aria-labelledby") ?? "");
  pageAddress = location.href;
  opener = link;
  history.pushState({ sheet: true }, "", link.href);
  sheet.showModal();
  globalThis.htmx?.process(sheet);
  startAutosave(sheet);
  sheet.dispatchEvent(new CustomEvent(EVENT, { bubbles: true }));
}

function closed(sheet) {
  sheet.replaceChildren();
  if (history.state?.sheet) history.back();
  opener?.focus();
  opener = null;
}

export async function openSheet(link) {
  link.setAttribute("aria-busy", "true");
  try {
    const content = await contentOf(link.href);
    if (content) show(content, link);
    else location.assign(link.href);
  } catch {
    location.assign(link.href);
  } finally {
    link.removeAttribute("aria-busy");
  }
}

const isPlainClick = (event) => event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

function followClick(event) {
  const link = event.target.closest?.("a[data-sheet]");
  if (link && isPlainClick(event)) {
    event.preventDefault();
    openSheet(link);
  }
  const cross = event.target.closest?.("dialog.sheet [data-sheet-close]");
  if (cross) {
    event.preventDefault();
    cross.closest("dialog").close();
  }
}

export function startSheet() {
  document.addEventListener("click", followClick);
  addEventListener("popstate", () => {
    const sheet = document.querySelector("dialog.sheet[open]");
    if (sheet && location.href === pageAddress) sheet.close();
    else if (history.state?.sheet) location.reload();
  });
}
