"""How the studio colours states; never the colour alone, the word stands beside it."""

from portevoix.library.models import StoryState

STATE_TONES = {
    StoryState.DRAFT: "plain",
    StoryState.IN_REVIEW: "saffron",
    StoryState.SCHEDULED: "blue",
    StoryState.PUBLISHED: "mint",
    StoryState.EXPIRED: "plain",
    StoryState.ARCHIVED: "plain",
}
