import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configToml } from './configText.ts';
import { loadConfig } from './loadConfig.ts';
import { environmentName, flagName } from './schema.ts';

const noFile = { path: '/nowhere/cairn.toml', optional: true };
const file = (text: string): { path: string; optional: boolean } => {
  const path = join(mkdtempSync(join(tmpdir(), 'cairn-config-')), 'cairn.toml');
  writeFileSync(path, text);
  return { path, optional: false };
};

describe('settings', () => {
  it('have names for flags, files and the environment', () => {
    expect(flagName('minL2GasPriceFri')).toBe('min-l2-gas-price-fri');
    expect(environmentName('blockTimeMs')).toBe('CAIRN_BLOCK_TIME_MS');
  });

  it('come from the flag before the environment before the file before the default', () => {
    const toml = file('port = 1\nseed = 2\nchain-id = "A"\n');
    const { config, origins } = loadConfig({
      flags: { port: '3' },
      environment: { CAIRN_PORT: '4', CAIRN_SEED: '5', PORT: '6' },
      file: toml,
    });
    expect([config.port, config.seed, config.chainId, config.accounts]).toEqual([3, 5, 'A', 10]);
    expect([origins.port, origins.seed, origins.chainId, origins.accounts]).toEqual([
      'flag',
      'environment',
      'file',
      'default',
    ]);
  });

  it('survive being written as TOML and read again', () => {
    const loaded = loadConfig({ flags: { port: 7, noProve: true }, environment: {}, file: noFile });
    const again = loadConfig({ flags: {}, environment: {}, file: file(configToml(loaded, true)) });
    expect(again.config).toEqual(loaded.config);
  });

  it.each([
    [{ port: '70000' }, /--port: got "70000"/],
    [{ chainId: 'x'.repeat(32) }, /--chain-id: got/],
    [{ blockMode: 'never' }, /--block-mode: got "never"/],
  ])('%o is refused with its name', (flags, message) => {
    expect(() => loadConfig({ flags, environment: {}, file: noFile })).toThrow(message);
  });

  it('an unknown key of the file is refused', () => {
    expect(() => loadConfig({ flags: {}, environment: {}, file: file('prot = 1\n') })).toThrow(
      /prot in .*no such setting/,
    );
  });
});
