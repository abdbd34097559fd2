// A grid of numbers that can be read, chosen and edited, by pointer and by keyboard: one tab stop, arrow keys inside.

export function formatNumber(value) {
  const text = Math.abs(value) >= 99.5 ? value.toFixed(0) : value.toFixed(2).replace(/\.?0+$/, "");
  return (text === "-0" ? "0" : text).replace("-", "−");
}

export function parseNumber(text) {
  const cleaned = text.trim().replace("−", "-").replace(",", ".");
  const fraction = /^(-?\d+)\s*\/\s*(\d+)$/.exec(cleaned);
  const value = fraction ? Number(fraction[1]) / Number(fraction[2]) : Number(cleaned);
  return cleaned !== "" && Number.isFinite(value) ? value : null;
}

export function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

// onChoose(row, column) when a cell is focused or pressed; onEdit(row, column, text) when a new text was entered.
// firstIndex is the index written beside the first row and column: −padding for a padded image.
export class CellGrid {
  constructor({ name, onChoose = () => {}, onEdit = null }) {
    this.name = name;
    this.onChoose = onChoose;
    this.onEdit = onEdit;
    this.element = element("div", "course-grid");
    this.element.setAttribute("role", "grid");
    this.cells = [];
    this.shape = "";
  }

  update({ values, box, label, cell, editable = false, firstIndex = 0, active = [0, 0] }) {
    const rows = values.length;
    const columns = rows ? values[0].length : 0;
    const shape = [rows, columns, editable, firstIndex].join();
    if (shape !== this.shape) this.build(rows, columns, editable, firstIndex);
    this.shape = shape;
    this.element.setAttribute("aria-label", label);
    const size = Math.max(14, Math.min(44, Math.floor((box - 18) / Math.max(rows, columns, 1))));
    this.element.style.setProperty("--cell", `${size}px`);
    this.element.classList.toggle("course-grid-small", size < 27);
    const [activeRow, activeColumn] = [Math.min(active[0], rows - 1), Math.min(active[1], columns - 1)];
    this.cells.forEach((line, row) =>
      line.forEach((parts, column) => {
        const look = cell(row, column);
        const text = formatNumber(values[row][column]);
        if (parts.control.tagName === "INPUT") {
          if (document.activeElement !== parts.control || !parts.typing) parts.control.value = text;
        } else parts.control.textContent = text;
        parts.control.readOnly = Boolean(look.locked);
        parts.control.tabIndex = row === activeRow && column === activeColumn ? 0 : -1;
        const name = `${this.name} row ${row + firstIndex} column ${column + firstIndex}`;
        parts.control.setAttribute("aria-label", parts.control.tagName === "INPUT" ? name : `${name}: ${text}`);
        parts.box.style.background = look.background ?? "";
        parts.box.style.color = look.ink ?? "";
        parts.box.className = `course-cell ${look.classes ?? ""}`;
        parts.badge.textContent = look.badge ?? "";
      }),
    );
  }

  build(rows, columns, editable, firstIndex) {
    const hadFocus = this.element.contains(document.activeElement);
    this.element.replaceChildren();
    this.element.style.gridTemplateColumns = `18px repeat(${columns}, var(--cell))`;
    const index = (number) => {
      const node = element("div", "course-index", formatNumber(number));
      node.setAttribute("aria-hidden", "true");
      return node;
    };
    this.element.append(element("div"));
    for (let column = 0; column < columns; column++) this.element.append(index(column + firstIndex));
    this.cells = [];
    for (let row = 0; row < rows; row++) {
      const line = element("div", "course-row");
      line.setAttribute("role", "row");
      line.append(index(row + firstIndex));
      this.cells.push(
        Array.from({ length: columns }, (_, column) => {
          const parts = this.buildCell(row, column, editable);
          line.append(parts.box);
          return parts;
        }),
      );
      this.element.append(line);
    }
    if (hadFocus && rows) this.cells[0][0].control.focus();
  }

  buildCell(row, column, editable) {
    const box = element("div", "course-cell");
    box.setAttribute("role", "gridcell");
    const control = element(editable ? "input" : "button");
    control.dataset.lmSuppressShortcuts = "true";
    const parts = { box, control, badge: element("span", "course-badge"), typing: false };
    parts.badge.setAttribute("aria-hidden", "true");
    if (editable) {
      control.type = "text";
      control.inputMode = "decimal";
      control.autocomplete = "off";
      control.addEventListener("input", () => (parts.typing = true));
      control.addEventListener("change", () => {
        parts.typing = false;
        this.onEdit(row, column, control.value);
      });
      control.addEventListener("blur", () => (parts.typing = false));
    } else control.type = "button";
    control.addEventListener("focus", () => {
      if (editable) control.select();
      this.onChoose(row, column);
    });
    control.addEventListener("click", () => this.onChoose(row, column));
    control.addEventListener("keydown", (event) => this.move(event, row, column));
    box.append(control, parts.badge);
    return parts;
  }

  move(event, row, column) {
    const step = STEPS[event.key];
    if (!step && event.key !== "Enter") return;
    if (event.key === "Enter") {
      const control = event.target;
      if (control.tagName === "INPUT") {
        control.dispatchEvent(new Event("change"));
        control.select();
      }
      return;
    }
    const target = this.cells[row + step[0]]?.[column + step[1]];
    event.preventDefault();
    event.stopPropagation();
    if (target) target.control.focus();
  }
}
