import { html } from './html.js';

const unitsOfTime = [['d', 86_400_000], ['h', 3_600_000], ['min', 60_000], ['s', 1000]];

/** The two largest units: "2 min 40 s". Below a second: "320 ms". */
export function duration(ms) {
  if (ms < 1000) {
    return `${Math.round(ms)} ms`;
  }

  const parts = [];
  let rest = ms;
  for (const [name, size] of unitsOfTime) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) {
      parts.push(`${count} ${name}`);
    }
  }

  return parts.slice(0, 2).join(' ');
}

/** "in 12 s", "12 s ago", or "now". */
export function relative(ms, now) {
  const distance = Math.floor(ms / 1000) * 1000 - Math.floor(now / 1000) * 1000;
  if (distance === 0) {
    return 'now';
  }

  return distance > 0 ? `in ${duration(distance)}` : `${duration(-distance)} ago`;
}

/** A time of the emulator's clock in UTC, with the date only when that is another day. */
export function Time({ ms, now, precise }) {
  const iso = new Date(ms).toISOString();
  const time = iso.slice(11, precise ? 23 : 19);
  const isToday = now != null && new Date(now).toISOString().slice(0, 10) === iso.slice(0, 10);
  return html`<time datetime=${iso} title=${iso}>${isToday ? time : `${iso.slice(0, 10)} ${time}`}</time>`;
}

/** The text of a Base64 body, or null when the bytes are not UTF-8. The end of one that is cut may be half a character. */
export function decode(base64, isCut) {
  const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: Boolean(isCut) });
  } catch {
    return null;
  }
}

/** What is nested deeper is not moved further to the right: the blanks of thousands of levels would be many times what they are in front of. */
const deepestIndent = 40;

/** JSON with line breaks and blanks added outside of its strings, nothing else changed; null for text that is not a JSON object or array. */
export function indent(text) {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }

  if (!/^\s*[[{]/.test(text)) {
    return null;
  }

  let depth = 0;
  const line = change => `\n${'  '.repeat(Math.min(depth += change, deepestIndent))}`;
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[[{]\s*[\]}]|[[\]{},:]|[^\s[\]{},:"]+/g);
  return tokens.map(token => {
    switch (token) {
      case '{': case '[': return token + line(1);
      case '}': case ']': return line(-1) + token;
      case ',': return token + line(0);
      case ':': return ': ';
      default: return token;
    }
  }).join('');
}

export const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** The name of a type as people say it: "OrderSubmitted" of "urn:message:Shop.Contracts:OrderSubmitted", "Fault of OrderSubmitted" of its fault. */
export function typeName(urn) {
  const name = urn.replace(/^urn:message:/, '');
  const fault = /^MassTransit:Fault\[\[(.*)\]\]$/.exec(name);
  return fault ? `Fault of ${typeName(fault[1])}` : name.split('[[')[0].split(':').pop() || name;
}
