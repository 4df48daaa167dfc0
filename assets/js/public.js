// Pages for those who are not signed in.
import "./start.js";
