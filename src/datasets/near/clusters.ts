/** Groups of numbers that are connected, directly or by others (union-find). */
export class Clusters {
  readonly #parents: number[] = [];

  /** Adds the next number, in a group of its own. */
  add(): number {
    this.#parents.push(this.#parents.length);
    return this.#parents.length - 1;
  }

  /** Makes one group of the groups of two numbers. */
  join(a: number, b: number): void {
    const [first, second] = [this.rootOf(a), this.rootOf(b)];
    // The older one stays, so that a group's name does not depend on how it grew.
    this.#parents[Math.max(first, second)] = Math.min(first, second);
  }

  /** The number that names the group. */
  rootOf(number: number): number {
    let root = number;
    while (this.#parents[root] !== undefined && this.#parents[root] !== root) {
      const parent = this.#parents[root] as number;
      this.#parents[root] = this.#parents[parent] as number;
      root = this.#parents[root] as number;
    }
    return root;
  }
}
