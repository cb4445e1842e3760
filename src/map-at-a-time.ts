/**
 * Does the work for each item, so many at a time; once it fails for one, no other is begun.
 *
 * @returns what it gave, in the order of the items.
 */
export async function mapAtATime<Item, Value>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Value>,
): Promise<Value[]> {
  const values: Value[] = Array.from({ length: items.length });
  const queue = entriesOf(items);
  const lanes = Array.from({ length: Math.min(limit, items.length) }, async () => {
    for (const [index, item] of queue) values[index] = await work(item);
  });
  await Promise.all(lanes);
  return values;
}

/** A generator ends for all who share it when one of them leaves it by an error; an array's own iterator does not. */
function* entriesOf<Item>(items: readonly Item[]) {
  yield* items.entries();
}
