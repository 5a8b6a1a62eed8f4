// The small pieces the views are put together from.
import { Component, createRef, html } from './html.js';
import { settle } from './address.js';
import { decode, indent } from './format.js';

/** Above this a browser gets slow, and nobody reads it. */
const longestText = 50_000;

/** The main heading; gets the focus when the view opens, so that keyboard and screen reader start there. */
export class Heading extends Component {
  heading = createRef();

  componentDidMount() {
    if (this.props.focus) {
      this.heading.current.focus({ preventScroll: true });
    }
  }

  render({ children }) {
    return html`<h1 ref=${this.heading} tabindex="-1">${children}</h1>`;
  }
}

/**
 * Data for the children: loaded at first and whenever `source` or `version` changes, never twice at the same time. They get the version it
 * was loaded for too.
 */
export class Loaded extends Component {
  componentDidMount() {
    this.load();
  }

  componentDidUpdate(previous, before) {
    const { source, version } = this.props;
    if (previous.source !== source || previous.version !== version) {
      this.load();
    }

    if (before.data === undefined && this.state.data !== undefined) {
      settle();
    }
  }

  componentWillUnmount() {
    this.gone = true;
  }

  async load() {
    this.again = true;
    if (this.busy) {
      return;
    }

    this.busy = true;
    while (this.again && !this.gone) {
      this.again = false;
      const { load, source, version } = this.props;
      try {
        const data = await load();
        this.setState({ data, of: { source, version }, error: null });
      } catch (error) {
        this.setState({ error });
      }
    }

    this.busy = false;
  }

  render({ children }, { data, of, error }) {
    return html`
      ${error && html`<p class="error" role="alert">${error.message}</p>`}
      ${data !== undefined ? children(data, of) : !error && html`<p class="quiet">Loading…</p>`}`;
  }
}

/**
 * A table on a wide screen, a list of cards on a narrow one; the roles keep it a table for a screen reader in both.
 *
 * While somebody may be about to press something in it, its rows stay where they are: what is new is counted, and shown when it is asked
 * for, when pointer and focus leave, or when it comes of an action of this page (`acted`).
 */
export class Table extends Component {
  frame = createRef();
  body = createRef();
  acted = this.props.acted ?? 0;

  isInUse() {
    const frame = this.frame.current;
    return frame.matches(':hover, :focus-within') || matchMedia('(hover: none)').matches || frame.getBoundingClientRect().top < 0;
  }

  /** The rows to show: those that were, as they are now, or the latest. */
  settleRows({ rows, keyOf, acted = 0, version = 0, source }) {
    const isOwn = acted > this.acted && version >= acted;
    if (!this.shown || this.isReleased || isOwn || this.source !== source || !this.isInUse()) {
      this.acted = isOwn ? acted : this.acted;
      [this.shown, this.source, this.isReleased] = [rows, source, false];
      return 0;
    }

    const latest = new Map(rows.map(row => [keyOf(row), row]));
    const known = new Set(this.shown.map(keyOf));
    this.shown = this.shown.map(row => latest.get(keyOf(row)) ?? row);
    const added = rows.filter(row => !known.has(keyOf(row))).length;
    return added || (this.shown.some(row => !latest.has(keyOf(row))) ? -1 : 0);
  }

  release() {
    this.isReleased = true;
    this.forceUpdate();
    const heading = document.querySelector('h1');
    heading?.focus({ preventScroll: true });
    if (this.frame.current.getBoundingClientRect().top < 0) {
      heading?.scrollIntoView();
    }
  }

  getSnapshotBeforeUpdate() {
    const focused = document.activeElement;
    const row = this.body.current?.contains(focused) ? focused.closest('tr') : null;
    return row && { index: row.sectionRowIndex, action: focused.dataset.action };
  }

  /** When the row with the focus is gone, its neighbour gets it: working through a list by keyboard must not start over each time. */
  componentDidUpdate(previousProps, previousState, focused) {
    if (!focused || document.activeElement !== document.body) {
      return;
    }

    const { rows } = this.body.current;
    const row = rows[Math.min(focused.index, rows.length - 1)];
    row?.querySelector(focused.action ? `[data-action="${focused.action}"]` : 'a, button')?.focus();
  }

  componentWillUnmount() {
    if (this.body.current?.contains(document.activeElement)) {
      document.querySelector('h1')?.focus();
    }
  }

