// Pointing at a claim shows its sentence in the text, and pointing at a sentence shows its claims, with why they were read
// like this. Where the column of claims stays beside the text, it is moved to the first of them.
"use strict";

const sentences = [...document.querySelectorAll("[data-claims]")];
const claims = [...document.querySelectorAll(".claim-column > li[id]")];
const numbersOf = (sentence) => sentence.dataset.claims.split(" ");
const numberOf = (claim) => claim.id.replace("claim-", "");
const isBeside = matchMedia("(min-width: 60rem)"); // as in site.css

function show(numbers) {
  for (const sentence of sentences) sentence.classList.toggle("shown", numbersOf(sentence).some((n) => numbers.includes(n)));
  for (const claim of claims) claim.classList.toggle("shown", numbers.includes(numberOf(claim)));
}

/** Open the reasons of these claims, and close those that were opened like this before; what a reader opened stays. */
function explain(numbers) {
  for (const claim of claims) {
    const reasons = claim.querySelector("details.why");
    if (!reasons) continue;
    const isWanted = isBeside.matches && numbers.includes(numberOf(claim));
    if (isWanted && !reasons.open) reasons.dataset.opened = "";
    else if (isWanted || !("opened" in reasons.dataset)) continue;
    else delete reasons.dataset.opened;
    reasons.open = isWanted;
  }
}

function follow(numbers) {
  show(numbers);
  explain(numbers);
  const claim = document.getElementById(`claim-${numbers[0]}`);
  const column = claim?.closest(".claim-column");
  if (!column || column.scrollHeight <= column.clientHeight) return;
  const { top, bottom } = claim.getBoundingClientRect();
  const frame = column.getBoundingClientRect();
  if (top < frame.top || bottom > frame.bottom) column.scrollTop += top - frame.top;
}

function listen(element, numbers, react) {
  for (const event of ["pointerenter", "focusin"]) element.addEventListener(event, () => react(numbers));
  for (const event of ["pointerleave", "focusout"]) element.addEventListener(event, () => show([]));
}

for (const sentence of sentences) listen(sentence, numbersOf(sentence), follow);
for (const claim of claims) listen(claim, [numberOf(claim)], show);
for (const number of document.querySelectorAll(".claim-number")) listen(number, [number.textContent], follow);
