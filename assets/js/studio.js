// Studio and admin pages.
import { startAutosave } from "./autosave.js";
import { startCaptions } from "./caption.js";
import "./start.js";

startAutosave(document);
startCaptions();
document.addEventListener("htmx:afterSettle", (event) => startAutosave(event.target));
