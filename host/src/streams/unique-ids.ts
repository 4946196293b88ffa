/** Ids that vendors use twice are given out once. */

/** Gives each wanted id as it is the first time, and then with `_2`, `_3`, ... behind it: letters that every wire takes back. */
export class UniqueIds {
  readonly #used = new Set<string>();
  readonly #next = new Map<string, number>();

  /** An id nobody had before. */
  claim(wanted: string): string {
    let id = wanted;
    while (this.#used.has(id)) {
      const number = this.#next.get(wanted) ?? 2;
      this.#next.set(wanted, number + 1);
      id = `${wanted}_${number}`;
    }
    this.#used.add(id);
    return id;
  }
}
