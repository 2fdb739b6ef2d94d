import { mapBlocks } from '../ast/innerBlocks.ts';
import type { Block, StatementOf } from '../ast/statement.ts';
import { zeroError } from '../zeroError.ts';

/** Starts names that no program can spell and no compiled program lists. */
export const HIDDEN_PREFIX = '$';

/** The labels of the two places an `if` jumps to. */
export function branchLabels({ id }: StatementOf<'if'>): { notEqual: string; end: string } {
  return { notEqual: `${HIDDEN_PREFIX}notEqual${id}`, end: `${HIDDEN_PREFIX}end${id}` };
}

/**
 * Writes `if (a and b)` as one `if` inside another and numbers all of them, from `nextId()`.
 * @throws CairnError `ZERO_SYNTAX` for an `else` after `and`
 */
export function lowerConditions(block: Block, nextId: () => number): Block {
  return block.map((statement) => {
    const inner = mapBlocks(statement, (it) => lowerConditions(it, nextId));
    if (inner.kind !== 'if') return inner;
    const { conditions, otherwise, span } = inner;
    if (conditions.length > 1 && otherwise !== undefined)
      throw zeroError('ZERO_SYNTAX', "An 'if' with 'and' cannot have an 'else'.", span);
    return conditions.reduceRight<StatementOf<'if'>>((next, condition, i) => {
      const body = i === conditions.length - 1 ? next.body : [next];
      return { ...inner, conditions: [condition], body, id: nextId() };
    }, inner);
  });
}
