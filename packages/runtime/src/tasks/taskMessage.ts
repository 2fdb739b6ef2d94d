import { CairnError } from '@cairn/primitives';

/** What goes to the thread. */
export interface TaskRequest {
  readonly id: number;
  readonly request: unknown;
}

/** What comes back: a result, or an error in parts that can be sent. */
export type TaskAnswer =
  | { readonly id: number; readonly result: unknown }
  | {
      readonly id: number;
      readonly error: {
        readonly code: string;
        readonly message: string;
        readonly details: Readonly<Record<string, unknown>>;
        readonly fix: string | undefined;
      };
    };

/** The answer that stands for a thrown error. */
export function failedAnswer(id: number, thrown: unknown): TaskAnswer {
  const { code, message, details, fix } =
    thrown instanceof CairnError
      ? thrown
      : new CairnError('INTERNAL', thrown instanceof Error ? thrown.message : String(thrown));
  return { id, error: { code, message, details, fix } };
}
