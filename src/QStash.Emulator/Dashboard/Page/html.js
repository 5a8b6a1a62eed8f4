// Markup in template strings, without a build step. Whatever is put into it is inserted as text.
import { h } from './vendor/preact.mjs';
import htm from './vendor/htm.mjs';

export { Component, createRef, render } from './vendor/preact.mjs';
export const html = htm.bind(h);
