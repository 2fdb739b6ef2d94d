import { existsSync, readFileSync } from 'node:fs';
import { CairnError } from '@cairn/primitives';
import { parse } from 'smol-toml';
import type { RuntimeErrorCode } from '../errors.ts';
import { CONFIG_FIELDS, type Config, type ConfigName, environmentName, flagName } from './schema.ts';

/** Where a value came from. */
export type ConfigOrigin = 'flag' | 'environment' | 'file' | 'default';

export interface LoadedConfig {
  config: Config;
  origins: Record<ConfigName, ConfigOrigin>;
}

/**
 * Settings from flags, then environment, then TOML file, then defaults.
 * @param file path of the TOML file; when it was not asked for (`optional`) it may be absent.
 * @throws CairnError `INVALID_CONFIG` that names the key and where it came from.
 */
export function loadConfig(input: {
  flags: Readonly<Record<string, unknown>>;
  environment: Readonly<Record<string, string | undefined>>;
  file: { path: string; optional: boolean };
}): LoadedConfig {
  const fromFile = readFile(input.file);
  const config: Record<string, unknown> = {};
  const origins = {} as Record<ConfigName, ConfigOrigin>;
  for (const name of Object.keys(CONFIG_FIELDS) as ConfigName[]) {
    const candidates: [ConfigOrigin, unknown, string][] = [
      ['flag', input.flags[name], `--${flagName(name)}`],
      ['environment', input.environment[environmentName(name)], environmentName(name)],
      ['file', fromFile[flagName(name)], `${flagName(name)} in ${input.file.path}`],
      ['default', CONFIG_FIELDS[name].default, name],
    ];
    const [origin, value, place] = candidates.find(([, candidate]) => candidate !== undefined)!;
    const result = CONFIG_FIELDS[name].schema.safeParse(
      typeof CONFIG_FIELDS[name].default === 'string' ? String(value) : value,
    );
    if (!result.success) {
      throw new CairnError<RuntimeErrorCode>(
        'INVALID_CONFIG',
        `${place}: got ${JSON.stringify(value)}, ${result.error.issues[0]?.message ?? 'which is not valid'}`,
        { fix: `${CONFIG_FIELDS[name].help}; default ${JSON.stringify(CONFIG_FIELDS[name].default)}` },
      );
    }
    config[name] = result.data;
    origins[name] = origin;
  }
  return { config: config as Config, origins };
}

function readFile({ path, optional }: { path: string; optional: boolean }): Record<string, unknown> {
  if (optional && !existsSync(path)) return {};
  let parsed: Record<string, unknown>;
  try {
    parsed = parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new CairnError<RuntimeErrorCode>(
      'CONFIG_FILE_UNREADABLE',
      `cannot read ${path}: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
  const known = new Set(Object.keys(CONFIG_FIELDS).map(flagName));
  const unknown = Object.keys(parsed).find((key) => !known.has(key));
  if (unknown !== undefined) {
    throw new CairnError<RuntimeErrorCode>('INVALID_CONFIG', `${unknown} in ${path}: no such setting`, {
      fix: '`cairn config` lists all settings',
    });
  }
  return parsed;
}
