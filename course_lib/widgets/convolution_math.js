// The arithmetic of one convolution on one small plane. It repeats compute() of convolution_arithmetic.py, number for
// number and sentence for sentence, so that a hand sees its effect without waiting for Python; a test compares the two.

export function extent(size, dilation) {
  return dilation * (size - 1) + 1;
}

export function zeros(rows, columns) {
  return Array.from({ length: rows }, () => new Array(columns).fill(0));
}

export function rotated(kernel) {
  return kernel.map((row) => [...row].reverse()).reverse();
}

function pad(image, padding) {
  const padded = zeros(image.length + 2 * padding, image[0].length + 2 * padding);
  image.forEach((row, i) => row.forEach((value, j) => (padded[i + padding][j + padding] = value)));
  return padded;
}

function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

export function explainProblem({ image, kernel, padding, dilation }) {
  const axes = [
    ["row", kernel.length, image.length],
    ["column", kernel[0].length, image[0].length],
  ];
  for (const [noun, size, length] of axes) {
    const span = extent(size, dilation);
    const room = length + 2 * padding;
    if (span > room) {
      return (
        `There is no place for the kernel: its ${count(size, noun)} at dilation ${dilation} span ${count(span, noun)}, ` +
        `and the padded image has ${room}. Use less dilation, a smaller kernel or more padding.`
      );
    }
  }
  return "";
}

function explainRemainder(rows, columns, stride) {
  if (!rows && !columns) return "";
  const parts = [];
  if (rows) parts.push(rows === 1 ? "the last row" : `the last ${rows} rows`);
  if (columns) parts.push(columns === 1 ? "the last column" : `the last ${columns} columns`);
  return `With stride ${stride}, no window reaches ${parts.join(" and ")} of the padded image.`;
}

// Row and column of every padded input cell under the kernel when it computes output cell (row, column).
export function windowCells({ kernel, stride, dilation }, row, column) {
  return kernel.map((values, s) =>
    values.map((_, t) => [row * stride + s * dilation, column * stride + t * dilation]),
  );
}

// Every output cell that used padded input cell (row, column), with the position of the weight it used.
export function fedOutputs({ kernel, stride, dilation }, rows, columns, row, column) {
  const fed = [];
  for (let s = 0; s < kernel.length; s++) {
    for (let t = 0; t < kernel[0].length; t++) {
      const i = (row - s * dilation) / stride;
      const j = (column - t * dilation) / stride;
      if (Number.isInteger(i) && Number.isInteger(j) && i >= 0 && j >= 0 && i < rows && j < columns) {
        fed.push({ row: i, column: j, s, t });
      }
    }
  }
  return fed.sort((a, b) => a.row - b.row || a.column - b.column);
}

// upstream: the gradient that arrives at each output cell; without it 1 everywhere.
export function compute(settings, upstream) {
  const { image, kernel, stride, padding, dilation, operation } = settings;
  const padded = pad(image, padding);
  const laid = operation === "convolution" ? rotated(kernel) : kernel.map((row) => [...row]);
  const problem = explainProblem(settings);
  if (problem) return { problem, remainder: "", padded, laid, output: [], dx: [], dw: [], matrix: [] };

  const freeRows = padded.length - extent(kernel.length, dilation);
  const freeColumns = padded[0].length - extent(kernel[0].length, dilation);
  const rows = Math.floor(freeRows / stride) + 1;
  const columns = Math.floor(freeColumns / stride) + 1;
  const output = zeros(rows, columns);
  const dx = zeros(padded.length, padded[0].length);
  const laidGradient = zeros(kernel.length, kernel[0].length);
  const matrix = zeros(rows * columns, image.length * image[0].length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const arriving = upstream ? upstream[i][j] : 1;
      windowCells(settings, i, j).forEach((cells, s) =>
        cells.forEach(([r, c], t) => {
          output[i][j] += padded[r][c] * laid[s][t];
          dx[r][c] += arriving * laid[s][t];
          laidGradient[s][t] += arriving * padded[r][c];
          const [y, x] = [r - padding, c - padding];
          if (y >= 0 && x >= 0 && y < image.length && x < image[0].length) {
            matrix[i * columns + j][y * image[0].length + x] = laid[s][t];
          }
        }),
      );
    }
  }
  const dw = operation === "convolution" ? rotated(laidGradient) : laidGradient;
  const remainder = explainRemainder(freeRows % stride, freeColumns % stride, stride);
  return { problem, remainder, padded, laid, output, dx, dw, matrix };
}
