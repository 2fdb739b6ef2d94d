import { instruction } from '../../casm/casmInstruction.ts';
import { apCell, deref } from '../../casm/cellExpression.ts';
import { type PreCostToken, preCost, regularCost } from '../costToken.ts';
import {
  built,
  type ConcreteLibfunc,
  deferred,
  fallthrough,
  type LibfuncContext,
  type LibfuncDefinition,
  type LibfuncTable,
  output,
  requireDeref,
  straight,
  temp,
} from '../libfunc.ts';
import { type TypeId, valueArg } from '../program.ts';
import { noArgs } from '../typeContext.ts';
import { boxOf, fixedArray } from './commonTypes.ts';

/** A builtin instance of `inputCount` written and `outputCount` read cells, all felts. */
function builtinCall(
  typeName: string,
  token: PreCostToken,
  inputCount: number,
  outputCount: number,
): LibfuncDefinition {
  return ({ types }, args) => {
    noArgs(args);
    const builtin = types.find(typeName);
    const felt = types.find('felt252');
    const signature = straight(
      [builtin, ...Array.from({ length: inputCount }, () => felt)],
      [output(builtin, deferred), ...Array.from({ length: outputCount }, () => output(felt, deferred))],
    );
    return built(
      signature,
      (id) => types.size(id),
      (b, input) => {
        const values = Array.from({ length: inputCount }, (_, i) => input.deref(1 + i));
        const pointer = input.buffer(0, inputCount + outputCount - 1);
        b.write(pointer, ...values);
        const results = Array.from({ length: outputCount }, () => [b.next(pointer)]);
        return { ends: [fallthrough([pointer], ...results)] };
      },
      preCost({ [token]: 1 }),
    );
  };
}

/** One compression of Blake2s by its opcode; the new state goes to fresh memory. */
function blake(
  finalize: boolean,
  messageWord: (types: LibfuncContext['types']) => TypeId,
): LibfuncDefinition {
  return ({ types }, args): ConcreteLibfunc => {
    noArgs(args);
    const u32 = types.find('u32');
    const state = boxOf(types, fixedArray(types, u32, 8));
    const message = boxOf(types, fixedArray(types, messageWord(types), 16));
    const costs = [regularCost(0, preCost({ blake: 1 }))];
    return {
      ...straight([state, u32, message], [output(state, temp(0))]),
      costs: () => costs,
      apChanges: () => [1],
      generate: ({ args: cells }) => {
        const [stateCell, byteCount, messageCell] = cells.map(([cell]) => requireDeref(cell!).cell);
        const compress = instruction(
          { kind: 'blake2s', state: stateCell!, byteCount: byteCount!, message: messageCell!, finalize },
          true,
        );
        compress.hints = [{ AllocConstantSize: { size: { Immediate: '0x8' }, dst: apCell(0) } }];
        return { instructions: [compress], relocations: [], outputs: [[[deref(apCell(-1))]]] };
      },
    };
  };
}

const u32Word = (types: LibfuncContext['types']) => types.find('u32');
const u32Guarantee = (types: LibfuncContext['types']) =>
  types.find('BoundedIntGuarantee', [valueArg(0), valueArg(0xffff_ffff)]);

/** Hash functions of builtins and opcodes. */
export const hashLibfuncs: LibfuncTable = {
  pedersen: builtinCall('Pedersen', 'pedersen', 2, 1),
  hades_permutation: builtinCall('Poseidon', 'poseidon', 3, 3),
  blake2s_compress: blake(false, u32Word),
  blake2s_finalize: blake(true, u32Word),
  blake2s_compress_guarantees: blake(false, u32Guarantee),
  blake2s_finalize_guarantees: blake(true, u32Guarantee),
};
