"use strict";
// Sorts the rows of tables and finds rows by name. It only moves and hides elements that are there:
// it reads text as text and never writes markup.
(() => {
  const visible = (cell) => {
    const names = cell.querySelectorAll(".real, .alias");
    const shown = [...names].find((name) => getComputedStyle(name).display !== "none");
    return (shown || cell).textContent.trim();
  };
  const keyOf = (row, column) => {
    const cell = row.cells[column];
    const given = cell.getAttribute("data-sort");
    const text = given === null ? visible(cell) : given;
    const number = parseFloat(text.replace("\u2212", "-"));
    return Number.isNaN(number) || cell.tagName === "TH" ? text : number;
  };
  const order = (one, two) => {
    if (typeof one === "number" && typeof two === "number") return one - two;
    if (typeof one !== typeof two) return typeof one === "number" ? 1 : -1;
    return one.localeCompare(two, undefined, { numeric: true });
  };

  for (const table of document.querySelectorAll("table.sortable")) {
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      if (head.hasAttribute("data-unsorted")) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const now = head.getAttribute("aria-sort");
        // Numbers begin with the highest, names with the first.
        const falling = now === null ? column > 0 && !head.hasAttribute("data-rising") : now === "ascending";
        const rows = [...body.rows].map((row) => [keyOf(row, column), row]);
        rows.sort((one, two) => (falling ? order(two[0], one[0]) : order(one[0], two[0])));
        body.append(...rows.map((pair) => pair[1]));
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", falling ? "descending" : "ascending");
      });
    });
  }

  for (const form of document.querySelectorAll(".find[hidden]")) {
    const rows = document.getElementById(form.getAttribute("data-table")).tBodies[0].rows;
    const count = form.querySelector("output");
    const say = () => {
      const wanted = form.querySelector("input").value.trim().toLowerCase();
      let found = 0;
      for (const row of rows) {
        row.hidden = wanted !== "" && !visible(row.cells[0]).toLowerCase().includes(wanted);
        found += row.hidden ? 0 : 1;
      }
      count.textContent = wanted === "" ? "" : `${found} of ${rows.length}`;
    };
    form.querySelector("input").addEventListener("input", say);
    const switched = document.getElementById("pseudonyms");
    if (switched) switched.addEventListener("change", say);
    form.hidden = false;
  }
})();
