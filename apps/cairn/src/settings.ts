import { CONFIG_FIELDS, flagName, type LoadedConfig, loadConfig } from '@cairn/runtime';
import type { Command } from 'commander';

const DEFAULT_FILE = 'cairn.toml';

/** Gives a command a flag for every setting. */
export function addSettings(command: Command): Command {
  for (const [name, { help, default: value }] of Object.entries(CONFIG_FIELDS)) {
    const placeholder = typeof value === 'boolean' ? '' : ' <value>';
    command.option(`--${flagName(name)}${placeholder}`, `${help} (default ${JSON.stringify(value)})`);
  }
  return command.option('--config <file>', `file of settings (default ./${DEFAULT_FILE} where present)`);
}

/** The settings of a command line, its environment and its file. @throws CairnError `INVALID_CONFIG` */
export function readSettings(options: Readonly<Record<string, unknown>>): LoadedConfig {
  const path = options.config as string | undefined;
  const file = path === undefined ? { path: DEFAULT_FILE, optional: true } : { path, optional: false };
  return loadConfig({ flags: byConfigName(options), environment: process.env, file });
}

/** commander spells `--min-l2-gas-price-fri` as `minL2GasPriceFri`, and `--no-prove` as `prove: false`. */
function byConfigName(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { prove, ...rest } = options;
  return prove === false ? { ...rest, noProve: true } : rest;
}
