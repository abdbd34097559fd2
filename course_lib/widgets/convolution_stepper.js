// The view of the convolution stepper: three grids (or two grids and a matrix), one sentence, one row of numbers.

import { compute, fedOutputs, windowCells, zeros } from "./convolution_math.js";
import { greyCell, signedCell } from "./cell_colours.js";
import { CellGrid, element, formatNumber, parseNumber } from "./cell_grid.js";
import { buttonControl, choiceControl, numberControl, rangeControl, selectControl } from "./labelled_controls.js";
import { MatrixPicture } from "./matrix_picture.js";

const SETTINGS = ["image", "kernel", "stride", "padding", "dilation", "operation"];
const STEP_MILLISECONDS = 700;
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

const largestOf = (values) => Math.max(0, ...values.flat().map(Math.abs));
const inBrackets = (value) => (value < 0 ? `(${formatNumber(value)})` : formatNumber(value));

class Stepper {
  constructor(model, root) {
    this.model = model;
    this.root = root;
    this.refusal = "";
    this.timer = null;
    this.build();
    this.refresh = () => this.paintSafely();
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
    for (const [name, value] of Object.entries(changes)) if (!same(this.get(name), value)) this.model.set(name, value);
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
    const onProblem = (text) => this.refuse(text);
    const pictures = this.get("pictures");
    const kernels = this.get("kernels");
    const named = (items) => [...Object.keys(items).map((name) => [name, name]), ["", "own numbers"]];
    const whole = (label, name, min, max) =>
      numberControl({ label, min, max, onProblem, onChange: (value) => this.set({ [name]: value }) });
    this.controls = {
      picture: selectControl({
        label: "Image",
        options: named(pictures),
        onChange: (name) => this.set(name ? { image: pictures[name] } : {}),
      }),
      kernel: selectControl({
        label: "Kernel w",
        options: named(kernels),
        onChange: (name) => this.set(name ? { kernel: kernels[name] } : {}),
      }),
      stride: whole("Stride", "stride", 1, 4),
      padding: whole("Padding", "padding", 0, 3),
      dilation: whole("Dilation", "dilation", 1, 3),
      operation: choiceControl({
        label: "Operation",
        options: [
          ["convolution", "convolution (turns w)"],
          ["cross-correlation", "cross-correlation"],
        ],
        onChange: (operation) => this.set({ operation }),
      }),
      view: choiceControl({
        label: "Show",
        options: [
          ["forward", "forward"],
          ["backward", "backward"],
          ["matrix", "as a matrix"],
        ],
        onChange: (view) => this.set({ view }),
      }),
      arriving: selectControl({
        label: "Gradient dy that arrives",
        options: [
          ["chosen", "1 at the chosen output"],
          ["ones", "1 at every output"],
          ["own", "own numbers"],
        ],
        onChange: (kind) => this.set(kind === "own" ? { arriving: "own", upstream: this.upstream } : { arriving: kind }),
      }),
      position: rangeControl({ label: "Output cell", onChange: (number) => this.chooseNumber(number) }),
    };
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
    const column = (...nodes) => {
      const box = element("div", "course-column");
      box.append(...nodes);
      return box;
    };
    const title = () => element("div", "course-title");
    this.titles = { left: title(), kernel: title(), laid: title(), right: title(), matrix: title() };
    this.kernelColumn = column(this.titles.kernel, this.kernel.element, this.titles.laid, this.laid.element);
    this.matrixNote = element("div", "stepper-note");
    this.matrixColumn = column(this.titles.matrix, this.picture.element, this.matrixNote);
    const stage = element("div", "stepper-stage");
    stage.append(
      column(this.titles.left, this.left.element),
      this.kernelColumn,
      this.matrixColumn,
      column(this.titles.right, this.right.element),
    );
    const button = (label, name, onPress) => buttonControl({ label, title: name, onPress });
    this.play = button("▶", "Play: slide the kernel", () => this.togglePlay());
    const previous = button("◀", "Previous output cell", () => this.chooseNumber(this.number() - 1));
    const next = button("▶|", "Next output cell", () => this.chooseNumber(this.number() + 1));
    previous.textContent = "|◀";
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
    return (row, column, text) => {
      const value = parseNumber(text);
      const values = name === "upstream" ? this.upstream : this.get(name);
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
    if (this.chosen.cell === "output" || !this.output) this.output = this.chosen.cell === "output" ? this.chosen : { row: 0, column: 0 };
    this.output = {
      row: Math.max(0, Math.min(this.output.row, this.rows - 1)),
      column: Math.max(0, Math.min(this.output.column, this.columns - 1)),
    };
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
    this.sum.replaceChildren(...(problem ? [] : this.sentence(view)));
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
    const { padded, laid, output, dx, dw, problem } = this.result;
    const { padding } = this.settings;
    const [height, width] = [this.settings.image.length, this.settings.image[0].length];
    const backward = view === "backward";
    const box = view === "matrix" ? 190 : 318;
    const badge = (place, sign) => (place ? `${sign}${formatNumber(laid[place[0]][place[1]])}` : "");
    const isInput = this.chosen.cell === "input";
    const shownLeft = backward && !problem ? dx : padded;
    const largestLeft = largestOf(shownLeft);
    this.titles.left.textContent = backward ? "dx: gradient of the input" : padding ? "x: input, padded with 0" : "x: input (edit)";
    this.left.name = backward ? "gradient of the input" : "input";
    this.left.update({
      values: shownLeft,
      box,
      label: `${this.left.name}, ${shownLeft.length} by ${shownLeft[0].length}`,
      firstIndex: -padding,
      editable: !backward,
      active: isInput ? [this.chosen.row, this.chosen.column] : [padding, padding],
      cell: (row, column) => {
        const place = this.windowAt.get(`${row},${column}`);
        const inside = row >= padding && column >= padding && row < height + padding && column < width + padding;
        const marked = this.windowAt.has(`${row},${column}`);
        const colours = backward ? signedCell(shownLeft[row][column], largestLeft) : greyCell(padded[row][column]);
        const classes = [marked ? (isInput ? "course-chosen" : "course-linked") : "", inside ? "" : "stepper-outside"];
        return { ...colours, classes: classes.join(" "), badge: view === "matrix" ? "" : badge(place, "×") };
      },
    });
    this.paintKernels(backward, { laid, dw });
    const shownRight = problem ? [] : backward ? this.upstream : output;
    const largestRight = largestOf(shownRight);
    this.titles.right.textContent = backward ? "dy: gradient that arrives (edit)" : "y: output";
    this.right.name = backward ? "arriving gradient" : "output";
    this.right.update({
      values: shownRight,
      box: view === "matrix" ? 190 : 282,
      label: `${this.right.name}, ${this.rows} by ${this.columns}`,
      editable: backward,
      active: [this.output.row, this.output.column],
      cell: (row, column) => {
        const key = `${row},${column}`;
        const classes = this.fedAt.has(key) ? (isInput ? "course-linked" : "course-chosen") : "";
        const text = view === "matrix" ? "" : badge(this.fedAt.get(key), "×");
        return { ...signedCell(shownRight[row][column], largestRight), classes, badge: text };
      },
    });
    if (view === "matrix" && !problem) {
      const [cells, weights] = [this.result.matrix.flat(), laid.length * laid[0].length];
      this.titles.matrix.textContent = `y = M x: M has ${this.rows * this.columns} rows and ${height * width} columns`;
      this.matrixNote.textContent =
        `Above M: x, row after row; beside it: y. Of the ${cells.length} entries ${cells.filter(Boolean).length} are not 0, ` +
        `and they are the same ${weights} weight${weights === 1 ? "" : "s"} in every row. Press a row of M, or a cell of x for its column: ` +
        "backward, dx = Mᵀ dy sums along columns.";
      this.picture.paint({ ...this.result, chosen: this.chosen, padding, height, width, columns: this.columns });
    }
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
    this.titles.laid.textContent = backward ? "dw: its gradient" : turned ? "on the image: turned by 180°" : "on the image: as it is";
    this.laid.name = backward ? "gradient of the kernel" : "kernel on the image";
    const largestBelow = largestOf(below);
    this.laid.update({
      values: below,
      box: 138,
      label: this.laid.name,
      cell: (row, column) => signedCell(below[row][column], largestBelow),
    });
  }

  sentence(view) {
    const { padded, laid, output, dx } = this.result;
    const { padding } = this.settings;
    const { row, column } = this.chosen;
    const text = (words) => element("div", "stepper-words", words);
    const at = (name, r, c) => `${name}[${formatNumber(r)}, ${formatNumber(c)}]`;
    if (this.chosen.cell === "output" && view !== "backward") {
      const terms = windowCells(this.settings, row, column).map((line, s) =>
        line.map(([r, c], t) => [padded[r][c], laid[s][t]]),
      );
      const words =
        view === "matrix"
          ? `Row ${row * this.columns + column} of M holds the weights of ${at("y", row, column)}: row times x gives ${formatNumber(output[row][column])}.`
          : `${at("y", row, column)}: each input of the window times the weight that lies on it, summed.`;
      return [text(words), this.products(terms, at("y", row, column), output[row][column])];
    }
    if (this.chosen.cell === "output") {
      const arriving = this.upstream[row][column];
      const terms = laid.map((line) => line.map((weight) => [arriving, weight]));
      return [
        text(`${at("y", row, column)} sends dy = ${formatNumber(arriving)}, times the weight that lies on it, to each cell of its window; where windows overlap, these shares add up in dx.`),
        this.products(terms, "shares", null),
      ];
    }
    const name = view === "backward" ? "dx" : "x";
    const here = at(name, row - padding, column - padding);
    if (!this.fed.length) return [text(`${here} feeds no output: no window reaches it, so its gradient is 0.`)];
    const outputs = `${this.fed.length} output${this.fed.length === 1 ? "" : "s"}`;
    if (view === "backward") {
      const shares = this.fed.map(({ row: i, column: j, s, t }) => `${inBrackets(this.upstream[i][j])} · ${inBrackets(laid[s][t])}`);
      return [text(`${here} = ${shares.join(" + ")} = ${formatNumber(dx[row][column])}: dy times weight, summed over the ${outputs} it feeds.`)];
    }
    const uses = this.fed.map(({ row: i, column: j, s, t }) => `${at("y", i, j)} with weight ${formatNumber(laid[s][t])}`);
    return [text(`${here} = ${formatNumber(padded[row][column])} feeds ${outputs}: ${uses.join(", ")}.`)];
  }

  // One line of products for each row of the kernel; the total stands behind the last one.
  products(terms, name, total) {
    const table = element("div", "stepper-products");
    terms.forEach((line, s) => {
      const row = element("div", "stepper-line");
      row.append(element("span", "stepper-name", s === 0 ? (total === null ? `${name}:` : `${name} =`) : ""));
      line.forEach(([x, weight], t) => {
        const plus = total !== null && (s || t) ? "+ " : "";
        const product = total === null ? ` = ${formatNumber(x * weight)}` : "";
        row.append(element("span", "stepper-term", `${plus}${inBrackets(x)} · ${inBrackets(weight)}${product}`));
      });
      if (total !== null && s === terms.length - 1) row.append(element("b", "stepper-total", `= ${formatNumber(total)}`));
      table.append(row);
    });
    return table;
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
