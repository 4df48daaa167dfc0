// How much of a post is the person's own, for the live gauge: the same rules as
// src/portevoix/sharing/own_words.py, held together by tests/sharing/own_words_vectors.json.
const MOST_WORDS_COMPARED = 1000;
const LONGEST_WORD_OF_EVERYBODY = 3;

const fold = (text) => text.normalize("NFKD").replace(/[\p{M}\u0640]+/gu, "").toLowerCase();

function words(text) {
  const unlinked = text.replace(/(?:https?:\/\/|www\.)\S+/giu, (link) => " ".repeat(link.length));
  return [...unlinked.matchAll(/[\p{L}\p{N}\p{M}]+/gu)]
    .map((match) => ({ start: match.index, end: match.index + match[0].length, sound: fold(match[0]) }))
    .filter((word) => word.sound);
}

function mostAlike(written, sources) {
  const common = (source) => {
    const left = new Map();
    for (const { sound } of written) left.set(sound, (left.get(sound) ?? 0) + 1);
    return source.filter((sound) => left.get(sound) > 0 && left.set(sound, left.get(sound) - 1)).length;
  };
  return sources.reduce((best, source) => (common(source) > common(best) ? source : best), sources[0] ?? []);
}

function longestCommon(a, b) {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i][j] = a[i] === b[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
  const shared = a.map(() => false);
  for (let i = 0, j = 0; i < a.length && j < b.length; )
    if (a[i] === b[j]) (shared[i++] = true), j++;
    else lengths[i + 1][j] >= lengths[i][j + 1] ? i++ : j++;
  return shared;
}

function sharedWords(a, b) {
  let head = 0, tail = 0;
  while (head < Math.min(a.length, b.length) && a[head] === b[head]) head++;
  while (tail < Math.min(a.length, b.length) - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const cut = (list) => list.slice(head, list.length - tail).slice(0, MOST_WORDS_COMPARED);
  const middle = longestCommon(cut(a), cut(b));
  return a.map((_, at) => at < head || at >= a.length - tail || (middle[at - head] ?? false));
}

/** { ratio, pieces: [{ text, own }] }: the person's share of the words, and the text cut into own and suggested. */
export function ownWords(text, suggestions, disclosure = "") {
  const all = words(text), from = disclosure ? text.indexOf(disclosure) : -1;
  const written = all.filter((word) => from < 0 || word.end <= from || word.start >= from + disclosure.length);
  const sounds = written.map((word) => word.sound);
  const shared = sharedWords(sounds, mostAlike(written, suggestions.map((one) => words(one).map((word) => word.sound))));
  const isLong = (sound) => [...sound].length > LONGEST_WORD_OF_EVERYBODY;
  const own = sounds.map((sound, at) => !(shared[at] && (isLong(sound) || shared[at - 1] || shared[at + 1])));
  const ownStarts = new Set(written.filter((_, at) => own[at]).map((word) => word.start));
  const changes = [{ start: 0, own: false }];
  for (const { start } of all)
    if (ownStarts.has(start) !== changes.at(-1).own) changes.push({ start, own: ownStarts.has(start) });
  const pieces = changes.map((change, at) => ({ text: text.slice(change.start, changes[at + 1]?.start), own: change.own }));
  return { ratio: own.filter(Boolean).length / (own.length || 1), pieces: pieces.filter((piece) => piece.text) };
}
