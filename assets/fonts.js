// Cuts the fonts to the letters of our three languages and drops hinting: half the weight, the same drawing.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import subsetFont from "subset-font";

const PLEX = "node_modules/@fontsource/ibm-plex-sans/files/ibm-plex-sans";
const PLEX_ARABIC = "node_modules/@fontsource/ibm-plex-sans-arabic/files/ibm-plex-sans-arabic";
const WEIGHTS = [400, 600];

// Arabic as written from Rabat to Muscat, with the letters used for foreign names (پ چ ڤ ڨ ڭ گ).
const ARABIC = letters([
  [0x20, 0x22], [0x28, 0x29], [0x2e, 0x2e], [0x3a, 0x3a], [0xab, 0xab], [0xbb, 0xbb], [0x060c, 0x060c],
  [0x061b, 0x061b], [0x061f, 0x061f], [0x0621, 0x063a], [0x0640, 0x0652], [0x0660, 0x066c], [0x0670, 0x0671],
  [0x067e, 0x067e], [0x0686, 0x0686], [0x06a4, 0x06a4], [0x06a8, 0x06a8], [0x06ad, 0x06ad], [0x06af, 0x06af],
  [0x200c, 0x200f],
]);

const LATIN = letters([
  [0x20, 0x7e], [0xa0, 0xff], [0x131, 0x131], [0x152, 0x153], [0x2bb, 0x2bc], [0x2c6, 0x2c6], [0x2da, 0x2da],
  [0x2dc, 0x2dc], [0x2009, 0x2009], [0x200b, 0x200f], [0x2010, 0x2027], [0x202f, 0x202f], [0x2030, 0x203a],
  [0x20ac, 0x20ac], [0x2122, 0x2122], [0x2212, 0x2212],
]);
// The drawing variants and fractions that no page asks for weigh a quarter of the file.
const LATIN_FEATURES = ["ccmp", "kern", "liga", "locl", "mark", "mkmk", "tnum", "sups"];

const CUTS = WEIGHTS.flatMap((weight) => [
  { name: `plex-latin-${weight}`, source: `${PLEX}-latin-${weight}-normal.woff2`, text: LATIN, keepFeatures: LATIN_FEATURES },
  { name: `plex-latin-ext-${weight}`, source: `${PLEX}-latin-ext-${weight}-normal.woff2` },
  { name: `plex-arabic-${weight}`, source: `${PLEX_ARABIC}-arabic-${weight}-normal.woff2`, text: ARABIC },
]);

function letters(ranges) {
  return ranges
    .flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, step) => String.fromCodePoint(first + step)))
    .join("");
}

async function cut({ source, text, keepFeatures }, root) {
  const whole = await readFile(join(root, source));
  const kept = text === undefined ? { keepAllGlyphs: true } : {};
  return subsetFont(whole, text, { targetFormat: "woff2", noHinting: true, keepFeatures, ...kept });
}

export async function writeFonts(root, folder) {
  for (const font of CUTS) {
    await writeFile(join(folder, `${font.name}.woff2`), await cut(font, root));
  }
}
