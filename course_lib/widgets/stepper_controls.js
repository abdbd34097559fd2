// The stepper's controls: what each is called, what it may be, and which settings it changes.

import { choiceControl, numberControl, rangeControl, selectControl } from "./labelled_controls.js";

export function makeControls(stepper) {
  const onProblem = (text) => stepper.refuse(text);
  const pictures = stepper.get("pictures");
  const kernels = stepper.get("kernels");
  const named = (items) => [...Object.keys(items).map((name) => [name, name]), ["", "own numbers"]];
  const whole = (label, name, min, max) =>
    numberControl({ label, min, max, onProblem, onChange: (value) => stepper.set({ [name]: value }) });
  return {
    picture: selectControl({
      label: "Image",
      options: named(pictures),
      onChange: (name) => stepper.set(name ? { image: pictures[name] } : {}),
    }),
    kernel: selectControl({
      label: "Kernel w",
      options: named(kernels),
      onChange: (name) => stepper.set(name ? { kernel: kernels[name] } : {}),
    }),
    stride: whole("Stride", "stride", 1, 4),
    padding: whole("Padding", "padding", 0, 3),
    dilation: whole("Dilation", "dilation", 1, 4),
    operation: choiceControl({
      label: "Operation",
      options: [
        ["convolution", "convolution (turns w)"],
        ["cross-correlation", "cross-correlation"],
      ],
      onChange: (operation) => stepper.set({ operation }),
    }),
    view: choiceControl({
      label: "Show",
      options: [
        ["forward", "forward"],
        ["backward", "backward"],
        ["matrix", "as a matrix"],
      ],
      onChange: (view) => stepper.set({ view }),
    }),
    arriving: selectControl({
      label: "Gradient dy that arrives",
      options: [
        ["chosen", "1 at the chosen output"],
        ["ones", "1 at every output"],
        ["own", "own numbers"],
      ],
      onChange: (kind) => stepper.set(kind === "own" ? { arriving: "own", upstream: stepper.upstream } : { arriving: kind }),
    }),
    position: rangeControl({ label: "Output cell", onChange: (number) => stepper.chooseNumber(number) }),
  };
}
