// The view of the convolution stepper: three grids (or two grids and a matrix), one sentence, one row of numbers.

import { compute, fedOutputs, windowCells, zeros } from "./convolution_math.js";
import { greyCell, signedCell } from "./cell_colours.js";
import { CellGrid, element, formatNumber, parseNumber } from "./cell_grid.js";
import { buttonControl } from "./labelled_controls.js";
import { MatrixPicture } from "./matrix_picture.js";
import { makeControls } from "./stepper_controls.js";
import { explainChoice } from "./stepper_words.js";

const SETTINGS = ["image", "kernel", "stride", "padding", "dilation", "operation"];
const STEP_MILLISECONDS = 700;
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const largestOf = (values) => Math.max(0, ...values.flat().map(Math.abs));

class Stepper {
  constructor(model, root) {
    this.model = model;
    this.root = root;
    this.refusal = "";
    this.timer = null;
    this.quiet = false;
    this.output = { row: 0, column: 0 };
    this.build();
    this.refresh = () => this.quiet || this.paintSafely();
    model.on("change", this.refresh);
    this.paintSafely();
  }

  remove() {
    this.model.off("change", this.refresh);
    clearInterval(this.timer);
  }

  get(name) {
    return this.model.get(name);
  }

  set(changes) {
    this.refusal = "";
    // Setting tells every listener at once; this view paints when all is set.
    this.quiet = true;
    for (const [name, value] of Object.entries(changes)) if (!same(this.get(name), value)) this.model.set(name, value);
    this.quiet = false;
    this.model.save_changes();
    this.paintSafely();
  }

  refuse(text) {
    this.refusal = text;
    this.paintSafely();
  }

  paintSafely() {
    try {
      this.paint();
    } catch (error) {
      this.message.textContent = `The widget failed, please report it: ${error}`;
      this.message.classList.add("course-problem");
      throw error;
    }
  }

  build() {
    this.controls = makeControls(this);
    const choose = (cell) => (row, column) => this.set({ chosen: { cell, row, column } });
    this.left = new CellGrid({ name: "input", onChoose: choose("input"), onEdit: this.editor("image") });
    this.kernel = new CellGrid({ name: "kernel", onEdit: this.editor("kernel") });
    this.laid = new CellGrid({ name: "kernel on the image" });
    this.right = new CellGrid({ name: "output", onChoose: choose("output"), onEdit: this.editor("upstream") });
    this.picture = new MatrixPicture({ onChoose: (chosen) => this.set({ chosen }) });
    this.layOut();
  }

  layOut() {
    const { picture, kernel, stride, padding, dilation, operation, view, arriving, position } = this.controls;
    const row = (...nodes) => {
      const line = element("div", "course-controls");
      line.append(...nodes);
      return line;
    };
    const column = (name, ...nodes) => {
      const box = element("div", `course-column ${name}`);
      box.append(...nodes);
      return box;
    };
    const title = () => element("div", "course-title");
    this.titles = { left: title(), kernel: title(), laid: title(), right: title(), matrix: title() };
    const { kernel: upper, laid: lower } = this.titles;
    this.kernelColumn = column("stepper-kernel", upper, this.kernel.element, lower, this.laid.element);
    this.matrixNote = element("div", "stepper-note");
    this.matrixColumn = column("stepper-matrix", this.titles.matrix, this.picture.element, this.matrixNote);
    const stage = element("div", "stepper-stage");
    stage.append(
      column("stepper-input", this.titles.left, this.left.element),
      this.kernelColumn,
      this.matrixColumn,
      column("stepper-output", this.titles.right, this.right.element),
    );
    const button = (label, name, onPress) => buttonControl({ label, title: name, onPress });
    this.play = button("▶", "Play: slide the kernel", () => this.togglePlay());
    const previous = button("|◀", "Previous output cell", () => this.chooseNumber(this.number() - 1));
    const next = button("▶|", "Next output cell", () => this.chooseNumber(this.number() + 1));
    this.arriving = arriving.element;
    this.sum = element("div", "stepper-sum");
    this.sum.setAttribute("aria-live", "polite");
    this.message = element("div", "course-message");
    this.message.setAttribute("role", "status");
    this.root.classList.add("course-widget", "stepper");
    this.root.setAttribute("role", "group");
    this.root.append(
      row(picture.element, kernel.element, stride.element, padding.element, dilation.element),
      row(operation.element, view.element),
      this.message,
      stage,
      row(position.element, previous, this.play, next, arriving.element),
      this.sum,
    );
  }

  editor(name) {
    return (gridRow, gridColumn, text) => {
      const value = parseNumber(text);
      const values = name === "upstream" ? this.upstream : this.get(name);
      const shift = name === "image" ? this.settings.padding : 0;
      const [row, column] = [gridRow - shift, gridColumn - shift];
      // What is shown is rounded: confirming it must not round the number itself.
      if (text === formatNumber(values[row][column])) return undefined;
      if (value === null) return this.refuse(`“${text}” is not a number; the cell keeps ${formatNumber(values[row][column])}.`);
      const edited = values.map((line) => [...line]);
      edited[row][column] = value;
      if (same(edited, values)) return undefined;
      return this.set(name === "upstream" ? { arriving: "own", upstream: edited } : { [name]: edited });
    };
  }

