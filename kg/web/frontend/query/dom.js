// Elements without HTML from strings: text stays text, whatever an article says.

const SVG = "http://www.w3.org/2000/svg";

/** Create an HTML element; attributes that are null or false are left out, functions become listeners. */
export function html(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Create an SVG element likewise. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** A labelled choice of one of some options, each [value, text]. */
export function choice(label, options, chosen, onChange) {
  const select = html("select", { change: () => onChange(select.value) });
  for (const [value, text] of options) select.append(html("option", { value, selected: value === chosen }, text));
  return html("label", { class: "choice" }, html("span", {}, label), select);
}
