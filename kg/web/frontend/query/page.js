// What the server has written into the page: its language, its words, and where it serves what.

const container = document.getElementById("editor");

export const language = document.documentElement.lang;
export const endpoint = new URL(container.dataset.endpoint, location.href).href;
const base = container.dataset.base;
const messages = JSON.parse(document.getElementById("messages").textContent);

/** Return a message with its placeholders filled. */
export function t(key, values = {}) {
  return messages[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

const sentences = Object.entries(messages)
  .filter(([key]) => key.startsWith("told."))
  .sort(([one], [other]) => other.length - one.length)
  .map(([key, words]) => {
    const parts = key.slice(5).split(/\{(\w+)\}/);
    const escaped = parts.map((part, place) =>
      place % 2 ? `(?<${part}>.+)` : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"),
    );
    return [new RegExp(`^${escaped.join("")}$`, "s"), words];
  });

/** Return a sentence of a problem document in the page's language, where it has it, with the language that it is in. */
export function tell(sentence) {
  for (const [pattern, words] of sentences) {
    const found = pattern.exec(sentence);
    const write = (_, name) => found.groups[name].replace(/^(\d+)\.(\d+)$/, "$1,$2");
    if (found) return { text: words.replace(/\{(\w+)\}/g, write), lang: language };
  }
  return { text: sentence, lang: "en" };
}

/** Return what a type of problem is called and what to do about it; nothing for a type that the page does not know. */
export function wordProblem(type) {
  const kind = `problem.${(type ?? "").split("/").at(-1)}`;
  return messages[kind] ? { message: messages[kind], remedy: messages[`${kind}-then`] } : null;
}

const numbers = new Intl.NumberFormat(language);

/** Write a number as people of the page's language do. */
export function number(value) {
  return numbers.format(value);
}

/** Return where a thing is shown: its page here if it is one of ours, "" where a browser had better not follow it. */
export function hrefOf(iri) {
  if (iri.startsWith(`${base}id/`)) return `/page/${iri.slice(base.length + 3)}`;
  return /^https?:/.test(iri) ? iri : "";
}
