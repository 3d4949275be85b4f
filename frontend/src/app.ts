// What every page loads: htmx, and the few behaviours of the frame that need a script.
import htmx from "htmx.org";
import "./app.css";
import { startConfirm } from "./confirm";
import { startDrawer } from "./drawer";
import { startFrame } from "./frame";
import { startSelection } from "./selection";
import { startTables } from "./tables";

htmx.config.includeIndicatorStyles = false; // the content policy allows no inline style
htmx.config.allowEval = false;
htmx.config.historyCacheSize = 0; // pages may hold personal data: nothing of them stays in the browser's storage
htmx.config.refreshOnHistoryMiss = true;

/** Load the code of an island when the page holds one. */
function loadIslands(): void {
  if (document.querySelector("zq-chart") && !customElements.get("zq-chart")) {
    void import("./chart/element");
  }
  if (document.querySelector("[data-plan-editor]")) {
    void import("./plan/editor").then(({ startEditor }) => startEditor());
  }
}

startFrame();
startDrawer();
startConfirm();
startTables();
startSelection();
loadIslands();
document.addEventListener("htmx:afterSettle", loadIslands);
