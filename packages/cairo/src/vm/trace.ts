/** Ints per entry. */
const ENTRY_INTS = 3;
/** Entries per chunk. */
const CHUNK_ENTRIES = 2 ** 15;
const CHUNK_INTS = CHUNK_ENTRIES * ENTRY_INTS;

/** Registers before each executed instruction: pc (segment and offset), ap and fp (execution offsets). */
export class Trace {
  length = 0;
  readonly #chunks: Int32Array[] = [];
  /** Where the code segment changed: index of the first entry in it, and its number. */
  readonly #changes: { from: number; segment: number }[] = [];
  #segment = -1;

  push(pcSegment: number, pc: number, ap: number, fp: number): void {
    if (pcSegment !== this.#segment) this.#change(pcSegment);
    const index = this.length % CHUNK_ENTRIES;
    if (index === 0) this.#chunks.push(new Int32Array(CHUNK_INTS));
    const chunk = this.#chunks[this.#chunks.length - 1]!;
    const at = index * ENTRY_INTS;
    chunk[at] = pc;
    chunk[at + 1] = ap;
    chunk[at + 2] = fp;
    this.length++;
  }

  /** Adds entries of one code segment: pc, ap and fp each. */
  append(pcSegment: number, entries: Int32Array): void {
    if (pcSegment !== this.#segment) this.#change(pcSegment);
    for (let from = 0; from < entries.length; ) {
      const at = (this.length % CHUNK_ENTRIES) * ENTRY_INTS;
      if (at === 0) this.#chunks.push(new Int32Array(CHUNK_INTS));
      const part = entries.subarray(from, from + CHUNK_INTS - at);
      this.#chunks[this.#chunks.length - 1]!.set(part, at);
      this.length += part.length / ENTRY_INTS;
      from += part.length;
    }
  }

  /** Entry `index` as [pc segment, pc offset, ap, fp]. */
  entry(index: number): [pcSegment: number, pc: number, ap: number, fp: number] {
    const at = (index % CHUNK_ENTRIES) * ENTRY_INTS;
    const chunk = this.#chunks[Math.floor(index / CHUNK_ENTRIES)]!;
    let [low, high] = [0, this.#changes.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#changes[middle]!.from <= index) low = middle;
      else high = middle - 1;
    }
    return [this.#changes[low]!.segment, chunk[at]!, chunk[at + 1]!, chunk[at + 2]!];
  }

  #change(segment: number): void {
    this.#changes.push({ from: this.length, segment });
    this.#segment = segment;
  }
}
