/** Something that shows itself in a notebook and in a terminal. */
export interface Displayable {
  /** An HTML fragment without scripts, all its texts escaped; tslab shows it by `display.html`. */
  toHTML(): string;
}

/** How a value shows itself. */
export interface Views {
  text(): string;
  html(): string;
}

/** What Deno's Jupyter kernel looks for. */
const jupyterDisplay = Symbol.for("Jupyter.display");
/** What `util.inspect`, and so ts-node and tslab, looks for. */
const inspectCustom = Symbol.for("nodejs.util.inspect.custom");

/** Lets all values of a class show themselves; its prototype is told once. */
export function displayAll<Value extends object>(
  prototype: Value,
  views: { text(value: Value): string; html(value: Value): string },
): void {
  const hidden = (get: (value: Value) => unknown) => ({
    value(this: Value) {
      return get(this);
    },
    enumerable: false,
    configurable: true,
  });
  Object.defineProperties(prototype, {
    [inspectCustom]: hidden(views.text),
    [jupyterDisplay]: hidden((value) => ({
      "text/html": views.html(value),
      "text/plain": views.text(value),
    })),
  });
}

/**
 * Lets a plain value show itself in ts-node, tslab and Deno's kernel. The value stays plain data: what is
 * added cannot be enumerated, so it is not part of its JSON.
 */
export function displayed<Value extends object>(value: Value, views: Views): Value & Displayable {
  const hidden = (get: unknown) => ({ value: get, enumerable: false, configurable: true });
  return Object.defineProperties(value, {
    toHTML: hidden(() => views.html()),
    [inspectCustom]: hidden(() => views.text()),
    [jupyterDisplay]: hidden(() => ({ "text/html": views.html(), "text/plain": views.text() })),
  }) as Value & Displayable;
}
