// Builds everything a browser receives from us into src/portevoix/static/built. Run it with `npm run build`.
import { spawn } from "node:child_process";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { writeCompressed } from "./compress.js";
import { writeFonts } from "./fonts.js";
import { writeSprite } from "./icons.js";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const BUILT = join(ROOT, "src/portevoix/static/built");
const ENTRIES = ["public.js", "member.js", "studio.js"];

// The same Node that runs this file, wherever it came from: nothing is looked up on the PATH.
function runTailwind() {
  const cli = join(ROOT, "node_modules/@tailwindcss/cli/dist/index.mjs");
  const options = ["-i", "assets/css/app.css", "-o", join(BUILT, "app.css"), "--minify"];
  return new Promise((resolve, reject) => {
    const tailwind = spawn(process.execPath, [cli, ...options], { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    tailwind.stderr.on("data", (piece) => (said += piece));
    tailwind.on("error", reject);
    tailwind.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`Tailwind stopped:\n${said}`))));
  });
}

function bundleScripts() {
  return build({
    entryPoints: ENTRIES.map((name) => join(ROOT, "assets/js", name)),
    outdir: BUILT,
    bundle: true,
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    format: "esm",
    target: "es2022",
    minify: true,
    logLevel: "warning",
  });
}

// What other sites include: one classic script by itself.
function buildScriptForSites() {
  return build({
    entryPoints: [join(ROOT, "assets/js/pv.js")],
    outdir: BUILT,
    bundle: true,
    format: "iife",
    target: "es2020",
    minify: true,
    logLevel: "warning",
  });
}

await rm(BUILT, { recursive: true, force: true });
await mkdir(join(BUILT, "fonts"), { recursive: true });
await Promise.all([
  runTailwind(),
  bundleScripts(),
  buildScriptForSites(),
  writeFonts(ROOT, join(BUILT, "fonts")),
  writeSprite(ROOT, join(BUILT, "icons.svg")),
  copyFile(join(ROOT, "assets/brand/favicon.svg"), join(BUILT, "favicon.svg")),
]);
await writeCompressed(BUILT);
