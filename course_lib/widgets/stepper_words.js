// What the line below the grids says about the chosen cell: in words, and as the products that make its value.

import { windowCells } from "./convolution_math.js";
import { element, formatNumber } from "./cell_grid.js";

const inBrackets = (value) => (value < 0 ? `(${formatNumber(value)})` : formatNumber(value));
const at = (name, row, column) => `${name}[${formatNumber(row)}, ${formatNumber(column)}]`;
const words = (text) => element("div", "stepper-words", text);
const many = (number) => `${number} output${number === 1 ? "" : "s"}`;

// stepper: what is chosen, the settings and the result, as the view has read them.
export function explainChoice(stepper, view) {
  if (stepper.chosen.cell === "input") return [words(view === "backward" ? gradientOfInput(stepper) : usesOfInput(stepper))];
  return view === "backward" ? sharesOfOutput(stepper) : productsOfOutput(stepper, view);
}

function productsOfOutput({ chosen, settings, result, columns }, view) {
  const { row, column } = chosen;
  const value = result.output[row][column];
  const name = at("y", row, column);
  const terms = windowCells(settings, row, column).map((line, s) =>
    line.map(([r, c], t) => `${s || t ? "+ " : ""}${inBrackets(result.padded[r][c])} · ${inBrackets(result.laid[s][t])}`),
  );
  const text =
    view === "matrix"
      ? `Row ${row * columns + column} of M holds the weights of ${name}; that row times x gives ${formatNumber(value)}.`
      : `${name}: each input of the window times the weight that lies on it, all added up.`;
  return [words(text), table(terms, `${name} =`, `= ${formatNumber(value)}`)];
}

function sharesOfOutput({ chosen, result, upstream }) {
  const { row, column } = chosen;
  const arriving = upstream[row][column];
  const terms = result.laid.map((line) =>
    line.map((weight) => `${inBrackets(arriving)} · ${inBrackets(weight)} = ${formatNumber(arriving * weight)}`),
  );
  const text =
    `${at("y", row, column)} sends dy = ${formatNumber(arriving)}, times the weight on it, to each cell of its window. ` +
    "Where windows overlap, shares add up in dx.";
  return [words(text), table(terms, "shares:", "")];
}

function gradientOfInput({ chosen, settings, result, upstream, fed }) {
  const here = at("dx", chosen.row - settings.padding, chosen.column - settings.padding);
  if (!fed.length) return `${here} = 0: no window reaches this cell, so it feeds no output.`;
  const shares = fed.map(({ row, column, s, t }) => `${inBrackets(upstream[row][column])} · ${inBrackets(result.laid[s][t])}`);
  const total = formatNumber(result.dx[chosen.row][chosen.column]);
  return `${here} = ${shares.join(" + ")} = ${total}: dy times weight, added up over the ${many(fed.length)} it feeds.`;
}

function usesOfInput({ chosen, settings, result, fed }) {
  const value = formatNumber(result.padded[chosen.row][chosen.column]);
  const here = `${at("x", chosen.row - settings.padding, chosen.column - settings.padding)} = ${value}`;
  if (!fed.length) return `${here} feeds no output: no window reaches this cell.`;
  const uses = fed.map(({ row, column, s, t }) => `${at("y", row, column)} with weight ${formatNumber(result.laid[s][t])}`);
  return `${here} feeds ${many(fed.length)}: ${uses.join(", ")}.`;
}

// A line of terms for each row of the kernel, so that a term stands where its weight stands.
function table(terms, name, total) {
  const box = element("div", "stepper-products");
  terms.forEach((line, s) => {
    const row = element("div", "stepper-line");
    row.append(element("span", "stepper-name", s === 0 ? name : ""));
    line.forEach((term) => row.append(element("span", "stepper-term", term)));
    if (s === terms.length - 1) row.append(element("b", "stepper-total", total));
    box.append(row);
  });
  return box;
}
