import { CairnError } from '@cairn/primitives';
import type { VmErrorCode } from '../errors.ts';
import type { Memory } from './memory.ts';
import { FIRST_TEMPORARY, isPointer, pointerWord, type Word, wordOffset, wordSegment } from './word.ts';

/**
 * Says that the temporary segment at `source` will lie at `target`. From then on, pointers into it that are
 * read from memory read as pointers to the target; its cells move at the end of the run.
 * @throws CairnError `RELOCATION` when source is no start of a temporary segment, or has a rule already.
 */
export function addRelocationRule(memory: Memory, source: Word, target: Word): void {
  const segment = wordSegment(source) - FIRST_TEMPORARY;
  const isNew = segment >= 0 && wordOffset(source) === 0 && !memory.relocationRules.has(segment);
  if (!isNew || !isPointer(target)) {
    throw new CairnError<VmErrorCode>(
      'RELOCATION',
      `no relocation rule possible from ${memory.show(source)} to ${memory.show(target)}`,
    );
  }
  memory.relocationRules.set(segment, target);
}

/**
 * Moves every temporary segment that has a rule into its place and turns the pointers into it.
 * @throws CairnError `RELOCATION` for rules that lead nowhere, `INCONSISTENT_MEMORY` when the place is taken.
 */
export function relocateTemporary(memory: Memory): void {
  const rules = memory.relocationRules;
  if (rules.size === 0 || memory.temporaryCount === 0) return;
  const targets = new Map([...rules].map(([segment]) => [segment, finalTarget(memory, segment)]));
  rules.clear();
  const turned = (word: Word): Word => {
    const target = targets.get(wordSegment(word) - FIRST_TEMPORARY);
    return target === undefined ? word : memory.add(target, wordOffset(word));
  };
  memory.replaceTemporaryPointers(turned, 'everywhere');
  for (const index of [...targets.keys()].sort((a, b) => b - a)) {
    const target = targets.get(index)!;
    const segment = FIRST_TEMPORARY + index;
    for (let offset = 0; offset < memory.sizeOf(segment); offset++) {
      const word = memory.cell(segment, offset);
      if (Number.isNaN(word)) continue;
      const address = memory.add(target, offset);
      memory.set(address, word);
      if (memory.isAccessed(segment, offset)) memory.markAccessed(address, 1);
    }
    memory.clearTemporary(segment);
  }
}

/** The end of a chain of rules. */
function finalTarget(memory: Memory, segment: number): Word {
  let target = pointerWord(FIRST_TEMPORARY + segment, 0);
  for (let hops = 0; wordSegment(target) >= FIRST_TEMPORARY; hops++) {
    const next = memory.relocate(target);
    if (next === target || hops > memory.relocationRules.size)
      throw new CairnError<VmErrorCode>(
        'RELOCATION',
        `temporary segment ${-1 - segment} has no place to lie in`,
      );
    target = next;
  }
  return target;
}
