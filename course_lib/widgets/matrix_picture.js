// The layer as a matrix: a strip with x above it, a strip with y beside it, the chosen row or column framed.

import { NEGATIVE, POSITIVE, greyCell, strengthOf } from "./cell_colours.js";
import { element } from "./cell_grid.js";

const STRIP = 12;
const GAP = 6;
const LARGEST_WIDTH = 430;
const LARGEST_HEIGHT = 330;

export class MatrixPicture {
  constructor({ onChoose }) {
    this.onChoose = onChoose;
    this.element = element("canvas", "matrix-picture");
    this.element.setAttribute("role", "img");
    this.element.addEventListener("pointerdown", (event) => this.press(event));
  }

  paint({ matrix, padded, output, chosen, padding, height, width, columns }) {
    const rows = matrix.length;
    const count = height * width;
    const room = Math.min((LARGEST_WIDTH - STRIP - GAP) / count, (LARGEST_HEIGHT - STRIP - GAP) / rows);
    const size = Math.max(2, Math.min(12, Math.floor(room)));
    const [across, down] = [count * size + GAP + STRIP, rows * size + GAP + STRIP];
    const ratio = window.devicePixelRatio || 1;
    const canvas = this.element;
    canvas.width = across * ratio;
    canvas.height = down * ratio;
    canvas.style.width = `${across}px`;
    canvas.style.height = `${down}px`;
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, across, down);
    const top = STRIP + GAP;
    const line = size > 3 ? 1 : 0;
    const largest = Math.max(0, ...matrix.flat().map(Math.abs));
    for (let k = 0; k < count; k++) {
      const value = padded[Math.floor(k / width) + padding][(k % width) + padding];
      pen.fillStyle = greyCell(value).background;
      pen.fillRect(k * size, 0, size - line, STRIP);
    }
    const largestOutput = Math.max(0, ...output.flat().map(Math.abs));
    // 0 stays the page's own colour: the paint is as thick as the value is large.
    const fill = (value, most, ...rectangle) => {
      pen.globalAlpha = strengthOf(value, most);
      pen.fillStyle = value < 0 ? NEGATIVE : POSITIVE;
      pen.fillRect(...rectangle);
      pen.globalAlpha = 1;
    };
    matrix.forEach((values, row) => {
      const y = top + row * size;
      values.forEach((value, k) => value && fill(value, largest, k * size, y, size - line, size - line));
      const result = output[Math.floor(row / columns)][row % columns];
      fill(result, largestOutput, count * size + GAP, y, STRIP, size - line);
    });
    pen.strokeStyle = "rgb(128 128 128 / 60%)";
    pen.strokeRect(0, top - 0.5, count * size, rows * size);
    this.layout = { size, top, rows, count, width, padding, columns };
    this.frame(pen, chosen, across, down);
    canvas.setAttribute(
      "aria-label",
      `Matrix of the layer, ${rows} rows by ${count} columns, mostly 0: each row holds the kernel's weights at the places of its window.`,
    );
  }

  frame(pen, chosen, across, down) {
    const { size, top, columns, width, padding } = this.layout;
    pen.lineWidth = 2;
    if (chosen.cell === "output") {
      pen.strokeStyle = "#E69F00";
      const y = top + (chosen.row * columns + chosen.column) * size;
      pen.strokeRect(1, y - 1, across - 2, size + 1);
      return;
    }
    const k = (chosen.row - padding) * width + chosen.column - padding;
    const inside = chosen.row >= padding && chosen.column >= padding && chosen.column < width + padding && k < this.layout.count;
    if (!inside) return;
    pen.strokeStyle = "#CC79A7";
    pen.setLineDash([5, 3]);
    pen.strokeRect(k * size - 1, 1, size + 1, down - 2);
    pen.setLineDash([]);
  }

  press(event) {
    const { size, top, rows, count, width, padding, columns } = this.layout;
    const row = Math.floor((event.offsetY - top) / size);
    const k = Math.floor(event.offsetX / size);
    if (event.offsetY < STRIP && k < count) {
      this.onChoose({ cell: "input", row: Math.floor(k / width) + padding, column: (k % width) + padding });
    } else if (row >= 0 && row < rows) {
      this.onChoose({ cell: "output", row: Math.floor(row / columns), column: row % columns });
    }
  }
}
