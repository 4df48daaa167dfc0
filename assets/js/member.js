// Member pages: the sheet, and what lives inside it.
import { startAutosave } from "./autosave.js";
import { startSheet } from "./sheet.js";
import "./start.js";

startAutosave(document);
startSheet();
