"""Links are remembered in little room, and as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portevoix.links.codes import new_code
from portevoix.redirector.answer import Link
from portevoix.redirector.memory import LATELY, NEVER, Links, Memory, packed, unpacked

ADDRESSES = st.one_of(
    st.none(),
    st.sampled_from(["https://atlas.example/", "https://atlas.example/a", "http://b.example/"]),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=300),
)


def link(number: int, code: str, location: str | None = "https://atlas.example/a") -> Link:
    return Link(number, 7, code, location, "https://atlas.example/")


@given(
    st.builds(
        Link,
        id=st.integers(0, 2**62),
        organisation_id=st.integers(0, 2**31),
        code=st.just("hebdmana9"),
        location=ADDRESSES,
        fallback=ADDRESSES,
        expires_at=st.one_of(st.none(), st.integers(1, 2**32 - 1).map(float)),
        withdrawn=st.booleans(),
        carries_click_id=st.booleans(),
        has_card=st.booleans(),
    ),
    st.integers(1, 2**31).map(float),
)
def test_packed_link_comes_out_as_it_was(kept: Link, read_at: float) -> None:
    assert unpacked(kept.code, packed(read_at, kept)) == (read_at, kept)


def test_link_not_asked_for_lately_is_still_remembered() -> None:
    links = Links(100_000)
    codes = [new_code() for _ in range(3 * LATELY)]

    for number, code in enumerate(codes):
        links.keep(code, 5.0, link(number, code))

    assert links.get(codes[0]) == (5.0, link(0, codes[0]))
    assert len(links) == len(codes)


def test_links_are_remembered_up_to_the_capacity() -> None:
    links = Links(10)
    codes = [new_code() for _ in range(40)]

    for number, code in enumerate(codes):
        links.keep(code, 5.0, link(number, code))

    assert len(links) <= 10
    assert (links.get(codes[0]), links.get(codes[-1])) == (None, (5.0, link(39, codes[-1])))


def test_doubted_link_is_there_and_not_believed() -> None:
    links = Links(10)
    links.keep("hebdmana9", 5.0, link(1, "hebdmana9"))

    links.doubt("hebdmana9")
    doubted = links.get("hebdmana9")
    links.keep("hebdmana9", 6.0, link(1, "hebdmana9"))
    links.doubt_all(6.0)

    assert doubted == links.get("hebdmana9") == (NEVER, link(1, "hebdmana9"))


@pytest.mark.parametrize("capacity", [1, 2, 7])
def test_memory_never_holds_more_than_it_should(capacity: int) -> None:
    memory: Memory[int] = Memory(capacity)

    for number in range(50):
        memory.keep(number, number + 1)

    assert len(memory) <= max(2, capacity)
    assert memory.get(49) == 50
