import { configToml } from '@cairn/runtime';
import type { Command } from 'commander';
import { print } from '../output.ts';
import { addSettings, readSettings } from '../settings.ts';

/** `cairn config`: the settings in force, as TOML that can be used as a file. */
export function configCommand(program: Command): void {
  addSettings(program.command('config').description('print the settings in force'))
    .option('--origin', 'say where each value came from')
    .option('--json', 'print JSON')
    .action((options) => {
      const loaded = readSettings(options);
      print(options.json, options.origin ? loaded : loaded.config, () =>
        configToml(loaded, options.origin ?? false),
      );
    });
}
