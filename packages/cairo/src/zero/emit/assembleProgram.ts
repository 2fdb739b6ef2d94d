import { type Felt, feltMod } from '@cairn/primitives';
import { encodeInstruction } from '../../casm/instruction.ts';
import type { CompiledHint, CompiledZeroProgram } from '../compiledProgram.ts';
import type { Definition } from '../names/definition.ts';
import { MAIN_SCOPE } from '../passes/loadModules.ts';
import { HIDDEN_PREFIX } from '../passes/lowerConditions.ts';
import { zeroError } from '../zeroError.ts';
import { buildInstruction, codeSize, type MachineCode } from './buildInstruction.ts';
import type { EmittedInstruction, Emitter } from './emitter.ts';
import { resolveBody } from './resolveBody.ts';

/** The program of everything compiled, its labels put in. @throws CairnError */
export function assembleProgram(emitter: Emitter, builtins: readonly string[]): CompiledZeroProgram {
  const data: Felt[] = [];
  const hints = new Map<number, readonly CompiledHint[]>();
  for (const emitted of emitter.instructions) {
    const { pc, scopes: accessibleScopes } = emitted;
    if (emitted.hints.length > 0)
      hints.set(
        pc,
        emitted.hints.map(({ code, flow }) => ({ code, flow, accessibleScopes })),
      );
    appendWords(emitted.code ?? labelledCode(emitter, emitted), data);
  }
  return {
    builtins,
    data,
    hints,
    identifiers: listedIdentifiers(emitter),
    references: emitter.flow.references,
    attributes: emitter.attributes,
    mainScope: MAIN_SCOPE,
  };
}

/** The code of an instruction that was compiled before its labels were placed. */
function labelledCode(emitter: Emitter, { source, pc, scopes }: EmittedInstruction): MachineCode {
  emitter.names.scopes = scopes;
  const { body } = resolveBody(
    {
      names: emitter.names,
      functions: new Map(),
      simplifyCell: (expression) => emitter.simplifyCell(expression),
    },
    source.body,
    pc,
  );
  const code = buildInstruction({ ...source, body });
  if (codeSize(code) !== 2)
    throw zeroError('ZERO_INSTRUCTION', 'This instruction changes its size with its label.', source.span);
  return code;
}

function appendWords(code: MachineCode, data: Felt[]): void {
  if (code.kind === 'word') {
    data.push(feltMod(code.value));
    return;
  }
  data.push(encodeInstruction(code.instruction));
  if (code.immediate !== undefined) data.push(feltMod(code.immediate));
}

function listedIdentifiers(emitter: Emitter): ReadonlyMap<string, Definition> {
  const identifiers = new Map<string, Definition>();
  for (const [fullName, definition] of emitter.names.table.entries(emitter.removedScopes))
    if (!fullName.includes(`.${HIDDEN_PREFIX}`)) identifiers.set(fullName, definition);
  return identifiers;
}
