"""Names of countries in the reader's language."""

from babel import Locale

from portevoix.core.spoken import locale_name


def country_name(code: str) -> str:
    """The country's name; the code itself when it has none."""
    return str(Locale.parse(locale_name()).territories.get(code, code))


def country_choices() -> list[tuple[str, str]]:
    """Every country, by name."""
    names = Locale.parse(locale_name()).territories
    countries = [
        (code, name)
        for code, name in names.items()
        if len(code) == 2 and code not in ("EU", "UN", "EZ", "ZZ")
    ]
    return sorted(countries, key=lambda country: country[1].casefold())
