import { invariant, PRIME } from '@cairn/primitives';
import { formatType } from './ast/cairoType.ts';
import type { CompiledZeroProgram } from './compiledProgram.ts';
import { formatExpression } from './expressions/formatExpression.ts';
import type { ApTracking } from './flow/apChange.ts';
import type { FlowState } from './flow/flowTracking.ts';
import type { Reference } from './flow/reference.ts';
import type { Definition } from './names/definition.ts';
import { type JsonValue, writeJson } from './writeJson.ts';

/** The official compiler whose output this one's equals. */
const COMPILER_VERSION = '0.14.0.1';

/** The program as the JSON file that runners, provers and bootloaders of the ecosystem read, byte for byte. */
export function writeProgram(program: CompiledZeroProgram): string {
  const { builtins, data, hints, identifiers, references, attributes, mainScope } = program;
  return writeJson({
    attributes: attributes.map(({ name, value, startPc, endPc, accessibleScopes, flow }) => ({
      name,
      value,
      start_pc: startPc,
      end_pc: endPc,
      accessible_scopes: [...accessibleScopes],
      flow_tracking_data: flowJson(flow),
    })),
    builtins: [...builtins],
    compiler_version: COMPILER_VERSION,
    data: data.map(hex),
    debug_info: null,
    hints: new Map(
      [...hints].map(([pc, list]) => [
        String(pc),
        list.map(({ code, accessibleScopes, flow }) => ({
          code,
          accessible_scopes: [...accessibleScopes],
          flow_tracking_data: flowJson(flow),
        })),
      ]),
    ),
    identifiers: Object.fromEntries(
      [...identifiers].map(([name, definition]) => [name, definitionJson(definition)]),
    ),
    main_scope: mainScope,
    prime: hex(PRIME),
    reference_manager: { references: references.map(referenceJson) },
  });
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}

function apJson({ group, offset }: ApTracking): JsonValue {
  return { group, offset };
}

function flowJson({ apTracking, referenceIds }: FlowState): JsonValue {
  return { ap_tracking: apJson(apTracking), reference_ids: Object.fromEntries(referenceIds) };
}

function referenceJson({ pc, value, apTracking }: Reference): JsonValue {
  return { pc, value: formatExpression(value), ap_tracking_data: apJson(apTracking) };
}

function definitionJson(definition: Definition): JsonValue {
  const type = definition.kind;
  switch (definition.kind) {
    case 'alias':
      return { type, destination: definition.destination };
    case 'const':
      return { type, value: definition.value };
    case 'label':
      return { type, pc: definition.pc };
    case 'function':
      return { type, pc: definition.pc, decorators: [...definition.decorators] };
    case 'type_definition':
      return { type, cairo_type: formatType(definition.type) };
    case 'struct': {
      const members = [...definition.members].map(([name, member]) => [
        name,
        { cairo_type: formatType(member.type), offset: member.offset },
      ]);
      const { fullName: full_name, size } = definition;
      return { type, full_name, size, members: Object.fromEntries(members) };
    }
    case 'reference': {
      const { fullName: full_name, references } = definition;
      const cairo_type = formatType(definition.type);
      return { type, full_name, cairo_type, references: references.map(referenceJson) };
    }
    case 'namespace':
      return { type };
    default:
      invariant(false, `a compiled program defines nothing as ${type}`);
  }
}
