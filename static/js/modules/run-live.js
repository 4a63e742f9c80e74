// A running checklist that stays on the page: whatever becomes of a request, what was done is kept and shown, and sent when
// it can be. Shows what others do; N leads to the next step.
// <div data-module="run-live" data-run="…" data-person="…" data-poll-url="…" data-sign-in="…" data-etag="…">
//   <div id="genomforande">…</div> <template data-refused>…</template></div>; without data-poll-url the run is over.
import { asker } from '../deliver.js'
import { current, isBusy, parse, swap } from '../fragment.js'
import { wrongClock } from '../device-clock.js'
import { forget, keep, newId, refuse, rewrite, waiting } from '../outbox.js'
import { draw, valueOf, wordsOf } from '../pending.js'
import { poll } from '../poll.js'
import { sender } from '../sender.js'
import { arrived } from '../started.js'
import { drop, questionBox, refusedBox } from '../unsent.js'

const TWICE = 700
const FEW = 5 // so many are sent before anybody could read that they are
const TYPED = ['text', 'orsak', 'ansvarig'] // what people write in a form of a step
const WAITS = [2000, 4000, 8000, 15000, 30000]

export default function runLive(root) {
  const { person, run } = root.dataset
  const ask = asker(person)
  const status = document.createElement('p')
  status.className = 'hidden'
  status.setAttribute('role', 'status')
  const refusals = document.createElement('div')
  refusals.className = 'wrap wide'
  refusals.setAttribute('role', 'alert')
  const clocks = document.createElement('p')
  clocks.className = 'wrap waiting'
  clocks.hidden = true
  root.prepend(status, clocks, refusals)
  const say = (words) => { if (words) status.textContent = words }

  let server = current().outerHTML // what the server sent last, without what is drawn on it
  let place = 'sparat här'
  let isSignedOut = false
  let isLost = false
  let gone = '' // why the page is not ours any longer
  let tries = 0
  let timer
  let made = 0
  const pressed = new Map()

  const outbox = sender({ person, ours: (change) => change.run === run, token: () => token(), settled: settle })

  root.addEventListener('submit', (event) => {
    const form = event.target
    if (form.method !== 'post') return
    event.preventDefault()
    const button = event.submitter
    if (event.timeStamp - (pressed.get(form.action + form.id) ?? -TWICE) < TWICE) return
    pressed.set(form.action + form.id, event.timeStamp)
    const fields = [...new FormData(form)].filter(([name]) => !['csrf_token', 'client_id'].includes(name))
    if (button?.name) fields.push([button.name, button.value])
    button?.setAttribute('data-sending', 'ja')
    made += 1
    const about = stepOf(form)
    take({ id: newId(), person, run, title: root.dataset.title, about, url: form.action, fields, at: new Date().toISOString() }, form)
  })

  function stepOf(form) {
    const step = form.closest('.step')
    return step ? `steg ${step.dataset.number} (${step.querySelector('.step__text').textContent})` : ''
  }

  async function take(change, form) {
    if (!await keep(change)) place = 'inte skickat'
    form.reset()
    form.closest('.sheet')?.hidePopover()
    say(await show())
    send()
  }

  // The page as the server sent it, with what waits drawn on it. Returns what is new, in words.
  async function show() {
    const all = await waiting(person, run)
    const unsent = all.filter((change) => !change.refused)
    const fresh = parse(server)
    if (!fresh) return ''
    draw(fresh, unsent, place)
    mark(fresh, unsent.length)
    const said = swap(fresh)
    showRefused(all.filter((change) => change.refused), unsent.filter((change) => change.question))
    return said
  }

  function mark(fragment, count) {
    const head = fragment.querySelector('.run-head')
    const changes = count === 1 ? '1 ändring väntar' : `${count} ändringar väntar`
    head.classList.toggle('run-head--offline', isLost || isSignedOut || gone !== '' || count > FEW)
    const words = gone || (isSignedOut ? 'Utloggad' : isLost ? 'Inget nät' : 'Skickar')
    const bar = head.querySelector('.run-head__words')
    bar.textContent = count ? `${words}, ${changes}` : words
    if (isSignedOut && !gone) bar.append('. ', signInLink())
  }

  function signInLink() {
    const link = document.createElement('a')
    link.href = root.dataset.signIn
    link.textContent = 'Logga in'
    return link
  }

  function send() {
    clearTimeout(timer)
    return outbox.send()
  }

  // What became of a change; whether the next one is to be sent.
  async function settle(change, answer, left) {
    if (answer.kind === 'sign-in') return signedOut()
    if (answer.kind === 'later') return later()
    online()
    if (answer.kind === 'question') return askWhich(change, answer.runs)
    if (answer.kind === 'taken' && change.start) return go(await arrived(change, answer.run))
    if (answer.kind === 'refused') {
      await refuse(change, answer.words)
      say(`Ändringen sparades inte. ${answer.words}`)
    } else {
      await forget(change)
      server = answer.fresh.outerHTML
    }
    if (left > 0) mark(current(), left)
    else say(await show() || (answer.kind === 'taken' ? 'Sparat' : ''))
    return true
  }

  // The unit follows the same checklist already: nothing is sent until people have chosen.
  async function askWhich(change, runs) {
    await rewrite([{ ...change, question: runs }])
    say(await show())
    return false
  }

  function go(address) {
    location.replace(address)
    return false
  }

  const showQuestion = (change) => questionBox(root, change, { joined: go, both: () => show().then(send) })

  async function later() {
    isLost = true
    timer = setTimeout(send, WAITS[Math.min(tries, WAITS.length - 1)])
    tries += 1
    await remark()
    return false
  }

  async function signedOut() {
    isSignedOut = true
    await remark()
    return false
  }

  function online() {
    isLost = isSignedOut = false
    tries = 0
  }

  async function remark() {
    mark(current(), (await outbox.list()).length)
    say(current().querySelector('.run-head__words').textContent)
  }

  const token = () => document.querySelector('[name=csrf_token][value]:not([value=""])')?.value ?? ''

  function showRefused(changes, asked = []) {
    refusals.replaceChildren(...asked.map(showQuestion), ...changes.map((change) => {
      const box = refusedBox(root, change, wordsOf(change, current()))
      const again = box.querySelector('[data-again]')
      again.hidden = !formOf(change)
      again.addEventListener('click', async () => { if (reopen(change)) await remove(change) })
      box.querySelector('[data-drop]').addEventListener('click', () => remove(change))
      return box
    }))
  }

  async function remove(change) {
    await drop(change)
    showRefused((await waiting(person, run)).filter((other) => other.refused))
  }

  // The form that a refused text came from, in its step's sheet.
  function formOf(change) {
    const name = TYPED.find((field) => valueOf(change, field))
    if (!name) return null
    return [...current().querySelectorAll('form')].find((form) => form.action === change.url && form.elements[name])
  }

  function reopen(change) {
    const form = formOf(change)
    if (!form) return false
    const field = TYPED.map((name) => form.elements[name]).find(Boolean)
    form.closest('.sheet')?.showPopover()
    form.closest('details')?.setAttribute('open', '')
    field.value = valueOf(change, field.name)
    field.focus()
    return true
  }

  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest('input, textarea, select, .sheet, [contenteditable]')
    if (typing || event.key.toLowerCase() !== 'n' || event.ctrlKey || event.metaKey || event.altKey) return
    const next = root.querySelector('.step--next .tick')
    next?.focus()
    next?.scrollIntoView({ block: 'center' })
  })

  if (root.dataset.pollUrl) poll(root.dataset.pollUrl, {
    etag: root.dataset.etag,
    ask,
    heard: (date) => {
      const words = wrongClock(date)
      if (words && clocks.hidden) say(words)
      clocks.textContent = words
      clocks.hidden = !words
    },
    ready: () => !outbox.isSending() && !isBusy(current()),
    take: async (response) => {
      const before = made
      const fresh = parse(await response.text())
      if (!fresh || outbox.isSending() || made !== before || isBusy(current())) return false
      server = fresh.outerHTML
      say(await show())
      return true
    },
    lost: (yes) => {
      if (yes === isLost && !isSignedOut) return
      isLost = yes
      if (!yes) isSignedOut = false
      remark()
      if (!yes) send()
    },
    ended: (said) => {
      if (said.reason !== 'sign-in') gone = said.message
      else isSignedOut = true
      remark()
      return gone !== ''
    },
  })
  window.addEventListener('offline', () => { isLost = true; remark() })
  window.addEventListener('online', send)
  document.addEventListener('visibilitychange', () => { if (!document.hidden) send() })

  waiting(person, run).then((changes) => { if (changes.length) show().then(send) })
}
