// Studio and admin pages.
import { startAutosave } from "./autosave.js";
import { startCaptions } from "./caption.js";
import { startComposer } from "./composer.js";
import "./start.js";

startComposer();
startAutosave(document);
startCaptions();
document.addEventListener("htmx:afterSettle", (event) => startAutosave(event.target));