  render({ caption, columns, keyOf, ...props }) {
    const missed = this.settleRows({ keyOf, ...props });
    return html`
      <div ref=${this.frame} onMouseLeave=${() => this.forceUpdate()} onFocusOut=${() => setTimeout(() => this.forceUpdate())}>
        ${missed !== 0 && html`
          <button type="button" class="fresh" onClick=${() => this.release()}>${missed > 0 ? `${missed} new: show` : 'The list has changed: show'}</button>`}
        <table role="table">
          <caption class="hidden">${caption}</caption>
          <thead role="rowgroup">
            <tr role="row">${columns.map(column => html`<th role="columnheader" scope="col" class=${column.name}>${column.title}</th>`)}</tr>
          </thead>
          <tbody role="rowgroup" ref=${this.body}>
            ${this.shown.map(row => html`
              <tr role="row" key=${keyOf(row)}>
                ${columns.map(column => html`<td role="cell" class=${column.name} data-title=${column.title}>${column.cell(row)}</td>`)}
              </tr>`)}
          </tbody>
        </table>
      </div>`;
  }
}

const looks = {
  DELIVERED: 'good', FAILED: 'bad', ERROR: 'bad', RETRY: 'warn', ACTIVE: 'busy', PAUSED: 'warn', RUNNING: 'good', FROZEN: 'warn',
};

export const State = ({ name }) =>
  html`<span class="state ${looks[name] ?? 'plain'}">${name.replace('_', ' ').toLowerCase()}</span>`;

/** Name and value pairs; those without a value are left out. */
export const Facts = ({ facts }) => html`
  <dl>${facts.filter(([, value]) => value !== undefined && value !== null && value !== '').map(([name, value]) => html`
    <div><dt>${name}</dt><dd>${value}</dd></div>`)}
  </dl>`;

export const Headers = ({ headers }) => headers && Object.keys(headers).length > 0 && html`
  <pre tabindex="0" aria-label="Headers">${Object.entries(headers).map(([name, values]) => [].concat(values).map(value => html`
    <span class="quiet">${name}: </span><span>${value}</span>${'\n'}`))}</pre>`;

/** A body in Base64, as text; JSON indented, until it is asked for as it came. Its length in bytes, if only the beginning is here. */
export class Body extends Component {
  render({ base64, length }, { isRaw }) {
    if (!base64) {
      return html`<p class="quiet">No body</p>`;
    }

    const bytes = Math.floor(base64.replace(/=+$/, '').length * 3 / 4);
    const isCut = length > bytes;
    const text = decode(base64, isCut);
    const whole = text ?? base64;
    const indented = whole.length <= longestText && !isCut ? indent(whole) : null;
    return html`
      ${text === null && html`<p class="quiet">Not UTF-8, shown as Base64</p>`}
      <pre tabindex="0" aria-label="Body">${indented && !isRaw ? indented : whole.slice(0, longestText)}</pre>
      ${indented && indented !== whole && html`
        <p><button type="button" aria-pressed=${Boolean(isRaw)} onClick=${() => this.setState({ isRaw: !isRaw })}>As sent</button></p>`}
      ${isCut && html`<p class="quiet">The beginning of a body of ${length} bytes</p>`}
      ${!isCut && whole.length > longestText && html`<p class="quiet">The first ${longestText} characters of ${whole.length}</p>`}`;
  }
}

/** Writes a text to the clipboard, and says whether it could. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return 'Copied';
  } catch {
    return 'The browser does not allow it: select the text and copy it';
  }
}

/** A button that copies what it loads, and shows it. */
export class Copyable extends Component {
  async copy() {
    try {
      const text = await this.props.load();
      this.setState({ text, said: await copy(text) });
    } catch (error) {
      this.setState({ said: error.message });
    }
  }

  render({ title }, { text, said }) {
    return html`
      <button type="button" onClick=${() => this.copy()}>${title}</button> <span role="status" class="quiet">${said}</span>
      ${text && html`<pre tabindex="0" aria-label="Command" class="command">${text}</pre>`}`;
  }
}

/** What to do when there is nothing yet: a sentence and commands to paste. */
export class Empty extends Component {
  async copy() {
    this.setState({ copied: await copy(this.props.command) });
  }

  render({ children, command }, { copied }) {
    return html`
      <div class="empty">
        <p>${children}</p>
        ${command && html`
          <pre tabindex="0" aria-label="Command">${command}</pre>
          <p><button type="button" onClick=${() => this.copy()}>Copy</button> <span role="status" class="quiet">${copied}</span></p>`}
      </div>`;
  }
}
