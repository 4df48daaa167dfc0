// Buttons that open and close dialogs (`command`, `commandfor`), for browsers that do not do it by themselves.

const ACTS = {
  "show-modal": (dialog) => dialog.showModal(),
  close: (dialog) => dialog.close(),
};

export function startConfirm() {
  if ("command" in HTMLButtonElement.prototype) return;
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[command][commandfor]");
    const dialog = button && document.getElementById(button.getAttribute("commandfor"));
    if (dialog) ACTS[button.getAttribute("command")]?.(dialog);
  });
}
