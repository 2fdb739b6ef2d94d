import type { LoadedConfig } from './loadConfig.ts';
import { CONFIG_FIELDS, type ConfigName, flagName } from './schema.ts';

/** Settings as TOML, with what each is for and where its value came from. */
export function configToml({ config, origins }: LoadedConfig, withOrigin: boolean): string {
  const names = Object.keys(CONFIG_FIELDS) as ConfigName[];
  return names
    .map((name) => {
      const comment = withOrigin
        ? `${CONFIG_FIELDS[name].help} (from ${origins[name]})`
        : CONFIG_FIELDS[name].help;
      return `# ${comment}\n${flagName(name)} = ${JSON.stringify(config[name])}\n`;
    })
    .join('\n');
}
