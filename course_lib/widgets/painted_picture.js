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
      this.lay(message.patches, buffer, message.changed);
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

  // A picture comes whole, or as the pixels that have changed: first the colours of these, then for each patch a bit a
  // pixel that says whether it is one of them.
  lay(patches, bytes, changed) {
    const told = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (changed === null) {
      if (this.image.width !== this.width || this.image.height !== this.height) this.image = this.imageOn(bytes);
      else this.image.data.set(told);
      return;
    }
    const pixels = this.image.data;
    let [from, mask] = [0, PIXEL * changed];
    for (const [left, top, width, height] of patches) {
      for (let place = 0; place < width * height; place++) {
        if (!(told[mask + (place >> 3)] & (128 >> (place & 7)))) continue;
        const to = PIXEL * ((top + Math.floor(place / width)) * this.width + left + (place % width));
        for (let part = 0; part < PIXEL; part++) pixels[to + part] = told[from++];
      }
      mask += Math.ceil((width * height) / 8);
    }
  }

  remove() {
    this.model.off("msg:custom", this.hear);
  }
}
