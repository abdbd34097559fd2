// The picture that Python paints: kept for all views of a widget, and brought up to date a patch at a time.

const PIXEL = 4; // bytes
const TOLD = ["paints", "width", "height", "alt", "painted_dark", "handles"];

export class PaintedPicture {
  constructor(model) {
    Object.assign(this, { model, views: new Set() });
    for (const name of TOLD) this[name] = model.get(name);
    // The model's own bytes: where a notebook is saved with its widgets, they are saved as they are then.
    this.image = this.imageOn(model.get("pixels"));
    this.hear = (message, [buffer]) => {
      if (message.kind !== "paint") return;
      for (const name of TOLD) this[name] = message[name];
      this.lay(message.patches, buffer);
      this.views.forEach((view) => view(message.patches));
    };
    model.on("msg:custom", this.hear);
    // What was painted while this code was still being loaded has been missed.
    model.send({ kind: "ready", paints: this.paints });
  }

  imageOn(bytes) {
    const pixels = new Uint8ClampedArray(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new ImageData(pixels, this.width, this.height);
  }

  lay(patches, bytes) {
    if (this.image.width !== this.width || this.image.height !== this.height) {
      this.image = this.imageOn(bytes); // of another size: then it comes whole
      return;
    }
    let from = bytes.byteOffset;
    for (const [left, top, width, height] of patches) {
      for (let y = top; y < top + height; y++) {
        this.image.data.set(new Uint8Array(bytes.buffer, from, width * PIXEL), (y * this.width + left) * PIXEL);
        from += width * PIXEL;
      }
    }
  }

  remove() {
    this.model.off("msg:custom", this.hear);
  }
}
