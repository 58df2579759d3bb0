// Every file in src/pages is a page's script of its own, served as /NAME.js; what pages share, and
// what is loaded on demand, are files with a hash in their name, served from /assets.
import { readdirSync } from "node:fs";
import { defineConfig } from "vite";

const PAGES = "src/pages";
const STYLES = ["page", "fonts"];

const scripts = readdirSync(new URL(PAGES, import.meta.url))
  .filter((name) => name.endsWith(".ts"))
  .map((name) => [name.slice(0, -".ts".length), `${PAGES}/${name}`]);

export default defineConfig({
  base: "/",
  publicDir: false,
  build: {
    outDir: "../src/bongsu/console/data/web",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0, // the content security policy lets nothing in from `data:`
    modulePreload: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_000,
    rollupOptions: {
      input: {
        ...Object.fromEntries(scripts),
        ...Object.fromEntries(STYLES.map((name) => [name, `src/${name}.css`])),
      },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: (asset) =>
          STYLES.some((name) => asset.originalFileNames.includes(`src/${name}.css`))
            ? "[name][extname]"
            : "assets/[name]-[hash][extname]",
      },
    },
  },
});
