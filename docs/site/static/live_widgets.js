// Runs the widgets that are JavaScript from top to bottom on a page without a kernel.

/** What a widget sees of its model: values that can be set and watched. Nothing is sent anywhere. */
class PageModel {
  constructor(values) {
    this.values = values;
    this.watchers = new Map();
  }

  get(name) {
    return this.values[name];
  }

  set(name, value) {
    if (this.values[name] === value) return;
    this.values[name] = value;
    this.tell(`change:${name}`);
    this.tell("change");
  }

  // There is no kernel: what was set is all there is to keep.
  save_changes() {}

  send() {}

  on(events, watcher) {
    for (const event of events.split(" ")) {
      if (!this.watchers.has(event)) this.watchers.set(event, new Set());
      this.watchers.get(event).add(watcher);
    }
  }

  off(events, watcher) {
    for (const event of events.split(" ")) {
      if (watcher) this.watchers.get(event)?.delete(watcher);
      else this.watchers.delete(event);
    }
  }

  tell(event) {
    for (const watcher of [...(this.watchers.get(event) ?? [])]) watcher();
  }
}

function wear(address) {
  if (document.querySelector(`link[href="${address}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address;
  document.head.append(link);
}

async function awake(place) {
  const { module, look, state } = place.dataset;
  const [code, answer] = await Promise.all([import(new URL(module, document.baseURI)), fetch(state)]);
  if (!answer.ok) throw new Error(`${state} answered ${answer.status}`);
  const model = new PageModel(await answer.json());
  const widget = typeof code.default === "function" ? await code.default() : code.default;
  wear(look);
  const el = document.createElement("div");
  await widget.initialize?.({ model });
  await widget.render({ model, el });
  place.replaceChildren(el);
  place.dataset.alive = "true";
}

for (const place of document.querySelectorAll(".live-widget")) {
  // The static picture stays where the widget cannot come, and the console says why.
  awake(place).catch((error) => console.error("A widget could not be started:", error));
}
