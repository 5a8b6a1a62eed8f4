// Commands to paste into a shell. They use the environment variables the emulator prints at its start.
export const environment = user => `export QSTASH_URL="${location.origin}"\nexport QSTASH_TOKEN="${user.token}"`;

export const curl = (method, path, ...more) => [
  `curl -X ${method} "$QSTASH_URL${path}"`,
  '  -H "Authorization: Bearer $QSTASH_TOKEN"',
  ...more.map(line => `  ${line}`),
].join(' \\\n');

const isPlain = text => /^[\x20-\x7e]*$/.test(text);
const escaped = byte => `\\x${byte.toString(16).padStart(2, '0')}`;

/** A text as one word of a shell, whatever is in it: what was sent must not run where it is pasted. */
export const quoted = text => isPlain(text)
  ? `'${text.replaceAll("'", `'\\''`)}'`
  : `$'${[...new TextEncoder().encode(text)].map(byte => byte < 0x20 || byte > 0x7e || byte === 0x27 || byte === 0x5c ? escaped(byte) : String.fromCharCode(byte)).join('')}'`;

/** The command that publishes a message again. */
export const publishCommand = ({ path, headers }, body) => [
  `curl -X POST "$QSTASH_URL"${quoted(path)}`,
  '  -H "Authorization: Bearer $QSTASH_TOKEN"',
  ...Object.entries(headers).map(([name, value]) => `  -H ${quoted(`${name}: ${value}`)}`),
  ...(body ? [`  --data-raw ${quoted(body)}`] : []),
].join(' \\\n');
