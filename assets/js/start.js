// What every page starts: the theme, toasts, copying, confirmations.
import { startConfirm } from "./confirm.js";
import { startCopy } from "./copy.js";
import { startTheme } from "./theme.js";
import { startToasts } from "./toast.js";

startTheme();
startToasts();
startCopy();
startConfirm();
