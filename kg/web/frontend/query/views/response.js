// The answer as the server has sent it.
import { html } from "../dom.js";
import { number, t } from "../page.js";

const MOST_LETTERS = 200_000;

/** Draw the answer into the container. */
export function draw(container, { text }) {
  const shown = text.slice(0, MOST_LETTERS);
  const attributes = { class: "response", tabindex: "0", role: "region", "aria-label": t("view_response") };
  container.append(html("pre", attributes, shown));
  if (shown.length < text.length) {
    const letters = { count: number(shown.length), all: number(text.length) };
    container.append(html("p", { class: "hint" }, t("only_first_letters", letters)));
  }
}
