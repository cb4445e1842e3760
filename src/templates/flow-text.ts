import {
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  Scalar,
  stringify,
} from "yaml";

/** Keys and indexes from the root of a YAML text to a value. */
export type YamlPath = readonly (string | number)[];

/**
 * Sets one value in a YAML text and leaves every other byte as it is. (Writing a whole `yaml` document anew keeps
 * comments and order, but breaks long lines elsewhere and folds blocks that were laid out by hand.)
 *
 * Parents that are missing are made; a key that is missing comes last.
 */
export function setValue(text: string, path: YamlPath, value: unknown): string {
  const key = path.at(-1);
  if (key === undefined) throw new TypeError("a value needs a path");
  const parentPath = path.slice(0, -1);
  const parent = nodeAt(text, parentPath);
  if (isMap(parent) && !parent.flow) {
    const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === key);
    return pair === undefined
      ? insertPair(text, parent, String(key), value)
      : replacePair(text, pair as Pair<Node, Node | null>, value);
  }
  if (isSeq(parent) && !parent.flow && typeof key === "number") {
    const item = parent.items[key];
    if (isNode(item)) return replaceItem(text, item, value);
  }
  // There is no such parent, or it stands on one line: it is written anew as a whole.
  const siblings =
    parent === undefined ? {} : (parent.toJSON() as Record<string | number, unknown>);
  siblings[key] = value;
  return setValue(text, parentPath, siblings);
}

/** Appends items to a list of a YAML text, which is made when there is none; every other byte stays as it is. */
export function appendItems(text: string, path: YamlPath, items: readonly unknown[]): string {
  const list = nodeAt(text, path);
  if (!isSeq(list) || list.flow || list.items.length === 0) {
    const present = isSeq(list) ? (list.toJSON() as unknown[]) : [];
    return setValue(text, path, [...present, ...items]);
  }
  const [start, end] = rangeOf(list);
  const rendered = items.map((item) => `\n${indent(render([item]), columnOf(text, start))}`);
  return insertAt(text, lineEnd(text, end), rendered.join(""));
}

/** Takes one item out of a list, or one key out of a map, with its lines; with the last one goes what held it. */
export function removeValue(text: string, path: YamlPath): string {
  const key = path.at(-1);
  const parentPath = path.slice(0, -1);
  const parent = nodeAt(text, parentPath);
  if (key === undefined || !(isSeq(parent) || isMap(parent)) || !parent.has(key)) return text;
  if (parent.items.length === 1 && parentPath.length > 0) return removeValue(text, parentPath);
  if (parent.flow) {
    const rest = parent.toJSON() as Record<string, unknown> | unknown[];
    if (Array.isArray(rest)) rest.splice(Number(key), 1);
    else delete rest[String(key)];
    return setValue(text, parentPath, rest);
  }
  const [first, last] = isMap(parent)
    ? pairOf(parent, key)
    : [parent.items[Number(key)], parent.items[Number(key)]];
  if (!isNode(first)) return text;
  const [start] = rangeOf(first);
  const [, end] = rangeOf(isNode(last) ? last : first);
  return text.slice(0, start - columnOf(text, start)) + text.slice(lineEnd(text, end));
}

function replacePair(text: string, { key, value: old }: Pair<Node, Node | null>, value: unknown) {
  const [keyStart, keyEnd] = rangeOf(key);
  const [start, end] = old === null ? [keyEnd, keyEnd + 1] : rangeOf(old);
  if (old !== null && isInline(old) && end > start && isPrimitive(value)) {
    return splice(text, start, end, inline(value));
  }
  const name = text.slice(keyStart, keyEnd);
  const rendered = indent(renderPair(name, value), columnOf(text, keyStart)).trimStart();
  return splice(text, keyStart, end, fitEnd(text, end, rendered));
}

function replaceItem(text: string, item: Node, value: unknown): string {
  const [start, end] = rangeOf(item);
  if (isInline(item) && isPrimitive(value)) return splice(text, start, end, inline(value));
  const rendered = indent(render(value), columnOf(text, start)).trimStart();
  return splice(text, start, end, fitEnd(text, end, rendered));
}

function insertPair(text: string, map: Node & { items: Pair[] }, name: string, value: unknown) {
  const [start, end] = rangeOf(map);
  const rendered = indent(renderPair(render(name).trimEnd(), value), columnOf(text, start));
  const isRoot = columnOf(text, start) === 0;
  return insertAt(text, lineEnd(text, end), isRoot ? `\n${rendered}` : rendered);
}

function nodeAt(text: string, path: YamlPath): Node | undefined {
  const document = parseDocument(text);
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node : undefined;
}

function pairOf(map: Node & { items: Pair[] }, key: string | number): unknown[] {
  const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key);
  return [pair?.key, pair?.value];
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value);
}

/** True for what stands on one line, or is at least closed by a quote or a bracket: it can be replaced in place. */
function isInline(node: Node): boolean {
  if (isScalar(node)) {
    return node.type !== Scalar.BLOCK_LITERAL && node.type !== Scalar.BLOCK_FOLDED;
  }
  return (isMap(node) || isSeq(node)) && node.flow === true;
}

function isPrimitive(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}

function inline(value: unknown): string {
  if (typeof value === "string" && value.includes("\n")) return JSON.stringify(value);
  return render(value).trimEnd();
}

function render(value: unknown): string {
  return stringify(value, { lineWidth: 0, flowCollectionPadding: false });
}

function renderPair(name: string, value: unknown): string {
  if (isPrimitive(value) || Object.keys(value as object).length === 0) {
    // A block scalar's text begins on the next line, which stringify cannot know of a bare value.
    return render({ key: value }).replace(/^key/, () => name);
  }
  return `${name}:\n${indent(render(value), 2)}`;
}

function indent(text: string, columns: number): string {
  return text.replace(/^(?=.)/gm, " ".repeat(columns));
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

/** Where the line ends that an offset is on; a block ends behind its own line's end already. */
function lineEnd(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === "\n") return offset;
  const end = text.indexOf("\n", offset);
  return end === -1 ? text.length : end + 1;
}

/** With a line's end where the replaced text had one, and without where it had none. */
function fitEnd(text: string, end: number, rendered: string): string {
  return text[end - 1] === "\n" ? rendered : rendered.trimEnd();
}

function splice(text: string, start: number, end: number, replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

function insertAt(text: string, offset: number, addition: string): string {
  const before = text.slice(0, offset);
  return `${before}${before === "" || before.endsWith("\n") ? "" : "\n"}${addition}${text.slice(offset)}`;
}

function rangeOf(node: Node): [number, number] {
  const range = node.range;
  if (!range) throw new TypeError("a parsed node has a range");
  return [range[0], range[1]];
}
