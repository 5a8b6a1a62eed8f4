import { Component, html } from './html.js';

/** What is typed goes into the address when there is a pause; a list that is loaded for each letter is always late. */
export class Field extends Component {
  state = { text: this.props.value ?? '' };

  componentDidUpdate({ value }) {
    if (value !== this.props.value && (this.props.value ?? '') !== this.sent) {
      this.setState({ text: this.props.value ?? '' });
    }
  }

  componentWillUnmount() {
    clearTimeout(this.timer);
  }

  type(text) {
    this.setState({ text });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.sent = text.trim();
      this.props.change(this.sent);
    }, 200);
  }

  render({ title, type = 'text', hint }, { text }) {
    return html`
      <label>${title} <input type=${type} placeholder=${hint} value=${text} onInput=${event => this.type(event.target.value)} /></label>`;
  }
}

/** The filters in the address that have no field: what a link from elsewhere chose. */
export const Chips = ({ query, names, change }) => Object.entries(names).filter(([name]) => query[name]).map(([name, title]) => html`
  <button type="button" class="chip" key=${name} aria-label="Remove the filter ${title} ${query[name]}" onClick=${() => change({ [name]: '' })}>
    <span>${title} ${query[name]}</span> ×</button>`);
