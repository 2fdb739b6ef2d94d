import type { CasmClass, NestedIntList } from '@cairn/cairo';

/** A part of a class's code, as the tree of the hash divides it. */
export interface CodeTree {
  offset: number;
  /** In words. */
  length: number;
  isUsed: boolean;
  /** Absent for leaves. */
  children?: readonly CodeTree[];
}

/** The tree of a class; `isUsed` tells whether anything between two offsets was executed. */
export function codeTree(
  { bytecode, bytecodeSegmentLengths }: Pick<CasmClass, 'bytecode' | 'bytecodeSegmentLengths'>,
  isUsed: (start: number, end: number) => boolean,
): CodeTree {
  const build = (lengths: NestedIntList, offset: number): CodeTree => {
    if (typeof lengths === 'number')
      return { offset, length: lengths, isUsed: isUsed(offset, offset + lengths) };
    let end = offset;
    const children = lengths.map((child) => {
      const tree = build(child, end);
      end += tree.length;
      return tree;
    });
    return { offset, length: end - offset, isUsed: children.some((child) => child.isUsed), children };
  };
  return build(bytecodeSegmentLengths ?? bytecode.length, 0);
}
