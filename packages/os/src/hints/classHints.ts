import { type HintContext, offsetBy, type Relocatable, sameAddress } from '@cairn/cairo';
import { blakeMany, type Felt, feltAdd, feltNeg } from '@cairn/primitives';
import { loadClass } from '../execution/loadClass.ts';
import type { OsClass } from '../input/osInput.ts';
import { type CodeTree, codeTree } from './codeTree.ts';
import type { LibraryHint } from './libraryHint.ts';

/** Offsets of executed instructions by compiled class hash. */
export type UsedCode = ReadonlyMap<Felt, ReadonlySet<number>>;

/** Place of the pointer to the code in a CompiledClass. */
const BYTECODE_CELL = 8;
/** Hash and pointer of a CompiledClassFact. */
const FACT_CELLS = 2;
const NO_INSTRUCTION = feltNeg(1n);

/**
 * Hints of `compiled_class_facts.cairo`.
 * @param usedCode parts of the code without any of these are left out.
 */
export function classHints(classes: readonly OsClass[], usedCode: UsedCode): Record<string, LibraryHint> {
  /** Trees of the code by its segment. */
  const trees = new Map<number, { root: CodeTree; bytecode: readonly Felt[] }>();
  let code: readonly Felt[] = [];
  let next: CodeTree | undefined;
  /** Nodes whose children are being hashed, with the number of those that are done. */
  const open: { children: readonly CodeTree[]; doneCount: number }[] = [];
  return {
    'cairn.os.contracts_have_run': () => {},
    'cairn.os.class_count': () => classes.length,
    'cairn.os.class_facts': (h) =>
      h.memory.allocate(
        classes.flatMap(({ compiledClassHash, casm }) => {
          const used = usedCode.get(compiledClassHash);
          const root = codeTree(casm, (start, end) => used === undefined || hasOffset(used, start, end));
          const bytecode = [...casm.bytecode];
          for (const start of skippedStarts(root)) bytecode[start] = NO_INSTRUCTION;
          const loaded = loadClass(h.memory, { ...casm, bytecode }, h.pointer('prices'));
          trees.set(codeSegment(h, loaded), { root, bytecode: casm.bytecode });
          return [compiledClassHash, loaded];
        }),
      ),
    'cairn.os.has_known_builtins': (h) =>
      sameAddress(h.pointer('entry_point.builtins'), h.pointer('known_builtins')),
    'cairn.os.enter_bytecode': (h) => {
      const tree = trees.get(h.pointer('class.bytecode_ptr').segment)!;
      next = tree.root;
      code = tree.bytecode;
    },
    'cairn.os.is_code_leaf': () => {
      const children = next!.children;
      if (children === undefined) return true;
      open.push({ children, doneCount: 0 });
      return false;
    },
    'cairn.os.leaf_length': () => next!.length,
    'cairn.os.has_no_more_segments': () => {
      const node = open.at(-1)!;
      next = node.children[node.doneCount++];
      if (next === undefined) open.pop();
      return next === undefined;
    },
    'cairn.os.is_skipped_segment': () => !next!.isUsed,
    'cairn.os.skip_segment': (h) => {
      h.set('segment.length', next!.length);
      h.set('segment.hash', codeHash(next!, code));
    },
  };
}

/** Segment of the code of a CompiledClass in memory. */
export function codeSegment(h: HintContext, loaded: Relocatable): number {
  return h.memory.readPointer(offsetBy(loaded, BYTECODE_CELL)).segment;
}

/** Segment of the code of the fact at that place in the list of class facts. */
export function codeSegmentOfFact(h: HintContext, facts: Relocatable, index: number): number {
  return codeSegment(h, h.memory.readPointer(offsetBy(facts, FACT_CELLS * index + 1)));
}

function hasOffset(used: ReadonlySet<number>, start: number, end: number): boolean {
  for (let offset = start; offset < end; offset++) if (used.has(offset)) return true;
  return false;
}

/** Offsets where parts begin that are left out. */
function skippedStarts({ children = [] }: CodeTree): number[] {
  return children.flatMap((child) => (child.isUsed ? skippedStarts(child) : [child.offset]));
}

/** Blake2s form of the hash of a part of the code. @see SNIP-34 */
function codeHash({ offset, length, children }: CodeTree, code: readonly Felt[]): Felt {
  if (children === undefined) return blakeMany(code.slice(offset, offset + length));
  return feltAdd(1n, blakeMany(children.flatMap((child) => [BigInt(child.length), codeHash(child, code)])));
}
