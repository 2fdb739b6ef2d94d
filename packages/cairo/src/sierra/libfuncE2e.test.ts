import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CasmInstruction } from '../casm/casmInstruction.ts';
import type { CellExpression } from '../casm/cellExpression.ts';
import type { CellRef } from '../casm/hint.ts';
import { type CompiledProgram, compileProgram } from './compileProgram.ts';
import { PRE_COST_TOKENS } from './costToken.ts';
import { computeMetadata } from './metadata.ts';
import type { GenericArg, SierraFunction, SierraProgram, Statement, TypeDeclaration } from './program.ts';
import { buildProgramRegistry } from './programRegistry.ts';
import { userType } from './userTypeId.ts';

/** Programs of the official compiler's end-to-end tests, one or more per libfunc, with their CASM as text. */
interface E2eCase {
  readonly file: string;
  readonly name: string;
  readonly runner: string;
  readonly sierra: string;
  readonly casm: string;
  readonly function_costs: string | null;
}

const VECTORS = new URL('../../../../../shared/vectors/sierra-casm/libfunc_e2e.jsonl', import.meta.url);
const present = existsSync(VECTORS);
const cases: E2eCase[] = present
  ? readFileSync(VECTORS, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  : [];

/** Costs the official test gives some functions; they are inputs that the vectors do not carry. */
const FIXED_GAS: Readonly<Record<string, Record<string, number>>> = {
  'metadata_computation: branch_align values are pushed to the end': { 'test::bar': 10000 },
  'metadata_computation: withdraw_gas reduces excess': { 'test::bar': 2000 },
  'metadata_computation: redeposit_gas libfunc': { 'test::bar': 10000, 'test::foo': 100000 },
  'metadata_computation: coupon refund': { 'test::bar20000': 20000, 'test::bar1000': 1000 },
};

describe('libfuncs compile to the official CASM', () => {
  it.skipIf(present)('skipped: needs ../shared/vectors', () => {});
  for (const { file, name, sierra, casm, function_costs } of cases)
    it(`${file}: ${name}`, () => {
      const { program, functionNames } = parseSierraText(sierra);
      const registry = buildProgramRegistry(program);
      const fixed = Object.entries(FIXED_GAS[`${file}: ${name}`] ?? {}).map(
        ([fn, gas]) => [program.functions[functionNames.indexOf(fn)]!.entryPoint, gas] as const,
      );
      const metadata = computeMetadata(registry, new Map(fixed));
      if (function_costs)
        expect(metadata.gas.functionCosts.map((gas, i) => `${functionNames[i]}: ${costText(gas)}`)).toEqual(
          function_costs.split('\n').map(sortCosts),
        );
      expect(printCasm(compileProgram(registry, metadata, 1e9))).toEqual(expectedLines(casm));
    });
});

/** The instructions of CASM text; a hint block, whose spelling is Python, is reduced to a mark. */
function expectedLines(casm: string): string[] {
  return casm
    .replace(/%\{[\s\S]*?%\}\n/g, '%hint%\n')
    .split('\n')
    .filter((line) => line !== '');
}

function printCasm({ instructions, consts }: CompiledProgram): string[] {
  const lines: string[] = [];
  for (const added of instructions) {
    for (let i = 0; i < added.hints.length; i++) lines.push('%hint%');
    lines.push(`${printBody(added)}${added.incAp ? ', ap++' : ''};`);
  }
  for (const { values } of consts.segments) lines.push('ret;', ...values.map((value) => `dw ${value};`));
  return lines;
}

const cell = ({ register, offset }: CellRef) => `[${register.toLowerCase()} + ${offset}]`;

function printBody({ body }: CasmInstruction): string {
  switch (body.kind) {
    case 'assertEq':
      return `${cell(body.dst)} = ${printExpression(body.res)}`;
    case 'qm31AssertEq':
      return `{QM31} ${cell(body.dst)} = ${printExpression(body.res)}`;
    case 'addAp':
      return `ap += ${body.amount}`;
    case 'call':
      return `call rel ${body.target}`;
    case 'jump':
      return `jmp rel ${body.target}`;
    case 'jumpBy':
      return `jmp rel ${cell(body.cell)}`;
    case 'jnz':
      return `jmp rel ${body.target} if ${cell(body.condition)} != 0`;
    case 'ret':
      return 'ret';
    case 'blake2s':
      return `blake2s[state=${cell(body.state)}, message=${cell(body.message)}, byte_count=${cell(body.byteCount)}, finalize=${body.finalize}] => [ap + 0]`;
  }
}

function printExpression(value: CellExpression): string {
  switch (value.kind) {
    case 'deref':
      return cell(value.cell);
    case 'doubleDeref':
      return `[${cell(value.cell)} + ${value.offset}]`;
    case 'immediate':
      return `${value.value}`;
    case 'binOp':
      return `${cell(value.a)} ${value.op} ${printExpression(value.b)}`;
  }
}

function costText(gas: readonly number[]): string {
  const names = [...PRE_COST_TOKENS.map((token) => token[0]!.toUpperCase() + token.slice(1)), 'Const'];
  const entries = gas.flatMap((amount, i) => (amount === 0 ? [] : [`${names[i]}: ${amount}`]));
  return `SmallOrderedMap({${entries.sort().join(', ')}})`;
}

/** The official compiler prints costs in the order it met them. */
function sortCosts(line: string): string {
  return line.replace(/\{(.*)\}/, (_, entries: string) => `{${entries.split(', ').sort().join(', ')}}`);
}

/** Reads a Sierra program as text; names become the positions of their declarations. */
function parseSierraText(text: string): { program: SierraProgram; functionNames: string[] } {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const typeNames: string[] = [];
  const libfuncNames: string[] = [];
  const functionNames: string[] = [];
  const labels = new Map<string, number>();
  let statementCount = 0;
  const body: string[] = [];
  for (const line of lines) {
    const [, keyword, name] = /^(type|libfunc) (.*?) = /.exec(line) ?? [];
    if (keyword === 'type') typeNames.push(name!);
    else if (keyword === 'libfunc') libfuncNames.push(name!);
    else if (/^[^[\]()]*:$/.test(line)) labels.set(line.slice(0, -1), statementCount);
    else if (isFunction(line)) functionNames.push(functionName(line));
    else {
      body.push(line);
      statementCount++;
    }
  }
  const position = (names: string[], name: string): number => {
    const found = names.indexOf(name);
    if (found === -1) throw new Error(`${name} is not declared`);
    return found;
  };
  const genericArg = (arg: string): GenericArg => {
    if (/^-?\d+$/.test(arg)) return { kind: 'value', value: BigInt(arg) };
    if (arg.startsWith('ut@')) return userType(arg.slice(3));
    if (arg.startsWith('user@')) return { kind: 'function', id: position(functionNames, arg.slice(5)) };
    if (arg.startsWith('lib@')) return { kind: 'libfunc', id: position(libfuncNames, arg.slice(4)) };
    return { kind: 'type', id: position(typeNames, arg) };
  };
  const longId = (spelling: string) => {
    const open = spelling.indexOf('<');
    if (open === -1) return { name: spelling, args: [] };
    return { name: spelling.slice(0, open), args: splitList(spelling.slice(open + 1, -1)).map(genericArg) };
  };
  const variables = (list: string) => [...list.matchAll(/\[(\d+)\]/g)].map(([, id]) => Number(id));

  const types = lines
    .filter((line) => line.startsWith('type '))
    .map((line): TypeDeclaration => {
      const [, spelling, flags] = / = (.*?)(?: \[(storable.*)\])?;$/.exec(line)!;
      const flag = (name: string) => flags!.includes(`${name}: true`);
      return {
        ...longId(spelling!),
        declared: flags
          ? {
              storable: flag('storable'),
              droppable: flag('drop'),
              duplicatable: flag('dup'),
              zeroSized: flag('zero_sized'),
            }
          : undefined,
      };
    });
  const libfuncs = lines
    .filter((line) => line.startsWith('libfunc '))
    .map((line) => longId(/ = (.*);$/.exec(line)![1]!));
  const statements = body.map((line): Statement => {
    const returned = /^return\((.*)\);$/.exec(line);
    if (returned) return { kind: 'return', args: variables(returned[1]!) };
    const [, head, args, tail] = /^(.*?)\(((?:\[\d+\](?:, )?)*)\) (->.*|\{.*);$/.exec(line)!;
    const libfunc = position(libfuncNames, head!);
    if (tail!.startsWith('->'))
      return {
        kind: 'invocation',
        libfunc,
        args: variables(args!),
        branches: [{ target: undefined, results: variables(tail!) }],
      };
    const branches = [...tail!.matchAll(/([^\s(){}]+)\(([^)]*)\)/g)].map(([, target, results]) => ({
      target: target === 'fallthrough' ? undefined : labels.get(target!),
      results: variables(results!),
    }));
    return { kind: 'invocation', libfunc, args: variables(args!), branches };
  });
  const functions = lines.filter(isFunction).map((line): SierraFunction => {
    const [, , label, params, returns] = FUNCTION.exec(line)!;
    const parsed = splitList(params!).map((param) => /^\[(\d+)\]: (.*)$/.exec(param)!);
    return {
      params: parsed.map(([, id]) => Number(id)),
      paramTypes: parsed.map(([, , type]) => position(typeNames, type!)),
      returnTypes: splitList(returns!).map((type) => position(typeNames, type)),
      entryPoint: labels.get(label!)!,
    };
  });
  return { program: { types, libfuncs, statements, functions }, functionNames };
}

const FUNCTION = /^(.*)@(F\d+)\((.*)\) -> \((.*)\);$/;
const isFunction = (line: string) => FUNCTION.test(line);
const functionName = (line: string) => FUNCTION.exec(line)![1]!;

/** Splits at commas outside of brackets. */
function splitList(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let current = '';
  for (const char of list) {
    if (char === '<' || char === '(') depth++;
    if (char === '>' || char === ')') depth--;
    if (char === ',' && depth === 0) {
      parts.push(current.trim());
      current = '';
    } else current += char;
  }
  if (current.trim() !== '') parts.push(current.trim());
  return parts;
}
