// Shows a chosen theme at once; the form that holds the choice saves it for the person.

export function showTheme(theme, page = document.documentElement) {
  if (theme === "light" || theme === "dark") page.dataset.theme = theme;
  else delete page.dataset.theme;
}

export function startTheme() {
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("input[name=theme], select[name=theme]")) showTheme(event.target.value);
  });
}
