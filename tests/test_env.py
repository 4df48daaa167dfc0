"""The environment is read once, typed, and a mistake is a sentence."""

import pytest

from portevoix import env


def test_read_runs_with_no_variable_set() -> None:
    environment = env.read({})

    assert (environment.address, environment.port, environment.debug) == (
        "http://127.0.0.1:8000",
        8000,
        False,
    )
    assert environment.link_address == environment.address
    assert env.database(environment).engine == "sqlite"


def test_database_url_is_taken_apart() -> None:
    environment = env.read({"DATABASE_URL": "postgres://ada:p%40ss@db:5433/porte"})

    assert env.database(environment) == env.Database("postgresql", "porte", "ada", "p@ss", "db", "5433")


def test_pairs_are_read() -> None:
    environment = env.read(
        {
            "PORTEVOIX_OUTGOING_ALLOW": "intranet.example:8443, 127.0.0.1:9000",
            "PORTEVOIX_STAND_INS": "Atlas.example=127.0.0.1:8010",
        }
    )

    assert environment.outgoing_allow == {("intranet.example", 8443), ("127.0.0.1", 9000)}
    assert environment.stand_ins == {"atlas.example": ("127.0.0.1", 8010)}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTEVOIX_PORT", "eighty"),
        ("PORTEVOIX_PORT", "70000"),
        ("PORTEVOIX_DEBUG", "maybe"),
        ("PORTEVOIX_ADDRESS", "ftp://x"),
        ("PORTEVOIX_ADDRESS", "https://x/path"),
        ("PORTEVOIX_STAND_INS", "atlas.example"),
        ("PORTEVOIX_OUTGOING_ALLOW", "intranet"),
        ("DATABASE_URL", "mysql://x/y"),
    ],
)
def test_a_mistake_is_a_sentence_that_names_the_variable(name: str, value: str) -> None:
    with pytest.raises(env.BadEnvironment, match=name):
        env.database(env.read({name: value}))