  number() {
    const { row, column } = this.output;
    return row * this.columns + column;
  }

  chooseNumber(number) {
    if (!this.rows) return;
    const count = this.rows * this.columns;
    const wrapped = (number + count) % count;
    const [row, column] = [Math.floor(wrapped / this.columns), wrapped % this.columns];
    this.set({ chosen: { cell: "output", row, column } });
  }

  togglePlay() {
    if (this.timer) {
      clearInterval(this.timer);
      this.timer = null;
    } else {
      this.timer = setInterval(() => this.chooseNumber(this.number() + 1), STEP_MILLISECONDS);
      this.chooseNumber(this.number() + 1);
    }
    this.play.textContent = this.timer ? "❚❚" : "▶";
    this.play.setAttribute("aria-label", this.timer ? "Pause" : "Play: slide the kernel");
    this.play.title = this.play.getAttribute("aria-label");
    this.sum.setAttribute("aria-live", this.timer ? "off" : "polite");
  }

  read() {
    this.settings = Object.fromEntries(SETTINGS.map((name) => [name, this.get(name)]));
    const plain = compute(this.settings);
    this.rows = plain.output.length;
    this.columns = this.rows ? plain.output[0].length : 0;
    const chosen = this.get("chosen");
    const [rows, columns] =
      chosen.cell === "output" ? [this.rows, this.columns] : [plain.padded.length, plain.padded[0].length];
    this.chosen = {
      cell: chosen.cell,
      row: Math.max(0, Math.min(chosen.row, rows - 1)),
      column: Math.max(0, Math.min(chosen.column, columns - 1)),
    };
    // The output cell that the slider stands on stays when an input cell is chosen.
    const { row, column } = chosen.cell === "output" ? this.chosen : this.output;
    this.output = { row: Math.max(0, Math.min(row, this.rows - 1)), column: Math.max(0, Math.min(column, this.columns - 1)) };
    const own = this.get("upstream");
    const ownFits = this.get("arriving") === "own" && own.length === this.rows && own[0]?.length === this.columns;
    this.kind = this.get("arriving") === "own" && !ownFits ? "chosen" : this.get("arriving");
    this.upstream = ownFits ? own : zeros(this.rows, this.columns);
    if (this.kind === "ones") this.upstream = this.upstream.map((line) => line.map(() => 1));
    if (this.kind === "chosen" && this.rows) this.upstream[this.output.row][this.output.column] = 1;
    this.result = compute(this.settings, this.upstream);
  }

  paint() {
    this.read();
    const { problem, remainder } = this.result;
    const view = this.get("view");
    this.paintControls(view);
    this.message.textContent = this.refusal || problem || remainder;
    this.message.classList.toggle("course-problem", Boolean(this.refusal || problem));
    this.root.dataset.view = view;
    this.kernelColumn.hidden = view === "matrix";
    this.matrixColumn.hidden = view !== "matrix";
    this.arriving.style.visibility = view === "backward" ? "visible" : "hidden";
    this.mark();
    this.paintGrids(view);
    this.sum.replaceChildren(...(problem ? [] : explainChoice(this, view)));
    this.root.setAttribute("aria-label", this.get("alt"));
    this.root.dataset.paints = Number(this.root.dataset.paints ?? 0) + 1;
  }

  paintControls(view) {
    const { picture, kernel, stride, padding, dilation, operation, view: show, arriving, position } = this.controls;
    const nameOf = (items, values) => Object.keys(items).find((name) => same(items[name], values)) ?? "";
    picture.show(nameOf(this.get("pictures"), this.settings.image));
    kernel.show(nameOf(this.get("kernels"), this.settings.kernel));
    stride.show(this.settings.stride);
    padding.show(this.settings.padding);
    dilation.show(this.settings.dilation);
    operation.show(this.settings.operation);
    show.show(view);
    arriving.show(this.kind);
    const last = Math.max(0, this.rows * this.columns - 1);
    position.show(this.number(), last, `row ${this.output.row}, column ${this.output.column}`);
  }

  // Which cells are part of what was chosen: windowAt maps "row,column" of the input to a weight's place, fedAt of the output.
  mark() {
    this.windowAt = new Map();
    this.fedAt = new Map();
    this.fed = [];
    if (this.result.problem) return;
    const { row, column } = this.chosen;
    if (this.chosen.cell === "output") {
      windowCells(this.settings, row, column).forEach((line, s) =>
        line.forEach(([r, c], t) => this.windowAt.set(`${r},${c}`, [s, t])),
      );
      this.fedAt.set(`${row},${column}`, null);
    } else {
      this.fed = fedOutputs(this.settings, this.rows, this.columns, row, column);
      this.fed.forEach((place) => this.fedAt.set(`${place.row},${place.column}`, [place.s, place.t]));
      this.windowAt.set(`${row},${column}`, null);
    }
  }

