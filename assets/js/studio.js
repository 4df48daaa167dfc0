// Studio and admin pages.
import { startAutosave } from "./autosave.js";
import "./start.js";

startAutosave(document);
document.addEventListener("htmx:afterSettle", (event) => startAutosave(event.target));
