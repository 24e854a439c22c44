// The examples: found by their words, and opened in a tab.
import { language } from "./page.js";

const byId = (id) => document.getElementById(id);

/** Let `open` open an example that is chosen, given its query, view and name; other ways to follow its link stay. */
export function setUpExamples(open) {
  byId("find-example").addEventListener("input", filterExamples);
  byId("examples-list").addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { query, view } = Object.fromEntries(new URL(link.href).searchParams);
    open({ query, view, name: link.textContent });
  });
}

/** Show the examples that have all words in their title or description. */
function filterExamples({ currentTarget: input }) {
  const words = input.value.toLocaleLowerCase(language).split(/\s+/);
  for (const group of byId("examples-list").querySelectorAll("details")) {
    const items = [...group.querySelectorAll("li")];
    for (const item of items) {
      const text = item.textContent.toLocaleLowerCase(language);
      item.hidden = !words.every((word) => text.includes(word));
    }
    group.hidden = items.every((item) => item.hidden);
    if (input.value) group.open = true;
  }
}
