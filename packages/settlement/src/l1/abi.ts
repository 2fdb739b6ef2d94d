import { parseAbi } from 'viem';

/** What verifiers answer to. */
export const VERIFIER_ABI = parseAbi([
  'function verify(bytes statement, bytes proof) view returns (bool)',
  'function begin(bytes statement, bytes head) returns (bytes context)',
  'function proceed(uint256 first, bytes context, bytes queries) returns (bool)',
  'function isProven(bytes32 statementHash) view returns (bool)',
  'function claims(bytes statement) view returns (bytes32[])',
  'function keyDigest() view returns (bytes32)',
  'function airDigest() view returns (bytes32)',
  'function parametersDigest() view returns (bytes32)',
  'error Rejected(uint256 code)',
]);

/** What the registry of facts answers to. */
export const FACT_REGISTRY_ABI = parseAbi([
  'function verifyAndRegister(address verifier, bytes statement, bytes proof) returns (bytes32[] facts)',
  'function registerProven(address verifier, bytes statement) returns (bytes32[] facts)',
  'function factOf(address verifier, bytes32 keyDigest, bytes32 airDigest, bytes32 parametersDigest, bytes32 claim) view returns (bytes32)',
  'function isValid(bytes32 fact) view returns (bool)',
  'event FactRegistered(bytes32 indexed fact, address indexed verifier, bytes32 indexed keyDigest, bytes32 airDigest, bytes32 parametersDigest, bytes32 claim)',
  'error NotProven()',
  'error Rejected(uint256 code)',
]);
