/** The theme of VitePress without its fonts, so that nothing is loaded from elsewhere, and the playground. */
import Theme from "vitepress/theme-without-fonts";
import { defineAsyncComponent } from "vue";
import WhenSeen from "../../playground/WhenSeen.js";
import "./style.css";

export default {
  extends: Theme,
  enhanceApp({ app }: Parameters<NonNullable<typeof Theme.enhanceApp>>[0]): void {
    app.component("PolicyPlayground", defineAsyncComponent(() => import("../../playground/Playground.js")));
    app.component("CompilerView", defineAsyncComponent(() => import("../../compiler/CompilerView.js")));
    app.component("WhenSeen", WhenSeen);
  },
};
