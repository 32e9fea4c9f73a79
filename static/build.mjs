// Builds static/dist: the banner, its dialog, and the vendored files as they are.
import { build } from "esbuild";
import { copyFile, mkdir, readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const PLACEHOLDER = '"__CONSENT_CONFIG__"';
const VENDORED = "htmx-2.0.11.js";

const minifiedCss = {
  name: "css as minified text",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const options = { entryPoints: [path], minify: true, write: false, plugins: [] };
      const { outputFiles } = await build({ ...options, loader: { ".css": "css" } });
      // It leaves the values of custom properties as they are written.
      const tight = outputFiles[0].text.trim().replace(/(--[\w-]+:|var\(--[\w-]+,) /g, "$1");
      return { contents: tight, loader: "text" };
    }),
};

/** What the banner's modules and parts call things among themselves, and nobody else sees, is shortened. */
const OWN_NAMES = [
  ...["secrets", "setSecret", "handedOver", "handOver", "forgetHandOver", "hourAsked", "setHourAsked"],
  ...["keep", "drop", "known", "keepRefusals", "flush", "alone", "tellUnsent"],
];

const bundle = (entry, outfile, format, options) =>
  build({
    entryPoints: [here(entry)],
    outfile: here(outfile),
    format,
    bundle: true,
    minify: true,
    target: "es2020",
    charset: "utf8",
    legalComments: "none",
    plugins: [minifiedCss],
    ...options,
  });

const report = async (path) => {
  const bytes = await readFile(here(path));
  const brotli = brotliCompressSync(bytes).length;
  console.log(`static/${path}: ${bytes.length} bytes, ${brotli} with brotli`);
};

const mangleProps = RegExp(`^(${OWN_NAMES.join("|")})$`);
const { mangleCache } = await bundle("src/banner/main.js", "dist/banner.js", "iife", { mangleProps, mangleCache: {} });
for (const folder of ["parts", "stubs"]) {
  await mkdir(here(`dist/${folder}`), { recursive: true });
  for (const name of await readdir(here(`src/${folder}`)))
    await bundle(`src/${folder}/${name}`, `dist/${folder}/${name}`, "iife", { mangleProps, mangleCache });
}
await bundle("src/dialog/dialog.js", "dist/dialog.js", "esm");
await bundle("src/answers/return.js", "dist/return.js", "esm");
for (const name of await readdir(here("src/pages"))) await bundle(`src/pages/${name}`, `dist/${name}`, "esm");
await bundle("src/receipt/main.js", "dist/receipt.js", "esm");
await bundle("src/replay/stage.js", "dist/stage.js", "iife");
await mkdir(here("dist/layouts"), { recursive: true });
const layouts = (await readdir(here("css/layouts"))).map((name) => `layouts/${name}`);
for (const name of ["pages.css", "docs.css", "replay.css", ...layouts])
  await build({
    entryPoints: [here(`css/${name}`)],
    outfile: here(`dist/${name}`),
    minify: true,
    target: "es2020",
  });
await copyFile(here(`vendor/${VENDORED}`), here(`dist/${VENDORED}`));
await copyFile(here("src/consent.d.ts"), here("dist/consent.d.ts"));

for (const name of ["banner.js", "dialog.js"]) {
  const places = (await readFile(here(`dist/${name}`), "utf8")).split(PLACEHOLDER).length - 1;
  if (places !== 1) throw new Error(`${name} has ${places} places for its configuration`);
}

await report("dist/banner.js");
await report("dist/dialog.js");
