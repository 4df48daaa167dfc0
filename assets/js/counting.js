// How networks count, for live counters: the same rules as src/portevoix/networks/counting.py and links.py,
// held together by tests/networks/vectors.json. A unit's name comes from the page (data-unit).

const COUNTRY_ENDINGS =
  "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw " +
  "by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et " +
  "eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id " +
  "ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu " +
  "lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np " +
  "nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk " +
  "sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy " +
  "uz va vc ve vg vi vn vu wf ws ye yt za zm zw";
const GENERIC_ENDINGS =
  "academy aero africa agency app arab archi art asia auto bank bio biz blog brussels business cafe " +
  "capital care careers cat center chat city clinic cloud club coach codes com community company " +
  "computer consulting coop corsica design dev digital direct earth edu education email energy " +
  "engineering events exchange expert farm fashion finance fitness foundation fund gallery global gov " +
  "green group guide health help holdings hospital hotel house info insurance int international jobs " +
  "legal life link live london ltd market marketing media mil mobi museum name net network news ngo " +
  "ong online org page paris partners photo pro productions property quebec report restaurant school " +
  "science services shop site social software solutions space store studio support systems tech " +
  "technology tel today tools tours town training travel university ventures video vision web website " +
  "wiki win work works world xyz zone";
export const ENDINGS = `${COUNTRY_ENDINGS} ${GENERIC_ENDINGS}`;

const SHORT_LINK_LENGTH = 23;
const EMOJI_WEIGHT = 2;
const LETTER = String.raw`A-Za-z0-9\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u024F`;
const PATH = String.raw`${LETTER}\u0400-\u04FF!*';:=+,.$/%#\[\]–—\-_~@\|&`;
const PATH_END = String.raw`${LETTER}\u0400-\u04FF=_#/+\-`;
const TAIL =
  String.raw`(?::[0-9]+)?(?:/(?:(?:[${PATH}]|\([${PATH}]+\))*(?:[${PATH_END}]|\([${PATH}]+\)))?)?` +
  String.raw`(?:\?[A-Za-z0-9!?*'\(\);:&=+$/%#\[\]\-_.,~\|@]*[A-Za-z0-9\-_&=#/])?`;
const SCHEMED =
  String.raw`(?<![A-Za-z0-9@＠$#＃])https?://(?:[\p{L}\p{N}_](?:[\p{L}\p{N}\p{M}_\-]*[\p{L}\p{N}\p{M}])?\.)+` +
  String.raw`(?:xn--[a-z0-9]+|\p{L}[\p{L}\p{M}]+)${TAIL}`;
const BARE =
  String.raw`(?<![${LETTER}@＠$#＃_.\/\-])(?:[${LETTER}](?:[${LETTER}_\-]*[${LETTER}])?\.)+` +
  String.raw`(?:${ENDINGS.replaceAll(" ", "|")})(?![${LETTER}@+\-])${TAIL}`;
const SCHEMED_LINK = new RegExp(SCHEMED, "giu");
const LINK = new RegExp(`${SCHEMED}|${BARE}`, "giu");

const PICTURE = String.raw`(?:[©®™♟]\uFE0F|(?![©®™♟])\p{Extended_Pictographic}(?!\uFE0E)\uFE0F?)\p{Emoji_Modifier}?`;
const EMOJI = new RegExp(
  String.raw`[0-9#*]\uFE0F?\u20E3|[\u{1F1E6}-\u{1F1FF}]{2}` +
    String.raw`|${PICTURE}(?:\u200D${PICTURE})*[\u{E0020}-\u{E007F}]*|\p{Emoji_Modifier}`,
  "gu",
);
const LITTLE_TEXT_RESERVED = /[\\|{}@[\]()<>#*_~]/g;
const REMOTE_MENTION = /(?<![/\p{L}\p{N}_])(@[a-z0-9_]+)@[a-z0-9.-]+[a-z0-9]/giu;

const bytes = new TextEncoder();
const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

const graphemeLength = (text) => [...segmenter.segment(text)].length;

function weight(character) {
  const point = character.codePointAt(0);
  const isLight =
    point <= 4351 ||
    (point >= 8192 && point <= 8205) ||
    (point >= 8208 && point <= 8223) ||
    (point >= 8242 && point <= 8247);
  return isLight ? 1 : 2;
}

function weightedLength(text) {
  let total = 0;
  const plain = text.normalize("NFC").replace(LINK, () => {
    total += SHORT_LINK_LENGTH - 1;
    return " ";
  });
  const rest = plain.replace(EMOJI, () => {
    total += EMOJI_WEIGHT;
    return "";
  });
  return [...rest].reduce((sum, character) => sum + weight(character), total);
}

function shortLinksLength(text) {
  return graphemeLength(text.replace(SCHEMED_LINK, "x".repeat(SHORT_LINK_LENGTH)).replace(REMOTE_MENTION, "$1"));
}

function emojiBytesLength(text) {
  let total = 0;
  const plain = text.replace(EMOJI, (emoji) => {
    total += byteLength(emoji);
    return "";
  });
  return total + [...plain].length;
}

const COUNTERS = {
  utf16: (text) => text.length,
  graphemes: graphemeLength,
  weighted: weightedLength,
  "little-text": (text) => text.replace(LITTLE_TEXT_RESERVED, "\\$&").length,
  "short-links": shortLinksLength,
  "emoji-bytes": emojiBytesLength,
};

const oneBreak = (text) => text.replace(/\r\n?/g, "\n");

/** The length of a text in a network's unit. */
export function count(unit, text) {
  return COUNTERS[unit](oneBreak(text));
}

/** The length of a text in UTF-8 bytes, for the networks that bound it too. */
export function byteLength(text) {
  return bytes.encode(oneBreak(text)).length;
}
