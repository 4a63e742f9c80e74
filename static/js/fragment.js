// Swaps a running checklist (#genomforande) for what the server sends, without losing focus, typed words or the place.
import { mount } from './mount.js'

// An open sheet, or a finger on a button.
const IN_USE = CSS.supports('selector(:popover-open)') ? ':popover-open, :active' : ':active'

export const current = () => document.getElementById('genomforande')

export function parse(html) {
  return new DOMParser().parseFromString(html, 'text/html').getElementById('genomforande')
}

// True while a sheet is open, a button is pressed or something is typed that is not sent.
export function isBusy(fragment) {
  return fragment.querySelector(IN_USE) !== null || drafts(fragment).length > 0
}

// Puts `fresh` in place and returns what has changed, in words for a status line.
export function swap(fresh) {
  const old = current()
  const said = news(old, fresh)
  const focused = focusedId(old)
  const place = window.scrollY
  const beside = old.querySelector('.run__side')?.scrollTop
  for (const field of drafts(old)) {
    const same = fresh.querySelector(`#${CSS.escape(field.id)}`)
    if (same) same.value = field.value
  }
  for (const choice of old.querySelectorAll('select')) {
    const same = fresh.querySelector(`#${CSS.escape(choice.id)}`)
    if (same) same.value = choice.value
  }
  old.replaceWith(fresh)
  if (fresh.dataset.title) document.title = fresh.dataset.title
  mount(fresh)
  window.scrollTo({ top: place, behavior: 'instant' })
  if (beside) fresh.querySelector('.run__side').scrollTop = beside
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true })
  return said
}

function drafts(fragment) {
  return [...fragment.querySelectorAll('textarea, input:not([type="hidden"])')].filter((field) => field.value !== field.defaultValue)
}

function news(old, fresh) {
  const before = new Map([...old.querySelectorAll('[data-announce]')].map((step) => [step.id, step.dataset.announce]))
  return [...fresh.querySelectorAll('[data-announce]')]
    .filter((step) => before.get(step.id) !== step.dataset.announce)
    .map((step) => step.dataset.announce)
    .join('. ')
}

// A sheet is closed after the swap: the focus goes back to the button that opened it.
function focusedId(fragment) {
  const active = document.activeElement
  if (!fragment.contains(active)) return null
  if (active.id && !active.closest('.sheet')) return active.id
  return active.closest('.step')?.querySelector('.step__more')?.id
}
