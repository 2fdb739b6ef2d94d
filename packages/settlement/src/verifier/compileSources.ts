import { bytesToHex, CairnError, hexToBytes, keccak256 } from '@cairn/primitives';
import type { SettlementErrorCode } from '../errors.ts';
import type { VerifierSources } from './emitVerifier.ts';

/** solc's standard JSON interface (`solc.compile` of the npm package). */
export type SolidityCompiler = (input: string) => string;

/** A compiled contract. */
export interface ContractArtifact {
  readonly name: string;
  /** 0x and the bytes of the transaction that deploys it, without constructor arguments. */
  readonly creationCode: `0x${string}`;
  /** Bytes of code on the chain, without what a constructor appends. */
  readonly runtimeBytes: number;
  /** That code. */
  readonly runtimeCode: `0x${string}`;
}

/** The contracts of a verifier, compiled. */
export interface VerifierArtifacts {
  readonly name: string;
  readonly constraints: readonly ContractArtifact[];
  readonly statement?: ContractArtifact;
  /** Its constructor takes the others' addresses, constraints first, and refuses those whose code has another hash. */
  readonly verifier: ContractArtifact;
}

/** EIP-170. */
export const MAX_CODE_BYTES = 24_576;

// The optimizer of Yul moves so much onto the stack that straight-line programs no longer compile; the optimizer of constants
// replaces masks by code that computes them, which doubles the price of a product. It runs even when `enabled` is false: only
// its own detail turns it off.
const optimizer = (inliner: boolean) => ({
  enabled: true,
  runs: 1_000_000,
  details: {
    peephole: true,
    inliner,
    jumpdestRemover: true,
    orderLiterals: true,
    deduplicate: true,
    cse: true,
    constantOptimizer: false,
    yul: false,
  },
});

interface CompilerOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts?: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly evm: {
              readonly bytecode: { readonly object: string };
              readonly deployedBytecode?: { readonly object: string };
            };
          }
        >
      >
    >
  >;
}

/** Compiles with the settings that all contracts here are made with; `inline` spends code on speed. @throws CairnError `COMPILATION_FAILED`. */
export function compileContract(
  compile: SolidityCompiler,
  language: 'Yul' | 'Solidity',
  name: string,
  source: string,
  { inline = false } = {},
): ContractArtifact {
  const input = {
    language,
    sources: { [name]: { content: source } },
    settings: {
      evmVersion: 'osaka',
      optimizer: language === 'Yul' ? optimizer(inline) : { enabled: true, runs: 1_000_000 },
      ...(language === 'Solidity' ? { metadata: { appendCBOR: false, bytecodeHash: 'none' } } : {}),
      outputSelection: { '*': { '*': ['evm.bytecode.object', 'evm.deployedBytecode.object'] } },
    },
  };
  const output = JSON.parse(compile(JSON.stringify(input))) as CompilerOutput;
  const failure = output.errors?.find(({ severity }) => severity === 'error');
  const contract = Object.entries(output.contracts?.[name] ?? {}).find(
    ([contractName]) => language === 'Yul' || contractName === name,
  )?.[1];
  if (failure !== undefined || contract === undefined) {
    throw new CairnError<SettlementErrorCode>(
      'COMPILATION_FAILED',
      `${name}: ${failure?.formattedMessage ?? 'no contract of this name'}`,
    );
  }
  const runtimeCode = contract.evm.deployedBytecode?.object ?? '';
  const runtimeBytes = runtimeCode.length / 2;
  if (runtimeBytes > MAX_CODE_BYTES) {
    throw new CairnError<SettlementErrorCode>(
      'COMPILATION_FAILED',
      `${name}: got ${runtimeBytes} bytes of code, expected at most ${MAX_CODE_BYTES}`,
    );
  }
  return {
    name,
    creationCode: `0x${contract.evm.bytecode.object}`,
    runtimeCode: `0x${runtimeCode}`,
    runtimeBytes,
  };
}

/** Compiles the contracts of a verifier. @throws CairnError `COMPILATION_FAILED`. */
export function compileVerifier(compile: SolidityCompiler, sources: VerifierSources): VerifierArtifacts {
  const { name } = sources;
  const constraints = sources.constraints.map((source, i) =>
    compileContract(compile, 'Yul', `${name}Constraints${i}`, source),
  );
  const statement =
    sources.statement === undefined
      ? undefined
      : compileContract(compile, 'Yul', `${name}Statement`, sources.statement, { inline: true });
  const called = statement === undefined ? constraints : [...constraints, statement];
  // EXTCODEHASH, as their constructors append nothing.
  const codeHashes = called.map(({ runtimeCode }) => bytesToHex(keccak256(hexToBytes(runtimeCode)))).join('');
  const verifier = sources.verifier.replace('$CODE_HASHES', codeHashes);
  return {
    name,
    constraints,
    ...(statement === undefined ? {} : { statement }),
    verifier: compileContract(compile, 'Yul', `${name}Verifier`, verifier, { inline: true }),
  };
}
