import {
  type ExecutionEnvironment,
  executeSystemCall,
  executeSystemDeployment,
  feeTokenBalanceKey,
} from '@cairn/execution';
import { type ContractAddress, type Felt, selectorFromName, shortString } from '@cairn/primitives';
import type { GasPrices } from '@cairn/protocol';
import type { StateOverlay } from '@cairn/state';
import type { StateKeys } from '../fork/forkOrigin.ts';
import { type GenesisClass, readArtifact } from './artifact.ts';
import { type DevAccount, devAccounts, faucetAccount } from './devAccounts.ts';

/** Addresses at which Starknet's own contracts stand, and wallets look for them. */
export const STRK_TOKEN: ContractAddress =
  0x04718f5a0fc34cc1af16a1cdee98ffb20c31f5cd61d6ab07201858f4287c938dn;
export const ETH_TOKEN: ContractAddress = 0x049d36570d4e46f48e99674bd3fcc84644ddd6b96f7c741b1562b82f9e004dc7n;
/** Universal deployer of today, and the one older libraries call. */
export const UNIVERSAL_DEPLOYER: ContractAddress =
  0x02ceed65a4bd731034c01113685c831b01c15d7d432f71afb1cf1634b53a2125n;
export const LEGACY_UNIVERSAL_DEPLOYER: ContractAddress =
  0x041a78e741e5af2fec34b695679bc6891742439f7afb8484ecd7766661ad02bfn;
/** Account of the sequencer: receives the fees. */
export const SEQUENCER_ADDRESS: ContractAddress =
  0x1176a1bd84444c89232ec27754698e5d2e7e1a7f1539f12027f28b23ec9f3d8n;
/** The bridge to L1: mints and burns ether and the tokens it deploys. The address is `cairn token bridge`, hashed. */
export const TOKEN_BRIDGE: ContractAddress =
  0x3843a4e9d8b4b92bb4f3fe68989110d8e5b5f7391499d145ea48872c8ab7a0bn;
/** The address on L1 that stands for ether there, as StarkGate has it. */
export const L1_ETHER = shortString('ETH');
/** Who may mint STRK: an address no transaction can come from. */
export const MINTER: ContractAddress = shortString('CAIRN_MINTER');
/** Variable of our token class. */
const PERMITTED_MINTER = selectorFromName('permitted_minter');

/** Balance each dev account starts with, in the smallest unit of both tokens: 10,000 whole tokens. */
export const DEV_BALANCE = 10_000n * 10n ** 18n;
/** Balance of the faucet in both tokens: 10^12 whole tokens. */
export const FAUCET_BALANCE = 10n ** 30n;

/** What decides the genesis block. */
export interface GenesisConfig {
  /** The chain's name. */
  chainId: string;
  starknetVersion: string;
  seed: number;
  accountCount: number;
  gasPrices: GasPrices;
  /** Seconds since the epoch. */
  timestamp: number;
}

/** The classes and accounts of a genesis. */
export interface GenesisContents {
  classes: Record<'account' | 'token' | 'deployer' | 'tokenBridge', GenesisClass>;
  accounts: DevAccount[];
  /** Pays out tokens, and governs the bridge. */
  faucet: DevAccount;
}

export function genesisContents(config: Pick<GenesisConfig, 'seed' | 'accountCount'>): GenesisContents {
  const classes = {
    account: readArtifact('account'),
    token: readArtifact('token'),
    deployer: readArtifact('deployer'),
    tokenBridge: readArtifact('token_bridge'),
  };
  const { classHash } = classes.account;
  return {
    classes,
    accounts: devAccounts(config.seed, config.accountCount, classHash),
    faucet: faucetAccount(config.seed, classHash),
  };
}

/**
 * Declares the classes, deploys tokens, deployers and accounts, and funds the accounts, by the contracts' own code where
 * that lets us. What the state already has stays.
 */
