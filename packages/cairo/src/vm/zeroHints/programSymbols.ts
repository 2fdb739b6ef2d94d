import { CairnError } from '@cairn/primitives';
import type { VmErrorCode } from '../../errors.ts';
import { parseReference, type Reference } from './reference.ts';

/** A variable as a hint sees it. */
export interface HintVariable {
  referenceId: number;
  /** Distance from ap where the variable was bound to ap where the hint stands. */
  apDelta: number;
}

/** Where a hint stands: its text, the variables in reach, and the scopes in which names are looked up. */
export interface HintSite {
  code: string;
  variables: ReadonlyMap<string, HintVariable>;
  scopes: readonly string[];
}

/** A member of a struct: offset from the struct's start, and type. */
export interface StructMember {
  offset: number;
  type: string;
}

interface IdentifierJson {
  type: string;
  destination?: string;
  value?: number | string;
  size?: number;
  members?: Record<string, { cairo_type: string; offset: number }>;
}

interface ProgramJson {
  hints: Record<
    string,
    {
      code: string;
      accessible_scopes: string[];
      flow_tracking_data: { ap_tracking: ApTracking; reference_ids: Record<string, number> };
    }[]
  >;
  reference_manager: { references: { value: string; ap_tracking_data: ApTracking }[] };
  identifiers: Record<string, IdentifierJson>;
}

interface ApTracking {
  group: number;
  offset: number;
}

/** The names of a compiled Cairo Zero program, as far as hints use them. */
export class ProgramSymbols {
  /** Hints by the offset of their instruction. */
  readonly sites: ReadonlyMap<number, readonly HintSite[]>;
  readonly #identifiers: Readonly<Record<string, IdentifierJson>>;
  readonly #referenceTexts: readonly string[];
  readonly #references: Reference[] = [];

  /** @param json a compiled program as {@link readProgramJson} gives it. */
  constructor(json: unknown) {
    const { hints, reference_manager, identifiers } = json as ProgramJson;
    this.#identifiers = identifiers;
    const { references } = reference_manager;
    this.#referenceTexts = references.map(({ value }) => value);
    this.sites = new Map(
      Object.entries(hints).map(([offset, list]) => [
        Number(offset),
        list.map(({ code, accessible_scopes, flow_tracking_data }) => {
          const here = flow_tracking_data.ap_tracking;
          const variables = new Map<string, HintVariable>();
          for (const [name, id] of Object.entries(flow_tracking_data.reference_ids)) {
            const apDelta = here.offset - references[id]!.ap_tracking_data.offset;
            variables.set(name.split('.').at(-1)!, { referenceId: id, apDelta });
          }
          return { code, variables, scopes: accessible_scopes };
        }),
      ]),
    );
  }

  /**
   * The reference of that number. Read when a hint needs it: no hint can use some forms, such as struct literals.
   * @throws CairnError `INVALID_PROGRAM`
   */
  reference(id: number): Reference {
    this.#references[id] ??= parseReference(this.#referenceTexts[id]!);
    return this.#references[id];
  }

  /** Value of a constant named from within `scopes`, innermost scope last; undefined when there is none. */
  constant(path: string, scopes: readonly string[]): bigint | undefined {
    for (const scope of [...scopes].reverse()) {
      const found = this.#resolve(`${scope}.${path}`);
      if (found?.type === 'const') return constantValue(path, found.value!);
      if (path.endsWith('.SIZE')) {
        const struct = this.#resolve(`${scope}.${path.slice(0, -'.SIZE'.length)}`);
        if (struct?.type === 'struct') return BigInt(struct.size!);
      }
    }
    return undefined;
  }

  /** The member of a struct type. @throws CairnError `INVALID_PROGRAM` */
  member(structType: string, name: string): StructMember {
    const member = this.#resolve(structType)?.members?.[name];
    if (!member) {
      throw new CairnError<VmErrorCode>('INVALID_PROGRAM', `struct ${structType} has no member ${name}`);
    }
    return { offset: member.offset, type: member.cairo_type };
  }

  isStruct(type: string): boolean {
    return this.#resolve(type)?.type === 'struct';
  }

  /** The identifier, through aliases, also where a part of its path is an alias. */
  #resolve(name: string, depth = 0): IdentifierJson | undefined {
    if (depth > 20) return undefined;
    const found = this.#identifiers[name];
    if (found) return found.type === 'alias' ? this.#resolve(found.destination!, depth + 1) : found;
    const parts = name.split('.');
    for (let length = parts.length - 1; length > 0; length--) {
      const prefix = this.#identifiers[parts.slice(0, length).join('.')];
      if (prefix?.type !== 'alias') continue;
      return this.#resolve([prefix.destination!, ...parts.slice(length)].join('.'), depth + 1);
    }
    return undefined;
  }
}

function constantValue(name: string, value: number | string): bigint {
  if (typeof value === 'string' || Number.isSafeInteger(value)) return BigInt(value);
  throw new CairnError<VmErrorCode>('INVALID_PROGRAM', `constant ${name} has lost digits: ${value}`);
}
