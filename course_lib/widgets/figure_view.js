// Shows a picture that Python paints, tells Python whether the page is dark, counts what it has painted and for which.

import { Handles } from "./figure_handles.js";

const isDark = () => {
  const light = document.body.dataset.jpThemeLight;
  return light === undefined ? window.matchMedia("(prefers-color-scheme: dark)").matches : light === "false";
};

// JupyterLab takes the arrow keys of a list or a slider for its own shortcuts, unless the control itself forbids it.
const keepKeys = (panel) =>
  panel?.querySelectorAll("select, input, [tabindex]").forEach((control) => (control.dataset.lmSuppressShortcuts = "true"));

export default {
  render({ model, el }) {
    const image = document.createElement("img");
    image.className = "course-figure";
    const frame = document.createElement("div");
    frame.className = "course-frame";
    let shown = null;
    const paint = () => {
      image.alt = model.get("alt");
      const [width, height] = [model.get("width"), model.get("height")];
      image.width = width;
      image.height = height;
      // Holds the place while there is no picture yet, so that nothing below it jumps when it comes.
      image.style.width = `${width}px`;
      image.style.aspectRatio = `${width} / ${height}`;
      const data = model.get("png");
      const dark = model.get("painted_dark");
      if (!data || !data.byteLength) return;
      const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
      const address = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
      const next = new Image();
      next.src = address;
      // Decoded first and swapped then: a picture that is still loading would flicker.
      next.decode().then(() => {
        image.src = address;
        if (shown) URL.revokeObjectURL(shown);
        shown = address;
        keepKeys(frame.closest(".course-panel"));
        image.dataset.dark = dark;
        image.dataset.paints = Number(image.dataset.paints ?? 0) + 1;
      }, (error) => console.error("The figure could not be decoded", error));
    };
    const tellTheme = () => {
      if (model.get("dark") !== isDark()) {
        model.set("dark", isDark());
        model.save_changes();
      }
    };
    model.on("change:png", paint);
    model.on("change:alt", () => (image.alt = model.get("alt")));
    const watch = new MutationObserver(tellTheme);
    watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
    frame.append(image);
    el.append(frame);
    const handles = new Handles(model, frame);
    paint();
    tellTheme();
    return () => {
      handles.remove();
      watch.disconnect();
      model.off("change:png", paint);
      if (shown) URL.revokeObjectURL(shown);
    };
  },
};
