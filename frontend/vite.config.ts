// Builds the assets that every page loads (app), the islands that load when a page needs them, and the icon sprite.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig, type Plugin } from "vite";
import { ICONS } from "./src/icons.ts";

const OUT = "../src/zhiqiao/web/static/dist";
const FONTS = "../src/zhiqiao/engines/documents/fonts";

/** One SVG file with a symbol for each icon in use, so that a page names an icon and downloads it once. */
function sprite(): Plugin {
  const symbol = (name: string): string => {
    const svg = readFileSync(`node_modules/lucide-static/icons/${name}.svg`, "utf8");
    const body = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
    return `<symbol id="${name}" viewBox="0 0 24 24">${body.replace(/\s+/g, " ").trim()}</symbol>`;
  };
  return {
    name: "zhiqiao-sprite",
    generateBundle() {
      const licence = "<!-- Icons: Lucide, ISC licence -->";
      const source = `<svg xmlns="http://www.w3.org/2000/svg">${licence}${ICONS.map(symbol).join("")}</svg>`;
      this.emitFile({ type: "asset", fileName: "icons.svg", source });
    },
  };
}

/** A .gz beside every text file: the web server then sends it without compressing anything itself. */
function gzip(): Plugin {
  const walk = (folder: string): string[] =>
    readdirSync(folder).flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? walk(path) : [path];
    });
  return {
    name: "zhiqiao-gzip",
    closeBundle() {
      for (const path of walk(OUT).filter((name) => /\.(js|css|svg)$/.test(name))) {
        writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
      }
    },
  };
}

/** The Chinese font of printed documents, beside the engine that embeds it: no browser ever loads it. */
function documentFonts(): Plugin {
  const from = "node_modules/@embedpdf/fonts-sc";
  return {
    name: "zhiqiao-document-fonts",
    closeBundle() {
      mkdirSync(FONTS, { recursive: true });
      for (const weight of ["Regular", "Bold"]) {
        copyFileSync(`${from}/fonts/NotoSansHans-${weight}.otf`, `${FONTS}/NotoSansHans-${weight}.otf`);
      }
      copyFileSync(`${from}/LICENSE`, `${FONTS}/LICENSE.txt`);
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [tailwindcss(), sprite(), gzip(), documentFonts()],
  build: {
    outDir: OUT,
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
    license: { fileName: "licences.md" },
    rolldownOptions: {
      input: ["src/app.ts"],
      // htmx holds an eval for attributes we never use: allowEval is off and the content policy forbids it.
      onLog: (level, log, next) => {
        if (log.code !== "EVAL" || !log.id?.includes("htmx.org")) next(level, log);
      },
    },
  },
});
