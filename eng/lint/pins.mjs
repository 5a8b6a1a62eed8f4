// An action is code that runs with the permissions of a workflow. Only a commit says which code.
import { readdir, readFile } from 'node:fs/promises';

const folder = new URL('../../.github/workflows/', import.meta.url);
const pinned = /uses: [\w./-]+@[0-9a-f]{40} # v[\d.]+$/;
let failed = 0;

for (const name of await readdir(folder)) {
  const lines = (await readFile(new URL(name, folder), 'utf8')).split('\n');
  lines.forEach((line, at) => {
    if (/\buses:/.test(line) && !pinned.test(line)) {
      console.error(`.github/workflows/${name}:${at + 1}: the action is not pinned to a commit, with its version as a comment`);
      failed++;
    }
  });

  if (!lines.includes('permissions: {}')) {
    console.error(`.github/workflows/${name}: permissions have to be {}, so that each job names its own`);
    failed++;
  }
}

process.exit(failed === 0 ? 0 : 1);
