// Pointing at a claim shows its sentence in the text, and pointing at a sentence shows its claims.
"use strict";

const sentences = [...document.querySelectorAll("[data-claims]")];
const claims = [...document.querySelectorAll(".claim-column > li[id]")];
const numbersOf = (sentence) => sentence.dataset.claims.split(" ");
const numberOf = (claim) => claim.id.replace("claim-", "");

function show(numbers) {
  for (const sentence of sentences) sentence.classList.toggle("shown", numbersOf(sentence).some((n) => numbers.includes(n)));
  for (const claim of claims) claim.classList.toggle("shown", numbers.includes(numberOf(claim)));
}

function listen(element, numbers) {
  for (const event of ["pointerenter", "focusin"]) element.addEventListener(event, () => show(numbers));
  for (const event of ["pointerleave", "focusout"]) element.addEventListener(event, () => show([]));
}

for (const sentence of sentences) listen(sentence, numbersOf(sentence));
for (const claim of claims) listen(claim, [numberOf(claim)]);
