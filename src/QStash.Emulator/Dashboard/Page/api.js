/** Calls the emulator as one of its users. Rejects with an Error whose message can be shown. */
export class Api {
  constructor(token) {
    this.token = token;
  }

  get(path) {
    return this.call('GET', path);
  }

  post(path) {
    return this.call('POST', path);
  }

  delete(path) {
    return this.call('DELETE', path);
  }

  async call(method, path, body, more, signal) {
    const response = await this.fetch(method, path, body, more, signal);

    const isJson = response.headers.get('Content-Type')?.includes('json');
    const answer = isJson ? await response.json() : null;
    if (!response.ok) {
      throw Object.assign(new Error(answer?.error ?? `The emulator answered with status ${response.status}.`), { status: response.status });
    }

    return answer;
  }

  /** All of a body that was sent, as it may be shown. */
  async body(user, id) {
    const response = await this.fetch('GET', `/dashboard/users/${user.name}/messages/${encodeURIComponent(id)}/body`);
    return new Uint8Array(response.ok ? await response.arrayBuffer() : 0);
  }

  async fetch(method, path, body, more, signal) {
    const headers = this.token ? { ...more, Authorization: `Bearer ${this.token}` } : {};
    for (const name of Object.keys(headers)) {
      headers[name] = bytesAsText(headers[name]);
    }

    try {
      return await fetch(path, { method, headers, body, signal });
    } catch (error) {
      throw new Error(error.name === 'AbortError' ? 'It was not waited for.' : 'The emulator does not answer. Is it still running?');
    }
  }
}

/** A browser takes header values as bytes; the emulator reads them as UTF-8. */
const bytesAsText = text => String.fromCharCode(...new TextEncoder().encode(text));
