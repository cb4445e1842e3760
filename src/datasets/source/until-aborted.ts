/**
 * The items, until the signal is aborted: also while the next one is waited for, so that a source that stalls, such as
 * a download, does not hold up the end.
 *
 * @throws the signal's reason once it was aborted; what the items throw.
 */
export async function* untilAborted<Item>(
  items: AsyncIterable<Item>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Item, void, undefined> {
  const iterator = items[Symbol.asyncIterator]();
  let isWaiting = false;
  const next = () =>
    new Promise<IteratorResult<Item>>((resolve, reject) => {
      const onAbort = () => reject(signal?.reason);
      const release = () => {
        signal?.removeEventListener("abort", onAbort);
        isWaiting = false;
      };
      if (signal?.aborted) return onAbort();
      isWaiting = true;
      signal?.addEventListener("abort", onAbort, { once: true });
      iterator.next().finally(release).then(resolve, reject);
    });

  try {
    for (let item = await next(); item.done !== true; item = await next()) yield item.value;
  } finally {
    const closed = Promise.resolve(iterator.return?.());
    // What stalls would not answer this either; it closes what it holds when it goes on.
    if (isWaiting) closed.catch(() => {});
    else await closed;
  }
}
