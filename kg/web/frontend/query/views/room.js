// Room for the names in a picture: none covers another or leaves it.
const LETTER = 6.6; // pixels, about
const LINE = 8; // half the height of a name

/** What takes names into a picture of this width, those that matter most first. */
export class Room {
  taken = [];

  constructor(width) {
    this.width = width;
  }

  /**
   * Return the attributes of the text that names a circle, at its right or else at its left. Where neither has room it is
   * of the class "covered", which shows only while one points at it.
   */
  place(name, x, y, radius) {
    const length = radius + 4 + name.length * LETTER;
    const sides = [
      { box: [x, y - LINE, x + length, y + LINE], x: x + radius + 3, "text-anchor": "start" },
      { box: [x - length, y - LINE, x, y + LINE], x: x - radius - 3, "text-anchor": "end" },
    ];
    const found = sides.find(({ box }) => this.#isFree(box));
    if (found) this.taken.push(found.box);
    const { box, ...attributes } = found ?? sides[x + length > this.width ? 1 : 0];
    return { ...attributes, y: y + 4, class: found ? "name" : "name covered" };
  }

  #isFree(box) {
    const isInside = box[0] >= 0 && box[2] <= this.width;
    const isApart = (other) => box[2] < other[0] || other[2] < box[0] || box[3] < other[1] || other[3] < box[1];
    return isInside && this.taken.every(isApart);
  }
}
