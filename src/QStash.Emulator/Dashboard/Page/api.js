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

  async call(method, path, body, more) {
    const headers = this.token ? { ...more, Authorization: `Bearer ${this.token}` } : {};
    let response;
    try {
      response = await fetch(path, { method, headers, body });
    } catch {
      throw new Error('The emulator does not answer. Is it still running?');
    }

    const isJson = response.headers.get('Content-Type')?.includes('json');
    const answer = isJson ? await response.json() : null;
    if (!response.ok) {
      throw Object.assign(new Error(answer?.error ?? `The emulator answered with status ${response.status}.`), { status: response.status });
    }

    return answer;
  }
}
