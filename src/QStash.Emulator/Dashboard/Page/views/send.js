import { Component, html } from '../html.js';
import { messageLink } from '../address.js';
import { decode } from '../format.js';
import { Heading, Loaded } from '../parts.js';
import { publishing } from '../publishing.js';

/** MassTransit's envelope around a message, as far as a consumer needs it. */
const envelope = (type, message) => ({
  messageId: crypto.randomUUID(),
  conversationId: crypto.randomUUID(),
  messageType: [type.startsWith('urn:message:') ? type : `urn:message:${type}`],
  message,
  sentTime: new Date().toISOString(),
});

const blank = { destination: '', method: 'POST', queue: '', delay: '', type: '', headers: 'Content-Type: application/json', body: '{}' };

/** Headers that come from an envelope, and would say something else of the new one. */
const isOfSender = name => /^(masstransit-|traceparent$|tracestate$)/i.test(name);

/** The form as a message filled it, whose settings stay unless the form has them. */
async function load({ api, user, query }) {
  if (!query.from) {
    return { form: { ...blank, destination: query.to ?? '' }, settings: {} };
  }

  const id = query.from;
  const { logs: [request], isRedacted } = await api.get(`/dashboard/users/${user.name}/messages/${encodeURIComponent(id)}`);
  if (!request || isRedacted) {
    throw new Error(request ? `${id} is redacted: what was sent is not shown, and cannot be sent again from here.` : `The log has no message ${id}.`);
  }

  const bytes = await api.body(user, id);
  const body = decode(btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join('')));
  if (body === null) {
    throw new Error(`The body of ${id} is not text, so it cannot be edited here. "Copy as curl" sends it as it is.`);
  }

  const headers = Object.entries(request.header ?? {}).flatMap(([name, values]) => [].concat(values).map(value => `${name}: ${value}`));
  return {
    form: { ...blank, destination: request.url, method: request.method, queue: request.queueName ?? '', headers: headers.join('\n'), body },
    settings: { ...request, header: null, queueName: null, topicName: null },
  };
}

/** "Name: value" lines as the API has headers. */
function headersOf(text) {
  const headers = {};
  for (const line of text.split('\n').filter(line => line.trim())) {
    const [, name, value] = /^\s*([^\s:]+)\s*:(.*)$/.exec(line) ?? [];
    if (!name) {
      throw new Error(`"${line}" is not a header: write each as "Name: value", one in a line.`);
    }

    (headers[name] ??= []).push(value.trim());
  }

  return headers;
}

function callOf({ destination, method, queue, delay, type, headers, body }, settings) {
  let header = headersOf(headers);
  if (type) {
    let message;
    try {
      message = JSON.parse(body);
    } catch (error) {
      throw new Error(`The body of a message with a type has to be JSON: ${error.message}`);
    }

    header = Object.fromEntries(Object.entries(header).filter(([name]) => name.toLowerCase() !== 'content-type' && !isOfSender(name)));
    header['Content-Type'] = ['application/vnd.masstransit+json'];
    body = JSON.stringify(envelope(type.trim(), message));
  }

  const call = publishing({ ...settings, destination: destination.trim(), method, header, queueName: queue.trim() || null });
  return { ...call, headers: { ...call.headers, ...(delay && { 'Upstash-Delay': delay.trim() }) }, body };
}

const sent = answer => {
  const messages = [].concat(answer).filter(({ messageId }) => messageId);
  return messages.length > 0
    ? { text: `Sent as ${messages.map(({ messageId }) => messageId).join(', ')}.`, links: messages.slice(0, 5).map(({ messageId }) => [`Show ${messageId}`, messageLink(messageId)]) }
    : 'Nobody is in this group, so nothing was sent.';
};

class Form extends Component {
  state = this.props.form;

  send() {
    const { api, act, settings } = this.props;
    act(async () => {
      const { path, headers, body } = callOf(this.state, settings);
      return api.call('POST', path, ['GET', 'HEAD'].includes(headers['Upstash-Method']) && !body ? undefined : body, headers);
    }, sent);
  }

  field(name, title, hint, isRequired = false) {
    return html`
      <label>${title} <input name=${name} required=${isRequired} placeholder=${hint} value=${this.state[name]} onInput=${event => this.setState({ [name]: event.target.value })} /></label>`;
  }

  area(name, title, rows) {
    return html`
      <label class="area">${title}
        <textarea name=${name} rows=${rows} spellcheck=${false} onInput=${event => this.setState({ [name]: event.target.value })} value=${this.state[name]}></textarea>
      </label>`;
  }

  render(_, { method }) {
    return html`
      <form class="send" onSubmit=${event => { event.preventDefault(); this.send(); }}>
        ${this.field('destination', 'To', 'https://… or the name of a URL group', true)}
        <div class="toolbar">
          <label>Method
            <select value=${method} onChange=${event => this.setState({ method: event.target.value })}>
              ${['POST', 'PUT', 'PATCH', 'DELETE', 'GET'].map(name => html`<option value=${name}>${name}</option>`)}
            </select>
          </label>
          ${this.field('queue', 'Queue', 'none')}
          ${this.field('delay', 'Delay', 'none, or 10s')}
        </div>
        ${this.field('type', 'MassTransit type', 'Shop.Contracts:OrderSubmitted, or empty')}
        <p class="quiet">With a type, the body becomes the message in an envelope with new ids.</p>
        ${this.area('headers', 'Headers', 4)}
        ${this.area('body', 'Body', 12)}
        <p><button>Send</button></p>
      </form>`;
  }
}

export const Send = context => html`
  <${Heading} focus=${context.moved}>${context.query.from ? 'Edit and replay' : 'Send a test message'}<//>
  ${context.query.from && html`<p class="quiet">As <a href=${messageLink(context.query.from)}>${context.query.from}</a> was sent. It becomes a new message for QStash; in an envelope, MassTransit's MessageId stays unless you change it.</p>`}
  <${Loaded} source=${context.query.from} load=${() => load(context)}>
    ${({ form, settings }, of) => html`<${Form} key=${of.source ?? ''} ...${context} form=${form} settings=${settings} />`}
  <//>`;