export function buildGenesisState(
  contents: GenesisContents,
  environment: ExecutionEnvironment,
  state: StateOverlay,
): void {
  const { account, token, deployer, tokenBridge } = contents.classes;
  for (const { classHash, compiledClassHash } of Object.values(contents.classes)) {
    if (state.compiledClassHash(classHash) === 0n) state.setCompiledClassHash(classHash, compiledClassHash);
  }
  const deploy = (address: ContractAddress, cls: GenesisClass, calldata: readonly Felt[]): void => {
    if (state.classHashAt(address) !== 0n) return;
    executeSystemDeployment(
      { address, classHash: cls.classHash, calldata, deployer: 0n },
      environment,
      state,
    );
  };
  deploy(STRK_TOKEN, token, tokenCalldata('Starknet Token', 'STRK', MINTER));
  deploy(ETH_TOKEN, token, tokenCalldata('Ether', 'ETH', TOKEN_BRIDGE));
  // Another chain's ether has a minter of its own: behind a fork point the bridge serves other tokens only.
  const ether = minterOf(ETH_TOKEN, state) === TOKEN_BRIDGE ? ETH_TOKEN : 0n;
  deploy(TOKEN_BRIDGE, tokenBridge, [contents.faucet.address, token.classHash, ether]);
  deploy(UNIVERSAL_DEPLOYER, deployer, []);
  deploy(LEGACY_UNIVERSAL_DEPLOYER, deployer, []);
  const fund = ({ address, publicKey }: DevAccount, balance: bigint): void => {
    if (state.classHashAt(address) !== 0n) return;
    deploy(address, account, [publicKey]);
    for (const tokenAddress of [STRK_TOKEN, ETH_TOKEN]) {
      if (state.classHashAt(tokenAddress) === token.classHash)
        mint(tokenAddress, address, balance, environment, state);
      else setBalance(tokenAddress, address, balance, state);
    }
  };
  for (const dev of contents.accounts) fund(dev, DEV_BALANCE);
  fund(contents.faucet, FAUCET_BALANCE);
}

/** Everything of an older state that {@link buildGenesisState} asks for. */
export function genesisKeys({ classes, accounts, faucet }: GenesisContents): StateKeys {
  const owners = [...accounts, faucet].map(({ address }) => address);
  const balances = owners.map(feeTokenBalanceKey).flatMap((key) => [key, key + 1n]);
  return {
    classHashes: Object.values(classes).map(({ classHash }) => classHash),
    contractAddresses: [UNIVERSAL_DEPLOYER, LEGACY_UNIVERSAL_DEPLOYER, TOKEN_BRIDGE, ...owners],
    storageKeys: [STRK_TOKEN, ETH_TOKEN].map((contractAddress) => ({
      contractAddress,
      keys: [PERMITTED_MINTER, ...balances],
    })),
  };
}

/** Who may mint a token of our class. */
function minterOf(token: ContractAddress, state: StateOverlay): ContractAddress {
  return state.storageAt(token, PERMITTED_MINTER);
}

/** Mints tokens to an account through the token's own code. */
export function mint(
  token: ContractAddress,
  account: ContractAddress,
  amount: bigint,
  environment: ExecutionEnvironment,
  state: StateOverlay,
): void {
  const mask = (1n << 128n) - 1n;
  const call = {
    contractAddress: token,
    selector: selectorFromName('permissioned_mint'),
    calldata: [account, amount & mask, amount >> 128n],
    callerAddress: minterOf(token, state),
  };
  executeSystemCall(call, environment, state);
}

/** Writes a balance into the storage of a token that has another minter than us. Its total supply stays. */
function setBalance(
  token: ContractAddress,
  account: ContractAddress,
  amount: bigint,
  state: StateOverlay,
): void {
  const key = feeTokenBalanceKey(account);
  state.setStorage(token, key, amount & ((1n << 128n) - 1n));
  state.setStorage(token, key + 1n, amount >> 128n);
}

function tokenCalldata(name: string, symbol: string, minter: ContractAddress): Felt[] {
  const decimals = 18n;
  const noSupply = [0n, 0n];
  const noRecipient = 0n;
  return [...byteArray(name), ...byteArray(symbol), decimals, ...noSupply, noRecipient, minter];
}

/** A text of at most 30 characters as Cairo serialises a ByteArray: no full words, the rest, its length. */
function byteArray(text: string): Felt[] {
  return [0n, shortString(text), BigInt(text.length)];
}
