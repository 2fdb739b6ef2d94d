import { z } from 'zod';

/** One setting: its schema with default, and what it is for. Names are those of flags, TOML keys and, in upper snake case with `CAIRN_`, of the environment. */
export interface ConfigField<T> {
  schema: z.ZodType<T>;
  default: T;
  help: string;
}

function field<T>(schema: z.ZodType<T>, defaultValue: T, help: string): ConfigField<T> {
  return { schema, default: defaultValue, help };
}

const count = (max: number) => z.coerce.number().int().min(0).max(max);
const bool = z.preprocess((v) => (v === 'true' ? true : v === 'false' ? false : v), z.boolean());
/** A positive whole number of fri or wei, which may exceed 2^53. */
const amount = z.string().regex(/^[1-9][0-9]{0,37}$/, 'expected a positive whole number');
const url = z.string().regex(/^(https?:\/\/.+)?$/, 'expected an http or https URL');
const shortText = z
  .string()
  .regex(/^[\x21-\x7e]{1,31}$/, 'expected 1 to 31 printable characters without spaces');

/** Every setting of `cairn up`, in the order in which help shows them. */
export const CONFIG_FIELDS = {
  host: field(z.string().min(1), '127.0.0.1', 'address to listen on'),
  port: field(count(65_535), 5050, 'port of RPC; 0 picks a free one'),
  chainId: field(shortText, 'CAIRN_DEV', 'name of the chain'),
  protocolVersion: field(z.enum(['0.14.2', '0.14.4']), '0.14.2', 'Starknet version of the blocks'),
  dataDir: field(z.string(), '', 'folder to keep the chain in; empty keeps it in memory'),
  forkUrl: field(
    url,
    '',
    'JSON-RPC of a running chain to go on from, which must serve storage proofs; empty starts a new chain',
  ),
  forkBlock: field(
    z.string().regex(/^(latest|[0-9]{1,15})$/, 'expected a block number or latest'),
    'latest',
    'block of the running chain to go on from',
  ),
  seed: field(count(2 ** 32 - 1), 0, 'seed of the funded accounts'),
  sequencerKey: field(
    z.string().regex(/^(0x[0-9a-fA-F]{1,63})?$/, 'expected 0x and up to 63 hex digits'),
    '',
    'private key that signs the blocks; empty takes one that everyone can compute from the seed',
  ),
  accounts: field(count(1_000), 10, 'number of funded accounts'),
  blockMode: field(
    z.enum(['transaction', 'interval', 'demand']),
    'transaction',
    'close a block after each transaction, by time, or on demand',
  ),
  blockTimeMs: field(
    count(86_400_000).min(10),
    2_000,
    'time between blocks in interval mode, in milliseconds',
  ),
  minL2GasPriceFri: field(amount, '8000000000', 'lowest price of L2 gas, in fri'),
  l1Url: field(
    url,
    '',
    'Ethereum node to settle on, whose fees give the prices of L1 gas; empty starts one (anvil) and keeps the prices below',
  ),
  l1Port: field(count(65_535), 8545, 'port of the L1 that is started; 0 picks a free one'),
  l1Key: field(
    z.string().regex(/^(0x[0-9a-fA-F]{64})?$/, 'expected 0x and 64 hex digits'),
    '',
    'private key that pays on L1, deploys the contracts and moves the state; empty takes the first of anvil, known to everyone',
  ),
  l1Confirmations: field(count(1_000), 0, 'L1 blocks that must stand above what is read there'),
  l1GasPriceWei: field(amount, '1000000000', 'price of L1 gas, in wei'),
  l1DataGasPriceWei: field(amount, '1', 'price of L1 data gas, in wei'),
  strkPerEth: field(amount, '10000', 'how many STRK one ETH is worth'),
  devMethods: field(
    z.enum(['auto', 'on', 'off']),
    'auto',
    'serve devnet_*, dev_*, evm_* and cairn_* verbs; auto: when only this machine can reach the port',
  ),
  rateLimit: field(
    count(100_000_000),
    0,
    'units each client may use per second, a cheap read costing 1, a call 10, a declare 500; 0 for no limit',
  ),
  noProve: field(bool, false, 'run as a solo chain: blocks are not proven and not settled'),
  dataAvailability: field(
    z.enum(['blobs', 'pages', 'output', 'validium']),
    'blobs',
    'where the changes of the state go on L1: blobs, calldata in pages, calldata of the update, or nowhere',
  ),
  provers: field(count(16), 1, 'provers to start on this machine; 0 waits for `cairn run prover` elsewhere'),
  proverToken: field(z.string(), '', 'secret that provers must know; empty gives work to everyone who asks'),
  batchBlocks: field(count(100).min(1), 20, 'most blocks in one proof'),
  batchTransactions: field(count(10_000).min(1), 40, 'most transactions in one proof of several blocks'),
  batchAgeMs: field(
    count(86_400_000),
    1_000,
    'how long a block waits for others to be proven with, in milliseconds',
  ),
  databaseUrl: field(
    z.string().regex(/^(postgres(ql)?:\/\/.+)?$/, 'expected a postgres URL'),
    '',
    'PostgreSQL for the jobs of settlement; empty keeps a database of our own',
  ),
  s3Endpoint: field(url, '', 'S3-compatible store for proofs, without the bucket; empty keeps files'),
  s3Bucket: field(z.string(), 'cairn', 'its bucket'),
  s3Region: field(z.string(), 'us-east-1', 'its region'),
  s3AccessKeyId: field(z.string(), '', 'its access key'),
  s3SecretAccessKey: field(z.string(), '', 'its secret'),
  messageCooldownMs: field(
    count(86_400_000),
    0,
    'how long a message from L1 rests before a block takes it, in milliseconds',
  ),
  cancellationDelaySeconds: field(
    count(2 ** 31),
    432_000,
    'how long a message to L2 stays after its sender asks to cancel it',
  ),
  governanceDelaySeconds: field(
    count(2 ** 31),
    86_400,
    'how long changes of program, configuration and verifiers are announced on L1 before they are made',
  ),
  mempoolTtlMs: field(
    count(86_400_000).min(1_000),
    600_000,
    'how long a transaction may wait, in milliseconds',
  ),
} as const satisfies Record<string, ConfigField<unknown>>;

export type ConfigName = keyof typeof CONFIG_FIELDS;

/** Checked settings. */
export type Config = {
  [N in ConfigName]: (typeof CONFIG_FIELDS)[N] extends ConfigField<infer T> ? T : never;
};

/** `blockTimeMs` → `block-time-ms`: the flag and the TOML key. */
export function flagName(name: string): string {
  return name.replace(/[A-Z]|(?<=[a-z])[0-9]/g, (c) => (/[0-9]/.test(c) ? c : `-${c.toLowerCase()}`));
}

/** `blockTimeMs` → `CAIRN_BLOCK_TIME_MS`. */
export function environmentName(name: string): string {
  return `CAIRN_${flagName(name).replaceAll('-', '_').toUpperCase()}`;
}
