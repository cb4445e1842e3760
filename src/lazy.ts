/**
 * Builds a value at its first use. Schemas are built so: a program that starts one match should not pay for the
 * schemas of six flows at import.
 */
export function lazy<Value>(build: () => Value): () => Value {
  let built: { value: Value } | undefined;
  return () => {
    built ??= { value: build() };
    return built.value;
  };
}