  paintGrids(view) {
    const place = (found) => (found && view !== "matrix" ? `×${formatNumber(this.result.laid[found[0]][found[1]])}` : "");
    this.paintInput(view, place);
    this.paintKernels(view === "backward", this.result);
    this.paintOutput(view, place);
    this.picture.element.hidden = Boolean(this.result.problem);
    if (view === "matrix") this.paintMatrix();
  }

  paintInput(view, weightAt) {
    const { padded, dx, problem } = this.result;
    const { image, padding } = this.settings;
    const backward = view === "backward" && !problem;
    const values = backward ? dx : padded;
    const largest = largestOf(values);
    const isInput = this.chosen.cell === "input";
    const title = padding ? "x: input (edit), padded with 0" : "x: input (edit)";
    this.titles.left.textContent = backward ? "dx: gradient of the input" : title;
    this.left.name = backward ? "gradient of the input" : "input";
    this.left.update({
      values,
      box: view === "matrix" ? 190 : 318,
      label: `${this.left.name}, ${values.length} by ${values[0].length}`,
      firstIndex: -padding,
      editable: !backward,
      active: isInput ? [this.chosen.row, this.chosen.column] : [padding, padding],
      cell: (row, column) => {
        const key = `${row},${column}`;
        const outside = image[row - padding]?.[column - padding] === undefined;
        const mark = this.windowAt.has(key) ? (isInput ? "course-chosen" : "course-linked") : "";
        const colours = backward ? signedCell(values[row][column], largest) : greyCell(values[row][column]);
        const classes = `${mark} ${outside ? "stepper-outside" : ""}`;
        return { ...colours, classes, badge: weightAt(this.windowAt.get(key)), locked: outside };
      },
    });
  }

  paintOutput(view, weightAt) {
    const { output, problem } = this.result;
    const backward = view === "backward";
    const values = problem ? [] : backward ? this.upstream : output;
    const largest = largestOf(values);
    const mark = this.chosen.cell === "input" ? "course-linked" : "course-chosen";
    this.titles.right.textContent = backward ? "dy: gradient that arrives (edit)" : "y: output";
    this.right.name = backward ? "arriving gradient" : "output";
    this.right.update({
      values,
      box: view === "matrix" ? 190 : 282,
      label: `${this.right.name}, ${this.rows} by ${this.columns}`,
      editable: backward,
      active: [this.output.row, this.output.column],
      cell: (row, column) => {
        const key = `${row},${column}`;
        const classes = this.fedAt.has(key) ? mark : "";
        return { ...signedCell(values[row][column], largest), classes, badge: weightAt(this.fedAt.get(key)) };
      },
    });
  }

  paintMatrix() {
    const { matrix, problem, laid } = this.result;
    const { image, padding } = this.settings;
    const [height, width] = [image.length, image[0].length];
    const [rows, columns] = [matrix.length, height * width];
    this.titles.matrix.textContent = problem ? "" : `y = M x: M has ${rows} rows and ${columns} columns`;
    this.matrixNote.textContent = problem
      ? ""
      : `Above M: x, row after row; beside it: y. Of its ${rows * columns} entries ${matrix.flat().filter(Boolean).length} ` +
        `are not 0: each row repeats the kernel (${laid.length}×${laid[0].length}) at the places of its window. Press a row ` +
        "of M, or a cell of x for its column. Backward, dx = Mᵀ dy goes along the columns.";
    if (!problem) this.picture.paint({ ...this.result, chosen: this.chosen, padding, height, width, columns: this.columns });
  }

  paintKernels(backward, { laid, dw }) {
    const { kernel, operation } = this.settings;
    const turned = operation === "convolution";
    const largest = largestOf(kernel);
    this.titles.kernel.textContent = "w: kernel (edit)";
    this.kernel.update({
      values: kernel,
      box: 138,
      label: "kernel",
      editable: true,
      cell: (row, column) => signedCell(kernel[row][column], largest),
    });
    const below = backward ? dw : laid;
    this.titles.laid.textContent = backward ? "dw: its gradient" : turned ? "on the image: turned 180°" : "on the image: as it is";
    this.laid.name = backward ? "gradient of the kernel" : "kernel on the image";
    const largestBelow = largestOf(below);
    this.laid.update({
      values: below,
      box: 138,
      label: this.laid.name,
      cell: (row, column) => signedCell(below[row][column], largestBelow),
    });
  }
}

export default {
  render({ model, el }) {
    const root = element("div");
    el.append(root);
    const stepper = new Stepper(model, root);
    return () => stepper.remove();
  },
};
