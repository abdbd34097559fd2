// Shows a picture that Python paints, tells Python whether the page is dark, counts what it has painted and for which.

import { Handles } from "./figure_handles.js";
import { PaintedPicture } from "./painted_picture.js";

const isDark = () => {
  const light = document.body.dataset.jpThemeLight;
  return light === undefined ? window.matchMedia("(prefers-color-scheme: dark)").matches : light === "false";
};

export default () => {
  let picture = null;
  return {
    initialize({ model }) {
      picture = new PaintedPicture(model);
      return () => picture.remove();
    },

    render({ model, el }) {
      const canvas = document.createElement("canvas");
      canvas.className = "course-figure";
      canvas.setAttribute("role", "img");
      const frame = document.createElement("div");
      frame.className = "course-frame";
      frame.append(canvas);
      el.append(frame);
      const context = canvas.getContext("2d");
      const handles = new Handles(model, picture, frame);
      const paint = (patches) => {
        const { width, height } = picture;
        if (canvas.width !== width || canvas.height !== height) {
          Object.assign(canvas, { width, height });
          // Holds the place at once, so that nothing below it jumps.
          canvas.style.width = `${width}px`;
          canvas.style.aspectRatio = `${width} / ${height}`;
          patches = [[0, 0, width, height]];
        }
        for (const patch of patches) context.putImageData(picture.image, 0, 0, ...patch);
        canvas.setAttribute("aria-label", picture.alt);
        canvas.dataset.dark = picture.painted_dark;
        if (patches.length) canvas.dataset.paints = Number(canvas.dataset.paints ?? 0) + 1;
        handles.show();
      };
      const tellTheme = () => {
        if (model.get("dark") === isDark()) return;
        model.set("dark", isDark());
        model.save_changes();
      };
      // JupyterLab takes the arrow keys of a list or a slider for its own shortcuts, unless the control forbids it.
      const keepKeys = ({ target }) => {
        const panel = frame.closest(".course-panel");
        if (panel?.contains(target)) target.dataset.lmSuppressShortcuts = "true";
      };
      const watch = new MutationObserver(tellTheme);
      watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
      document.addEventListener("focusin", keepKeys);
      picture.views.add(paint);
      paint([]);
      tellTheme();
      return () => {
        handles.remove();
        watch.disconnect();
        document.removeEventListener("focusin", keepKeys);
        picture.views.delete(paint);
      };
    },
  };
};
