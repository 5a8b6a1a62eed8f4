// Commands to paste into a shell. They use the environment variables the emulator prints at its start.
export const environment = user => `export QSTASH_URL="${location.origin}"\nexport QSTASH_TOKEN="${user.token}"`;

export const curl = (method, path, ...more) => [
  `curl -X ${method} "$QSTASH_URL${path}"`,
  '  -H "Authorization: Bearer $QSTASH_TOKEN"',
  ...more.map(line => `  ${line}`),
].join(' \\\n');
