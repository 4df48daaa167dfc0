// The drawings that are not Lucide's: network marks from two icon sets, and our own megaphone, as one sprite.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const BOOTSTRAP = "node_modules/bootstrap-icons/icons";

export const SYMBOLS = {
  linkedin: `${BOOTSTRAP}/linkedin.svg`,
  x: `${BOOTSTRAP}/twitter-x.svg`,
  facebook: `${BOOTSTRAP}/facebook.svg`,
  whatsapp: `${BOOTSTRAP}/whatsapp.svg`,
  telegram: `${BOOTSTRAP}/telegram.svg`,
  threads: `${BOOTSTRAP}/threads.svg`,
  bluesky: `${BOOTSTRAP}/bluesky.svg`,
  mastodon: `${BOOTSTRAP}/mastodon.svg`,
  xing: "node_modules/simple-icons/icons/xing.svg",
  email: `${BOOTSTRAP}/envelope.svg`,
  copy: `${BOOTSTRAP}/copy.svg`,
  qr: `${BOOTSTRAP}/qr-code.svg`,
  device: `${BOOTSTRAP}/phone.svg`,
  dummy: "assets/brand/agora.svg",
  others: `${BOOTSTRAP}/three-dots.svg`,
  portevoix: "assets/brand/mark.svg",
};

export function asSymbol(id, svg) {
  const viewBox = svg.match(/viewBox="([^"]+)"/)[1];
  const drawing = svg.match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1].replace(/<title>[\s\S]*?<\/title>/g, "");
  return `<symbol id="${id}" viewBox="${viewBox}">${drawing.replace(/\s*\n\s*/g, "")}</symbol>`;
}

export async function writeSprite(root, target) {
  const symbols = await Promise.all(
    Object.entries(SYMBOLS).map(async ([id, path]) => asSymbol(id, await readFile(join(root, path), "utf8"))),
  );
  await writeFile(target, `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}
