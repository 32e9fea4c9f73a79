// Builds what a page of each peer loads: `node build.mjs TEXTS FOLDER`.
import { build } from "esbuild";
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [texts, folder] = process.argv.slice(2);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

// Configured by a program of its own, or bundled with it where the peer is documented as a module.
const ENTRIES = ["c15t.jsx", "klaro.js", "orejime.js", "osano.js", "tarteaucitron.js", "vanilla.js"];

// Published ready to be served.
const FILES = {
  orejime: ["orejime/dist/orejime-standard-en.js", "orejime/dist/orejime-standard.css"],
  osano: ["cookieconsent/build/cookieconsent.min.js", "cookieconsent/build/cookieconsent.min.css"],
  tarteaucitron: [
    "tarteaucitronjs/tarteaucitron.min.js",
    "tarteaucitronjs/tarteaucitron.services.min.js",
    "tarteaucitronjs/css/tarteaucitron.min.css",
    "tarteaucitronjs/lang/tarteaucitron.en.min.js",
  ],
};

for (const entry of ENTRIES)
  await build({
    entryPoints: { main: here(`peers/${entry}`) },
    outdir: join(folder, entry.split(".")[0]),
    alias: { texts },
    bundle: true,
    minify: true,
    target: "es2020",
    charset: "utf8",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    legalComments: "none",
    logLevel: "error",
  });

for (const [peer, paths] of Object.entries(FILES))
  for (const path of paths) {
    const target = join(folder, peer, path.replace(/^[^/]+\/(dist\/|build\/)?/, ""));
    await mkdir(dirname(target), { recursive: true });
    await copyFile(here(`node_modules/${path}`), target);
  }
