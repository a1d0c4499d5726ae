import { defineConfig, type DefaultTheme } from "vitepress";
import { fileURLToPath } from "node:url";
import { contentFolder, writeContent, type Rule } from "../build/content.js";
import { makeRelative, PLACEHOLDER } from "../build/relative.js";

const shim = (name: string): string => fileURLToPath(new URL(`../shims/${name}.ts`, import.meta.url));
const rules = writeContent();
/** What pages use of HTML within a line. */
const HTML = /^<(?:!--|\/?(?:br|code|details|summary|ClientOnly|WhenSeen|PolicyPlayground|CompilerView)\b)/;

export default defineConfig({
  title: "hostnetwork-policies",
  description: "Kubernetes hostNetwork rules written once in TypeScript, for Gatekeeper, Kyverno, ValidatingAdmissionPolicy and wasm; with a playground.",
  lang: "en",
  base: PLACEHOLDER,
  srcDir: contentFolder,
  // The same sources give the same site.
  lastUpdated: false,
  head: [["link", { rel: "icon", href: `${PLACEHOLDER}icon.svg` }]],
  markdown: {
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    languageAlias: { rego: "python", cel: "javascript", console: "shellsession" },
    config: ({ renderer: { rules: render } }) => {
      // Braces in the pages are those of Helm and the like, never Vue's.
      for (const name of ["text", "code_inline"] as const) {
        const usual = render[name];
        if (usual !== undefined) render[name] = (...given) => usual(...given).replaceAll("{{", "&#123;&#123;");
      }
      // Nor is `<stdin>` in a sentence an element.
      render["html_inline"] = (tokens, index) => {
        const { content = "" } = tokens[index] ?? {};
        return HTML.test(content) ? content : content.replaceAll("<", "&lt;");
      };
    },
  },
  themeConfig: {
    search: { provider: "local" },
    nav: [
      { text: "Playground", link: "/playground" },
      { text: "Compiler", link: "/compiler" },
      { text: "Rules", link: "/docs/rules/" },
      { text: "Guides", link: "/docs/" },
    ],
    sidebar: sidebar(rules),
    outline: { level: [2, 3] },
  },
  vite: {
    resolve: {
      alias: { "node:util": shim("node-util"), "node:crypto": shim("node-crypto"), "node:fs/promises": shim("node-fs-promises"), glob: shim("glob") },
    },
    json: { stringify: true },
    worker: { format: "es" },
    build: { target: "es2022", assetsInlineLimit: 0, chunkSizeWarningLimit: 2000 },
  },
  buildEnd: ({ outDir }) => {
    makeRelative(outDir);
  },
});

function sidebar(all: readonly Rule[]): DefaultTheme.SidebarItem[] {
  return [
    {
      text: "Use",
      items: [
        { text: "Overview", link: "/overview" },
        { text: "Playground", link: "/playground" },
        { text: "Examples", link: "/examples/" },
        { text: "Gatekeeper", link: "/docs/install-gatekeeper" },
        { text: "Kyverno", link: "/docs/install-kyverno" },
        { text: "ValidatingAdmissionPolicy", link: "/docs/install-validating-admission-policy" },
        { text: "Move from K8sPSPHostNetworkingPorts", link: "/docs/migrate-from-psp-host-networking-ports" },
        { text: "Glossary", link: "/docs/glossary" },
        { text: "All pages", link: "/docs/" },
      ],
    },
    { text: "Rules", items: [{ text: "All rules", link: "/docs/rules/" }, ...all.map(({ id }) => ({ text: id, link: `/docs/rules/${id}` }))] },
    {
      text: "Write and change rules",
      items: [
        { text: "Writing a rule", link: "/policies/" },
        { text: "The subset of TypeScript", link: "/docs/subset" },
        { text: "Compiler view", link: "/compiler" },
        { text: "The compiler", link: "/generator/" },
        { text: "Contributing", link: "/CONTRIBUTING" },
      ],
    },
    {
      text: "Background",
      items: [
        { text: "Security", link: "/SECURITY" },
        { text: "Proof", link: "/docs/proof" },
        { text: "Costs", link: "/docs/cost" },
        { text: "Tests", link: "/test/" },
        { text: "Changelog", link: "/CHANGELOG" },
      ],
    },
  ];
}
