import type { HintContext, VmValue } from '@cairn/cairo';

/** What a hint gives: the value of `nondet`, or nothing when it sets variables. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hint that sets variables gives nothing
export type HintAnswer = VmValue | number | boolean | void;

/** A hint of the library: proposes values that the Cairo code around it then proves. */
export type LibraryHint = (h: HintContext) => HintAnswer;
