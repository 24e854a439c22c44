// YASQE, YASGUI's editor: our completers in place of its own, no trap for the keyboard, and it asks this server only.
import { Yasgui } from "@zazuko/yasgui";
import "@zazuko/yasqe/build/yasqe.min.css";
import { ask } from "./answer.js";
import { registerCompleters } from "./completion.js";
import { endpoint, t } from "./page.js";

const PAUSE = 400; // milliseconds without a key until a mistake is told
const MOST_EXPECTED = 6;
const { Yasqe } = Yasgui;

const latest = new WeakMap(); // editor to the controller of what it asked last

/** Set what all editors have in common; `terms` is as `/sparql/terms` gives it. */
export function setUpEditors(terms) {
  const { extraKeys } = Yasqe.defaults;
  Object.assign(Yasqe.defaults, {
    autocompleters: registerCompleters(terms), // YASQE's own ask other servers
    // Tab leaves the editor; Escape closes what is offered, and would else take the focus nowhere
    extraKeys: { ...extraKeys, Tab: false, "Shift-Tab": false, "Ctrl-S": false, Esc: false },
    showQueryButton: false, // the page has buttons of its own, below the query
    resizeable: false,
    editorHeight: "auto",
    viewportMargin: Infinity,
  });
  // YASQE would read all of an answer, however long it is, and take a broken one for a whole one
  Yasqe.prototype.query = function () {
    return perform(this, ask);
  };
}

/**
 * Do something with an editor's query as YASQE does: stop what it did before, and tell YASGUI when it begins and ends.
 *
 * YASR is given what came of it: an answer, or something else that has a `kind` (see results.js).
 */
export async function perform(yasqe, action) {
  yasqe.abortQuery();
  const query = yasqe.getValue();
  const controller = new AbortController();
  latest.set(yasqe, controller);
  yasqe.emit("query", new Request(endpoint), controller);
  const outcome = await action(query, controller.signal).catch((problem) => {
    return problem.name === "AbortError" ? { kind: "stopped" } : { kind: "problem", problem };
  });
  const isOvertaken = latest.get(yasqe) !== controller || !yasqe.rootEl.isConnected;
  if (!isOvertaken) yasqe.emit("queryResponse", { ...outcome, query });
}

/** Prepare an editor that has just been drawn: without YASQE's buttons, and with mistakes told in `status`. */
export function dressEditor(yasqe, status) {
  yasqe.rootEl.querySelector(".yasqe_buttons").remove();
  let timer = 0;
  yasqe.on("changes", () => {
    clearTimeout(timer);
    timer = setTimeout(() => tellSyntax(yasqe, status), PAUSE);
  });
}

/** Tell in `status` where the query of an editor that is shown stops being SPARQL. */
export function tellSyntax(yasqe, status) {
  if (yasqe.rootEl.offsetParent === null) return;
  const { line, expected } = findProblem(yasqe) ?? {};
  status.textContent = line ? t("problem_line", { line, expected }) : "";
}

function findProblem(yasqe) {
  for (let line = 0; line < yasqe.lineCount(); line++) {
    const { state } = yasqe.getTokenAt({ line, ch: yasqe.getLine(line).length }, true);
    if (state.OK === false) {
      const expected = (state.possibleCurrent ?? []).filter((token) => !token.startsWith("<")).slice(0, MOST_EXPECTED);
      return { line: line + 1, expected: expected.join(" ") || "…" };
    }
  }
  return null;
}
