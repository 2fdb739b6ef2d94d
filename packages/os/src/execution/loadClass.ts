import type { CasmClass, CasmEntryPoint, EntryPointType, Relocatable, VmMemory, VmValue } from '@cairn/cairo';
import { shortString } from '@cairn/primitives';

const COMPILED_CLASS_VERSION = shortString('COMPILED_CLASS_V1');
/** `ret`, which ends the bytecode. */
const RETURN_WORD = 0x208b7fff7fff7ffen;
const ENTRY_POINT_TYPES: readonly EntryPointType[] = ['EXTERNAL', 'L1_HANDLER', 'CONSTRUCTOR'];

/** Writes a class as the struct CompiledClass of `compiled_class.cairo`, its bytecode at the start of a segment. */
export function loadClass(memory: VmMemory, casm: CasmClass, builtinPrices: Relocatable): Relocatable {
  // Equal lists of builtins share their memory, so that the class's hash takes each only once.
  const builtinLists = new Map<string, Relocatable>();
  const builtinList = (names: readonly string[]): Relocatable => {
    const key = names.join();
    const list = builtinLists.get(key) ?? memory.allocate(names.map((name) => shortString(name)));
    builtinLists.set(key, list);
    return list;
  };
  const entryPointCells = ({ selector, offset, builtins }: CasmEntryPoint): VmValue[] => [
    selector,
    BigInt(offset),
    BigInt(builtins.length),
    builtinList(builtins),
  ];
  const entryPoints = ENTRY_POINT_TYPES.flatMap((type): VmValue[] => {
    const list = casm.entryPointsByType[type];
    return [BigInt(list.length), memory.allocate(list.flatMap(entryPointCells))];
  });
  const bytecode = memory.allocate([...casm.bytecode, RETURN_WORD, builtinPrices]);
  return memory.allocate([COMPILED_CLASS_VERSION, ...entryPoints, BigInt(casm.bytecode.length), bytecode]);
}
