import type { ChainEvent } from '@cairn/rpc';

/** Tells everyone who listens what happens to the chain. A listener that fails harms nobody else. */
export class ChainFeed {
  readonly #listeners = new Set<(event: ChainEvent) => void>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  listen(listener: (event: ChainEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(event: ChainEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
