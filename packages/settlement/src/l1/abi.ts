import { parseAbi } from 'viem';

/** What verifiers answer to. */
export const VERIFIER_ABI = parseAbi([
  'function verify(bytes publicValues, bytes proof) view returns (bool)',
  'function keyDigest() view returns (bytes32)',
  'function airDigest() view returns (bytes32)',
  'function parametersDigest() view returns (bytes32)',
  'error Rejected(uint256 code)',
]);

/** What the registry of facts answers to. */
export const FACT_REGISTRY_ABI = parseAbi([
  'function verifyAndRegister(address verifier, bytes publicValues, bytes proof) returns (bytes32 fact)',
  'function factOf(address verifier, bytes32 keyDigest, bytes32 airDigest, bytes32 parametersDigest, bytes32 publicValuesHash) view returns (bytes32)',
  'function isValid(bytes32 fact) view returns (bool)',
  'event FactRegistered(bytes32 indexed fact, address indexed verifier, bytes32 indexed keyDigest, bytes32 airDigest, bytes32 parametersDigest, bytes32 publicValuesHash)',
  'error NotProven()',
  'error Rejected(uint256 code)',
]);
