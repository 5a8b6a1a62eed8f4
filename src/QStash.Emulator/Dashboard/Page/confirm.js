import { Component, createRef, html } from './html.js';

/** Asks before something is deleted or sent. The browser keeps the focus inside, closes on Escape and puts the focus back. */
export class Confirm extends Component {
  dialog = createRef();

  componentDidUpdate(previous) {
    if (this.props.question && this.props.question !== previous.question) {
      this.dialog.current.showModal();
    }
  }

  /** The browser tells of a closed dialog later, when the next question may be open already. */
  closed() {
    if (!this.dialog.current.open) {
      this.props.close();
    }
  }

  confirm() {
    const { action } = this.props.question;
    this.dialog.current.close();
    action();
  }

  render({ question }) {
    return html`
      <dialog ref=${this.dialog} onClose=${() => this.closed()} aria-labelledby="question">
        <p id="question">${question?.text}</p>
        <p class="actions">
          <button type="button" onClick=${() => this.dialog.current.close()}>${question?.keep ?? 'Keep'}</button>
          <button type="button" class=${question?.keep ? '' : 'danger'} onClick=${() => this.confirm()}>${question?.button}</button>
        </p>
      </dialog>`;
  }
}
