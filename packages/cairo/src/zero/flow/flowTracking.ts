import type { Expression } from '../ast/expression.ts';
import { checkComplexity } from '../expressions/checkComplexity.ts';
import { sameExpression } from '../expressions/sameExpression.ts';
import { simplifyExpression } from '../expressions/simplifyExpression.ts';
import type { ApChange, ApTracking } from './apChange.ts';
import { evaluateReference, type Reference } from './reference.ts';

/** What is known at a place the program can reach. */
export interface FlowState {
  readonly apTracking: ApTracking;
  /** The reference each variable stands for, by full name, as an index into all references. */
  readonly referenceIds: ReadonlyMap<string, number>;
}

/** A variable's value, or why it has none: never bound on this way, or bound before ap moved by an unknown amount. */
export type VariableValue =
  | { kind: 'value'; value: Expression; nodeCount: number }
  | { kind: 'missing' }
  | { kind: 'lost'; reference: Reference };

/** State to return to when a function is compiled again. */
export interface FlowCheckpoint {
  state: FlowState | undefined;
  labelStates: ReadonlyMap<string, FlowState>;
  groupCount: number;
  referenceCount: number;
}

/** Follows ap and the variables along all ways through the program. */
export class FlowTracking {
  /** Every reference of the program, in the order bound; programs name them by their index. */
  readonly references: Reference[] = [];
  /** Undefined where nothing leads, such as after a return. */
  #state: FlowState | undefined;
  /** Whether somebody keeps the state: then its variables are copied before one is bound. */
  #isKept = false;
  #labelStates = new Map<string, FlowState>();
  #groupCount = 0;

  get isReachable(): boolean {
    return this.#state !== undefined;
  }

  /** Where nothing leads, a flow of its own begins. */
  begin(): void {
    if (this.#state !== undefined) return;
    this.#state = { apTracking: this.#newGroup(), referenceIds: new Map() };
    this.#isKept = false;
  }

  /** The state here, after {@link begin}; it stays as it is. */
  get state(): FlowState {
    const state = this.#begun();
    this.#isKept = true;
    return state;
  }

  get apTracking(): ApTracking {
    return this.#begun().apTracking;
  }

  checkpoint(): FlowCheckpoint {
    this.#isKept = true;
    return {
      state: this.#state,
      labelStates: new Map(this.#labelStates),
      groupCount: this.#groupCount,
      referenceCount: this.references.length,
    };
  }

  restore({ state, labelStates, groupCount, referenceCount }: FlowCheckpoint): void {
    this.#state = state;
    this.#isKept = true;
    this.#labelStates = new Map(labelStates);
    this.#groupCount = groupCount;
    this.references.length = referenceCount;
  }

  /** Nothing leads to the next instruction. */
  stop(): void {
    this.#state = undefined;
  }

  /** ap moves on the way to the next instruction. */
  moveAp(change: ApChange): void {
    this.#state = this.#moved(change);
  }

  /** Something here leads to a label; ap moves on that way. */
  jumpTo(label: string, change: ApChange): void {
    const arriving = this.#moved(change);
    this.#isKept = true;
    const before = this.#labelStates.get(label);
    this.#labelStates.set(label, before === undefined ? arriving : this.#merge(before, arriving));
  }

  /** A label stands here: what leads to it joins what leads here. */
  enterLabel(label: string): void {
    const arriving = this.#labelStates.get(label);
    if (this.#state === undefined) this.#state = arriving;
    else if (arriving !== undefined) this.#state = this.#merge(this.#state, arriving);
    this.#isKept = true;
  }

  /** From here on the variable stands for `reference`. */
  bind(variable: string, reference: Reference): void {
    const { apTracking, referenceIds } = this.#begun();
    this.references.push(reference);
    const ids = this.#isKept ? new Map(referenceIds) : (referenceIds as Map<string, number>);
    this.#isKept = false;
    this.#state = { apTracking, referenceIds: ids.set(variable, this.references.length - 1) };
  }

  valueOf(variable: string): VariableValue {
    const id = this.#state?.referenceIds.get(variable);
    if (id === undefined) return { kind: 'missing' };
    const reference = this.references[id]!;
    const value = evaluateReference(reference, this.#state!.apTracking);
    return value === undefined
      ? { kind: 'lost', reference }
      : { kind: 'value', value, nodeCount: reference.nodeCount };
  }

  #begun(): FlowState {
    this.begin();
    return this.#state!;
  }

  #newGroup(): ApTracking {
    return { group: this.#groupCount++, offset: 0 };
  }

  #moved(change: ApChange): FlowState {
    const { apTracking, referenceIds } = this.#begun();
    const { group, offset } = apTracking;
    const moved = change === 'unknown' ? this.#newGroup() : { group, offset: offset + change };
    return { apTracking: moved, referenceIds };
  }

  /** What holds whichever of two ways was taken: variables bound to the same, in either way's terms. */
  #merge(a: FlowState, b: FlowState): FlowState {
    const isSameAp = a.apTracking.group === b.apTracking.group && a.apTracking.offset === b.apTracking.offset;
    const apTracking = isSameAp ? a.apTracking : this.#newGroup();
    const referenceIds = new Map<string, number>();
    for (const [variable, id] of a.referenceIds) {
      const otherId = b.referenceIds.get(variable);
      if (otherId === undefined) continue;
      if (otherId === id) {
        referenceIds.set(variable, id);
        continue;
      }
      const reference = this.references[id]!;
      const other = this.references[otherId]!;
      const value = evaluateReference(reference, a.apTracking);
      const otherValue = evaluateReference(other, b.apTracking);
      if (value === undefined || otherValue === undefined) continue;
      const isSame = sameExpression(
        simplifyExpression(value, 'integer'),
        simplifyExpression(otherValue, 'integer'),
      );
      if (!isSame) continue;
      const spans = [...reference.spans, ...other.spans];
      const nodeCount = checkComplexity(value);
      this.references.push({ pc: reference.pc, value, nodeCount, apTracking, spans, statement: undefined });
      referenceIds.set(variable, this.references.length - 1);
    }
    return { apTracking, referenceIds };
  }
}
