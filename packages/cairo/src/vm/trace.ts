/** Registers before each executed instruction: pc (segment and offset), ap and fp (execution offsets). */
export class Trace {
  length = 0;
  #entries = new Int32Array(4096 * ENTRY_INTS);

  push(pcSegment: number, pc: number, ap: number, fp: number): void {
    let at = this.length * ENTRY_INTS;
    if (at === this.#entries.length) {
      const grown = new Int32Array(2 * at);
      grown.set(this.#entries);
      this.#entries = grown;
    }
    const entries = this.#entries;
    entries[at++] = pcSegment;
    entries[at++] = pc;
    entries[at++] = ap;
    entries[at] = fp;
    this.length++;
  }

  /** Entry `index` as [pc segment, pc offset, ap, fp]. */
  entry(index: number): [pcSegment: number, pc: number, ap: number, fp: number] {
    const at = index * ENTRY_INTS;
    const e = this.#entries;
    return [e[at]!, e[at + 1]!, e[at + 2]!, e[at + 3]!];
  }
}

const ENTRY_INTS = 4;
