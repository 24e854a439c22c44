// A picture that is as wide as its frame, with choices above it that draw it anew.
import { choice, html, svg } from "../dom.js";
import { show } from "../names.js";
import { hrefOf, number } from "../page.js";

/**
 * Put the choices and the picture into the container.
 * @param name class of the frame
 * @param choices what is chosen: [key in `state`, label, options]; null is left out
 * @param draw returns the elements of the picture for a width
 */
export function frame(container, name, state, choices, draw) {
  const element = html("div", { class: name });
  let width = 0;
  const redraw = () => {
    width = element.clientWidth;
    element.replaceChildren(...draw(width || 300));
  };
  const choose = (key) => (value) => {
    state[key] = value;
    redraw();
  };
  const controls = choices
    .filter(Boolean)
    .map(([key, label, options]) => choice(label, options, state[key], choose(key)));
  container.append(html("div", { class: "view-controls" }, ...controls), element);
  redraw();
  new ResizeObserver(() => {
    if (element.clientWidth !== width) redraw();
  }).observe(element);
}

/** Draw what stands for a term: a link to its page if it has one. */
export function mark(name, term, count, ...parts) {
  const said = `${show(term)}: ${number(count)}`;
  const href = term.type === "uri" ? hrefOf(term.value) : "";
  const title = svg("title", {}, said);
  return href
    ? svg("a", { href, class: name, "aria-label": said }, title, ...parts)
    : svg("g", { class: name }, title, ...parts);
}
