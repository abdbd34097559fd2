// Handles on a picture that Python paints: each follows the hand at once, and Python is told as fast as it answers.

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STRIDE = 10; // steps that an arrow key goes with Shift held
// Where there is one, the event that comes as the hand moves, and not with the next frame only.
const MOVED = "onpointerrawupdate" in window ? "pointerrawupdate" : "pointermove";

class Handle {
  constructor(owner, name) {
    this.owner = owner;
    this.name = name;
    this.held = null;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "course-handle";
    button.dataset.lmSuppressShortcuts = "true";
    button.addEventListener("pointerdown", (event) => this.grasp(event));
    button.addEventListener(MOVED, (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel"]) button.addEventListener(end, () => this.release());
    button.addEventListener("keydown", (event) => this.press(event));
    this.button = button;
  }

  show(wanted) {
    this.wanted = wanted;
    this.button.setAttribute("aria-label", wanted.label);
    this.button.title = `${wanted.title}: drag it, or move it with the arrow keys (Shift: further)`;
    // Answers to earlier moves of this handle would pull it back from where it has been put since.
    if (!this.held && this.owner.moving !== this.name) this.place(wanted.left, wanted.top);
  }

  place(left, top) {
    Object.assign(this, { left, top });
    const [across, down] = [left / this.owner.width, top / this.owner.height];
    this.button.style.transform = `translate(${100 * across}cqw, ${100 * down}cqh)`;
  }

  move(left, top) {
    const [first, highest, last, lowest] = this.wanted.box;
    this.place(Math.min(Math.max(left, first), last), Math.min(Math.max(top, highest), lowest));
    this.button.dataset.moves = Number(this.button.dataset.moves ?? 0) + 1;
    this.owner.tell({ name: this.name, left: this.left, top: this.top, held: Boolean(this.held) });
  }

  grasp(event) {
    this.button.setPointerCapture(event.pointerId);
    this.held = { x: event.clientX, y: event.clientY, left: this.left, top: this.top };
  }

  drag(event) {
    if (!this.held) return;
    const scale = this.owner.scale();
    this.move(this.held.left + (event.clientX - this.held.x) * scale, this.held.top + (event.clientY - this.held.y) * scale);
  }

  release() {
    if (!this.held) return;
    this.held = null;
    this.move(this.left, this.top);
  }

  press(event) {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    const length = this.wanted.step * (event.shiftKey ? STRIDE : 1);
    this.move(this.left + length * arrow[0], this.top + length * arrow[1]);
  }
}

export class Handles {
  constructor(model, picture, frame) {
    Object.assign(this, { model, picture, frame, byName: new Map(), moving: null, next: null, number: 0 });
    this.answered = ({ answers }) => {
      if (this.moving === null || answers !== this.number) return;
      this.moving = null;
      const next = this.next;
      this.next = null;
      if (next) this.tell(next);
      else this.rest();
    };
    // Its size is the unit in which handles are moved: a page is not laid out again for them, however wide it is.
    this.layer = document.createElement("div");
    this.layer.className = "course-handles";
    this.frame.append(this.layer);
    model.on("msg:custom", this.answered);
  }

  // What the picture says of the handles holds again: nobody has moved one since.
  rest() {
    delete this.layer.dataset.moving;
    this.show();
  }

  show() {
    for (const one of this.picture.handles) {
      if (!this.byName.has(one.name)) {
        const handle = new Handle(this, one.name);
        this.byName.set(one.name, handle);
        this.layer.append(handle.button);
      }
      this.byName.get(one.name).show(one);
    }
  }

  get width() {
    return this.picture.width;
  }

  get height() {
    return this.picture.height;
  }

  scale() {
    return this.width / this.frame.getBoundingClientRect().width;
  }

  // One move is on its way at a time, until its picture or word comes back; of those made meanwhile only the last is still
  // of interest.
  tell(move) {
    if (this.moving !== null) {
      this.next = move;
      return;
    }
    this.moving = this.layer.dataset.moving = move.name;
    this.number += 1;
    this.model.send({ kind: "move", number: this.number, ...move });
  }

  remove() {
    this.model.off("msg:custom", this.answered);
  }
}
