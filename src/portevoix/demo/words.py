"""How people put things: a personal opening, a proposed caption, a closing, or words entirely their own."""

from collections import defaultdict
from dataclasses import dataclass, field
from random import Random

from portevoix.demo.company import Language
from portevoix.demo.stories import Caption, Story

OPENINGS: dict[Language, tuple[str, ...]] = {
    "fr": (
        "Lu ce matin dans le tram, et gardé pour vous.",
        "Un collègue me l’a fait suivre, je fais pareil.",
        "Je reçois souvent la question, voici un début de réponse.",
        "Deux minutes de lecture qui m’ont appris quelque chose.",
        "Je connais bien ce chantier, alors je me permets.",
        "Pour ceux qui me demandent ce que nous faisons de nos journées.",
        "J’en parlais justement hier avec un client.",
        "Rien de spectaculaire, et c’est ce qui me plaît.",
        "À lire tranquillement, avec un café.",
        "Je partage rarement ici. Cette fois, oui.",
        "Cela rejoint une discussion de la semaine passée.",
        "Si le sujet vous intéresse, les chiffres sont dedans.",
        "Je pense à quelques personnes en le lisant, elles se reconnaîtront.",
        "Un bon résumé de ce que j’essaie d’expliquer à mes amis.",
    ),
    "en": (
        "Read this on the train and thought of a few of you.",
        "A colleague sent it to me; passing it on.",
        "People ask me about this a lot. Here is a fair answer.",
        "Nothing spectacular, which is why I like it.",
        "I know this site well, so allow me.",
        "Two minutes well spent.",
    ),
    "ar": (
        "قرأته هذا الصباح وفكرت في بعضكم.",
        "كثيراً ما يُطرح عليّ هذا السؤال، وهنا بداية جواب.",
        "أرسله إليّ زميل، وأرسله إليكم بدوري.",
        "دقيقتان من القراءة، وفيهما فائدة.",
        "أعرف هذا المكان جيداً، لذلك أشاركه معكم.",
        "كلام بسيط وأرقام واضحة، وهذا ما أعجبني.",
        "كنت أتحدث عن هذا أمس مع أحد الزبائن.",
    ),
}
# The first two of each language suit a text without a link as well.
CLOSINGS: dict[Language, tuple[str, ...]] = {
    "fr": (
        "Vos questions sont les bienvenues, j’y réponds ici.",
        "Dites-moi si vous avez vu la même chose ailleurs.",
        "Je veux bien vos retours, surtout s’ils sont critiques.",
        "Si vous passez dans le coin, venez voir.",
        "La suite est dans l’article.",
        "Je garde la page sous la main.",
    ),
    "en": (
        "Happy to answer questions here.",
        "Tell me if you have seen it done differently.",
        "The details are in the article.",
    ),
    "ar": (
        "أسئلتكم مرحّب بها، وأجيب عنها هنا.",
        "يسعدني أن أقرأ رأيكم، خصوصاً إن كان مخالفاً.",
        "التفاصيل في المقال.",
    ),
}
# What is left for words on the short networks, once the link and the disclosure line are counted.
ROOM = {"x": 215, "bluesky": 215, "threads": 400, "mastodon": 420}
_WIDE = 2_000


@dataclass
class Notebook:
    """Remembers which words were already used on a story, so that no two people write the same thing of theirs."""

    _used: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def write(
        self, rng: Random, story: Story, language: Language, channel: str
    ) -> tuple[str, Caption | None]:
        """A text for that channel and the caption it started from; on X the text is always somebody's own.

        An empty text means that nothing new is left to say there.
        """
        room = ROOM.get(channel, _WIDE)
        if channel == "x" or rng.random() < 0.27:
            own = self._own(rng, story, language, room)
            if own or channel == "x":
                return own, None
        caption = rng.choice(captions_for(story, language, channel))
        return self._around(rng, story, caption, room), caption

    def _own(self, rng: Random, story: Story, language: Language, room: int) -> str:
        used = self._used[story.key]
        fresh = [
            words.text
            for words in story.own_words
            if words.language == language and words.text not in used and len(words.text) <= room
        ]
        text = rng.choice(fresh) if fresh else ""
        used.add(text)
        return text

    def _around(self, rng: Random, story: Story, caption: Caption, room: int) -> str:
        used = self._used[story.key]
        tries = [_dressed(rng, story, caption) for _attempt in range(12)]
        fitting = [text for text in tries if len(text) <= room]
        text = next((text for text in fitting if text not in used), caption.text)
        used.add(text)
        return text


def _dressed(rng: Random, story: Story, caption: Caption) -> str:
    kind = rng.random()
    parts = [caption.text]
    if kind < 0.75:
        parts.insert(0, rng.choice(OPENINGS[caption.language]))
    if 0.45 < kind < 0.9:
        closings = CLOSINGS[caption.language]
        parts.append(rng.choice(closings if story.link else closings[:2]))
    return "\n\n".join(parts)


def captions_for(story: Story, language: Language, channel: str) -> tuple[Caption, ...]:
    """The captions of a story that a channel may use in that language."""
    return tuple(
        caption
        for caption in story.captions
        if caption.language == language and caption.network in {"", channel}
    )
