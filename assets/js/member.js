// Member pages: the sheet, and what lives inside it.
import { startAutosave } from "./autosave.js";
import { startCaptions } from "./caption.js";
import { startShare } from "./share.js";
import { startSheet } from "./sheet.js";
import "./start.js";

startAutosave(document);
startCaptions();
startSheet();
startShare();
