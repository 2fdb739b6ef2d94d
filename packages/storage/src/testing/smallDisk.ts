import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** A file system in memory with little room, at a path of its own. */
export interface SmallDisk {
  /** Changes its size, such as `40m`. */
  resize(size: string): void;
  unmount(): void;
}

/** Mounts one; undefined where that is not possible: it needs root on Linux. */
export function mountSmallDisk(path: string, size: string): SmallDisk | undefined {
  const mount = (options: string) => spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'none', path]);
  mkdirSync(path);
  if (mount(`size=${size}`).status !== 0) return undefined;
  return {
    resize: (wanted) => {
      mount(`remount,size=${wanted}`);
    },
    unmount: () => {
      spawnSync('umount', [path]);
    },
  };
}
