// The editor: YASGUI's YASQE, in the language of the page and without a trap for the keyboard.
import Yasqe from "@zazuko/yasqe";
import "@zazuko/yasqe/build/yasqe.min.css";
import { registerCompleters } from "./completion.js";
import { t } from "./page.js";

const PAUSE = 400; // milliseconds without a key until a mistake is told
const MOST_EXPECTED = 6;

Yasqe.defaults.autocompleters = []; // YASQE's own ask other servers

/** Put an editor that `label` names into the container; `run` is called by Ctrl-Enter. */
export function createEditor(container, { query, label, terms, run }) {
  const yasqe = new Yasqe(container, {
    value: query,
    autocompleters: registerCompleters(terms),
    extraKeys: { "Ctrl-Enter": run, "Cmd-Enter": run, Tab: false, "Shift-Tab": false, "Ctrl-S": false },
    // what YASQE would do of its own: buttons over the text, links of another kind, drafts that outlive the page
    showQueryButton: false,
    createShareableLink: null,
    consumeShareLink: null,
    persistenceId: null,
    resizeable: false,
    editorHeight: "auto",
    viewportMargin: Infinity,
  });
  yasqe.getInputField().id = label.htmlFor = "query-editor";
  return yasqe;
}

/** Tell in `status` where the query stops being SPARQL, once nobody types. */
export function watchSyntax(yasqe, status) {
  let timer = 0;
  const tell = () => {
    const { line, expected } = findProblem(yasqe) ?? {};
    status.textContent = line ? t("problem_line", { line, expected }) : "";
  };
  yasqe.on("changes", () => {
    clearTimeout(timer);
    timer = setTimeout(tell, PAUSE);
  });
  tell();
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
