// One step at a time on the page of a run, for two where one reads aloud and the other confirms. On the list of steps:
// <div class="run" data-module="one-step"> with a link to the page that shows one step, where the run is going on. What is
// chosen stays over the swaps of the page; arrows lead to the step before and after, N to the next that is not done,
// Escape back to the list.
const FIELDS = 'input, textarea, select, .sheet, [contenteditable]'
let listening = false
let focused = ''

const root = () => document.querySelector('[data-run]')
const steps = () => [...document.querySelectorAll('#genomforande .step')]
const place = () => steps().findIndex((step) => step.id === root().dataset.one)
const next = () => document.querySelector('#genomforande .step--next')

export default function oneStep(run) {
  const link = run.querySelector('.run__one a')
  link?.addEventListener('click', (event) => {
    event.preventDefault()
    show((next() ?? steps()[0]).id, true)
  })
  document.querySelector('.run-head__next')?.addEventListener('click', (event) => {
    if (root().dataset.one) show(event.currentTarget.hash.slice(1), true)
  })
  if (!listening) listen()
}

// The page was swapped: the step stays, unless the run is over; then everything is shown.
function swapped() {
  if (!root().dataset.one || document.querySelector('#genomforande .step--now')) return
  if (!document.querySelector('.run__one a')) return list()
  show(root().dataset.one, false)
  if (document.activeElement === document.body && focused.startsWith('ett-')) {
    document.getElementById(focused)?.focus({ preventScroll: true })
  }
}

function listen() {
  listening = true
  // Before anything is painted, which the import of a module is not.
  new MutationObserver(swapped).observe(root(), { childList: true })
  document.addEventListener('keydown', key)
  document.addEventListener('focusin', (event) => { focused = event.target.id })
}

function show(id, isNew) {
  root().dataset.one = id
  const step = document.getElementById(id)
  if (!step) return list()
  for (const other of steps()) other.classList.toggle('step--now', other === step)
  for (const section of document.querySelectorAll('.run > section')) section.classList.toggle('run__now', section.contains(step))
  const pause = step.closest('section').nextElementSibling
  const isLast = step === [...step.closest('section').querySelectorAll('.step')].at(-1)
  for (const other of document.querySelectorAll('.run > .pause')) other.classList.toggle('run__now', isLast && other === pause)
  document.querySelector('.one-step')?.remove()
  step.closest('section').after(bar())
  if (isNew) {
    step.querySelector('.tick').focus({ preventScroll: true })
    window.scrollTo({ top: 0, behavior: 'instant' })
  }
}

function bar() {
  const nav = document.createElement('nav')
  nav.className = 'one-step buttons'
  nav.setAttribute('aria-label', 'Steg')
  const said = document.createElement('p')
  said.className = 'meta'
  said.textContent = `Steg ${place() + 1} av ${steps().length}`
  const row = [['ett-fore', 'Föregående', -1], ['ett-efter', 'Nästa', 1]].map(([id, words, by]) => {
    const button = make(id, words, () => go(by))
    button.disabled = !steps()[place() + by]
    return button
  })
  nav.append(said, ...row, make('ett-alla', 'Visa alla steg', list))
  return nav
}

function make(id, words, action) {
  const button = document.createElement('button')
  button.type = 'button'
  button.id = id
  button.className = id === 'ett-efter' ? 'button' : 'button button--quiet'
  button.textContent = words
  button.addEventListener('click', action)
  return button
}

function go(by) {
  const step = steps()[place() + by]
  if (step) show(step.id, true)
}

function list() {
  const id = root().dataset.one
  const hadFocus = document.querySelector('.one-step')?.contains(document.activeElement)
  delete root().dataset.one
  document.querySelector('.one-step')?.remove()
  document.querySelectorAll('.run__now, .step--now').forEach((part) => part.classList.remove('run__now', 'step--now'))
  const step = document.getElementById(id)
  step?.scrollIntoView({ block: 'center' })
  if (hadFocus) step?.querySelector('.tick').focus({ preventScroll: true })
}

function key(event) {
  if (!root()?.dataset.one || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(FIELDS)) return
  const onward = () => { if (next()) show(next().id, true) }
  const action = { ArrowRight: () => go(1), ArrowLeft: () => go(-1), Escape: list, n: onward, N: onward }[event.key]
  if (!action) return
  event.preventDefault()
  action()
}
