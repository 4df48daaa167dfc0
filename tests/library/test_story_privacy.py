from datetime import datetime

from cast import Cast
from make_library import PaperDoor, make_story
from portevoix.library import privacy
from portevoix.library.actions import suggestions
from portevoix.library.models import Story, Suggestion


def test_person_gets_what_they_offered_and_leaves_stories_without_their_name(
    cast: Cast, now: datetime
) -> None:
    offered = suggestions.suggest_story(
        person=cast.ana, link="https://gazette.example/a", comment="Oui", now=now
    )
    suggestions.accept_suggestion(suggestion=offered, person=cast.ines, now=now, door=PaperDoor())  # type: ignore[arg-type]
    make_story(cast.chloe, now=now)

    export = privacy.export_person(cast.ana)
    erased_count = privacy.erase_person(cast.ana)

    assert [row["comment"] for row in export["suggestions"]] == ["Oui"]
    assert [row["suggested"] for row in export["stories"]] == [True]
    assert erased_count == 1
    assert (Suggestion.objects.count(), Story.objects.count()) == (0, 2)
    assert Story.objects.exclude(suggested_by=None).count() == 0
