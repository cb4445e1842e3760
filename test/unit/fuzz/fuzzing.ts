import fc from "fast-check";

/** `FUZZ_SEED=… npm run test:unit` does the same again; it stands in the tests' names. */
export const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** How many inputs each kind of input is tried with. */
const fuzzRuns = Number(process.env.FUZZ_RUNS ?? 10_000);

/** How a property is tried. @param share - Of the inputs, when a target has several kinds of them. */
export const fuzzing = (share = 1) => ({ seed, numRuns: Math.ceil(fuzzRuns * share) });

/** Any value of JSON, keys that steer JavaScript among them. */
export const anyJson = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, -1, 1.5, 1e308, "", "SUCCESS", "red", "kestra:///x"),
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(
        fc.string({ maxLength: 8 }),
        fc.constantFrom("__proto__", "constructor", "toString"),
      ),
      tie("value"),
      { maxKeys: 4 },
    ),
  ),
})).value;

/** A value with one of its places changed to something else, taken away, or doubled. */
export function mutated(value: unknown): fc.Arbitrary<unknown> {
  const paths = pathsOf(value);
  return fc
    .tuple(fc.constantFrom(...paths), fc.constantFrom("replace", "remove"), anyJson)
    .map(([path, how, other]) => change(value, path, how === "remove" ? undefined : other));
}

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]));
  return [path, ...inner];
}

function change(value: unknown, path: Path, other: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return other;
  const copy = structuredClone(value) as Record<string, unknown>;
  if (rest.length === 0 && other === undefined) delete copy[key];
  else copy[key] = change((value as Record<string, unknown>)[key], rest, other);
  return copy;
}

/** A text with some of its parts cut, doubled, moved or overwritten. */
export function mangled(text: string, noise: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const place = fc.nat({ max: text.length });
  const step = fc.tuple(place, place, fc.constantFrom("cut", "double", "write"), noise);
  return fc.array(step, { minLength: 1, maxLength: 4 }).map((steps) => {
    let result = text;
    for (const [one, other, how, bits] of steps) {
      const [from, to] = [Math.min(one, other), Math.min(Math.max(one, other), one + 40)];
      const part = result.slice(from, to);
      const between = how === "cut" ? "" : how === "double" ? part + part : bits;
      result = result.slice(0, from) + between + result.slice(to);
    }
    return result;
  });
}
