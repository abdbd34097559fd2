// Form controls that always come with a label, and that keep JupyterLab from taking their keys for its own shortcuts.

import { element } from "./cell_grid.js";

function labelled(text, control) {
  const label = element("label", "course-control");
  label.append(element("span", "course-label", text), control);
  control.dataset.lmSuppressShortcuts = "true";
  return label;
}

export function selectControl({ label, options, onChange }) {
  const control = element("select");
  options.forEach(([value, text]) => control.append(new Option(text, value)));
  control.addEventListener("change", () => onChange(control.value));
  return { element: labelled(label, control), control, show: (value) => (control.value = value) };
}

// A whole number between two limits, taken as soon as it is one. What is left there on Enter or on leaving and is none is
// refused in words through onProblem, and the old value stays.
export function numberControl({ label, min, max, onChange, onProblem }) {
  const control = element("input");
  Object.assign(control, { type: "number", min, max, step: 1 });
  let shown = min;
  const take = () => {
    const value = Number(control.value);
    const possible = control.value !== "" && Number.isInteger(value) && value >= min && value <= max;
    if (possible && value !== shown) onChange(value);
    return possible;
  };
  const insist = () => {
    if (take()) return;
    control.value = shown;
    onProblem(`${label} must be a whole number from ${min} to ${max}; it stays ${shown}.`);
  };
  control.addEventListener("input", take);
  control.addEventListener("change", insist);
  control.addEventListener("keydown", (event) => event.key === "Enter" && insist());
  const show = (value) => {
    shown = value;
    if (document.activeElement !== control || Number(control.value) !== value) control.value = value;
  };
  return { element: labelled(label, control), control, show };
}

export function rangeControl({ label, onChange }) {
  const control = element("input");
  Object.assign(control, { type: "range", min: 0, max: 0, step: 1, value: 0 });
  control.addEventListener("input", () => onChange(Number(control.value)));
  const show = (value, max, text) => {
    control.max = max;
    control.value = value;
    control.setAttribute("aria-valuetext", text);
  };
  return { element: labelled(label, control), control, show };
}

export function choiceControl({ label, options, onChange }) {
  const group = element("fieldset", "course-choice");
  group.append(element("legend", "course-label", label));
  // Radio buttons of the same name exclude each other on the whole page, also those of another widget.
  const name = `course-choice-${Math.random().toString(36).slice(2)}`;
  const inputs = options.map(([value, text]) => {
    const option = element("label");
    const control = element("input");
    Object.assign(control, { type: "radio", name, value });
    control.dataset.lmSuppressShortcuts = "true";
    control.addEventListener("change", () => control.checked && onChange(value));
    option.append(control, element("span", "", text));
    group.append(option);
    return control;
  });
  return { element: group, inputs, show: (value) => inputs.forEach((input) => (input.checked = input.value === value)) };
}

export function buttonControl({ label, title, onPress }) {
  const control = element("button", "course-button", label);
  control.type = "button";
  control.title = title;
  control.setAttribute("aria-label", title);
  control.dataset.lmSuppressShortcuts = "true";
  control.addEventListener("click", onPress);
  return control;
}
